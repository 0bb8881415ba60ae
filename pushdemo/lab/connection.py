"""One connection through the relay: the client's socket, the relay's own to the server, and the lines between them."""

import asyncio
import contextlib
import math
import random
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pushdemo.lab.delay_line import EOF, DelayLine

if TYPE_CHECKING:
    from pushdemo.lab.relay import Relay

TIMER_S = 0.001
"""The shortest wait: uvloop counts whole milliseconds, and would take less than half of one for none at all."""

RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER, on and 0 seconds: closing the socket sends RST."""


class Timer(Protocol):
    """A call that is due later and can still be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the relay needs to know of time; a test has one that it winds."""

    def monotonic(self) -> float: ...

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer: ...


class SystemClock:
    """The machine's clock (the event loop's own may be a millisecond behind) and the event loop's timers."""

    def monotonic(self) -> float:
        return time.monotonic()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(max(delay_s, TIMER_S), callback)


class Side(asyncio.Protocol):
    """One of the two sockets of a connection, and the line from it to the other.

    The event loops set TCP_NODELAY by themselves: nothing that came out of a line waits for an ACK.

    Attributes:
        line: what came from this socket and is under way.
        handed_on_bytes: what came from this socket and went into the other.
        connected: whether there is a socket.
        ended: whether the end of the other was passed on to it.
    """

    __slots__ = (
        "_clock", "_connection", "_reading", "_relay", "_timer", "_writable",
        "connected", "ended", "handed_on_bytes", "line", "other", "transport",
    )  # fmt: skip

    other: "Side"
    transport: asyncio.Transport

    def __init__(self, connection: "Connection", relay: "Relay", line: DelayLine) -> None:
        self._connection = connection
        self._relay = relay
        self._clock = relay.clock
        self._timer: Timer | None = None
        self._reading = True
        self._writable = False
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
        conditions = self._relay.conditions
        if conditions.unhindered and self.line.free(now) and self.other.writable:
            self.handed_on_bytes += len(data)
            self.other.transport.write(data)
            return
        self._put(data, now)
        if self._reading and self.line.size_bytes > conditions.line_bytes:
            self._reading = False
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        self._put(EOF, self._clock.monotonic())
        return True  # the other direction stays open

    def _put(self, data: bytes, now: float) -> None:
        self.line.put(data, now, self._relay.conditions)
        if self._timer is None:  # else what comes out next was there before, and is waited for
            self.hand_on()

    def hand_on(self) -> None:
        """Give the other socket what is due, as long as it takes it, and wait for what will be."""
        now = self._clock.monotonic()
        while self.other.writable and (data := self.line.take(now)) is not None:
            if data == EOF:
                self.other.end()
            else:
                self.handed_on_bytes += len(data)
                self.other.transport.write(data)
        if not self._reading and self.line.size_bytes <= self._relay.conditions.line_bytes // 2:
            self._reading = True
            if not self.transport.is_closing():
                self.transport.resume_reading()
        if self._timer is None and self.other.writable and self.line.next_due < math.inf:
            self._timer = self._clock.call_later(self.line.next_due - now, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self.hand_on()  # and wait once more, if the timer went off early or a stall came between

    @property
    def writable(self) -> bool:
        """Whether its socket takes more."""
        return self._writable and not self.transport.is_closing()

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self.other.hand_on()

    def end(self) -> None:
        """Pass on that the other has no more to say."""
        self.ended = True
        self.transport.write_eof()
        if self.other.ended:
            self._connection.finish()

    def connection_lost(self, exc: Exception | None) -> None:
        self.connected = False
        self._leave_off()
        self._connection.lost()

    def reset(self) -> None:
        """Close by RST, if there is a socket, and forget what is under way."""
        self._leave_off()
        if self.connected:
            with contextlib.suppress(OSError):  # macOS refuses the option once the peer has reset
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()

    def _leave_off(self) -> None:
        self._writable = False
        self.line.drop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Traffic(NamedTuple):
    """The bytes of one connection, as they were handed on; connections are numbered from 1 as they are accepted."""

    number: int
    open: bool
    bytes_to_server: int
    bytes_to_client: int


class Connection:
    """A client's connection and the relay's own to the server: what happens to one of them happens to the other."""

    def __init__(self, relay: "Relay", number: int) -> None:
        conditions = relay.conditions
        open_at = max(relay.clock.monotonic(), relay.stalled_until)
        self.number = number
        self.client = Side(self, relay, self._line("to the server", open_at + 2 * conditions.delay_s, relay.seed))
        self.server = Side(self, relay, self._line("to the client", open_at, relay.seed))
        self.client.other, self.server.other = self.server, self.client
        self._relay = relay
        self._over = False

    def _line(self, direction: str, open_at: float, seed: int) -> DelayLine:
        return DelayLine(random.Random(f"{seed}, connection {self.number}, {direction}"), open_at)

    @property
    def traffic(self) -> Traffic:
        is_open = self.client.connected or self.server.connected
        return Traffic(self.number, is_open, self.client.handed_on_bytes, self.server.handed_on_bytes)

    def made(self, side: Side) -> None:
        """A socket of it is connected."""
        if self._over:  # the client left, or was cut off, while the relay was connecting to the server
            side.reset()
        elif side is self.client:
            self._relay.begin(self)
        else:
            self.client.hand_on()

    def lost(self) -> None:
        """A socket of it is gone: by the relay's doing, or else by a reset, which is passed on."""
        if not self._over:
            self.reset()
        if not self.client.connected and not self.server.connected:
            self._relay.forget(self)

    def finish(self) -> None:
        """Close in peace: both ends have been passed on."""
        self._over = True
        self.client.transport.close()
        self.server.transport.close()

    def freeze(self, now: float, seconds: float) -> None:
        """Let time stand still in both directions."""
        for side in (self.client, self.server):
            side.line.freeze(now, seconds)

    def reset(self) -> None:
        """Send RST both ways, at once; what is under way is gone."""
        self._over = True
        self.client.reset()
        self.server.reset()
