"""Each page by itself: a chat room, and beside it the instruments. One visitor per technique tries all of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chat_page import TECHNIQUES, ChatPage, page_address
from tests.support.outside import feed, publish
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import Visits

HISTORY = "yesterday's news"


@pytest.fixture(scope="module", params=some_now("websocket"))
def technique(request: pytest.FixtureRequest) -> str:
    """Each of the five techniques; four of them in make test-long."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def room(technique: str) -> str:
    """The room that the visitor of this technique is in."""
    return f"each-page-by-{technique}"


@pytest.fixture(scope="module")
def _visit(chromium: Browser, _shared_server: Server, technique: str, room: str) -> Iterator[tuple[Visits, ChatPage]]:
    publish(_shared_server, room, HISTORY)
    with Visits(chromium) as visits:
        yield visits, visits.open(_shared_server.base, technique, room)


@pytest.fixture
def chat(_visit: tuple[Visits, ChatPage]) -> Iterator[ChatPage]:
    """The page of each technique, open, with all that the tests before this one left there."""
    visits, chat = _visit
    yield chat
    assert visits.complaints == []


def test_what_was_said_before_is_there_and_has_no_delay(chat: ChatPage) -> None:
    chat.shows([HISTORY])
    chat.rises_above("messages", 0)
    expect(chat.hook("meter-delay")).to_contain_text("n/a")


def test_a_message_from_outside_arrives_live(chat: ChatPage, server: Server, room: str) -> None:
    message = publish(server, room, "Room 204 is free.")
    item = chat.has("Room 204 is free.")
    expect(item).to_have_attribute("data-id", message["id"])
    expect(item).to_contain_text("administrator")
    assert item.get_attribute("data-client-message-id") is None
    expect(chat.hook("meter-delay")).to_have_text(re.compile(r"\d+.* (ms|s)$"))


def test_what_is_typed_is_published_once_and_shown_once(chat: ChatPage, server: Server, room: str) -> None:
    chat.write("Is room 205 free?")
    item = chat.has("Is room 205 free?")
    [message] = [each for each in feed(server, room) if each["text"] == "Is room 205 free?"]
    assert message["sender"] == "Li Na"
    expect(item).to_have_attribute("data-id", message["id"])
    expect(item).to_have_attribute("data-client-message-id", message["client_message_id"])
    expect(chat.hook("compose-text")).to_have_value("")


def test_the_meters_move(chat: ChatPage) -> None:
    meters = ("messages", "bytes-up", "bytes-down")
    before = {meter: chat.figure(meter) for meter in meters}
    chat.write("count me")
    chat.has("count me")
    for meter in meters:
        chat.rises_above(meter, before[meter])
    if chat.technique in ("short-poll", "long-poll", "sse"):
        chat.rises_above("requests", 1)
    if chat.technique == "long-poll":
        chat.hook("long-poll-timeout").fill("1")
        chat.hook("long-poll-timeout").blur()
    if chat.technique in ("short-poll", "long-poll"):
        chat.rises_above("empty-answers", 0)


def test_an_exchange_is_opened_by_keyboard(chat: ChatPage, server: Server, room: str) -> None:
    publish(server, room, "look at the wire")
    chat.has("look at the wire")
    hold = chat.page.get_by_role("button", name="Hold")
    for _ in range(3):  # letting go shows what has happened up to now, and then the list is still
        hold.press("Enter")
    exchanges = chat.hook("exchanges").locator("details")
    opened = ""
    for item in exchanges.all():
        item.locator("summary").focus()
        chat.page.keyboard.press("Enter")
        expect(item).to_have_attribute("open", "")
        opened += item.inner_text()
    assert "look at the wire" in opened
    hold.click()


def test_the_link_to_share_leads_into_the_room(chat: ChatPage, server: Server, room: str) -> None:
    expect(chat.hook("room-link")).to_have_attribute("href", page_address(server.base, chat.technique, room))


def test_the_header_leads_to_every_other_page_with_the_room(chat: ChatPage, server: Server, room: str) -> None:
    links = chat.page.get_by_role("navigation", name="Techniques").get_by_role("link")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert addresses == [
        f"{server.base}/?room={room}",
        *(page_address(server.base, technique, room) for technique in TECHNIQUES),
        f"{server.base}/compare?room={room}",
        f"{server.base}/handshake?room={room}",
        f"{server.base}/labs?room={room}",
        f"{server.base}/report?room={room}",
    ]


def test_the_page_explains_its_technique_and_shows_its_source(chat: ChatPage) -> None:
    expect(chat.hook("lesson")).to_be_visible()
    expect(chat.hook("curl").first).to_contain_text("curl")
    for language, line in (("js", "export function connect"), ("python", "def routes(")):
        source = chat.hook(f"source-{language}")
        folded = source.locator("xpath=ancestor-or-self::details")
        if folded.count():
            folded.first.evaluate("details => { details.open = true }")
        expect(source).to_contain_text(line)


def test_the_name_and_the_room_are_kept_on_reload(chat: ChatPage, server: Server, room: str) -> None:
    before = chat.texts()
    chat.page.goto(page_address(server.base, chat.technique, room).partition("?")[0])
    again = ChatPage(chat.page, chat.technique)
    expect(again.hook("name-input")).to_have_value("Li Na")
    expect(again.hook("room-input")).to_have_value(room)
    again.shows(before)
    again.write("still me")
    again.has("still me")
    assert feed(server, room)[-1]["sender"] == "Li Na"
