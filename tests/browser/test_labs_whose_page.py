"""The experiment "whose page is this": a page of another origin tries the account's doors, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_labs import WITHIN_MS, LabPage, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

REFUSED = re.compile(
    r"CORS policy|net::ERR_FAILED|Unexpected response code: 403|Failed to execute 'postMessage'|status of 403"
)
"""What Chromium writes of the doors that stay closed, and axe of frames."""
NUMBER = 9
OWN, TRIES = 3, 3
"""Of the seed 4711."""


def sign_in(lab: LabPage, name: str = "Amina") -> None:
    lab.hook("account-name").fill(name)
    lab.hook("sign-in").click()
    expect(lab.hook("run")).to_be_enabled()
    expect(lab.hook("account-of")).to_have_text(name)


def through(page: Page) -> dict[str, str | None]:
    """Return by door whether the other page got through."""
    rows = page.locator("[data-testid=doors] tr[data-door]").all()
    return {str(row.get_attribute("data-door")): row.get_attribute("data-through") for row in rows}


@pytest.mark.long
def test_another_origin_gets_in_where_the_server_does_not_look(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, NUMBER, allowed=REFUSED)
    lab.predict(doors=2, answered=1, bookings=OWN, status=1006)
    sign_in(lab)
    pin = lab.hook("account-pin").inner_text()
    lab.play()
    elsewhere = lab.page.frame_locator("[data-testid=elsewhere]")
    expect(elsewhere.get_by_test_id("spoils")).to_contain_text(pin)
    expect(elsewhere.locator("[data-door=checked]")).to_contain_text("1006")
    assert through(lab.page) == {"get": "false", "post": "false", "unchecked": "true", "checked": "false"}
    expect(lab.hook("bookings").locator("[data-foreign=true]")).to_have_count(TRIES)
    expect(lab.hook("bookings").locator("[data-foreign=false]")).to_have_count(OWN)
    assert {key: measured["value"] for key, measured in lab.kept(NUMBER)["measured"].items()} == {
        "doors": 1, "answered": 2, "bookings": OWN + TRIES, "status": 403,
    }  # fmt: skip
    assert {key: mark["mistake"] for key, mark in lab.kept(NUMBER)["marks"].items()} == {
        "doors": "sockets", "answered": "cors", "bookings": "own", "status": "close-code",
    }  # fmt: skip
    expect(lab.hook("hand-checked")).to_contain_text("HTTP/1.1 403")
    expect(lab.hook("hand-unchecked")).to_contain_text("HTTP/1.1 101")
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
    assert violations(lab.page) == []
    with lab.page.context.expect_page() as opened:
        lab.hook("in-window").click()
    expect(opened.value.get_by_test_id("spoils")).to_contain_text(pin)
    expect(lab.hook("bookings").locator("[data-foreign=true]")).to_have_count(2 * TRIES)


@pytest.mark.long
def test_it_is_played_again_by_keyboard_in_chinese_on_a_phone(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, NUMBER, viewport=SIZES[0], color_scheme="dark", locale="zh-CN", allowed=REFUSED)
    lab.predict(doors=1, answered=2, bookings=OWN + TRIES, status=403)
    lab.hook("account-name").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.hook("run")).to_be_enabled()
    lab.hook("run").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.hook("marks")).to_be_visible(timeout=WITHIN_MS)
    assert {mark["right"] for mark in lab.kept(NUMBER)["marks"].values()} == {True}
    lab.hook("run").press("Enter")
    expect(lab.hook("run")).to_be_disabled()
    expect(lab.hook("run")).to_be_enabled(timeout=WITHIN_MS)
    expect(lab.hook("bookings").locator("li")).to_have_count(OWN + TRIES)
    assert overflow(lab.page) == []
