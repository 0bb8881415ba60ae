"""What crossed a relay, as the client's end saw it: the latest of it, in a ring that holds so many bytes and no more.

`Capture` is a relay's watcher. It keeps what it is told as `Record`s, one after another over all connections. When
there are too many, or they hold too many bytes, the oldest go first. Of each connection it stays known how much of each
direction is gone, so that nobody takes the rest for the whole.

A place in the capture is an offset: of a byte among all bytes of its direction of its connection, from 0, whether
kept or gone. `to_server` says which direction: True is from the client to the server, "up".

One event loop, or thread, tells it and asks it; nothing here waits.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from pushdemo.lab.connection import Address

MOST_BYTES = 2 << 20
"""Of data that is kept: minutes of all five techniques, and a file that opens at once."""
MOST_RECORDS = 20_000
"""However small they are, so that bytes that come one by one do not fill the memory either."""
MOST_TOLD = 1_000
"""Characters of a remark."""


class Record(NamedTuple):
    """One thing that happened.

    Attributes:
        number: of the connection.
        what: happened: `data` passed, an end (FIN) passed, the connection was opened, broken off by RST, or is gone,
            or something was told of it.
        to_server: which way it went; False for what has no direction.
        came_at: when it came to the relay, in seconds by the relay's clock; the same as `at` for all but `data`.
        at: when it was handed on.
        data: the bytes of `data`, or the text of what was `told` in UTF-8.
    """

    number: int
    what: Literal["opened", "data", "ended", "reset", "closed", "told"]
    to_server: bool
    came_at: float
    at: float
    data: bytes = b""


class Kept(NamedTuple):
    """From where on a connection is kept.

    Attributes:
        up: the first offset to the server that is kept; so many bytes are gone.
        down: the first offset to the client that is kept.
        opening: whether the record of its opening is kept.
    """

    up: int
    down: int
    opening: bool


class News(NamedTuple):
    """What came since a reader last asked.

    Attributes:
        records: in order; those of them that are still kept.
        missed: how many came, too, but are gone.
        seen: to ask with the next time.
    """

    records: list[Record]
    missed: int
    seen: int


class _Way:
    """One direction of a connection: where its pieces begin, and at which index of the ring their records are."""

    __slots__ = ("_begins", "_gone", "_indexes", "total")

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._indexes: list[int] = []
        self._gone = 0  # how many at the front of the lists are dropped: they are taken out many at once
        self.total = 0

    @property
    def first_kept(self) -> int:
        return self._begins[self._gone] if self._gone < len(self._begins) else self.total

    def add(self, index: int, size: int) -> None:
        self._begins.append(self.total)
        self._indexes.append(index)
        self.total += size

    def drop_oldest(self) -> None:
        self._gone += 1
        if self._gone > len(self._begins) // 2:
            del self._begins[: self._gone], self._indexes[: self._gone]
            self._gone = 0

    def pieces_from(self, offset: int) -> Iterator[tuple[int, int]]:
        """Yield where the piece with `offset`, which is kept, and each after it begins, and the index of its record."""
        for place in range(bisect_right(self._begins, offset, self._gone) - 1, len(self._begins)):
            yield self._begins[place], self._indexes[place]


class Captured:
    """A connection of which something is kept, or that is still open.

    Attributes:
        number: as the relay counts them.
        client: the client's address.
        relay: the relay's own, on this connection.
        opened_at: in seconds by the relay's clock, as is
        closed_at: when it was gone; None while it is not.
        records: how many of its records are kept.
    """

    __slots__ = ("_opening", "client", "closed_at", "number", "opened_at", "records", "relay", "ways")

    def __init__(self, number: int, client: Address, relay: Address, opened_at: float) -> None:
        self.number = number
        self.client = client
        self.relay = relay
        self.opened_at = opened_at
        self.closed_at: float | None = None
        self.records = 0
        self.ways = {True: _Way(), False: _Way()}  # by `to_server`
        self._opening = True

    @property
    def bytes_up(self) -> int:
        """All that passed to the server, kept or gone."""
        return self.ways[True].total

    @property
    def bytes_down(self) -> int:
        """All that passed to the client, kept or gone."""
        return self.ways[False].total

    @property
    def kept(self) -> Kept:
        """From where on it is kept."""
        return Kept(self.ways[True].first_kept, self.ways[False].first_kept, self._opening)

    def drop(self, record: Record) -> None:
        """Count that `record`, its oldest, is no longer kept."""
        self.records -= 1
        if record.what == "data":
            self.ways[record.to_server].drop_oldest()
        elif record.what == "opened":
            self._opening = False


class Capture:
    """The watcher of a relay that keeps what it is told, and the oldest no longer than there is room.

    Of a connection that is closed and has no records left, nothing is kept but its part of the totals. A piece that
    is larger than all the room is dropped as it comes, and all before it.

    Args:
        read_together: a moment by two clocks: the relay's, in seconds, and the machine's, in milliseconds since 1970.
        most_bytes: of data, all connections together.
        most_records: all connections together.
        stirred: called after each record.

    Attributes:
        connections: by number: those that are open, and those of which records are kept.
        opened_in_all: how many connections there were.
        bytes_up: all that passed to the server, on all connections there were.
        bytes_down: all that passed to the client.
        seen: how many records there were, which are numbered from 0 by their index.
        latest_at: when the latest of them happened, by the relay's clock.
    """

    def __init__(
        self,
        read_together: tuple[float, float],
        *,
        most_bytes: int = MOST_BYTES,
        most_records: int = MOST_RECORDS,
        stirred: Callable[[Record], None] = lambda record: None,
    ) -> None:
        self.connections: dict[int, Captured] = {}
        self.opened_in_all = 0
        self.bytes_up = 0
        self.bytes_down = 0
        self.seen = 0
        self.latest_at = read_together[0]
        self._read_together = read_together
        self._most_bytes = most_bytes
        self._most_records = most_records
        self._stirred = stirred
        self._ring: dict[int, Record] = {}  # by index, which counts on; a dict finds any and gives up the first
        self._ring_bytes = 0

    def opened(self, number: int, client: Address, relay: Address, at: float) -> None:
        """A client was accepted."""
        self.connections[number] = Captured(number, client, relay, at)
        self.opened_in_all += 1
        self._keep(Record(number, "opened", False, at, at))

    def passed(self, number: int, to_server: bool, data: bytes, came_at: float, at: float) -> None:
        """Bytes were handed on."""
        if to_server:
            self.bytes_up += len(data)
        else:
            self.bytes_down += len(data)
        self._keep(Record(number, "data", to_server, came_at, at, data))

    def ended(self, number: int, to_server: bool, at: float) -> None:
        """FIN was passed on."""
        self._keep(Record(number, "ended", to_server, at, at))

    def reset(self, number: int, at: float) -> None:
        """It was broken off by RST."""
        self._keep(Record(number, "reset", False, at, at))

    def closed(self, number: int, at: float) -> None:
        """It is gone."""
        if connection := self.connections.get(number):
            connection.closed_at = at
        self._keep(Record(number, "closed", False, at, at))

    def told(self, number: int, text: str, at: float) -> None:
        """Something is remarked."""
        self._keep(Record(number, "told", False, at, at, text[:MOST_TOLD].encode(errors="replace")))

    def _keep(self, record: Record) -> None:
        connection = self.connections.get(record.number)
        self.latest_at = record.at
        if connection is None:
            return  # a remark on what is closed and forgotten
        if record.what == "data":
            connection.ways[record.to_server].add(self.seen, len(record.data))
        connection.records += 1
        self._ring[self.seen] = record
        self._ring_bytes += len(record.data)
        self.seen += 1
        while self._ring_bytes > self._most_bytes or len(self._ring) > self._most_records:
            self._drop_oldest()
        self._stirred(record)

    def _drop_oldest(self) -> None:
        record = self._ring.pop(self._first)
        self._ring_bytes -= len(record.data)
        connection = self.connections[record.number]
        connection.drop(record)
        if connection.closed_at is not None and not connection.records:
            del self.connections[record.number]

    @property
    def _first(self) -> int:
        """The index of the oldest record that is kept."""
        return self.seen - len(self._ring)

    def since(self, seen: int) -> News:
        """Return what came after the first `seen` records: 0 for all, and the `seen` of the last answer to go on.

        Where some were missed, `connections` says with `kept`, until something more is told, at which offset the first
        piece of each direction in the answer begins.
        """
        first = max(seen, self._first)
        return News([self._ring[each] for each in range(first, self.seen)], first - seen, self.seen)

    def data(self, number: int, to_server: bool, offset: int, size: int) -> bytes | None:
        """Return `size` bytes of a direction of a connection, or None if one of them is not kept, or has not come."""
        way = self._way_that_keeps(number, to_server, offset, size)
        if way is None:
            return None
        if not size:
            return b""
        pieces = []
        for begins, index in way.pieces_from(offset):
            if begins >= offset + size:
                break
            pieces.append(self._ring[index].data[max(offset - begins, 0) : offset + size - begins])
        return b"".join(pieces)

    def times(self, number: int, to_server: bool, offset: int) -> tuple[float, float] | None:
        """Return `came_at` and `at` of the piece that holds a byte, or None if it is not kept, or has not come."""
        way = self._way_that_keeps(number, to_server, offset, 1)
        if way is None:
            return None
        record = self._ring[next(way.pieces_from(offset))[1]]
        return record.came_at, record.at

    def _way_that_keeps(self, number: int, to_server: bool, offset: int, size: int) -> _Way | None:
        connection = self.connections.get(number)
        if connection is None:
            return None
        way = connection.ways[to_server]
        return way if way.first_kept <= offset and offset + size <= way.total else None

    def wall_ms(self, at: float) -> float:
        """Return a moment of the relay's clock in milliseconds since 1970."""
        seconds, wall_ms = self._read_together
        return wall_ms + (at - seconds) * 1_000
