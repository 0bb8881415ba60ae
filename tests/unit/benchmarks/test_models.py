"""Theory against arithmetic, and against the process it describes, simulated with a seed."""

import math
from array import array
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import models
from benchmarks.models import Expectation, Part, Verdict, expect, expected_requests, judge
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.schedule import NS_PER_S, intended_times_ns
from benchmarks.statistics import summarize

Arrivals = Literal["periodic", "poisson"]


def expectation(technique: str, rate: float = 1.0, arrivals: str = "poisson", spread_ms: float = 0.0) -> Expectation:
    """Return what is expected at d = 50 ms, G = 100 ms and T = 1 s."""
    return expect(
        technique,
        rate=rate,
        arrivals=arrivals,
        poll_interval_s=1.0,
        transit_ms=50.0,
        gap_ms=100.0,
        spread_ms=spread_ms,
    )


def requests(technique: str, rate: float = 1.0, arrivals: str = "periodic", messages: int = 10) -> float:
    """Return the requests expected of 100 clients in 10 s, with T = 1 s and G = 100 ms."""
    return expected_requests(
        technique,
        clients=100,
        messages=messages,
        seconds=10.0,
        rate=rate,
        arrivals=arrivals,
        poll_interval_s=1.0,
        gap_ms=100.0,
    )


def long_poll(times_ns: "array[int]", gap_s: float, timeout_s: float = math.inf) -> tuple[list[float], int]:
    """Simulate one long-polling client: return each message's wait in ms, and how many requests were answered."""
    gap_ns, timeout_ns = gap_s * NS_PER_S, timeout_s * NS_PER_S
    waits: list[float] = []
    answers = 0
    asked_ns = 0.0
    while len(waits) < len(times_ns):
        answer_ns = max(float(times_ns[len(waits)]), asked_ns)
        if answer_ns > asked_ns + timeout_ns:
            answer_ns = asked_ns + timeout_ns
        while len(waits) < len(times_ns) and times_ns[len(waits)] <= answer_ns:
            waits.append((answer_ns - times_ns[len(waits)]) / 1e6)
        answers += 1
        asked_ns = answer_ns + gap_ns
    return waits, answers


def times(arrivals: Arrivals, rate: float, count: int = 20_000) -> "array[int]":
    """Return so many publishing times, or those of a day."""
    return intended_times_ns(Plan(arrivals=arrivals, rate=rate, duration_s=min(count / rate, 86_400), seed=11))


# --- short polling ---


def test_short_polling_takes_half_an_interval_and_a_transit_in_the_mean() -> None:
    found = expectation("short-poll")
    assert (found.mean_ms, found.max_ms) == (550.0, 1_050.0)
    assert [found.cdf(x) for x in (49, 50, 300, 550, 1_050, 2_000)] == [0, 0, 0.25, 0.5, 1, 1]


def test_a_spread_changes_nothing_for_short_polling() -> None:
    assert expectation("short-poll", spread_ms=400) == expectation("short-poll")


@pytest.mark.parametrize(
    ("arrivals", "rate", "interval_s", "share"),
    [
        ("poisson", 1, 1, math.exp(-1)),
        ("poisson", 0, 1, 1),
        ("periodic", 0.25, 1, 0.75),
        ("periodic", 1, 1, 0),
        ("periodic", 4, 1, 0),
        ("periodic", 0, 1, 1),
    ],
)
def test_the_share_of_empty_answers(arrivals: str, rate: float, interval_s: float, share: float) -> None:
    assert models.share_of_empty_answers(arrivals, rate, interval_s) == pytest.approx(share)


@pytest.mark.parametrize(
    ("phases_s", "end_s", "count"),
    [
        ([0], 0.3, 3),
        ([0], 0.31, 4),
        ([0.1], 0.3, 2),
        ([0.05], 0.3, 3),
        ([0, 0.05], 1, 20),
        ([0.3], 0.3, 0),
        ([9], 1, 0),
    ],
)
def test_polls_are_counted_exactly_up_to_the_end(phases_s: list[float], end_s: float, count: int) -> None:
    assert models.short_polling_requests(phases_s, 0.1, end_s) == count


# --- long polling, Poisson ---

SIMULATED_BEFORE = [(0.1, 50.5), (1, 55.0), (4, 68.6), (20, 96.8), (200, 100.0)]


@pytest.mark.parametrize(("rate", "mean_ms"), SIMULATED_BEFORE)
def test_the_mean_of_long_polling_by_the_rate_of_messages(rate: float, mean_ms: float) -> None:
    found = expectation("long-poll", rate)
    assert found.mean_ms == pytest.approx(mean_ms, abs=0.1)
    assert found.max_ms == 150


@pytest.mark.parametrize("rate", [rate for rate, _ in SIMULATED_BEFORE])
def test_the_model_of_long_polling_is_the_process(rate: float) -> None:
    waits, answers = long_poll(times("poisson", rate), 0.1)
    latencies = [50 + wait for wait in waits]
    expected = expectation("long-poll", rate)
    assert sum(latencies) / len(latencies) == pytest.approx(expected.mean_ms, rel=0.01)
    assert max(latencies) <= expected.max_ms
    per_message = models.long_polling_requests_per_message("poisson", rate, 0.1, math.inf)
    assert answers / len(latencies) == pytest.approx(per_message, rel=0.02)
    for x in (50, 60, 75, 100, 125, 140):
        assert sum(latency <= x for latency in latencies) / len(latencies) == pytest.approx(expected.cdf(x), abs=0.015)


@given(st.floats(0, 1_000), st.floats(0, 500), st.floats(0.1, 1_000))
def test_the_mean_of_the_distribution_is_the_closed_form(rate: float, transit_ms: float, gap_ms: float) -> None:
    load = rate * gap_ms / 1_000
    closed_ms = transit_ms + (load * gap_ms / 2) / (load + math.exp(-load))
    assert models.long_polling("poisson", rate, transit_ms, gap_ms).mean_ms == pytest.approx(closed_ms)


def test_a_share_of_poisson_messages_finds_a_pending_request_and_takes_the_transit_exactly() -> None:
    found = expectation("long-poll", rate=10)
    share = math.exp(-1) / (1 + math.exp(-1))
    assert found.cdf(49.999) == 0
    assert found.cdf(50) == pytest.approx(share)
    assert found.cdf(100) == pytest.approx(share + (1 - share) / 2)


def test_silence_is_answered_too_when_the_server_holds_no_longer() -> None:
    waits, answers = long_poll(times("poisson", 0.05), 0.1, timeout_s=25)
    per_message = models.long_polling_requests_per_message("poisson", 0.05, 0.1, 25)
    assert per_message > 1.39
    assert answers / len(waits) == pytest.approx(per_message, rel=0.02)


# --- long polling, periodic ---


def test_a_request_that_is_back_before_the_next_message_takes_the_transit_alone() -> None:
    found = expectation("long-poll", rate=9.9, arrivals="periodic")
    assert (found.mean_ms, found.max_ms) == (50, 50)
    waits, answers = long_poll(times("periodic", 9.9, 1_000), 0.1)
    assert max(waits) < 1e-3
    assert answers == len(waits)


# Rates that stand in no simple ratio to the gap of 0.1 s, so that all phases occur.
@pytest.mark.parametrize("rate", [10.07, 16.18, 27.18, 141.4, 314.1])
def test_requests_that_come_back_too_late_find_the_messages_of_one_gap_waiting(rate: float) -> None:
    waits, answers = long_poll(times("periodic", rate), 0.1)
    latencies = sorted(50 + wait for wait in waits)
    expected = expectation("long-poll", rate, "periodic")
    assert (expected.mean_ms, expected.max_ms) == (100, 150)
    assert sum(latencies) / len(latencies) == pytest.approx(100, rel=0.01)
    assert latencies[-1] <= 150
    for x in (60, 75, 100, 125, 140):
        assert sum(latency <= x for latency in latencies) / len(latencies) == pytest.approx(expected.cdf(x), abs=0.01)
    per_message = models.long_polling_requests_per_message("periodic", rate, 0.1)
    assert per_message == pytest.approx(10 / rate)
    assert answers / len(latencies) == pytest.approx(per_message, rel=0.01)


@pytest.mark.parametrize(("period_s", "per_message"), [(10, 1), (25, 1), (26, 2), (60, 3), (100, 4)])
def test_a_period_longer_than_the_server_holds_costs_empty_answers(period_s: float, per_message: int) -> None:
    assert models.long_polling_requests_per_message("periodic", 1 / period_s, 0.1) == per_message
    waits, answers = long_poll(times("periodic", 1 / period_s, 1_000), 0.1, timeout_s=25)
    assert answers / len(waits) == pytest.approx(per_message, rel=0.01)


def test_requests_per_message_need_messages() -> None:
    with pytest.raises(ValueError, match=r"requests per message need a rate above 0; this came: 0"):
        models.long_polling_requests_per_message("poisson", 0, 0.1)


# --- the spread ---


@pytest.mark.parametrize("technique", ["sse", "websocket", "socket-io"])
def test_a_stream_takes_the_transit(technique: str) -> None:
    found = expectation(technique)
    assert (found.mean_ms, found.max_ms) == (50, 50)
    assert (found.cdf(49.9), found.cdf(50)) == (0, 1)


@pytest.mark.parametrize("technique", ["sse", "websocket", "socket-io"])
def test_readers_served_one_after_another_wait_half_the_spread_in_the_mean(technique: str) -> None:
    found = expectation(technique, spread_ms=20)
    assert (found.mean_ms, found.max_ms) == (60, 70)
    assert [found.cdf(x) for x in (50, 55, 60, 70)] == [0, 0.25, 0.5, 1]


@pytest.mark.parametrize("arrivals", ["periodic", "poisson"])
@pytest.mark.parametrize("rate", [0, 0.1, 4, 20])
def test_long_polling_takes_half_the_spread_more_and_the_whole_of_it_at_most(arrivals: str, rate: float) -> None:
    plain, spread = (expectation("long-poll", rate, arrivals, spread_ms) for spread_ms in (0, 20))
    assert spread.mean_ms == pytest.approx(plain.mean_ms + 10)
    assert spread.max_ms == plain.max_ms + 20


@given(
    st.sampled_from(TECHNIQUES),
    st.sampled_from(["periodic", "poisson"]),
    st.floats(0, 1_000),
    st.floats(0, 100),
    st.lists(st.floats(0, 2_000), min_size=2),
)
def test_every_distribution_rises_from_0_to_1(
    technique: str, arrivals: str, rate: float, spread_ms: float, xs: list[float]
) -> None:
    found = expectation(technique, rate, arrivals, spread_ms)
    shares = [found.cdf(x) for x in sorted(xs)]
    assert shares == sorted(shares)
    assert found.cdf(49.9) == 0
    assert found.cdf(found.max_ms) == pytest.approx(1)
    assert 50 <= found.mean_ms <= found.max_ms


# --- requests of a run ---


def test_the_requests_of_streams_do_not_grow_with_the_messages() -> None:
    found = {technique: requests(technique, messages=10_000) for technique in ("sse", "websocket", "socket-io")}
    assert found == {"sse": 100, "websocket": 100, "socket-io": 400}


def test_short_polls_are_clients_times_time_by_interval() -> None:
    assert requests("short-poll") == 1_000
    assert requests("short-poll", rate=0, messages=0) == 1_000


def test_a_long_poll_is_sent_to_find_the_place_one_to_wait_and_one_after_each_answer() -> None:
    assert requests("long-poll", messages=10) == 1_200


def test_long_polls_gather_what_comes_in_the_gap() -> None:
    assert requests("long-poll", rate=100, messages=1_000) == pytest.approx(100 * (2 + 1_000 * 0.1))
    per_message = 1 / (10 + math.exp(-10))
    assert requests("long-poll", 100, "poisson", 1_000) == pytest.approx(100 * (2 + 1_000 * per_message))


@pytest.mark.parametrize(("rate", "messages"), [(0, 0), (0.01, 0)])
def test_a_long_poll_without_messages_is_answered_when_the_server_has_held_it_long_enough(
    rate: float, messages: int
) -> None:
    found = expected_requests(
        "long-poll",
        clients=3,
        messages=messages,
        seconds=60,
        rate=rate,
        arrivals="poisson",
        poll_interval_s=1,
        gap_ms=100,
    )
    assert found == 3 * (2 + 2)


# --- the verdict ---


def constant(latency_ms: float) -> Expectation:
    return Expectation((Part(1.0, latency_ms, latency_ms),))


@pytest.mark.parametrize(
    ("theory_ms", "error_ms", "tolerance_ms"),
    [(1.0, 0.1, 2.0), (1.0, None, 2.0), (100.0, 1.0, 10.0), (100.0, 7.0, 14.0), (20.0, 2.0, 4.0)],
)
def test_the_tolerance_is_the_largest_of_a_tenth_two_errors_and_2_ms(
    theory_ms: float, error_ms: float | None, tolerance_ms: float
) -> None:
    latency = summarize([theory_ms + tolerance_ms])
    assert judge(latency, constant(theory_ms), error_ms) == Verdict(True, tolerance_ms)


@pytest.mark.parametrize(("mean_ms", "holds"), [(89.9, False), (90.0, True), (110.0, True), (110.1, False)])
def test_theory_holds_where_the_mean_is_within_the_tolerance_on_both_sides(mean_ms: float, holds: bool) -> None:
    assert judge(summarize([mean_ms]), constant(100.0), 0.5) == Verdict(holds, 10.0)


def test_errors_of_more_than_a_quarter_of_theory_excuse_nothing_and_prove_nothing() -> None:
    assert judge(summarize([120.0]), constant(100.0), 12.6) == Verdict(None, 10.0)  # two errors: 25.2
    assert judge(summarize([105.0]), constant(100.0), 12.6) == Verdict(True, 10.0)
    assert judge(summarize([125.3]), constant(100.0), 12.6) == Verdict(False, 10.0)


def test_within_the_spread_a_mean_may_lie_anywhere() -> None:
    served_within_8_ms = Expectation((Part(1.0, 1.0, 9.0),))
    assert judge(summarize([9.0]), served_within_8_ms, 0.1, spread_ms=8.0) == Verdict(True, 4.0)
    assert judge(summarize([9.1]), served_within_8_ms, 0.1, spread_ms=8.0) == Verdict(False, 4.0)


def test_nothing_measured_is_no_verdict() -> None:
    assert judge(summarize([]), constant(100.0), None) == Verdict(None, 10.0)
