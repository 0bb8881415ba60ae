"""A recorded class played again on the projector's page, without phones, network and a class that is on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.accessibility import SCHEMES, overflow, violations
from tests.support.server import ROOT, ClassServer, Server
from tests.support.visits import Visits

pytestmark = pytest.mark.long
SHIPPED = ROOT / "static" / "recordings" / "class.jsonl"
REPLAY = "/class/projector?replay=recordings/class.jsonl"
NO_CLASS = re.compile(r"404|WebSocket connection to ")
"""What Chromium says of an API that has no class."""
PCAPNG = b"\x0a\x0d\x0d\x0a"
WINDOWS = [(390, 844), (1280, 720), (1920, 1080)]


class Replay:
    """The page that plays a recording; `asked` holds what it asked the server for beside files."""

    def __init__(self, visits: Visits, server: Server, more: str = "", **options: Any) -> None:
        self.page: Page = visits.person(**options).new_page()
        self.asked: list[str] = []
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.goto(f"{server.base}{REPLAY}{more}")
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true")

    def _note(self, url: str) -> None:
        if "/api/" in url:
            self.asked.append(url)

    def hook(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def seek(self, ms: float) -> None:
        self.hook("scrubber").fill(str(round(ms / 100) * 100))

    def own(self, path: Path) -> None:
        self.hook("own-recording").set_input_files(path)

    def time(self) -> str:
        return self.hook("replay-time").inner_text().partition(" / ")[0]


def lines() -> list[dict[str, Any]]:
    """Return the recording's lines, without the first."""
    return [json.loads(line) for line in SHIPPED.read_text().splitlines()][1:]


def when(name: str, value: Any = None) -> int:
    """Return when a value was set last, in ms; without one, when anything was."""
    times = [
        line["at"] for line in lines() for path, new in line.get("set", []) if path == name and value in (None, new)
    ]
    assert times, name
    return int(times[-1])


def test_the_shipped_recording_shows_what_was_recorded_and_asks_nobody(visits: Visits, server: Server) -> None:
    replay = Replay(visits, server)
    expect(replay.hook("replay-sign")).to_contain_text("Recording")
    expect(replay.hook("replay-sign")).to_contain_text("Linux x86_64")
    expect(replay.hook("view-address")).to_be_visible()
    replay.seek(when("shows", "chat") + 1_500)
    said = [line["message"] for line in lines() if "message" in line and line["message"]["sender"] == "teacher"]
    expect(replay.hook("conversation")).to_contain_text(said[-1]["text"])
    replay.hook("show-people").click()
    for name in ("Ming", "يوسف", "小雨"):
        expect(replay.hook("view-people")).to_contain_text(name)
    assert replay.asked == []


def test_it_follows_what_the_teacher_showed_until_one_chooses(visits: Visits, server: Server) -> None:
    replay = Replay(visits, server)
    for view in ("people", "delays", "bytes", "experiment"):
        replay.seek(when("shows", view) + 500)
        expect(replay.hook(f"view-{view}")).to_be_visible()
    replay.hook("show-delays").click()
    replay.seek(when("shows", "bytes") + 500)
    expect(replay.hook("view-delays")).to_be_visible()
    replay.hook("show-").click()
    expect(replay.hook("view-bytes")).to_be_visible()


def test_the_list_leads_to_where_an_experiment_or_a_fault_began(visits: Visits, server: Server) -> None:
    replay = Replay(visits, server)
    titles = replay.hook("marks").locator("option").all_inner_texts()
    assert [title for title in titles if "What short polling wastes" in title]
    assert [title for title in titles if "The network vanished" in title]
    [gap] = [title for title in titles if "The long poll's gap" in title]
    replay.hook("marks").select_option(gap)
    assert gap.startswith(f"{replay.time()} ")
    replay.hook("show-experiment").click()
    expect(replay.hook("view-experiment")).to_contain_text("The long poll's gap")
    assert replay.page.locator(".track .moment").count() == len(titles) - 1


def test_it_plays_faster_is_paused_and_obeys_the_keys(visits: Visits, server: Server) -> None:
    replay = Replay(visits, server)
    assert replay.time() == "0:00"
    replay.hook("speed-10").click()
    replay.page.locator("body").click(position={"x": 300, "y": 300})
    replay.page.keyboard.press("Space")
    expect(replay.hook("play")).to_contain_text("Pause")
    expect(replay.hook("replay-time")).to_have_text(re.compile(r"^0:[1-5]"))
    replay.page.keyboard.press("Space")
    expect(replay.hook("play")).to_contain_text("Play")
    replay.page.keyboard.press("Home")
    replay.page.keyboard.press("ArrowRight")
    replay.page.keyboard.press("ArrowRight")
    assert replay.time() == "0:10"
    replay.page.keyboard.press("ArrowLeft")
    assert replay.time() == "0:05"
    replay.page.keyboard.press("ArrowDown")
    expect(replay.hook("speed-5")).to_have_attribute("aria-pressed", "true")
    replay.page.keyboard.press("End")
    expect(replay.hook("view-chat")).to_be_visible()


def test_a_file_of_ones_own_is_read_in_the_browser_and_another_kind_is_refused(
    visits: Visits, server: Server, tmp_path: Path
) -> None:
    replay = Replay(visits, server)
    head, first = SHIPPED.read_text().splitlines()[:2]
    own = tmp_path / "own.jsonl"
    state = json.loads(first)
    state["state"]["class"]["title"] = "My <b>own</b> class"
    own.write_text("\n".join([head, json.dumps(state)]))
    other = tmp_path / "notes.jsonl"
    other.write_text("no recording")
    replay.own(own)
    expect(replay.hook("view-address")).to_contain_text("My <b>own</b> class")
    expect(replay.page.locator(".replay")).to_have_count(1)
    replay.own(other)
    expect(replay.page.locator("#foot")).to_contain_text("notes.jsonl is not a recording of a class")
    assert replay.asked == []


@pytest.mark.parametrize("path", ["recordings/none.jsonl", "../secret", "js/index.js"])
def test_a_recording_that_is_not_there_is_said_so_and_one_may_choose(visits: Visits, server: Server, path: str) -> None:
    page = visits.person(allowed=re.compile("404")).new_page()
    page.goto(f"{server.base}/class/projector?replay={path}")
    expect(page.get_by_test_id("word")).to_have_text(f"There is no recording {path} here")
    page.get_by_test_id("own-recording").set_input_files(SHIPPED)
    expect(page.get_by_test_id("replay-sign")).to_be_visible()


def test_what_crossed_a_groups_port_can_be_saved(visits: Visits, server: Server, tmp_path: Path) -> None:
    replay = Replay(visits, server)
    with replay.page.expect_download() as download:
        replay.hook("capture-C").click()
    assert download.value.suggested_filename == "class-C.pcapng"
    download.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes().startswith(PCAPNG)


def test_it_speaks_chinese_as_well(visits: Visits, server: Server) -> None:
    replay = Replay(visits, server, "&lang=zh")
    expect(replay.hook("replay-sign")).to_contain_text("课堂回放")
    expect(replay.hook("play")).to_contain_text("播放")
    replay.seek(when("shows", "bytes") - 500)
    expect(replay.hook("view-delays")).to_contain_text("短轮询")


def test_it_pleases_axe_and_fits_every_window(visits: Visits, server: Server, tmp_path: Path) -> None:
    replay = Replay(visits, server)
    replay.seek(when("shows", "faults") + 3_000)
    for scheme in SCHEMES:
        replay.page.emulate_media(color_scheme=scheme)
        assert violations(replay.page) == [], scheme
    for width, height in WINDOWS:
        replay.page.set_viewport_size({"width": width, "height": height})
        replay.page.screenshot(path=tmp_path / f"replay-{width}.png")
        assert overflow(replay.page) == [], width


@pytest.mark.parametrize("path", ["/join", "/class", "/class#teacher=any", "/class/projector"])
def test_where_no_class_is_on_a_recorded_one_is_offered(visits: Visits, server: Server, path: str) -> None:
    page = visits.person(allowed=NO_CLASS).new_page()
    page.goto(f"{server.base}{path}")
    page.get_by_test_id("replay-link").click()
    expect(page.get_by_test_id("replay-sign")).to_be_visible()


def test_the_overview_leads_to_the_recorded_class_and_to_none_that_is_not_on(visits: Visits, server: Server) -> None:
    page = visits.person().new_page()
    page.goto(server.base)
    expect(page.locator("#rooms")).to_contain_text(re.compile("Asked for every|No room yet"))  # so it was told
    expect(page.locator("#class-on")).to_be_hidden()
    page.get_by_role("link", name="A recorded class").click()
    expect(page.get_by_test_id("replay-sign")).to_be_visible()


def test_the_overview_leads_to_the_class_that_is_on(visits: Visits, class_server: ClassServer) -> None:
    page = visits.person().new_page()
    page.goto(class_server.base)
    expect(page.locator("#class-on")).to_contain_text("A class is on: Push")
    assert violations(page) == []
    page.get_by_test_id("join-class").click()
    expect(page.get_by_test_id("nickname")).to_be_visible()
