"""The student's page: one comes in, is found again, measures, predicts, and is told what the network did."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.accessibility import PHONE, SCHEMES, SIZES, overflow, violations
from tests.support.chat_page import TECHNIQUES
from tests.support.in_class import as_teacher_now, fresh_name
from tests.support.server import ClassServer, Server
from tests.support.visits import SERVER_AWAY, Visits

SOON_MS = 30_000
REFUSED = re.compile("Failed to load resource")
"""Chromium writes down every status from 400 on."""
TROUBLE = re.compile(rf"{SERVER_AWAY.pattern}|Failed to load resource|Failed to execute 'postMessage'")
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


class Phone:
    """The page /join, in the words of a test."""

    def __init__(self, server: Server, person: BrowserContext, query: str = "") -> None:
        self.page: Page = person.new_page()
        self.page.goto(f"{server.base}/join{query}")
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true", timeout=SOON_MS)

    def hook(self, testid: str) -> Locator:
        """Return what has this data-testid."""
        return self.page.get_by_test_id(testid)

    def ask(self, name: str) -> None:
        """Give a nickname."""
        self.hook("nickname").fill(name)
        self.hook("join").click()

    def join(self, name: str | None = None) -> str:
        """Come in, and return the name."""
        name = name or fresh_name()
        self.ask(name)
        expect(self.hook("seat-name")).to_have_text(name, timeout=SOON_MS)
        return name

    def says(self, testid: str, words: str | re.Pattern[str]) -> None:
        """Wait until this is said there."""
        expect(self.hook(testid)).to_contain_text(words, timeout=SOON_MS)

    def receives(self) -> None:
        """Wait for a message by the technique."""
        expect(self.hook("own-received")).not_to_have_text("0", timeout=SOON_MS)


@pytest.fixture
def own_class() -> Iterator[ClassServer]:
    """A class for one test, which changes what belongs to all of it."""
    with ClassServer("memory", "--title", "Push", "--sender-rate", "0") as server:
        yield server


def teach(server: ClassServer, method: str, path: str, **body: Any) -> Any:
    """Command the class as its teacher does."""
    return as_teacher_now(server, method, f"/api/class{path}", json=body or None)


def seat_of(server: ClassServer, name: str) -> dict[str, Any]:
    """Return a seat as the teacher sees it."""
    seats = as_teacher_now(server, "GET", "/api/class/teacher")["seats"]
    return next(dict(seat) for seat in seats if seat["name"] == name)


def test_a_student_comes_in_and_a_reload_finds_the_seat(visits: Visits, class_server: ClassServer) -> None:
    phone = Phone(class_server, visits.person(viewport=PHONE))
    expect(phone.page.get_by_role("heading", name="Push")).to_be_visible()
    name = phone.join()
    expect(phone.hook("frame")).to_be_in_viewport(ratio=0.99)
    phone.page.reload()
    phone.says("seat-name", name)
    phone.says("seat-group", re.compile("Group [A-H]"))
    assert overflow(phone.page) == []
    phone.hook("leave").click()
    phone.hook("leave").click()
    phone.says("door-note", "You have left")


def test_no_class_is_on_at_a_server_without_one(visits: Visits, server: Server) -> None:
    phone = Phone(server, visits.person(allowed=REFUSED), "?lang=zh")
    phone.says("word", "这里没有课")


@pytest.mark.long
def test_a_name_that_cannot_be_had_is_refused_in_the_pages_language(visits: Visits, own_class: ClassServer) -> None:
    first = Phone(own_class, visits.person())
    first.join("Li Na")
    second = Phone(own_class, visits.person(allowed=REFUSED))
    second.ask("LI NA")
    second.says("door-note", "is somebody else's already")
    second.ask("Teacher")
    second.says("door-note", "cannot be a nickname here")
    teach(own_class, "DELETE", f"/seats/{seat_of(own_class, 'Li Na')['id']}")
    first.says("door-note", "The teacher has taken your name off the class.")
    second.ask("Li Na")
    second.says("door-note", "was removed by the teacher")
    chinese = Phone(own_class, visits.person(allowed=REFUSED, locale="zh-CN"))
    chinese.ask("li na")
    chinese.says("door-note", "被老师移除了")
    teach(own_class, "POST", "/end")
    chinese.ask("王小明")
    chinese.says("word", "课已结束")


@pytest.mark.long
def test_what_is_said_reaches_all_and_automatic_messages_are_counted_only(
    visits: Visits, own_class: ClassServer
) -> None:
    phones = [Phone(own_class, visits.person(viewport=PHONE)) for _ in TECHNIQUES]
    names = [phone.join() for phone in phones]
    assert {seat_of(own_class, name)["technique"] for name in names} == set(TECHNIQUES)
    teach(own_class, "PATCH", "", rate=5)
    for name, phone in zip(names, phones, strict=True):
        phone.hook("compose-text").fill(f"hello from {name}")
        phone.hook("compose-send").click()
    for phone in phones:
        for name in names:
            expect(phone.page.locator(".message", has_text=f"hello from {name}")).to_have_count(1, timeout=SOON_MS)
        phone.says("automatic", "automatic messages, not shown")
        expect(phone.page.locator(".message", has_text="tick")).to_have_count(0)
        expect(phone.hook("own-lost")).to_have_text("0")
        expect(phone.hook("own-doubled")).to_have_text("0")
    said = phones[0].page.locator(".message", has_text=f"hello from {names[1]}")
    hidden = str(said.get_attribute("data-id"))
    teach(own_class, "DELETE", f"/messages/{hidden}")
    for phone in phones:
        expect(phone.page.locator(f".message[data-id='{hidden}']")).to_have_count(0, timeout=SOON_MS)
    teach(own_class, "PATCH", f"/seats/{seat_of(own_class, names[0])['id']}", muted=True)
    expect(phones[0].hook("muted")).to_be_visible(timeout=SOON_MS)
    expect(phones[0].hook("compose-text")).to_be_hidden()
    teach(own_class, "POST", "/clear")
    for phone in phones:
        expect(phone.page.locator(".message")).to_have_count(0, timeout=SOON_MS)


@pytest.mark.long
def test_the_server_is_told_what_a_phone_measures_and_nothing_while_it_is_hidden(
    visits: Visits, own_class: ClassServer
) -> None:
    phone = Phone(own_class, visits.person())
    name = phone.join()
    teach(own_class, "PATCH", "/groups/all", technique="websocket")
    teach(own_class, "PATCH", "", rate=10)
    phone.says("seat-technique", "WebSocket")
    expect(phone.hook("own-delay")).to_contain_text("ms", timeout=SOON_MS)
    phone.says("own-error", "±")
    _until(phone.page, lambda: (seat_of(own_class, name)["report"] or {}).get("received", 0) > 5)
    report = seat_of(own_class, name)["report"]
    assert (report["technique"], report["state"], report["lost"]) == ("websocket", "open", 0)
    assert seat_of(own_class, name)["median"] < 1_000
    phone.page.evaluate(HIDE, True)
    _until(phone.page, lambda: seat_of(own_class, name)["report"]["left_out"] > 5)
    assert seat_of(own_class, name)["report"]["hidden"] is True
    phone.page.evaluate(HIDE, False)
    expect(phone.page.get_by_text("left out: this page was hidden")).to_be_visible()
    teach(own_class, "PATCH", "", rate=0)
    teach(own_class, "POST", "/zero")
    expect(phone.hook("own-received")).to_have_text(re.compile("^[0-3]$"), timeout=SOON_MS)


def _until(page: Page, fact: Any) -> None:
    """Wait for a fact that the server knows."""
    for _ in range(200):
        if fact():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not become true")


@pytest.mark.long
def test_a_cut_is_noticed_and_a_vanished_network_is_tried_until_it_is_back(
    visits: Visits, own_class: ClassServer
) -> None:
    phone = Phone(own_class, visits.person(allowed=TROUBLE))
    phone.join()
    teach(own_class, "PATCH", "/groups/all", technique="websocket")
    teach(own_class, "PATCH", "", rate=5)
    phone.receives()
    teach(own_class, "POST", "/groups/all/faults", fault="cut")
    phone.says("own-fault", re.compile(r"cut.*Noticed after .*Back after .*Nothing is lost\.$"))
    teach(own_class, "POST", "/groups/all/faults", fault="vanish")
    phone.says("own-fault", "has not noticed")
    phone.page.reload()
    expect(phone.hook("unreachable")).to_be_visible(timeout=SOON_MS)
    teach(own_class, "POST", "/groups/all/faults", fault="come_back")
    phone.receives()
    expect(phone.hook("unreachable")).to_be_hidden()


@pytest.mark.long
def test_a_prediction_is_given_marked_and_may_be_changed_before_the_run(visits: Visits, own_class: ClassServer) -> None:
    phone = Phone(own_class, visits.person(viewport=PHONE))
    name = phone.join()
    teach(own_class, "POST", "/experiment", name="waste", phase="asked")
    for value in ("10", "60"):
        phone.hook("prediction").fill(value)
        phone.hook("predict").click()
        phone.says("prediction-note", "Kept")
    teach(own_class, "POST", "/experiment", name="waste", phase="running")
    expect(phone.page.locator(".countdown")).to_contain_text(re.compile(r"\d"), timeout=SOON_MS)
    phone.says("experiment", "Your prediction: 60 %")
    teach(own_class, "POST", "/experiment", name="waste", phase="explained")
    expect(phone.hook("mark")).to_be_visible(timeout=SOON_MS)
    phone.says("experiment", re.compile("Theory.*60.7 %"))
    expect(phone.page.locator("tr[aria-current]")).to_contain_text(f"{seat_of(own_class, name)['group']}, yours")
    assert overflow(phone.page) == []
    teach(own_class, "DELETE", "/experiment")
    expect(phone.hook("experiment")).to_have_count(0, timeout=SOON_MS)


@pytest.mark.long
def test_students_choose_where_the_teacher_lets_them(visits: Visits, own_class: ClassServer) -> None:
    phone = Phone(own_class, visits.person(viewport=PHONE))
    name = phone.join()
    teach(own_class, "PATCH", "/groups/all", technique=None)
    teach(own_class, "PATCH", "", rate=5)
    phone.hook("choose-socket-io").click()
    phone.says("seat-technique", "Socket.IO")
    phone.receives()
    assert seat_of(own_class, name)["technique"] == "socket-io"
    assert overflow(phone.page) == []


@pytest.mark.long
def test_the_frame_speaks_the_language_that_was_chosen(visits: Visits, own_class: ClassServer) -> None:
    phone = Phone(own_class, visits.person(viewport=PHONE), "?lang=zh")
    phone.join()
    said = phone.page.frame_locator("iframe").get_by_test_id("said")
    expect(said).to_have_attribute("data-word", "已打开", timeout=SOON_MS)
    teach(own_class, "PATCH", "/groups/all", technique="websocket")
    expect(said).to_have_text(re.compile("[\u4e00-\u9fff]"), timeout=SOON_MS)


@pytest.mark.long
def test_a_phone_writes_by_itself_as_often_as_its_group_is_told(visits: Visits, own_class: ClassServer) -> None:
    phones = [Phone(own_class, visits.person()) for _ in range(2)]
    for phone in phones:
        phone.join()
    teach(own_class, "PATCH", "/groups/all", technique="sse", posts_per_minute=60)
    for phone in phones:
        phone.says("automatic", re.compile(r"^[2-9]\d? automatic messages"))
        expect(phone.page.locator(".message")).to_have_count(0)


@pytest.mark.long
def test_a_class_that_begins_anew_is_said_to(visits: Visits) -> None:
    with ClassServer("memory") as server:
        port = server.port
        phone = Phone(server, visits.person(allowed=TROUBLE))
        phone.join()
    expect(phone.hook("link")).to_be_visible(timeout=SOON_MS)
    with ClassServer("memory", "--port", str(port)):
        phone.says("door-note", "The class has begun anew.")


@pytest.mark.long
def test_everybody_can_use_the_students_page(visits: Visits, own_class: ClassServer) -> None:
    phone = Phone(own_class, visits.person(viewport=PHONE, allowed=TROUBLE))
    assert violations(phone.page) == []
    phone.join()
    teach(own_class, "PATCH", "/groups/all", technique=None)
    teach(own_class, "POST", "/messages", text="Good morning " + "x" * 300)
    expect(phone.hook("choose-sse")).to_be_visible(timeout=SOON_MS)
    for scheme in SCHEMES:
        phone.page.emulate_media(color_scheme=scheme)
        assert violations(phone.page) == [], scheme
    phone.hook("choose-sse").click()
    teach(own_class, "POST", "/experiment", name="gap", phase="explained")
    expect(phone.hook("mark")).to_be_visible(timeout=SOON_MS)
    for scheme in SCHEMES:
        phone.page.emulate_media(color_scheme=scheme)
        assert violations(phone.page) == [], scheme
    for size in SIZES:
        phone.page.set_viewport_size(size)
        assert overflow(phone.page) == [], size
    phone.page.set_viewport_size(PHONE)
    small = phone.page.evaluate(
        "() => [...document.querySelectorAll('button, input, textarea')].filter((each) => each.offsetHeight > 0"
        " && each.offsetHeight < 44).map((each) => each.outerHTML)"
    )
    assert small == []
