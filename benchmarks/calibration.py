"""What the idle network and server take, measured before a run: the constants that the models need."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from benchmarks.load.client import Target
from benchmarks.load.connection import Address, dial
from benchmarks.load.http import Answer, Exchange, request_head
from benchmarks.load.publisher import draft
from benchmarks.load.tally import Tally
from benchmarks.statistics import median

ROUND_TRIPS = 15
ANSWER_WITHIN_S = 30.0
CLOCK_SAMPLES = 40
KEPT_SHARE = 0.25
"""Of the samples of the clock, those with the shortest round trips: the rest waited somewhere."""
MS_PER_S = 1_000


class Network(NamedTuple):
    """The idle network and server.

    `gap_ms` is G, from an answer to the arrival of the next request: a round trip of a reader. `publish_ms` is what
    a message takes from its publisher until the server has it.
    """

    gap_ms: float
    publish_ms: float

    @property
    def transit_ms(self) -> float:
        """Return d, from the publisher by the server to a reader; the way to the reader is taken for half of G."""
        return self.publish_ms + self.gap_ms / 2


class Clock(NamedTuple):
    """The server's wall clock against ours; wrong by `error_ms` at most.

    Add `offset_ms` to our wall clock, or `from_monotonic_ms` to `perf_counter`, to get the server's. The error is half
    the shortest round trip, plus the millisecond to which `sent_at` is cut.
    """

    offset_ms: float
    from_monotonic_ms: float
    error_ms: float


class _Asker:
    """One connection that asks again and again."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._answer: asyncio.Future[Answer | None]
        self._exchange = Exchange(Tally(), self._answered, self._lost)

    def _answered(self, answer: Answer) -> None:
        self._answer.set_result(answer)

    def _lost(self) -> None:
        if not self._answer.done():
            self._answer.set_result(None)

    async def __aenter__(self) -> "_Asker":
        await dial(self._address, self._exchange)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._exchange.close()

    async def ask(self, resource: str) -> Answer:
        """Return the answer to a GET.

        Raises:
            ConnectionError: the connection is lost, or the answer is none of success.
        """
        return await self._exchanged(request_head(self._address, "GET", resource))

    async def post(self, resource: str, body: bytes) -> Answer:
        """Return the answer to a POST of JSON.

        Raises:
            ConnectionError: as for `ask`.
        """
        fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return await self._exchanged(request_head(self._address, "POST", resource, fields) + body)

    async def _exchanged(self, request: bytes) -> Answer:
        self._answer = asyncio.get_running_loop().create_future()
        if not self._exchange.is_open:
            raise ConnectionError("the server closed the connection")
        self._exchange.request(request)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            answer = await self._answer
        if answer is None or answer.status not in (200, 201):
            raise ConnectionError(f"{request.split()[1].decode()} was answered {answer.status if answer else 'not'}")
        return answer


async def measure_network(reading: Target, publishing: Target) -> Network:
    """Return the medians of some empty short polls, and of some messages to a room that nobody reads.

    Args:
        reading: as the readers go to the server, perhaps by a relay.
        publishing: as the publisher goes.

    Raises:
        OSError: the server does not answer.
    """
    gap_ms = await _round_trip_ms(reading.address, lambda asker, _: asker.ask(_poll(reading)))
    direct_ms = await _round_trip_ms(publishing.address, lambda asker, _: asker.ask(_poll(publishing)))
    resource = f"/api/rooms/{publishing.room}/messages"
    post_ms = await _round_trip_ms(
        publishing.address, lambda asker, number: asker.post(resource, draft(number, 120, 0))
    )
    return Network(gap_ms, max(0.0, post_ms - direct_ms / 2))  # the answer's way back is not the message's


def _poll(target: Target) -> str:
    return f"/api/rooms/{target.room}/short-poll?after=latest"


async def _round_trip_ms(address: Address, ask: Callable[[_Asker, int], Awaitable[Answer]]) -> float:
    """Return the median of some round trips on one connection, one after another."""
    spans_ms = []
    async with _Asker(address) as asker:
        for number in range(ROUND_TRIPS):
            begun = time.perf_counter()
            await ask(asker, number)
            spans_ms.append((time.perf_counter() - begun) * MS_PER_S)
    middle_ms = median(spans_ms[1:])  # the first has the connection's beginning in it
    assert middle_ms is not None
    return middle_ms


class _Time(msgspec.Struct):
    now: float


class Sample(NamedTuple):
    """One answer of `/api/time`: when it was asked for and came, by `perf_counter`, and what it said; all in ms."""

    round_trip_ms: float
    middle_ms: float
    server_ms: float


async def measure_clock(address: Address) -> Clock:
    """Return the offset of the server's clock, from the quickest of some answers of `/api/time`.

    Raises:
        OSError: the server does not answer.
    """
    samples = []
    async with _Asker(address) as asker:
        for _ in range(CLOCK_SAMPLES):
            begun_ms = time.perf_counter() * MS_PER_S
            answer = await asker.ask("/api/time")
            ended_ms = time.perf_counter() * MS_PER_S
            try:
                server_ms = msgspec.json.decode(answer.body, type=_Time).now
            except msgspec.DecodeError:
                raise ConnectionError("/api/time was answered, but not as pushdemo does") from None
            samples.append(Sample(ended_ms - begun_ms, (begun_ms + ended_ms) / 2, server_ms))
    wall_ms = (time.time() - time.perf_counter()) * MS_PER_S
    return clock_of(samples, wall_ms)


def clock_of(samples: list[Sample], wall_from_monotonic_ms: float) -> Clock:
    """Return what the quickest of some samples tell of the server's clock.

    Args:
        samples: at least one.
        wall_from_monotonic_ms: what to add to `perf_counter` to get our own wall clock.
    """
    quickest = sorted(samples)[: max(1, round(len(samples) * KEPT_SHARE))]
    from_monotonic_ms = median(sample.server_ms - sample.middle_ms for sample in quickest)
    assert from_monotonic_ms is not None
    error_ms = quickest[0].round_trip_ms / 2 + 1
    return Clock(from_monotonic_ms - wall_from_monotonic_ms, from_monotonic_ms, error_ms)
