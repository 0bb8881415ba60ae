"""One technique, measured once: from a fresh server to the figures.

In this order: the server starts; a few clients of the same technique are served and leave, so that nothing is done
for the first time in the measurement; the idle network is measured; the clients connect; messages are published at
their intended times; the last deliveries are waited for; all counts are taken; then one client sends. Where no message
is to come (`rate` 0), the clients read on in silence for `duration_s`, and what that costs is counted.
"""

import asyncio
import time
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from benchmarks.calibration import Clock, Network, measure_clock, measure_network
from benchmarks.findings import Finding, run_of, sending_of
from benchmarks.load.arrivals import now_ns
from benchmarks.load.client import Notes, Target
from benchmarks.load.crowd import Crowd
from benchmarks.load.http import BROWSER_FIELDS
from benchmarks.load.publisher import Poster, Published, draft, publish
from benchmarks.load.readers import Readers, readers
from benchmarks.load.sending import SENDERS
from benchmarks.load.tally import Tally
from benchmarks.plan import Plan
from benchmarks.results import Run
from benchmarks.samples import Samples
from benchmarks.schedule import intended_times_ns, poll_phases_s
from benchmarks.site import Site, open_site

NS_PER_S = 1_000_000_000
WARM_CLIENTS = 3
WARM_MESSAGES = 20
WARM_RATE = 100
WARM_INTERVAL_S = 0.05
SENT_RATE = 50
SENDING_S = 2.0
"""How long one client sends, unless the whole run is shorter."""
LEAD_NS = 100_000_000
"""Between the last preparation and the first publishing time."""
GRACE_S = 3.0
"""How long after the last arrival another is still waited for, beside what poll interval and network take."""
LOOK_EVERY_S = 0.01
IDLE_LOOK_S = 0.1
IDLE_SHARE = 0.05
"""Of a core: a server that uses less is idle, but for the polls that go on."""
IDLE_WITHIN_S = 3.0

Tell = Callable[[str, float], None]
"""Called with what is being done, and the share of the run that is done."""


@dataclass
class Measured:
    """A run, the samples behind it, and the interruptions of its clients: (client, lost, back) in ns of the run."""

    run: Run
    samples: Samples
    breaks: list[tuple[int, int, int]] = field(default_factory=list)


async def measure(
    plan: Plan,
    technique: str,
    interrupted: asyncio.Event,
    tell: Tell = lambda doing, share: None,
    *,
    during: Callable[[Site, float], None] | None = None,
) -> Measured:
    """Measure a technique.

    Args:
        plan: the settings; its `techniques` and `repeat` do not matter here.
        technique: which.
        interrupted: when set, publishing ends, and what there is by then is returned.
        tell: hears of the progress.
        during: called with the site and the seconds of publishing when that begins, to do the network some harm.

    Raises:
        SiteError: the server or the relay does not start.
        CouldNotOpen: the clients do not come to read.
        OSError: the server does not answer.
    """
    tell("starting the server", 0.0)
    async with open_site(plan) as site:
        bench = _Bench(plan, technique, site, interrupted, tell)
        await bench.warm_up()
        await bench.calibrate()
        return await bench.measure(during)


class _Bench:
    """What the steps of one run share."""

    def __init__(self, plan: Plan, technique: str, site: Site, interrupted: asyncio.Event, tell: Tell) -> None:
        self.plan = plan
        self.technique = technique
        self.site = site
        self.interrupted = interrupted
        self.tell = tell
        self.network: Network
        self.clock: Clock | None = None
        # As long for every technique: a message carries its room's name.
        self._room = f"bench-{plan.seed}-{time.time_ns() % NS_PER_S:09d}"

    def _target(self, purpose: str, *, reads: bool = True, poll_interval_s: float | None = None) -> Target:
        return Target(
            self.site.reading if reads else self.site.direct,
            f"{self._room}{purpose}",
            poll_interval_s=poll_interval_s or self.plan.poll_interval_s,
            deflate=self.plan.deflate,
            extra_fields=BROWSER_FIELDS if self.plan.browser_headers else "",
        )

    # --- before ---

    async def warm_up(self) -> None:
        """Serve a few clients that leave again."""
        self.tell("warming up", 0.05)
        target = self._target("-warm-up", poll_interval_s=WARM_INTERVAL_S)
        crowd = Crowd.of(self.technique, target, range(WARM_CLIENTS))
        try:
            await crowd.open({})
            await self._publish(target.room, [number * NS_PER_S // WARM_RATE for number in range(WARM_MESSAGES)])
            wanted = 0 if self.interrupted.is_set() else WARM_CLIENTS * WARM_MESSAGES
            await self._until(lambda: crowd.received >= wanted, GRACE_S)
            await crowd.close()
        finally:
            crowd.stop()

    async def calibrate(self) -> None:
        """Measure the idle network, and the clock of a server elsewhere."""
        self.tell("measuring the idle network", 0.1)
        self.network = await measure_network(self._target("-idle"), self._target("-idle", reads=False))
        if self.plan.url is not None:
            self.clock = await measure_clock(self.site.direct)

    # --- the measurement ---

    async def measure(self, during: Callable[[Site, float], None] | None) -> Measured:
        """Let the clients in, publish, wait, count; then let one send."""
        target = self._target("")
        async with readers(self.technique, target, self.plan.clients, self.plan.processes) as clients:
            finding = await self._read(clients, during)
        base_ns = finding.published.base_ns
        finding.notes.arrivals.keep_below(len(finding.published.intended_ns))
        samples = samples_of(finding.notes, finding.published, self.plan.clients, base_ns)
        run = run_of(finding, samples)
        await self._send(run)
        breaks = [(client, lost - base_ns, back - base_ns) for client, lost, back in finding.notes.breaks]
        return Measured(run, samples, breaks)

    async def _read(self, clients: Readers, during: Callable[[Site, float], None] | None) -> Finding:
        self.tell("connecting", 0.15)
        memory_before = self.site.memory_kib()
        phases = poll_phases_s(self.plan.clients, self.plan.poll_interval_s)
        begun_ns = await clients.open(dict(enumerate(phases)) if self.technique == "short-poll" else {})
        await self._until_idle()
        memory_after = self.site.memory_kib()

        usage, cpu_s = self.site.usage(), await clients.cpu_s()
        ticker = asyncio.create_task(self._tick(now_ns()))
        try:
            published = await self._publish(self._room, intended_times_ns(self.plan), during)
            await self._read_on(published)
            await self._wait_for_deliveries(clients, published)
        finally:
            ticker.cancel()
        return Finding(
            plan=self.plan,
            technique=self.technique,
            network=self.network,
            clock=self.clock,
            usage=(usage, self.site.usage()),
            client_cpu_s=[after - before for before, after in zip(cpu_s, await clients.cpu_s(), strict=True)],
            memory_kib=(memory_before, memory_after),
            read_s=(now_ns() - begun_ns) / NS_PER_S,
            published=published,
            ended=self.site.ended,
            notes=await clients.close(),
        )

    async def _until_idle(self) -> None:
        """Wait until the server has done what was asked of it, as far as one can see that."""
        deadline = time.monotonic() + IDLE_WITHIN_S
        used_s = self.site.usage().server_s
        while used_s is not None and time.monotonic() < deadline:
            await asyncio.sleep(IDLE_LOOK_S)
            before_s, used_s = used_s, self.site.usage().server_s
            if used_s is None or used_s - before_s < IDLE_SHARE * IDLE_LOOK_S:
                return

    async def _tick(self, base_ns: int) -> None:
        while True:
            share = (now_ns() - base_ns) / NS_PER_S / self.plan.duration_s
            doing = "publishing" if self.plan.rate else "reading in silence"
            self.tell(doing, 0.2 + 0.6 * min(1.0, max(0.0, share)))
            await asyncio.sleep(0.2)

    async def _publish(
        self,
        room: str,
        offsets_ns: "array[int] | list[int]",
        during: Callable[[Site, float], None] | None = None,
    ) -> Published:
        """Publish to `room`, on connections that do not pass the relay, from a moment on when all is prepared."""
        poster = Poster(replace(self._target("", reads=False), room=room), Tally())
        bodies = [draft(number, self.plan.text_bytes, self.plan.seed) for number in range(len(offsets_ns))]
        try:
            await poster.open()
            published = published_from(offsets_ns)
            if during is not None:
                during(self.site, self.plan.duration_s)
            await publish(poster, published, bodies, self.interrupted)
        finally:
            poster.close()
        return published

    async def _read_on(self, published: Published) -> None:
        """Where no message is due, read for as long as publishing would have lasted, or until interrupted."""
        if not published.intended_ns:
            end_ns = published.base_ns + round(self.plan.duration_s * NS_PER_S)
            with suppress(TimeoutError):
                async with asyncio.timeout((end_ns - now_ns()) / NS_PER_S):
                    await self.interrupted.wait()

    async def _wait_for_deliveries(self, clients: Readers, published: Published) -> None:
        """Wait until all that was acknowledged has come, or nothing has for a while."""
        self.tell("waiting for the last deliveries", 0.8)
        expected = self.plan.clients * len(published.acknowledged)
        patience_s = GRACE_S + self.plan.poll_interval_s + 6 * self.plan.delay_ms / 1_000
        received, since = await clients.received(), time.monotonic()
        while received < expected and time.monotonic() - since < patience_s and not self._is_hopeless():
            await asyncio.sleep(LOOK_EVERY_S)
            if (now := await clients.received()) != received:
                received, since = now, time.monotonic()

    def _is_hopeless(self) -> bool:
        """Whether nothing can come any more."""
        return self.site.ended is not None

    async def _until(self, fact: Callable[[], bool], within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not fact() and time.monotonic() < deadline:  # noqa: ASYNC110 - the clients signal nothing, to stay thin
            await asyncio.sleep(LOOK_EVERY_S)

    # --- sending ---

    async def _send(self, run: Run) -> None:
        """Let one client send by the technique's own way, to a room that nobody reads."""
        if self.interrupted.is_set() or self._is_hopeless():
            return
        self.tell("sending", 0.9)
        await self._until_idle()  # it has just lost all its clients
        tally = Tally()
        sender = SENDERS[self.technique](self._target("-sending"), tally)
        try:
            await sender.open()
        except OSError as error:  # a TimeoutError is one
            run.warnings.append(f"The client that was to send could not connect: {error}")
            return
        count = max(1, int(min(SENDING_S, self.plan.duration_s) * SENT_RATE))
        published = published_from([number * NS_PER_S // SENT_RATE for number in range(count)])
        usage = self.site.usage()
        await sender.send(published, self.interrupted, text_bytes=self.plan.text_bytes, seed=self.plan.seed)
        run.sending = sending_of(sender.way, tally, published, (usage, self.site.usage()))
        if published.refusals:
            run.warnings.append(
                f"Of what one client sent, not all was taken; the first refusal: {published.refusals[0]}"
            )


def published_from(offsets_ns: "array[int] | list[int]") -> Published:
    """Return the record of messages that are due so many nanoseconds after a moment that is soon."""
    return Published.of(now_ns() + LEAD_NS, offsets_ns)


def samples_of(notes: Notes, published: Published, clients: int, base_ns: int) -> Samples:
    """Return the columns of a run, in nanoseconds since its first intended publishing time."""
    samples = Samples(
        clients,
        (at_ns - base_ns for at_ns in published.intended_ns),
        (at_ns - base_ns if at_ns >= 0 else -1 for at_ns in published.sent_ns),
    )
    arrivals = notes.arrivals
    samples.client, samples.message = arrivals.client, arrivals.message
    samples.received_ns = array("q", (at_ns - base_ns for at_ns in arrivals.at_ns))
    return samples
