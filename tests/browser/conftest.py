"""One browser for all tests of this folder; each test has visitors of its own.

Playwright's synchronous interface keeps an event loop running in this thread as long as it lives, so the browser is
the folder's and not the session's, and no test here is asynchronous.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chat_page import TECHNIQUES
from tests.support.chromium import run_chromium
from tests.support.server import Server
from tests.support.visits import Visits

HERE = Path(__file__).parent
WITHIN_S = 150  # a browser on a machine that is busy with something else


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and give it the time that a browser takes, unless it says itself how long."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(WITHIN_S))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium that all tests here share."""
    with run_chromium() as browser:
        yield browser


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Visits]:
    """Visitors; afterwards no page may have complained or asked another host."""
    with Visits(chromium) as visits:
        yield visits
        assert visits.complaints == []


@pytest.fixture(params=TECHNIQUES)
def technique(request: pytest.FixtureRequest) -> str:
    """Each of the five techniques."""
    name: str = request.param
    return name


@pytest.fixture
def at_handshake(visits: Visits, server: Server) -> Callable[..., Page]:
    """Open the page of the handshake, as a visitor whose context has the options given."""

    def at_handshake(base: str = server.base, allowed: re.Pattern[str] | None = None, **options: object) -> Page:
        page = visits.person(allowed=allowed, **options).new_page()
        page.goto(f"{base}/handshake")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        return page

    return at_handshake
