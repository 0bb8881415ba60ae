"""A clock that a test winds, and waiting for facts by turns of the event loop."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

TURNS = 1_000
"""Turns of the loop after which what has not come true will not: everything in memory takes a few."""


class FakeTimer:
    """A call that a `FakeClock` makes when its time has come."""

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """A `Clock` that stands still until `advance` is called; wall and monotonic time go together."""

    def __init__(self, wall_ms: float = 1_763_791_234_567.0) -> None:
        self._start_ms = wall_ms
        self._now = 0.0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, FakeTimer]] = []

    def monotonic(self) -> float:
        return self._now

    def wall_ms(self) -> float:
        return self._start_ms + self._now * 1_000

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(self._now + delay_s, callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    @property
    def pending(self) -> int:
        """How many calls are due later and not called off."""
        return sum(not timer.cancelled for _, _, timer in self._timers)

    def advance(self, seconds: float) -> None:
        """Let time pass; what becomes due is called in order, each at its own moment."""
        end = self._now + seconds
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                self._now = due
                timer.callback()
        self._now = max(self._now, end)  # a callback may have let time pass, too


async def turn(times: int = 10) -> None:
    """Let everybody else in the event loop go on for some turns."""
    for _ in range(times):
        await asyncio.sleep(0)


async def until(condition: Callable[[], object], turns: int = TURNS) -> None:
    """Yield to the event loop until `condition` holds.

    Raises:
        AssertionError: it did not within `turns` turns.
    """
    for _ in range(turns):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError(f"it did not come true within {turns} turns of the event loop")
