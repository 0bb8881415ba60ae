"""One conversation on five pages: what is typed on any appears on the other four, in one order."""

from playwright.sync_api import expect

from tests.support.chat_page import TECHNIQUES, ChatPage
from tests.support.outside import feed
from tests.support.server import Server
from tests.support.visits import Visits


def test_what_is_typed_on_any_page_appears_on_all_in_the_same_order(visits: Visits, server: Server, room: str) -> None:
    chats = [visits.open(server.base, technique, room, name=f"by {technique}") for technique in TECHNIQUES]
    for chat in chats:
        chat.hook("compose-text").fill(f"from {chat.technique}")
    for chat in chats:
        chat.hook("compose-send").click()
    for chat in chats:
        expect(chat.hook("messages").locator("[data-state='received']")).to_have_count(len(TECHNIQUES))
    told = feed(server, room)
    assert sorted(message["text"] for message in told) == sorted(f"from {technique}" for technique in TECHNIQUES)
    for chat in chats:
        chat.shows([message["text"] for message in told])
        assert _ids(chat) == [message["id"] for message in told]
        own = chat.hook("messages").locator("[data-client-message-id]")
        expect(own).to_have_count(1)
        expect(own).to_contain_text(f"from {chat.technique}")


def test_two_tabs_of_one_person_tell_their_messages_apart(visits: Visits, server: Server, room: str) -> None:
    person = visits.person()
    student = visits.open(server.base, "websocket", room, person=person, name="Li Na")
    staff = visits.open(server.base, "socket-io", room, person=person, name="Li Na")
    staff.introduce("administrator")
    student.write("May I come in?")
    staff.has("May I come in?")
    staff.write("Please do.")
    student.has("Please do.")
    assert [message["sender"] for message in feed(server, room)] == ["Li Na", "administrator"]
    expect(student.hook("name-input")).to_have_value("Li Na")


def _ids(chat: ChatPage) -> list[str | None]:
    return [item.get_attribute("data-id") for item in chat.messages.all()]
