"""Experiment 12 decides by what was measured on this machine, and says what was not; 11 is a published table again."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import measured
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

WITHIN_MS = 120_000
"""A run, on a machine that is busy with something else."""
COMMAND = 'make bench ARGS="--browser-headers --sweep clients=100,1000"'
TAKEN = {"chat": "short-poll", "exam": "short-poll", "ticker": "sse", "editing": "websocket"}


def open_lab(visits: Visits, server: Server, number: int, found: dict[str, Any] | None = None, **options: Any) -> Page:
    """Open an experiment; `found` is what the last benchmark on this machine found, if there was one."""
    page = visits.person(**options).new_page()
    if found is not None:
        page.route("**/api/measured", lambda route: route.fulfill(json=found))
    page.goto(f"{server.base}/labs/{number}?seed=4711")
    page.wait_for_selector("html[data-ready]")
    return page


def predict(page: Page) -> None:
    """Answer each question with a 5, and press Run or Compute."""
    for field in page.locator(".predictions input").all():
        field.fill("5")
    page.get_by_test_id("predict").click()
    page.get_by_test_id("run").click()


def cells(page: Page, name: str) -> list[str]:
    """Return a column of the costs."""
    return page.locator(f'[data-testid="costs"] [data-cell="{name}"]').all_inner_texts()


def test_each_of_the_four_uses_is_decided_at_a_press_and_pleases_axe(visits: Visits, server: Server) -> None:
    page = open_lab(visits, server, 12, measured.results())
    expect(page.get_by_test_id("source")).to_contain_text("Nov 24, 2026")
    expect(page.get_by_test_id("source")).to_contain_text("Round CPU")
    expect(page.get_by_test_id("source")).to_contain_text("python -m benchmarks run --clients 100 --rate 2")
    predict(page)
    expect(page.get_by_test_id("marks")).to_be_visible()
    for name, technique in TAKEN.items():
        page.get_by_test_id(f"case-{name}").click()
        expect(page.get_by_test_id("choice")).to_have_attribute("data-take", technique)
        assert "n/a" not in "".join(page.get_by_test_id("costs").all_inner_texts())
    page.get_by_test_id("case-chat").click()
    expect(page.get_by_test_id("crossings-rate")).to_contain_text("SSE costs more than Short polling")
    for size in SIZES:
        page.set_viewport_size(size)
        assert overflow(page) == [], size
    assert violations(page) == []
    page.set_viewport_size(SIZES[0])
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


@pytest.mark.long
def test_free_play_follows_each_figure(visits: Visits, server: Server) -> None:
    page = open_lab(visits, server, 12, measured.results())
    predict(page)
    page.get_by_test_id("case-exam").click()
    expect(page.locator('[data-technique="short-poll"] [data-cell="does"]')).to_have_text("yes")
    page.get_by_test_id("set-tolerableMs").fill("300")
    expect(page.locator('[data-technique="short-poll"] [data-cell="does"]')).to_contain_text("over one core")
    page.get_by_test_id("set-tolerableMs").fill("15")
    expect(page.get_by_test_id("choice")).to_have_attribute("data-take", "")
    assert cells(page, "most") == ["none"] * 5


def test_without_a_benchmark_nothing_is_made_up(visits: Visits, server: Server) -> None:
    page = open_lab(visits, server, 12)
    expect(page.get_by_test_id("source")).to_contain_text("Nothing was measured on this machine yet")
    expect(page.get_by_test_id("source")).to_contain_text(COMMAND)
    predict(page)
    page.get_by_test_id("case-chat").click()
    for name in ("cores", "down", "share", "up", "memory"):
        assert cells(page, name) == ["n/a"] * 5, name
    assert cells(page, "requests") == ["152", "15", "0", "0", "0"]
    assert cells(page, "worst") == ["2 s", "60 ms", "20 ms", "20 ms", "20 ms"]
    marks = page.locator('[data-question="core"] [data-cell="mark"]')
    expect(marks).to_contain_text("Nothing was measured.")


@pytest.mark.long
def test_the_published_table_has_the_own_browser_beside(visits: Visits, server: Server) -> None:
    frames = re.compile("Failed to execute 'postMessage'")  # axe takes frames to be of the page's own origin
    page = open_lab(visits, server, 11, allowed=frames)
    predict(page)
    expect(page.get_by_test_id("marks")).to_be_visible(timeout=WITHIN_MS)
    kept = json.loads(page.evaluate("localStorage.getItem('pushdemo:labs')"))["11"]
    figures = {key: each["value"] for key, each in kept["measured"].items()}
    assert 400 < figures["heads"] < 1500
    assert figures["frame"] == kept["theory"]["frame"]
    assert figures["factor"] == pytest.approx(figures["heads"] / figures["frame"])
    rows = page.locator('[data-testid="published-table"] tbody tr')
    expect(rows.filter(has_text="1,000 clients poll").first).to_contain_text("6.6")
    assert "n/a" not in page.get_by_test_id("published-table").inner_text()
    assert violations(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert overflow(page) == [], size
