"""What can be set on the pages takes effect at once."""

import json
import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.chat_page import ChatPage, page_address
from tests.support.outside import eventually, publish, subscribers
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import Visits


class Requests:
    """The addresses that a page has asked for, and the WebSockets it has opened."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.sockets: list[str] = []
        self.under_way: set[Request] = set()
        page.on("request", self._request)
        page.on("requestfinished", self._finished)
        page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def _request(self, request: Request) -> None:
        self.urls.append(request.url)
        self.under_way.add(request)

    def _finished(self, request: Request) -> None:
        self.under_way.discard(request)

    def count(self, part: str) -> int:
        """Return how many addresses contain `part`."""
        return sum(part in url for url in self.urls)


def test_the_poll_interval_is_kept_to_the_beat(visits: Visits, server: Server, room: str) -> None:
    page = visits.person().new_page()
    page.clock.install()
    page.goto(page_address(server.base, "short-poll", room))
    chat = ChatPage(page, "short-poll")
    chat.becomes("open")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    requests = Requests(page)

    def let_pass(interval_s: float) -> int:
        """Let one interval pass, in small steps so that answers come in between; return the polls there were."""
        before = requests.count("/short-poll?")
        for _ in range(10):
            page.clock.run_for(100 * interval_s)
            eventually(lambda: len(requests.under_way), 0, page)
        return requests.count("/short-poll?") - before

    for interval_s, beats in ((10, 3), (0.5, 6)):
        _set(chat, "poll-interval", str(interval_s))
        assert let_pass(interval_s) in (1, 2)  # when already due by the new interval it asks at once
        assert [let_pass(interval_s) for _ in range(beats)] == [1] * beats


@pytest.mark.long
def test_the_long_poll_timeout_is_what_the_server_holds_for(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "long-poll", room)
    with chat.page.expect_request(re.compile(r"/long-poll\?.*timeout=2$")) as asked:
        _set(chat, "long-poll-timeout", "2")
    response = asked.value.response()
    assert response is not None
    answer = json.loads(response.body())
    assert answer["messages"] == []
    assert 1_900 < asked.value.timing["responseStart"] < 8_000
    chat.page.reload()
    expect(chat.hook("long-poll-timeout")).to_have_value("2")


def test_a_setting_out_of_range_changes_nothing(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "short-poll", room)
    usual = chat.hook("poll-interval").input_value()
    _set(chat, "poll-interval", "0")
    assert chat.hook("poll-interval").evaluate("input => input.validity.valid") is False
    chat.page.reload()
    expect(chat.hook("poll-interval")).to_have_value(usual)


@pytest.mark.parametrize("technique", some_now("websocket"))
def test_disconnect_lets_go_and_reconnect_catches_up(visits: Visits, server: Server, room: str, technique: str) -> None:
    publish(server, room, "heard")
    chat = visits.open(server.base, technique, room)
    chat.shows(["heard"])
    chat.hook("disconnect").click()
    chat.becomes("closed")
    eventually(lambda: sum(subscribers(server, room).values()), 0, chat.page)
    publish(server, room, "missed")
    chat.write("written meanwhile")
    chat.has("written meanwhile", "pending")
    expect(chat.messages).to_have_count(2)
    chat.hook("reconnect").click()
    chat.becomes("open")
    chat.shows(["heard", "missed", "written meanwhile"])


def test_socket_io_stays_with_polling_when_told_to(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "socket-io", room)
    requests = Requests(chat.page)
    chat.hook("transports").select_option("polling")
    _converse(chat, server, room)
    assert requests.count("transport=polling") > 3
    assert requests.sockets == []
    chat.page.reload()
    chat = ChatPage(chat.page, "socket-io")
    expect(chat.hook("transports")).to_have_value("polling")
    _converse(chat, server, room)
    assert requests.sockets == []


def test_socket_io_never_polls_when_told_to(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "socket-io", room)
    requests = Requests(chat.page)
    chat.hook("transports").select_option("websocket")
    _converse(chat, server, room)
    assert requests.count("transport=polling") == 0
    assert len(requests.sockets) == 1


def test_socket_io_upgrades_from_polling_when_nothing_else_is_chosen(visits: Visits, server: Server, room: str) -> None:
    page = visits.person().new_page()
    requests = Requests(page)
    page.goto(page_address(server.base, "socket-io", room))
    chat = ChatPage(page, "socket-io")
    chat.introduce("Li Na")
    _converse(chat, server, room)
    eventually(lambda: len(requests.sockets), 1, page)
    assert "/socket.io/" in requests.sockets[0]
    assert requests.count("transport=polling") > 0


@pytest.mark.parametrize("technique", some_now("sse"))
def test_a_page_that_was_left_comes_back_live_from_the_back_forward_cache(
    visits: Visits, server: Server, room: str, technique: str
) -> None:
    chat = visits.open(server.base, technique, room)
    chat.page.evaluate("addEventListener('pageshow', (event) => { window.cameBack = event.persisted; })")
    chat.write("before leaving")
    chat.has("before leaving")
    chat.page.goto(f"{server.base}/?room={room}")
    eventually(lambda: sum(subscribers(server, room).values()), 0, chat.page)
    publish(server, room, "while away")
    chat.page.evaluate("history.back()")
    chat.page.wait_for_url(page_address(server.base, technique, room), wait_until="commit")
    chat.becomes("open")
    chat.shows(["before leaving", "while away"])
    assert chat.page.evaluate("window.cameBack") is True
    publish(server, room, "after coming back")
    chat.shows(["before leaving", "while away", "after coming back"])


def _set(chat: ChatPage, testid: str, value: str) -> None:
    chat.hook(testid).fill(value)
    chat.hook(testid).blur()


def _converse(chat: ChatPage, server: Server, room: str) -> None:
    """Wait until it is open, then hear one message and say one."""
    chat.becomes("open")
    number = chat.messages.count()
    publish(server, room, f"heard {number}")
    chat.has(f"heard {number}")
    chat.write(f"said {number}")
    chat.has(f"said {number}")
