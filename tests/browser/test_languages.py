"""The pages in both languages: all of a page in the one that was chosen, which is remembered, or the browser's own."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.chat_page import PAGES
from tests.support.server import Server
from tests.support.visits import Visits

LANG = Path(__file__).parents[2] / "static" / "lang"
ENGLISH = json.loads((LANG / "en.json").read_text())
CHINESE = json.loads((LANG / "zh.json").read_text())
BETWEEN = re.compile(r"\{\w+\}|`[^`]*`")
"""Places, and code, which is the same in both languages."""
RAW_KEY = re.compile(r"^(?!ws\.)[a-z-]+(?:\.[a-z_-]+)+$", re.MULTILINE)
"""`ws.protocol` is what a script writes."""
NO_REPORT = re.compile(r"status of 404")
"""The page in place of the report comes with it."""
TELLING = 20
"""Characters; a shorter text may well be the same in both languages."""
OTHER_PAGES = ["", "compare", "handshake", "report"]
NOW = "short-polling"
ALL = [pytest.param(each, marks=() if each == NOW else pytest.mark.long) for each in [*PAGES.values(), *OTHER_PAGES]]
"""Of the pages, one for `make test`, all for `make test-long`."""


def forms(text: str | dict[str, str]) -> list[str]:
    """Return a text in all its plurals."""
    return [text] if isinstance(text, str) else list(text.values())


def telling() -> list[str]:
    """Return what is English alone: what stands in the texts between their places, where it is too long for a name."""
    parts = [
        (part.strip(), " ".join(forms(CHINESE[key])))
        for key, text in ENGLISH.items()
        for form in forms(text)
        for part in BETWEEN.split(form)
    ]
    return [part for part, chinese in parts if len(part) > TELLING and part not in chinese]


def opened(visits: Visits, address: str, **options: str) -> Page:
    """Open a page and wait until it is built."""
    page = visits.person(allowed=NO_REPORT, **options).new_page()
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    return page


@pytest.mark.parametrize("path", ALL)
def test_a_page_in_chinese_is_in_chinese_alone(visits: Visits, server: Server, room: str, path: str) -> None:
    page = opened(visits, f"{server.base}/{path}?lang=zh&room={room}")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    visible = page.locator("body").inner_text()
    assert re.search(r"[\u4e00-\u9fff]", visible)
    assert RAW_KEY.findall(page.title()) == []
    assert RAW_KEY.findall(visible) == []
    assert [part for part in telling() if part in visible] == []


@pytest.mark.long
@pytest.mark.parametrize("path", [*PAGES.values(), *OTHER_PAGES])
def test_no_page_in_english_shows_a_key_or_chinese(visits: Visits, server: Server, room: str, path: str) -> None:
    page = opened(visits, f"{server.base}/{path}?lang=en&room={room}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visible = page.locator("body").inner_text()
    assert RAW_KEY.findall(visible) == []
    assert set(re.findall(r"[\u4e00-\u9fff]+", visible)) <= {"中"}  # of the switch


@pytest.mark.long
def test_the_switch_changes_the_language_for_all_pages_and_is_remembered(visits: Visits, server: Server) -> None:
    page = opened(visits, f"{server.base}/?lang=en", locale="en-US")
    expect(page.get_by_test_id("language-en")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("language-zh").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_contain_text("五种推送方式")
    assert "lang=" not in page.url
    page.goto(f"{server.base}/report")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_test_id("language-en").click()
    expect(page.locator("h1")).to_contain_text("No report yet")


@pytest.mark.long
@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh-Hans"), ("en-GB", "en"), ("fr-FR", "en")])
def test_without_a_choice_the_browser_s_language_counts(visits: Visits, server: Server, locale: str, lang: str) -> None:
    page = opened(visits, f"{server.base}/", locale=locale)
    expect(page.locator("html")).to_have_attribute("lang", lang)
