"""Line charts: points where they belong, whiskers, marks, legends, and numbers that do not touch."""

import re
from itertools import pairwise

import pytest

from benchmarks.plan import TECHNIQUES
from benchmarks.report.charts.axes import ABOVE, BELOW, Axis, frame
from benchmarks.report.charts.lines import Dot, LineChart, Mark, Series, draw, series_with_dots
from benchmarks.report.charts.marks import width_of
from benchmarks.report.markup import Element
from tests.unit.benchmarks.report.reading import attributes, drawn_texts, number, of_class, titles

X, Y = Axis("rate", low=0, high=10), Axis("ms", low=0, high=100)


def path(element: Element) -> list[tuple[float, float]]:
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", attributes(element)["d"])
    return [(float(x), float(y)) for x, y in pairs]


def test_the_ends_of_the_axes_are_the_ends_of_the_plot() -> None:
    plot = frame((X, Y), [], [], (0, 0, 400, 300))
    assert plot.at(10, 100) == (386, ABOVE)
    assert plot.at(10, 0)[1] == 300 - BELOW


def test_a_line_goes_through_its_points() -> None:
    drawn = draw(LineChart("", X, Y, [Series("a", [(0, 0), (5, 50), (10, 100)])], with_legend=False, height=300), 400)
    (line,) = of_class(drawn, "line")
    (x0, y0), (x1, y1), (x2, y2) = path(line)
    assert (x1, y1) == pytest.approx(((x0 + x2) / 2, (y0 + y2) / 2), abs=0.1)
    assert (x2, y2) == (386, ABOVE)


def test_a_line_of_steps_holds_its_value_until_the_next_point() -> None:
    chart = LineChart("", X, Y, [Series("a", [(0, 0), (5, 50), (10, 100)], steps=True)], with_legend=False)
    points = path(of_class(draw(chart, 400), "line")[0])
    assert len(points) == 5
    assert points[0][1] == points[1][1]
    assert points[1][0] == points[2][0]


def test_points_beyond_the_axis_are_left_out() -> None:
    chart = LineChart("", X, Y, [Series("a", [(0, 0), (5, 50), (11, 100)])], with_legend=False)
    assert len(path(of_class(draw(chart, 400), "line")[0])) == 2


def test_theory_is_drawn_over_the_measured_and_explained() -> None:
    chart = LineChart("", X, Y, [Series("a", [(0, 0), (9, 9)], "sse")], theory=[Series("t", [(0, 0), (9, 8)])])
    drawn = draw(chart, 400)
    assert len(of_class(drawn, "theory")) == 2  # its line, and its key
    assert "theory" in drawn_texts(drawn)


def test_whiskers_reach_from_the_least_to_the_most() -> None:
    chart = LineChart("", X, Y, [Series("a", [(5, 50)], ranges=[(5, 0, 100)])], with_legend=False, height=300)
    (whisker,) = of_class(draw(chart, 400), "whisker")
    assert attributes(whisker)["d"].startswith(f"M{path(whisker)[0][0]:.1f} {300 - BELOW:.1f}V{ABOVE:.1f}")
    assert titles(whisker) == ["a: 0 to 100"]


def test_marks_tell_both_values_with_their_units() -> None:
    series = series_with_dots("SSE", [(100, 2.125)], "sse", "clients", "ms")
    chart = LineChart("", Axis("clients"), Axis("ms"), [series])
    assert "SSE, 100 clients: 2.12 ms" in titles(draw(chart, 400))


def test_each_technique_has_a_shape_of_its_own() -> None:
    shapes = set()
    for name in TECHNIQUES:
        series = series_with_dots("x", [(1, 1)], name, "", "")
        (mark,) = of_class(draw(LineChart("", X, Y, [series], with_legend=False), 400), "marker")
        shapes.add(mark.name + re.sub(r"[\d. -]+", "", attributes(mark).get("d", "")))
    assert len(shapes) == len(TECHNIQUES)


@pytest.mark.parametrize(("at", "anchor"), [(1, None), (9.8, "end")])
def test_the_words_of_a_mark_stand_where_there_is_room(at: float, anchor: str | None) -> None:
    chart = LineChart("", X, Y, [], marks=[Mark(at, "mean 51.1", "sse")], with_legend=False)
    (note,) = of_class(draw(chart, 400), "note")
    assert attributes(note).get("text-anchor") == anchor


def test_a_mark_of_no_technique_is_dashed() -> None:
    chart = LineChart("", X, Y, [], marks=[Mark(5, "this run")], with_legend=False)
    assert len(of_class(draw(chart, 400), "theory")) == 1


def test_marks_without_a_line_have_room_and_no_line_in_the_legend() -> None:
    series = Series("a", [], "sse", [Dot(20, 200, "twenty")])
    drawn = draw(LineChart("", Axis("rate"), Axis("ms"), [series], height=300), 400)
    of_legend, dot = of_class(drawn, "marker")
    assert (titles(of_legend), titles(dot)) == ([], ["twenty"])
    (_, y) = path(dot)[0]
    assert ABOVE < y < 300 - BELOW
    assert of_class(drawn, "line") == []


def test_a_legend_takes_as_many_lines_as_it_needs() -> None:
    series = [Series(f"technique number {n}", [(0, 0), (1, 1)], "sse") for n in range(5)]
    heights = [number_of_box(draw(LineChart("", X, Y, series), width)) for width in (920, 350)]
    assert heights[0] < heights[1]


def number_of_box(drawn: Element) -> float:
    return float(attributes(drawn)["viewBox"].split()[3])


@pytest.mark.parametrize("width", [340.0, 420.0, 920.0])
@pytest.mark.parametrize("high", [1.0, 97.0, 1_234.5, 9_999_999.0])
def test_numbers_along_the_axis_do_not_touch(width: float, high: float) -> None:
    chart = LineChart("", Axis("x", low=0, high=high), Y, [], with_legend=False)
    drawn = draw(chart, width)
    ticks = [each for each in of_class(drawn, "tick") if attributes(each).get("text-anchor") == "middle"]
    edges = [(number(each, "x"), width_of(str(each.children[0])) / 2) for each in ticks]
    assert len(edges) >= 2
    assert all(a + wide_a < b - wide_b for (a, wide_a), (b, wide_b) in pairwise(edges))


def test_a_chart_of_nothing_can_be_drawn() -> None:
    drawn = draw(LineChart("nothing", Axis("x"), Axis("y"), []), 340)
    assert attributes(drawn)["aria-label"] == "nothing"


def test_a_logarithmic_axis_has_faint_lines_between() -> None:
    chart = LineChart("", Axis("x", log=True, low=1, high=100), Y, [], with_legend=False)
    assert len(of_class(draw(chart, 400), "minor")) == 16
