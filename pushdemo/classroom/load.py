"""How much the server has to do, from one telling to the next."""

import time
from collections.abc import Callable
from typing import Any

from pushdemo.clock import Clock
from pushdemo.feed import Feed

AT_LEAST_S = 0.5
"""Over shorter times the processor's clock, which some systems move in steps of 16 ms, says too little."""


class ServerLoad:
    """The processor's share, connections, and messages published per second."""

    def __init__(self, feed: Feed, clock: Clock, process_time: Callable[[], float] = time.process_time) -> None:
        self._feed = feed
        self._clock = clock
        self._process_time = process_time
        self._then = (clock.monotonic(), process_time(), feed.published)
        self._cpu: float | None = None
        self._published: float | None = None

    def told(self) -> dict[str, Any]:
        """Return the load since about the last telling; `cpu` is a share of one core."""
        now = (self._clock.monotonic(), self._process_time(), self._feed.published)
        seconds, busy_s, published = (new - old for new, old in zip(now, self._then, strict=True))
        if seconds >= AT_LEAST_S:
            self._cpu, self._published = round(busy_s / seconds, 3), round(published / seconds, 1)
            self._then = now
        return {"cpu": self._cpu, "connections": self._feed.waiting, "published": self._published}
