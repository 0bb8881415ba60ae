"""What crossed a lab session's port, taken apart: units with their times, and sums by account that add up exactly.

The bytes of each connection go through a `Conversation` (pushdemo/wire/dissectors) a moment after they have crossed,
so that the relay itself never waits for it, and a little at a time, so that nobody else does: a client can send in a
tenth of a second what takes seconds to take apart. The latest units are kept; the sums are of all.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from pushdemo.lab.capture import Capture, Record
from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.exchanges import PAGE
from pushdemo.wire.dissectors.fields import Account, Direction, Unit

UNITS_KEPT = 4_000
KEPT_BYTES = 16 << 20
"""Of memory, about, that the kept units take; browsers' requests, 4,000 of them, take half of it."""
FIELD_BYTES = 100
"""A field takes about so much, besides its value, as do some bits."""
STEP_BYTES = 2_048
"""So much is taken apart in one step."""
CONNECTIONS_KEPT = 500
"""Of so many connections the latest are shown one by one; the sums by technique are of all."""

End = Literal["open", "ended", "reset"]
DIRECTIONS: tuple[Direction, Direction] = ("up", "down")


class Crossed(NamedTuple):
    """A unit and when it crossed, in milliseconds since 1970 by the server's clock.

    `sent_at`: when its first byte came to the relay; `arrived_at`: when its last byte was handed on.
    """

    connection: int
    unit: Unit
    sent_at: float
    arrived_at: float


def _in_memory(unit: Unit) -> int:
    """Return about how many bytes of memory a unit takes."""
    count = len(unit.fields)
    size = 0
    for field in unit.fields:
        count += len(field.bits)
        if field.value:
            size += sys.getsizeof(field.value)
    return size + count * FIELD_BYTES


class Remark(NamedTuple):
    """Something that a fault or a middlebox did; without a connection, to all of them."""

    connection: int | None
    at: float
    text: str


class Sums:
    """Bytes by direction and account, and counts, of one technique or one connection."""

    def __init__(self) -> None:
        self.bytes: dict[Direction, dict[Account, int]] = {"up": {}, "down": {}}
        self.requests = self.empty = self.messages = 0

    def add(self, unit: Unit) -> None:
        """Count a unit."""
        mine = self.bytes[unit.direction]
        for account, count in unit.accounts().items():
            mine[account] = mine.get(account, 0) + count
        self.requests += unit.kind == "request"
        self.empty += unit.empty
        self.messages += len(unit.messages) if unit.direction == "down" else 0

    def told(self) -> dict[str, Any]:
        """Return them as the page gets them."""
        return {
            "up": self.bytes["up"],
            "down": self.bytes["down"],
            "requests": self.requests,
            "empty": self.empty,
            "messages": self.messages,
        }


class _Pieces:
    """When the bytes of one direction crossed, as far as no unit has them yet."""

    def __init__(self) -> None:
        self.size = 0  # of all there were
        self._pieces: deque[tuple[int, float, float]] = deque()  # end offset, came at, handed on at

    def add(self, size: int, came_at: float, at: float) -> None:
        self.size += size
        self._pieces.append((self.size, came_at, at))

    def span(self, offset: int, size: int) -> tuple[float, float]:
        """Return when the first of these bytes came, and when the last was handed on; forget what is before them."""
        pieces = self._pieces
        while len(pieces) > 1 and pieces[0][0] <= offset:
            pieces.popleft()
        end = offset + size
        came_at = pieces[0][1]
        handed_on = (at for piece_end, _, at in pieces if piece_end >= end)
        return came_at, next(handed_on)


class Watched:
    """One connection of the session."""

    def __init__(self, number: int, opened_at: float) -> None:
        self.number = number
        self.opened_at = opened_at
        self.closed_at: float | None = None
        self.end: End = "open"
        self.sums = Sums()
        self.conversation = Conversation()
        self.pieces: dict[Direction, _Pieces] = {"up": _Pieces(), "down": _Pieces()}
        self.units = 0  # so far
        self.techniques: dict[str, None] = {}  # in the order in which they came

    def told(self) -> dict[str, Any]:
        """Return what the page gets of it."""
        return {
            "number": self.number,
            "opened_at": self.opened_at,
            "closed_at": self.closed_at,
            "end": self.end,
            "size": {way: self.pieces[way].size for way in DIRECTIONS},
            "waiting": {way: self.conversation.waiting(way) for way in DIRECTIONS},
            "techniques": list(self.techniques),
            **self.sums.told(),
        }


class View:
    """The session's traffic as it is shown.

    Args:
        wall_ms: makes milliseconds since 1970 of the relay's seconds.
    """

    def __init__(self, wall_ms: Callable[[float], float]) -> None:
        self._wall_ms = wall_ms
        self.connections: dict[int, Watched] = {}
        self.techniques: dict[str, Sums] = {}
        self.units: deque[Crossed] = deque()
        self.units_so_far = 0
        self._size: dict[Direction, int] = {"up": 0, "down": 0}  # of all that was taken apart or passed over
        self._weights: deque[int] = deque()  # of the units
        self._kept_bytes = 0
        self.remarks: deque[Remark] = deque(maxlen=UNITS_KEPT)
        self.remarks_so_far = 0

    def remark(self, text: str, at: float, connection: int | None = None) -> None:
        """Keep what was done to the network."""
        self.remarks.append(Remark(connection, self._wall_ms(at), text))
        self.remarks_so_far += 1

    def take(self, capture: Capture, seen: int) -> Iterator[None]:
        """Take apart what came to `capture` after its first `seen` records, a little at each step of the iterator."""
        news = capture.since(seen)
        if news.missed:
            self._pass_over(capture, news.records)
        for record in news.records:
            yield from self._take(record)

    def _take(self, record: Record) -> Iterator[None]:
        watched = self._watched(record.number, record.at)
        way: Direction = "up" if record.to_server else "down"
        match record.what:
            case "data":
                self._came(watched, way, len(record.data), record.came_at, record.at)
                for start in range(0, len(record.data), STEP_BYTES):
                    if start:
                        yield
                    self._add(watched, watched.conversation.feed(way, record.data[start : start + STEP_BYTES]))
            case "ended":
                self._add(watched, watched.conversation.end(way))
            case "told":
                self.remark(record.data.decode(errors="replace"), record.at, record.number)
            case "reset":
                watched.end = "reset"
            case "closed":
                self._close(watched, record.at)
        yield

    def _came(self, watched: Watched, way: Direction, size: int, came_at: float, at: float) -> None:
        watched.pieces[way].add(size, came_at, at)
        self._size[way] += size

    def _watched(self, number: int, at: float) -> Watched:
        if number not in self.connections:
            self.connections[number] = Watched(number, self._wall_ms(at))
        return self.connections[number]

    def _close(self, watched: Watched, at: float) -> None:
        for way in DIRECTIONS:
            self._add(watched, watched.conversation.end(way))
        watched.conversation = Conversation()  # else requests without answers and DEFLATE's windows would be kept
        watched.closed_at = self._wall_ms(at)
        watched.end = "ended" if watched.end == "open" else watched.end
        self._drop_oldest()

    def _pass_over(self, capture: Capture, records: list[Record]) -> None:
        """Take note of bytes that were dropped from the capture before they could be taken apart."""
        for number, captured in capture.connections.items():
            watched = self._watched(number, captured.opened_at)
            first_kept: dict[Direction, int] = {"up": captured.kept.up, "down": captured.kept.down}
            for way, first in first_kept.items():
                size = first - watched.pieces[way].size
                if size > 0:
                    self._came(watched, way, size, captured.opened_at, captured.opened_at)
                    self._add(watched, watched.conversation.skip(way, size))
        for number in [each for each, watched in self.connections.items() if watched.closed_at is None]:
            if number not in capture.connections:  # it was gone before the first record that is kept
                self._close(self.connections[number], records[0].at if records else capture.latest_at)
        self._count_lost(capture, records)

    def _count_lost(self, capture: Capture, records: list[Record]) -> None:
        """Count as unknown the bytes of connections of which nothing is known any more."""
        ways: dict[Direction, int] = {"up": capture.bytes_up, "down": capture.bytes_down}
        for way, size in ways.items():
            to_come = sum(len(each.data) for each in records if each.what == "data" and each.to_server == (way == "up"))
            lost = size - self._size[way] - to_come
            if lost:
                self._size[way] += lost
                mine = self.techniques.setdefault(PAGE, Sums()).bytes[way]
                mine[Account.UNKNOWN] = mine.get(Account.UNKNOWN, 0) + lost

    def _drop_oldest(self) -> None:
        closed = [number for number, each in self.connections.items() if each.closed_at is not None]
        for number in closed[: max(0, len(self.connections) - CONNECTIONS_KEPT)]:
            del self.connections[number]

    def _add(self, watched: Watched, units: list[Unit]) -> None:
        for unit in units:
            came_at, at = watched.pieces[unit.direction].span(unit.offset, unit.size)
            self._keep(Crossed(watched.number, unit, self._wall_ms(came_at), self._wall_ms(at)))
            watched.sums.add(unit)
            self.techniques.setdefault(unit.technique, Sums()).add(unit)
            watched.techniques.setdefault(unit.technique)
        watched.units += len(units)
        self.units_so_far += len(units)

    def _keep(self, crossed: Crossed) -> None:
        """Keep a unit, and of the oldest as many as there is room for besides."""
        self.units.append(crossed)
        self._weights.append(_in_memory(crossed.unit))
        self._kept_bytes += self._weights[-1]
        while len(self.units) > UNITS_KEPT or (self._kept_bytes > KEPT_BYTES and len(self.units) > 1):
            self.units.popleft()
            self._kept_bytes -= self._weights.popleft()

    def units_since(self, index: int) -> tuple[list[Crossed], int]:
        """Return the units after the first `index` there were, and how many of them are no longer kept."""
        kept_from = self.units_so_far - len(self.units)
        start = max(index, kept_from)
        return list(self.units)[start - kept_from :], start - index

    def remarks_since(self, index: int) -> list[Remark]:
        """Return the remarks after the first `index` there were, as far as they are kept."""
        return list(self.remarks)[max(0, index - (self.remarks_so_far - len(self.remarks))) :]

    def find(self, connection: int, number: int) -> Crossed | None:
        """Return a unit, if it is still kept."""
        for each in self.units:
            if each.connection == connection and each.unit.number == number:
                return each
        return None
