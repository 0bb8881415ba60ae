"""Readers that take nothing: their connection is closed, and they may come back by their cursor."""

import asyncio
from typing import Any

from pushdemo.app import create_app
from pushdemo.exchange import TRANSPORT_EXTENSION
from tests.support.fake_clock import until
from tests.unit.asgi import Exchange, http_scope, websocket_scope
from tests.unit.samples import feed_of, publish

SOON_S = 0.01
"""The least that the setting allows."""


class Stuck(Exchange):
    """An exchange whose client takes no more than so many events; a Close frame always passes."""

    takes = 0

    async def _send(self, event: Any) -> None:
        if len(self.sent) >= self.takes and event["type"] != "websocket.close":
            await asyncio.Event().wait()
        await super()._send(event)


class Transport:
    """What the server's connection is, as far as breaking it off goes."""

    def __init__(self) -> None:
        self.aborted = asyncio.Event()

    def abort(self) -> None:
        self.aborted.set()


async def test_a_websocket_that_takes_nothing_is_closed_with_1013() -> None:
    async with feed_of(slow_reader_s=SOON_S) as feed:
        await publish(feed, 3)
        exchange = Stuck(create_app(feed), websocket_scope("/api/rooms/lobby/ws"))
        exchange.takes = 3  # the handshake, where it joined, one message
        exchange.hear({"type": "websocket.connect"})
        await exchange.end()
        assert (exchange.sent[-1]["type"], exchange.sent[-1]["code"]) == ("websocket.close", 1013)
        assert feed.waiting == 0


async def test_a_stream_that_takes_nothing_is_broken_off() -> None:
    async with feed_of(slow_reader_s=SOON_S) as feed:
        await publish(feed, 3)
        transport = Transport()
        scope = http_scope("GET", "/api/rooms/lobby/sse") | {
            "extensions": {TRANSPORT_EXTENSION: {"transport": transport}}
        }
        exchange = Stuck(create_app(feed), scope)
        exchange.takes = 2  # the head and the beginning
        exchange.body()
        async with asyncio.timeout(5):
            await transport.aborted.wait()
        exchange.leave()  # as the server says when the connection is gone
        await exchange.end()
        assert feed.waiting == 0


async def test_others_get_their_messages_while_one_takes_nothing() -> None:
    async with feed_of() as feed:
        app = create_app(feed)
        stuck = Stuck(app, websocket_scope("/api/rooms/lobby/ws"))
        stuck.takes = 2
        brisk = Exchange(app, websocket_scope("/api/rooms/lobby/ws"))
        for exchange in (stuck, brisk):
            exchange.hear({"type": "websocket.connect"})
            await exchange.until_sent(2)
        published = await publish(feed, 50)
        await brisk.until_sent(52)
        assert [event["text"] for event in brisk.sent[2:]] == [message.json.decode() for message in published]
        assert len(stuck.sent) == 2
        for exchange in (stuck, brisk):
            exchange.hear({"type": "websocket.disconnect"})
            await exchange.end()
        await until(lambda: feed.waiting == 0)
