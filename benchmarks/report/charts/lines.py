"""Line charts: measured series with marks that tell their values, and theory dashed over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.report.charts.axes import Axis, Plot, frame
from benchmarks.report.charts.marks import Key, drawing, legend, marker, path_through, text, title, width_of
from benchmarks.report.markup import Element, Node, element
from benchmarks.report.wording import number

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with a mark, which tells `words` to the pointer."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    """Points to draw a line through. `accent` is the technique whose colour and shape they have."""

    name: str
    points: Sequence[Point]
    accent: str | None = None
    dots: Sequence[Dot] = ()
    ranges: Sequence[tuple[float, float, float]] = ()  # x, least, most: whiskers
    steps: bool = False  # the value holds until the next point


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the plot at an x, with words at its top."""

    x: float
    words: str
    accent: str | None = None  # None: dashed, in the colour of text


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart of one or more series. `label` says what it shows to who does not see it."""

    label: str
    x: Axis
    y: Axis
    series: Sequence[Series]
    theory: Sequence[Series] = ()
    marks: Sequence[Mark] = ()
    theory_name: str = "theory"
    with_legend: bool = True
    height: float = 300.0


def series_with_dots(name: str, points: Sequence[Point], accent: str | None, x: str, y: str) -> Series:
    """Return a series with a mark at each point, which tells both values with their units `x` and `y`."""
    dots = [Dot(at, value, f"{name}, {number(at)} {x}: {number(value)} {y}") for at, value in points]
    return Series(name, points, accent, dots)


def draw(chart: LineChart, width: float) -> Element:
    """Draw a chart `width` units wide."""
    keys, above = legend(_keys(chart), 0, 0, width) if chart.with_legend else ([], 0.0)
    height = chart.height + above
    everything = [*chart.series, *chart.theory]
    xs = [x for each in everything for x in _widths(each)] + [mark.x for mark in chart.marks]
    ys = [y for each in everything for y in _heights(each)]
    plot = frame((chart.x, chart.y), xs, ys, (0, above, width, height))
    parts: list[Node] = [*keys, *plot.frame]
    for each in chart.series:
        parts += _whiskers(each, plot)
        parts += _line(each, plot, "line")
    for each in chart.theory:
        parts += _line(each, plot, "theory")
    for each in chart.series:
        parts += [marker(each.accent, *plot.at(dot.x, dot.y), dot.words) for dot in each.dots if plot.inside(dot.x)]
    parts += _marks(chart.marks, plot)
    return drawing(chart.label, width, height, parts)


def _keys(chart: LineChart) -> list[Key]:
    keys = [Key(each.name, each.accent, _kind(each)) for each in chart.series]
    return keys + ([Key(chart.theory_name, kind="dashed")] if chart.theory else [])


def _kind(series: Series) -> str:
    """Return how a series stands in the legend: as it is drawn."""
    if len(series.points) < 2:
        return "mark"
    return "line" if series.dots else "curve"


def _widths(series: Series) -> Iterable[float]:
    yield from (x for x, _ in series.points)
    yield from (dot.x for dot in series.dots)


def _heights(series: Series) -> Iterable[float]:
    yield from (y for _, y in series.points)
    yield from (dot.y for dot in series.dots)
    for _, least, most in series.ranges:
        yield from (least, most)


def _line(series: Series, plot: Plot, class_: str) -> list[Node]:
    points = _on_the_axis(series, plot)
    if len(points) < 2:
        return []
    name = title(series.name)
    return [element("path", name, d=path_through(points), class_=class_, data_technique=series.accent)]


def _on_the_axis(series: Series, plot: Plot) -> list[Point]:
    """Return the places of the points that are on the x axis, and of the corners of a line of steps."""
    points = [point for point in series.points if plot.inside(point[0])]
    if series.steps and points:
        corners = [points[0]]
        for (_, before), (x, y) in pairwise(points):
            corners += [(x, before), (x, y)]
        points = corners
    return [plot.at(x, y) for x, y in points]


def _whiskers(series: Series, plot: Plot) -> list[Node]:
    drawn: list[Node] = []
    for x, least, most in series.ranges:
        (place, low), (_, high) = plot.at(x, least), plot.at(x, most)
        path = f"M{place:.1f} {low:.1f}V{high:.1f}M{place - 4:.1f} {low:.1f}h8M{place - 4:.1f} {high:.1f}h8"
        words = title(f"{series.name}: {number(least)} to {number(most)}")
        drawn.append(element("path", words, d=path, class_="whisker", data_technique=series.accent))
    return drawn


def _marks(marks: Sequence[Mark], plot: Plot) -> list[Node]:
    """Draw lines across, with words low on the right or high on the left: where a rising curve is not."""
    drawn: list[Node] = []
    for level, mark in enumerate(marks):
        x = plot.x(mark.x)
        class_ = "mark" if mark.accent else "theory"
        ends = {"x1": x, "y1": plot.y.start, "x2": x, "y2": plot.y.end}
        drawn.append(element("line", title(mark.words), class_=class_, data_technique=mark.accent, **ends))
        right = x + 6 + width_of(mark.words) < plot.x.end
        baseline = plot.y.start - 8 - 16 * level if right else plot.y.end + 14 + 16 * level
        drawn.append(text(mark.words, x + (6 if right else -6), baseline, "note", "start" if right else "end"))
    return drawn
