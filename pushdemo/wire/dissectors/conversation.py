"""One connection's bytes, both ways, as they come: requests and answers, event streams, WebSocket frames.

Answers belong to requests in their order (RFC 9112 section 9.3.2). A request that asks for a WebSocket keeps what the
client sends behind it waiting until it is answered: after 101 these are frames. What cannot be understood is shown as
such, and all that follows it in that direction. At most 64 KiB wait in each direction; a longer body is shown in
parts. Requests are numbered when they are whole, or when their answer begins, whichever is first.
"""

from collections import deque
from collections.abc import Callable

from pushdemo.wire.dissectors import engineio, feed_texts
from pushdemo.wire.dissectors.exchanges import Exchange
from pushdemo.wire.dissectors.fields import Content, Direction, Unit
from pushdemo.wire.dissectors.http1 import Head
from pushdemo.wire.dissectors.one_way import OneWay
from pushdemo.wire.dissectors.websocket import FrameReader, negotiated

MOST_ASKED = 1_000
"""Requests that may wait for their answers at a time; browsers send one."""
READ_TEXT: dict[str, Callable[[bytes, Direction], Content]] = {
    "ws": feed_texts.read_text,
    "socket.io": engineio.packet,
}
"""By resource; what is said elsewhere is plain text."""


class Conversation:
    """One connection's bytes, both ways, as they come. Units of the other direction may come of them, too."""

    def __init__(self) -> None:
        self._units: list[Unit] = []
        self._numbers = 0
        self._asked: deque[Exchange] = deque()  # without an answer so far
        self._sides: dict[Direction, OneWay] = {"up": OneWay(self, "up"), "down": OneWay(self, "down")}

    def feed(self, direction: Direction, data: bytes) -> list[Unit]:
        """Return the units that are complete now."""
        self._sides[direction].feed(data)
        return self._taken()

    def end(self, direction: Direction) -> list[Unit]:
        """Return what waited; nothing more comes in this direction."""
        self._sides[direction].end()
        return self._taken()

    def skip(self, direction: Direction, count: int) -> list[Unit]:
        """Return what waited, and `count` bytes that are lost to view; nothing after them is understood."""
        self._sides[direction].skip(count)
        return self._taken()

    def waiting(self, direction: Direction) -> int:
        """Return how many bytes wait for the end of their unit."""
        return self._sides[direction].waiting

    def _taken(self) -> list[Unit]:
        units, self._units = self._units, []
        return units

    # --- what the two directions ask of it ---

    def add(self, unit: Unit) -> None:
        """Take a unit."""
        self._units.append(unit)

    def number(self) -> int:
        """Return the number of the next unit."""
        self._numbers += 1
        return self._numbers

    def number_of(self, exchange: Exchange) -> int | None:
        """Return the number of a request, which gets one if it has none yet."""
        if exchange.number is None and exchange.is_asked:
            exchange.number = self.number()
        return exchange.number

    def ask(self, head: Head) -> Exchange:
        """Note a request, unless no answer will be understood."""
        exchange = Exchange(head)
        if not self.is_deaf:
            self._asked.append(exchange)
        return exchange

    def answered(self, *, is_final: bool) -> Exchange:
        """Return the exchange that a response belongs to: the oldest without an answer."""
        if not self._asked:
            return Exchange()
        return self._asked.popleft() if is_final else self._asked[0]

    def switch(self, exchange: Exchange, head: Head) -> None:
        """Go on in the protocol that 101 agrees on, both ways."""
        deflate = negotiated(head.headers.get("sec-websocket-extensions", ""))
        read_text = READ_TEXT.get(exchange.resource, feed_texts.plain)
        for direction, side in self._sides.items():
            if exchange.upgrades:
                side.switch(exchange, FrameReader(direction, read_text, deflate))
            else:
                side.lose("expected HTTP; the connection has been switched to another protocol")

    def tunnel(self) -> None:
        """Understand nothing more, either way, because the connection leads elsewhere (RFC 9110 section 9.3.6)."""
        for side in self._sides.values():
            side.lose("expected HTTP; this is a tunnel")

    def release(self, exchange: Exchange | None) -> None:
        """Have the client's bytes read that waited for the answer to an upgrade; None: there will be none."""
        self._sides["up"].release(exchange)

    @property
    def is_full(self) -> bool:
        """Whether more requests wait for an answer than are kept."""
        return len(self._asked) > MOST_ASKED

    @property
    def is_deaf(self) -> bool:
        """Whether no answer will be understood."""
        return self._sides["down"].is_lost
