"""Where long polling leaves WebSocket's line: readings four times a second, over networks of rising delay.

Pimentel and Nickerson sent a sensor's readings at 4 Hz to browsers near and far, by polling, long polling and
WebSocket, and compared the one-way latency. What they printed could not be checked, so no figure of theirs stands
here; the published figures are the model's (benchmarks/models.py), which has a sharp thing to say. A reading finds a
long poll request pending as long as the gap G = 2d + c is shorter than the period P. Then long polling is as fast as
WebSocket. From G = P on a reading always waits, d + G / 2 in the mean, twice WebSocket's d. With P = 250 ms the knee is
at d = 125 ms.

Which arrivals show it? Periodic ones, as a sensor sends them: with random ones some readings fall into the gap at any
delay, and long polling leaves the line little by little (the preset `rfc6202`). But just at the knee periodic arrivals
are a toss of a coin: each reading waits G - P longer than the one before, so the mean depends on how long one looks. So
nothing is judged at 125 ms, and the delays beside it, 100 and 150 ms, are measured too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from benchmarks.models import expect
from benchmarks.plan import Plan
from benchmarks.presets.moments import mean_of_moments_ms, published_ms
from benchmarks.presets.preset import Preset
from benchmarks.presets.verdict import chance_ms, in_words, percent_off, verdict_ms
from benchmarks.report import Axis, Dot, LineChart, Mark, Paragraph, Picture, Section, Series, Table
from benchmarks.report.blocks import Block, Cell
from benchmarks.report.groups import in_a_sentence, name_of
from benchmarks.report.wording import ms, plain
from benchmarks.results import Beside, Run
from benchmarks.session import Session
from benchmarks.statistics import median

RATE = 4.0
PERIOD_MS = 1_000 / RATE
TECHNIQUES = ("short-poll", "long-poll", "sse", "websocket")
DELAYS_MS = (10.0, 60.0, 125.0, 180.0)
BESIDE_THE_KNEE_MS = (100.0, 150.0)
"""Here long polling alone is measured."""

CASES = tuple(
    (delay_ms, technique)
    for delay_ms in sorted((*DELAYS_MS, *BESIDE_THE_KNEE_MS))
    for technique in TECHNIQUES
    if delay_ms in DELAYS_MS or technique == "long-poll"
)

KNEE_SHARE = 0.05
"""Of P: where G is as near to it as this, nothing is judged."""

SECONDS = {"short-poll": 6.0, "sse": 4.0, "websocket": 4.0}
"""Of publishing, at most: their latency is the same from message to message, or from client to client."""

_CURVE = 170


@dataclass(frozen=True)
class Point:
    """A technique at one delay.

    `published_ms` is when its messages were published. `chance_ms` is what chance may do to the mean, two standard
    errors; None of long polling, whose waits follow from each other.
    """

    delay_ms: float
    run: Run
    published_ms: Sequence[float]
    chance_ms: float | None

    @property
    def is_at_the_knee(self) -> bool:
        """Whether the model has a jump so near that nothing can be judged."""
        return self.run.technique == "long-poll" and is_at_the_knee(self.run.theory.gap_ms)

    @property
    def model_ms(self) -> float | None:
        """The mean by the model, with the d and the G that were measured before this run; None at the knee."""
        return None if self.is_at_the_knee else self.run.theory.latency_mean_ms

    @property
    def verdict(self) -> str | None:
        """The verdict on the mean; None at the knee."""
        return verdict_ms(self.run.latency_ms.mean, self.model_ms, self.chance_ms)

    @property
    def walked_ms(self) -> float | None:
        """The mean by the model of long polling, walked through from message to message."""
        return mean_of_moments_ms(self.published_ms, self.run.theory.transit_ms, self.run.theory.gap_ms)


def is_at_the_knee(gap_ms: float) -> bool:
    """Return whether G and P are so near to each other that chance decides."""
    return abs(gap_ms - PERIOD_MS) < KNEE_SHARE * PERIOD_MS


def model_ms(technique: str, transit_ms: float, gap_ms: float, arrivals: str = "periodic") -> float:
    """Return the mean latency by the model."""
    return expect(
        technique,
        rate=RATE,
        arrivals=arrivals,
        poll_interval_s=PRESET.plan.poll_interval_s,
        transit_ms=transit_ms,
        gap_ms=gap_ms,
        spread_ms=0.0,
    ).mean_ms


def plan_at(plan: Plan, delay_ms: float, technique: str) -> Plan:
    """Return the settings of a run."""
    return replace(plan, delay_ms=delay_ms, duration_s=min(plan.duration_s, SECONDS.get(technique, plan.duration_s)))


def withhold_verdict(run: Run) -> None:
    """Take back the verdict on a run at the knee, and say why."""
    if run.technique == "long-poll" and is_at_the_knee(run.theory.gap_ms):
        run.theory = replace(run.theory, holds=None)
        run.warnings.append(
            f"The gap of {ms(run.theory.gap_ms)} ms is as long as the period of {plain(PERIOD_MS)} ms, where the model "
            "has a jump, so nothing is judged there."
        )


async def measure(session: Session) -> list[Section]:
    """Measure each technique at each delay, and long polling beside the knee."""
    session.results.sweep = {"delay_ms": sorted((*DELAYS_MS, *BESIDE_THE_KNEE_MS))}
    session.progress.begin("Measuring", len(CASES))
    points = []
    for delay_ms, technique in CASES:
        plan = plan_at(session.plan, delay_ms, technique)
        measured = await session.measure(plan, technique, point={"delay_ms": delay_ms})
        if measured is not None:
            withhold_verdict(measured.run)
            chance = None if technique == "long-poll" else chance_ms(measured.samples)
            points.append(Point(delay_ms, measured.run, published_ms(measured.samples), chance))
    session.results.beside = beside(points)
    return [section(points)] if points else []


# --- what is said of it ---


def beside(points: Sequence[Point]) -> list[Beside]:
    """Return the model's figures beside ours, technique by technique."""
    measured = {(point.delay_ms, point.run.technique): point for point in points}
    return [
        _beside(delay_ms, each, measured.get((delay_ms, each)))
        for technique in TECHNIQUES
        for delay_ms, each in CASES
        if each == technique
    ]


def _beside(delay_ms: float, technique: str, point: Point | None) -> Beside:
    what = f"{in_a_sentence(technique)}, {plain(delay_ms)} ms each way"
    ours = point.run.latency_ms.mean if point else None
    if point is None:
        nominal = (
            None if technique == "long-poll" and is_at_the_knee(2 * delay_ms) else _nominal_ms(technique, delay_ms)
        )
        return Beside(what, "ms", nominal, None, "Not measured; the model with c = 0.")
    if point.is_at_the_knee:
        return Beside(what, "ms", None, ours, _of_the_knee(point))
    reason = in_words(ours, point.model_ms, point.verdict)
    if technique == "short-poll":
        reason += f" Clients poll {plain(_between_polls_ms(point.run))} ms apart: \u00b1 half of that, by their phase."
    if technique == "long-poll" and point.run.theory.gap_ms > PERIOD_MS:
        reason += f" Walked through from reading to reading, the model says {ms(point.walked_ms)} ms."
    return Beside(what, "ms", point.model_ms, ours, reason)


def _between_polls_ms(run: Run) -> float:
    """Return how far apart the phases of clients are."""
    return PRESET.plan.poll_interval_s * 1_000 / run.clients


def _nominal_ms(technique: str, delay_ms: float) -> float:
    return model_ms(technique, delay_ms, 2 * delay_ms)


def _of_the_knee(point: Point) -> str:
    """Say where the model jumps, and what a millisecond more of the gap would do to the mean."""
    theory = point.run.theory
    low, high = theory.transit_ms, theory.transit_ms + theory.gap_ms / 2
    more_ms = mean_of_moments_ms(point.published_ms, theory.transit_ms, theory.gap_ms + 1)
    return (
        f"Not judged: G = {ms(theory.gap_ms)} ms, P = {plain(PERIOD_MS)} ms, where the model jumps from {ms(low)} to "
        f"{ms(high)} ms. Walked through from reading to reading, it says {ms(point.walked_ms)} ms, and with a gap one "
        f"millisecond longer {ms(more_ms)} ms."
    )


def section(points: Sequence[Point]) -> Section:
    """Return the section that draws the model and what was measured."""
    transit_ms = median(point.run.theory.transit_ms - point.delay_ms for point in points) or 0.0
    turn_ms = median(point.run.theory.gap_ms - 2 * point.delay_ms for point in points) or 0.0
    knee_ms = (PERIOD_MS - turn_ms) / 2
    text = (
        f"Readings come every {plain(PERIOD_MS)} ms, as a sensor sends them. As long as the gap of long polling, "
        "G = 2d + c, is shorter than that, the next request is back in time, and long polling is as fast as a stream. "
        "Once it is longer, something always waits: requests come every G, and readings take d + G / 2, twice as long "
        f"as by a stream. With c = {ms(turn_ms)} ms, measured on the idle server, the knee is at d = {ms(knee_ms)} ms. "
        "Just there each reading waits a little longer than the one before, and the mean depends on how long one "
        "looks; so nothing is judged there."
    )
    at_random = (
        "If readings came at random, at the same rate, there would be no knee: some of them would fall into the gap at "
        "any delay. The line without marks shows what the model says of that. Short polling waits half an interval of "
        f"{plain(PRESET.plan.poll_interval_s * 1_000)} ms at any delay, knee or not."
    )
    blocks: list[Block] = [
        Paragraph(text),
        Paragraph(at_random),
        _picture(points, transit_ms, turn_ms, knee_ms),
        _table(points),
    ]
    return Section("Where long polling leaves the line", blocks)


def _picture(points: Sequence[Point], transit_ms: float, turn_ms: float, knee_ms: float) -> Picture:
    last = max(DELAYS_MS) + 10
    delays = [last * number / _CURVE for number in range(_CURVE + 1)] + [knee_ms, knee_ms + 1e-6]

    def curve(technique: str, arrivals: str = "periodic") -> list[tuple[float, float]]:
        return [(at, model_ms(technique, at + transit_ms, 2 * at + turn_ms, arrivals)) for at in sorted(delays)]

    series = [dots for technique in TECHNIQUES if (dots := _dots(points, technique)).dots]
    told = "; ".join(f"{each.name} {', '.join(f'{plain(dot.x)}: {ms(dot.y)}' for dot in each.dots)}" for each in series)
    chart = LineChart(
        label=f"Mean latency in ms by delay in ms, one way. {told}.",
        x=Axis("delay of the network, one way, ms", low=0, high=last),
        y=Axis("mean latency, ms"),
        series=[
            *series,
            Series("long polling, if readings came at random", curve("long-poll", "poisson"), "long-poll"),
        ],
        theory=[Series(f"theory of {in_a_sentence(each)}", curve(each)) for each in ("short-poll", "long-poll", "sse")],
        marks=[Mark(knee_ms, "G = P")],
        height=400,
    )
    caption = (
        "Marks are measured means; dashed is the model: from above short polling, long polling, the two streams. Where "
        "long polling and SSE are as fast as WebSocket, its mark hides theirs."
    )
    return Picture(chart, "Mean latency over the delay", caption)


def _dots(points: Sequence[Point], technique: str) -> Series:
    name = name_of(technique)
    found = [
        (point.delay_ms, mean)
        for point in points
        if point.run.technique == technique and (mean := point.run.latency_ms.mean) is not None
    ]
    dots = [Dot(at, mean, f"{name}, {plain(at)} ms each way: {ms(mean)} ms") for at, mean in found]
    return Series(name, [], technique, dots)


def _table(points: Sequence[Point]) -> Table:
    head = ["", "d, ms", "G, ms", "mean, ms", "model, ms", "off by", "verdict", "longest, ms", "longest by model, ms"]
    rows: list[list[Cell] | str] = []
    accents: list[str | None] = []
    for delay_ms in sorted({point.delay_ms for point in points}):
        rows.append(f"{plain(delay_ms)} ms each way")
        accents.append(None)
        for point in points:
            if point.delay_ms == delay_ms:
                rows.append(_row(point))
                accents.append(point.run.technique)
    return Table("Delay by delay", head, rows, row_accents=accents)


def _row(point: Point) -> list[Cell]:
    run, theory = point.run, point.run.theory
    longest = expect(
        run.technique,
        rate=RATE,
        arrivals="periodic",
        poll_interval_s=PRESET.plan.poll_interval_s,
        transit_ms=theory.transit_ms,
        gap_ms=theory.gap_ms,
        spread_ms=theory.spread_ms,
    ).max_ms
    return [
        name_of(run.technique),
        ms(theory.transit_ms),
        ms(theory.gap_ms) if run.technique == "long-poll" else "",
        ms(run.latency_ms.mean),
        ms(point.model_ms),
        percent_off(run.latency_ms.mean, point.model_ms),
        "not judged" if point.is_at_the_knee else point.verdict,
        ms(run.latency_ms.max),
        None if point.is_at_the_knee else ms(longest),
    ]


PRESET = Preset(
    name="pimentel",
    about="Readings four times a second over growing delays: where long polling begins to lag behind WebSocket.",
    source=(
        "the model in benchmarks/models.py, with the d and G measured before each run. The question is that of "
        "V. Pimentel and B. G. Nickerson, Communicating and Displaying Real-Time Data with WebSocket (IEEE Internet "
        "Computing, 2012); their own figures could not be checked, so none of them is shown."
    ),
    plan=Plan(
        clients=20,
        rate=RATE,
        arrivals="periodic",
        duration_s=12.0,
        poll_interval_s=0.5,
        delay_ms=180.0,
        techniques=TECHNIQUES,
    ),
    measure=measure,
)
