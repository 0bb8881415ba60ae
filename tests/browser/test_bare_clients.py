"""Other people's clients, without our JavaScript: the browser's EventSource and the official socket.io-client."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.outside import eventually, feed, publish, subscribers
from tests.support.server import Server
from tests.support.visits import SERVER_AWAY, Visits

ALLOWED = re.compile(
    f"{SERVER_AWAY.pattern}|/favicon.ico"
)  # an image by itself names no icon, so Chromium asks for one
TRANSPORTS = (["polling", "websocket"], ["polling"], ["websocket"])
LISTEN = """([url]) => {
    window.events = [];
    window.source = new EventSource(url);
    source.onmessage = ({ data, lastEventId }) => events.push({ ...JSON.parse(data), lastEventId });
    source.addEventListener("gap", ({ data, lastEventId }) => events.push({ gap: JSON.parse(data), lastEventId }));
}"""
JOIN = """async ([room, transports, after]) => {
    const { io } = await import("/static/vendor/socket.io.esm.min.js");
    window.events = [];
    window.socket = io({ transports, forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 300 });
    socket.on("message", (message) => events.push(message));
    socket.on("gap", (gap) => events.push({ gap }));
    socket.on("connect", async () => {
        const at = events.at(-1)?.id ?? after;
        window.joined = await socket.emitWithAck("join", at ? { room, after: at } : { room });
    });
    await new Promise((resolve) => socket.once("connect", resolve));
}"""
PUBLISH = """([room, text, key]) => socket.timeout(5000).emitWithAck("publish",
    { room, text, sender: "bare", client_message_id: key })"""


def blank_page(visits: Visits, server: Server) -> Page:
    """Return a tab of the server's origin without any of our scripts."""
    page = visits.person(allowed=ALLOWED).new_page()
    page.goto(f"{server.base}/static/icon.svg")
    return page


def hears(page: Page, texts: list[str]) -> None:
    """Wait until the page's client has heard exactly these messages."""
    eventually(lambda: page.evaluate("events.map((each) => each.text ?? 'gap')"), texts, page)


def test_an_event_source_hears_history_and_news_with_their_cursors(visits: Visits, server: Server, room: str) -> None:
    told = [publish(server, room, "before")]
    page = blank_page(visits, server)
    page.evaluate(LISTEN, [f"/api/rooms/{room}/sse"])
    hears(page, ["before"])
    told.append(publish(server, room, "news\nof two lines \u2028 🎉"))
    hears(page, [each["text"] for each in told])
    assert page.evaluate("events") == [each | {"lastEventId": each["id"]} for each in told]


def test_an_event_source_resumes_by_itself_after_a_restart(visits: Visits, tmp_path: Any, room: str) -> None:
    log = f"sqlite:{tmp_path / 'feed.sqlite'}"
    with Server(log, "--sse-retry-ms", "200") as server:
        page = blank_page(visits, server)
        publish(server, room, "first")
        page.evaluate(LISTEN, [f"/api/rooms/{room}/sse?after=latest"])
        eventually(lambda: subscribers(server, room).get("sse"), 1, page)
        second = publish(server, room, "second")
        hears(page, ["second"])
        server.interrupt()
        eventually(lambda: page.evaluate("source.readyState"), 0, page)
    with (
        page.expect_request(lambda request: request.all_headers().get("last-event-id") == second["id"]),
        Server(log, "--port", str(server.port)) as again,
    ):
        publish(again, room, "third")
        hears(page, ["second", "third"])


@pytest.mark.parametrize("transports", TRANSPORTS, ids="-then-".join)
def test_the_official_socket_io_client_keeps_to_the_contract(
    visits: Visits, server: Server, room: str, transports: list[str]
) -> None:
    publish(server, room, "before")
    page = blank_page(visits, server)
    page.evaluate(JOIN, [room, transports, None])
    hears(page, ["before"])
    ack = page.evaluate(PUBLISH, [room, "by the official client", "key-1"])
    again = page.evaluate(PUBLISH, [room, "by the official client", "key-1"])
    assert ack["id"] == again["id"]
    publish(server, room, "by POST")
    hears(page, ["before", "by the official client", "by POST"])
    assert page.evaluate("events") == feed(server, room)
    assert page.evaluate("joined.cursor").endswith("-0")
    if transports != ["polling"]:
        eventually(lambda: page.evaluate("socket.io.engine.transport.name"), "websocket", page)
    else:
        assert page.evaluate("socket.io.engine.transport.name") == "polling"


def test_forty_events_at_once_over_polling_all_arrive(visits: Visits, server: Server, room: str) -> None:
    page = blank_page(visits, server)
    page.evaluate(JOIN, [room, ["polling"], None])
    acks = page.evaluate(
        """([room]) => Promise.all(Array.from({ length: 40 }, (_, number) =>
            socket.timeout(5000).emitWithAck("publish", { room, text: `number ${number}`, sender: `s${number}` })))""",
        [room],
    )
    assert len({ack["id"] for ack in acks}) == 40
    hears(page, [f"number {number}" for number in range(40)])


def test_the_official_socket_io_client_is_refused_in_the_ack(visits: Visits, server: Server, room: str) -> None:
    page = blank_page(visits, server)
    page.evaluate(JOIN, [room, ["websocket"], None])
    for event, data, status in (
        ("publish", {"room": room, "text": "", "sender": "bare"}, 422),
        ("publish", {"room": "no such room!", "text": "x", "sender": "bare"}, 400),
        ("publish", "not an object", 422),
        ("join", {"room": room, "after": "not-a-cursor-"}, 400),
    ):
        answer = page.evaluate("([event, data]) => socket.timeout(5000).emitWithAck(event, data)", [event, data])
        assert answer["error"]["status"] == status, answer
    assert page.evaluate("socket.connected") is True


def test_the_official_socket_io_client_resumes_by_cursor_after_a_restart(
    visits: Visits, tmp_path: Any, room: str
) -> None:
    log = f"sqlite:{tmp_path / 'feed.sqlite'}"
    with Server(log) as server:
        page = blank_page(visits, server)
        page.evaluate(JOIN, [room, ["polling", "websocket"], None])
        publish(server, room, "first")
        hears(page, ["first"])
        server.interrupt()
        eventually(lambda: page.evaluate("socket.connected"), False, page)
    with Server(log, "--port", str(server.port)) as again:
        publish(again, room, "second")
        hears(page, ["first", "second"])
