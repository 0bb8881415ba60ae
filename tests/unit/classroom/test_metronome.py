"""The metronome on a clock that the test winds."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from pushdemo.classroom.metronome import MOST_UNDER_WAY, Beat, Metronome
from pushdemo.messages import Draft
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, FakeTimer, turn


class LateClock(FakeClock):
    """Calls later than was asked for, by `late_s`."""

    late_s = 0.0

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeTimer:
        return super().call_later(delay_s + self.late_s, callback)


class Band:
    """A metronome, and the moments at which it spoke."""

    def __init__(self) -> None:
        self.clock = LateClock()
        self.said: list[Draft] = []
        self.moments: list[float] = []
        self.refuses = False
        self.holds: asyncio.Event | None = None
        self.metronome = Metronome(self.publish, self.clock)

    async def publish(self, draft: Draft) -> None:
        self.said.append(draft)
        self.moments.append(round(self.clock.monotonic(), 6))
        if self.holds is not None:
            await self.holds.wait()
        if self.refuses:
            raise Problem(503, "The disk is full.")

    async def play(self, seconds: float, step_s: float = 0.05) -> None:
        for _ in range(round(seconds / step_s)):
            self.clock.advance(step_s)
            await turn(2)


@pytest.fixture
async def band() -> Band:
    return Band()


async def test_without_a_rate_it_is_silent(band: Band) -> None:
    band.metronome.begin_stretch(1)
    await band.play(10)
    assert band.said == []
    assert band.clock.pending == 0


async def test_evenly_means_equal_gaps(band: Band) -> None:
    band.metronome.set(Beat(rate=4))
    await band.play(2.01, 0.01)
    assert band.moments == pytest.approx([0.25 * number for number in range(1, 9)], abs=0.011)


async def test_the_gaps_do_not_add_up_what_each_timer_is_late_by(band: Band) -> None:
    band.metronome.set(Beat(rate=10))
    await band.play(30, 0.03)
    assert len(band.said) in (299, 300)


async def test_a_tick_says_its_stretch_and_number_in_a_text_of_so_many_bytes(band: Band) -> None:
    band.metronome.set(Beat(rate=2, text_bytes=30))
    await band.play(1)
    assert [draft.client_message_id for draft in band.said] == ["tick-1-1", "tick-1-2"]
    assert {draft.sender for draft in band.said} == {"metronome"}
    assert [len(draft.text.encode()) for draft in band.said] == [30, 30]
    band.metronome.begin_stretch(2)
    await band.play(0.5)
    assert band.said[-1].client_message_id == "tick-2-1"


async def test_at_random_is_as_often_in_the_long_run_and_the_same_for_the_same_seed() -> None:
    runs = []
    for seed in (1, 1, 2):
        band = Band()
        band.metronome.set(Beat(rate=4, at_random=True, seed=seed))
        await band.play(500)
        runs.append(band.moments)
    assert runs[0] == runs[1] != runs[2]
    assert len(runs[0]) == pytest.approx(2_000, rel=0.1)
    gaps = [later - moment for moment, later in pairwise(runs[0])]
    assert sum(gap < 0.1 for gap in gaps) > 0.2 * len(gaps)  # of equal gaps there would be none
    assert sum(gap > 0.5 for gap in gaps) > 0.05 * len(gaps)


async def test_another_beat_holds_at_once_and_the_same_changes_nothing(band: Band) -> None:
    band.metronome.set(Beat(rate=1))
    await band.play(0.9)
    band.metronome.set(Beat(rate=1))
    await band.play(0.2)
    assert len(band.said) == 1
    band.metronome.set(Beat(rate=10))
    await band.play(0.2, 0.01)
    assert len(band.said) in (2, 3)
    band.metronome.set(Beat())
    await band.play(10)
    assert len(band.said) in (2, 3)
    assert band.clock.pending == 0


async def test_a_log_that_cannot_keep_a_tick_does_not_stop_it(band: Band) -> None:
    band.refuses = True
    band.metronome.set(Beat(rate=1))
    await band.play(3.1)
    assert len(band.said) == 3


async def test_ticks_fall_out_where_the_log_takes_too_long(band: Band) -> None:
    band.holds = asyncio.Event()
    band.metronome.set(Beat(rate=100))
    await band.play(2)
    assert len(band.said) == MOST_UNDER_WAY
    band.holds.set()
    await turn()
    await band.play(0.5)
    assert len(band.said) > MOST_UNDER_WAY


async def test_a_laptop_that_slept_does_not_catch_up(band: Band) -> None:
    band.clock.late_s = 3_600
    band.metronome.set(Beat(rate=1))
    band.clock.late_s = 0
    await band.play(3_603.1, 0.5)
    assert band.moments == pytest.approx([3_601, 3_601, 3_602, 3_603])


async def test_when_it_is_closed_what_is_under_way_is_waited_for(band: Band) -> None:
    band.holds = asyncio.Event()
    band.metronome.set(Beat(rate=1))
    await band.play(1)
    closing = asyncio.create_task(band.metronome.close())
    await turn()
    assert not closing.done()
    band.holds.set()
    await closing
    assert band.clock.pending == 0
