"""The frame of a chart with two axes: lines to read values by, their numbers, and what the axes show, with units."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.report.charts.marks import text, width_of
from benchmarks.report.charts.scales import Linear, Log, Scale, scale_for
from benchmarks.report.markup import Node, element
from benchmarks.report.wording import plain

BELOW = 42.0
"""Room below the plot for the numbers of the x axis and what it shows."""

ABOVE = 28.0
"""Room above the plot for what the y axis shows."""

_Y_STEPS = 5
_RIGHT = 14.0
_BETWEEN_LABELS = 14.0


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, such as "latency, ms", and how."""

    label: str
    log: bool = False
    low: float | None = None
    high: float | None = None
    ticks: tuple[float, ...] = ()  # where there is room for their numbers; else the scale chooses


@dataclass(frozen=True, slots=True)
class Plot:
    """The area within a frame, and how values get there."""

    x: Scale
    y: Scale
    frame: list[Node]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is."""
        return self.x(x), self.y(y)

    def inside(self, x: float) -> bool:
        """Say whether a value is on the x axis."""
        return self.x.low <= x <= self.x.high


def frame(
    axes: tuple[Axis, Axis], xs: Sequence[float], ys: Sequence[float], box: tuple[float, float, float, float]
) -> Plot:
    """Draw a frame in which all values have room.

    Args:
        axes: x and y.
        xs: values that the x axis must hold.
        ys: values that the y axis must hold.
        box: left, top, right and bottom of the whole, numbers and labels included.
    """
    left, top, right, bottom = box
    across, up = axes
    y = _scale(up, ys, bottom - BELOW, top + ABOVE, steps=_Y_STEPS)
    y_ticks = list(up.ticks) or y.ticks(_Y_STEPS + 1)
    edge = left + max(width_of(plain(tick)) for tick in [*y_ticks, 0]) + 12
    x = _scale(across, xs, edge, right - _RIGHT, steps=0)
    drawn: list[Node] = [text(up.label, left, top + 12, "axis")]
    drawn += _levels(y, y_ticks, edge, right - _RIGHT)
    drawn += _columns(x, _fitting(x, across.ticks), top + ABOVE, bottom - BELOW)
    drawn.append(text(across.label, (edge + right - _RIGHT) / 2, bottom - 6, "axis", "middle"))
    return Plot(x, y, drawn)


def _scale(axis: Axis, values: Sequence[float], start: float, end: float, steps: int) -> Scale:
    ends = [limit for limit in (axis.low, axis.high) if limit is not None]
    if len(ends) == 2:
        return (Log if axis.log else Linear)(ends[0], ends[1], start, end)
    return scale_for([*values, *ends], start, end, log=axis.log, steps=steps)


def _fitting(scale: Scale, wanted: Sequence[float]) -> list[float]:
    """Return the marks that are wanted, or as many as there is room for their numbers side by side."""
    for ticks in (list(wanted), *(scale.ticks(most) for most in (10, 8, 6, 5, 4, 3, 2))):
        if not ticks:
            continue
        places = [(scale(tick), width_of(plain(tick))) for tick in ticks]
        pairs = pairwise(places)
        if all(b - a >= (wide_a + wide_b) / 2 + _BETWEEN_LABELS for (a, wide_a), (b, wide_b) in pairs):
            return ticks
    return ticks[:1]


def _levels(y: Scale, ticks: Sequence[float], left: float, right: float) -> list[Node]:
    drawn: list[Node] = []
    for tick in ticks:
        place = y(tick)
        base = "axis-line" if place == y.start else "grid"
        drawn.append(element("line", x1=left, y1=place, x2=right, y2=place, class_=base))
        drawn.append(text(plain(tick), left - 9, place + 4.3, anchor="end"))
    return drawn


def _columns(x: Scale, ticks: Sequence[float], top: float, bottom: float) -> list[Node]:
    drawn: list[Node] = []
    if isinstance(x, Log):
        drawn += [element("line", x1=x(value), y1=top, x2=x(value), y2=bottom, class_="minor") for value in x.minor()]
    drawn.append(element("line", x1=x.start, y1=bottom, x2=x.end, y2=bottom, class_="axis-line"))
    for tick in ticks:
        place = x(tick)
        drawn.append(element("line", x1=place, y1=top, x2=place, y2=bottom, class_="grid"))
        drawn.append(element("line", x1=place, y1=bottom, x2=place, y2=bottom + 5, class_="axis-line"))
        drawn.append(text(plain(tick), place, bottom + 18, anchor="middle"))
    return drawn
