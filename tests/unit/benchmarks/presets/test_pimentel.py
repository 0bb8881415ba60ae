"""Long polling over delays: the knee, and what is said of runs that were made up."""

from itertools import pairwise

import pytest

from benchmarks.plan import Plan
from benchmarks.presets.pimentel import (
    CASES,
    PRESET,
    RATE,
    TECHNIQUES,
    is_at_the_knee,
    measure,
    model_ms,
    plan_at,
)
from benchmarks.report import build
from benchmarks.results import Beside
from benchmarks.run import Measured
from tests.unit.benchmarks.presets.fake_session import FakeSession, delivered, interrupted

PERIOD_MS = 250.0
TURN_MS = 2.0


def as_theory_says(plan: Plan, technique: str) -> Measured:
    """Make up ten messages whose mean is just what theory says of the technique."""
    transit_ms, gap_ms = plan.delay_ms + TURN_MS / 2, 2 * plan.delay_ms + TURN_MS
    mean = model_ms(technique, transit_ms, gap_ms)
    made = delivered(technique, [mean - 1, mean + 1] * 5, PERIOD_MS, transit_ms, gap_ms)
    made.run.theory = type(made.run.theory)(mean, 10, True, transit_ms, gap_ms, 0, 2)
    return made


def row(rows: list[Beside], what: str) -> Beside:
    (found,) = [each for each in rows if each.what == what]
    return found


@pytest.mark.parametrize(
    ("technique", "delay_ms", "mean"),
    [
        ("short-poll", 60, 500 / 2 + 60),
        ("sse", 60, 60),
        ("websocket", 180, 180),
        ("long-poll", 60, 60),
        ("long-poll", 124, 124),
        ("long-poll", 125, 250),
        ("long-poll", 180, 360),
    ],
)
def test_long_polling_takes_what_a_stream_takes_up_to_the_knee_and_then_twice_as_long(
    technique: str, delay_ms: float, mean: float
) -> None:
    assert model_ms(technique, delay_ms, 2 * delay_ms) == mean


def test_at_random_there_is_no_knee() -> None:
    means = [model_ms("long-poll", delay_ms, 2 * delay_ms, "poisson") for delay_ms in (120, 124, 125, 126, 130)]
    assert max(after - before for before, after in pairwise(means)) < 12


@pytest.mark.parametrize(("gap_ms", "is_near"), [(250, True), (251.7, True), (240, True), (237, False), (263, False)])
def test_the_knee_is_where_gap_and_period_are_the_same(gap_ms: float, is_near: bool) -> None:
    assert is_at_the_knee(gap_ms) is is_near


def test_beside_the_knee_long_polling_alone_is_measured() -> None:
    assert [delay_ms for delay_ms, technique in CASES if technique == "long-poll"] == [10, 60, 100, 125, 150, 180]
    assert [delay_ms for delay_ms, technique in CASES if technique == "websocket"] == [10, 60, 125, 180]
    assert len(CASES) == 6 + 3 * 4


def test_streams_are_measured_for_less_time_and_nothing_for_more_than_was_asked() -> None:
    assert plan_at(PRESET.plan, 60, "sse").duration_s < plan_at(PRESET.plan, 60, "long-poll").duration_s
    assert {plan_at(Plan(duration_s=2), 60, each).duration_s for each in TECHNIQUES} == {2}


async def test_all_cases_are_measured_with_periodic_messages() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    assert [(asked.plan.delay_ms, asked.technique) for asked in session.asked] == list(CASES)
    assert all(asked.point == {"delay_ms": asked.plan.delay_ms} for asked in session.asked)
    assert all(asked.plan.arrivals == "periodic" and asked.plan.rate == RATE for asked in session.asked)
    assert session.results.sweep == {"delay_ms": [10, 60, 100, 125, 150, 180]}


async def test_the_model_with_what_was_measured_stands_beside_our_mean() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    found = row(session.results.beside, "long polling, 180 ms each way")
    assert found.published == pytest.approx(181 + 362 / 2)
    assert found.reason.startswith("Within 10 %: 0.0 % ")
    assert "Walked through from reading to reading" in found.reason
    assert "Walked" not in row(session.results.beside, "long polling, 60 ms each way").reason
    assert row(session.results.beside, "WebSocket, 125 ms each way").published == pytest.approx(126)


async def test_of_short_polling_it_says_what_the_phases_leave_open() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    reason = row(session.results.beside, "short polling, 10 ms each way").reason
    assert "Clients poll 500 ms apart" in reason  # there is one in these runs


async def test_at_the_knee_nothing_is_judged() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    await measure(session)
    found = row(session.results.beside, "long polling, 125 ms each way")
    assert found.published is None
    assert found.ours == pytest.approx(126 + 252 / 2)
    # each waits 2 ms longer than the one before: 0 to 18 ms of ten; with a gap a millisecond longer 0 to 27 ms
    assert "G = 252.0 ms, P = 250 ms, where the model jumps from 126.0 to 252.0 ms" in found.reason
    assert "it says 135.0 ms, and with a gap one millisecond longer 139.5 ms" in found.reason
    (judged,) = [run for run in session.results.runs if run.technique == "long-poll" and run.theory.holds is None]
    assert judged.point == {"delay_ms": 125}
    assert judged.warnings[-1].endswith("where the model has a jump, so nothing is judged there.")


async def test_one_stall_among_few_messages_may_be_chance_but_not_of_long_polling() -> None:
    def stalled(plan: Plan, technique: str) -> Measured:
        return delivered(technique, [plan.delay_ms] * 9 + [plan.delay_ms + 100], PERIOD_MS, plan.delay_ms, 20)

    session = FakeSession(PRESET.plan, stalled)
    await measure(session)
    for run in session.results.runs:
        assert run.latency_ms.mean == pytest.approx(run.point["delay_ms"] + 10)
    # the made-up theory says 50.25 ms of all: 70 ms is off by 19.75 ms, two standard errors are 20 ms
    assert row(session.results.beside, "SSE, 60 ms each way").reason.startswith("Within chance: 39.3 % above.")
    assert row(session.results.beside, "long polling, 60 ms each way").reason.startswith(
        "Not within 10 %: 39.3 % above."
    )


async def test_interrupted_it_has_the_model_without_turn_around_and_nothing_of_ours() -> None:
    session = FakeSession(PRESET.plan, interrupted)
    assert await measure(session) == []
    assert {each.ours for each in session.results.beside} == {None}
    assert row(session.results.beside, "long polling, 180 ms each way").published == 360
    assert row(session.results.beside, "long polling, 125 ms each way").published is None
    assert row(session.results.beside, "short polling, 10 ms each way").published == 260


async def test_the_report_draws_what_was_measured_over_the_model() -> None:
    session = FakeSession(PRESET.plan, as_theory_says)
    sections = await measure(session)
    page = build(session.results, session.samples, sections)
    assert "Where long polling leaves the line" in page
    assert "the knee is at d = 124.0\u00a0ms" in page
    assert "Long polling, 180 ms each way: 362.0 ms" in page


async def test_after_the_first_run_alone_there_is_a_report_too() -> None:
    answers = iter([as_theory_says(plan_at(PRESET.plan, 10, "short-poll"), "short-poll")])
    session = FakeSession(PRESET.plan, lambda plan, technique: next(answers, None))
    sections = await measure(session)
    assert "Where long polling leaves the line" in build(session.results, session.samples, sections)


def test_the_plans_are_plans() -> None:
    for delay_ms, technique in CASES:
        plan_at(PRESET.plan, delay_ms, technique).__post_init__()
