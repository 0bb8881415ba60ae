"""A browser opens six connections to a host over HTTP/1.1; the pages warn before the last is taken."""

from playwright.sync_api import expect

from tests.support.chat_page import ChatPage, page_address
from tests.support.outside import publish
from tests.support.server import Server
from tests.support.visits import Visits


def test_the_sixth_stream_of_one_browser_asks_before_it_connects(visits: Visits, server: Server, room: str) -> None:
    person = visits.person()
    tabs = [visits.open(server.base, "sse", room, person=person) for _ in range(5)]
    for tab in tabs:
        expect(tab.hook("connection-warning")).to_have_count(0)
    page = person.new_page()
    page.goto(page_address(server.base, "sse", room))
    sixth = ChatPage(page, "sse")
    expect(sixth.hook("connection-warning")).to_be_visible()
    expect(sixth.hook("connection-warning")).to_contain_text("5 other tabs")
    sixth.becomes("empty")
    sixth.hook("connect-anyway").click()
    sixth.becomes("open")
    expect(sixth.hook("connection-warning")).to_have_count(0)
    publish(server, room, "on all six")
    for tab in (*tabs, sixth):
        tab.has("on all six")


def test_a_websocket_beside_five_streams_needs_no_warning(visits: Visits, server: Server, room: str) -> None:
    person = visits.person()
    for _ in range(5):
        visits.open(server.base, "sse", room, person=person)
    socket = visits.open(server.base, "websocket", room, person=person)
    expect(socket.hook("connection-warning")).to_have_count(0)
    socket.write("through the socket")
    socket.has("through the socket")


def test_a_tab_that_was_closed_counts_no_longer(visits: Visits, server: Server, room: str) -> None:
    person = visits.person()
    tabs = [visits.open(server.base, "sse", room, person=person) for _ in range(5)]
    tabs[0].page.close()
    visits.open(server.base, "sse", room, person=person)
