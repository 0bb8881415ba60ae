"""The wire panel, on a page of its own under the server's address: units in literal bytes, and how they are shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.wire_units import EVENT_FIELDS, FRAME, REQUEST_LABEL, UNITS, Json, in_full, news, unit
from tests.support.accessibility import SCHEMES, SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

Opened = Callable[..., Page]

POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'"
HTML = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The wire</title><link rel="icon" href="static/icon.svg"><link rel="stylesheet" href="static/css/base.css">
<link rel="stylesheet" href="static/css/page.css"><link rel="stylesheet" href="static/css/wire.css">
<script type="module" src="wire-panel.js"></script>
<body data-technique="sse"><main><h1>Server-Sent Events</h1><div id="wire"></div></main>"""
SCRIPT = """
import { createTrafficStore } from "./static/js/lab/traffic-store.js";
import { createWirePanel } from "./static/js/wire/panel.js";
const store = createTrafficStore();
const read = new Map();
const readUnit = async (unit) => {
  if (!read.has(unit.key)) throw new Error("the server does not answer");
  return { unit, ...read.get(unit.key) };
};
window.store = store;
window.read = read;
window.panel = createWirePanel(document.getElementById("wire"), { store, readUnit, technique: "sse" });
"""
FRAMES_LATER = """async () => {
  for (let frame = 0; frame < 15; frame += 1) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def opened(visits: Visits, server: Server) -> Opened:
    """A function that opens the panel, for a visitor with Playwright's options."""

    def open_page(units: list[Json], **options: Any) -> Page:
        page = visits.person(**options).new_page()
        headers = {"Content-Security-Policy": POLICY}
        page.route("**/wire-panel", lambda route: _fulfil(route, "text/html", HTML, headers))
        page.route("**/wire-panel.js", lambda route: _fulfil(route, "text/javascript", SCRIPT, headers))
        page.goto(f"{server.base}/wire-panel")
        expect(page.get_by_test_id("units-empty")).to_contain_text("Nothing has crossed the wire yet.")
        full = {f"{each['connection']}/{each['number']}": in_full(each) for each in units}
        page.evaluate("full => Object.entries(full).forEach(([key, each]) => read.set(key, each))", full)
        if units:
            page.evaluate("news => store.take(news)", news(units))
        return page

    return open_page


def _fulfil(route: Route, content_type: str, body: str, headers: dict[str, str]) -> None:
    route.fulfill(body=body, content_type=content_type, headers=headers)


def row(page: Page, label: str) -> Locator:
    return page.get_by_test_id("units").get_by_role("option", name=label)


def choose(page: Page, label: str) -> None:
    """Open a unit from the list, and wait for its bytes or fields."""
    row(page, label).click()
    expect(page.get_by_test_id("unit-view").get_by_role("heading", name=label)).to_be_visible()


def cell(page: Page, name: str, column: int) -> Locator:
    return page.get_by_test_id("totals").get_by_role("row", name=name).get_by_role("cell").nth(column)


def test_a_chosen_unit_is_shown_byte_by_byte_and_each_field_says_what_it_is(opened: Opened) -> None:
    page = opened(UNITS)
    choose(page, "text frame")
    lines = page.get_by_test_id("bytes").locator(".byte-row").all_text_contents()
    assert lines == ["0000" + "81" + "85" + "37 fa 21 3d" + "7f 9f 4d 51 58" + "··7·!=··MQX"]
    page.get_by_test_id("bytes").get_by_text("37 fa 21 3d").hover()
    explanation = page.get_by_test_id("explanation")
    expect(explanation).to_contain_text("masking key")
    expect(explanation).to_contain_text("bytes 2–5 (4)")
    assert page.locator(".lit").all_text_contents() == ["37 fa 21 3d", "7·!=", "masking key37 fa 21 3d"]
    page.get_by_test_id("bytes").get_by_text("81").hover()
    expect(explanation.locator(".bit-part")).to_have_text(["1FIN", "0RSV1", "0RSV2", "0RSV3", "0001opcode"])
    expect(explanation).to_contain_text("1, the last fragment")


@pytest.mark.long
def test_it_pleases_axe_in_light_and_dark_and_fits_every_window(opened: Opened, tmp_path: Path) -> None:
    page = opened([])
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"nothing-{scheme}.png", full_page=True)
        assert violations(page) == [], scheme
    page = opened(UNITS)
    page.get_by_test_id("units-page").click()
    for label in ("text frame", "message k3f9-42", "not understood", "page.js"):
        choose(page, label)
        page.get_by_test_id("bytes").focus()
        page.keyboard.press("ArrowRight")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=tmp_path / f"{label.replace(' ', '-')}-{scheme}.png", full_page=True)
            assert violations(page) == [], (label, scheme)
        for projector in ("false", "true"):
            page.evaluate("on => (document.documentElement.dataset.projector = on)", projector)
            for size in SIZES:
                page.set_viewport_size(size)
                page.screenshot(path=tmp_path / f"{label.replace(' ', '-')}-{size['width']}-{projector}.png")
                assert overflow(page) == [], (label, size, projector)
        page.evaluate("document.documentElement.dataset.projector = 'false'")


@pytest.mark.long
def test_the_fields_are_gone_along_by_keyboard_at_one_tab_stop(opened: Opened) -> None:
    page = opened(UNITS)
    choose(page, "message k3f9-42")
    page.get_by_role("button", name="Copy the bytes in hex").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("bytes")).to_be_focused()
    heading = page.get_by_test_id("explanation").get_by_role("heading")
    aloud = page.locator(".explanation-place [aria-live='polite']")
    for key, name in (("ArrowRight", "chunk size"), ("ArrowRight", "id"), ("ArrowLeft", "chunk size")):
        page.keyboard.press(key)
        expect(heading).to_have_text(name)
    expect(aloud).to_have_text(
        "chunk size: 59 bytes follow. What a chunk size is for. Framing, bytes 0–3 (4). RFC 9112 section 7.1."
    )
    page.keyboard.press("End")
    expect(heading).to_have_text("end of the chunk")
    page.get_by_test_id("fields").get_by_text("message", exact=True).hover()
    expect(heading).to_have_text("message")
    expect(aloud).to_contain_text("end of the chunk")
    page.get_by_role("heading", name="Server-Sent Events").hover()
    expect(heading).to_have_text("end of the chunk")  # which was gone to; the other one only pointed at
    page.keyboard.press("Home")
    expect(heading).to_have_text("chunk size")
    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("totals-scope")).to_be_focused()


@pytest.mark.long
def test_the_byte_under_the_pointer_is_marked_in_hex_and_in_text(opened: Opened) -> None:
    page = opened(UNITS)
    choose(page, "message k3f9-42")
    key = page.locator(".text [data-field='1']").first  # "id: k3f9-42" from the row's fifth byte on
    box = key.bounding_box()
    assert box is not None
    key.hover(position={"x": 4.5 * box["width"] / 12, "y": 5})
    marks = page.locator(".byte-mark")
    expect(marks).to_have_count(2)
    assert [mark.evaluate("mark => mark.style.left") for mark in marks.all()] == ["24ch", "8ch"]


@pytest.mark.long
def test_the_list_is_a_listbox_that_filters_and_can_be_held(opened: Opened) -> None:
    page = opened(UNITS)
    labels = page.get_by_test_id("units").get_by_role("option").locator(".what")
    expect(labels).to_have_text(
        ["304, empty", "not understood, cut off", "text frame", "message k3f9-42", REQUEST_LABEL]
    )
    expect(row(page, "304")).to_have_attribute("data-quiet", "true")
    units = page.get_by_test_id("units")
    chosen = units.get_by_role("option", selected=True)
    units.focus()
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowUp"):
        page.keyboard.press(key)
    at = units.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{at}")).to_contain_text("message k3f9-42")
    expect(chosen).to_have_count(0)
    page.keyboard.press("Enter")
    expect(chosen).to_contain_text("message k3f9-42")
    expect(page.get_by_test_id("unit-view").get_by_role("heading", name="message k3f9-42")).to_be_visible()
    page.get_by_test_id("units-heartbeat").click()
    expect(labels).to_have_count(6)
    page.get_by_test_id("units-own").click()
    expect(labels).to_have_text(["comment"])
    page.get_by_test_id("units-heartbeat").click()
    expect(page.get_by_test_id("units-empty")).to_contain_text("Technique's own (5), Page's files (1), Heartbeats (1)")
    page.get_by_test_id("units-own").click()
    page.get_by_test_id("units-hold").click()
    more = [*UNITS, unit(8, EVENT_FIELDS, label="message k3f9-43")]
    page.evaluate("news => store.take(news)", news(more) | {"units": news(more)["units"][-1:]})
    expect(page.get_by_test_id("units-own")).to_contain_text("6")
    expect(labels).to_have_count(5)
    page.get_by_test_id("units-hold").click()
    expect(labels.first).to_have_text("message k3f9-43")
    expect(chosen).to_contain_text("message k3f9-42")


@pytest.mark.long
def test_the_totals_add_up_to_what_the_relay_counted_or_say_that_they_do_not(opened: Opened) -> None:
    page = opened(UNITS)
    verdict = page.get_by_test_id("totals-verdict")
    expect(cell(page, "HTTP headers", 0)).to_have_text("99")
    expect(cell(page, "All else", 1)).to_have_text("65\u202f574")
    expect(cell(page, "Together", 2)).to_have_text("167")
    expect(verdict).to_have_text("✓ adds up")
    scope = page.get_by_test_id("totals-scope")
    names = scope.locator("option").all_text_contents()
    assert names[:3] == ["SSE, with publishing", "All that crossed", "#4 open, WebSocket, 11 B"]
    scope.select_option("4")
    expect(cell(page, "Payload", 3)).to_have_text("45.5 %")
    expect(cell(page, "The relay counted", 2)).to_have_text("11")
    scope.select_option("all")
    expect(page.get_by_role("row", name="Under way")).to_have_count(0)
    page.evaluate("news => store.take(news)", news(UNITS, uncounted=12) | {"units": []})
    expect(verdict).to_have_text("≠ does not add up: ↓ 12 B in no unit")
    waiting = news(UNITS, uncounted=12) | {"units": []}
    waiting["connections"][0] |= {"waiting": {"up": 0, "down": 12}, "end": "reset"}
    page.evaluate("news => store.take(news)", waiting)
    expect(cell(page, "Under way", 1)).to_have_text("12")
    expect(verdict).to_have_text("✓ adds up")
    expect(scope.locator("option").last).to_have_text("#1 cut by RST, page, 64.0 KiB")


@pytest.mark.long
def test_bytes_that_are_gone_and_a_server_that_does_not_answer_are_said(opened: Opened) -> None:
    page = opened(UNITS)
    page.evaluate("full => read.set('3/3', full)", in_full(UNITS[2], kept=False))
    choose(page, "message k3f9-42")
    expect(page.get_by_text("These bytes are no longer kept.")).to_be_visible()
    expect(page.get_by_test_id("bytes")).to_be_hidden()
    expect(page.get_by_test_id("fields").get_by_role("listitem")).to_have_count(6)
    page.get_by_test_id("fields").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("explanation")).to_contain_text("59 bytes follow")
    assert violations(page) == []
    page.evaluate("read.clear()")
    row(page, "text frame").click()
    expect(page.get_by_test_id("unit-empty")).to_contain_text("could not be read: the server does not answer.")
    expect(page.get_by_test_id("fields")).to_be_hidden()


@pytest.mark.long
def test_a_long_unit_is_shown_a_piece_at_first_and_whole_on_demand(opened: Opened) -> None:
    page = opened(UNITS, viewport={"width": 1280, "height": 800})
    page.get_by_test_id("units-page").click()
    choose(page, "page.js")
    lines = page.locator(".byte-row")
    expect(lines).to_have_count(4096 // 16)
    page.locator("[data-field='0']").first.hover()
    page.get_by_test_id("bytes").focus()
    page.keyboard.press("End")  # to a field that is not among them
    expect(lines).to_have_count(65_536 // 16 + 1)
    expect(page.get_by_test_id("bytes").get_by_text("65 6e 64")).to_be_in_viewport()
    expect(page.get_by_test_id("show-all")).to_be_hidden()
    page.evaluate(FRAMES_LATER)  # now the pointer, at rest, is over another field
    expect(page.get_by_test_id("explanation").get_by_role("heading")).to_have_text("rest")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(lines).to_have_count(65_536 // 8 + 1)
    assert overflow(page) == []
    choose(page, "text frame")
    expect(lines).to_have_count(2)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(lines).to_have_count(1)


@pytest.mark.long
def test_fifty_units_a_second_do_not_hold_up_the_page(opened: Opened, chromium: Browser) -> None:
    page = opened(UNITS)
    five = news([unit(number, EVENT_FIELDS) for number in range(1000, 1005)])
    chromium.start_tracing(page=page, categories=["toplevel"])
    page.evaluate(
        """five => new Promise((done) => {
            let told = 0;
            const timer = setInterval(() => {
                told += 1;
                store.take({...five, units: five.units.map((each) => ({...each, number: each.number + 5 * told}))});
                if (told < 50) return;
                clearInterval(timer);
                done();
            }, 100);
        })""",
        five,
    )
    traced = json.loads(chromium.stop_tracing())["traceEvents"]
    expect(page.get_by_test_id("units").get_by_role("option")).to_have_count(200)
    names = [each for each in traced if each["name"] == "thread_name"]
    threads = {(each["pid"], each["tid"]) for each in names if each["args"]["name"] == "CrRendererMain"}
    of_the_page = [each for each in traced if (each["pid"], each["tid"]) in threads]
    tasks = [each["tdur"] / 1000 for each in of_the_page if each["name"].endswith("RunTask") and "tdur" in each]
    assert len(tasks) > 50
    assert max(tasks) < 50, "milliseconds of processor time, so that what else the machine does is not counted"


@pytest.mark.long
def test_the_bytes_are_copied_in_hex_where_there_is_no_clipboard(opened: Opened) -> None:
    page = opened(UNITS)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    choose(page, "text frame")
    copy = page.get_by_role("button", name="Copy the bytes in hex")
    copy.click()
    expect(copy).to_have_text("Copied")
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("textarea")).to_have_value(FRAME.hex(" "))
