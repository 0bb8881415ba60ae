"""What the relay needs to know of time: a clock, and calls that are due later."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

TIMER_S = 0.001
"""The shortest wait: uvloop counts whole milliseconds, and would take less than half of one for none at all."""


class Timer(Protocol):
    """A call that is due later and can still be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """The time in seconds since some fixed moment; a test has a clock that it winds."""

    def monotonic(self) -> float: ...

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer: ...


class SystemClock:
    """The machine's clock (the event loop's own may be a millisecond behind) and the event loop's timers."""

    def monotonic(self) -> float:
        return time.monotonic()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(max(delay_s, TIMER_S), callback)
