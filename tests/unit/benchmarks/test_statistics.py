"""Percentiles, means and errors of data whose answer is arithmetic."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.results import Latency
from benchmarks.statistics import cdf_points, median, percentile, standard_error, summarize

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200)

# --- percentiles ---


@pytest.mark.parametrize(
    ("q", "value"), [(0, 1), (1, 1), (1.1, 2), (50, 50), (50.1, 51), (90, 90), (99, 99), (99.1, 100), (100, 100)]
)
def test_of_1_to_100_the_qth_percentile_is_the_smallest_that_q_percent_do_not_exceed(q: float, value: float) -> None:
    assert percentile(range(1, 101), q) == value


def test_the_rank_is_not_moved_by_what_floats_add() -> None:
    assert 99.9 / 100 * 1_000 > 999
    assert percentile(range(1, 1_001), 99.9) == 999


@pytest.mark.parametrize("q", [0, 1, 50, 99.9, 100])
def test_every_percentile_of_one_value_is_that_value(q: float) -> None:
    assert percentile([7.5], q) == 7.5


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="a percentile needs at least one value"):
        percentile([], 50)


@pytest.mark.parametrize("q", [-0.1, 100.1])
def test_a_percentile_outside_0_to_100_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match=rf"a percentile is from 0 to 100; this came: {q}"):
        percentile([1.0], q)


@given(VALUES, st.integers(1, 100))
def test_a_percentile_was_measured_and_splits_the_values_as_it_says(values: list[float], q: int) -> None:
    found = percentile(sorted(values), q)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= q * len(values)
    assert 100 * sum(value < found for value in values) < q * len(values)


# --- summaries ---


def test_a_stall_among_ten_thousand_samples_shows_in_the_maximum_and_the_mean_alone() -> None:
    assert summarize([1.0] * 9_999 + [100_001.0]) == Latency(
        mean=11.0, p50=1.0, p90=1.0, p99=1.0, max=100_001.0, samples=10_000
    )


def test_values_are_summarized_in_any_order() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert summarize(iter(values)) == Latency(mean=50.5, p50=50.0, p90=90.0, p99=99.0, max=100.0, samples=100)


def test_of_nothing_there_is_no_figure() -> None:
    assert summarize([]) == Latency(mean=None, p50=None, p90=None, p99=None, max=None, samples=0)


# --- medians ---


@pytest.mark.parametrize(
    ("values", "middle"),
    [([], None), ([None], None), ([3.0], 3.0), ([9.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 2.0, 9.0], 3.0), ([None, 5.0], 5.0)],
)
def test_the_median_is_the_middle_of_what_was_measured(values: list[float | None], middle: float | None) -> None:
    assert median(values) == middle


# --- standard errors ---


def test_the_standard_error_of_1_to_5_is_the_root_of_one_half() -> None:
    assert standard_error([1, 2, 3, 4, 5]) == pytest.approx(math.sqrt(2.5 / 5))


@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_samples_have_no_standard_error(values: list[float]) -> None:
    assert standard_error(values) is None


def test_equal_samples_have_no_error() -> None:
    assert standard_error([3.0] * 10) == 0


def test_samples_that_depend_on_each_other_count_as_one() -> None:
    alone = standard_error([1.0, 3.0, 8.0])
    assert standard_error([1.0] * 50 + [3.0] * 50 + [8.0] * 50, [0] * 50 + [1] * 50 + [2] * 50) == alone


def test_differences_within_a_group_are_no_error_of_the_mean() -> None:
    assert standard_error([0.0, 4.0, 1.0, 3.0], [7, 7, 9, 9]) == 0


def test_one_group_alone_has_no_standard_error() -> None:
    assert standard_error([1.0, 2.0, 3.0], [4, 4, 4]) is None


# --- the distribution ---


def test_few_values_stand_on_the_curve_all_of_them_and_equal_ones_once() -> None:
    assert cdf_points([3.0, 1.0, 2.0, 2.0]) == [(1.0, 0.25), (2.0, 0.75), (3.0, 1.0)]


def test_of_nothing_there_is_no_curve() -> None:
    assert cdf_points([]) == []


def test_many_values_are_thinned_out_evenly_by_rank_between_the_extremes() -> None:
    assert cdf_points(range(1, 1_002), most=5) == [(value, value / 1_001) for value in (1, 251, 501, 751, 1_001)]


def test_a_single_late_arrival_among_a_million_stays_on_the_curve() -> None:
    points = cdf_points([0.5, *[1.0] * 999_998, 60_000.0])
    assert points == [(0.5, 1e-6), (1.0, 0.999999), (60_000.0, 1.0)]


@given(st.lists(st.integers(0, 50) | st.integers(0, 100_000), min_size=1, max_size=300), st.integers(2, 20))
def test_a_thinned_curve_is_nowhere_off_by_more_than_its_steps(values: list[int], most: int) -> None:
    points = cdf_points(values, most)
    assert len(points) <= most
    assert (points[0][0], *points[-1]) == (min(values), max(values), 1.0)
    assert all(one[0] < next_one[0] and one[1] < next_one[1] for one, next_one in pairwise(points))
    for value in values:
        share = sum(each <= value for each in values) / len(values)
        drawn = max(height for at, height in points if at <= value)
        assert drawn <= share <= drawn + 1 / (most - 1) + 1e-9
