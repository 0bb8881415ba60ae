"""A sweep: figures drawn over the swept value, and sentences on where they cross."""

import msgspec

from benchmarks.plan import Plan
from benchmarks.report.blocks import Conclusions, Facts, Section, Table
from benchmarks.report.charts.lines import draw
from benchmarks.report.groups import grouped
from benchmarks.report.head import head
from benchmarks.report.sweeps import sweeps
from tests.unit.benchmarks.made_up import changed, made_up
from tests.unit.benchmarks.report.reading import drawn_texts, line_charts, paragraphs

QUICK = Plan(clients=10, duration_s=4)


def swept(values: list[float], option: str = "clients", repeat: int = 1, duration_s: float = 4) -> Section:
    plan = msgspec.structs.replace(QUICK, repeat=repeat, duration_s=duration_s)
    results, _ = made_up(plan, sweep={option: values})
    (section,) = sweeps(grouped(results), results.sweep)
    return section


def test_four_figures_are_drawn_over_the_swept_value() -> None:
    section = swept([1, 10, 100])
    charts = line_charts(section)
    assert len(charts) == 4
    assert charts[0].x.log
    assert len(charts[0].theory) == 5
    assert [x for x, _ in charts[1].series[0].points] == [1, 10, 100]
    assert isinstance(section.blocks[-1], Table)


def test_values_that_lie_close_are_drawn_on_a_linear_scale() -> None:
    assert not line_charts(swept([2, 4, 6]))[0].x.log


def test_the_swept_values_are_the_marks_of_the_axis_where_they_have_room() -> None:
    chart = line_charts(swept([0.5, 1, 2, 5, 10, 30], option="rate"))[0]
    numbers = [text for text in drawn_texts(draw(chart, 420)) if text.replace(".", "").isdigit()]
    assert numbers[-6:] == ["0.5", "1", "2", "5", "10", "30"]
    crowded = line_charts(swept([1_000 + step for step in range(12)]))[0]
    assert "1,011" not in drawn_texts(draw(crowded, 420))


def test_repeats_have_whiskers() -> None:
    section = swept([2, 4], repeat=2)
    assert all(len(line.ranges) == 2 for line in line_charts(section)[0].series)
    assert any("whiskers" in text for text in paragraphs(section))


def test_a_sweep_over_one_value_is_none() -> None:
    results, _ = made_up(QUICK, sweep={"clients": [3]})
    assert sweeps(grouped(results), results.sweep) == []


def test_a_sweep_of_which_nothing_was_finished_is_none() -> None:
    results, _ = made_up(QUICK, sweep={"clients": [3, 4]})
    assert sweeps([], results.sweep) == []


def test_crossings_are_told_between_the_values_where_they_lie() -> None:
    section = swept([0.5, 1, 20], option="rate", duration_s=100)
    (conclusions,) = [block for block in section.blocks if isinstance(block, Conclusions)]
    said = [sentence.text for sentence in conclusions.sentences]
    assert "Between 0.5 and 1 message per second short polling begins to cost fewer bytes than long polling." in said
    assert any(text.startswith("From 0.5 to 20 messages per second, mean latency in ms: short") for text in said)


def test_figures_that_are_missing_are_not_drawn() -> None:
    results, _ = made_up(QUICK, sweep={"clients": [2, 4]})
    for index in range(len(results.runs)):
        results = changed(results, index, server_kib_per_client=None)
    (section,) = sweeps(grouped(results), results.sweep)
    assert len(line_charts(section)) == 3


def test_facts_stand_side_by_side() -> None:
    results, _ = made_up(QUICK)
    assert [block.columns for block in head(results).blocks if isinstance(block, Facts)] == [3, 2]
