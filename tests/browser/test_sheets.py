"""The labs on paper: the student's sheet and the teacher's, of one seed, in both languages, and as they are printed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

pytestmark = pytest.mark.long
Open = Callable[..., Page]


@pytest.fixture
def opened(visits: Visits, server: Server) -> Open:
    """Open a sheet and wait until it is drawn."""

    def opened(path: str, **options: object) -> Page:
        page = visits.person(**options).new_page()
        page.goto(f"{server.base}/labs/{path}")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        return page

    return opened


def pages_of(page: Page, folder: Path) -> int:
    """Return how many pages the browser prints."""
    return len(re.findall(rb"/Type /Page\b", page.pdf(path=folder / "sheet.pdf", prefer_css_page_size=True)))


@pytest.mark.parametrize("number", range(1, 13))
def test_a_sheet_asks_with_the_students_own_numbers_and_gives_no_answer_away(opened: Open, number: int) -> None:
    page = opened(f"{number}/sheet?seed=77")
    text = page.locator("main").inner_text()
    assert "77" in text
    assert not re.search(r"\b(?:lab|sheet|unit)\.[a-z-]+\.", text), "a key without a text"
    assert "Theory" not in text
    assert f"/labs/{number}?seed=77" in text


def test_the_teachers_sheet_has_what_theory_says_and_a_table_for_a_class(opened: Open) -> None:
    page = opened("1/sheet?seed=77&for=teacher")
    text = page.locator("main").inner_text()
    assert "Theory: 25 %" in text  # 400 ms at 3.5 a second: e to the power of -1.4
    assert "Theory: 200 ms" in text
    assert "Theory: 150 a minute" in text
    rows = page.locator("main table").last.locator("tbody tr")
    expect(rows).to_have_count(30)


def test_two_students_have_other_numbers_and_one_has_the_same_again(opened: Open) -> None:
    texts = [opened(f"2/sheet?seed={seed}").locator("main").inner_text() for seed in (5, 6, 5)]
    assert texts[0] == texts[2]
    assert texts[0] != texts[1]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_sheets_are_printed_on_few_pages_without_the_bar(opened: Open, tmp_path: Path, locale: str) -> None:
    page = opened("1/sheet?seed=77", locale=locale)
    assert pages_of(page, tmp_path) == 2
    page.emulate_media(media="print")
    expect(page.locator("#bar")).to_be_hidden()
    assert 12 <= pages_of(opened("all/sheet?seed=77", locale=locale), tmp_path) <= 36


@pytest.mark.parametrize("path", ["1/sheet", "12/sheet?for=teacher", "all/sheet"])
def test_a_sheet_pleases_axe_and_fits_a_laptop(opened: Open, path: str) -> None:
    page = opened(path, viewport={"width": 1280, "height": 800})
    assert violations(page) == []
    assert overflow(page) == []
