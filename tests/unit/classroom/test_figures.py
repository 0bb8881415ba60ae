"""Figures: percentiles, histogram and counts, of data whose answer is arithmetic."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.classroom.figures import EDGES_MS, Histogram, Samples, Tally, news_of
from pushdemo.classroom.reports import parse_report
from tests.unit.classroom.phones import report


def samples_of(*delays: float, most: int = 20_000) -> Samples:
    samples = Samples(most)
    for delay in delays:
        samples.add(delay)
    return samples


def test_nothing_measured_is_not_0() -> None:
    assert Samples().told() == {"samples": 0, "median": None, "p95": None, "max": None, "mean": None}


def test_percentiles_are_values_that_were_measured() -> None:
    told = samples_of(*range(100, 0, -1)).told()
    assert told == {"samples": 100, "median": 50, "p95": 95, "max": 100, "mean": 50.5}
    assert samples_of(3, 1).told()["median"] == 1
    assert samples_of(7).told() == {"samples": 1, "median": 7, "p95": 7, "max": 7, "mean": 7}


def test_a_delay_below_0_is_told_as_it_is() -> None:
    assert samples_of(-2.5, -0.5).told() == {"samples": 2, "median": -2.5, "p95": -0.5, "max": -0.5, "mean": -1.5}


def test_percentiles_are_of_the_latest_and_the_rest_of_all() -> None:
    told = samples_of(1000, 1, 2, 3, most=3).told()
    assert told == {"samples": 4, "median": 2, "p95": 3, "max": 1000, "mean": 251.5}


@given(st.lists(st.floats(-10, 1e5), min_size=1, max_size=60), st.integers(1, 20), st.integers(1, 100))
def test_the_percentile_is_that_of_a_sorted_list(delays: list[float], most: int, percent: int) -> None:
    latest = sorted(delays[-most:])
    value = samples_of(*delays, most=most).percentile(percent)
    assert value is not None
    assert sum(each <= value for each in latest) * 100 >= percent * len(latest)
    assert sum(each < value for each in latest) * 100 < percent * len(latest)


def test_the_classes_of_the_histogram_are_ten_to_a_decade_from_a_tenth_of_a_millisecond() -> None:
    assert len(EDGES_MS) == 60
    assert EDGES_MS[::10] == [0.1, 1, 10, 100, 1_000, 10_000]
    assert all(later > edge for edge, later in pairwise(EDGES_MS))


@pytest.mark.parametrize(("delay", "place"), [(-5, 0), (0, 0), (0.1, 0), (1, 10), (0.999, 9), (99_000, 59), (1e9, 59)])
def test_every_delay_falls_into_one_class(delay: float, place: int) -> None:
    histogram = Histogram()
    histogram.add(delay)
    assert [number for number, count in enumerate(histogram.counts) if count] == [place]


def test_a_tally_tells_its_own_counts_and_not_those_it_goes_on_with() -> None:
    tally = Tally()
    tally.add([5], {"received": 2, "lost": 1})
    told = tally.told()
    tally.add([6], {"received": 1})
    assert (told["received"], told["lost"], told["doubled"], sum(told["histogram"]["counts"])) == (2, 1, 0, 1)
    assert (tally.told()["received"], sum(tally.told()["histogram"]["counts"])) == (3, 2)


# --- what a report adds ---


def test_a_lost_report_loses_no_count() -> None:
    first = parse_report(report(received=10, lost=1, requests=4))
    third = parse_report(report(received=30, lost=1, requests=9, delays=[4.5]))
    delays, more = news_of(third, first)
    assert delays == [4.5]
    assert (more["received"], more["lost"]) == (20, 0)


def test_a_page_that_was_loaded_again_counts_anew() -> None:
    before = parse_report(report(received=30, lost=2, requests=9))
    after = parse_report(report(received=4, lost=1, requests=2))
    assert news_of(after, before)[1]["received"] == 4
    assert news_of(after, before)[1]["lost"] == 1
    other = parse_report(report(received=40, lost=1, requests=2))  # more has come than before, by fewer requests
    assert news_of(other, before)[1]["received"] == 40


def test_what_a_hidden_page_measured_is_left_out_and_counted() -> None:
    delays, more = news_of(parse_report(report(hidden=True, delays=[900, 1000], left_out=3, received=5)), None)
    assert delays == []
    assert (more["left_out"], more["received"]) == (5, 5)
