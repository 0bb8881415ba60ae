"""One of the two sockets of a connection through the relay, and the line from it to the other."""

import asyncio
import contextlib
import math
import socket
import struct
import sys
from typing import TYPE_CHECKING

from pushdemo.lab.delay_line import EOF, DelayLine
from pushdemo.lab.timing import Timer

if TYPE_CHECKING:
    from pushdemo.lab.connection import Connection
    from pushdemo.lab.relay import Relay

RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER, on and 0 seconds: closing the socket sends RST."""


class Side(asyncio.Protocol):
    """The client's socket, or the server's.

    The event loops set TCP_NODELAY by themselves: nothing that came out of a line waits for an ACK.

    Attributes:
        line: what came from this socket (the server's: what a middlebox let through) and is under way.
        handed_on_bytes: how much came out of it.
        plain: whether bytes may pass from socket to socket where no condition holds them: nobody watches, and
            nothing stands between.
        boxed: whether a middlebox stands before this socket, the server's.
        reading: whether the line has room for more.
        connected: whether there is a socket.
        ended: whether the end of the other was passed on to it.
    """

    __slots__ = (
        "_clock", "_connection", "_heard_all", "_relay", "_timer", "_writable", "boxed",
        "connected", "ended", "handed_on_bytes", "line", "other", "plain", "reading", "transport",
    )  # fmt: skip

    other: "Side"
    transport: asyncio.Transport

    def __init__(self, connection: "Connection", relay: "Relay", line: DelayLine) -> None:
        self._connection = connection
        self._relay = relay
        self._clock = relay.clock
        self._timer: Timer | None = None
        self._writable = False
        self._heard_all = False
        self.plain = False
        self.boxed = False
        self.reading = True
        self.connected = False
        self.ended = False
        self.handed_on_bytes = 0
        self.line = line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a Transport, as always with TCP
        self.connected = self._writable = True
        self._connection.made(self)

    def data_received(self, data: bytes) -> None:
        now = self._clock.monotonic()
        if self.plain and self._relay.conditions.unhindered and self.line.free(now) and self.other.writable:
            self.handed_on_bytes += len(data)
            self.other.transport.write(data)
            return
        self._connection.came(self, data, now)

    def eof_received(self) -> bool:
        self._heard_all = True
        self._connection.came(self, EOF, self._clock.monotonic())
        return True  # the other direction stays open

    def put(self, data: bytes, now: float) -> None:
        """Send data, or the end of it, on its way to the other socket."""
        self.line.put(data, now, self._relay.conditions)
        if self._timer is None:  # else what comes out next was there before, and is waited for
            self.hand_on()
        if self.reading and self.line.load_bytes > self._relay.line_bytes:
            self.reading = False
            if self._can_be_read:
                self.transport.pause_reading()

    def hand_on(self) -> None:
        """Give the other socket what is due, as long as it takes it, and wait for what will be."""
        now = self._clock.monotonic()
        while self.other.writable and (piece := self.line.take(now)) is not None:
            self.handed_on_bytes += len(piece.data)
            self._connection.passes(self, piece.data, piece.came_at, now)
        if not self.reading and self.line.load_bytes <= self._relay.line_bytes // 2:
            self.read_on()
        if self._timer is None and self.other.writable and self.line.next_due < math.inf:
            self._timer = self._clock.call_later(self.line.next_due - now, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self.hand_on()  # and wait once more, if the timer went off early or a stall came between

    def read_on(self) -> None:
        """There is room again."""
        self.reading = True
        if self._can_be_read:
            self.transport.resume_reading()
        if self.boxed:
            self.other.hand_on()

    @property
    def _can_be_read(self) -> bool:
        """Whether pausing and resuming mean anything; asyncio would also find the end of the bytes a second time."""
        return self.connected and not self._heard_all and not self.transport.is_closing()

    @property
    def writable(self) -> bool:
        """Whether its socket takes more; a middlebox before it, which may answer by itself, needs room for that too."""
        return self._writable and not self.transport.is_closing() and (self.reading or not self.boxed)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self.other.hand_on()

    def write(self, data: bytes) -> None:
        """Take what a middlebox sends, whether or not it is much, unless the end was passed on already."""
        if not self.ended and not self.transport.is_closing():
            self.transport.write(data)

    def end(self) -> None:
        """Pass on that the other has no more to say."""
        if self.ended or self.transport.is_closing():
            return
        self.ended = True
        self.transport.write_eof()
        if self.other.ended:
            self._connection.finish()

    def connection_lost(self, exc: Exception | None) -> None:
        self.connected = False
        self._leave_off()
        self._connection.lost(self)

    def reset(self) -> None:
        """Close by RST, if there is a socket, and forget what is under way."""
        self._leave_off()
        if self.connected:
            its_socket = self.transport.get_extra_info("socket")
            with contextlib.suppress(OSError):  # macOS refuses the option once the peer has reset
                if its_socket is not None:  # else it is about to be told that it is lost
                    its_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()

    def vanish(self) -> int:
        """Hand nothing on any more, and return how many bytes were under way; the socket is read further."""
        self.plain = self.boxed = False
        lost = self.line.size_bytes
        self._leave_off()
        if not self.reading:
            self.read_on()
        return lost

    def _leave_off(self) -> None:
        self._writable = False
        self.line.drop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
