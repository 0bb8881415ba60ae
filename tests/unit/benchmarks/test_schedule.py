"""Publishing times and polling phases whose answer is arithmetic."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.plan import Plan
from benchmarks.schedule import NS_PER_S, intended_times_ns, poll_phases_s

DURATIONS = st.floats(0.1, 30, allow_nan=False)


def poisson(**options: Any) -> Plan:
    return Plan(arrivals="poisson", **options)


# --- periodic ---


def test_periodic_messages_begin_at_0_and_end_before_the_duration() -> None:
    times = intended_times_ns(Plan(rate=4, duration_s=2))
    assert list(times) == [0, 250_000_000, 500_000_000, 750_000_000] + [
        NS_PER_S + quarter for quarter in (0, 250_000_000, 500_000_000, 750_000_000)
    ]


@pytest.mark.parametrize(
    ("rate", "duration_s", "count"),
    [(2, 10, 20), (3, 10, 30), (0.3, 10, 3), (0.1, 10, 1), (0.1, 10.1, 2), (100, 0.1, 10)],
)
def test_the_count_is_rate_times_duration(rate: float, duration_s: float, count: int) -> None:
    assert len(intended_times_ns(Plan(rate=rate, duration_s=duration_s))) == count


def test_a_period_that_no_float_holds_does_not_drift_in_a_day() -> None:
    times = intended_times_ns(Plan(rate=3.3, duration_s=86_400))
    assert len(times) == 285_120
    assert times[-1] == (285_119 * 10 * NS_PER_S) // 33
    assert {times[k] % NS_PER_S for k in range(0, len(times), 33)} == {0}


@given(st.floats(0.01, 500), DURATIONS)
def test_periodic_times_are_in_the_run_and_one_period_apart_to_the_nanosecond(rate: float, duration_s: float) -> None:
    times = intended_times_ns(Plan(rate=rate, duration_s=duration_s))
    assert times[0] == 0
    assert times[-1] < duration_s * NS_PER_S <= times[-1] + NS_PER_S / rate + 2
    assert all(abs(later - earlier - NS_PER_S / rate) <= 1.001 for earlier, later in pairwise(times))


# --- Poisson ---


def test_a_seed_gives_its_times_and_no_others() -> None:
    first = intended_times_ns(poisson(rate=50, duration_s=5, seed=7))
    assert intended_times_ns(poisson(rate=50, duration_s=5, seed=7)) == first
    assert intended_times_ns(poisson(rate=50, duration_s=5, seed=8)) != first


def test_the_times_of_a_seed_are_the_same_in_every_version() -> None:
    times = intended_times_ns(poisson(rate=2, duration_s=2, seed=1))
    assert [time // 1_000 for time in times] == [72_145, 1_012_223, 1_733_708, 1_880_939]


def test_the_first_arrival_comes_after_a_gap_of_its_own() -> None:
    firsts = [intended_times_ns(poisson(rate=10, duration_s=10, seed=seed))[0] for seed in range(400)]
    assert min(firsts) > 0
    assert sum(firsts) / len(firsts) == pytest.approx(0.1 * NS_PER_S, rel=0.15)


def test_in_the_mean_as_many_arrive_as_rate_and_duration_say_and_their_gaps_are_exponential() -> None:
    times = intended_times_ns(poisson(rate=100, duration_s=400, seed=3))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == pytest.approx(40_000, rel=0.02)
    assert sum(gap > 0.01 * NS_PER_S for gap in gaps) / len(gaps) == pytest.approx(0.3679, abs=0.01)  # 1 / e


@given(st.floats(0.01, 500), DURATIONS, st.integers(0, 1_000))
def test_poisson_times_rise_and_are_in_the_run(rate: float, duration_s: float, seed: int) -> None:
    times = intended_times_ns(poisson(rate=rate, duration_s=duration_s, seed=seed))
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert all(0 <= time < duration_s * NS_PER_S for time in times)


@given(st.integers(0, 100))
def test_a_longer_run_goes_on_where_the_shorter_one_ended(seed: int) -> None:
    short = intended_times_ns(poisson(rate=20, duration_s=2, seed=seed))
    assert intended_times_ns(poisson(rate=20, duration_s=5, seed=seed))[: len(short)] == short


# --- none ---


@pytest.mark.parametrize("plan", [Plan(rate=0), poisson(rate=0)])
def test_rate_0_gives_no_message(plan: Plan) -> None:
    assert list(intended_times_ns(plan)) == []


# --- polling ---


def test_clients_begin_to_poll_evenly_over_one_interval() -> None:
    assert poll_phases_s(4, 2.0) == [0.0, 0.5, 1.0, 1.5]


@given(st.integers(1, 2_000), st.floats(0.01, 3_600))
def test_phases_rise_from_0_and_stay_within_the_interval(clients: int, interval_s: float) -> None:
    phases = poll_phases_s(clients, interval_s)
    assert len(phases) == clients
    assert phases[0] == 0
    assert all(earlier < later for earlier, later in pairwise(phases))
    assert phases[-1] < interval_s
