"""What goes on at the server without a browser: publishing by POST, and asking how things are."""

import time
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.support.server import Server
from tests.support.until import WITHIN_S


def publish(server: Server, room: str, text: str, *, sender: str = "administrator") -> dict[str, Any]:
    """Publish one message and return it."""
    answer = httpx.post(f"{server.base}/api/rooms/{room}/messages", json={"sender": sender, "text": text}, timeout=10)
    assert answer.status_code == 201, answer.text
    message: dict[str, Any] = answer.json()
    return message


def feed(server: Server, room: str, **query: str) -> list[dict[str, Any]]:
    """Return the last messages of a room, or those after a cursor."""
    answer = httpx.get(f"{server.base}/api/rooms/{room}/short-poll", params=query, timeout=10)
    messages: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
    return messages


def subscribers(server: Server, room: str) -> dict[str, int]:
    """Return how many read the room now, by technique."""
    rooms = httpx.get(f"{server.base}/api/rooms", timeout=10).raise_for_status().json()["rooms"]
    counts: dict[str, int] = next((each["subscribers"] for each in rooms if each["name"] == room), {})
    return counts


def eventually(ask: Callable[[], Any], expected: Any, page: Page) -> None:
    """Ask until the answer is `expected`, letting Playwright pass on what the page does meanwhile."""
    deadline = time.monotonic() + WITHIN_S
    while (answer := ask()) != expected:
        assert time.monotonic() < deadline, f"expected {expected!r}, still {answer!r} after {WITHIN_S} s"
        page.wait_for_timeout(20)
