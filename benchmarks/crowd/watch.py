"""What arrives at the simulated phones of one technique: each message's delay, and whether any failed to come."""

import time
from collections.abc import Callable

import msgspec

from benchmarks.crowd.delays import Delays
from benchmarks.load.arrivals import Arrivals
from benchmarks.load.tally import Tally

NS_PER_MS = 1_000_000
MOST_MISSING = 1_000
"""Numbers of one reader that are remembered as missing; what has not come for so long is lost."""


class Timed(msgspec.Struct):
    """What is read of a message."""

    id: str
    sent_at: float


decode = msgspec.json.Decoder(Timed).decode


def wall_ns_now() -> int:
    """Return what to add to `perf_counter_ns` to have this machine's wall clock; it changes where that is set."""
    return time.time_ns() - time.perf_counter_ns()


class Place:
    """Up to where one reader has come, and what it has not had."""

    __slots__ = ("epoch", "greatest", "missing")

    def __init__(self) -> None:
        self.epoch = ""
        self.greatest = 0
        self.missing: dict[int, None] = {}


class Watch(Arrivals):
    """Arrivals of many readers, counted instead of kept.

    A message that was sent before the stretch began is read, but counts in no figure of it.

    Args:
        wall_ns: what to add to an arrival's time to have the wall clock's.
    """

    def __init__(self, wall_ns: Callable[[], int] = wall_ns_now) -> None:
        super().__init__()
        self._wall_ns = wall_ns
        self._offset_ns = wall_ns()
        self._places: dict[int, Place] = {}
        self._begun_ms = 0.0
        self._before = (0, 0, 0)
        self.begin_stretch()

    def begin_stretch(self) -> None:
        """Count from nothing."""
        self.delays = Delays()
        self.received = self.lost = self.doubled = self.reordered = 0

    def begin_stretch_at(self, now_ns: int, tally: Tally) -> None:
        """Count from nothing, from now on.

        Args:
            now_ns: by `perf_counter_ns`.
            tally: of the same readers.
        """
        self.begin_stretch()
        self._begun_ms = (now_ns + self._offset_ns) // NS_PER_MS  # as `sent_at` is rounded
        self._before = _sums(tally)

    def look_at_clock(self) -> None:
        """Notice that the wall clock was set."""
        self._offset_ns = self._wall_ns()

    def forget(self, client: int) -> None:
        """Forget where a reader was; it leaves, or goes elsewhere."""
        self._places.pop(client, None)

    def joined(self, client: int, cursor: str) -> None:
        """Note after which message a reader begins, unless it has begun before."""
        place = self._places.setdefault(client, Place())
        if not place.epoch:
            place.epoch, place.greatest = _split(cursor)

    def add(self, client: int, payload: bytes | msgspec.Raw, at_ns: int) -> str:
        """Count a message, and return its id.

        Raises:
            ValueError: it is no message; nothing is counted of it.
        """
        message = decode(payload)
        if self._takes(client, *_split(message.id)) and message.sent_at >= self._begun_ms:
            self.received += 1
            self.delays.add((at_ns + self._offset_ns) / NS_PER_MS - message.sent_at)
        return message.id

    def _takes(self, client: int, epoch: str, number: int) -> bool:
        """Set a message's number against those before; return whether the reader has it for the first time."""
        place = self._places.get(client)
        if place is None:
            place = self._places[client] = Place()
        if place.epoch != epoch:  # its first, or the feed begins another life
            place.epoch, place.greatest, place.missing = epoch, number, {}
        elif number > place.greatest:
            if number > place.greatest + 1:
                self.lost += number - place.greatest - 1
                first = max(place.greatest + 1, number - MOST_MISSING)
                place.missing.update(dict.fromkeys(range(first, number)))
                while len(place.missing) > MOST_MISSING:
                    del place.missing[next(iter(place.missing))]
            place.greatest = number
        elif number in place.missing:
            del place.missing[number]
            self.lost = max(0, self.lost - 1)  # it may have been missed in a former stretch
            self.reordered += 1
        else:
            self.doubled += 1
            return False
        return True

    def told(self, tally: Tally) -> dict[str, float | None]:
        """Return the figures of the stretch; bytes are what has been read and written, the handshakes included."""
        requests, up, down = (now - before for now, before in zip(_sums(tally), self._before, strict=True))
        return {
            "samples": self.delays.count,
            "median": _rounded(self.delays.percentile(50)),
            "p95": _rounded(self.delays.percentile(95)),
            "max": _rounded(self.delays.max),
            "received": self.received,
            "lost": self.lost,
            "doubled": self.doubled,
            "reordered": self.reordered,
            "requests": requests,
            "bytes_up": up,
            "bytes_down": down,
        }


def _sums(tally: Tally) -> tuple[int, int, int]:
    return tally.requests, tally.sent.total, tally.received.total


def _split(cursor: str) -> tuple[str, int]:
    """Return epoch and number.

    Raises:
        ValueError: it is no cursor.
    """
    epoch, _, number = cursor.rpartition("-")
    return epoch, int(number)


def _rounded(value_ms: float | None) -> float | None:
    return None if value_ms is None else round(value_ms, 2)
