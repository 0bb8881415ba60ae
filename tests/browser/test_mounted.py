"""Mounted under a prefix in another Starlette application, the pages work as they do alone."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.chat_page import page_address, some_now
from tests.support.mounted import PREFIX
from tests.support.server import ROOT, environment
from tests.support.visits import Visits


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the other application."""
    command = [sys.executable, "-m", "tests.support.mounted"]
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
