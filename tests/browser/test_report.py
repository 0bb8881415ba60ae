"""The page of the last benchmark's report: before there is one, and when it is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import SCHEMES, SIZES, overflow, violations
from tests.support.chat_page import page_address
from tests.support.server import Server
from tests.support.visits import Visits

NOT_FOUND = re.compile(r"/report\b.*: Failed to load resource: .* 404")
"""What Chromium itself writes to the console when the page it was sent to comes with 404."""
REPORT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Report</title>
<style>p { color: rgb(0, 128, 0) } h2 { margin-top: 200vh }</style>
<h1>Measured</h1>
<p>5 µs <a href="#costs">What each costs</a>
<img alt="a picture" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='7' height='7'/%3E">
<details><summary>More</summary><svg width="9" height="9"><rect width="9" height="9" style="fill: red"/></svg></details>
<h2 id="costs">Costs</h2>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the report is, or will be."""
    return tmp_path / "report.html"


@pytest.fixture
def own_server(file: Path) -> Iterator[Server]:
    """A server that looks for the report there."""
    with Server("memory", "--report", str(file)) as server:
        yield server


def shows_the_report(page: Page) -> None:
    expect(page.get_by_role("heading", name="Measured")).to_be_visible()
    expect(page.get_by_text("5 µs")).to_have_css("color", "rgb(0, 128, 0)")


def test_without_a_report_the_page_pleases_axe_in_light_and_dark_and_fits_a_phone(
    visits: Visits, server: Server, tmp_path: Path
) -> None:
    page = visits.person(allowed=NOT_FOUND).new_page()
    page.goto(f"{server.base}/report")
    expect(page.get_by_role("heading", name="No report yet")).to_be_visible()
    expect(page.get_by_role("button", name="Copy: make bench")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"no-report-{scheme}.png", full_page=True)
        assert violations(page) == [], scheme
    for size in SIZES:
        page.set_viewport_size(size)
        page.screenshot(path=tmp_path / f"no-report-{size['width']}.png", full_page=True)
        assert overflow(page) == [], size


def test_the_page_without_a_report_keeps_the_room_and_leads_on(visits: Visits, server: Server, room: str) -> None:
    page = visits.person(allowed=NOT_FOUND).new_page()
    page.goto(page_address(server.base, "sse", room))
    page.get_by_role("navigation", name="Techniques").get_by_role("link", name="Report").click()
    page.wait_for_url(f"{server.base}/report?room={room}")
    here = page.get_by_role("navigation", name="Techniques").get_by_role("link", name="Report")
    expect(here).to_have_attribute("aria-current", "page")
    page.get_by_role("navigation", name="Techniques").get_by_role("link", name="WebSocket").click()
    page.wait_for_url(page_address(server.base, "websocket", room))


def test_a_new_report_is_there_when_the_page_is_loaded_again(visits: Visits, own_server: Server, file: Path) -> None:
    page = visits.person(allowed=NOT_FOUND).new_page()
    page.goto(f"{own_server.base}/report")
    again = page.get_by_role("link", name="reload this page")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    again.click()
    expect(again).to_be_visible()
    file.write_text(REPORT)
    again.click()
    shows_the_report(page)
    file.write_text(REPORT.replace("Measured", "Measured again"))
    page.reload()
    expect(page.get_by_role("heading", name="Measured again")).to_be_visible()


def test_the_overview_leads_to_the_report_which_can_be_read_and_printed(
    visits: Visits, own_server: Server, file: Path
) -> None:
    file.write_text(REPORT)
    page = visits.person().new_page()
    page.goto(f"{own_server.base}/")
    page.locator("main").get_by_role("link", name="The last benchmark report").click()
    page.wait_for_url("**/report?room=lobby")
    shows_the_report(page)
    assert page.evaluate("document.images[0].naturalWidth") == 7
    page.get_by_text("More").click()
    expect(page.locator("svg rect")).to_have_css("fill", "rgb(255, 0, 0)")
    page.get_by_role("link", name="What each costs").click()
    expect(page.get_by_role("heading", name="Costs")).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("heading", name="Measured")).to_be_in_viewport()
    assert page.pdf().startswith(b"%PDF")


def test_a_report_that_is_not_the_benchmarks_can_do_nothing(visits: Visits, own_server: Server, file: Path) -> None:
    script = "<script>document.title = 'taken'</script>"
    elsewhere = '<img alt="" src="/static/icon.svg"><link rel="stylesheet" href="/static/css/base.css">'
    file.write_text(REPORT + script + elsewhere)
    page = visits.person(allowed=re.compile("Content Security Policy|sandboxed")).new_page()
    page.goto(f"{own_server.base}/report")
    shows_the_report(page)
    expect(page).to_have_title("Report")
    assert page.evaluate("self.origin") == "null"
    assert page.evaluate("document.images[1].naturalWidth") == 0
    assert page.evaluate("getComputedStyle(document.body).marginTop") != "0px"  # which base.css would make it
