"""The tests' own clock, which the others rely on."""

import pytest

from tests.support.fake_clock import FakeClock, until


def test_a_call_is_made_at_its_moment_and_not_before() -> None:
    clock, called = FakeClock(), []
    clock.call_later(30, lambda: called.append(clock.monotonic()))
    clock.advance(29.999)
    assert called == []
    clock.advance(0.001)
    assert called == [30.0]
    assert clock.pending == 0


def test_calls_are_made_in_the_order_they_are_due_and_those_due_together_in_the_order_they_were_asked_for() -> None:
    clock, called = FakeClock(), []
    for name, delay_s in (("late", 3), ("early", 1), ("first of two", 2), ("second of two", 2)):
        clock.call_later(delay_s, lambda name=name: called.append(name))
    clock.advance(10)
    assert called == ["early", "first of two", "second of two", "late"]


def test_a_call_that_asks_for_another_within_the_time_gets_it_too() -> None:
    clock, called = FakeClock(), []
    clock.call_later(1, lambda: clock.call_later(1, lambda: called.append(clock.monotonic())))
    clock.advance(5)
    assert called == [2.0]
    assert clock.monotonic() == 5.0


def test_a_call_that_was_called_off_is_not_made() -> None:
    clock, called = FakeClock(), []
    clock.call_later(1, lambda: called.append("made")).cancel()
    assert clock.pending == 0
    clock.advance(5)
    assert called == []


def test_wall_time_goes_with_monotonic_time() -> None:
    clock = FakeClock(wall_ms=1_000)
    clock.advance(2.5)
    assert clock.wall_ms() == 3_500


async def test_until_gives_up_after_its_turns() -> None:
    asked = []
    with pytest.raises(AssertionError, match="did not come true within 7 turns"):
        await until(lambda: asked.append(1), turns=7)
    assert len(asked) == 7
