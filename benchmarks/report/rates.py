"""Which technique costs the fewest bytes at which rate, reckoned from the constants that were measured."""

from collections.abc import Sequence

from benchmarks.report.blocks import Block, Paragraph, Picture, Section, Table
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.lines import Dot, LineChart, Mark, Series
from benchmarks.report.costs import POLLS, Constants, crossings, measured_constants
from benchmarks.report.crossovers import constants_in_words, rate_in_words
from benchmarks.report.groups import Group, name_of
from benchmarks.report.wording import number, whole

FEWEST, MOST = 0.01, 100.0
"""Messages per second that the chart goes from and to."""

LEAST_BYTES = 0.01
"""Per second: the chart goes no lower."""

_CURVE = 60


def rates(groups: Sequence[Group]) -> Section | None:
    """Return the section on rates; None where nothing was measured that it could be reckoned from."""
    known = measured_constants(groups)
    if len(known) < 2:
        return None
    plan = groups[0].settings
    text = (
        "What each client and the server exchange in a second besides the messages themselves, both ways, reckoned "
        f"for other rates from the constants in the table, with a poll every {number(plan.poll_interval_s)} s. "
        "The opening of a connection is left out, for it is paid once."
    )
    formula = constants_in_words(groups)
    blocks: list[Block] = [Paragraph(f"{text} {formula}".strip()), _picture(known, plan.rate), _table(known)]
    return Section("At other rates", blocks)


def _picture(known: Sequence[Constants], rate: float) -> Picture:
    payload = min(each.payload for each in known)
    crossed = _crossings(known)
    chart = LineChart(
        label=f"Bytes per client and second besides payload, from {rate_in_words(FEWEST)} to {rate_in_words(MOST)}: "
        + ", ".join(f"{name_of(each.technique)} {_at_ends(each, payload)}" for each in known)
        + ".",
        x=Axis("messages per second, logarithmic", log=True, low=FEWEST, high=MOST),
        y=Axis("overhead: bytes per client and second, logarithmic", log=True),
        series=[_series(each, payload, crossed) for each in known],
        marks=[Mark(rate, "this run")] if FEWEST <= rate <= MOST else [],
        height=360,
    )
    caption = "Marks stand where the line of short polling is crossed." if crossed else ""
    return Picture(chart, "Overhead at other rates", caption)


def _crossings(known: Sequence[Constants]) -> list[tuple[str, float]]:
    """Return (technique, rate) for each crossing with short polling."""
    polling = next((each for each in known if each.technique == "short-poll"), None)
    if polling is None:
        return []
    others = [each for each in known if each is not polling]
    return [(other.technique, each.rate) for other in others for each in crossings(polling, other)]


def _at_ends(constants: Constants, payload: float) -> str:
    return f"{number(_overhead(constants, FEWEST, payload))} to {number(_overhead(constants, MOST, payload))}"


def _overhead(constants: Constants, rate: float, payload: float) -> float:
    return constants.bytes_per_s(rate) - rate * payload


def _series(constants: Constants, payload: float, crossed: Sequence[tuple[str, float]]) -> Series:
    places = [FEWEST * (MOST / FEWEST) ** (number / _CURVE) for number in range(_CURVE + 1)]
    curve = [(place, _overhead(constants, place, payload)) for place in places]
    points = [(place, overhead) for place, overhead in curve if overhead >= LEAST_BYTES]
    name = name_of(constants.technique)
    dots = [
        Dot(rate, _overhead(constants, rate, payload), f"{name} crosses short polling at {rate_in_words(rate)}")
        for technique, rate in crossed
        if technique == constants.technique
    ]
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
            _heartbeats(each),
        ]
        for each in known
    ]
    caption = "Constants that were measured: bytes both ways, for one client"
    return Table(caption, head, rows, row_accents=[each.technique for each in known])


def _heartbeats(constants: Constants) -> str:
    if constants.technique in POLLS:
        return "none"
    return number(constants.heartbeat_per_s) if constants.heartbeat_per_s else "none in this run"
