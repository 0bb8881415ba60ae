"""Which technique costs the fewest bytes at which rate, reckoned from the constants that were measured."""

from collections.abc import Sequence

from benchmarks.report.blocks import Block, Conclusions, Paragraph, Picture, Section, Table
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.lines import Dot, LineChart, Series
from benchmarks.report.costs import Constants, constants_of
from benchmarks.report.crossovers import crossovers, rate_in_words
from benchmarks.report.groups import Group, name_of
from benchmarks.report.wording import number, whole

FEWEST, MOST = 0.01, 100.0
"""Messages per second that the chart goes from and to."""

_CURVE = 60


def rates(groups: Sequence[Group]) -> Section | None:
    """Return the section on rates; None where nothing was measured that it could be reckoned from."""
    known = [found for group in groups if (found := constants_of(group)) is not None]
    if len(known) < 2:
        return None
    plan = groups[0].settings
    text = (
        f"Bytes that each client and the server exchange in a second, both ways, reckoned for other rates than that of this "
        f"run from the constants in the table: payload of {whole(known[0].payload)} bytes, a poll every "
        f"{number(plan.poll_interval_s)} s. Marks stand at the rate of this run."
    )
    blocks: list[Block] = [Paragraph(text), _picture(known, plan.rate)]
    sentences = crossovers(groups)
    if sentences:
        blocks.insert(0, Conclusions(sentences))
    blocks.append(_table(known))
    return Section("Rates", blocks)


def _picture(known: Sequence[Constants], rate: float) -> Picture:
    chart = LineChart(
        label=f"Bytes per client and second over messages per second, from {number(FEWEST)} to {number(MOST)}: "
        + ", ".join(f"{name_of(each.technique)} {_at_ends(each)}" for each in known)
        + ".",
        x=Axis("messages per second", log=True, low=FEWEST, high=MOST),
        y=Axis("bytes per client and second, logarithmic", log=True),
        series=[_series(each, rate) for each in known],
        height=360,
    )
    return Picture(chart, "Bytes at other rates")


def _at_ends(constants: Constants) -> str:
    return f"{number(constants.bytes_per_s(FEWEST))} to {number(constants.bytes_per_s(MOST))}"


def _series(constants: Constants, rate: float) -> Series:
    places = [FEWEST * (MOST / FEWEST) ** (number / _CURVE) for number in range(_CURVE + 1)]
    points = [(place, constants.bytes_per_s(place)) for place in places]
    name = name_of(constants.technique)
    dots = []
    if FEWEST <= rate <= MOST:
        here = constants.bytes_per_s(rate)
        dots.append(Dot(rate, here, f"{name}, {rate_in_words(rate)}: {number(here)} bytes per second"))
    return Series(name, points, constants.technique, dots)


def _table(known: Sequence[Constants]) -> Table:
    head = ["", "each request", "each message", "of it, payload", "opening, once", "heartbeats, per second"]
    rows = [
        [
            name_of(each.technique),
            whole(each.each_request) if each.each_request else "none",
            whole(each.each_message),
            whole(each.payload),
            whole(each.opening) if each.opening else "none",
            number(each.heartbeat_per_s) if each.heartbeat_per_s else "none in this run",
        ]
        for each in known
    ]
    for row, each in zip(rows, known, strict=True):
        if each.technique in ("short-poll", "long-poll"):
            row[-1] = "none"
    caption = "Constants that were measured: bytes both ways, for one client"
    return Table(caption, head, rows, row_accents=[each.technique for each in known])
