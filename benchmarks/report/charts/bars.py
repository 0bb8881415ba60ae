"""Stacked horizontal bars, all on one scale, so that lengths may be compared from technique to technique."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.marks import Key, drawing, legend, text, title, width_of
from benchmarks.report.charts.scales import Linear, step_for
from benchmarks.report.markup import Element, Node, element
from benchmarks.report.wording import plain

BAR = 17.0
BETWEEN_BARS = 5.0
BETWEEN_GROUPS = 15.0
NAME_LINE = 19.0
BELOW = 40.0
NARROW = 560.0
"""A drawing less wide than this has the groups' names above their bars, not beside them."""

_STEPS = 6
_ROOM_FOR_NAMES = 112.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its length, the class of its fill, and what it tells to the pointer."""

    value: float
    fill: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its parts from left to right, and the words behind its end."""

    name: str
    parts: Sequence[Part]
    words: str

    @property
    def length(self) -> float:
        """The sum of the parts."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together. `accent` is the technique."""

    name: str
    bars: Sequence[Bar]
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Groups of bars. `label` says what the chart shows to who does not see it; `keys` explain the fills."""

    label: str
    x: Axis
    groups: Sequence[Group]
    keys: Sequence[Key] = ()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the bars begin, and how long a unit is."""

    left: float
    right: float
    scale: Linear


def draw(chart: BarChart, width: float) -> Element:
    """Draw a chart `width` units wide."""
    narrow = width < NARROW
    keys, top = legend(chart.keys, 0, 0, width)
    top += 8
    columns = _columns(chart, width, narrow)
    drawn: list[Node] = []
    y = top
    for group in chart.groups:
        parts, y = _group(group, y, columns, narrow)
        drawn += parts
    bottom = y - BETWEEN_GROUPS + 6
    return drawing(chart.label, width, bottom + BELOW, [*keys, *_axis(chart.x, columns, top, bottom), *drawn])


def _columns(chart: BarChart, width: float, narrow: bool) -> _Columns:
    bars = [bar for group in chart.groups for bar in group.bars]
    names = max((width_of(bar.name) for bar in bars), default=0) + 10
    left = names if narrow else _ROOM_FOR_NAMES + names
    longest = max((bar.length for bar in bars), default=0) or 1.0
    right = width - 12
    for bar in bars:  # the scale ends where the words behind every bar have room
        share = bar.length / longest
        if share > 0:
            right = min(right, left + (width - 6 - width_of(bar.words) - left) / share)
    right = max(right, left + 40)
    return _Columns(left, right, Linear(0, longest, left, right))


def _group(group: Group, y: float, columns: _Columns, narrow: bool) -> tuple[list[Node], float]:
    drawn: list[Node] = []
    if narrow:
        drawn.append(text(group.name, 0, y + 13, "name"))
        y += NAME_LINE
    else:
        drawn.append(text(group.name, 0, y + BAR - 4, "name"))
    for bar in group.bars:
        drawn.append(text(bar.name, columns.left - 8, y + BAR - 4, "tick", "end"))
        drawn += _bar(bar, group.accent, y, columns)
        y += BAR + BETWEEN_BARS
    return drawn, y - BETWEEN_BARS + BETWEEN_GROUPS


def _bar(bar: Bar, accent: str | None, y: float, columns: _Columns) -> list[Node]:
    drawn: list[Node] = []
    done = 0.0
    for part in bar.parts:
        start, end = columns.scale(done), columns.scale(done + part.value)
        done += part.value
        if end > start:
            shape = {"x": start, "y": y, "width": end - start, "height": BAR}
            drawn.append(element("rect", title(part.words), class_=part.fill, data_technique=accent, **shape))
    drawn.append(text(bar.words, columns.scale(done) + 6, y + BAR - 4, "value"))
    return drawn


def _axis(axis: Axis, columns: _Columns, top: float, bottom: float) -> list[Node]:
    drawn: list[Node] = []
    scale = columns.scale
    for tick in scale.ticks(_most_steps(columns)):
        x = scale(tick)
        drawn.append(element("line", x1=x, y1=top - 6, x2=x, y2=bottom, class_="axis-line" if tick == 0 else "grid"))
        drawn.append(text(plain(tick), x, bottom + 17, anchor="middle"))
    drawn.append(text(axis.label, columns.left, bottom + 35, "axis"))
    return drawn


def _most_steps(columns: _Columns) -> int:
    """Return how many steps leave room for the numbers."""
    span = columns.scale.high
    for most in range(_STEPS, 1, -1):
        step = step_for(span, most)
        if columns.scale(step) - columns.left >= width_of(plain(columns.scale.ticks(most)[-1])) + 14:
            return most
    return 1
