"""Long polling from a message every two seconds to fifty a second, against the formula for it.

RFC 6202 says of long polling that a message takes one transit where it finds a request pending, and over three where
it comes just as an answer has left: the answer's way, the next request's, and its own. For messages that come at random
there is a closed form between the two (benchmarks/models.py): d + (lambda G^2 / 2) / (lambda G + e^(-lambda G)), with
the gap G = 2d + c. It also says how many requests a message takes: fewer than one, for answers gather what came in the
gap.

Few clients are enough: all of them get the same messages and wait for them together, so that more would not tell more.
What a mean is worth depends on the number of messages, and that is why low rates take longer. At the lowest, one
message in twenty comes in a gap and makes all the difference, so that a minute of them may be off by chance alone. Two
things tell chance from a wrong formula: the standard error, and the model walked through the very moments at which the
messages came (moments.py). Each rate has a seed of its own, so that their chances are not one and the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from benchmarks.models import long_polling, long_polling_requests_per_message
from benchmarks.plan import Plan
from benchmarks.presets.moments import mean_of_moments_ms, published_ms
from benchmarks.presets.preset import Preset
from benchmarks.presets.verdict import chance_ms, in_words, percent_off, verdict, verdict_ms
from benchmarks.report import Axis, Dot, LineChart, Paragraph, Picture, Section, Series, Table
from benchmarks.report.blocks import Block, Cell
from benchmarks.report.wording import ms, number, plain, whole
from benchmarks.results import Beside, Run
from benchmarks.run import Measured
from benchmarks.session import Session
from benchmarks.statistics import median

RATES = (0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 50.0)
STREAM_RATES = (2.0, 20.0)
"""Where SSE is measured too, for comparison: its latency does not depend on the rate."""

MESSAGES = 80
"""Of so many, two standard errors of the mean are less than 10 % of it at any rate."""
LEAST_S = 6.0
DELAY_MS = 50.0

_CURVE = 80


@dataclass(frozen=True)
class Point:
    """Long polling at one rate.

    `error_ms` is two standard errors of the mean, with the messages as groups; `intended_ms` is when they came.
    """

    rate: float
    run: Run
    error_ms: float | None
    intended_ms: Sequence[float]

    @property
    def formula_ms(self) -> float:
        """The mean by the formula, with the d and the G that were measured before this run."""
        return mean_ms(self.rate, self.run.theory.transit_ms, self.run.theory.gap_ms)

    @property
    def at_these_moments_ms(self) -> float | None:
        """The mean by the model, for messages that come just when these did."""
        return mean_of_moments_ms(self.intended_ms, self.run.theory.transit_ms, self.run.theory.gap_ms)

    @property
    def most_ms(self) -> float:
        """3d + c, that is d + G."""
        return self.run.theory.transit_ms + self.run.theory.gap_ms

    @property
    def requests_by_formula(self) -> float:
        """Requests for each message, by the formula."""
        return long_polling_requests_per_message("poisson", self.rate, self.run.theory.gap_ms / 1_000)


def mean_ms(rate: float, transit_ms: float, gap_ms: float) -> float:
    """Return the mean latency of long polling by the formula."""
    return long_polling("poisson", rate, transit_ms, gap_ms).mean_ms


def seconds_at(rate: float, longest_s: float) -> float:
    """Return how long to publish: until there are enough messages, but no longer than `longest_s`."""
    return min(longest_s, max(LEAST_S, MESSAGES / rate))


def requests_per_message(run: Run) -> float | None:
    """Return the requests that were answered for each message, by one client.

    Of a client's requests the first asks where the feed is, and the last is still pending.
    """
    return (run.requests / run.clients - 2) / run.published if run.published else None


def point_of(rate: float, measured: Measured) -> Point:
    """Return what was measured at a rate; of the memory of a handful of clients nothing can be said."""
    measured.run.server_kib_per_client = None
    return Point(rate, measured.run, chance_ms(measured.samples), published_ms(measured.samples))


def plan_at(plan: Plan, rate: float) -> Plan:
    """Return the settings of the run at a rate; with one seed the moments of all would be the same, but for scale."""
    return replace(plan, rate=rate, duration_s=seconds_at(rate, plan.duration_s), seed=plan.seed + RATES.index(rate))


async def measure(session: Session) -> list[Section]:
    """Measure long polling at each rate, and SSE at two of them."""
    session.results.sweep = {"rate": list(RATES)}
    session.progress.begin("Measuring", len(RATES) + len(STREAM_RATES))
    points: list[Point] = []
    streams: list[tuple[float, Run]] = []
    for rate in RATES:
        polled = await session.measure(plan_at(session.plan, rate), "long-poll", point={"rate": rate})
        if polled is not None:
            points.append(point_of(rate, polled))
        if rate not in STREAM_RATES:
            continue
        plan = plan_at(session.plan, rate)
        brief = replace(plan, duration_s=min(LEAST_S, plan.duration_s))
        streamed = await session.measure(brief, "sse", point={"rate": rate})
        if streamed is not None:
            streamed.run.server_kib_per_client = None
            streams.append((rate, streamed.run))
    session.results.beside = beside(points)
    return [section(points, streams, session.plan.duration_s)] if points else []


# --- what is said of it ---


def beside(points: Sequence[Point]) -> list[Beside]:
    """Return the formula's figures beside ours: the mean at each rate, requests for each message, and the longest."""
    measured = {point.rate: point for point in points}
    rows = [_mean_beside(rate, measured.get(rate)) for rate in RATES]
    rows += [_requests_beside(rate, measured.get(rate)) for rate in (RATES[0], RATES[-1])]
    return [*rows, _longest_beside(points)]


def _mean_beside(rate: float, point: Point | None) -> Beside:
    nominal = mean_ms(rate, DELAY_MS, 2 * DELAY_MS)
    ours = point.run.latency_ms.mean if point else None
    formula = point.formula_ms if point else nominal
    chance = point.error_ms if point else None
    said = in_words(ours, formula, verdict_ms(ours, formula, chance))
    reason = f"{said} With d = {plain(DELAY_MS)} ms and c = 0 it is {number(nominal)} ms."
    if point and chance is not None:
        reason += (
            f" Chance: \u00b1 {ms(chance)} ms, of {whole(point.run.published)} messages; for messages that come just "
            f"when these did, the model says {ms(point.at_these_moments_ms)} ms."
        )
    return Beside(f"mean latency at {plain(rate)} messages per second", "ms", formula, ours, reason)


def _requests_beside(rate: float, point: Point | None) -> Beside:
    nominal = long_polling_requests_per_message("poisson", rate, 2 * DELAY_MS / 1_000)
    ours = requests_per_message(point.run) if point else None
    formula = point.requests_by_formula if point else nominal
    said = in_words(ours, formula, verdict(ours, formula))
    reason = f"{said} 1 / (\u03bbG + e^(-\u03bbG)): an answer carries all that came in the gap."
    return Beside(f"requests for each message, at {plain(rate)} per second", "requests", formula, ours, reason)


def _longest_beside(points: Sequence[Point]) -> Beside:
    """Compare the longest latency of all runs with 3d + c of the run it is from."""
    found = [point for point in points if point.run.latency_ms.max is not None]
    point = max(found, key=lambda each: each.run.latency_ms.max or 0.0, default=None)
    longest = point.run.latency_ms.max if point else None
    most = point.most_ms if point else 3 * DELAY_MS
    said = in_words(longest, most, verdict_ms(longest, most))
    reason = f"3d + c, for a message that comes just as an answer has left. {said}"
    if point:
        reason += f" At {plain(point.rate)} messages per second; a timer adds up to a millisecond to each way."
    return Beside("longest latency of all", "ms", most, longest, reason)


def section(points: Sequence[Point], streams: Sequence[tuple[float, Run]], longest_s: float) -> Section:
    """Return the section that draws the formula and what was measured, at each rate for `longest_s` at most."""
    transit_ms = median(point.run.theory.transit_ms for point in points) or DELAY_MS
    gap_ms = median(point.run.theory.gap_ms for point in points) or 2 * DELAY_MS
    text = (
        f"Messages come at random (Poisson) over a network of {plain(DELAY_MS)} ms each way. Where they are rare, most "
        "of them find a request pending and take one transit, d, as with a stream. The more there are, the more "
        "come in the gap G between an answer and the next request, and wait there. Where there are many to each gap, "
        "requests come every G and all messages wait: d + G / 2 in the mean, and d + G = 3d + c at most. Measured "
        f"before the runs, on the idle server: d = {ms(transit_ms)} ms, G = {ms(gap_ms)} ms (medians)."
    )
    span = f"{number(LEAST_S)} to {number(longest_s)}" if longest_s > LEAST_S else number(longest_s)
    seconds = (
        f"Each rate was measured for {span} s, which is about "
        f"{MESSAGES} messages or more where that does not take too long, and with a seed of its own. \u201cAt these "
        "moments\u201d is the model walked through the very moments at which the messages came: what it is off from "
        "the formula is chance; what the measured mean is off from it is not."
    )
    blocks: list[Block] = [
        Paragraph(text),
        Paragraph(seconds),
        _latency_picture(points, streams, transit_ms, gap_ms),
        _requests_picture(points, gap_ms),
        _table(points),
    ]
    return Section("Long polling and its formula", blocks)


def _table(points: Sequence[Point]) -> Table:
    head = [
        "messages per second",
        "messages",
        "mean, ms",
        "formula, ms",
        "off by",
        "verdict",
        "at these moments, ms",
        "longest, ms",
        "3d + c, ms",
        "requests per message",
        "by formula",
    ]
    return Table("Long polling at each rate; \u00b1 two standard errors", head, [_row(point) for point in points])


def _row(point: Point) -> list[Cell]:
    mean = point.run.latency_ms.mean
    error = f" \u00b1 {ms(point.error_ms)}" if point.error_ms is not None else ""
    return [
        plain(point.rate),
        whole(point.run.published),
        None if mean is None else f"{ms(mean)}{error}",
        ms(point.formula_ms),
        percent_off(mean, point.formula_ms),
        verdict_ms(mean, point.formula_ms, point.error_ms),
        ms(point.at_these_moments_ms),
        ms(point.run.latency_ms.max),
        ms(point.most_ms),
        number(requests_per_message(point.run)),
        number(point.requests_by_formula),
    ]


def _rates() -> list[float]:
    """Return places for a curve, at equal factors."""
    low, high = RATES[0], RATES[-1]
    return [low * (high / low) ** (number / _CURVE) for number in range(_CURVE + 1)]


def _latency_picture(
    points: Sequence[Point], streams: Sequence[tuple[float, Run]], transit_ms: float, gap_ms: float
) -> Picture:
    means = [(point, mean) for point in points if (mean := point.run.latency_ms.mean) is not None]
    dots = [
        Dot(point.rate, mean, f"Long polling, {plain(point.rate)} messages per second: {ms(mean)} ms")
        for point, mean in means
    ]
    chance = [
        (point.rate, mean - point.error_ms, mean + point.error_ms)
        for point, mean in means
        if point.error_ms is not None
    ]
    measured = [(rate, mean) for rate, run in streams if (mean := run.latency_ms.mean) is not None]
    stream_dots = [Dot(rate, mean, f"SSE, {plain(rate)} messages per second: {ms(mean)} ms") for rate, mean in measured]
    formula = [(rate, mean_ms(rate, transit_ms, gap_ms)) for rate in _rates()]
    told = ", ".join(f"{plain(point.rate)}: {ms(mean)}" for point, mean in means)
    chart = LineChart(
        label=f"Mean latency of long polling in ms by messages per second. {told}. "
        f"By the formula from {ms(formula[0][1])} to {ms(formula[-1][1])}; a stream {ms(transit_ms)} throughout.",
        x=Axis("messages per second, logarithmic", log=True, low=RATES[0], high=RATES[-1], ticks=RATES),
        y=Axis("mean latency, ms"),
        series=[
            Series("Long polling", [], "long-poll", dots, chance),
            *([Series("SSE", [], "sse", stream_dots)] if stream_dots else []),
        ],
        theory=[
            Series("the formula of long polling", formula),
            Series("d, of a stream", [(RATES[0], transit_ms), (RATES[-1], transit_ms)]),
        ],
        height=340,
    )
    caption = (
        "Marks are measured means, whiskers two standard errors. Dashed, above: the formula; below: d, of a stream."
    )
    return Picture(chart, "Mean latency", caption)


def _requests_picture(points: Sequence[Point], gap_ms: float) -> Picture:
    found = [(point.rate, share) for point in points if (share := requests_per_message(point.run)) is not None]
    dots = [Dot(rate, share, f"{plain(rate)} messages per second: {number(share)} requests") for rate, share in found]
    curve = [(rate, long_polling_requests_per_message("poisson", rate, gap_ms / 1_000)) for rate in _rates()]
    chart = LineChart(
        label="Requests for each message by messages per second: "
        + ", ".join(f"{plain(rate)}: {number(share)}" for rate, share in found)
        + ".",
        x=Axis("messages per second, logarithmic", log=True, low=RATES[0], high=RATES[-1], ticks=RATES),
        y=Axis("requests for each message"),
        series=[Series("Long polling", [], "long-poll", dots)],
        theory=[Series("1 / (\u03bbG + e^(-\u03bbG))", curve)],
        theory_name="1 / (\u03bbG + e^(-\u03bbG))",
        height=260,
    )
    caption = "Below 1 long polling needs fewer requests than there are messages; it pays with the wait above."
    return Picture(chart, "Requests for each message, of one client", caption)


PRESET = Preset(
    name="rfc6202",
    about="How the latency of long polling grows with the rate of messages, 50 ms each way, and what a formula says.",
    source=(
        "RFC 6202 (2011), section 2.2, says one transit in the mean and over three at most; the formula for messages "
        "that come at random is d + (\u03bbG\u00b2 / 2) / (\u03bbG + e^(-\u03bbG)), derived in benchmarks/models.py. "
        "Published is what it says with the d and G measured before each run."
    ),
    plan=Plan(
        clients=5,
        rate=2.0,
        arrivals="poisson",
        duration_s=50.0,
        delay_ms=DELAY_MS,
        techniques=("long-poll", "sse"),
    ),
    measure=measure,
)
