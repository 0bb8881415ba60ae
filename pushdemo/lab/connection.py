"""One connection through the relay: the client's socket, the relay's own to the server, and what happens between."""

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pushdemo.lab.delay_line import EOF, DelayLine
from pushdemo.lab.middlebox import Closed, Middlebox
from pushdemo.lab.side import Side
from pushdemo.lab.timing import Clock, SystemClock, Timer

if TYPE_CHECKING:
    from pushdemo.lab.relay import Relay

__all__ = ["Address", "Clock", "Connection", "Side", "SystemClock", "Timer", "Traffic", "Watcher"]

Address = tuple[str, int]
"""Host and port, of IPv4 or IPv6."""


class Watcher(Protocol):
    """Is told of all that passes at the client's end of a relay; times are the relay's clock's, in seconds.

    To the server it sees what left the line, before a middlebox; to the client, what a middlebox let through and then
    left the line: what the client sent, and what it receives. Of each connection `opened` is the first it hears and
    `closed` the last.
    """

    def opened(self, number: int, client: Address, relay: Address, at: float) -> None:
        """A client connected; `relay` is the relay's own address on that connection."""

    def passed(self, number: int, to_server: bool, data: bytes, came_at: float, at: float) -> None:
        """Data that came to the relay, or out of the middlebox, at `came_at` was handed on at `at`."""

    def ended(self, number: int, to_server: bool, at: float) -> None:
        """The end of the bytes (FIN) was passed on in that direction."""

    def reset(self, number: int, at: float) -> None:
        """It was broken off by RST."""

    def closed(self, number: int, at: float) -> None:
        """Nothing more comes: both sockets are gone."""

    def told(self, number: int, text: str, at: float) -> None:
        """A remark of a middlebox or a fault."""


class Traffic(NamedTuple):
    """The bytes of one connection, as they were handed on; connections are numbered from 1 as they are accepted."""

    number: int
    open: bool
    bytes_to_server: int
    bytes_to_client: int


class Connection:
    """A client's connection and the relay's own to the server: what happens to one of them happens to the other.

    Unless the network vanishes: then each is left alone. For a middlebox between the two, this is its `Ways`.

    Attributes:
        number: counted from 1 as connections are accepted.
        client_address: of the client.
        relay_address: on which the client reached the relay.
        vanished: whether nothing passes any more.
    """

    def __init__(self, relay: "Relay", number: int) -> None:
        conditions = relay.conditions
        open_at = max(relay.clock.monotonic(), relay.stalled_until)
        self.number = number
        self.client = Side(self, relay, self._line("to the server", open_at + 2 * conditions.delay_s, relay.seed))
        self.server = Side(self, relay, self._line("to the client", open_at, relay.seed))
        self.client.other, self.server.other = self.server, self.client
        self.client_address: Address = ("", 0)
        self.relay_address: Address = ("", 0)
        self.vanished = False
        self._relay = relay
        self._watcher = relay.watcher
        self._box: Middlebox | None = None
        self._box_ended_to_client = False
        self._over = False

    def _line(self, direction: str, open_at: float, seed: int) -> DelayLine:
        return DelayLine(random.Random(f"{seed}, connection {self.number}, {direction}"), open_at)

    @property
    def traffic(self) -> Traffic:
        is_open = self.client.connected or self.server.connected
        return Traffic(self.number, is_open, self.client.handed_on_bytes, self.server.handed_on_bytes)

    # What happens at the sockets.

    def made(self, side: Side) -> None:
        """A socket of it is connected."""
        if self._over:  # the client left, or was cut off, while the relay was connecting to the server
            side.reset()
        elif side is self.client:
            self._begin()
        else:
            if self._relay.dialed is not None:
                self._relay.dialed(_address(side.transport, "sockname"), self)
            self.client.hand_on()

    def _begin(self) -> None:
        self.client_address = _address(self.client.transport, "peername")
        self.relay_address = _address(self.client.transport, "sockname")
        if self._watcher is not None:
            self._watcher.opened(self.number, self.client_address, self.relay_address, self.now())
        if self._relay.box is not None:
            self._box = self._relay.box(self)
            self.server.boxed = True
        self.client.plain = self.server.plain = self._watcher is None and self._box is None
        self._relay.begin(self)

    def came(self, side: Side, data: bytes, now: float) -> None:
        """Data came to a socket, or the end of it, and does not just pass."""
        if self.vanished:
            self._lose(side, data)
        elif self._box is None or side is self.client:
            side.put(data, now)
        elif data:
            self._box.from_server(data)
        else:
            self._box.server_ended()

    def passes(self, side: Side, data: bytes, came_at: float, now: float) -> None:
        """Data of `side`, or the end of it, came out of the line."""
        to_server = side is self.client
        if self._watcher is not None:
            if data:
                self._watcher.passed(self.number, to_server, data, came_at, now)
            else:
                self._watcher.ended(self.number, to_server, now)
        if self._box is not None and to_server:
            if data:
                self._box.from_client(data)
            else:
                self._box.client_ended()
        elif data:
            side.other.transport.write(data)
        else:
            side.other.end()

    def lost(self, side: Side) -> None:
        """A socket of it is gone: by the relay's doing, or else by a reset, which is passed on if it can be."""
        if self.vanished and not self._over:
            self.tell(f"vanished: the {self._name(side)} is gone, and the {self._name(side.other)} is not told")
        elif not self._over:
            self.reset()
        if not self.client.connected and not self.server.connected:
            self._over = True
            self._relay.forget(self)

    def finish(self) -> None:
        """Close in peace: both ends have been passed on."""
        self._over = True
        self._leave_box()
        for side in (self.client, self.server):
            if side.connected:
                side.transport.close()

    # What is done to it.

    def freeze(self, now: float, seconds: float) -> None:
        """Let time stand still in both directions."""
        for side in (self.client, self.server):
            side.line.freeze(now, seconds)

    def reset(self) -> None:
        """Send RST both ways, at once; what is under way is gone."""
        if self._watcher is not None and not self._over:
            self._watcher.reset(self.number, self.now())
        self._over = True
        self._leave_box()
        self.client.reset()
        self.server.reset()

    def vanish(self) -> None:
        """Let nothing pass from now on, not even an end or a reset; what comes is read and thrown away."""
        if self._over or self.vanished:
            return
        self.vanished = True
        self._leave_box()
        self.tell("vanished: nothing passes any more")
        for side in (self.client, self.server):
            if lost := side.vanish():
                self._tell_lost(side, lost)

    def unreachable(self) -> None:
        """There is no server; the client learns it by a reset, as it would from its own kernel."""
        if not self.vanished:
            self.reset()

    def _lose(self, side: Side, data: bytes) -> None:
        if data:
            self._tell_lost(side, len(data))
        else:
            self.tell(f"vanished: the {self._name(side)} has ended, and the {self._name(side.other)} is not told")

    def _tell_lost(self, side: Side, size: int) -> None:
        to = f"to the {self._name(side.other)}"
        self.tell(f"vanished: 1 byte {to} is gone" if size == 1 else f"vanished: {size:,} bytes {to} are gone")

    def _name(self, side: Side) -> str:
        return "client" if side is self.client else "server"

    # The ways of a middlebox.

    def to_server(self, data: bytes) -> None:
        if data and self._box is not None:
            self.server.write(data)

    def to_client(self, data: bytes) -> None:
        if data and self._box is not None and not self._box_ended_to_client:
            self.server.put(data, self.now())

    def end_to_server(self) -> None:
        if self._box is not None:
            self.server.end()

    def end_to_client(self) -> None:
        if self._box is not None and not self._box_ended_to_client:
            self._box_ended_to_client = True
            self.server.put(EOF, self.now())

    def close(self) -> None:
        box = self._box
        if not self.server.connected:
            self.finish()
            return
        self.end_to_client()
        self.end_to_server()
        if box is not None and self._box is not None:  # else that was the end of it
            box.gone()
            self._box = Closed(self)

    def now(self) -> float:
        return self._relay.clock.monotonic()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return self._relay.clock.call_later(delay_s, callback)

    def tell(self, text: str) -> None:
        if self._watcher is not None:
            self._watcher.told(self.number, text, self.now())

    def _leave_box(self) -> None:
        if self._box is not None:
            box, self._box = self._box, None
            box.gone()


def _address(transport: asyncio.Transport, name: str) -> Address:
    """Return one end's address, without the flow and scope of IPv6; none where the client is gone already."""
    address = transport.get_extra_info(name)
    return (address[0], address[1]) if address else ("", 0)
