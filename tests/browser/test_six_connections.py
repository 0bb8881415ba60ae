"""A browser opens six connections to a host over HTTP/1.1; the pages warn before the last is taken."""

import pytest
from playwright.sync_api import expect

from tests.support.chat_page import ChatPage, page_address
from tests.support.outside import publish
from tests.support.server import Server
from tests.support.visits import Visits


@pytest.mark.long
def test_the_sixth_stream_of_one_browser_asks_before_it_connects(visits: Visits, server: Server, room: str) -> None:
    person = visits.person()
    tabs = [visits.open(server.base, "sse", room, person=person) for _ in range(5)]
    tabs.append(visits.open(server.base, "websocket", room, person=person))  # is not counted, and so not warned
    page = person.new_page()
    page.goto(page_address(server.base, "sse", room))
    sixth = ChatPage(page, "sse")
    expect(sixth.hook("connection-warning")).to_be_visible()
    expect(sixth.hook("connection-warning")).to_contain_text("5 other tabs")
    sixth.becomes("empty")
    sixth.hook("connect-anyway").click()
    sixth.becomes("open")
    tabs.append(sixth)
    publish(server, room, "on all seven")
    for tab in tabs:
        tab.has("on all seven")
        expect(tab.hook("connection-warning")).to_have_count(0)
    tabs[0].page.close()
    page.reload()  # without the closed tab it is the fifth
    sixth.becomes("open")
    expect(sixth.hook("connection-warning")).to_have_count(0)
