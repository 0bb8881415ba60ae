"""Clients over tolerable delay, in words, tables and a chart."""

import pytest

from benchmarks.presets.capacity import Constants
from benchmarks.presets.carrying import (
    DELAYS_S,
    Check,
    about,
    carried_table,
    check_table,
    constants_table,
    crossing_in_words,
    other_limits,
    picture,
    polling,
    section,
    streaming,
)
from benchmarks.report import LineChart
from tests.unit.benchmarks.presets.test_capacity import CONSTANTS

CROSSING = CONSTANTS._replace(stream_us_per_s=35)
CHECK = Check("sse", 1_500, "a stream", 0.02, 0.022)


def chart_of(constants: Constants, memory_gib: float) -> LineChart:
    """Return the chart itself."""
    chart = picture(constants, 5, memory_gib).chart
    assert isinstance(chart, LineChart)
    return chart


def test_what_was_worked_out_is_written_with_two_digits() -> None:
    assert [about(value) for value in (16_296.0, 123.0, None)] == ["16,000", "120", None]


def test_cpu_or_memory_is_the_limit_whichever_is_lower() -> None:
    assert polling(CONSTANTS, 10, 5, 1).clients == 17_500  # 700,000 / 40
    assert streaming(CONSTANTS, 10, 5, 1).clients == pytest.approx(0.7 * (1 << 20) / 16)
    assert streaming(CONSTANTS._replace(stream_kib=None), 10, 5, 1).clients == 70_000


def test_the_table_has_a_row_for_each_delay_and_says_who_carries_more() -> None:
    at = [(polling(CROSSING, each, 5, 8), streaming(CROSSING, each, 5, 8)) for each in DELAYS_S]
    rows = carried_table(at).rows
    assert rows[0] == ("1 s", "6,400", "730,000", "18,000", "370,000", "SSE")
    assert rows[4] == ("30 s", "35,000", "4,400,000", "18,000", "370,000", "short polling")


def test_constants_and_checks_are_told_with_their_units() -> None:
    assert constants_table(CONSTANTS._replace(poll_kib=None)).rows[5] == (
        "a kept connection that polls",
        "n/a",
        "KiB of memory",
    )
    assert check_table([CHECK]).rows == [("SSE", "1,500", "a stream", "2.0 %", "2.2 %", "1.10")]
    assert check_table([CHECK._replace(foretold=0.0)]).rows[0][-1] is None


def test_it_is_said_where_they_cross_and_that_they_do_not() -> None:
    assert "cross at a tolerable delay of 10 s" in crossing_in_words(CROSSING, 5)
    assert "do not cross" in crossing_in_words(CONSTANTS, 5)


def test_the_network_is_a_limit_too() -> None:
    stream = streaming(CONSTANTS, 10, 5, 8)
    assert other_limits(stream, 5, 4_000).endswith("70,000 streams with 4,000 bytes every 5 s are 450 Mbit/s.")
    assert "network" not in other_limits(stream, 5, None)


def test_the_chart_has_a_line_for_each_technique_and_a_mark_where_they_cross() -> None:
    chart = chart_of(CROSSING, 8)
    assert [line.name for line in chart.series] == ["Short polling", "SSE"]
    assert len({clients for _, clients in chart.series[1].points}) == 1
    assert [mark.x for mark in chart.marks] == [10, 10]
    assert chart.theory == []
    assert [mark.x for mark in chart_of(CONSTANTS, 8).marks] == [10]


def test_memory_is_drawn_where_it_is_the_lower_limit() -> None:
    assert [line.name for line in chart_of(CONSTANTS, 1).theory] == ["SSE, by memory"]


def test_the_section_says_what_is_extrapolated_and_checks_it_if_it_can() -> None:
    whole = section(CONSTANTS, [CHECK], 5, 8, 4_000)
    assert whole.blocks[-1] == check_table([CHECK])
    assert section(CONSTANTS, [], 5, 8, None).blocks[-1] == constants_table(CONSTANTS)
