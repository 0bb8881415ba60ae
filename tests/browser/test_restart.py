"""The server goes away and comes back, on the same port with the same log, under open pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.chat_page import TECHNIQUES
from tests.support.outside import feed, publish
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import SERVER_AWAY, Visits

NOT_OPEN = re.compile("broken|connecting")
TRIED_BY_THE_PAGE = ("short-poll", "long-poll", "websocket")
REFUSED = re.compile("the server responded with a status of 422")


@pytest.mark.long
def test_all_five_pages_survive_a_restart_with_what_was_typed_meanwhile(
    visits: Visits, tmp_path: Path, room: str
) -> None:
    log = f"sqlite:{tmp_path / 'feed.sqlite'}"
    with Server(log, "--sse-retry-ms", "300") as server:
        publish(server, room, "before")
        chats = [
            visits.open(server.base, technique, room, name=technique, allowed=SERVER_AWAY) for technique in TECHNIQUES
        ]
        for chat in chats:
            chat.shows(["before"])
        server.interrupt()
        keys = {}
        for chat in chats:
            chat.becomes(NOT_OPEN)
            chat.write(f"typed on {chat.technique}")
            waiting = chat.has(f"typed on {chat.technique}", "pending")
            keys[chat.technique] = waiting.get_attribute("data-client-message-id")
        for chat in chats:
            if chat.technique in TRIED_BY_THE_PAGE:
                expect(chat.hook("status")).to_have_text(re.compile(r"Broken .*Next try in \d+\.\d s"))
    with Server(log, "--port", str(server.port)) as again:
        publish(again, room, "after")
        for chat in chats:
            chat.becomes("open")
            chat.has(f"typed on {chat.technique}")
        for chat in chats:
            expect(chat.hook("messages").locator("[data-state='received']")).to_have_count(2 + len(TECHNIQUES))
        told = feed(again, room)
        assert {each["sender"]: each["client_message_id"] for each in told if each["sender"] in TECHNIQUES} == keys
        for chat in chats:
            chat.shows([message["text"] for message in told])
            expect(chat.hook("gap-notice")).to_have_count(0)


@pytest.fixture(scope="module")
def terse() -> Iterator[Server]:
    """A server that takes short messages only, which the pages do not know."""
    with Server("memory", "--text-characters", "10") as server:
        yield server


@pytest.mark.parametrize("technique", some_now("short-poll"))
def test_a_message_refused_for_good_says_why_and_can_be_tried_again(
    visits: Visits, terse: Server, room: str, technique: str
) -> None:
    chat = visits.open(terse.base, technique, room, allowed=REFUSED)
    chat.write("much longer than ten")
    refused = chat.has("much longer than ten", "failed")
    expect(refused).to_contain_text("text has 1 to 10 characters; this one has 20.")
    refused.get_by_role("button", name="Try again").click()
    refused = chat.has("much longer than ten", "failed")
    chat.write("short")
    chat.has("short")
    refused.get_by_role("button", name="Discard").click()
    chat.shows(["short"])
    assert [message["text"] for message in feed(terse, room)] == ["short"]
