"""The page's console: lessons as a class goes through them, bytes of one's own, and a browser's own handshake."""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.accessibility import PHONE, SCHEMES, SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
RFC_KEY, RFC_ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
DIFFERENT = {"version", "http-1-0", "length", "long-form", "engine-io"}
"""Lessons in which the server does not do what the standard says; each must say so."""
REFUSED = re.compile("403|WebSocket connection to |503 ")

Open = Callable[..., Page]


def verdict(page: Page) -> Locator:
    return page.get_by_test_id("lesson-verdict")


def units(page: Page) -> Locator:
    """The rows of what crossed the connection that is looked at."""
    return page.get_by_test_id("crossed-unit").filter(visible=True)


def remarks(page: Page) -> Locator:
    return page.get_by_test_id("crossed-remark").filter(visible=True)


def go_through(page: Page, name: str) -> None:
    """Choose a lesson, send each of its steps, and hold every answer to what was expected."""
    page.get_by_test_id(f"lesson-{name}").click()
    expect(verdict(page)).to_contain_text("The editor is filled.")
    while True:
        page.get_by_test_id("send").click()
        expect(verdict(page)).to_contain_text("As expected: ")
        if not page.get_by_test_id("lesson-next").is_visible():
            return
        page.get_by_test_id("lesson-next").click()


def test_the_rfcs_handshake_and_its_masked_hello_are_sent_by_hand_and_come_back(at_handshake: Open) -> None:
    page = at_handshake()
    go_through(page, "echo")
    expect(units(page).locator(".what")).to_have_text(
        [
            "GET handshake/ws",
            "101 Switching Protocols",
            re.compile("^text frame"),
            "text frame: 5 bytes of text",
            "text frame: 5 bytes of text",
        ]
    )
    expect(page.get_by_test_id("hex")).to_have_value("81 85 37 fa 21 3d 7f 9f 4d 51 58")
    view = page.locator("#by-hand").get_by_test_id("unit-view")
    expect(view.get_by_test_id("bytes")).to_contain_text("Hello")
    units(page).nth(1).click()
    expect(view.get_by_test_id("bytes")).to_contain_text("HTTP/1.1 101")
    expect(page.locator("#by-hand").get_by_test_id("accept-verdict")).to_contain_text("They match")


@pytest.mark.long
def test_every_lesson_comes_as_it_says_and_tells_where_the_server_is_other_than_the_standard(
    at_handshake: Open,
) -> None:
    page = at_handshake()
    chips = page.locator(".lesson-choices button").all()
    names = [(chip.get_attribute("data-testid") or "").removeprefix("lesson-") for chip in chips]
    assert len(names) == 27
    for name in names:
        page.get_by_test_id(f"lesson-{name}").click()
        said = ""
        while True:
            page.get_by_test_id("send").click()
            expect(verdict(page)).to_contain_text("As expected: ")
            said += page.get_by_test_id("lesson-differs").inner_text()
            if not page.get_by_test_id("lesson-next").is_visible():
                break
            page.get_by_test_id("lesson-next").click()
        assert ("Other than the standard" in said) == (name in DIFFERENT), name


@pytest.mark.long
def test_an_answer_that_is_not_the_one_expected_is_said_to_be_none(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("lesson-echo").click()
    page.get_by_test_id("lines").fill("GET /nothing HTTP/1.1\nHost: 127.0.0.1\n\n")
    page.get_by_test_id("send").click()
    expect(verdict(page)).to_have_text("Not as expected: 404 Not Found.")
    page.get_by_test_id("lesson-again").click()
    expect(verdict(page)).to_contain_text("The editor is filled.")
    expect(page.get_by_test_id("lines")).to_have_value(re.compile("^GET /api/handshake/ws"))


@pytest.mark.long
def test_a_frame_for_a_connection_that_is_gone_is_not_sent(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("lesson-ping").click()
    page.get_by_test_id("send").click()
    page.get_by_test_id("lesson-next").click()
    page.get_by_test_id("reset").click()
    expect(remarks(page).last).to_contain_text("broken off (RST)")
    page.get_by_test_id("send").click()
    expect(verdict(page)).to_contain_text("begin the lesson again")
    expect(units(page)).to_have_count(3)


@pytest.mark.long
def test_on_a_phone_the_verdict_is_in_sight_where_send_is_far_below(at_handshake: Open) -> None:
    page = at_handshake(viewport=PHONE)
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("lesson-next")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("lesson-next").click()
    expect(page.get_by_test_id("send")).to_be_focused()
    expect(page.get_by_test_id("send")).to_be_in_viewport(ratio=1)


@pytest.mark.long
def test_a_wrong_accept_value_is_found_out_and_computed_step_by_step(at_handshake: Open) -> None:
    page = at_handshake()
    go_through(page, "wrong-accept")
    by_hand = page.locator("#by-hand")
    expect(by_hand.get_by_test_id("accept-verdict")).to_contain_text("Mismatch: the client must fail the connection")
    by_hand.get_by_test_id("compare-key").fill(RFC_KEY)
    expect(by_hand.get_by_test_id("accept-verdict")).to_contain_text("They match")
    by_hand.get_by_test_id("compute-it").click()
    expect(page.get_by_test_id("key-input")).to_have_value(RFC_KEY)
    expect(page.get_by_test_id("key-input")).to_be_focused()
    expect(page.locator("#steps")).to_contain_text("On the wire came just this.")
    expect(page.get_by_test_id("answer")).to_contain_text(RFC_ACCEPT)


@pytest.mark.long
def test_lines_are_shown_as_they_are_sent_and_what_is_no_hex_cannot_be(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("lines").fill("GET /<b>x</b> HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n")
    shown = page.get_by_test_id("shown-lines")
    expect(shown.locator(".line-end")).to_have_text(["CRLF"] * 4)
    expect(shown).to_contain_text("GET /<b>x</b> HTTP/1.1")
    page.get_by_test_id("bare-lf").check()
    expect(shown.locator(".line-end")).to_have_text(["LF"] * 4)
    page.get_by_test_id("bare-lf").uncheck()
    page.get_by_test_id("lines").press("Control+Enter")
    expect(units(page)).to_have_text([re.compile(re.escape("GET /<b>x</b>")), re.compile("404 Not Found")])
    expect(remarks(page).last).to_contain_text("ended in peace")
    page.get_by_test_id("mode-bytes").click()
    page.get_by_test_id("hex").fill("81 0x")
    expect(page.get_by_test_id("editor-problem")).to_contain_text("“x” is no hexadecimal digit.")
    page.get_by_test_id("send").click()
    expect(remarks(page)).to_have_count(2)


@pytest.mark.long
def test_a_frame_is_built_of_its_parts(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("mode-bytes").click()
    frame = page.get_by_test_id("hex")
    page.get_by_test_id("frame-payload").fill("Hello")
    page.get_by_test_id("frame-opcode").select_option("1")
    expect(frame).to_have_value("81 85 37 fa 21 3d 7f 9f 4d 51 58")
    page.get_by_test_id("frame-mask").uncheck()
    expect(frame).to_have_value("81 05 48 65 6c 6c 6f")
    page.get_by_test_id("frame-fin").uncheck()
    page.get_by_test_id("frame-rsv1").check()
    page.get_by_test_id("frame-opcode").select_option("9")
    page.get_by_test_id("frame-payload-kind").select_option("hex")
    page.get_by_test_id("frame-payload").fill("03 e8")
    expect(frame).to_have_value("49 02 03 e8")
    expect(page.get_by_test_id("not-built")).to_be_empty()
    frame.fill("49 02 03 e9")
    expect(page.get_by_test_id("not-built")).to_contain_text("not the bytes of the frame built above")
    page.get_by_test_id("frame-mask").check()
    page.get_by_test_id("frame-key").fill("01 02")
    expect(page.locator(".frame-builder .problem")).to_contain_text("it has 4 bytes; these are 2")
    expect(frame).to_have_value("")


@pytest.mark.long
def test_four_connections_stand_side_by_side_and_are_gone_through_by_keyboard(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("send").click()
    expect(units(page)).to_have_count(3)
    for _ in range(3):
        page.get_by_test_id("another-connection").click()
    expect(page.get_by_test_id("another-connection")).to_be_hidden()
    expect(units(page)).to_have_count(0)
    page.get_by_test_id("connection-4").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("connection-1")).to_be_focused()
    expect(page.get_by_test_id("connection-1")).to_have_attribute("aria-selected", "true")
    expect(units(page)).to_have_count(3)
    units(page).first.focus()
    page.keyboard.press("ArrowDown")
    expect(units(page).nth(1)).to_be_focused()
    expect(units(page).nth(1)).to_have_attribute("aria-current", "true")
    assert [row.get_attribute("tabindex") for row in units(page).all()] == ["-1", "0", "-1"]


@pytest.mark.long
def test_at_a_lab_port_this_browsers_own_handshake_is_shown_and_computed(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("lab-open").click()
    expect(page.get_by_test_id("lab-state")).to_contain_text("at a lab port")
    live = page.locator("#live")
    for _ in range(2):  # another one takes the first one's place
        before = live.get_by_test_id("compare-key").input_value()
        live.get_by_test_id("live-open").click()
        expect(live.get_by_test_id("compare-key")).not_to_have_value(before)
    key = live.get_by_test_id("compare-key").input_value()
    accept = base64.b64encode(hashlib.sha1(f"{key}{GUID}".encode()).digest()).decode()
    expect(live.get_by_test_id("accept-verdict")).to_contain_text("They match")
    request, answer = live.locator("section").all()
    expect(request.locator(".explained-lines")).to_contain_text(f"Sec-WebSocket-Key: {key}")
    expect(request.locator(".explained-lines")).to_contain_text("User-Agent: ")
    expect(answer.locator(".explained-lines")).to_contain_text(f"Sec-WebSocket-Accept: {accept}")
    expect(request.get_by_test_id("bytes")).to_contain_text("GET /api/handsha")
    expect(page.get_by_test_id("seen-protocol")).to_have_text('"chat"')
    live.get_by_test_id("compute-it").click()
    expect(page.get_by_test_id("answer")).to_contain_text(accept)
    expect(page.locator("#steps")).to_contain_text("On the wire came just this.")
    go_through(page, "echo")
    assert violations(page) == []
    assert overflow(page) == []


@pytest.mark.long
def test_without_lab_ports_the_door_says_so(at_handshake: Open) -> None:
    with Server("memory", "--lab-ports", "none") as server:
        page = at_handshake(server.base, allowed=REFUSED)
        page.get_by_test_id("lab-open").click()
        expect(page.get_by_test_id("lab-door-said")).to_have_text("This server has no lab ports (--lab-ports).")


@pytest.mark.long
def test_when_the_server_stops_the_conversation_says_so(visits: Visits) -> None:
    with Server() as server:
        page = visits.person(allowed=REFUSED).new_page()
        page.goto(f"{server.base}/handshake")
        page.get_by_test_id("send").click()
        expect(verdict(page)).to_contain_text("As expected: ")
        server.interrupt()
        expect(remarks(page).last).to_have_text(re.compile("stopping|ended in peace"))
        page.get_by_test_id("lesson-echo").click()
        page.get_by_test_id("send").click()
        expect(verdict(page)).to_contain_text("Not as expected: the end of the connection")
        expect(remarks(page).last).to_contain_text("No way to the server")


@pytest.mark.long
@pytest.mark.parametrize("name", ["wrong-accept", "length", "engine-io"])
def test_it_pleases_axe_in_light_and_dark_and_fits_every_size(at_handshake: Open, name: str, tmp_path: Path) -> None:
    page = at_handshake(viewport=PHONE)
    go_through(page, name)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    for size in SIZES:
        page.set_viewport_size(size)
        page.locator("#by-hand").screenshot(path=tmp_path / f"{name}-{size['width']}.png")
        assert violations(page) == [], size
        assert overflow(page) == [], size
    page.get_by_test_id("projector-switch").click()
    assert overflow(page) == []
    assert violations(page) == []
