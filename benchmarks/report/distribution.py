"""How latency is distributed: for each technique on a scale of its own, with theory over it; then all on one scale."""

from collections.abc import Sequence

from benchmarks.models import Expectation, expect
from benchmarks.report.blocks import Block, Paragraph, Picture, Pictures, Section
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.lines import Dot, LineChart, Mark, Point, Series
from benchmarks.report.groups import Group, in_a_sentence
from benchmarks.report.wording import listed, ms, number
from benchmarks.results import Run
from benchmarks.samples import Samples
from benchmarks.statistics import cdf_points, percentile

PERCENT = Axis("deliveries that arrived within, %", low=0, high=100, ticks=(0, 25, 50, 75, 100))
MARKED = (50.0, 90.0, 99.0)
"""Percentiles that have a mark, which tells its value to the pointer."""

TAIL = 99.5
"""Percent of the deliveries that are always on a technique's scale; how far the rest goes is said below."""

LONG_TAIL = 1.6
"""The whole is shown unless the longest latency is this many times that of the tail."""

FAR_FROM_ZERO = 0.5
"""A scale does not begin at 0 where the least latency is more than this part of the longest."""

LEAST_MS = 0.01
_CURVE = 240


def distribution(groups: Sequence[Group], samples: dict[int, Samples]) -> Section:
    """Return the section on latency."""
    sampled = [(group, found) for group in groups if (found := latencies(group, samples))]
    if not sampled:
        return Section("Latency", [Paragraph("Nothing arrived, so there are no latencies to show.")])
    blocks: list[Block] = [
        Paragraph(
            "Each curve shows how many of the deliveries had arrived after how many milliseconds; every technique has "
            "a scale of its own. Dashed is what the model of the technique expects; upright lines are measured means."
        ),
        Pictures([_of_one(group, found) for group, found in sampled]),
    ]
    missing = [in_a_sentence(group.technique) for group in groups if group not in [each for each, _ in sampled]]
    if missing:
        blocks.append(Paragraph(f"Of {listed(missing)} there are no latencies."))
    if len(sampled) > 1:
        blocks.append(_of_all(sampled))
    return Section("Latency", blocks)


def latencies(group: Group, samples: dict[int, Samples]) -> list[float]:
    """Return the sorted latencies of a group's first run, in milliseconds."""
    found = samples.get(group.indexes[0])
    return sorted(found.latencies_ms()) if found is not None else []


def expectation_of(group: Group) -> Expectation | None:
    """Return what the model expects of a group's first run; None where nothing was to be published."""
    plan, theory = group.settings, group.runs[0].theory
    if plan.rate <= 0 or theory.latency_mean_ms is None:
        return None
    return expect(
        group.technique,
        rate=plan.rate,
        arrivals=plan.arrivals,
        poll_interval_s=plan.poll_interval_s,
        transit_ms=theory.transit_ms,
        gap_ms=theory.gap_ms,
        spread_ms=theory.spread_ms,
    )


def verdict(run: Run) -> str:
    """Say what theory says, what was measured, and whether they agree."""
    theory, measured = run.theory, run.latency_ms.mean
    if theory.latency_mean_ms is None or theory.holds is None:
        return "nothing was measured" if measured is None else f"measured {ms(measured)} ms; theory says nothing of it"
    holds = "holds" if theory.holds else f"does not hold (tolerance {ms(theory.tolerance_ms)} ms)"
    return f"theory: {ms(theory.latency_mean_ms)} ms, measured {ms(measured)} ms: {holds}"


def _of_one(group: Group, values: Sequence[float]) -> Picture:
    run = group.runs[0]
    expectation = expectation_of(group)
    least, most = scale_of_one(values, expectation)
    theory = [_curve(expectation, least, most)] if expectation else []
    mean = run.latency_ms.mean
    marks = [Mark(mean, f"mean {ms(mean)}", group.technique)] if mean is not None else []
    chart = LineChart(
        label=f"{group.name}: share of deliveries that arrived within a latency. {verdict(run)}.",
        x=Axis("latency, ms", low=least, high=most),
        y=PERCENT,
        series=[_steps(group, values, least)],
        theory=theory,
        marks=[mark for mark in marks if mark.x <= most],
        with_legend=False,
        height=230,
    )
    caption = verdict(run)
    if len(group.runs) > 1:
        caption += f" (first of {len(group.runs)} runs)"
    if values[-1] > most:
        caption += f". Not on the scale: the slowest, up to {ms(values[-1])} ms"
    return Picture(chart, group.name, f"{caption[0].upper()}{caption[1:]}.", group.technique)


def scale_of_one(values: Sequence[float], expectation: Expectation | None) -> tuple[float, float]:
    """Return where the scale of one technique begins and ends, in milliseconds.

    It begins at 0, unless all that happens is far from there: 50 ms of delay would leave a stream a thin upright line.
    """
    tail = percentile(values, TAIL)
    least, most = values[0], values[-1] if values[-1] <= LONG_TAIL * tail else tail
    if expectation is not None:
        least = min(least, *(part.least_ms for part in expectation.parts))
        most = max(most, expectation.max_ms)
    most = max(most, LEAST_MS)
    margin = 0.05 * (most - least)
    return (least - margin if least > FAR_FROM_ZERO * most else 0.0), most + margin + LEAST_MS


def _steps(group: Group, values: Sequence[float], start: float) -> Series:
    curve = [(max(value, start), 100 * share) for value, share in cdf_points(values)]
    first = curve[0][0] if curve else start
    dots = [
        Dot(value, percent, f"{group.name}: {number(percent)} % within {ms(value)} ms")
        for percent in MARKED
        if (value := percentile(values, percent)) > start
    ]
    return Series(group.name, [(first, 0.0), *curve], group.technique, dots, steps=True)


def _curve(expectation: Expectation, least: float, most: float) -> Series:
    """Return theory's distribution, with points at its corners, so that a jump is drawn as one."""
    corners = [end for part in expectation.parts for end in (part.least_ms, part.most_ms)]
    places = [least + (most - least) * number / _CURVE for number in range(_CURVE + 1)]
    places += [corner + step for corner in corners for step in (-1e-6, 0.0)]
    points: list[Point] = [(place, 100 * expectation.cdf(place)) for place in sorted(places) if least <= place <= most]
    return Series(f"theory, mean {ms(expectation.mean_ms)} ms", points)


def _of_all(sampled: Sequence[tuple[Group, Sequence[float]]]) -> Picture:
    least = max(min(values[0] for _, values in sampled), LEAST_MS)
    parts = [f"{group.name} half within {ms(percentile(values, 50))} ms" for group, values in sampled]
    chart = LineChart(
        label=f"All techniques: share of deliveries that arrived within a latency. {', '.join(parts)}.",
        x=Axis("latency, ms, logarithmic", log=True),
        y=PERCENT,
        series=[_steps(group, values, least) for group, values in sampled],
        height=340,
    )
    return Picture(chart, "All on one scale", "Marks stand at 50, 90 and 99 % of the deliveries.")
