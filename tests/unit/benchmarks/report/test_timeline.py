"""The timeline: a tick for each message, a lane for each technique, a dot for each arrival."""

import pytest

from benchmarks.report.charts.timeline import Arrivals, Lane, Timeline, draw
from tests.unit.benchmarks.report.reading import attributes, drawn_texts, number, of_class, titles

CHART = Timeline(
    "what it shows",
    2.0,
    [0.0, 1.0],
    [
        Lane("SSE", "sse", 2, [Arrivals(0, 0.0, [(0.002, 0), (0.003, 1)]), Arrivals(1, 1.0, [(1.002, 0), (1.004, 1)])]),
        Lane("Short polling", "short-poll", 2, [Arrivals(0, 0.0, [(0.5, 0), (2.5, 1)])]),
    ],
)
WIDTHS = [350.0, 920.0]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_message_has_its_tick_and_every_arrival_its_dot(width: float) -> None:
    drawn = draw(CHART, width)
    assert len(of_class(drawn, "published")) == 2
    assert [attributes(dots)["d"].count("Z") for dots in of_class(drawn, "dots")] == [2, 2, 1]


def test_an_arrival_after_the_end_is_not_drawn() -> None:
    (late,) = of_class(draw(CHART, 920), "dots")[2:]
    assert attributes(late)["d"].count("Z") == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_lanes_stand_one_below_the_other(width: float) -> None:
    first, second = of_class(draw(CHART, width), "lane")
    assert number(first, "y") + number(first, "height") < number(second, "y")


def test_dots_tell_which_message_they_are() -> None:
    assert "SSE: message 2, published at 1 s, arrived 1.00 to 1.00 s" in titles(draw(CHART, 920))


def test_the_axis_says_what_it_counts() -> None:
    assert "seconds since publishing began" in drawn_texts(draw(CHART, 350))
