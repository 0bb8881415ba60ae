"""How many clients does polling serve, and how many SSE? It depends on how late a message may be.

Van de Vyvere, Colpaert and Verborgh published 5.2 kB every 5 s to thousands of clients: 8,000 were served by polling,
behind a cache, and 25,000 by SSE. But who tolerates a delay may poll more seldom: a server has to answer no more than
users / delay requests a second, and from 10 s on polling carried more.

Here one core cannot be filled without filling the other with clients. So small loads are measured, the CPU of a poll
and of a message worked out of them, and from these how many would fill a core (capacity.py).
"""

from typing import NamedTuple

from benchmarks.plan import Plan
from benchmarks.presets import capacity
from benchmarks.presets.capacity import Constants
from benchmarks.presets.carrying import PUBLISHED_CROSSING_S, Check, section
from benchmarks.presets.in_turn import Wanted, changed, measure_in_turn
from benchmarks.presets.preset import Preset
from benchmarks.report import Section
from benchmarks.report.figures import per_delivery
from benchmarks.results import Beside, Run
from benchmarks.run import Measured
from benchmarks.session import Session

PERIOD_S = 5.0
PUBLISHED_CLIENTS = {"short-poll": 8_000, "sse": 25_000}
CLIENTS_CHECKED = 1_500
CHECK_INTERVAL_S = 1.0


class Case(NamedTuple):
    """What differs in a run; it publishes for `part` of the duration of the plan."""

    technique: str
    clients: int
    rate: float
    poll_interval_s: float
    part: float


CASES = {
    "kept": Case("short-poll", 400, 0, 0.25, 0.5),  # nothing to find, on connections that are kept
    "full": Case("short-poll", 400, 4, 0.25, 0.5),  # a message in each answer, and all else the same
    "new": Case("short-poll", 3_000, 0, 6, 0.75),  # so seldom that each poll opens another connection
    "silent": Case("sse", 1_000, 0, 1, 1),  # long enough for a heartbeat
    "spoken": Case("sse", 500, 2, 1, 0.375),
    "checked polling": Case("short-poll", CLIENTS_CHECKED, 1 / PERIOD_S, CHECK_INTERVAL_S, 1),
    "checked stream": Case("sse", CLIENTS_CHECKED, 1 / PERIOD_S, CHECK_INTERVAL_S, 1),
}
"""A poll costs less the more there are, for then the server does not come from sleep for each: so there are many, and
as many in the runs of which one is taken from the other."""


def plan_of(case: Case, plan: Plan) -> Plan:
    """Return the settings of a case."""
    return changed(
        plan,
        clients=case.clients,
        rate=case.rate,
        poll_interval_s=case.poll_interval_s,
        duration_s=plan.duration_s * case.part,
    )


def constants_of(runs: dict[str, Run]) -> Constants | None:
    """Return the constants; None where one of them was not measured. Memory may be missing."""
    if any(name not in runs for name in ("kept", "new", "full", "silent", "spoken")):
        return None
    kept_us = capacity.poll_us(runs["kept"], CASES["kept"].poll_interval_s)
    new_us = capacity.poll_us(runs["new"], CASES["new"].poll_interval_s)
    if kept_us is None or new_us is None:
        return None
    polled_us = capacity.polled_message_us(runs["full"], CASES["full"].poll_interval_s, kept_us)
    silent_us = capacity.stream_us_per_s(runs["silent"])
    if silent_us is None:
        return None
    streamed_us = capacity.streamed_message_us(runs["spoken"], silent_us)
    if polled_us is None or streamed_us is None:
        return None
    polling, stream = (runs.get(name) for name in ("checked polling", "checked stream"))
    return Constants(
        kept_poll_us=kept_us,
        new_poll_us=new_us,
        polled_message_us=polled_us,
        stream_us_per_s=silent_us,
        streamed_message_us=streamed_us,
        poll_kib=polling.server_kib_per_client if polling else None,
        stream_kib=stream.server_kib_per_client if stream else None,
    )


def checks_of(runs: dict[str, Run], constants: Constants) -> list[Check]:
    """Return what the constants foretell of the larger runs, and what was measured, as shares of a core."""
    found = []
    polling, stream = (runs.get(name) for name in ("checked polling", "checked stream"))
    if polling:
        foretold_us = (
            capacity.polls_counted(polling, CHECK_INTERVAL_S) * constants.kept_poll_us
            + polling.received * constants.polled_message_us
        )
        found.append(_check(polling, foretold_us, f"a poll every {CHECK_INTERVAL_S:g} s"))
    if stream:
        silence_us = stream.clients * capacity.counted_s(stream) * constants.stream_us_per_s
        found.append(_check(stream, silence_us + stream.received * constants.streamed_message_us, "a stream"))
    return [each for each in found if each is not None]


def _check(run: Run, foretold_us: float, what: str) -> Check | None:
    if run.server_cpu_s is None:
        return None
    seconds = capacity.counted_s(run)
    return Check(
        run.technique, run.clients, what, foretold_us / capacity.US_PER_S / seconds, run.server_cpu_s / seconds
    )


def beside(constants: Constants | None) -> list[Beside]:
    """Return the article's figures beside what follows from the constants."""
    polling = stream = crossing = None
    if constants is not None:
        polling = capacity.clients_by_cpu(capacity.polling_us_per_s(constants, PUBLISHED_CROSSING_S, PERIOD_S))
        stream = capacity.clients_by_cpu(capacity.streaming_us_per_s(constants, PERIOD_S))
        crossing = capacity.crossing_s(constants, PERIOD_S)
    polling, stream, crossing = (
        None if each is None else capacity.rounded(each) for each in (polling, stream, crossing)
    )
    return [
        Beside(
            "clients by short polling",
            "",
            PUBLISHED_CLIENTS["short-poll"],
            polling,
            f"Ours: extrapolated to 70 % of one core, for a delay of {PUBLISHED_CROSSING_S:g} s, without a cache. "
            "Theirs: measured, behind a cache, for those who want each message as soon as can be.",
        ),
        Beside(
            "clients by SSE",
            "",
            PUBLISHED_CLIENTS["sse"],
            stream,
            "Ours: extrapolated to 70 % of one core, by CPU alone; memory, network or the number of sockets may end it "
            "before. Theirs: measured, on another machine by another server.",
        ),
        Beside(
            "tolerable delay from which on polling carries more",
            "s",
            PUBLISHED_CROSSING_S,
            crossing,
            "Where a poll, shared among that many seconds, costs what a stream does; n/a: from no delay on. A cache "
            "makes polls cheaper; a server that encodes a message once for all makes streams cheaper.",
        ),
    ]


async def measure(session: Session) -> list[Section]:
    """Measure the constants, and one larger load of each technique to check them by."""
    wanted = [Wanted(plan_of(case, session.plan), case.technique) for case in CASES.values()]
    measured = await measure_in_turn(session, wanted)
    runs = _by_name(measured)
    constants = constants_of(runs)
    session.results.beside = beside(constants)
    if constants is None:
        return []
    memory_gib = float(session.results.metadata["machine"]["memory_gib"])
    bytes_each = per_delivery(runs["spoken"].bytes_received, runs["spoken"])
    return [section(constants, checks_of(runs, constants), PERIOD_S, memory_gib, bytes_each)]


def _by_name(measured: list[Measured | None]) -> dict[str, Run]:
    return {name: each.run for name, each in zip(CASES, measured, strict=True) if each is not None}


PRESET = Preset(
    name="vandevyvere",
    about="How many clients a server core carries by short polling and by SSE, over the delay that they tolerate.",
    source=(
        "B. Van de Vyvere, P. Colpaert and R. Verborgh, Comparing a Polling and Push-Based Approach for Live Open Data "
        "Interfaces (2020): 5.2 kB every 5 s; requests per second needed >= users / maximum acceptable latency"
    ),
    plan=Plan(
        clients=CLIENTS_CHECKED,
        rate=1 / PERIOD_S,
        duration_s=16,
        poll_interval_s=CHECK_INTERVAL_S,
        text_bytes=4_000,
        techniques=("short-poll", "sse"),
    ),
    measure=measure,
)
