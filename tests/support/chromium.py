"""A real Chromium: Debian's, or on a user's machine another one, or the one that Playwright installed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
LAN_NAME = "pushdemo.test"
"""A name for 127.0.0.1 that a browser does not trust as it trusts 127.0.0.1: a page there has no secure context."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
)
NO_CACHE = "--disable-back-forward-cache"  # Playwright's default, but users' browsers have that cache


def do_without(browser: str, advice: str) -> NoReturn:
    """Skip the test for want of a browser; where all tests must run, fail."""
    sentence = f"There is no {browser} here: {advice}."
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def run_chromium() -> Iterator[Browser]:
    """Run a Chromium without a window; its back-forward cache is on, as on a user's machine."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None and not Path(playwright.chromium.executable_path).exists():
            do_without("Chromium", "install the package chromium, or run `python -m playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS), ignore_default_args=[NO_CACHE])
        yield browser
        browser.close()
