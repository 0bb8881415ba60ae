"""Bars: lengths add up, share one scale, and leave room for their words."""

from itertools import pairwise

import pytest

from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.bars import Bar, BarChart, Group, Part, draw
from benchmarks.report.charts.marks import Key, width_of
from tests.unit.benchmarks.report.reading import attributes, drawn_texts, number, of_class, titles, walk

WIDTHS = [350.0, 920.0]


def chart(*lengths: tuple[float, ...]) -> BarChart:
    bars = [
        Bar(
            f"bar {place}",
            [Part(value, f"fill-{n}", f"part {n}") for n, value in enumerate(parts)],
            f"{sum(parts):g} B",
        )
        for place, parts in enumerate(lengths)
    ]
    return BarChart("what it shows", Axis("bytes"), [Group("SSE", bars, "sse")], [Key("part", None, "fill-0")])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_widths_of_parts_add_up_to_the_bar(width: float) -> None:
    drawn = draw(chart((100, 50, 25), (175,)), width)
    first, second, third = (of_class(drawn, f"fill-{n}")[1 if n == 0 else 0] for n in range(3))
    whole = of_class(drawn, "fill-0")[2]
    total = sum(number(part, "width") for part in (first, second, third))
    assert total == pytest.approx(number(whole, "width"), abs=0.3)


@pytest.mark.parametrize("width", WIDTHS)
def test_parts_follow_one_another_without_a_gap(width: float) -> None:
    drawn = draw(chart((100, 50)), width)
    first, second = of_class(drawn, "fill-0")[1], of_class(drawn, "fill-1")[0]
    assert number(first, "x") + number(first, "width") == pytest.approx(number(second, "x"), abs=0.2)


def test_bars_have_one_scale() -> None:
    drawn = draw(chart((300,), (100,)), 920)
    _, longer, shorter = of_class(drawn, "fill-0")
    assert number(longer, "width") == pytest.approx(3 * number(shorter, "width"), abs=0.3)


def test_a_part_of_nothing_is_not_drawn() -> None:
    drawn = draw(chart((100, 0)), 920)
    assert of_class(drawn, "fill-1") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_words_behind_every_bar_have_room(width: float) -> None:
    drawn = draw(chart((123_456, 7), (1,)), width)
    for each in of_class(drawn, "value"):
        assert number(each, "x") + width_of("123463 B") <= width + 6


def test_names_stand_above_the_bars_where_it_is_narrow() -> None:
    wide, narrow = (draw(chart((1,)), width) for width in (920, 350))
    for drawn, beside in ((wide, True), (narrow, False)):
        (name,) = of_class(drawn, "name")
        bar = of_class(drawn, "fill-0")[1]
        assert (number(name, "y") > number(bar, "y")) is beside


def test_bars_of_nothing_can_be_drawn() -> None:
    assert "0 B" in drawn_texts(draw(chart((0,)), 350))


def test_parts_tell_what_they_are_and_the_drawing_what_it_shows() -> None:
    drawn = draw(chart((1, 2)), 350)
    assert titles(drawn) == ["part 0", "part 1"]
    assert attributes(drawn)["aria-label"] == "what it shows"
    assert attributes(drawn)["role"] == "img"


def test_a_fill_of_the_techniques_colour_is_explained_in_all_their_colours() -> None:
    drawn = draw(BarChart("", Axis("bytes"), [], [Key("payload", None, "fill-payload")]), 350)
    fills = of_class(drawn, "fill-payload")
    assert len({attributes(each)["data-technique"] for each in fills}) == 5
    assert sum(number(each, "width") for each in fills) == pytest.approx(22, abs=0.1)


def test_numbers_of_the_axis_do_not_touch() -> None:
    drawn = draw(chart((1_234_567,)), 350)
    ticks = [each for each in walk(drawn) if attributes(each).get("text-anchor") == "middle"]
    places = [number(each, "x") for each in ticks]
    assert all(b - a >= width_of("1,000,000") for a, b in pairwise(places))
