"""Leaving one technique for another in the middle of a conversation."""

import threading

from playwright.sync_api import expect

from tests.support.outside import feed, publish
from tests.support.server import Server
from tests.support.visits import Visits

CHAIN = ("long-poll", "sse", "websocket", "socket-io", "short-poll")
AT_LEAST = 100
PACE_S = 0.02


def test_a_chain_through_all_five_loses_and_doubles_nothing(visits: Visits, server: Server, room: str) -> None:
    publish(server, room, "0")
    chat = visits.open(server.base, "short-poll", room)
    chat.shows(["0"])
    publisher = Publisher(server, room)
    with publisher:
        for technique in CHAIN:
            seen = len(chat.texts())
            chat = chat.go_on_by(technique)
            chat.becomes("open")
            expect(chat.messages.nth(seen + 5)).to_be_attached()
    assert publisher.published >= AT_LEAST
    chat.shows([str(number) for number in range(publisher.published + 1)])
    expect(chat.hook("gap-notice")).to_have_count(0)


def test_what_is_not_sent_yet_goes_along(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "short-poll", room)
    keys = []
    for technique in CHAIN:
        chat.hook("disconnect").click()
        chat.becomes("closed")
        chat.write(f"to be sent by {technique}")
        waiting = chat.has(f"to be sent by {technique}", "pending")
        keys.append(waiting.get_attribute("data-client-message-id"))
        chat = chat.go_on_by(technique)
        chat.has(f"to be sent by {technique}")
    texts = [f"to be sent by {technique}" for technique in CHAIN]
    chat.shows(texts)
    told = feed(server, room)
    assert [message["text"] for message in told] == texts
    assert [message["client_message_id"] for message in told] == keys


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
