"""Time, as something that is passed in: the system's clock here, a clock that a test winds in the tests."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is due later and can still be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the server needs to know of time."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment; never goes back."""

    def wall_ms(self) -> float:
        """Return milliseconds since 1970 by the machine's wall clock."""

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` in the running event loop when `delay_s` seconds have passed."""


class SystemClock:
    """The clock of the machine and of the running event loop."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall_ms(self) -> float:
        return time.time_ns() / 1_000_000

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(delay_s, callback)
