"""Clients that leave and feeds that stop, by every technique over HTTP and WebSocket, driven through ASGI."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from pushdemo.app import create_app
from pushdemo.feed import Feed
from tests.support.fake_clock import FakeClock, turn, until
from tests.unit.asgi import Exchange, ask, http_scope, websocket_scope
from tests.unit.samples import cursor_at, feed_of, publish

LEAVE = {"type": "http.disconnect"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def feed(clock: FakeClock) -> AsyncIterator[Feed]:
    async with feed_of(clock, messages_kept=5) as feed:
        yield feed


@pytest.fixture
def app(feed: Feed) -> Any:
    return create_app(feed)


async def opened(app: Any, feed: Feed, path: str, *fields: tuple[str, str]) -> Exchange:
    """Return a request that the feed knows of and that nobody has answered yet, but for a stream's beginning."""
    before = feed.waiting
    exchange = Exchange(app, http_scope("GET", path, fields))
    exchange.body()
    await until(lambda: feed.waiting == before + 1)
    await turn(30)
    return exchange


# --- long poll ---


async def test_a_long_poll_whose_client_leaves_is_over_at_once(app: Any, feed: Feed, clock: FakeClock) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/long-poll")
    assert exchange.sent == []
    exchange.leave()
    await exchange.end()
    assert (feed.waiting, clock.pending) == (0, 0)


async def test_a_long_poll_is_answered_by_a_message(app: Any, feed: Feed) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/long-poll")
    (message,) = await publish(feed, 1)
    await exchange.end()
    assert exchange.content == b'{"cursor":"%s","messages":[%s]}' % (message.id.encode(), message.json)


async def test_a_long_poll_is_answered_empty_when_its_time_is_up(app: Any, feed: Feed, clock: FakeClock) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/long-poll?timeout=7")
    clock.advance(6.999)
    await turn()
    assert exchange.sent == []
    clock.advance(0.001)
    await exchange.end()
    assert exchange.content == b'{"cursor":"%s","messages":[]}' % str(await cursor_at(feed, 0)).encode()


async def test_held_long_polls_are_answered_when_the_feed_stops(app: Any, feed: Feed) -> None:
    exchanges = [await opened(app, feed, "/api/rooms/lobby/long-poll") for _ in range(3)]
    feed.stop()
    assert [(await exchange.end()).status for exchange in exchanges] == [200, 200, 200]
    assert (await ask(app, http_scope("GET", "/api/rooms/lobby/long-poll"))).status == 503


async def test_head_of_a_long_poll_does_not_wait(app: Any, feed: Feed) -> None:
    exchange = await ask(app, http_scope("HEAD", "/api/rooms/lobby/long-poll"))
    assert (exchange.status, feed.waiting) == (200, 0)


# --- event stream ---


async def test_a_stream_begins_at_once_with_the_reconnection_time_and_a_cursor(app: Any, feed: Feed) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/sse")
    assert exchange.status == 200
    assert exchange.field("content-type") == "text/event-stream; charset=utf-8"
    assert exchange.field("cache-control") == "no-store"
    assert exchange.field("x-accel-buffering") == "no"
    assert exchange.content == b"retry: 2000\n\nid: %s\n\n" % str(await cursor_at(feed, 0)).encode()
    exchange.leave()
    await exchange.end()


async def test_a_stream_carries_messages_as_events_and_is_over_when_its_client_leaves(app: Any, feed: Feed) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/sse")
    beginning = exchange.content
    (message,) = await publish(feed, 1)
    await until(lambda: exchange.content != beginning)
    assert exchange.content == beginning + b"id: %s\ndata: %s\n\n" % (message.id.encode(), message.json)
    exchange.leave()
    await exchange.end()
    assert feed.waiting == 0


async def test_a_stream_resumes_by_last_event_id_and_tells_of_a_gap_with_id_and_data(app: Any, feed: Feed) -> None:
    published = await publish(feed, 7)
    field = ("Last-Event-ID", str(await cursor_at(feed, 1)))
    exchange = await opened(app, feed, "/api/rooms/lobby/sse?after=latest", field)
    place = str(await cursor_at(feed, 2)).encode()
    assert b"event: gap\n" in exchange.content
    gap = exchange.content.split(b"\n\n")[2].split(b"\n")
    assert sorted(gap) == sorted([b"event: gap", b"id: " + place, b'data: {"cursor":"%s"}' % place])
    for message in published[2:]:
        assert b"data: " + message.json + b"\n\n" in exchange.content
    assert published[1].json not in exchange.content
    exchange.leave()
    await exchange.end()


async def test_a_stream_ends_with_a_last_chunk_when_the_feed_stops(app: Any, feed: Feed) -> None:
    exchange = await opened(app, feed, "/api/rooms/lobby/sse")
    feed.stop()
    await exchange.end()
    assert exchange.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/rooms/lobby/sse?after=x", 400), ("/api/rooms/l.b/sse", 400), ("/api/rooms/l.b/long-poll", 400)],
)
async def test_a_refused_stream_or_poll_has_its_own_status(app: Any, feed: Feed, path: str, status: int) -> None:
    exchange = await ask(app, http_scope("GET", path))
    assert (exchange.status, exchange.field("content-type")) == (status, "application/problem+json")
    assert feed.waiting == 0


# --- WebSocket ---


async def connected(app: Any, feed: Feed, path: str = "/api/rooms/lobby/ws", **more: Any) -> Exchange:
    before = feed.waiting
    exchange = Exchange(app, websocket_scope(path, **more))
    exchange.hear({"type": "websocket.connect"})
    await until(lambda: feed.waiting == before + 1)
    await exchange.until_sent(2)
    assert exchange.sent[0]["type"] == "websocket.accept"
    return exchange


def said(exchange: Exchange) -> list[Any]:
    return [msgspec.json.decode(event["text"]) for event in exchange.sent if "text" in event]


async def test_a_websocket_is_told_where_it_joined_and_leaves_nothing_behind(app: Any, feed: Feed) -> None:
    exchange = await connected(app, feed)
    assert said(exchange) == [{"control": "joined", "cursor": str(await cursor_at(feed, 0))}]
    exchange.hear({"type": "websocket.disconnect", "code": 1001})
    await exchange.end()
    assert feed.waiting == 0
    assert exchange.sent[-1]["type"] == "websocket.send"  # nothing more is said to one who left


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [([], None), (["pushdemo.v1"], "pushdemo.v1"), (["a", "pushdemo.v1"], "pushdemo.v1"), (["a"], None)],
)
async def test_the_subprotocol_is_chosen_if_it_was_offered(
    app: Any, feed: Feed, offered: list[str], chosen: str | None
) -> None:
    exchange = await connected(app, feed, subprotocols=offered)
    assert exchange.sent[0]["subprotocol"] == chosen
    exchange.hear({"type": "websocket.disconnect"})
    await exchange.end()


async def test_what_is_published_over_a_websocket_is_acknowledged_and_comes_back(app: Any, feed: Feed) -> None:
    exchange = await connected(app, feed)
    exchange.hear({"type": "websocket.receive", "text": '{"sender":"li","text":"hi","client_message_id":"c-1"}'})
    await exchange.until_sent(4)
    place = str(await cursor_at(feed, 1))
    texts = [event["text"] for event in exchange.sent[2:]]
    assert f'{{"control":"ack","id":"{place}","client_message_id":"c-1"}}' in texts
    assert (await feed.after("lobby", None)).messages[0].json.decode() in texts
    exchange.hear({"type": "websocket.disconnect"})
    await exchange.end()


async def test_bad_content_is_answered_and_the_websocket_stays(app: Any, feed: Feed) -> None:
    exchange = await connected(app, feed)
    for text in ("not JSON", '{"sender":"li"}', '{"sender":"","text":"hi","client_message_id":"c-2"}'):
        exchange.hear({"type": "websocket.receive", "text": text})
    await exchange.until_sent(5)
    answers = said(exchange)[1:]
    assert [(each["control"], each["problem"]["status"], each["client_message_id"]) for each in answers] == [
        ("error", 400, None),
        ("error", 422, None),
        ("error", 422, "c-2"),
    ]
    assert not exchange.task.done()
    exchange.hear({"type": "websocket.disconnect"})
    await exchange.end()


async def test_a_gap_is_told_to_a_websocket_before_what_is_still_kept(app: Any, feed: Feed) -> None:
    published = await publish(feed, 7)
    exchange = await connected(app, feed, f"/api/rooms/lobby/ws?after={await cursor_at(feed, 0)}")
    await exchange.until_sent(8)
    place = str(await cursor_at(feed, 2))
    assert said(exchange)[1:] == [{"control": "gap", "cursor": place}] + [
        msgspec.json.decode(message.json) for message in published[2:]
    ]
    exchange.hear({"type": "websocket.disconnect"})
    await exchange.end()


@pytest.mark.parametrize("count", [1, 3])
async def test_a_websocket_is_closed_with_1012_when_the_feed_stops(app: Any, feed: Feed, count: int) -> None:
    exchanges = [await connected(app, feed) for _ in range(count)]
    feed.stop()
    for exchange in exchanges:
        await exchange.end()
        assert (exchange.sent[-1]["type"], exchange.sent[-1]["code"]) == ("websocket.close", 1012)


async def test_a_binary_message_closes_the_websocket_with_1003(app: Any, feed: Feed) -> None:
    exchange = await connected(app, feed)
    exchange.hear({"type": "websocket.receive", "bytes": b"\x00"})
    await exchange.end()
    assert exchange.sent[-1]["code"] == 1003
    assert feed.waiting == 0


async def test_when_the_server_is_full_a_websocket_is_accepted_and_closed_with_1013() -> None:
    async with feed_of(max_connections=1) as feed, feed.follow("lobby", None, "sse"):
        exchange = Exchange(create_app(feed), websocket_scope("/api/rooms/lobby/ws"))
        exchange.hear({"type": "websocket.connect"})
        await exchange.end()
        assert [event["type"] for event in exchange.sent] == ["websocket.accept", "websocket.close"]
        assert exchange.sent[-1]["code"] == 1013


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/rooms/l.b/ws", 400), ("/api/rooms/lobby/ws?after=x", 400), ("/nowhere", 404), ("/static/x", 404)],
)
async def test_a_handshake_that_asks_for_nothing_here_is_denied_with_its_status(
    app: Any, path: str, status: int
) -> None:
    exchange = Exchange(app, websocket_scope(path))
    exchange.hear({"type": "websocket.connect"})
    await exchange.end()
    assert exchange.sent[0]["type"] == "websocket.http.response.start"
    assert exchange.status == status
