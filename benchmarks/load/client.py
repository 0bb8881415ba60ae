"""What all reading clients have in common: where they read, how they come back, what they note."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter_ns

from benchmarks.load.arrivals import Arrivals
from benchmarks.load.connection import Address, Connection, dial
from benchmarks.load.tally import Tally

FIRST_BACKOFF_S = 0.5
LAST_BACKOFF_S = 10.0
"""A broken connection is opened again after 0 to 0.5 s, doubling to 0 to 10 s: as pushdemo's own pages do it."""


@dataclass(frozen=True)
class Target:
    """What a client reads, and how.

    Args:
        address: of the server, or of the relay before it.
        room: the room's name.
        poll_interval_s: T of short polling.
        long_poll_timeout_s: what a long poll asks for.
        deflate: offer permessage-deflate.
        extra_fields: header lines that every request carries besides what it needs, each ending with CRLF.
    """

    address: Address
    room: str
    poll_interval_s: float = 1.0
    long_poll_timeout_s: int = 25
    deflate: bool = False
    extra_fields: str = ""


@dataclass
class Notes:
    """What the clients of one process share: their counts, their arrivals, their interruptions."""

    tally: Tally = field(default_factory=Tally)
    arrivals: Arrivals = field(default_factory=Arrivals)
    breaks: list[tuple[int, int, int]] = field(default_factory=list)
    """(client, lost, back): when a client noticed that its connection was gone and when it knew that it was reading
    again, `perf_counter_ns`. A poll that was under way is a loss, even where it is sent again at once; a connection
    that ended between two polls is none, for its client does not notice."""
    refusals: list[str] = field(default_factory=list)

    def add(self, other: "Notes") -> None:
        """Add what other clients noted; arrivals stay in order for each client."""
        self.tally.add(other.tally)
        self.arrivals.extend(other.arrivals)
        self.breaks += other.breaks
        self.refusals += other.refusals


class Client(ABC):
    """One reader of a room.

    Args:
        number: which of all the clients, from 0.
        target: what it reads.
        notes: where it notes what happens.
    """

    technique: str

    def __init__(self, number: int, target: Target, notes: Notes) -> None:
        self.number = number
        self.target = target
        self.notes = notes
        self.tally = notes.tally
        self.cursor = "latest"
        self.is_ready = False
        self.is_stopped = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._random = random.Random(number)
        self._backoff_s = FIRST_BACKOFF_S
        self._lost_at_ns: int | None = None
        self._dialling: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    # --- for the techniques ---

    @abstractmethod
    def connect(self) -> None:
        """Begin to read after `cursor`."""

    @abstractmethod
    def hang_up(self) -> None:
        """Close what is open, and account for bytes that belong to nothing whole."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing that was asked is still to be answered (a held long poll does not count)."""
        return True

    # --- what they use ---

    def start(self) -> None:
        """Begin; `ready` is done when the client has its place in the feed."""
        self.connect()

    def stop(self) -> None:
        """Stop reading."""
        self.is_stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._dialling is not None:
            self._dialling.cancel()
        self.hang_up()

    def arrived(self, payload: bytes, at_ns: int) -> None:
        """Note a message."""
        self.cursor = self.notes.arrivals.add(self.number, payload, at_ns)

    def opened(self, cursor: str) -> None:
        """Note that it is reading, after `cursor`."""
        self.cursor = cursor
        self.is_ready = True
        self._backoff_s = FIRST_BACKOFF_S
        if self._lost_at_ns is not None:
            self.notes.breaks.append((self.number, self._lost_at_ns, perf_counter_ns()))
            self._lost_at_ns = None
        if not self.ready.done():
            self.ready.set_result(None)

    def refused(self, why: str) -> None:
        """Note that the server does not let it read; it tries again later."""
        self.notes.refusals.append(why)
        self.broken()

    def lost(self, why: str) -> None:
        """Note that the connection is gone; `why`, if anything, is what the server said, or how it went wrong."""
        if why:
            self.refused(why)
        else:
            self.broken()

    def dial(self, connection: Connection, made: Callable[[], None]) -> None:
        """Connect, and call `made` as soon as it is; a connection that cannot be made is a broken one."""
        self._dialling = asyncio.get_running_loop().create_task(self._dial(connection, made))

    async def _dial(self, connection: Connection, made: Callable[[], None]) -> None:
        def ask() -> None:
            if self.is_stopped:
                connection.close()
            else:
                made()

        try:
            await dial(self.target.address, connection, ask)
        except OSError:
            self.broken()

    def broken(self) -> None:
        """Note that the connection is gone, and connect again after a while."""
        if self.is_stopped:
            return
        self.note_loss()
        delay_s = self._random.random() * self._backoff_s
        self._backoff_s = min(2 * self._backoff_s, LAST_BACKOFF_S)
        self.after(delay_s, self.connect)

    def note_loss(self) -> None:
        """Note since when it does not read; `opened` notes that it does again."""
        if self._lost_at_ns is None and self.is_ready:
            self._lost_at_ns = perf_counter_ns()
        self.is_ready = False

    def after(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call `call` later, unless it is stopped before; one thing at a time."""
        self._timer = asyncio.get_running_loop().call_later(delay_s, call)
