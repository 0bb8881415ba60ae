"""Long polling over rates: durations, requests for each message, and what is said of runs that were made up."""

import msgspec
import pytest

from benchmarks.plan import Plan
from benchmarks.presets.rfc6202 import (
    DELAY_MS,
    PRESET,
    RATES,
    STREAM_RATES,
    mean_ms,
    measure,
    plan_at,
    requests_per_message,
    seconds_at,
)
from benchmarks.report import build
from benchmarks.results import Beside
from benchmarks.run import Measured
from tests.unit.benchmarks.literal import nothing_measured, run
from tests.unit.benchmarks.presets.fake_session import FakeSession, delivered, interrupted

D, G = 50.5, 101.0


def as_theory_says(plan: Plan, technique: str) -> Measured:
    """Make up ten messages whose mean is just what theory says of the technique."""
    mean = mean_ms(plan.rate, D, G) if technique == "long-poll" else D
    return delivered(technique, [mean - 1, mean + 1] * 5, 1_000 / plan.rate, D, G)


def too_slow(plan: Plan, technique: str) -> Measured:
    return delivered(technique, [200.0] * 10, 1_000 / plan.rate, D, G)


def row(rows: list[Beside], what: str) -> Beside:
    (found,) = [each for each in rows if each.what == what]
    return found


@pytest.mark.parametrize(
    ("rate", "longest_s", "seconds"),
    [(0.5, 50, 50), (2, 50, 40), (8, 50, 10), (50, 50, 6), (0.5, 3, 3), (50, 3, 3)],
)
def test_a_rate_is_measured_until_there_are_enough_messages(rate: float, longest_s: float, seconds: float) -> None:
    assert seconds_at(rate, longest_s) == seconds


def test_each_rate_has_a_seed_of_its_own() -> None:
    assert len({plan_at(PRESET.plan, rate).seed for rate in RATES}) == len(RATES)
    assert plan_at(PRESET.plan, RATES[0]).seed == PRESET.plan.seed


def test_the_formula_gives_the_figures_that_were_simulated() -> None:
    assert [mean_ms(rate, 50, 100) for rate in (0.1, 1, 4, 20, 200)] == pytest.approx(
        [50.5, 55.0, 68.6, 96.8, 100.0], abs=0.1
    )


def test_the_first_request_and_the_pending_one_belong_to_no_message() -> None:
    assert requests_per_message(run("long-poll", clients=10, published=20, requests=10 * (2 + 15))) == 0.75
    assert requests_per_message(run("long-poll", clients=10, published=0, requests=20)) is None


async def test_long_polling_is_measured_at_every_rate_and_sse_at_two() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    assert [asked.plan.rate for asked in session.asked if asked.technique == "long-poll"] == list(RATES)
    assert [asked.plan.rate for asked in session.asked if asked.technique == "sse"] == list(STREAM_RATES)
    assert all(asked.point == {"rate": asked.plan.rate} for asked in session.asked)
    assert all(asked.plan.delay_ms == DELAY_MS and asked.plan.arrivals == "poisson" for asked in session.asked)
    assert session.results.sweep == {"rate": list(RATES)}


async def test_the_formula_of_what_was_measured_stands_beside_our_mean() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    found = row(session.results.beside, "mean latency at 1 messages per second")
    assert found.published == pytest.approx(mean_ms(1, D, G))
    assert found.ours == pytest.approx(mean_ms(1, D, G))
    assert found.reason.startswith("Within 10 %: 0.0 % ")
    assert "With d = 50 ms and c = 0 it is 55.0 ms." in found.reason
    assert "of 10 messages" in found.reason
    assert "the model says 50.5 ms" in found.reason  # one a second: each finds the request pending
    longest = row(session.results.beside, "longest latency of all")
    assert longest.published == pytest.approx(D + G)
    assert longest.ours == pytest.approx(mean_ms(50, D, G) + 1)


async def test_a_mean_that_is_off_is_not_within_a_tenth() -> None:
    session = FakeSession(PRESET.plan, too_slow)
    await measure(session)
    means = [each for each in session.results.beside if each.what.startswith("mean latency")]
    assert len(means) == len(RATES)
    assert all(each.reason.startswith("Not within 10 %: ") for each in means)


async def test_of_five_clients_memory_is_not_told() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    assert {each.server_kib_per_client for each in session.results.runs} == {None}


async def test_interrupted_it_has_the_formula_for_the_network_without_turn_around_and_nothing_of_ours() -> None:
    session = FakeSession(PRESET.plan, interrupted)
    assert await measure(session) == []
    assert {each.ours for each in session.results.beside} == {None}
    assert all("Not measured." in each.reason for each in session.results.beside)
    assert row(session.results.beside, "mean latency at 1 messages per second").published == pytest.approx(
        54.98, abs=0.01
    )
    assert row(session.results.beside, "longest latency of all").published == 150


async def test_where_nothing_arrived_nothing_is_judged_and_the_report_can_be_made() -> None:
    def silent(plan: Plan, technique: str) -> Measured:
        return Measured(nothing_measured(technique), delivered(technique, [], 1, D, G).samples)

    session = FakeSession(PRESET.plan, silent)
    sections = await measure(session)
    means = [each for each in session.results.beside if each.what.startswith("mean latency")]
    assert {each.ours for each in means} == {None}
    assert "Long polling and its formula" in build(session.results, session.samples, sections)


async def test_the_report_draws_what_was_measured_over_the_formula() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    sections = await measure(session)
    page = build(session.results, session.samples, sections)
    assert f"By the formula from {mean_ms(0.5, D, G):.1f} to {mean_ms(50, D, G):.1f}; a stream 50.5 throughout." in page
    assert "Long polling, 20 messages per second" in page
    assert "\u201cAt these moments\u201d is the model walked through" in page


def test_the_plan_of_the_preset_is_a_plan() -> None:
    msgspec.structs.replace(PRESET.plan).__post_init__()
    for rate in RATES:
        plan_at(PRESET.plan, rate).__post_init__()
