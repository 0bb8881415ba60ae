"""Token buckets by a clock that the test winds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.rates import RateLimit
from tests.support.fake_clock import FakeClock


def test_a_burst_passes_and_what_comes_after_it_is_told_how_long_to_wait() -> None:
    limit = RateLimit(10, 30, FakeClock())
    assert [limit.take("li") for _ in range(30)] == [0] * 30
    assert limit.take("li") == 1


def test_tokens_come_back_at_the_rate() -> None:
    clock = FakeClock()
    limit = RateLimit(4, 8, clock)
    for _ in range(8):
        limit.take("li")
    clock.advance(0.5)
    assert [limit.take("li") for _ in range(3)] == [0, 0, 1]


def test_a_long_silence_fills_the_bucket_and_no_more() -> None:
    clock = FakeClock()
    limit = RateLimit(10, 3, clock)
    limit.take("li")
    clock.advance(1_000)
    assert [limit.take("li") for _ in range(4)] == [0, 0, 0, 1]


@pytest.mark.parametrize(("rate", "wait_s"), [(10, 1), (1, 1), (0.5, 2), (0.1, 10)])
def test_the_wait_is_in_whole_seconds_and_enough(rate: float, wait_s: int) -> None:
    clock = FakeClock()
    limit = RateLimit(rate, 1, clock)
    assert limit.take("li") == 0
    assert limit.take("li") == wait_s
    clock.advance(wait_s)
    assert limit.take("li") == 0


def test_refused_tries_cost_nothing() -> None:
    clock = FakeClock()
    limit = RateLimit(1, 1, clock)
    assert limit.take("li") == 0
    assert all(limit.take("li") == 1 for _ in range(50))
    clock.advance(1)
    assert limit.take("li") == 0


def test_each_key_has_a_bucket_of_its_own() -> None:
    limit = RateLimit(1, 1, FakeClock())
    assert [limit.take(key) for key in ("li", "mo", "li", "mo")] == [0, 0, 1, 1]


def test_rate_zero_lifts_the_limit_and_keeps_no_account() -> None:
    limit = RateLimit(0, 1, FakeClock())
    assert all(limit.take("li") == 0 for _ in range(1_000))
    assert limit._tokens == {}


def test_keys_not_heard_of_for_a_while_are_forgotten_and_the_busy_ones_are_not() -> None:
    clock = FakeClock()
    limit = RateLimit(1, 2, clock)
    limit.KEYS_BEFORE_TIDYING = 100  # type: ignore[misc]
    for number in range(99):
        limit.take(f"stranger {number}")
    clock.advance(1)
    limit.take("busy")
    limit.take("busy")
    limit.take("one more")
    assert set(limit._tokens) == {"busy", "one more"}
    assert limit.take("busy") == 1


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 8), st.integers(1, 10))
def test_in_no_span_of_time_more_pass_than_burst_and_rate_allow(pauses: list[int], rate: int, burst: int) -> None:
    clock = FakeClock()
    limit = RateLimit(rate, burst, clock)
    passed: list[float] = []
    for eighths in pauses:  # eighths of a second, which add up exactly
        clock.advance(eighths / 8)
        if limit.take("li") == 0:
            passed.append(clock.monotonic())
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + rate * (passed[last] - passed[first])
