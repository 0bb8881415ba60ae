"""How often something may happen: token buckets, one for each key."""

import math

from pushdemo.clock import Clock


class RateLimit:
    """Allows each key `rate` times a second, and up to `burst` times at once after a silence.

    Args:
        rate: per second; 0 lifts the limit.
        burst: the most that may come at once.
        clock: where the time comes from.
    """

    KEYS_BEFORE_TIDYING = 10_000

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._tokens: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> int:
        """Take one token of `key`; return 0, or if there is none the whole seconds until there will be."""
        if self.rate == 0:
            return 0
        now = self._clock.monotonic()
        tokens = self._filled(key, now)
        if tokens < 1:
            return math.ceil((1 - tokens) / self.rate)
        if len(self._tokens) >= self.KEYS_BEFORE_TIDYING:
            self._forget_full(now)
        self._tokens[key] = (tokens - 1, now)
        return 0

    def _filled(self, key: str, now: float) -> float:
        tokens, since = self._tokens.get(key, (float(self.burst), now))
        return min(self.burst, tokens + (now - since) * self.rate)

    def _forget_full(self, now: float) -> None:
        """Drop the keys whose bucket is full again: they are as if never seen."""
        for key in [key for key in self._tokens if self._filled(key, now) >= self.burst]:
            del self._tokens[key]
