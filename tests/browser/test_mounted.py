"""Mounted under a prefix in another Starlette application, the pages work as they do alone."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.chat_page import page_address
from tests.support.mounted import PREFIX
from tests.support.server import ROOT, environment
from tests.support.some import some_now
from tests.support.visits import Visits


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the last benchmark's report will be."""
    return tmp_path_factory.mktemp("mounted") / "report.html"


@pytest.fixture(scope="module")
def address(report: Path) -> Iterator[str]:
    """The address of the other application."""
    command = [sys.executable, "-m", "tests.support.mounted", str(report)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.mark.parametrize("technique", some_now("socket-io"))
def test_each_page_works_under_a_prefix(visits: Visits, address: str, room: str, technique: str) -> None:
    base = f"{address}{PREFIX}"
    chat = visits.open(base, technique, room)
    chat.write("from below")
    chat.has("from below")
    draft = {"sender": "administrator", "text": "from outside"}
    httpx.post(f"{base}/api/rooms/{room}/messages", json=draft).raise_for_status()
    chat.shows(["from below", "from outside"])
    expect(chat.hook("room-link")).to_have_attribute("href", page_address(base, technique, room))
    expect(chat.hook("curl").first).to_contain_text(PREFIX)


def test_the_overview_works_under_a_prefix(visits: Visits, address: str, room: str) -> None:
    page = visits.person().new_page()
    page.goto(f"{address}{PREFIX}/?room={room}")
    page.locator("main").get_by_role("link", name="WebSocket").first.click()
    page.wait_for_url(page_address(f"{address}{PREFIX}", "websocket", room))


def test_the_report_is_found_under_a_prefix(visits: Visits, address: str, report: Path) -> None:
    page = visits.person(allowed=re.compile("Failed to load resource: .* 404")).new_page()
    page.goto(f"{address}{PREFIX}/")
    page.locator("main").get_by_role("link", name="The last benchmark report").click()
    page.wait_for_url(f"{address}{PREFIX}/report?room=lobby")
    expect(page.get_by_role("link", name="Socket.IO")).to_have_attribute(
        "href", page_address(f"{address}{PREFIX}", "socket-io", "lobby")
    )
    report.write_text("<!doctype html><title>Report</title><h1>Measured</h1>")
    page.get_by_role("link", name="reload this page").click()
    expect(page.get_by_role("heading", name="Measured")).to_be_visible()


@pytest.mark.long
def test_an_experiment_opens_under_a_prefix(visits: Visits, address: str) -> None:
    page = visits.person().new_page()
    page.goto(f"{address}{PREFIX}/labs")
    page.get_by_test_id("lab-1").get_by_role("link").click()
    page.wait_for_url(f"{address}{PREFIX}/labs/1")
    expect(page.get_by_test_id("predict")).to_be_visible()
