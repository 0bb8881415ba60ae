"""Leaving one technique for another in the middle of a conversation."""

import threading
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.outside import feed, publish
from tests.support.server import Server
from tests.support.visits import Visits

CHAIN = ("long-poll", "sse", "websocket", "socket-io", "short-poll")
LEFT_WITH_SOMETHING_TO_SEND = ("sse", "socket-io", "short-poll")
AT_LEAST = 100
PACE_S = 0.02


@pytest.mark.long
def test_a_chain_through_all_five_loses_and_doubles_nothing(visits: Visits, server: Server, room: str) -> None:
    publish(server, room, "0")
    chat = visits.open(server.base, "short-poll", room)
    chat.shows(["0"])
    keys = {}
    publisher = Publisher(server, room)
    with publisher:
        for technique in CHAIN:
            seen = len(chat.texts())
            if technique in LEFT_WITH_SOMETHING_TO_SEND:
                chat.hook("disconnect").click()
                chat.becomes("closed")
                text = f"to be sent by {technique}"
                chat.write(text)
                keys[text] = chat.has(text, "pending").get_attribute("data-client-message-id")
            chat = chat.go_on_by(technique)
            chat.becomes("open")
            expect(chat.messages.nth(seen + 5)).to_be_attached()
    assert publisher.published >= AT_LEAST
    for text in keys:
        chat.has(text)
    told = _all_messages(server, room)
    assert {each["text"]: each["client_message_id"] for each in told if each["text"] in keys} == keys
    assert len(told) == 1 + publisher.published + len(keys)
    chat.shows([each["text"] for each in told])
    expect(chat.hook("gap-notice")).to_have_count(0)


def _all_messages(server: Server, room: str) -> list[dict[str, Any]]:
    [first, *_] = feed(server, room)
    epoch = first["id"].partition("-")[0]
    return feed(server, room, after=f"{epoch}-0")


class Publisher(threading.Thread):
    """Publishes 1, 2, 3 … until the block ends, and at least a hundred."""

    def __init__(self, server: Server, room: str) -> None:
        super().__init__()
        self._server = server
        self._room = room
        self._done = threading.Event()
        self.published = 0

    def run(self) -> None:
        """Publish."""
        while self.published < AT_LEAST or not self._done.is_set():
            publish(self._server, self._room, str(self.published + 1), sender="publisher")
            self.published += 1
            self._done.wait(PACE_S)

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()
