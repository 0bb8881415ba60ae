"""Messages that are gone for good are told of, never skipped in silence."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.chat_page import TECHNIQUES
from tests.support.outside import eventually, publish, subscribers
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import SERVER_AWAY, Visits

KEPT = 10


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Server]:
    """A server that keeps few messages."""
    with Server("memory", "--messages-kept", str(KEPT)) as server:
        yield server


@pytest.mark.parametrize("technique", some_now("sse"))
def test_a_page_that_was_away_too_long_shows_the_gap_and_goes_on(
    visits: Visits, forgetful: Server, room: str, technique: str
) -> None:
    publish(forgetful, room, "before")
    chat = visits.open(forgetful.base, technique, room)
    chat.shows(["before"])
    chat.hook("disconnect").click()
    chat.becomes("closed")
    eventually(lambda: sum(subscribers(forgetful, room).values()), 0, chat.page)
    for number in range(4 * KEPT):
        publish(forgetful, room, f"number {number}")
    chat.hook("reconnect").click()
    chat.becomes("open")
    chat.shows(["before", *(f"number {number}" for number in range(3 * KEPT, 4 * KEPT))])
    expect(chat.hook("gap-notice")).to_have_count(1)
    expect(chat.hook("gap-notice")).to_be_visible()
    publish(forgetful, room, "after the gap")
    chat.has("after the gap")
    expect(chat.hook("gap-notice")).to_have_count(1)


@pytest.mark.long
def test_all_pages_tell_of_another_life_of_the_feed(visits: Visits, room: str) -> None:
    with Server("memory", "--sse-retry-ms", "300") as server:
        for number in range(3):
            publish(server, room, f"old {number}")
        chats = [visits.open(server.base, technique, room, allowed=SERVER_AWAY) for technique in TECHNIQUES]
        for chat in chats:
            chat.shows(["old 0", "old 1", "old 2"])
        server.interrupt()
    with Server("memory", "--port", str(server.port)) as again:
        for chat in chats:
            chat.becomes("open")
            expect(chat.hook("gap-notice")).to_have_count(1)
        publish(again, room, "new life")
        for chat in chats:
            chat.shows(["old 0", "old 1", "old 2", "new life"])
            expect(chat.hook("gap-notice")).to_have_count(1)
