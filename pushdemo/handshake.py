"""A WebSocket to open for the sake of its opening handshake (RFC 6455 section 4); the page /handshake does so.

It plays the server of RFC 6455 section 1.2: offered the subprotocols `chat, superchat`, it takes `chat`, and its first
message says what was offered and what was taken, for a script in a browser sees no header. Then it sends back what it
is sent. Where nothing that was offered is known, it accepts without a subprotocol, as the RFC wants (section 4.2.2);
a program may go on then, while a browser, having offered some, fails the connection (WHATWG WebSockets).

    python -m websockets ws://127.0.0.1:8000/api/handshake/ws
"""

import asyncio
from contextlib import suppress
from typing import NamedTuple

import msgspec
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import (
    WS_1000_NORMAL_CLOSURE,
    WS_1003_UNSUPPORTED_DATA,
    WS_1008_POLICY_VIOLATION,
    WS_1012_SERVICE_RESTART,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.clock import Clock, Timer
from pushdemo.exchange import first_done, upgrade_required
from pushdemo.feed import Feed
from pushdemo.settings import Settings

PATH = "/api/handshake/ws"
SUBPROTOCOLS = ("chat", "superchat")
"""What is spoken here; the first that was offered is taken."""

MOST_CHARACTERS = 1_000
MOST_MESSAGES = 100
SILENCE_S = 60.0
"""A tab that was forgotten keeps no connection."""


class Close(NamedTuple):
    """How a WebSocket is closed: the code, and the reason that a script may read beside it."""

    code: int
    reason: str = ""


SILENT = Close(WS_1000_NORMAL_CLOSURE, f"no message for {SILENCE_S:g} s")
BINARY = Close(WS_1003_UNSUPPORTED_DATA, "text only")
TOO_LONG = Close(WS_1008_POLICY_VIOLATION, f"a message has {MOST_CHARACTERS:,} characters at most")
TOO_MANY_MESSAGES = Close(WS_1008_POLICY_VIOLATION, f"{MOST_MESSAGES} messages are enough")
STOPPING = Close(WS_1012_SERVICE_RESTART, "the server is stopping")
TOO_MANY = Close(WS_1013_TRY_AGAIN_LATER, "too many connections")
TOO_SLOW = Close(WS_1013_TRY_AGAIN_LATER, "nothing is read")


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the WebSocket, and what a plain GET is told there.

    Args:
        feed: asked only whether the server runs, and for the time.
        settings: `max_connections` may be open here, beside as many readers.
    """
    talks: set[Talk] = set()

    def stop() -> None:
        for talk in talks:
            talk.end(STOPPING)

    feed.when_stopping(stop)

    async def handshake(socket: WebSocket) -> None:
        offered: list[str] = socket.scope["subprotocols"]
        chosen = next((each for each in SUBPROTOCOLS if each in offered), None)
        await socket.accept(chosen)
        talk = Talk(socket, settings.slow_reader_s, feed.clock)
        if not feed.is_open:
            talk.end(STOPPING)
        elif len(talks) >= settings.max_connections:  # accepted first, because browsers show a refusal only as 1006
            talk.end(TOO_MANY)
        talks.add(talk)
        try:
            await talk.go_on({"subprotocol": chosen, "offered": offered})
        finally:
            talks.remove(talk)

    return [WebSocketRoute(PATH, handshake), Route(PATH, upgrade_required, methods=["GET"])]


class Talk:
    """One open WebSocket, from when it was accepted until it is closed."""

    def __init__(self, socket: WebSocket, slow_reader_s: float, clock: Clock) -> None:
        self._socket = socket
        self._slow_reader_s = slow_reader_s
        self._clock = clock
        self._closing: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._silence: Timer | None = None

    def end(self, close: Close) -> None:
        """Close it in the loop's next turn, whatever it is at; the server's end leaves no more time."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(close))
            self._ended.set()

    async def go_on(self, first: dict[str, object]) -> None:
        """Say `first`, and send back what comes, until it is closed."""
        close = None
        try:
            if not self._ended.is_set():
                close = await first_done(self._told_to_end(), self._echo(first))
        except TimeoutError:
            close = TOO_SLOW
        except WebSocketDisconnect:
            pass
        finally:
            self._listen(None)
        if close is not None:
            self.end(close)
        if self._closing is not None:
            await self._closing

    async def _told_to_end(self) -> None:
        await self._ended.wait()

    async def _close(self, close: Close) -> None:
        with suppress(WebSocketDisconnect):  # gone before it could be told
            await self._socket.close(close.code, close.reason)

    async def _echo(self, first: dict[str, object]) -> Close | None:
        await self._send(msgspec.json.encode(first).decode())
        for _ in range(MOST_MESSAGES):
            self._listen(SILENCE_S)
            text = await self._receive()
            if text is None:
                return BINARY
            if len(text) > MOST_CHARACTERS:
                return TOO_LONG
            await self._send(text)
        self._listen(SILENCE_S)
        await self._receive()
        return TOO_MANY_MESSAGES

    def _listen(self, most_s: float | None) -> None:
        """Wait so long for the next message; None: no longer."""
        if self._silence is not None:
            self._silence.cancel()
        self._silence = None if most_s is None else self._clock.call_later(most_s, lambda: self.end(SILENT))

    async def _receive(self) -> str | None:
        """Return the text of the next message; None if it is binary.

        Raises:
            WebSocketDisconnect: the client is gone.
        """
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        text: str | None = event.get("text")
        return text

    async def _send(self, text: str) -> None:
        """Send one text message.

        Raises:
            TimeoutError: the client has taken nothing for so long that no more fits on the way to it.
            WebSocketDisconnect: it is gone.
        """
        async with asyncio.timeout(self._slow_reader_s):
            await self._socket.send_text(text)
