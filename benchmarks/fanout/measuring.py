"""One server by one technique: memory with readers and without, then CPU and latency at each number under way."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from time import perf_counter_ns
from typing import NamedTuple

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.cores import Cores, confined
from benchmarks.fanout.plan import FanoutPlan, Step
from benchmarks.fanout.polls import LongPoll, ValidatedLongPoll
from benchmarks.fanout.publisher import Publisher
from benchmarks.fanout.readers import EventStream, Reader, SocketIo, WebSocket
from benchmarks.load.crowd import AT_ONCE, OPEN_WITHIN_S, CouldNotOpen
from benchmarks.meters import NS_PER_S, cpu_s, memory_kib, own_cpu_s
from benchmarks.peers.peer import PEERS, Peer, Running
from benchmarks.results import FanoutRun
from benchmarks.run import Tell
from benchmarks.statistics import summarize

READERS: dict[str, type[Reader]] = {reader.technique: reader for reader in (EventStream, WebSocket, SocketIo, LongPoll)}
WARM_UP_READERS = 30
WARM_UP_ROOM = "fanout-warm-up"
LEAD_IN_S = 0.3
"""Unmeasured, while the broadcasts under way find their rhythm."""
LOOK_AGAIN_S = 0.05
AT_REST_S = 0.001
"""CPU that a server may use between two looks and yet be at rest: it has a clock that ticks."""
AT_REST_WITHIN_S = 5.0
US_PER_S = 1_000_000


class NotMeasured(Exception):
    """A server's turn ended before all was measured; one sentence says why."""


class Look(NamedTuple):
    """What had happened by some moment. `server_cpu_s` is None where the system does not tell."""

    at_ns: int
    server_cpu_s: float | None
    own_cpu_s: float
    messages: int
    reads: int

    @classmethod
    def at(cls, server: Running, broadcasts: Broadcasts) -> "Look":
        """Return what has happened by now."""
        return cls(
            perf_counter_ns(),
            total(cpu_s, server),
            own_cpu_s(),
            broadcasts.published,
            len(broadcasts.at_ns),
        )


def total(meter: Callable[[int], float | None], server: Running) -> float | None:
    """Return what a meter says of all processes of a server together; None where it does not tell of one."""
    found = [meter(process) for process in server.processes]
    return None if None in found else sum(value for value in found if value is not None)


async def measure_server(
    step: Step,
    plan: FanoutPlan,
    cores: Cores,
    interrupted: asyncio.Event,
    tell: Tell,
    keep: Callable[[FanoutRun], None],
) -> None:
    """Measure a fresh server.

    Args:
        step: which server, by which technique, for which time.
        plan: the settings.
        cores: where it and the generator are to run.
        interrupted: set by Ctrl-C: what is under way is then given up.
        tell: is told how far it is.
        keep: is given each figure as soon as there is one.

    Raises:
        NotMeasured: it refused a message, dropped a connection or did not deliver everything, which stands in the last
            figure then; what was kept before is sound.
        CouldNotOpen: the readers did not get in.
        PeerError: it does not start.
        OSError: a connection was refused.
    """
    peer = PEERS[step.peer]
    tell("starting", 0)
    async with peer.start(cores.server) as server:
        with confined(cores.generator):
            await _Server(peer, server, step, plan, interrupted, tell).measure(keep)


class _Server:
    """A server that runs, and what is asked of it."""

    def __init__(
        self, peer: Peer, server: Running, step: Step, plan: FanoutPlan, interrupted: asyncio.Event, tell: Tell
    ) -> None:
        self._peer = peer
        self._server = server
        self._step = step
        self._plan = plan
        self._interrupted = interrupted
        self._tell = tell
        self._kib_per_client: float | None = None

    async def measure(self, keep: Callable[[FanoutRun], None]) -> None:
        """Measure all there is to measure."""
        settings = self._plan.settings
        self._tell("connecting", 0)
        async with self._reading(WARM_UP_READERS, Broadcasts(WARM_UP_READERS), WARM_UP_ROOM):
            pass
        await self._rests()
        before_kib = total(memory_kib, self._server)
        broadcasts = Broadcasts(settings.clients)
        async with self._reading(settings.clients, broadcasts):
            await self._rests()
            with_readers_kib = total(memory_kib, self._server)
            if before_kib is not None and with_readers_kib is not None:
                self._kib_per_client = (with_readers_kib - before_kib) / settings.clients
            with _frozen():
                await self._measure_each(broadcasts, keep)

    async def _measure_each(self, broadcasts: Broadcasts, keep: Callable[[FanoutRun], None]) -> None:
        for place, under_way in enumerate(self._plan.under_way):
            if self._interrupted.is_set():
                return
            self._tell(f"{under_way} under way", place / len(self._plan.under_way))
            async with self._publishing(under_way, broadcasts):
                run = await self._figure(under_way, broadcasts)
            if self._interrupted.is_set():
                return
            if broadcasts.trouble:
                raise NotMeasured(f"{broadcasts.trouble}, with {under_way} under way")
            keep(run)
            if run.lost or run.doubled or run.reordered:
                raise NotMeasured(
                    f"with {under_way} under way, {run.lost:,} deliveries were lost, {run.doubled:,} came twice and "
                    f"{run.reordered:,} out of order"
                )

    async def _figure(self, under_way: int, broadcasts: Broadcasts) -> FanoutRun:
        doubled, reordered = broadcasts.doubled, broadcasts.reordered
        broadcasts.start(under_way)
        await self._pause(LEAD_IN_S, broadcasts)
        begin = Look.at(self._server, broadcasts)
        await self._pause(self._plan.settings.duration_s, broadcasts)
        end = Look.at(self._server, broadcasts)
        await broadcasts.drain()
        await self._rests()  # what comes twice has come by then
        deliveries = broadcasts.deliveries(begin.reads, end.reads)
        seconds = (end.at_ns - begin.at_ns) / NS_PER_S
        generator_s = end.own_cpu_s - begin.own_cpu_s
        server_s = None
        if begin.server_cpu_s is not None and end.server_cpu_s is not None:
            server_s = end.server_cpu_s - begin.server_cpu_s
        return FanoutRun(
            peer=self._step.peer,
            technique=self._step.technique,
            under_way=under_way,
            repeat=self._step.repeat,
            clients=broadcasts.readers,
            text_bytes=self._plan.settings.text_bytes,
            messages=end.messages - begin.messages,
            deliveries=deliveries,
            seconds=seconds,
            server_cpu_us_per_delivery=_us_each(server_s, deliveries),
            latency_ms=summarize(broadcasts.latencies_ms(begin.reads, end.reads)),
            deliveries_per_s=deliveries / seconds,
            server_kib_per_client=self._kib_per_client,
            generator_cpu_us_per_delivery=_us_each(generator_s, deliveries),
            generator_cpu_share=generator_s / seconds,
            lost=broadcasts.lost,
            doubled=broadcasts.doubled - doubled,
            reordered=broadcasts.reordered - reordered,
        )

    async def _pause(self, seconds: float, broadcasts: Broadcasts) -> None:
        """Let the broadcasts go on for some time, unless there is a reason to end."""
        ends = [asyncio.ensure_future(event.wait()) for event in (self._interrupted, broadcasts.broken)]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    @contextlib.asynccontextmanager
    async def _publishing(self, count: int, broadcasts: Broadcasts) -> AsyncIterator[None]:
        """Have so many connections to publish by, one after the other in turn, for the length of the context."""
        settings, port = self._plan.settings, self._server.port

        def publisher() -> Publisher:
            return Publisher(port, settings.text_bytes, settings.seed, broadcasts)

        publishers: list[Publisher] = []
        try:
            for _ in range(count):
                _, made = await asyncio.get_running_loop().create_connection(publisher, "127.0.0.1", port)
                publishers.append(made)
            broadcasts.post = lambda number: publishers[number % count].post(number)
            yield
        finally:
            for each in publishers:
                each.close()

    @contextlib.asynccontextmanager
    async def _reading(self, count: int, broadcasts: Broadcasts, room: str | None = None) -> AsyncIterator[None]:
        """Have so many readers in for the length of the context."""
        kind = ValidatedLongPoll if self._polls_by_validators else READERS[self._step.technique]
        where = {} if room is None else {"room": room}
        readers = [kind(self._server.port, broadcasts, **where) for _ in range(count)]
        try:
            await let_in(readers, self._server.port)
            yield
        finally:
            for reader in readers:
                reader.close()

    @property
    def _polls_by_validators(self) -> bool:
        return self._peer.polls_by_validators and self._step.technique == LongPoll.technique

    async def _rests(self) -> None:
        """Wait until the server has nothing to do any more."""
        deadline = asyncio.get_running_loop().time() + AT_REST_WITHIN_S
        before, now = None, total(cpu_s, self._server)
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_AGAIN_S)
            before, now = now, total(cpu_s, self._server)
            if before is not None and now is not None and now - before < AT_REST_S:
                return


async def let_in(readers: Sequence[Reader], port: int) -> None:
    """Connect all, a hundred at a time.

    Raises:
        CouldNotOpen: some do not come to read.
        OSError: a connection was refused.
    """
    slots = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def let_one_in(reader: Reader) -> None:
        async with slots:
            await loop.create_connection(lambda: reader, "127.0.0.1", port)
            await reader.opened

    try:
        async with asyncio.timeout(OPEN_WITHIN_S):
            await asyncio.gather(*map(let_one_in, readers))
    except TimeoutError:
        raise CouldNotOpen(f"the {len(readers):,} readers did not get in within {OPEN_WITHIN_S:g} s") from None


@contextlib.contextmanager
def _frozen() -> Iterator[None]:
    """Have the collector pass over what there is: else it goes through all readers again and again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _us_each(seconds: float | None, deliveries: int) -> float | None:
    return None if seconds is None or not deliveries else seconds * US_PER_S / deliveries
