"""Scales: the arithmetic of places and of the values that are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.report.charts.scales import Linear, Log, scale_for, spans_widely, step_for


@pytest.mark.parametrize(
    ("span", "most", "step"), [(97, 10, 10), (97, 5, 20), (97, 4, 50), (1, 5, 0.2), (0.7, 10, 0.1), (1_000, 1, 1_000)]
)
def test_a_step_is_1_2_or_5_times_a_power_of_ten(span: float, most: int, step: float) -> None:
    assert step_for(span, most) == pytest.approx(step)


@given(st.floats(min_value=1e-6, max_value=1e9), st.integers(min_value=1, max_value=20))
def test_a_step_goes_into_its_span_no_more_often_than_allowed(span: float, most: int) -> None:
    assert span / step_for(span, most) <= most * 1.000001


@pytest.mark.parametrize(("span", "most"), [(0, 5), (-1, 5), (1, 0)])
def test_without_a_span_there_is_no_step(span: float, most: int) -> None:
    with pytest.raises(ValueError, match="a step is for a span above 0"):
        step_for(span, most)


def test_0_to_97_is_marked_every_20() -> None:
    assert Linear(0, 97, 0, 970).ticks(5) == [0, 20, 40, 60, 80]


def test_marks_need_not_begin_at_0() -> None:
    assert Linear(49.5, 56.2, 0, 1).ticks(7) == [50, 51, 52, 53, 54, 55, 56]


def test_marks_have_no_dust_of_binary_fractions() -> None:
    assert Linear(0, 0.5, 0, 1).ticks(5) == [0, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_linear_scale_puts_the_middle_in_the_middle() -> None:
    assert Linear(0, 10, 100, 200)(5) == 150


def test_a_scale_may_run_upwards_as_y_does() -> None:
    y = Linear(0, 100, 260, 20)
    assert (y(0), y(25), y(100)) == (260, 200, 20)


def test_equal_factors_take_equal_room_on_a_logarithmic_scale() -> None:
    x = Log(1, 1_000, 0, 300)
    assert [x(value) for value in (1, 10, 100, 1_000)] == pytest.approx([0, 100, 200, 300])


def test_what_a_logarithm_does_not_know_is_at_the_beginning() -> None:
    assert Log(1, 10, 50, 100)(0) == 50


def test_few_powers_of_ten_are_marked_between_too() -> None:
    assert Log(0.5, 20, 0, 1).ticks(6) == [0.5, 1, 2, 5, 10, 20]


def test_many_powers_of_ten_are_marked_alone() -> None:
    assert Log(0.1, 1_000, 0, 1).ticks(6) == [0.1, 1, 10, 100, 1_000]


def test_very_many_powers_of_ten_are_marked_every_other_time() -> None:
    assert Log(1, 1e8, 0, 1).ticks(5) == [1, 100, 10_000, 1_000_000, 100_000_000]


def test_faint_lines_stand_at_2_to_9_times_powers_of_ten() -> None:
    assert Log(5, 30, 0, 1).minor() == [5, 6, 7, 8, 9, 20, 30]


@pytest.mark.parametrize("ends", [(1, 1), (2, 1)])
def test_a_scale_goes_from_less_to_more(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="from less to more"):
        Linear(*ends, 0, 1)


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (2, 1)])
def test_a_logarithmic_scale_begins_above_0(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="from above 0 to more"):
        Log(*ends, 0, 1)


@pytest.mark.parametrize(
    ("values", "widely"), [([1, 10], True), ([1, 9.9], False), ([0, 10], False), ([], False), ([5], False)]
)
def test_values_span_widely_from_a_factor_of_ten_on(values: list[float], widely: bool) -> None:
    assert spans_widely(values) is widely


def test_a_scale_is_widened_to_the_next_mark() -> None:
    scale = scale_for([3, 97], 0, 1, steps=5)
    assert (scale.low, scale.high) == (0, 100)


def test_a_logarithmic_scale_is_widened_to_1_2_or_5() -> None:
    scale = scale_for([0.7, 340], 0, 1, log=True)
    assert (scale.low, scale.high) == (0.5, 500)


@pytest.mark.parametrize("values", [[], [0], [7], [-3]])
@pytest.mark.parametrize("log", [True, False])
def test_few_values_have_a_scale_too(values: list[float], log: bool) -> None:
    scale = scale_for(values, 0, 100, log=log)
    assert scale.low < scale.high
    assert all(0 <= scale(value) <= 100 for value in values)


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=1, max_size=20), st.integers(1, 10))
def test_every_value_is_within_its_scale(values: list[float], steps: int) -> None:
    scale = scale_for(values, 0, 100, steps=steps)
    assert all(-0.001 <= scale(value) <= 100.001 for value in values)


@given(st.lists(st.floats(min_value=1e-6, max_value=1e9), min_size=1, max_size=20))
def test_every_value_is_within_its_logarithmic_scale(values: list[float]) -> None:
    scale = scale_for(values, 0, 100, log=True)
    assert all(-0.001 <= scale(value) <= 100.001 for value in values)
