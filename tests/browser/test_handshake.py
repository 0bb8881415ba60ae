"""The page of the opening handshake: its two messages, its calculator, and a handshake of the browser's own."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.accessibility import PHONE, SCHEMES, SIZES, overflow, violations
from tests.support.chromium import LAN_NAME
from tests.support.server import Server
from tests.support.visits import Visits

ARTICLE_KEY, ARTICLE_ACCEPT = "x3JJHMbDL1EzLkh9GBhXDw==", "HSmrc0sMlYUkAGmm5OPpG2HaGWk="
RFC_KEY, RFC_ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
WHAT_IS_SAID = ("What it says", "Who sets it", "Missing or wrong", "Source")
REFUSED = re.compile("WebSocket connection to ")
"""What Chromium itself writes to the console when a handshake fails."""

EACH_MEANING = """[...document.querySelectorAll("[data-testid='line']")].map(each => {
    each.focus();
    return document.querySelector("[data-testid='meaning']").innerText;
})"""

Open = Callable[..., Page]


def line(page: Page, text: str, number: int = 0) -> Locator:
    """Return the line with this text; `number` counts them where both messages have it."""
    return page.get_by_test_id("line").filter(has_text=text).nth(number)


def meaning(page: Page) -> Locator:
    return page.get_by_test_id("meaning")


def seen(page: Page, name: str) -> Locator:
    return page.get_by_test_id(f"seen-{name}")


def accept_of(key: str) -> str:
    return base64.b64encode(hashlib.sha1(f"{key}{GUID}".encode()).digest()).decode()


def test_each_line_says_what_it_means_and_the_key_becomes_the_accept_value(at_handshake: Open) -> None:
    page = at_handshake()
    lines = page.get_by_test_id("line")
    expect(lines.filter(has_text=ARTICLE_KEY)).to_have_attribute("aria-current", "true")
    assert lines.count() == 17
    line(page, "Origin: http://example.com").hover()
    expect(meaning(page)).to_contain_text("cross-site WebSocket hijacking")
    expect(line(page, "Sec-WebSocket-Origin")).to_have_attribute("data-pair", "true")
    for said in page.evaluate(EACH_MEANING):
        assert "RFC" in said
        assert all(title in said for title in WHAT_IS_SAID) or "Not in RFC 6455" in said
    expect(page.get_by_test_id("answer")).to_contain_text(f"Sec-WebSocket-Accept: {ARTICLE_ACCEPT}")
    page.get_by_test_id("key-rfc").click()
    expect(page.get_by_test_id("key-input")).to_have_value(RFC_KEY)
    expect(page.get_by_test_id("answer")).to_contain_text(f"Sec-WebSocket-Accept: {RFC_ACCEPT}")


def test_a_handshake_of_ones_own_shows_what_a_script_sees(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "first")).to_have_text('{"subprotocol":"chat","offered":["chat","superchat"]}')
    expect(seen(page, "protocol")).to_have_text('"chat"')
    expect(seen(page, "extensions")).to_have_text('"" (none)')
    expect(seen(page, "opened")).to_have_text(re.compile(r"^[0-9.]+ ms$"))
    page.get_by_test_id("attempt-close").click()
    expect(seen(page, "closed")).to_have_text("1000, clean")
    expect(page.get_by_test_id("attempt-open")).to_be_focused()


@pytest.mark.long
def test_the_steps_are_shown_from_the_key_to_the_answer(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("key-random").click()
    key = page.get_by_test_id("key-input").input_value()
    assert len(base64.b64decode(key, validate=True)) == 16
    expect(page.locator(".joined .text")).to_have_text([key, GUID])
    digest = hashlib.sha1(f"{key}{GUID}".encode()).digest()
    expect(page.get_by_test_id("digest").locator("li")).to_have_text([f"{byte:02x}" for byte in digest])
    groups = page.get_by_test_id("groups").locator("li")
    expect(groups).to_have_count(7)
    assert "".join(groups.locator(".four").all_text_contents()) == accept_of(key)
    bits = "".join(f"{byte:08b}" for byte in digest)
    sixes = "".join(groups.locator(".sixes").all_text_contents())
    assert sixes == f"{bits}00none"
    page.get_by_test_id("key-random").click()
    expect(page.get_by_test_id("key-input")).not_to_have_value(key)
    page.get_by_test_id("key-article").click()
    expect(page.get_by_test_id("answer")).to_contain_text(ARTICLE_ACCEPT)


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "why"),
    [("", "no key"), ("x3JJ", "these are 3"), ("x3JJHMbDL1E", "these are 11"), ("<b>x</b>", "“<”"), ("握手", "“握”")],
)
def test_what_is_not_a_key_is_answered_with_400(at_handshake: Open, key: str, why: str) -> None:
    page = at_handshake()
    page.get_by_test_id("key-input").fill(key)
    expect(page.get_by_test_id("key-verdict")).to_contain_text(why)
    expect(page.get_by_test_id("key-input")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_test_id("answer")).to_have_text("HTTP/1.1 400 Bad Request")
    expect(page.locator(".joined .text").first).to_have_text(key)
    page.get_by_test_id("key-input").fill(f" {ARTICLE_KEY} ")
    expect(page.get_by_test_id("key-input")).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_test_id("answer")).to_contain_text(ARTICLE_ACCEPT)


@pytest.mark.long
def test_what_older_drafts_sent_is_struck_through_and_says_why_it_is_gone(at_handshake: Open) -> None:
    page = at_handshake()
    for name in ("Sec-WebSocket-Origin", "Sec-WebSocket-Location"):
        expect(line(page, name).locator("s")).to_have_count(1)
        line(page, name).click()
        expect(meaning(page)).to_contain_text("Not in RFC 6455")
        expect(meaning(page)).to_contain_text("draft 04")


@pytest.mark.long
def test_the_lines_are_gone_through_by_keyboard(at_handshake: Open) -> None:
    page = at_handshake()
    line(page, "GET /chat").focus()
    page.keyboard.press("ArrowUp")
    expect(line(page, "GET /chat")).to_be_focused()
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    expect(line(page, "HTTP/1.1 101")).to_be_focused()
    expect(meaning(page)).to_contain_text("no longer HTTP")
    page.keyboard.press("Shift+Tab")
    expect(line(page, "an empty line")).to_be_focused()
    expect(meaning(page)).to_contain_text("ends the request")


@pytest.mark.long
def test_on_a_phone_the_meaning_opens_under_the_line_that_was_tapped_and_the_line_stays_there(
    at_handshake: Open,
) -> None:
    page = at_handshake(viewport=PHONE, has_touch=True, is_mobile=True)
    tapped = line(page, "Sec-WebSocket-Accept")
    tapped.scroll_into_view_if_needed()
    before = tapped.evaluate("element => element.getBoundingClientRect().top")
    tapped.tap()
    expect(page.locator("li").filter(has=tapped).get_by_test_id("meaning")).to_contain_text("SHA-1 of the key")
    assert abs(tapped.evaluate("element => element.getBoundingClientRect().top") - before) < 2
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("#meaning-place").get_by_test_id("meaning")).to_be_visible()


@pytest.mark.long
def test_what_is_offered_is_chosen_by_hand_and_shown_as_code(at_handshake: Open) -> None:
    page = at_handshake()
    page.get_by_test_id("offer-chat").uncheck()
    page.get_by_test_id("offer-other").fill("soap")
    expect(page.get_by_test_id("attempt-code")).to_contain_text('/api/handshake/ws", ["superchat", "soap"])')
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "first")).to_have_text('{"subprotocol":"superchat","offered":["superchat","soap"]}')
    page.get_by_test_id("attempt-close").click()
    page.get_by_test_id("offer-superchat").uncheck()
    page.get_by_test_id("offer-other").fill("")
    expect(page.get_by_test_id("attempt-code")).to_have_text(re.compile(r"/api/handshake/ws\"\)$"))
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "first")).to_have_text('{"subprotocol":null,"offered":[]}')
    expect(seen(page, "protocol")).to_have_text('"" (none)')


@pytest.mark.long
def test_when_none_of_what_was_offered_is_chosen_the_browser_fails_the_connection(at_handshake: Open) -> None:
    page = at_handshake(allowed=REFUSED)
    page.get_by_test_id("offer-chat").uncheck()
    page.get_by_test_id("offer-superchat").uncheck()
    page.get_by_test_id("offer-other").fill("soap")
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "closed")).to_have_text("1006, not clean")
    expect(page.get_by_test_id("attempt-status")).to_contain_text("a browser does not")
    expect(seen(page, "protocol")).to_have_text("n/a")


@pytest.mark.long
@pytest.mark.parametrize("name", ["two words", "chat", "a,b"])
def test_a_name_that_cannot_be_offered_is_refused_by_the_browser_itself(at_handshake: Open, name: str) -> None:
    page = at_handshake()
    page.get_by_test_id("offer-other").fill(name)
    page.get_by_test_id("attempt-open").click()
    expect(page.get_by_test_id("attempt-status")).to_contain_text("throws SyntaxError")
    expect(page.get_by_test_id("attempt-open")).to_be_enabled()


@pytest.mark.long
def test_when_the_server_stops_the_script_reads_code_and_reason_and_then_nobody_answers(visits: Visits) -> None:
    with Server() as server:
        page = visits.person(allowed=REFUSED).new_page()
        page.goto(f"{server.base}/handshake")
        page.get_by_test_id("attempt-open").click()
        expect(seen(page, "first")).to_contain_text("chat")
        server.interrupt()
        expect(seen(page, "closed")).to_have_text(re.compile("^1012 “the server is stopping”"))
        expect(page.get_by_test_id("attempt-status")).to_contain_text("The server restarts.")
        page.get_by_test_id("attempt-open").click()
        expect(seen(page, "closed")).to_have_text("1006, not clean")
        expect(page.get_by_test_id("attempt-status")).to_contain_text("nobody answers")


@pytest.fixture
def lan_server() -> Iterator[Server]:
    with Server("memory", "--host", "0.0.0.0", "--allow-host", LAN_NAME) as server:
        yield server


@pytest.mark.long
def test_everything_works_without_a_secure_context(at_handshake: Open, lan_server: Server) -> None:
    page = at_handshake(f"http://{LAN_NAME}:{lan_server.port}")
    assert page.evaluate("[isSecureContext, crypto.subtle === undefined]") == [False, True]
    page.get_by_test_id("key-random").click()
    key = page.get_by_test_id("key-input").input_value()
    expect(page.get_by_test_id("answer")).to_contain_text(accept_of(key))
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "protocol")).to_have_text('"chat"')


@pytest.mark.long
def test_the_page_pleases_axe_in_light_and_dark_and_fits_every_size(at_handshake: Open, tmp_path: Path) -> None:
    page = at_handshake()
    page.get_by_test_id("key-input").fill("not a key")
    page.get_by_test_id("attempt-open").click()
    expect(seen(page, "first")).to_contain_text("chat")
    line(page, "Sec-WebSocket-Location").click()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"handshake-{scheme}.png", full_page=True)
        assert violations(page) == [], scheme
    for size in SIZES:
        page.set_viewport_size(size)
        page.screenshot(path=tmp_path / f"handshake-{size['width']}.png", full_page=True)
        assert violations(page) == [], size
        assert overflow(page) == [], size


@pytest.mark.long
@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 1920, "height": 1080}])
def test_on_a_projector_the_header_is_one_line_and_both_messages_are_seen_at_once(
    at_handshake: Open, size: dict[str, int]
) -> None:
    page = at_handshake(viewport=size)
    seen = "[...document.querySelectorAll('.site nav a')].filter(each => each.getClientRects().length > 0)"
    tops = f"{seen}.map(each => Math.round(each.getBoundingClientRect().top))"
    assert len(set(page.evaluate(tops))) == 1
    page.get_by_test_id("projector-switch").click()
    assert len(set(page.evaluate(tops))) == 1
    expect(line(page, "GET /chat")).to_be_in_viewport()
    expect(page.get_by_test_id("line").last).to_be_in_viewport(ratio=1)
    assert overflow(page) == []
    assert violations(page) == []
