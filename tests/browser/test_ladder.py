"""The ladder diagram in a browser, on a page made up for it: traffic is made up too, and time stands until it is set.

So nothing here waits for a server's lab sessions.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.accessibility import PHONE, SCHEMES, SIZES, overflow, violations
from tests.support.server import ROOT, Server
from tests.support.visits import Visits

HTML = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Ladder</title>
  <link rel="icon" href="static/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="static/css/base.css">
  <link rel="stylesheet" href="static/css/ladder.css">
  <script type="module" src="static/js/ladder-harness.js"></script>
</head>
<body><main><h1>Made up</h1><div id="place" class="panel"></div></main></body>
</html>
"""
HARNESS = """
import { createTrafficStore } from "./lab/traffic-store.js";
import { createLadder, createTimeWindow } from "./ladder/ladder.js";
import { setProjector } from "./shell/appearance.js";
import { START_MS, newsOf, syntheticTraffic } from "./synthetic-traffic.js";

let paints = 0;
const clip = CanvasRenderingContext2D.prototype.clip; // called once in each drawing
CanvasRenderingContext2D.prototype.clip = function (...parts) {
  paints += 1;
  return clip.apply(this, parts);
};
const picked = [];

const lab = {
  time: 0, picked, setProjector, START_MS, createTimeWindow, newsOf, syntheticTraffic,
  get paints() { return paints; },
  store: createTrafficStore(() => lab.time),
  show(options = {}, store = lab.store) {
    const onPick = (unit) => picked.push(unit.key);
    return createLadder(document.querySelector("#place"), { store, onPick, ...options });
  },
  /** Let the traffic's first `ms` have happened. */
  happen(technique, options, ms, store = lab.store) {
    const traffic = syntheticTraffic(technique, options);
    for (const [id, at] of traffic.births) store.noteBirth({ id, sent_at: at });
    store.take(newsOf(traffic, 0, START_MS + ms));
  },
  frame: () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
};
globalThis.lab = lab;
document.documentElement.dataset.ready = "true";
"""
BORN = [900, 1900, 2050, 3600]
LONG_POLL = {"delayMs": 200, "born": BORN}


def lab_page(visits: Visits, server: Server, **options: Any) -> Page:
    """Open the made-up page, under the policy that real pages have; nothing is shown on it yet."""
    page = visits.person(**options).new_page()
    home = page.request.get(f"{server.base}/")
    headers = {"content-security-policy": home.headers["content-security-policy"]}
    files = {
        "ladder-harness": (HTML, "text/html"),
        "static/js/ladder-harness.js": (HARNESS, "text/javascript"),
        "static/js/synthetic-traffic.js": ((ROOT / "tests/js/synthetic-traffic.mjs").read_text(), "text/javascript"),
    }

    def answer(body: str, content_type: str) -> Callable[[Route], None]:
        return lambda route: route.fulfill(body=body, content_type=content_type, headers=headers)

    for path, (body, content_type) in files.items():
        page.route(f"{server.base}/{path}", answer(body, content_type))
    page.goto(f"{server.base}/ladder-harness")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    return page


def show(
    page: Page, technique: str = "long-poll", happens: dict[str, Any] = LONG_POLL, *, until_ms: int = 4800
) -> Locator:
    """Show a ladder in which the traffic's first milliseconds have happened, and return its canvas."""
    page.evaluate(
        """async ([technique, happens, untilMs]) => {
            lab.ladder = lab.show({ accent: technique, title: "What crosses" });
            lab.happen(technique, happens, untilMs);
            await lab.frame();
        }""",
        [technique, happens, until_ms],
    )
    return page.get_by_test_id("ladder-canvas")


def picture(canvas: Locator) -> str:
    """Return what is on the canvas, once what was asked for is drawn."""
    drawn: str = canvas.evaluate("async (canvas) => { await lab.frame(); return canvas.toDataURL(); }")
    return drawn


def picked(page: Page) -> list[str]:
    """Return the keys of the units that were picked."""
    keys: list[str] = page.evaluate("lab.picked")
    return keys


def test_a_click_picks_the_arrow_and_the_keyboard_goes_on_from_it(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport={"width": 960, "height": 600})
    canvas = show(page)
    voice = page.get_by_test_id("ladder-voice")
    canvas.press("ArrowUp")
    expect(voice).to_have_text("GET long-poll, 402 B up, 200 ms, unanswered")
    expect(page.get_by_test_id("ladder-pause")).to_have_text("Go on")
    canvas.press("ArrowUp")
    expect(voice).to_have_text("201 Created, 283 B down, 200 ms")
    canvas.press("Enter")
    assert picked(page) == ["2/8"]
    canvas.press("Escape")
    expect(page.get_by_test_id("ladder-pause")).to_have_text("Pause")
    assert canvas.evaluate(CLICK_ON_FIRST_REQUEST) == ["2/8", "1/1"]


CLICK_ON_FIRST_REQUEST = """(canvas) => {
    const { width, height, left, top } = canvas.getBoundingClientRect();
    const share = (4800 - 140) / 5000; // half way of what was sent after 40 ms with a delay of 200
    const y = height - 12 - share * (height - 40);
    const click = (x) => canvas.dispatchEvent(new MouseEvent("click", { clientX: left + x, clientY: top + y }));
    click(5); // too far from the lane
    click(width / 2);
    return lab.picked;
}"""


@pytest.mark.long
@pytest.mark.parametrize("delay_ms", [0, 200])
@pytest.mark.parametrize("technique", ["short-poll", "long-poll", "sse", "websocket"])
def test_it_pleases_axe_in_light_and_dark_and_fits_any_screen(
    visits: Visits, server: Server, technique: str, delay_ms: int, tmp_path: Path
) -> None:
    page = lab_page(visits, server)
    happens = {"delayMs": delay_ms, "born": BORN, "pollEveryMs": 500, "heartbeatEveryMs": 1500}
    canvas = show(page, technique, happens)
    drawn = set()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        drawn.add(picture(canvas))
        assert violations(page) == [], scheme
        for size in SIZES:
            page.set_viewport_size(size)
            page.evaluate("on => lab.setProjector(on)", size["width"] == 1920)
            drawn.add(picture(canvas))
            page.screenshot(path=tmp_path / f"{technique}-{delay_ms}-{size['width']}-{scheme}.png")
            assert overflow(page) == [], size
    assert len(drawn) >= 2 * len(SIZES)


@pytest.mark.long
def test_before_anything_has_crossed_it_says_so(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport=PHONE)
    page.evaluate("lab.ladder = lab.show()")
    nothing = page.get_by_test_id("ladder-nothing")
    expect(nothing).to_have_text("Nothing has crossed yet")
    assert violations(page) == []
    page.evaluate(
        """() => {
            const traffic = lab.syntheticTraffic("sse", {});
            for (const unit of traffic.units) unit.technique = "page";
            lab.store.take(lab.newsOf(traffic, 0, lab.START_MS + 1000));
        }"""
    )
    expect(nothing).to_have_text("Nothing has crossed yet but the page's own files")
    page.get_by_test_id("ladder-own-files").click()
    expect(nothing).to_be_hidden()
    expect(page.get_by_test_id("ladder-own-files")).to_have_attribute("aria-pressed", "true")


@pytest.mark.long
def test_paused_it_stands_still_and_scrolls_back_in_time(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport={"width": 960, "height": 600})
    canvas = show(page, happens=LONG_POLL | {"forMs": 30_000}, until_ms=20_000)
    live = picture(canvas)
    page.evaluate("lab.time += 500")
    assert picture(canvas) != live
    page.get_by_test_id("ladder-pause").click()
    paused = picture(canvas)
    page.evaluate("lab.time += 500")
    assert picture(canvas) == paused
    canvas.hover()
    page.mouse.wheel(0, -300)
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=paused)
    before = picture(canvas)
    box = canvas.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + 80, steps=4)
    page.mouse.up()
    assert picture(canvas) != before
    assert picked(page) == []  # a drag is no click
    canvas.press("End")
    page.get_by_test_id("ladder-pause").click()
    assert picture(canvas) not in (before, paused)


@pytest.mark.long
def test_it_zooms_by_button_key_and_wheel(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport={"width": 960, "height": 600})
    canvas = show(page)
    span = page.get_by_test_id("ladder-span")
    expect(span).to_have_text("5 s")
    page.get_by_test_id("ladder-zoom-in").click()
    expect(span).to_have_text("3 s")
    canvas.press("-")
    canvas.press("-")
    expect(span).to_have_text("10 s")
    canvas.press("+")
    expect(span).to_have_text("5 s")
    canvas.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, 5000)
    page.keyboard.up("Control")
    expect(span).to_have_text("60 s")


@pytest.mark.long
def test_while_it_is_live_the_wheel_scrolls_the_page(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport={"width": 960, "height": 300})
    canvas = show(page)
    canvas.hover()
    page.mouse.wheel(0, 50)
    page.wait_for_function("scrollY > 0")


@pytest.mark.long
def test_a_tap_picks_too(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server, viewport=PHONE, has_touch=True, is_mobile=True)
    canvas = show(page)
    box = canvas.bounding_box()
    assert box is not None
    middle = box["x"] + (0.37 + 0.18) * box["width"]
    for y in range(int(box["y"]) + 60, int(box["y"] + box["height"]) - 20, 11):
        page.touchscreen.tap(middle, y)
    assert len(set(picked(page))) > 5


@pytest.mark.long
def test_a_unit_chosen_elsewhere_comes_into_view(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server)
    canvas = show(page, happens=LONG_POLL | {"forMs": 60_000}, until_ms=60_000)
    before = picture(canvas)
    page.evaluate("lab.ladder.select('1/1')")
    expect(page.get_by_test_id("ladder-voice")).to_have_text("GET long-poll, 402 B up, 200 ms, answered after 661 ms")
    assert picture(canvas) != before
    assert picked(page) == []


@pytest.mark.long
def test_ladders_side_by_side_share_their_time(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server)
    page.evaluate(
        """async () => {
            const shared = lab.createTimeWindow();
            lab.ladders = ["sse", "websocket"].map((technique) => {
                lab.happen(technique, { delayMs: 50, born: [900] }, 2000);
                const show = (unit) => unit.technique === technique;
                return lab.show({ compact: true, window: shared, accent: technique, title: technique, show });
            });
            await lab.frame();
            lab.ladders[0].pause();
        }"""
    )
    ladders = page.locator(".ladder")
    expect(ladders).to_have_count(2)
    for ladder in ladders.all():
        expect(ladder).to_have_attribute("data-paused", "true")
        expect(ladder).to_have_css("width", "160px")
    assert violations(page) == []
    ladders.last.locator("canvas").press("Escape")
    expect(ladders.first).to_have_attribute("data-paused", "false")
    page.evaluate("for (const each of lab.ladders) each.close()")
    expect(ladders).to_have_count(0)


@pytest.mark.long
def test_it_is_drawn_only_while_it_is_seen_and_seldom_for_who_wants_less_motion(visits: Visits, server: Server) -> None:
    page = lab_page(visits, server)
    page.clock.install()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    page.evaluate(
        "() => { Object.defineProperty(lab, 'time', { get: () => performance.now() }); lab.ladder = lab.show();"
        " lab.happen('sse', {}, 500); }"
    )
    page.wait_for_function("lab.paints > 0 || new Promise((resolve) => requestAnimationFrame(() => resolve(false)))")

    def paints_in_a_second() -> int:
        before: int = page.evaluate("lab.paints")
        page.clock.run_for(1000)
        after: int = page.evaluate("lab.paints")
        return after - before

    assert paints_in_a_second() > 20
    page.emulate_media(reduced_motion="reduce")
    assert paints_in_a_second() <= 4
    page.emulate_media(reduced_motion="no-preference")
    assert paints_in_a_second() > 20
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange'))"
    )
    paints_in_a_second()
    assert paints_in_a_second() == 0


LIVE = """async () => {
    const born = Array.from({ length: 840 }, (_, index) => index * 80);
    const traffic = lab.syntheticTraffic("short-poll", { delayMs: 50, pollEveryMs: 80, born, forMs: 67_000 });
    const began = performance.now();
    const now = () => lab.START_MS + 60_000 + performance.now() - began;
    Object.defineProperty(lab, "time", { get: now });
    for (const [id, at] of traffic.births) lab.store.noteBirth({ id, sent_at: at });
    lab.store.take(lab.newsOf(traffic, 0, lab.START_MS + 60_000));
    const frame = window.requestAnimationFrame;
    const took = [];
    window.requestAnimationFrame = (paint) => frame((at) => {
        const before = [performance.now(), lab.paints];
        paint(at);
        if (lab.paints > before[1]) took.push(performance.now() - before[0]);
    });
    let longest = 0;
    const observe = (list) => list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration)));
    new PerformanceObserver(observe).observe({ type: "longtask" });
    lab.ladder = lab.show({ window: lab.createTimeWindow({ spanMs: 60_000 }) });
    await new Promise((resolve) => {
        let from = lab.START_MS + 60_000;
        const timer = setInterval(() => {
            const to = Math.min(lab.time, lab.START_MS + 66_000);
            lab.store.take(lab.newsOf(traffic, from, to));
            from = to;
            if (to < lab.START_MS + 66_000) return;
            clearInterval(timer);
            resolve();
        }, 100);
    });
    const inOrder = [...took].sort((one, other) => one - other);
    const [first, median] = [took[0], inOrder[took.length >> 1]];
    return { units: lab.store.units.length, paints: took.length, first, median, second: inOrder.at(-2), longest };
}"""


@pytest.mark.long
def test_fifty_units_a_second_over_a_minute_are_drawn_without_a_long_task(
    chromium: Browser, visits: Visits, server: Server
) -> None:
    page = lab_page(visits, server, viewport={"width": 1920, "height": 1080})
    measured = page.evaluate(LIVE)
    print(measured)
    assert measured["units"] > 3000
    assert measured["paints"] > 20
    assert measured["median"] < 25
    assert measured["second"] < 50, "a frame takes as long as a long task; the first alone may, before it is compiled"
