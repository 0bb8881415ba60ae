"""All five techniques side by side: the same messages, honest figures, and nothing left behind."""

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.support.accessibility import SIZES, overflow, violations
from tests.support.chat_page import TECHNIQUES
from tests.support.outside import feed
from tests.support.server import Server, free_ports
from tests.support.visits import SERVER_AWAY, Visits

WITHIN_S = 30
AXE_ASKS_FRAMES = re.compile("Failed to execute 'postMessage'")
"""axe takes frames to be of the page's own origin."""
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


class ComparePage:
    """The page /compare, in the words of a test."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def hook(self, testid: str) -> Locator:
        """Return what has this data-testid."""
        return self.page.get_by_test_id(testid)

    def set(self, **settings: float | str) -> None:
        """Type settings."""
        for name, value in settings.items():
            self.hook(f"set-{name}").fill(str(value))
            self.hook(f"set-{name}").press("Tab")

    def delay(self, ms: int) -> None:
        """Set the line's delay."""
        self.page.locator("#network-place > summary").click()
        self.hook("lab-delay_ms").fill(str(ms))
        self.hook("lab-delay_ms").press("Tab")
        expect(self.hook("lab-said")).to_have_text("The network is set.")

    def start(self) -> None:
        """Press Start, or Again, and wait until it runs."""
        self.hook("start").click()
        expect(self.hook("run-state")).to_contain_text("Running:", timeout=1000 * WITHIN_S)

    def stop(self) -> None:
        """Press Stop, and wait until all has come that was under way."""
        self.hook("start").click()
        expect(self.hook("run-state")).to_contain_text("Stopped.", timeout=1000 * WITHIN_S)

    def column(self, figure: str) -> list[str]:
        """Return what stands in a column of the table, for each technique."""
        return self.hook(f"cell-{figure}").all_inner_texts()

    def counts(self, figure: str) -> list[int]:
        """Return a column of whole numbers."""
        return [int(re.sub(r"\D", "", text) or 0) for text in self.column(figure)]

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for a fact."""
        deadline = time.monotonic() + WITHIN_S
        while not is_so():
            assert time.monotonic() < deadline, what
            self.page.wait_for_timeout(50)

    def measured(self, least: int) -> None:
        """Wait until each technique has measured so many messages."""
        self.until(lambda: min(self.counts("samples")) >= least, f"{least} samples of each")


def open_compare(visits: Visits, server: Server, **options: Any) -> ComparePage:
    page = visits.person(**options).new_page()
    page.goto(f"{server.base}/compare")
    page.wait_for_selector("html[data-ready]")
    return ComparePage(page)


def test_five_columns_wait_for_one_press_of_a_button(visits: Visits, server: Server) -> None:
    compare = open_compare(visits, server)
    for technique in TECHNIQUES:
        expect(compare.hook(f"lane-{technique}")).to_be_visible()
    expect(compare.hook("start")).to_have_text("Start")
    expect(compare.page.get_by_role("link", name="Compare")).to_have_attribute("aria-current", "page")
    assert overflow(compare.page) == []


@pytest.mark.long
def test_all_five_deliver_the_same_messages_and_their_bytes_add_up(visits: Visits, server: Server, room: str) -> None:
    compare = open_compare(visits, server, permissions=["clipboard-read", "clipboard-write"])
    compare.set(rate=10, intervalS=0.5, room=room)
    compare.start()
    compare.measured(20)
    compare.stop()
    published = len(feed(server, room))
    assert compare.counts("messages") == [published] * 5
    assert compare.counts("samples") == [published] * 5
    accounts = ("payload", "framing", "http_headers", "handshake", "heartbeat", "unknown")
    by_account = [sum(each) for each in zip(*(compare.counts(account) for account in accounts), strict=True)]
    both_ways = [sum(each) for each in zip(compare.counts("bytesUp"), compare.counts("bytesDown"), strict=True)]
    assert by_account == both_ways
    assert min(both_ways) > 1_000
    assert compare.counts("unknown") == [0] * 5
    assert compare.counts("requests")[1] >= published
    assert compare.counts("requests")[2:4] == [1, 1]
    assert compare.counts("emptyAnswers")[2:4] == [0, 0]
    assert min(compare.counts("opened")) >= 1
    compare.page.get_by_role("button", name="Copy the table").click()
    caption, heads, *rows = compare.page.evaluate("navigator.clipboard.readText()").split("\n")
    assert caption.startswith(f"{published} messages in ")
    assert {len(heads.split("\t")), *(len(row.split("\t")) for row in rows)} == {21}
    assert [int(row.split("\t")[5]) for row in rows] == compare.counts("bytesUp")


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_the_frames_stay_in_sight_for_a_browser_slows_those_that_are_not(
    visits: Visits, server: Server, size: ViewportSize
) -> None:
    compare = open_compare(visits, server, viewport=size)
    compare.start()
    height = compare.page.evaluate("document.documentElement.scrollHeight")
    for place in (0, height // 2, height):
        compare.page.evaluate("place => scrollTo(0, place)", place)
        for technique in TECHNIQUES:
            expect(compare.hook(f"frame-{technique}")).to_be_in_viewport(ratio=0.99)
    compare.stop()


@pytest.mark.long
def test_again_clears_what_was_and_ports_are_given_back(visits: Visits, room: str) -> None:
    with Server("memory", "--lab-ports", f"{(first := free_ports(5))}-{first + 4}") as server:
        compare = open_compare(visits, server)
        compare.set(rate=10, intervalS=0.2, room=room)
        compare.start()
        compare.measured(20)
        compare.stop()
        before = compare.counts("messages")
        compare.start()
        compare.measured(1)
        compare.stop()
        assert max(compare.counts("messages")) < len(feed(server, room)) - min(before) + 1
        assert httpx.post(f"{server.base}/api/lab/sessions").status_code == 201
        compare.page.close()


@pytest.mark.long
def test_who_leaves_the_page_in_the_middle_of_a_run_gives_its_ports_back_at_once(visits: Visits) -> None:
    with Server("memory", "--lab-ports", f"{(first := free_ports(5))}-{first + 4}") as server:
        compare = open_compare(visits, server, allowed=SERVER_AWAY)
        compare.start()
        compare.measured(1)
        assert httpx.post(f"{server.base}/api/lab/sessions").status_code == 503
        compare.page.goto(f"{server.base}/")
        compare.until(lambda: httpx.post(f"{server.base}/api/lab/sessions").status_code == 201, "a port is free")
        compare.page.go_back()
        expect(compare.hook("start")).to_have_text("Start")


@pytest.mark.long
def test_a_delay_is_in_the_delays_of_all_and_short_polling_waits_besides(visits: Visits, server: Server) -> None:
    compare = open_compare(visits, server)
    compare.delay(200)
    compare.set(rate=2, intervalS=2)
    compare.start()
    compare.measured(8)
    compare.stop()
    short, long, *streams = [float(text) for text in compare.column("mean")]
    assert all(195 <= each < 300 for each in streams)
    assert 195 <= long < 500
    assert 700 < short < 1_700
    assert compare.column("theory")[2:] == ["200.0"] * 3
    expect(compare.hook("table-caption")).to_contain_text("200 ms each way")


@pytest.mark.long
def test_what_comes_while_the_tab_is_hidden_is_left_out_and_nothing_is_published(
    visits: Visits, server: Server, room: str
) -> None:
    compare = open_compare(visits, server)
    compare.set(rate=10, intervalS=1, room=room)
    compare.start()
    compare.measured(5)
    compare.page.evaluate(HIDE, arg=True)
    expect(compare.hook("run-state")).to_contain_text("Samples are not valid while this tab is hidden")
    compare.until(lambda: compare.counts("messages") == [len(feed(server, room))] * 5, "all have come")
    published = len(feed(server, room))
    compare.page.wait_for_timeout(1_000)
    assert len(feed(server, room)) == published
    compare.page.evaluate(HIDE, arg=False)
    compare.until(lambda: len(feed(server, room)) > published, "it goes on")
    compare.stop()
    messages, samples, left_out = (compare.counts(name) for name in ("messages", "samples", "leftOut"))
    assert left_out[0] >= 1  # they waited for the next poll, which was in the dark
    assert [one + other for one, other in zip(samples, left_out, strict=True)] == messages


@pytest.mark.long
def test_a_network_is_broken_and_mended_for_all_five(visits: Visits, server: Server, room: str) -> None:
    compare = open_compare(visits, server, allowed=SERVER_AWAY)
    compare.set(rate=5, intervalS=0.5, room=room)
    compare.page.locator("#network-place > summary").click()
    compare.hook("lab-cut").click()
    expect(compare.hook("lab-said")).to_contain_text("press Start first")
    compare.start()
    compare.measured(3)
    compare.hook("lab-cut").click()
    expect(compare.hook("lab-said")).to_contain_text("broken off by RST")
    compare.measured(15)
    compare.stop()
    assert compare.counts("messages") == [len(feed(server, room))] * 5
    assert compare.column("theory") == ["n/a"] * 5


@pytest.mark.long
def test_the_frame_is_shown_by_no_page_but_the_main_ports(chromium: Browser, server: Server) -> None:
    session = httpx.post(f"{server.base}/api/lab/sessions").raise_for_status().json()
    address = f"http://127.0.0.1:{session['port']}/frame"
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(f'<iframe src="{address}"></iframe>')
    page.wait_for_function("frames.length === 1")
    page.wait_for_load_state("load")
    [frame] = [each for each in page.frames if each is not page.main_frame]
    assert frame.url.startswith("chrome-error://")
    page.goto(address)
    expect(page.get_by_test_id("said")).to_have_text("This page is a part of another one.")
    context.close()


@pytest.mark.long
@pytest.mark.parametrize(("ports", "sentence"), [("none", "no lab ports"), ("three", "No lab port is free")])
def test_without_five_ports_none_runs_and_the_server_says_why(visits: Visits, ports: str, sentence: str) -> None:
    first = free_ports(3)
    with Server("memory", "--lab-ports", "none" if ports == "none" else f"{first}-{first + 2}") as server:
        compare = open_compare(visits, server, allowed=re.compile("503"))
        compare.hook("start").click()
        expect(compare.hook("run-state")).to_contain_text(sentence)
        expect(compare.hook("start")).to_have_text("Start")
        assert compare.page.locator("iframe").count() == 0
        if ports == "three":  # they are given back
            assert httpx.post(f"{server.base}/api/lab/sessions").status_code == 201


@pytest.mark.long
def test_axe_finds_nothing_in_light_dark_on_a_projector_and_it_fits(visits: Visits, server: Server) -> None:
    compare = open_compare(visits, server, allowed=AXE_ASKS_FRAMES)
    compare.set(rate=5, intervalS=0.5)
    compare.start()
    compare.measured(3)
    for scheme in ("light", "dark"):
        compare.page.emulate_media(color_scheme=scheme)
        assert violations(compare.page) == [], scheme
    for width in (390, 1280, 1920):
        compare.page.set_viewport_size({"width": width, "height": 900})
        assert overflow(compare.page) == [], width
    compare.hook("projector-switch").click()
    for width in (1280, 1920):
        compare.page.set_viewport_size({"width": width, "height": 900})
        assert overflow(compare.page) == [], f"projector at {width}"
    assert violations(compare.page) == []
    compare.stop()
