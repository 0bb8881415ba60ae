"""The projector of a class with people in it: their figures are theirs, and a crowd and long words find room."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Self

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from websockets.sync.client import ClientConnection, connect

from tests.support.in_class import COOKIE, as_teacher_now
from tests.support.server import ClassServer
from tests.support.visits import Visits

WIDE: ViewportSize = {"width": 1920, "height": 1080}
WINDOWS: tuple[ViewportSize, ...] = (
    WIDE,
    {"width": 1280, "height": 720},
    {"width": 1024, "height": 768},
    {"width": 3840, "height": 2160},
)
TITLE = "Server push: which technique costs what, and why, on our own Wi-Fi"
NAMES = ("Li Na", "王小明的好朋友", "Maximiliana von Habsburg", "Αλέξανδρος", "محمد", "Wolfeschlegelsteinhausen", "Ng")
STICKING_OUT = """() => {
  const floor = document.querySelector(".view").getBoundingClientRect();
  const all = [...document.querySelectorAll(".view *, #foot *")];
  return all.filter((it) => {
    if (it.closest(".offscreen") || (it.tagName !== "svg" && it.tagName !== "text" && it.closest("svg"))) return false;
    const { left, right, top, bottom, width } = it.getBoundingClientRect();
    const lowest = it.closest("#foot") ? innerHeight : floor.bottom;
    return width > 0 && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > lowest + 2);
  }).map((it) => `${it.tagName}.${it.getAttribute("class")} ${it.textContent.slice(0, 40)}`);
}"""
OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll(".people-group li bdi")].map((it) => it.getBoundingClientRect());
  const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  return boxes.filter((one, index) => boxes.slice(index + 1).some((other) => meet(one, other))).length;
}"""


class Phone:
    """A student's page without a browser: it reports what it is told to."""

    def __init__(self, server: ClassServer, name: str) -> None:
        joined = httpx.post(f"{server.base}/api/class/seats", json={"name": name}).raise_for_status()
        self.cookie = f"{COOKIE}={joined.cookies[COOKIE]}"
        self.group = joined.json()["group"]
        self.technique = joined.json()["technique"]
        self.server = server

    def __enter__(self) -> Self:
        address = f"{self.server.base.replace('http', 'ws', 1)}/api/class/live"
        self.socket: ClientConnection = connect(
            address, additional_headers={"Cookie": self.cookie}, proxy=None, max_size=None
        ).__enter__()
        self.socket.send(json.dumps({"role": "student"}))
        self.state = self.read()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def read(self) -> dict[str, Any]:
        """Return the next state."""
        state: dict[str, Any] = json.loads(self.socket.recv(timeout=10))["state"]
        return state

    def report(self, **values: Any) -> None:
        """Report, in the stretch that it knows of."""
        usual = {"stretch": self.state["stretch"], "technique": self.technique, "state": "open"}
        self.socket.send(json.dumps({"report": usual | values}))


@pytest.fixture
def own_server() -> Iterator[ClassServer]:
    with ClassServer("memory", "--title", TITLE, "--sender-rate", "0") as server:
        yield server


def open_projector(visits: Visits, server: ClassServer, **options: Any) -> Page:
    """Open it, and wait until it shows something."""
    page = visits.person(viewport=WIDE, **options).new_page()
    page.goto(f"{server.base}/class/projector")
    expect(page.locator(".view")).to_be_visible()
    return page


def command(server: ClassServer, method: str, path: str, **content: Any) -> None:
    as_teacher_now(server, method, f"/api/class{path}", json=content or None)


def show(page: Page, server: ClassServer, view: str) -> None:
    """Have the teacher choose what to show, and wait until it is there."""
    command(server, "POST", "/projector", shows=view)
    expect(page.get_by_test_id(f"view-{view}")).to_be_visible()


def resize(page: Page, window: ViewportSize) -> None:
    """Make the window so big, and let the page see that: observers of sizes run as it is drawn."""
    page.set_viewport_size(window)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def size_of(page: Page) -> float:
    """Return how big the type of the view is, in rem."""
    return float(page.locator(".view").evaluate("(it) => it.style.getPropertyValue('--size')"))


@pytest.mark.long
def test_the_figures_are_what_the_phones_reported(visits: Visits, own_server: ClassServer) -> None:
    page = open_projector(visits, own_server)
    with ExitStack() as stack:
        phones = [stack.enter_context(Phone(own_server, f"Li {number}")) for number in range(5)]
        sse = next(phone for phone in phones if phone.technique == "sse")
        sse.report(delays=[10, 20, 30, 40, 90], received=5, clock={"offset_ms": 0, "error_ms": 1})
        show(page, own_server, "delays")
        row = page.locator("[data-row=sse]")
        expect(row.locator("[data-figure=median]")).to_have_text("30.0 ms")
        expect(row.locator("[data-figure=p95]")).to_have_text("90.0 ms")
        expect(row.locator("[data-figure=samples]")).to_have_text("5")
        expect(page.locator("[data-row=websocket] [data-figure=median]")).to_have_text("n/a")


@pytest.mark.long
def test_a_fault_of_one_group_names_it_and_says_who_is_not_back(visits: Visits, own_server: ClassServer) -> None:
    page = open_projector(visits, own_server)
    with ExitStack() as stack:
        phones = [stack.enter_context(Phone(own_server, f"Li {number}")) for number in range(10)]
        show(page, own_server, "faults")
        expect(page.locator("h1")).to_have_text("Nothing is broken")
        command(own_server, "POST", "/groups/D/faults", fault="cut")
        expect(page.locator("h1")).to_have_text("Group D: Every connection was cut.")
        expect(page.get_by_test_id("lost")).to_have_text("The phones have not said anything yet.")
        first, second = (phone for phone in phones if phone.group == "D")
        first.report(fault={"number": 1, "noticed_ms": 12, "back_ms": 900, "late": 3, "lost": 0})
        expect(page.get_by_test_id("lost")).to_have_text("Nothing is lost so far.")
        expect(page.get_by_test_id("pending")).to_contain_text("1 phone is not back yet")
        second.report(fault={"number": 1, "noticed_ms": 14, "back_ms": 950, "late": 0, "lost": 2})
        expect(page.get_by_test_id("lost")).to_have_text("2 messages are lost.")
        expect(page.get_by_test_id("pending")).to_be_empty()


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_hundred_long_names_in_eight_groups_find_room_and_the_rest_is_counted(
    visits: Visits, own_server: ClassServer, locale: str
) -> None:
    command(own_server, "POST", "/division", groups=8)
    for number in range(100):
        name = f"{NAMES[number % len(NAMES)][:20]} {number}"
        httpx.post(f"{own_server.base}/api/class/seats", json={"name": name}).raise_for_status()
    for number, group in enumerate("ABCDEFGH"):
        network = {"delay_ms": 10 + 5 * number, "strip_upgrade": number % 2 == 0, "buffer_bytes": 16_384}
        command(own_server, "PATCH", f"/groups/{group}", network=network)
    page = open_projector(visits, own_server, locale=locale)
    for window in WINDOWS:
        resize(page, window)
        for view in ("address", "people", "chat", "nothing"):
            show(page, own_server, view)
            expect(page.locator("#foot")).to_contain_text("8 ")
            assert page.evaluate(STICKING_OUT) == [], (view, window)
            assert page.evaluate(OVERLAPPING) == 0, (view, window)
    show(page, own_server, "people")
    counted = page.locator(".people-group").evaluate_all(
        """(all) => all.reduce((sum, it) => sum + it.querySelectorAll("li:not(.rest)").length
            + Number(it.querySelector(".rest")?.textContent.match(/\\d+/)[0] ?? 0), 0)"""
    )
    assert counted == 100


@pytest.mark.long
def test_few_people_stand_in_bigger_type_than_many(visits: Visits, own_server: ClassServer) -> None:
    page = open_projector(visits, own_server)
    show(page, own_server, "people")
    httpx.post(f"{own_server.base}/api/class/seats", json={"name": "Li Na"}).raise_for_status()
    expect(page.locator(".people-group li")).to_have_count(1)
    few = size_of(page)
    for number in range(40):
        httpx.post(f"{own_server.base}/api/class/seats", json={"name": f"Li Na {number}"}).raise_for_status()
    expect(page.locator(".people-group li")).to_have_count(41)
    assert size_of(page) < few
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_each_experiment_finds_room_in_each_phase(visits: Visits, own_server: ClassServer, locale: str) -> None:
    page = open_projector(visits, own_server, locale=locale)
    show(page, own_server, "experiment")
    with ExitStack() as stack:
        phones = [stack.enter_context(Phone(own_server, f"Li {number}")) for number in range(5)]
        for name in ("waste", "gap", "weight", "cut", "proxies"):
            heading = page.locator("h1").inner_text()
            for phase in ("asked", "running", "explained"):
                command(own_server, "POST", "/experiment", name=name, phase=phase)
                expect(page.locator("h1")).not_to_have_text(heading)
                expect(page.get_by_test_id("results")).to_be_visible(visible=phase != "asked")
                expect(page.get_by_test_id("experiment-why")).to_be_visible(visible=phase == "explained")
                for window in WINDOWS[:3]:
                    resize(page, window)
                    assert page.evaluate(STICKING_OUT) == [], (name, phase, window)
        expect(page.locator("[data-row=D]")).to_contain_text("nothing came" if locale == "en-GB" else "什么都没收到")
        assert len(phones) == 5


@pytest.mark.long
def test_when_the_class_has_ended_that_is_said_big_above_the_last_picture(
    visits: Visits, own_server: ClassServer
) -> None:
    page = open_projector(visits, own_server)
    with Phone(own_server, "Li Na") as phone:
        phone.report(delays=[100, 200, 300], received=3, clock={"offset_ms": 0, "error_ms": 1})
        show(page, own_server, "delays")
        median = page.locator("[data-row=short-poll] [data-figure=median]")
        expect(median).to_have_text("200 ms")
        command(own_server, "POST", "/end")
        ended = page.get_by_test_id("ended")
        expect(ended).to_have_text("The class has ended")
        assert ended.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)") >= 70
        expect(median).to_have_text("200 ms")
        assert page.evaluate(STICKING_OUT) == []
