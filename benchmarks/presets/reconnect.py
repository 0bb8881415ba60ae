"""All connections are cut at once, in the middle of a run: who is back when, and is anything lost?

The relay resets every connection on both sides, half a transit after a message was published: that message is under
way then, and gone. What a client does next are rules laid down beforehand, so the time it takes can be predicted:

- Streams wait 0 to 0.5 s (full jitter, doubling with each failure), so that they do not all come at once.
- A long poll that is cut while it is held is sent again at once, as HTTP clients do with any request that a kept
  connection failed to carry; a browser does so without telling the page.
- Short polling has no connection to lose: between two polls nobody notices, and the next poll opens another.

Then each reads on from its cursor.
"""

import asyncio
from typing import NamedTuple

from benchmarks.load.arrivals import now_ns
from benchmarks.load.client import FIRST_BACKOFF_S
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets.in_turn import Wanted, measure_in_turn
from benchmarks.presets.preset import Preset
from benchmarks.presets.returning import Return, at_share, return_of, section
from benchmarks.report import Section
from benchmarks.report.groups import name_of
from benchmarks.results import Beside
from benchmarks.run import LEAD_NS
from benchmarks.session import Session
from benchmarks.site import Site

NS_PER_S = 1_000_000_000
MS_PER_S = 1_000

TRANSITS = {"short-poll": 4, "long-poll": 4, "sse": 4, "websocket": 4, "socket-io": 16}
"""Ways through the network from dialling to reading again: two to connect (the relay lets the first bytes wait for as
long as the handshake would have taken), one for the request, one for the answer. Socket.IO: as much for the handshake,
two each for CONNECT, its answer, connecting again, the upgrade, the probe and the join."""


def cut_s(plan: Plan) -> float:
    """Return when to cut, in seconds of the run: half a transit after the message that is due nearest its middle."""
    before = int(plan.duration_s / 2 * plan.rate)
    return before / plan.rate + plan.delay_ms / 2 / MS_PER_S


class Cut:
    """Cuts all connections once, and notes when that was, in nanoseconds of the run."""

    def __init__(self, plan: Plan) -> None:
        self._at_s = cut_s(plan)
        self._commanding: asyncio.Task[None] | None = None
        self.at_ns: int | None = None

    def __call__(self, site: Site, seconds: float) -> None:
        """Set the time: publishing begins as soon as everything is ready, `LEAD_NS` from now."""
        base_ns = now_ns() + LEAD_NS
        asyncio.get_running_loop().call_later(self._at_s + LEAD_NS / NS_PER_S, self._cut, site, base_ns)

    def _cut(self, site: Site, base_ns: int) -> None:
        assert site.relay is not None
        self.at_ns = now_ns() - base_ns
        self._commanding = asyncio.get_running_loop().create_task(site.relay.command("cut"))


class Prediction(NamedTuple):
    """Until which moment after the cut half and 90 % of the clients are reading again, in milliseconds."""

    p50: float
    p90: float


def predict(technique: str, plan: Plan) -> Prediction:
    """Return what the rules say: a wait that is even over a range, and the ways through the network after it.

    For short polling the range is the interval: how long it is until the next poll is due.
    """
    range_s = {"short-poll": plan.poll_interval_s, "long-poll": 0.0}.get(technique, FIRST_BACKOFF_S)
    ways_ms = TRANSITS[technique] * plan.delay_ms
    return Prediction(0.5 * range_s * MS_PER_S + ways_ms, 0.9 * range_s * MS_PER_S + ways_ms)


REASONS = {
    "short-poll": (
        "It does not come back, it asks when it is due: evenly within T. Measured is the first message after the cut, "
        "for there is no break to note."
    ),
    "long-poll": (
        "No wait: the request is sent again at once. All readers do so together, and the server answers one after "
        "another."
    ),
    "sse": "0 to 0.5 s, evenly; a browser's EventSource waits longer, see below.",
    "websocket": "0 to 0.5 s, evenly.",
    "socket-io": "0 to 0.5 s, evenly, and then an opening of four requests, an upgrade, a probe and the join.",
}


def beside(technique: str, plan: Plan, ours: Return | None) -> list[Beside]:
    """Return what the rules predict of a technique, beside what was measured."""
    expected = predict(technique, plan)
    what = "first message after the cut" if technique == "short-poll" else "reading again"
    measured = (ours.first_ms if technique == "short-poll" else ours.back_ms) if ours else ()
    return [
        Beside(f"{name_of(technique)}: {what}, {part}", "ms", predicted, at_share(measured, share), REASONS[technique])
        for part, share, predicted in (("half of the clients", 50, expected.p50), ("90 %", 90, expected.p90))
    ]


async def measure(session: Session) -> list[Section]:
    """Cut the connections of each technique once."""
    plan = session.plan
    cuts = [Cut(plan) for _ in plan.techniques]
    wanted = [Wanted(plan, technique, cut) for technique, cut in zip(plan.techniques, cuts, strict=True)]
    measured = await measure_in_turn(session, wanted)
    found = [
        return_of(each, cut.at_ns) if each is not None and cut.at_ns is not None else None
        for each, cut in zip(measured, cuts, strict=True)
    ]
    pairs = zip(plan.techniques, found, strict=True)
    session.results.beside = [row for technique, ours in pairs for row in beside(technique, plan, ours)]
    returns = [each for each in found if each is not None]
    return [section(returns, plan, cut_s(plan))] if returns else []


PRESET = Preset(
    name="reconnect",
    about=(
        "All connections are cut at once while messages are published: when is who back, what is lost, what is late? "
        "The column of published figures has what the rules of reconnecting predict."
    ),
    source=(
        "the model: pushdemo's clients wait 0 to 0.5 s, evenly (full jitter), long polls not at all, short polls until "
        "they are due; then 4 transits to connect, ask and be answered, 16 for Socket.IO"
    ),
    plan=Plan(
        clients=100,
        rate=4,
        duration_s=12,
        poll_interval_s=1,
        delay_ms=10,
        techniques=TECHNIQUES,
    ),
    measure=measure,
)
