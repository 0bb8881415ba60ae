"""The projector's view: it shows what the teacher chose, in type for the last row, in both languages, and no secret."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, WebSocketRoute, expect

from tests.support.accessibility import SCHEMES, violations
from tests.support.class_states import crowded
from tests.support.in_class import as_teacher_now, fresh_name
from tests.support.server import ClassServer
from tests.support.visits import SERVER_AWAY, Visits

VIEWS = ("address", "people", "delays", "bytes", "faults", "experiment", "chat", "nothing")
WINDOWS: list[ViewportSize] = [
    {"width": 1920, "height": 1080},
    {"width": 1280, "height": 720},
    {"width": 1024, "height": 768},
]
LEAST_SHARE = 28 / 1080
"""Of the window's height, or as much of its width at 16:9: type that is legible from 8 m."""
STICKING_OUT = """() => {
  const floor = document.getElementById("foot").getBoundingClientRect().top;
  const isPart = (it) => it.closest(".offscreen") || (it.tagName !== "svg" && it.closest("svg"));
  const all = [...document.querySelectorAll("#stage *")].filter((it) => !isPart(it) && it.getClientRects().length > 0);
  return all.filter((it) => {
    const { left, right, bottom } = it.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1 || bottom > floor + 1;
  }).map((it) => `${it.tagName}.${it.getAttribute("class")} ${it.textContent.slice(0, 40)}`);
}"""
LEAST_TYPE = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = Infinity;
  while (texts.nextNode()) {
    const it = texts.currentNode.parentElement;
    const isSeen = texts.currentNode.data.trim() && !it.closest(".offscreen, svg, noscript");
    if (isSeen && it.getClientRects().length > 0) least = Math.min(least, parseFloat(getComputedStyle(it).fontSize));
  }
  return least;
}"""
SCROLLS = """() => [document.documentElement, document.body]
  .some((it) => it.scrollHeight > innerHeight || it.scrollWidth > innerWidth)"""


class Projector:
    """The projector's page, and the teacher who chooses what it shows."""

    def __init__(self, visits: Visits, server: ClassServer, *, ask: str = "", **options: Any) -> None:
        self.server = server
        options.setdefault("viewport", WINDOWS[1])
        self.page: Page = visits.person(**options).new_page()
        self.ask = ask

    def open(self) -> "Projector":
        self.page.goto(f"{self.server.base}/class/projector{self.ask}")
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true")
        return self

    def hook(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def show(self, view: str) -> Locator:
        """Have the teacher choose, and return the view when it is there."""
        self.teacher("POST", "/projector", {"shows": view})
        expect(self.hook(f"view-{view}")).to_be_visible()
        return self.hook(f"view-{view}")

    def teacher(self, method: str, path: str, content: Any = None) -> Any:
        return as_teacher_now(self.server, method, f"/api/class{path}", json=content)


@pytest.fixture(scope="module")
def own_server() -> Iterator[ClassServer]:
    with ClassServer("memory", "--title", "Push", "--sender-rate", "0") as server:
        yield server


@pytest.fixture
def projector(visits: Visits, own_server: ClassServer) -> Projector:
    """A projector in a class of its own."""
    return Projector(visits, own_server).open()


def join(server: ClassServer, name: str) -> dict[str, str]:
    """Take a seat, and return the cookie of who has it."""
    answer = httpx.post(f"{server.base}/api/class/seats", json={"name": name}).raise_for_status()
    return dict(answer.cookies)


# --- each view ---


def test_it_shows_what_the_teacher_chooses_and_how_to_join(projector: Projector) -> None:
    name = fresh_name()
    join(projector.server, name)
    view = projector.show("address")
    bare = projector.server.join_address.removeprefix("http://")
    expect(projector.hook("join-address")).to_have_text(bare)
    expect(view).to_contain_text(name)
    assert view.locator("img.qr").evaluate("(it) => it.decode().then(() => it.naturalWidth)") > 0
    expect(projector.page.locator("#foot")).to_contain_text(bare)
    assert projector.server.token not in projector.page.content()


@pytest.mark.long
def test_nothing_secret_is_told_to_a_projector_or_shown_by_it(visits: Visits, own_server: ClassServer) -> None:
    projector = Projector(visits, own_server)
    told: list[str | bytes] = []

    def keep(text: str | bytes) -> None:  # Playwright looks at how many arguments it takes
        told.append(text)

    projector.page.on("websocket", lambda socket: socket.on("framereceived", keep))
    projector.open()
    cookie = join(own_server, fresh_name())
    for view in VIEWS:
        projector.show(view)
        assert own_server.token not in projector.page.content()
    assert told
    for secret in (own_server.token, *cookie.values()):
        assert not any(secret in str(each) for each in told)


@pytest.mark.long
def test_people_stand_by_group_and_who_is_away_is_marked_in_words(projector: Projector) -> None:
    name = fresh_name()
    join(projector.server, name)
    view = projector.show("people")
    expect(view.locator("li", has_text=name)).to_contain_text("away")
    groups = view.locator(".people-group")
    expect(groups).to_have_count(5)
    expect(groups.nth(3)).to_contain_text("WebSocket")


@pytest.mark.long
def test_what_the_networks_are_like_and_the_metronome_stand_at_the_foot(projector: Projector) -> None:
    foot = projector.page.locator("#foot")
    projector.teacher("PATCH", "/groups/B", {"network": {"delay_ms": 70}})
    projector.teacher("PATCH", "", {"rate": 4})
    expect(foot).to_contain_text("B: 70 ms each way")
    expect(foot).to_contain_text("4 messages a second")
    projector.teacher("PATCH", "/groups/B", {"network": {"delay_ms": 0}})
    projector.teacher("PATCH", "", {"rate": 0})
    expect(foot).not_to_contain_text("each way")


@pytest.mark.long
def test_the_conversation_is_shown_without_what_is_hidden_and_what_nobody_wrote(projector: Projector) -> None:
    hidden = projector.teacher("POST", "/messages", {"text": "Not this"})["id"]
    projector.teacher("POST", "/messages", {"text": "<b>Good</b> morning"})
    projector.teacher("PATCH", "", {"rate": 20})
    view = projector.show("chat")
    expect(view).to_contain_text("<b>Good</b> morning")
    expect(view).to_contain_text(re.compile(r"\d+ automatic messages"))
    projector.teacher("PATCH", "", {"rate": 0})
    expect(view).to_contain_text("Not this")
    projector.teacher("DELETE", f"/messages/{hidden}")
    expect(view).not_to_contain_text("Not this")
    expect(view.locator("li", has_text="metronome")).to_have_count(0)
    projector.teacher("POST", "/clear")
    expect(view).not_to_contain_text("Good")


@pytest.mark.long
def test_an_experiment_is_asked_counted_down_and_explained(projector: Projector) -> None:
    student = join(projector.server, fresh_name())
    projector.teacher("POST", "/experiment", {"name": "waste", "phase": "asked"})
    view = projector.show("experiment")
    expect(view).to_contain_text("how many are empty?")
    prediction = f"{projector.server.base}/api/class/seats/mine/prediction"
    httpx.post(prediction, json={"value": 37}, cookies=student).raise_for_status()
    expect(projector.hook("experiment-big")).to_contain_text(re.compile(r"^1 of \d+ has predicted"))
    expect(projector.hook("predictions-picture")).to_be_hidden()
    projector.teacher("POST", "/experiment", {"name": "waste", "phase": "running"})
    expect(projector.hook("experiment-big")).to_contain_text(re.compile(r"^\d+ seconds"))
    expect(projector.hook("results")).not_to_contain_text("Theory")
    first = projector.hook("experiment-big").inner_text()
    expect(projector.hook("experiment-big")).not_to_have_text(first)
    projector.teacher("POST", "/experiment", {"name": "waste", "phase": "explained"})
    expect(projector.hook("results")).to_contain_text("60.7 %")
    expect(projector.hook("predictions-picture").locator("circle")).to_have_count(1)
    projector.teacher("DELETE", "/experiment")
    expect(projector.hook("results")).to_be_hidden()


@pytest.mark.long
def test_a_server_that_is_away_leaves_the_last_picture_and_one_that_is_back_goes_on(
    visits: Visits, own_server: ClassServer
) -> None:
    projector = Projector(visits, own_server, allowed=SERVER_AWAY)
    sockets: list[WebSocketRoute] = []
    is_away = False

    def pass_on(socket: WebSocketRoute) -> None:
        if is_away:
            socket.close(code=1011)
            return
        sockets.append(socket)
        socket.connect_to_server()

    projector.page.route_web_socket("**/api/class/live", pass_on)
    projector.open().show("address")
    is_away = True
    sockets[-1].close(code=1011)
    expect(projector.page.locator("#foot")).to_contain_text("does not answer")
    expect(projector.hook("join-address")).to_be_visible()
    is_away = False
    expect(projector.page.locator("#foot")).not_to_contain_text("does not answer", timeout=30_000)
    projector.show("people")


# --- how it looks, with figures that no test can wait for ---


def enlarge(projector: Projector, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change each state on its way to the page."""

    def pass_on(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda text: socket.send(json.dumps({"state": change(json.loads(text)["state"])})))

    projector.page.route_web_socket("**/api/class/live", pass_on)


@pytest.mark.long
@pytest.mark.parametrize("people", [5, 30, 100])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_sticks_out_and_no_type_is_too_small_to_read(
    visits: Visits, own_server: ClassServer, language: str, people: int
) -> None:
    projector = Projector(visits, own_server, ask=f"?lang={language}")
    enlarge(projector, lambda state: crowded(state, people))
    projector.open()
    for window in WINDOWS:
        projector.page.set_viewport_size(window)
        least = LEAST_SHARE * min(window["height"], window["width"] * 9 / 16)
        for view in VIEWS:
            where = f"{view} at {window['width']}"
            projector.show(view)
            assert projector.page.evaluate(STICKING_OUT) == [], where
            assert not projector.page.evaluate(SCROLLS), where
            assert projector.page.evaluate(LEAST_TYPE) >= 0.99 * least, where


@pytest.mark.long
def test_delays_have_their_figures_in_words_and_simulated_phones_are_marked(
    visits: Visits, own_server: ClassServer
) -> None:
    projector = Projector(visits, own_server)
    enlarge(projector, lambda state: crowded(state, 30))
    table = projector.open().show("delays").get_by_test_id("distribution")
    expect(table.locator("[data-row=short-poll] [data-figure=median]")).to_have_text("1026 ms")
    expect(table.locator("[data-row=websocket] [data-figure=p95]")).to_have_text("10.0 ms")
    expect(table.locator("[data-row=sse] .bars")).to_have_count(1)
    expect(table.locator("[data-row=simulated-sse]")).to_contain_text("simulated")
    bars = projector.show("bytes").get_by_test_id("bytes-bars")
    expect(bars.locator("[data-row=sse] [data-figure=bytes]")).to_have_text(re.compile(r"1.393 B"))
    expect(bars.locator("[data-row=sse] [data-figure=requests]")).to_have_text("4.1")


@pytest.mark.long
@pytest.mark.parametrize("lost", [0, 3])
def test_that_nothing_was_lost_is_said_in_the_biggest_type_and_so_is_what_was(
    visits: Visits, own_server: ClassServer, lost: int
) -> None:
    def change(state: dict[str, Any]) -> dict[str, Any]:
        state = crowded(state, 30)
        state["fault"]["people"][7]["lost"] = lost
        return state

    projector = Projector(visits, own_server)
    enlarge(projector, change)
    view = projector.open().show("faults")
    expect(projector.hook("lost")).to_have_text("3 messages are lost." if lost else "Nothing is lost.")
    expect(view.get_by_test_id("outcome").locator("tbody tr")).to_have_count(5)
    expect(view.locator("[data-row=sse]")).to_contain_text("6 of 6")


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_view_can_be_read_by_all(visits: Visits, own_server: ClassServer, scheme: str) -> None:
    projector = Projector(visits, own_server, color_scheme=scheme)
    enlarge(projector, lambda state: crowded(state, 30))
    projector.open()
    for view in VIEWS:
        projector.show(view)
        assert violations(projector.page) == [], view
