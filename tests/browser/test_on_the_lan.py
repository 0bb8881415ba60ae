"""Over http on an address that is not this machine's own: no secure context, and everything works all the same."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.chromium import LAN_NAME
from tests.support.outside import publish
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import Visits


@pytest.fixture(scope="module")
def lan_server() -> Iterator[Server]:
    """A server that listens on all addresses and answers to a name."""
    with Server("memory", "--host", "0.0.0.0", "--allow-host", LAN_NAME) as server:
        yield server


@pytest.mark.parametrize("technique", some_now("websocket"))
def test_each_page_works_without_a_secure_context(
    visits: Visits, lan_server: Server, room: str, technique: str
) -> None:
    base = f"http://{LAN_NAME}:{lan_server.port}"
    chat = visits.open(base, technique, room)
    assert chat.page.evaluate("window.isSecureContext") is False
    chat.write("from a phone")
    item = chat.has("from a phone")
    expect(item).to_have_attribute("data-client-message-id", re.compile(".{10,}"))
    publish(lan_server, room, "to the phone")
    chat.shows(["from a phone", "to the phone"])


def test_the_link_is_copied_without_a_secure_context(visits: Visits, lan_server: Server, room: str) -> None:
    chat = visits.open(f"http://{LAN_NAME}:{lan_server.port}", "websocket", room)
    copy = chat.page.get_by_role("button", name="Copy the link to this room")
    copy.click()
    expect(copy).to_have_text("Copied")
    chat.hook("compose-text").focus()
    chat.page.keyboard.press("Control+V")
    link = chat.hook("room-link").get_attribute("href")
    assert link is not None
    expect(chat.hook("compose-text")).to_have_value(link)
