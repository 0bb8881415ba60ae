"""Everybody can use the pages: by axe's rules, by keyboard alone, on a phone, with less motion."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import PHONE, SCHEMES, SIZES, overflow, violations
from tests.support.chat_page import ChatPage
from tests.support.outside import publish
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import Visits


@pytest.mark.parametrize("technique", some_now("socket-io"))
def test_a_page_in_use_pleases_axe_in_light_and_dark_and_fits_a_phone(
    visits: Visits, server: Server, room: str, technique: str, tmp_path: Path
) -> None:
    publish(server, room, "https://campus.example/" + "x" * 300)
    chat = visits.open(server.base, technique, room)
    chat.write("I take it.")
    chat.has("I take it.")
    chat.hook("exchanges").locator("summary").first.click()
    chat.hook("disconnect").click()
    chat.becomes("closed")
    chat.write("not sent yet")
    chat.has("not sent yet", "pending")
    for scheme in SCHEMES:
        chat.page.emulate_media(color_scheme=scheme)
        chat.page.screenshot(path=tmp_path / f"{technique}-{scheme}.png", full_page=True)
        assert violations(chat.page) == [], scheme
    for size in SIZES:
        chat.page.set_viewport_size(size)
        chat.page.screenshot(path=tmp_path / f"{technique}-{size['width']}.png", full_page=True)
        assert overflow(chat.page) == [], size


def test_axe_finds_nothing_on_the_overview(visits: Visits, server: Server, room: str, tmp_path: Path) -> None:
    publish(server, room, "Room 204 is free.")
    page = visits.person().new_page()
    page.goto(f"{server.base}/?room={room}")
    expect(page.locator("#rooms").get_by_text(room)).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"overview-{scheme}.png", full_page=True)
        assert violations(page) == [], scheme


def test_the_theme_and_the_projector_are_chosen_and_kept(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "sse", room, color_scheme="light")
    light, size = _background(chat.page), _font_size(chat.page)
    theme = chat.page.get_by_role("button", name="Theme")
    while "dark" not in theme.inner_text():
        theme.click()
    chat.hook("projector-switch").click()
    expect(chat.hook("projector-switch")).to_have_attribute("aria-pressed", "true")
    assert _background(chat.page) != light
    assert _font_size(chat.page) > size
    assert violations(chat.page) == []
    chat.page.get_by_role("navigation", name="Techniques").get_by_role("link", name="WebSocket").click()
    chat.page.wait_for_url("**/websocket?*")
    chat = ChatPage(chat.page, "websocket")
    expect(chat.hook("projector-switch")).to_have_attribute("aria-pressed", "true")
    assert _background(chat.page) != light


def test_all_is_done_by_keyboard_alone(visits: Visits, server: Server, room: str) -> None:
    page = visits.person().new_page()
    page.goto(f"{server.base}/short-polling?room={room}")
    chat = ChatPage(page, "short-poll")
    _tab_to(page, '[data-testid="name-input"]')
    page.keyboard.type("Li Na")
    page.keyboard.press("Enter")
    expect(chat.hook("compose-text")).to_be_focused()
    page.keyboard.type("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(chat.messages.locator(".text")).to_have_text([re.compile(r"^first line\nsecond line$")])
    expect(chat.hook("compose-text")).to_be_focused()
    chat.becomes("open")
    _tab_to(page, '[data-testid="exchanges"] summary')
    page.keyboard.press("Enter")
    expect(chat.hook("exchanges").locator("details[open]")).to_have_count(1)
    _tab_to(page, '[data-testid="disconnect"]')
    page.keyboard.press("Enter")
    chat.becomes("closed")
    _tab_to(page, '[data-testid="reconnect"]')
    page.keyboard.press("Enter")
    chat.becomes("open")
    _tab_to(page, 'nav a[href*="/sse"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/sse?*")
    chat = ChatPage(page, "sse")
    chat.becomes("open")
    expect(chat.messages).to_have_count(1)


def test_the_skip_links_lead_to_the_composer_and_to_the_lab(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "sse", room)
    chat.page.reload()
    chat.becomes("open")
    chat.page.keyboard.press("Tab")
    expect(chat.page.get_by_text("Skip to the conversation")).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(chat.page.get_by_text("Skip to the lab")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.hook("lab")).to_be_focused()
    chat.page.get_by_text("Skip to the conversation").press("Enter")
    expect(chat.hook("compose-text")).to_be_focused()


def test_nothing_moves_for_who_wants_less_motion(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "websocket", room, reduced_motion="reduce")
    chat.write("calm")
    chat.has("calm")
    moving = chat.page.evaluate(
        """() => [
            ...document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 1)
                .map((each) => each.effect.target.className),
            ...[...document.querySelectorAll("*")].filter((each) => {
                const seconds = getComputedStyle(each).transitionDuration.split(",").map(parseFloat);
                return Math.max(...seconds) > 0.001 || getComputedStyle(each).scrollBehavior === "smooth";
            }).map((each) => each.outerHTML.slice(0, 100)),
        ]"""
    )
    assert moving == []


@pytest.mark.long
def test_a_phone_scrolls_in_one_direction_only(visits: Visits, server: Server, room: str) -> None:
    publish(server, room, "a_word_without_end_" * 30)
    person = visits.person(viewport=PHONE, has_touch=True, is_mobile=True)
    chat = visits.open(server.base, "short-poll", room, person=person, name="A name as long as it may be " + "w" * 36)
    chat.write("by thumb")
    chat.has("by thumb")
    assert overflow(chat.page) == []
    chat.page.goto(f"{server.base}/?room={room}")
    expect(chat.page.locator("#rooms").get_by_text(room)).to_be_visible()
    assert overflow(chat.page) == []


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"120 times Tab do not lead to {selector}")


def _background(page: Page) -> str:
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return color


def _font_size(page: Page) -> float:
    size: float = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.text, textarea')).fontSize)")
    return size
