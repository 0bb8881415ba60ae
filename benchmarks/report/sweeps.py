"""A sweep: how the figures of each technique go with the value that was swept."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.report.blocks import Block, Conclusions, Paragraph, Picture, Pictures, Section
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.lines import Dot, LineChart, Series
from benchmarks.report.charts.scales import spans_widely
from benchmarks.report.figures import bytes_per_delivery, mean_ms
from benchmarks.report.groups import Get, Group, in_a_sentence, point_in_words, span_in_words, swept_name
from benchmarks.report.sentences import Sentence
from benchmarks.report.tables import sweep_table
from benchmarks.report.wording import measured, ms, whole
from benchmarks.results import Run

WIDE_RANGE = 30
"""Figures that differ by this factor are drawn on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A figure that is drawn over the swept value."""

    name: str
    unit: str
    get: Get


def _theory_ms(run: Run) -> float | None:
    return run.theory.latency_mean_ms


SHORT_NAMES = {
    "clients": "clients",
    "rate": "rate",
    "poll_interval_s": "poll interval",
    "delay_ms": "delay",
    "text_bytes": "length of text",
}
"""Of the swept options, in the table of contents."""

SHOWN = (
    _Shown("Mean latency", "ms", mean_ms),
    _Shown("Bytes for each delivered message", "bytes", bytes_per_delivery),
    _Shown("Server CPU for each delivered message", "µs", lambda run: run.server_cpu_us_per_delivery),
    _Shown("Server memory for each client", "KiB", lambda run: run.server_kib_per_client),
)


def sweeps(groups: Sequence[Group], sweep: dict[str, list[float]]) -> list[Section]:
    """Return a section for each option that was swept."""
    return [_section(groups, option) for option in sweep if len(_values(groups, option)) > 1]


def _section(groups: Sequence[Group], option: str) -> Section:
    along = _along(groups, option)
    title = f"Sweep: {SHORT_NAMES.get(option, option)}"
    text = "Marks are measured values, joined by lines; dashed is theory."
    if max(len(group.runs) for group in along) > 1:
        text += " Marks are medians of repeated runs; whiskers reach from the least to the most."
    fixed = tuple(pair for pair in along[0].point if pair[0] != option)
    if fixed:
        text += f" All at {point_in_words(fixed)}."
    pictures = [picture for shown in SHOWN if (picture := _picture(along, option, shown))]
    blocks: list[Block] = [Paragraph(text), Pictures(pictures, columns=2)]
    sentences = [*_courses(along, option), *overtakings(along, option)]
    if sentences:
        blocks.insert(0, Conclusions(sentences))
    blocks.append(sweep_table(along))
    return Section(title, blocks)


def _values(groups: Sequence[Group], option: str) -> list[float]:
    return sorted({dict(group.point)[option] for group in groups if option in dict(group.point)})


def _along(groups: Sequence[Group], option: str) -> list[Group]:
    """Return the groups on one line through the points: `option` varies, and all else is as in the first of them."""
    within = [group for group in groups if option in dict(group.point)]
    others = [(name, value) for name, value in within[0].point if name != option]
    found = [group for group in within if [pair for pair in group.point if pair[0] != option] == others]
    return sorted(found, key=lambda group: dict(group.point)[option])


def _techniques(groups: Sequence[Group]) -> list[str]:
    return list(dict.fromkeys(group.technique for group in groups))


def _measured(groups: Sequence[Group], option: str, technique: str, get: Get) -> list[tuple[float, float]]:
    """Return (swept value, median) for each group of a technique that has the figure."""
    found = [(dict(group.point)[option], group.median(get)) for group in groups if group.technique == technique]
    return [(value, figure) for value, figure in found if figure is not None]


def _picture(groups: Sequence[Group], option: str, shown: _Shown) -> Picture | None:
    series = [line for technique in _techniques(groups) if (line := _series(groups, option, technique, shown))]
    if not series:
        return None
    theory = []
    if shown.get is mean_ms:
        lines = [(name, _measured(groups, option, name, _theory_ms)) for name in _techniques(groups)]
        theory = [Series(f"theory of {in_a_sentence(name)}", points, name) for name, points in lines if points]
    figures = [y for line in [*series, *theory] for _, y in line.points]
    log = min(figures) > 0 and max(figures) >= WIDE_RANGE * min(figures)
    chart = LineChart(
        label=f"{shown.name} over {swept_name(option)}: {_told(series, shown)}.",
        x=_axis(_values(groups, option), option),
        y=Axis(f"{shown.unit}, logarithmic" if log else shown.unit, log=log),
        series=series,
        theory=theory,
        height=260,
    )
    return Picture(chart, shown.name)


def _axis(values: Sequence[float], option: str) -> Axis:
    """Return an axis that has the swept values as its ends and, where there is room, as its marks."""
    return Axis(swept_name(option), spans_widely(values), values[0], values[-1], tuple(values))


def _series(groups: Sequence[Group], option: str, technique: str, shown: _Shown) -> Series | None:
    points = _measured(groups, option, technique, shown.get)
    if not points:
        return None
    name = next(group.name for group in groups if group.technique == technique)
    dots = [Dot(x, y, f"{name}, {point_in_words(((option, x),))}: {measured(y)} {shown.unit}") for x, y in points]
    ranges = [
        (dict(group.point)[option], *ends)
        for group in groups
        if group.technique == technique and (ends := group.range(shown.get)) is not None
    ]
    return Series(name, points, technique, dots, ranges)


def _told(series: Sequence[Series], shown: _Shown) -> str:
    parts = [f"{line.name} from {measured(line.points[0][1])} to {measured(line.points[-1][1])}" for line in series]
    return f"{', '.join(parts)} {shown.unit}"


def _courses(groups: Sequence[Group], option: str) -> list[Sentence]:
    """Say of each figure from what to what it goes."""
    values = _values(groups, option)
    ends = f"From {span_in_words(option, values[0], values[-1])}"
    sentences = []
    for topic, what, get, write in (
        ("Latency", "mean latency in ms", mean_ms, ms),
        ("Bytes", "bytes for each delivered message", bytes_per_delivery, whole),
        ("Server", "server CPU for each delivered message in µs", SHOWN[2].get, measured),
    ):
        parts = []
        for technique in _techniques(groups):
            points = _measured(groups, option, technique, get)
            if len(points) > 1:
                parts.append(f"{in_a_sentence(technique)} {write(points[0][1])} to {write(points[-1][1])}")
        if parts:
            sentences.append(Sentence(topic, f"{ends}, {what}: {', '.join(parts)}."))
    return sentences


def overtakings(groups: Sequence[Group], option: str) -> list[Sentence]:
    """Say between which two swept values one technique begins to cost fewer bytes than another."""
    lines = {name: dict(_measured(groups, option, name, bytes_per_delivery)) for name in _techniques(groups)}
    names = list(lines)
    sentences = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            shared = sorted(lines[one].keys() & lines[other].keys())
            for before, after in pairwise(shared):
                first = lines[one][before] - lines[other][before]
                then = lines[one][after] - lines[other][after]
                if first * then < 0:
                    cheaper, dearer = (one, other) if then < 0 else (other, one)
                    sentences.append(_overtaking(before, after, option, cheaper, dearer))
    return sentences


def _overtaking(before: float, after: float, option: str, cheaper: str, dearer: str) -> Sentence:
    text = f"Between {span_in_words(option, before, after, 'and')} {in_a_sentence(cheaper)} begins to cost fewer bytes "
    return Sentence("Crossings", f"{text}than {in_a_sentence(dearer)}.")
