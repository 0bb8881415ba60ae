"""A WebSocket by which a page speaks bytes to this very server, one by one if it likes, and sees what comes back.

No script can open a TCP connection, nor send a frame that is wrong. So the page /handshake sends its bytes here, and
they go as they are into a connection to the address at which this server listens; nowhere else, so that nobody is
reached by it who was not reached before. That connection counts as its caller's own: `Peers` knows it.

Binary messages are the bytes. A text message is a command: `{"end": true}` sends FIN, `{"reset": true}` breaks off by
RST. What crosses, either way, is told as JSON, taken apart as in the lab:

    {"units": [{"unit": …, "bytes": base64, "fields": […]}], "waiting": {"up": 0, "down": 17}, "end": null}

`waiting` counts the bytes of units that are not complete. The last message tells the `end`: "ended" or "reset" by the
server or by command, "limit" where a bound below was reached, "refused" where nobody listens. Then comes 1000.
"""

import asyncio
import socket as sockets
from contextlib import suppress

import msgspec
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import (
    WS_1000_NORMAL_CLOSURE,
    WS_1008_POLICY_VIOLATION,
    WS_1012_SERVICE_RESTART,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.clock import Clock
from pushdemo.exchange import first_done, upgrade_required
from pushdemo.feed import Feed
from pushdemo.lab.peers import Address, Peers, Standing
from pushdemo.lab.side import RESET as RST_AT_CLOSE
from pushdemo.lab.told import unit_in_full, unit_in_short
from pushdemo.lab.view import DIRECTIONS, Crossed
from pushdemo.real_peer import own_address
from pushdemo.settings import Settings
from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.fields import Direction, Unit

PATH = "/api/handshake/by-hand"

MOST = 32
"""Consoles at a time: a class has its turns, and a connection to ourselves costs two."""
MOST_BYTES = 65_536
"""Each way."""
MOST_UNITS = 4_096
"""Each is told with all its fields, which is a hundred times as much as a small frame."""
WHOLE_S = 60.0
"""How long one connection may last."""
READ_BYTES = 4_096
"""So many are taken apart and told at a time; others get their turn in between."""

ENDED, RESET, LIMIT, REFUSED = "ended", "reset", "limit", "refused"

encode = msgspec.json.Encoder().encode


class Command(msgspec.Struct, forbid_unknown_fields=True):
    """What a text message asks for."""

    end: bool = False
    reset: bool = False


class _Closed(Exception):
    """The page's own WebSocket is to be closed with this code and reason."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


def routes(peers: Peers, feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the WebSocket, and what a plain GET is told there.

    Args:
        peers: is told for whom the connections are made.
        feed: asked only whether the server runs, and for the time.
        settings: `slow_reader_s`.
    """
    consoles: set[_Console] = set()

    def stop() -> None:
        for console in consoles:
            console.close_soon(_Closed(WS_1012_SERVICE_RESTART, "the server is stopping"))

    feed.when_stopping(stop)

    async def by_hand(socket: WebSocket) -> None:
        await socket.accept()  # first, because browsers show a refusal only as 1006
        console = _Console(socket, feed.clock, settings.slow_reader_s)
        if not feed.is_open:
            console.close_soon(_Closed(WS_1012_SERVICE_RESTART, "the server is stopping"))
        elif len(consoles) >= MOST:
            console.close_soon(_Closed(WS_1013_TRY_AGAIN_LATER, f"{MOST} connections are made by hand already"))
        consoles.add(console)
        try:
            await console.run(peers)
        finally:
            consoles.discard(console)

    return [WebSocketRoute(PATH, by_hand), Route(PATH, upgrade_required, methods=["GET"])]


class _Line:
    """The TCP connection to ourselves, noted as made for its caller from before it connects until it is gone."""

    def __init__(self, to: Address, peers: Peers, standing: Standing) -> None:
        self._to = to
        self._peers = peers
        self._standing = standing
        self._socket = sockets.socket(sockets.AF_INET6 if ":" in to[0] else sockets.AF_INET, sockets.SOCK_STREAM)
        self._own: Address | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self) -> asyncio.StreamReader:
        """Connect, from the same address that is connected to.

        Raises:
            OSError: nobody listens.
        """
        self._socket.setblocking(False)
        self._socket.bind((self._to[0], 0))
        host, port = self._socket.getsockname()[:2]
        self._own = (host, port)
        self._peers.note(self._own, self._standing)
        await asyncio.get_running_loop().sock_connect(self._socket, self._to)
        reader, self._writer = await asyncio.open_connection(sock=self._socket)
        return reader

    def write(self, data: bytes) -> None:
        """Send, without waiting: it is little."""
        assert self._writer is not None
        self._writer.write(data)

    def end(self) -> None:
        """Send FIN; what comes back may still be read."""
        assert self._writer is not None
        with suppress(OSError):  # the server was faster
            self._writer.write_eof()

    def close(self, *, by_reset: bool) -> None:
        """Be gone."""
        if by_reset:
            with suppress(OSError):  # gone already
                self._socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, RST_AT_CLOSE)
        if self._writer is not None:
            self._writer.transport.abort()
        else:
            self._socket.close()
        if self._own is not None:
            self._peers.forget(self._own, self._standing)


class _Console:
    """One page's WebSocket and the connection behind it, until one of them is gone."""

    def __init__(self, socket: WebSocket, clock: Clock, slow_reader_s: float) -> None:
        self._socket = socket
        self._clock = clock
        self._slow_reader_s = slow_reader_s
        self._closing: asyncio.Task[None] | None = None
        self._told_to_close = asyncio.Event()
        self._time_is_up = asyncio.Event()
        self._telling = asyncio.Lock()
        self._conversation = Conversation()
        self._crossed: dict[Direction, bytearray] = {"up": bytearray(), "down": bytearray()}
        self._news: list[dict[str, object]] = []
        self._units = 0

    def close_soon(self, close: _Closed) -> None:
        """Close the page's WebSocket in the loop's next turn, whatever it is at; the server's end leaves no more."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(close))
            self._told_to_close.set()

    async def _close(self, close: _Closed) -> None:
        with suppress(WebSocketDisconnect):  # gone before it could be told
            await self._socket.close(close.code, close.reason)

    async def run(self, peers: Peers) -> None:
        """Pass on and tell what crosses, until an end; tell that too, and close."""
        close = None
        try:
            if self._closing is None:
                await self._speak(peers)
                close = _Closed(WS_1000_NORMAL_CLOSURE)
        except TimeoutError:
            close = _Closed(WS_1013_TRY_AGAIN_LATER, "nothing is read")
        except _Closed as closed:
            close = closed
        except WebSocketDisconnect:
            pass
        if close is not None:
            self.close_soon(close)
        if self._closing is not None:
            await self._closing

    async def _speak(self, peers: Peers) -> None:
        line = _line(self._socket.scope, peers)
        end = REFUSED
        timer = self._clock.call_later(WHOLE_S, self._time_is_up.set)
        try:
            if line is not None and (reader := await self._connected(line)) is not None:
                end = await self._go_on(line, reader)
        finally:
            timer.cancel()
            if line is not None:
                line.close(by_reset=end in (RESET, LIMIT))
        if self._closing is None:
            for way in DIRECTIONS:
                self._keep(self._conversation.end(way))
            await self._tell(end)

    async def _connected(self, line: _Line) -> asyncio.StreamReader | None:
        """Return what comes from the server; None where nobody listens."""
        with suppress(OSError):  # TimeoutError is one
            async with asyncio.timeout(self._slow_reader_s):
                return await line.connect()
        return None

    async def _go_on(self, line: _Line, reader: asyncio.StreamReader) -> str:
        """Return how it ended.

        Raises:
            _Closed: the page said what cannot be.
            WebSocketDisconnect: the page is gone.
            TimeoutError: it takes nothing.
        """
        await self._tell()  # that it is connected
        told, late = _set(self._told_to_close), _set(self._time_is_up)
        return await first_done(told, late, self._from_server(reader), self._from_page(line))

    async def _from_server(self, reader: asyncio.StreamReader) -> str:
        try:
            while data := await reader.read(READ_BYTES):
                if not await self._cross("down", data):
                    return LIMIT
        except OSError:
            return RESET
        return ENDED

    async def _from_page(self, line: _Line) -> str:
        has_ended = False
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(event["code"])
            data: bytes | None = event.get("bytes")
            command = Command() if data is not None else _command(event["text"])
            if has_ended and not command.reset:
                raise _Closed(WS_1008_POLICY_VIOLATION, "after its end nothing more can be sent")
            if data is not None:
                if not await self._send(line, data):
                    return LIMIT
            elif command.reset:
                return RESET
            elif command.end:
                has_ended = True
                line.end()
                self._keep(self._conversation.end("up"))
                await self._tell()

    async def _send(self, line: _Line, data: bytes) -> bool:
        if len(self._crossed["up"]) + len(data) > MOST_BYTES:
            return False
        line.write(data)
        for start in range(0, len(data), READ_BYTES):
            if not await self._cross("up", data[start : start + READ_BYTES]):
                return False
        return True

    async def _cross(self, way: Direction, data: bytes) -> bool:
        """Take apart and tell what crossed; return whether there may be more."""
        self._crossed[way] += data
        self._keep(self._conversation.feed(way, data))
        await self._tell()
        await asyncio.sleep(0)
        return self._units < MOST_UNITS and len(self._crossed[way]) <= MOST_BYTES

    def _keep(self, units: list[Unit]) -> None:
        now = self._clock.wall_ms()
        for unit in units:
            data = bytes(self._crossed[unit.direction][unit.offset : unit.offset + unit.size])
            self._news.append({"unit": unit_in_short(Crossed(1, unit, now, now)), **unit_in_full(unit, data)})
        self._units += len(units)

    async def _tell(self, end: str | None = None) -> None:
        """Tell the news; one after another, for both directions have some.

        Raises:
            TimeoutError: the page takes nothing.
            WebSocketDisconnect: it is gone.
        """
        async with self._telling:
            waiting = {way: self._conversation.waiting(way) for way in DIRECTIONS}
            text = encode({"units": self._news, "waiting": waiting, "end": end}).decode()
            self._news = []
            async with asyncio.timeout(self._slow_reader_s):
                await self._socket.send_text(text)


def _line(scope: Scope, peers: Peers) -> _Line | None:
    """Return a connection to where the server listens; None where it does not say."""
    to = own_address(scope)
    client, server = scope.get("client"), scope.get("server")
    if to is None or client is None or server is None:
        return None
    return _Line(to, peers, Standing((client[0], client[1]), (server[0], server[1])))


async def _set(event: asyncio.Event) -> str:
    await event.wait()
    return LIMIT


def _command(text: str) -> Command:
    """Return what a text message asks for.

    Raises:
        _Closed: it is no command.
    """
    with suppress(msgspec.DecodeError):
        command = msgspec.json.decode(text, type=Command)
        if command.end != command.reset:
            return command
    raise _Closed(WS_1008_POLICY_VIOLATION, 'expected {"end": true} or {"reset": true}')
