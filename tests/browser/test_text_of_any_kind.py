"""What people write is shown as they wrote it, whatever it is."""

import pytest
from playwright.sync_api import expect

from tests.support.outside import publish
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.visits import Visits

TEXTS = (
    "مرحبا، هل القاعة 204 متاحة؟",
    "🎉👩‍👩‍👧‍👦🏳️‍🌈",
    "请问自习室还有空位吗？",
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
    "null",
    "&lt;b&gt; \\u0041 %3Cscript%3E ${1+1} {{1+1}}",
    "line\u2028separator and\u00a0space",
    '{"id":"x-1","text":"JSON"}',
)


@pytest.mark.parametrize("technique", some_now("socket-io"))
def test_text_is_text_in_every_language_on_every_page(
    visits: Visits, server: Server, room: str, technique: str
) -> None:
    for text in TEXTS[:4]:
        publish(server, room, text, sender="<b>administrator</b>")
    chat = visits.open(server.base, technique, room, name="\u202eאמה<i>")
    for text in TEXTS[4:]:
        chat.write(text)
        chat.has(text)
    assert [item.text_content() for item in chat.messages.locator(".text").all()] == list(TEXTS)
    expect(chat.hook("messages").locator("img, script, b, i")).to_have_count(0)
    assert "owned" not in chat.page.title()
    directions = chat.messages.locator(".text").evaluate_all(
        "items => items.map((item) => [item.dir, getComputedStyle(item).direction])"
    )
    assert directions[0] == ["auto", "rtl"]
    assert directions[2] == ["auto", "ltr"]


@pytest.mark.parametrize("key", ["a", "你"])
def test_enter_that_ends_an_input_method_does_not_send(visits: Visits, server: Server, room: str, key: str) -> None:
    chat = visits.open(server.base, "websocket", room)
    compose = chat.hook("compose-text")
    compose.fill(key)
    compose.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    expect(compose).to_have_value(key)
    compose.press("Enter")
    chat.has(key)
    chat.shows([key])


def test_a_text_that_is_too_long_is_counted_and_kept(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "sse", room)
    compose = chat.hook("compose-text")
    compose.fill("🙂" * 4_001)
    expect(chat.hook("compose-send")).to_be_disabled()
    expect(chat.page.get_by_text("1 too many")).to_be_visible()
    compose.press("Enter")
    expect(compose).to_have_value("🙂" * 4_001)
    chat.write("🙂" * 4_000)
    chat.has("🙂" * 4_000)


def test_what_was_half_written_is_still_there_after_a_reload(visits: Visits, server: Server, room: str) -> None:
    chat = visits.open(server.base, "sse", room)
    chat.hook("compose-text").fill("half wri")
    chat.page.reload()
    expect(chat.hook("compose-text")).to_have_value("half wri")
