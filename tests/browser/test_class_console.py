"""The teacher's console: who may open it, what each of its commands does, and what it says when one fails."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.accessibility import SCHEMES, SIZES, overflow, violations
from tests.support.in_class import as_teacher_now, fresh_name
from tests.support.server import ClassServer, Server
from tests.support.visits import SERVER_AWAY, Visits

NO_CLASS = re.compile("404|WebSocket connection to ")
REFUSED = re.compile("status of 4")
"""What Chromium itself writes to the console where an answer is a refusal."""


class Console:
    """The console in a browser, and what the server says of the class."""

    def __init__(self, page: Page, server: ClassServer) -> None:
        self.page = page
        self.server = server

    @classmethod
    def open(cls, visits: Visits, server: ClassServer, **options: Any) -> "Console":
        """Open it by the teacher's link, and wait until it shows the class."""
        page = visits.person(**options).new_page()
        page.goto(server.teacher_link)
        expect(page.get_by_test_id("class-title")).to_be_visible()
        return cls(page, server)

    def hook(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def enter(self, testid: str, value: object) -> None:
        """Fill in a field, and leave it."""
        self.hook(testid).fill(str(value))
        self.hook(testid).press("Tab")

    @property
    def state(self) -> dict[str, Any]:
        """What the server tells the teacher."""
        told: dict[str, Any] = as_teacher_now(self.server, "GET", "/api/class/teacher")
        return told

    def group(self, name: str) -> dict[str, Any]:
        """Return a group as the server tells it."""
        return next(each for each in self.state["groups"] if each["name"] == name)


@pytest.fixture(scope="module")
def own_server() -> Iterator[ClassServer]:
    with ClassServer("memory", "--title", "Push", "--sender-rate", "0") as server:
        yield server


@pytest.fixture
def console(visits: Visits, own_server: ClassServer) -> Console:
    """A console whose class nobody else has."""
    return Console.open(visits, own_server)


def join(server: ClassServer, name: str | None = None) -> dict[str, Any]:
    """Take a seat."""
    joined = httpx.post(f"{server.base}/api/class/seats", json={"name": name or fresh_name()})
    seat: dict[str, Any] = joined.raise_for_status().json()
    return seat


def test_nothing_is_shown_to_who_has_no_token_or_a_wrong_one(visits: Visits, class_server: ClassServer) -> None:
    page = visits.person().new_page()
    page.goto(f"{class_server.base}/class#teacher=guessed")
    expect(page.get_by_test_id("token-why")).to_contain_text("not the token of this class")
    expect(page.get_by_test_id("class-title")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("token-why")).to_contain_text("private link")
    page.get_by_test_id("token").fill(class_server.teacher_link)
    page.get_by_test_id("token-enter").click()
    expect(page.get_by_test_id("class-title")).to_have_value("Push")


def test_the_link_opens_it_and_its_token_leaves_the_address(visits: Visits, class_server: ClassServer) -> None:
    console = Console.open(visits, class_server)
    assert class_server.token not in console.page.url
    expect(console.hook("join-address")).to_have_text(class_server.join_address)
    console.page.reload()
    expect(console.hook("class-title")).to_have_value("Push")
    console.hook("say").fill("Good morning <b>")
    console.hook("say").press("Enter")
    expect(console.hook("class-chat").get_by_text("Good morning <b>").last).to_be_visible()


@pytest.mark.long
def test_it_says_when_no_class_is_on(visits: Visits, server: Server) -> None:
    page = visits.person(allowed=NO_CLASS).new_page()
    page.goto(f"{server.base}/class#teacher=any")
    expect(page.get_by_test_id("away")).to_contain_text("No class is on here")


@pytest.mark.long
def test_it_pleases_axe_in_light_and_dark_and_fits_every_window(console: Console, tmp_path: Path) -> None:
    join(console.server, "A name of 24 characters.")
    console.hook("more-A").click()
    console.hook("asked-gap").click()
    expect(console.hook("experiment-now")).to_be_visible()
    for scheme in SCHEMES:
        console.page.emulate_media(color_scheme=scheme)
        console.page.screenshot(path=tmp_path / f"console-{scheme}.png", full_page=True)
        assert violations(console.page) == [], scheme
    for size in (*SIZES, {"width": 820, "height": 1180}):
        console.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert overflow(console.page) == [], size
    console.hook("experiment-close").click()
    expect(console.hook("experiment-now")).to_be_hidden()


@pytest.mark.long
def test_a_group_is_set_and_says_what_it_is_set_to(console: Console) -> None:
    console.hook("technique-A").select_option("sse")
    console.hook("more-A").click()
    console.enter("delay_ms-A", 120)
    expect(console.hook("network-A")).to_contain_text("120 ms each way")
    console.enter("buffer_bytes-A", 4096)
    console.enter("posts_per_minute-A", 6)
    expect(console.hook("network-A")).to_contain_text("posts 6 times a minute")
    group = console.group("A")
    assert (group["technique"], group["network"]["delay_ms"], group["network"]["buffer_bytes"]) == ("sse", 120, 4096)
    console.hook("plain-A").click()
    expect(console.hook("network-A")).to_contain_text("as it is")
    assert console.group("A")["network"]["buffer_bytes"] is None


@pytest.mark.long
def test_all_groups_are_set_at_once_and_where_they_differ_no_figure_stands(console: Console) -> None:
    console.hook("more-all").click()
    console.hook("more-B").click()
    console.enter("interval_ms-B", 700)
    expect(console.hook("interval_ms-all")).to_have_value("")
    expect(console.hook("interval_ms-all")).to_have_attribute("placeholder", "differ")
    console.enter("interval_ms-all", 900)
    expect(console.hook("interval_ms-B")).to_have_value("900")
    assert {group["interval_ms"] for group in console.state["groups"]} == {900}
    console.hook("technique-all").select_option("")
    expect(console.hook("technique-C")).to_have_value("")
    assert {group["technique"] for group in console.state["groups"]} == {None}


@pytest.mark.long
def test_a_network_vanishes_comes_back_and_stalls_for_so_long(console: Console) -> None:
    console.hook("vanish-A").click()
    expect(console.hook("vanish-A")).to_have_text("Come back")
    assert console.group("A")["vanished"]
    console.hook("vanish-A").click()
    expect(console.hook("vanish-A")).to_have_text("Vanish")
    assert not console.group("A")["vanished"]
    console.hook("fault-seconds").fill("30")
    console.hook("stall-all").click()
    expect(console.hook("network-B")).to_contain_text(re.compile("stalled · [0-9]+ s left"))
    console.hook("cut-B").click()
    expect(console.hook("last-fault")).to_contain_text("Last fault, of group B:")


@pytest.mark.long
def test_the_class_is_divided_into_as_many_groups_as_wanted(console: Console) -> None:
    console.enter("groups-count", 7)
    expect(console.hook("group-G")).to_be_visible()
    console.enter("groups-count", 5)
    expect(console.hook("group-F")).to_have_count(0)
    assert [group["name"] for group in console.state["groups"]] == list("ABCDE")


@pytest.mark.long
def test_the_metronome_the_title_and_the_projector_are_commanded(console: Console) -> None:
    console.hook("rate-5").click()
    expect(console.hook("rate-5")).to_have_attribute("aria-pressed", "true")
    console.hook("at-random").check()
    console.enter("text-bytes", 300)
    console.enter("class-title", "Push, again")
    console.hook("show-bytes").click()
    expect(console.hook("show-bytes")).to_have_attribute("aria-pressed", "true")
    expect(console.page).to_have_title("Push, again · pushdemo")
    state = console.state
    assert (state["rate"], state["at_random"], state["text_bytes"], state["shows"]) == (5, True, 300, "bytes")
    console.hook("rate-0").focus()
    console.page.keyboard.press("Enter")
    expect(console.hook("rate-0")).to_have_attribute("aria-pressed", "true")
    stretch = console.state["stretch"]
    console.hook("zero").click()
    expect(console.hook("part-figures")).to_contain_text(f"Stretch {stretch + 1}")


@pytest.mark.long
def test_students_are_moved_muted_and_removed_when_asked_once_more(console: Console) -> None:
    seat = join(console.server)
    console.hook(f"group-of-{seat['id']}").select_option("E")
    console.hook(f"mute-{seat['id']}").click()
    expect(console.hook(f"mute-{seat['id']}")).to_have_attribute("aria-pressed", "true")
    told = next(each for each in console.state["seats"] if each["id"] == seat["id"])
    assert (told["group"], told["muted"]) == ("E", True)
    console.hook(f"remove-{seat['id']}").click()
    expect(console.hook(f"remove-{seat['id']}")).to_have_text("Really?")
    assert any(each["id"] == seat["id"] for each in console.state["seats"])
    console.hook(f"remove-{seat['id']}").click()
    expect(console.hook(f"student-{seat['id']}")).to_have_count(0)
    assert all(each["id"] != seat["id"] for each in console.state["seats"])


@pytest.mark.long
def test_one_of_a_hundred_students_is_found_by_some_letters(console: Console) -> None:
    for number in range(100):
        join(console.server, f"Student {number:03}")
    console.hook("student-filter").fill("student 07")
    rows = console.page.locator(".students tbody tr")
    expect(rows).to_have_count(10)
    console.hook("order-name").click()
    expect(rows.first).to_contain_text("Student 070")
    console.hook("student-filter").fill("")
    assert console.page.evaluate("document.documentElement.scrollHeight") < 6_000


@pytest.mark.long
def test_a_message_is_hidden_and_the_room_cleared_when_asked_once_more(console: Console) -> None:
    console.hook("say").fill("to be hidden")
    console.hook("say").press("Enter")
    item = console.hook("class-chat").locator("li", has_text="to be hidden")
    item.get_by_test_id("hide").click()
    expect(item).to_have_attribute("data-hidden", "true")
    console.page.reload()
    expect(item).to_have_attribute("data-hidden", "true")
    assert console.state["hidden"] == [item.get_attribute("data-id")]
    room = console.state["class"]["room"]
    console.hook("clear").click()
    assert console.state["class"]["room"] == room
    console.hook("clear").click()
    expect(console.hook("class-chat").locator("li")).to_have_count(0)
    assert console.state["class"]["room"] != room


@pytest.mark.long
def test_an_experiment_is_asked_run_and_closed_and_what_it_forbids_is_said(
    visits: Visits, own_server: ClassServer
) -> None:
    console = Console.open(visits, own_server, allowed=REFUSED)
    with httpx.Client(base_url=own_server.base) as student:
        student.post("/api/class/seats", json={"name": fresh_name()}).raise_for_status()
        console.hook("asked-weight").click()
        expect(console.hook("predictions")).to_have_text("Nobody has predicted yet.")
        student.post("/api/class/seats/mine/prediction", json={"value": 700}).raise_for_status()
    expect(console.hook("predictions")).to_contain_text("1 prediction")
    console.hook("running-weight").click()
    expect(console.hook("running-weight")).to_have_attribute("aria-pressed", "true")
    expect(console.hook("results").locator("tbody tr")).to_have_count(5)
    console.hook("technique-A").select_option("websocket")
    expect(console.hook("part-groups").get_by_test_id("said")).to_contain_text("The experiment weight is running")
    expect(console.hook("technique-A")).to_have_value("short-poll")
    console.hook("explained-weight").click()
    expect(console.hook("experiment-progress")).to_contain_text("Measured:")
    console.hook("experiment-close").click()
    expect(console.hook("experiment-now")).to_be_hidden()
    assert console.state["experiment"] is None


@pytest.mark.long
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_results_are_saved_as_a_file(console: Console, ending: str) -> None:
    with console.page.expect_download() as download:
        console.hook(f"results-{ending}").click()
    assert download.value.suggested_filename == f"pushdemo-class.{ending}"
    assert download.value.path().stat().st_size > 0


@pytest.mark.long
def test_the_class_ends_when_asked_once_more_and_a_server_that_is_away_is_said(visits: Visits) -> None:
    with ClassServer() as server:
        console = Console.open(visits, server, allowed=SERVER_AWAY)
        console.hook("end").click()
        expect(console.hook("end")).to_have_text("Really end it?")
        assert console.state["class"]["state"] == "open"
        console.hook("end").click()
        expect(console.hook("ended")).to_be_visible()
        assert console.state["class"]["state"] == "ended"
        server.interrupt()
        expect(console.hook("away")).to_be_visible()
        assert console.page.locator(".console").evaluate("console => console.inert")
