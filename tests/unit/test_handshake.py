"""The WebSocket that is there for its handshake: what it takes, what it says, and when it ends."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from pushdemo.app import create_app
from pushdemo.feed import Feed
from pushdemo.handshake import MOST_CHARACTERS, MOST_MESSAGES, PATH, SILENCE_S
from tests.support.fake_clock import FakeClock, turn
from tests.unit.asgi import Exchange, ask, http_scope, websocket_scope
from tests.unit.samples import feed_of
from tests.unit.transports.test_slow_readers import SOON_S, Stuck

LEAVE = {"type": "websocket.disconnect", "code": 1001}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def feed(clock: FakeClock) -> AsyncIterator[Feed]:
    async with feed_of(clock, max_connections=2) as feed:
        yield feed


@pytest.fixture
def app(feed: Feed) -> Any:
    return create_app(feed)


async def connected(app: Any, *offered: str) -> Exchange:
    """Return an open WebSocket that has said what it says first."""
    exchange = Exchange(app, websocket_scope(PATH, subprotocols=list(offered)))
    exchange.hear({"type": "websocket.connect"})
    await exchange.until_sent(2)
    assert exchange.sent[0]["type"] == "websocket.accept"
    return exchange


def say(exchange: Exchange, text: str) -> None:
    exchange.hear({"type": "websocket.receive", "text": text})


def ending(exchange: Exchange) -> tuple[int, str]:
    """Return the code and the reason it was closed with."""
    assert exchange.sent[-1]["type"] == "websocket.close"
    return exchange.sent[-1]["code"], exchange.sent[-1]["reason"]


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["chat", "superchat"], "chat"),  # RFC 6455 section 1.2
        (["superchat", "chat"], "chat"),
        (["soap", "superchat"], "superchat"),
        (["Chat"], None),
        (["soap"], None),
        ([], None),
    ],
)
async def test_of_what_is_offered_the_first_it_knows_is_taken_and_told(
    app: Any, offered: list[str], chosen: str | None
) -> None:
    exchange = await connected(app, *offered)
    assert exchange.sent[0]["subprotocol"] == chosen
    assert msgspec.json.decode(exchange.sent[1]["text"]) == {"subprotocol": chosen, "offered": offered}
    exchange.hear(LEAVE)
    await exchange.end()


async def test_what_is_said_is_sent_back(app: Any, clock: FakeClock) -> None:
    exchange = await connected(app)
    for text in ("hi", "", "握手" * (MOST_CHARACTERS // 2)):
        say(exchange, text)
    await exchange.until_sent(5)
    assert [event["text"] for event in exchange.sent[2:]] == ["hi", "", "握手" * (MOST_CHARACTERS // 2)]
    exchange.hear(LEAVE)
    await exchange.end()
    assert exchange.sent[-1]["type"] == "websocket.send"  # nothing more is said to one who left
    assert clock.pending == 0


async def test_a_message_that_is_too_long_ends_it_with_1008(app: Any) -> None:
    exchange = await connected(app)
    say(exchange, "x" * (MOST_CHARACTERS + 1))
    await exchange.end()
    assert ending(exchange) == (1008, "a message has 1,000 characters at most")


async def test_one_message_too_many_ends_it_with_1008(app: Any) -> None:
    exchange = await connected(app)
    for number in range(MOST_MESSAGES):
        say(exchange, f"{number}")
    await exchange.until_sent(2 + MOST_MESSAGES)
    await turn(30)
    assert not exchange.task.done()
    say(exchange, "one more")
    await exchange.end()
    assert ending(exchange) == (1008, "100 messages are enough")
    assert len(exchange.sent) == 2 + MOST_MESSAGES + 1


async def test_binary_ends_it_with_1003(app: Any) -> None:
    exchange = await connected(app)
    exchange.hear({"type": "websocket.receive", "bytes": b"\x00"})
    await exchange.end()
    assert ending(exchange) == (1003, "text only")


async def test_silence_ends_it_with_1000_counted_from_the_last_message(app: Any, clock: FakeClock) -> None:
    exchange = await connected(app)
    clock.advance(SILENCE_S - 1)
    say(exchange, "still here")
    await exchange.until_sent(3)
    clock.advance(SILENCE_S - 1)
    await turn(30)
    assert not exchange.task.done()
    clock.advance(1)
    await exchange.end()
    assert ending(exchange) == (1000, "no message for 60 s")
    assert clock.pending == 0


async def test_all_are_ended_with_1012_when_the_server_stops_and_so_is_who_comes_then(app: Any, feed: Feed) -> None:
    exchanges = [await connected(app), await connected(app)]
    feed.stop()
    exchanges.append(await connected(app))
    for exchange in exchanges:
        await exchange.end()
        assert ending(exchange) == (1012, "the server is stopping")
    assert exchanges[2].sent[1]["type"] == "websocket.close"


async def test_one_connection_too_many_is_accepted_and_ended_with_1013_until_another_left(app: Any) -> None:
    first, second, third = [await connected(app) for _ in range(3)]
    await third.end()
    assert ending(third) == (1013, "too many connections")
    first.hear(LEAVE)
    await first.end()
    fourth = await connected(app)
    assert fourth.sent[1]["type"] == "websocket.send"
    for exchange in (second, fourth):
        exchange.hear(LEAVE)
        await exchange.end()


async def test_it_takes_no_place_from_the_readers(app: Any, feed: Feed) -> None:
    exchanges = [await connected(app), await connected(app)]
    async with feed.follow("lobby", None, "sse"), feed.follow("lobby", None, "sse"):
        assert feed.waiting == 2
    for exchange in exchanges:
        exchange.hear(LEAVE)
        await exchange.end()


async def test_a_client_that_takes_nothing_is_ended_with_1013() -> None:
    async with feed_of(slow_reader_s=SOON_S) as feed:
        exchange = Stuck(create_app(feed), websocket_scope(PATH))
        exchange.takes = 1
        exchange.hear({"type": "websocket.connect"})
        await exchange.end()
        assert ending(exchange) == (1013, "nothing is read")


async def test_without_an_upgrade_it_is_426_and_says_to_what(app: Any) -> None:
    answer = await ask(app, http_scope("GET", PATH))
    assert (answer.status, answer.field("content-type")) == (426, "application/problem+json")
    assert (answer.field("upgrade"), answer.field("connection")) == ("websocket", "Upgrade")


async def test_a_foreign_page_is_refused(app: Any) -> None:
    exchange = Exchange(app, websocket_scope(PATH, [("Origin", "http://evil.example")]))
    exchange.hear({"type": "websocket.connect"})
    await exchange.end()
    assert exchange.status == 403
