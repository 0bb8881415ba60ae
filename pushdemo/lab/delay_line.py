"""What a relay does to the bytes that pass: they leave at a rate, come out later, in order, and stop in a stall.

Arithmetic only: nothing here knows a socket, a clock or a timer. Time is passed in, as seconds since some fixed moment.
"""

import math
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

EOF = b""
"""Stands in a line for the end of the sender's bytes."""

PIECE_BYTES = 1_400
"""About what one packet carries: with a bandwidth limit, bytes leave in pieces of this size,"""
PIECE_S = 0.005
"""or of what passes in this time, in seconds, where that is more."""

LINE_BYTES = 4 << 20
"""What a line may hold where the bandwidth is not limited: at 50 ms it lets 80 MB/s pass."""
QUEUE_BYTES = 256 << 10
"""Where it is limited, a line may hold what is under way (bandwidth times delay), and this much that waits to leave."""

PIECE_LOAD_BYTES = 64
"""A piece counts for so much at least: bytes that come one by one take more room than they are."""


@dataclass(frozen=True)
class Conditions:
    """What a network is like, the same in both directions and for each connection by itself.

    Attributes:
        delay_ms: each way.
        jitter_ms: what may be added to the delay, drawn evenly from 0 to this; bytes keep their order all the same.
        bandwidth_kbit: in 1,000 bits per second; None for no limit.

    Raises:
        ValueError: a value is outside what it can mean.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    bandwidth_kbit: float | None = None

    def __post_init__(self) -> None:
        _check("delay_ms", self.delay_ms, 0, 10_000)
        _check("jitter_ms", self.jitter_ms, 0, 10_000)
        if self.bandwidth_kbit is not None:
            _check("bandwidth_kbit", self.bandwidth_kbit, 1, 10_000_000)

    @cached_property
    def delay_s(self) -> float:
        return self.delay_ms / 1_000

    @cached_property
    def jitter_s(self) -> float:
        return self.jitter_ms / 1_000

    @cached_property
    def bytes_per_s(self) -> float:
        return math.inf if self.bandwidth_kbit is None else self.bandwidth_kbit * 1_000 / 8

    @cached_property
    def unhindered(self) -> bool:
        """Whether bytes pass as they come."""
        return self == UNHINDERED

    @cached_property
    def line_bytes(self) -> int:
        """How much one direction of one connection may hold."""
        if self.bandwidth_kbit is None:
            return LINE_BYTES
        return QUEUE_BYTES + int(self.bytes_per_s * (self.delay_s + self.jitter_s))

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Cut `data` into what leaves together."""
        if self.bandwidth_kbit is None:
            yield data
            return
        size = max(PIECE_BYTES, int(self.bytes_per_s * PIECE_S))
        for start in range(0, max(len(data), 1), size):  # the end, which is empty, is a piece too
            yield data[start : start + size]


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:  # which NaN is not either
        raise ValueError(f"{name} is from {least:,} to {most:,}; this came: {value}")


UNHINDERED = Conditions()


class Piece(NamedTuple):
    """What comes out of a line together: when it is due, when it came, and its bytes, or `EOF`."""

    due: float
    came_at: float
    data: bytes


class DelayLine:
    """What is under way in one direction of one connection. It knows no socket and is told the time, in seconds.

    Args:
        randomness: where jitter is drawn from.
        opens_at: bytes that come earlier wait until then before they leave.
    """

    __slots__ = ("_departed", "_due", "_opens_at", "_pieces", "_randomness", "size_bytes")

    def __init__(self, randomness: random.Random, opens_at: float = 0.0) -> None:
        self._randomness = randomness
        self._opens_at = opens_at
        self._departed = self._due = 0.0  # of the piece that came last
        self._pieces: deque[Piece] = deque()
        self.size_bytes = 0

    def free(self, now: float) -> bool:
        """Whether it is open and nothing is under way."""
        return not self._pieces and now >= self._opens_at

    @property
    def load_bytes(self) -> int:
        """How much of what it may hold is taken."""
        return max(self.size_bytes, len(self._pieces) * PIECE_LOAD_BYTES)

    @property
    def next_due(self) -> float:
        """When the next piece comes out; infinity where there is none."""
        return self._pieces[0].due if self._pieces else math.inf

    def put(self, data: bytes, now: float, conditions: Conditions) -> None:
        """Let `data`, or `EOF`, leave under `conditions`."""
        departed = max(now, self._opens_at, self._departed)
        for piece in conditions.pieces(data):
            departed += len(piece) / conditions.bytes_per_s
            due = departed + conditions.delay_s
            if conditions.jitter_s:
                due += self._randomness.uniform(0, conditions.jitter_s)
            self._due = max(self._due, due)
            self._pieces.append(Piece(self._due, now, piece))
        self._departed = departed
        self.size_bytes += len(data)

    def take(self, now: float) -> Piece | None:
        """Take out the next piece, or None if it is not due yet."""
        if not self._pieces or self._pieces[0].due > now:
            return None
        piece = self._pieces.popleft()
        self.size_bytes -= len(piece.data)
        return piece

    def freeze(self, now: float, seconds: float) -> None:
        """Let time stand still in the line, for `seconds` after it opens or, when it is open, from now."""

        def later(moment: float) -> float:
            return max(moment, now) + seconds

        self._opens_at, self._departed, self._due = later(self._opens_at), later(self._departed), later(self._due)
        self._pieces = deque(piece._replace(due=later(piece.due)) for piece in self._pieces)

    def drop(self) -> None:
        """Lose all that is under way."""
        self._pieces.clear()
        self.size_bytes = 0
