"""Readers as thin as can be: one protocol per connection, which looks for marks and parses nothing else.

A reader knows the place in the order of messages that has to come next. What a read brings is compared with the order
from there on; only where it differs is it gone through one by one: new messages get their places, and what stands
elsewhere is counted as reordered or doubled (what never comes is lost).
"""

import asyncio
import re
from typing import ClassVar, cast

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import DIGITS, FIRST_OF_MARK, MARK, ROOM
from benchmarks.load.crowd import CouldNotOpen
from benchmarks.peers.peer import path

HEAD_END = b"\r\n\r\n"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
)
"""With the key of RFC 6455 section 1.3: nobody checks the answer to it."""

TEXT, PONG = 0x81, 0x8A
PING = b"\x89"
WHOLE_PING = re.compile(rb"(?<!\x81\x7e.)\x89([\x00-\x7d])", re.DOTALL)
"""A ping's first two bytes, and not the length 0x..89 of a text frame (RFC 6455 section 5.2)."""
ENGINE_PING, ENGINE_PONG = b"\x81\x012", b"3"
"""Engine.IO's ping as a frame, and the text that answers it."""
CONNECT, ACKNOWLEDGED = b"40", b"430["
LONGEST = 125
"""Bytes that the payload of a frame can have whose length is one byte."""


def masked(first: int, payload: bytes) -> bytes:
    """Return a client's frame; its masking key is 0, so that the payload stays as it is (RFC 6455 section 5.3)."""
    assert len(payload) <= LONGEST
    return bytes((first, 0x80 | len(payload), 0, 0, 0, 0)) + payload


def first_line(head: bytes) -> str:
    """Return the first line of a response, for people."""
    return head.partition(b"\r\n")[0].decode(errors="replace")


class Reader(asyncio.Protocol):
    """One reader on one connection.

    Args:
        port: of the server, on 127.0.0.1.
        broadcasts: is told what comes.
        room: where it reads.
    """

    __slots__ = ("_broadcasts", "_kept", "_missing", "_opening", "_request", "_stops", "next", "opened", "transport")

    technique: ClassVar[str]
    status: ClassVar[bytes] = b"200"
    fields: ClassVar[str] = ""
    pings: ClassVar[bytes | None] = None
    """What occurs in a read where the server wants an answer."""

    transport: asyncio.Transport

    def __init__(self, port: int, broadcasts: Broadcasts, room: str = ROOM) -> None:
        self._broadcasts = broadcasts
        target = path(self.technique, room)
        self._request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{self.fields}\r\n".encode()
        self._opening: bytes | None = b""
        self._kept = b""
        self._missing: set[int] = set()
        self._stops = False
        self.next = 0
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent
        self.transport.set_write_buffer_limits(high=0)  # or uvloop writes only when it has read all that is there
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._opening is not None:
            self._open(data)
            return
        if self.pings is not None and self.pings in data:
            self._answer_pings(data)
        self.take(data)

    # --- what comes before the first message ---

    def _open(self, data: bytes) -> None:
        """Take the head, and what else comes before the first message."""
        assert self._opening is not None
        self._opening += data
        head, found, behind = self._opening.partition(HEAD_END)
        if not found:
            return
        if head[9:12] != self.status:
            self._refuse(f"the server answered: {first_line(head)}")
        elif self._is_in(behind):
            self._opening = None
            self._let_in()

    def _is_in(self, behind: bytes) -> bool:
        """Return whether messages may come, after what has come behind the head."""
        return True

    def _let_in(self) -> None:
        if not self.opened.done():
            self.opened.set_result(None)

    def _refuse(self, why: str) -> None:
        if not self.opened.done():
            self.opened.set_exception(CouldNotOpen(why))
        else:
            self._broadcasts.give_up(why)
        self.close()

    # --- messages ---

    def take(self, data: bytes) -> None:
        """Take what a read brought; a mark that is not whole is kept until the rest comes."""
        if self._kept:
            data = self._kept + data
            self._kept = b""
        pieces = data.split(MARK)
        if len(pieces) > 1 and len(pieces[-1]) < DIGITS:
            self._kept = MARK + pieces.pop()
        elif data[-1] == FIRST_OF_MARK:
            self._kept = MARK[:1]
        if len(pieces) > 1:
            self._arrived([piece[:DIGITS] for piece in pieces[1:]])

    def _arrived(self, found: list[bytes]) -> None:
        first = self.next
        behind = first + len(found)
        broadcasts = self._broadcasts
        if broadcasts.order[first:behind] != found:
            broadcasts.give_places(found)
            if broadcasts.order[first:behind] != found:
                for digits in found:
                    self._out_of_step(broadcasts.places.get(digits, -1))
                return
        self.next = behind
        broadcasts.note(first, behind)

    def _out_of_step(self, place: int) -> None:
        """Take one message of a read that brought others than had to come; -1: it was never published."""
        broadcasts = self._broadcasts
        if place >= self.next:
            self._missing.update(range(self.next, place))
            self.next = place + 1
        elif place in self._missing:
            self._missing.remove(place)
            broadcasts.reordered += 1
        else:
            broadcasts.doubled += 1
            return
        broadcasts.note(place, place + 1)

    def _answer_pings(self, data: bytes) -> None:
        """Answer what wants an answer."""

    # --- the end ---

    def connection_lost(self, error: Exception | None) -> None:
        if not self._stops:
            self._refuse(f"the server closed the connection of a reader{f': {error}' if error else ''}")

    def close(self) -> None:
        """End it at once."""
        self._stops = True
        if not self.opened.done():
            self.opened.cancel()
        if hasattr(self, "transport"):
            self.transport.abort()


class EventStream(Reader):
    """Server-sent events."""

    __slots__ = ()
    technique = "sse"
    fields = "Accept: text/event-stream\r\n"


class WebSocket(Reader):
    """A WebSocket."""

    __slots__ = ()
    technique = "websocket"
    status = b"101"
    fields = UPGRADE
    pings = PING

    def _answer_pings(self, data: bytes) -> None:
        for ping in WHOLE_PING.finditer(data):
            size = ping[1][0]
            payload = data[ping.end() : ping.end() + size]
            if len(payload) == size:
                self.transport.write(masked(PONG, payload))


class SocketIo(Reader):
    """Socket.IO, by its WebSocket transport from the beginning: open, CONNECT, `join` and its acknowledgement."""

    __slots__ = ("_steps",)
    technique = "socket-io"
    status = b"101"
    fields = UPGRADE
    pings = ENGINE_PING

    def __init__(self, port: int, broadcasts: Broadcasts, room: str = ROOM) -> None:
        super().__init__(port, broadcasts, room)
        join = b'420["join",{"room":"%b","after":"latest"}]' % room.encode()
        self._steps = [(b"0{", CONNECT), (b"40{", join)]

    def _is_in(self, behind: bytes) -> bool:
        while self._steps and self._steps[0][0] in behind:
            _, answer = self._steps.pop(0)
            self.transport.write(masked(TEXT, answer))
        said = behind.partition(ACKNOWLEDGED)[2]
        if self._steps or b"]" not in said:
            return False
        if b'"cursor"' not in said:
            self._refuse("the server refused `join`")
            return False
        return True

    def _answer_pings(self, data: bytes) -> None:
        self.transport.write(masked(TEXT, ENGINE_PONG))
