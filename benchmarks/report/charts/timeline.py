"""A timeline: when messages were published, and below it, in a lane for each technique, when they arrived at whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report.charts.bars import NARROW
from benchmarks.report.charts.marks import drawing, text, title, width_of
from benchmarks.report.charts.scales import Linear
from benchmarks.report.markup import Element, Node, element
from benchmarks.report.wording import number, plain

ROW = 4.2
"""From one client's line to the next's."""

BETWEEN_LANES = 14.0
NAME_LINE = 20.0
BELOW = 42.0
PUBLISHED_HEIGHT = 16.0

_DOT = 1.9
_ROOM_FOR_NAMES = 118.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The arrivals of one message: when it was published, and at (second, row) it arrived."""

    message: int
    published_s: float
    points: Sequence[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: `rows` clients, one above the other."""

    name: str
    accent: str | None
    rows: int
    arrivals: Sequence[Arrivals]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn: seconds from 0 to `until_s`. `label` says what it shows to who does not see it."""

    label: str
    until_s: float
    published_s: Sequence[float]
    lanes: Sequence[Lane]


def draw(chart: Timeline, width: float) -> Element:
    """Draw a timeline `width` units wide."""
    narrow = width < NARROW
    left = 6.0 if narrow else _ROOM_FOR_NAMES
    scale = Linear(0, chart.until_s, left, width - 14)
    drawn, y = _published(chart, scale, narrow)
    for lane in chart.lanes:
        parts, y = _lane(lane, y, scale, narrow)
        drawn += parts
    bottom = y - BETWEEN_LANES + 8
    return drawing(chart.label, width, bottom + BELOW, [*_axis(chart, scale, bottom, narrow), *drawn])


def _published(chart: Timeline, scale: Linear, narrow: bool) -> tuple[list[Node], float]:
    y = NAME_LINE if narrow else 0.0
    drawn: list[Node] = [text("published", 0, 13, "name")]
    for at in chart.published_s:
        x = scale(at)
        if scale.low <= at <= scale.high:
            words = title(f"published at {number(at)} s")
            drawn.append(element("path", words, d=f"M{x:.1f} {y + 1:.1f}v{PUBLISHED_HEIGHT:.0f}", class_="published"))
    return drawn, y + PUBLISHED_HEIGHT + BETWEEN_LANES


def _lane(lane: Lane, y: float, scale: Linear, narrow: bool) -> tuple[list[Node], float]:
    height = ROW * max(lane.rows, 1)
    if narrow:
        drawn: list[Node] = [text(lane.name, 0, y + 13, "name")]
        y += NAME_LINE
    else:
        drawn = [text(lane.name, 0, y + height / 2 + 4, "name")]
    drawn.append(element("rect", x=scale.start, y=y, width=scale.end - scale.start, height=height, class_="lane"))
    for each in lane.arrivals:
        dots = [(scale(at), y + (row + 0.5) * ROW) for at, row in each.points if scale.low <= at <= scale.high]
        if dots:
            words = title(_words(lane, each))
            drawn.append(element("path", words, d=_dots(dots), class_="dots", data_technique=lane.accent))
    return drawn, y + height + BETWEEN_LANES


def _words(lane: Lane, arrivals: Arrivals) -> str:
    times = [at for at, _ in arrivals.points]
    return (
        f"{lane.name}: message {arrivals.message + 1}, published at {number(arrivals.published_s)} s, "
        f"arrived {number(min(times))} to {number(max(times))} s"
    )


def _dots(places: Sequence[tuple[float, float]]) -> str:
    """Return one path with a small disc at each place."""
    r = _DOT
    return "".join(f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z" for x, y in places)


def _axis(chart: Timeline, scale: Linear, bottom: float, narrow: bool) -> list[Node]:
    drawn: list[Node] = []
    top = NAME_LINE if narrow else 0.0
    for at in chart.published_s:
        if scale.low <= at <= scale.high:
            line = {"x1": scale(at), "y1": top + PUBLISHED_HEIGHT, "x2": scale(at), "y2": bottom}
            drawn.append(element("line", class_="since", **line))
    drawn.append(element("line", x1=scale.start, y1=bottom, x2=scale.end, y2=bottom, class_="axis-line"))
    for tick in _ticks(scale):
        x = scale(tick)
        drawn.append(element("line", x1=x, y1=bottom, x2=x, y2=bottom + 5, class_="axis-line"))
        drawn.append(text(plain(tick), x, bottom + 18, anchor="middle"))
    drawn.append(text("seconds since publishing began", (scale.start + scale.end) / 2, bottom + 36, "axis", "middle"))
    return drawn


def _ticks(scale: Linear) -> list[float]:
    for most in (10, 8, 5, 4, 2):
        ticks = scale.ticks(most)
        if len(ticks) < 2 or scale(ticks[1]) - scale(ticks[0]) >= width_of(plain(ticks[1])) + 14:
            break
    return ticks
