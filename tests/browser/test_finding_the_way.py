"""From page to page and room to room, and being asked for a name."""

from playwright.sync_api import expect

from tests.support.chat_page import TECHNIQUES, ChatPage, page_address
from tests.support.outside import feed, publish
from tests.support.server import Server
from tests.support.visits import Visits


def test_who_writes_without_a_name_is_asked_for_it_once(visits: Visits, server: Server, room: str) -> None:
    page = visits.person().new_page()
    page.goto(page_address(server.base, "sse", room))
    chat = ChatPage(page, "sse")
    chat.becomes("open")
    chat.write("Who am I?")
    expect(chat.hook("name-input")).to_be_focused()
    expect(chat.messages).to_have_count(0)
    expect(chat.hook("compose-text")).to_have_value("Who am I?")
    chat.introduce("  李娜 ")
    chat.hook("compose-send").click()
    chat.has("Who am I?")
    assert feed(server, room)[0]["sender"] == "李娜"
    page.reload()
    chat = ChatPage(page, "sse")
    expect(chat.hook("name-input")).to_have_value("李娜")


def test_another_room_is_opened_from_the_page(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "websocket", room)
    chat.write("in the first room")
    chat.has("in the first room")
    publish(server, f"{room}-b", "the other room")
    chat.hook("room-input").fill(f"{room}-b")
    chat.hook("room-open").click()
    chat.page.wait_for_url(f"**room={room}-b")
    ChatPage(chat.page, chat.technique).shows(["the other room"])


def test_what_no_room_can_be_called_is_refused_in_words(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "websocket", room)
    chat.hook("room-input").fill("no such/room")
    chat.hook("room-open").click()
    expect(chat.page.get_by_text("A room's name has 1 to 64 letters, digits, - or _.")).to_be_visible()
    chat.page.goto(page_address(server.base, "websocket", "%3Cb%3E"))
    expect(chat.page.get_by_text("“<b>” cannot be a room")).to_be_visible()
    expect(chat.hook("room-input")).to_have_value("lobby")


def test_the_overview_leads_to_each_page_and_lists_the_rooms(visits: Visits, server: Server, room: str) -> None:
    publish(server, room, "somebody is here")
    page = visits.person().new_page()
    page.goto(f"{server.base}/?room={room}")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    expect(page.locator("#rooms").get_by_text(room)).to_be_visible()
    for technique in TECHNIQUES:
        address = page_address(server.base, technique, room)
        expect(page.locator("main").locator(f'a[href="{address}"]').first).to_be_visible()


def test_a_link_with_an_impossible_room_is_explained_on_the_overview(visits: Visits, server: Server) -> None:
    page = visits.person().new_page()
    page.goto(f"{server.base}/?room=no%20such!")
    expect(page.get_by_text("“no such!” cannot be a room")).to_be_visible()


def test_where_there_is_no_room_the_last_pages_are_behind_a_button_that_works_by_keyboard(
    visits: Visits, server: Server
) -> None:
    page = visits.person(viewport={"width": 800, "height": 600}).new_page()
    page.goto(server.base)
    page.wait_for_selector("html[data-ready]")
    more, labs = page.get_by_test_id("more"), page.get_by_role("navigation").get_by_role("link", name="Labs")
    expect(labs).to_be_hidden()
    more.focus()
    page.keyboard.press("Enter")
    expect(labs).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(labs).to_be_hidden()
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(labs).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/labs?room=lobby")
    expect(page.get_by_test_id("more")).to_have_text("Labs")
    page.set_viewport_size({"width": 1280, "height": 600})
    expect(page.get_by_test_id("more")).to_be_hidden()
    expect(page.get_by_role("navigation").get_by_role("link", name="Labs")).to_be_visible()
