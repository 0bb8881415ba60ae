"""Delays of all messages of a stretch, in a memory that does not grow with them."""

import math
from collections import Counter

LEAST_MS = 0.01
STEP = math.log(1.01)
"""Each class is wider by 1 % than the one before: a percentile is known to half of that."""


class Delays:
    """How many delays fell into each class; count and maximum are exact.

    An hour of a thousand readers is millions of delays. The latest few thousand would be seconds of them.
    """

    def __init__(self) -> None:
        self.count = 0
        self._classes: Counter[int] = Counter()
        self._least = math.inf
        self._most = 0.0

    def add(self, delay_ms: float) -> None:
        """Count one; what is less than nothing, because the clock was set back, counts as nothing."""
        delay_ms = max(delay_ms, 0.0)
        self.count += 1
        self._classes[math.floor(math.log(delay_ms / LEAST_MS) / STEP) if delay_ms > LEAST_MS else 0] += 1
        if delay_ms < self._least:
            self._least = delay_ms
        if delay_ms > self._most:
            self._most = delay_ms

    def percentile(self, percent: int) -> float | None:
        """Return the middle of the class with the nearest-rank percentile; None where there are no delays."""
        rank = max(1, -(-percent * self.count // 100))
        passed = 0
        for number, count in sorted(self._classes.items()):
            passed += count
            if passed >= rank:
                middle = LEAST_MS * math.exp((number + 0.5) * STEP)
                return min(max(middle, self._least), self._most)
        return None

    @property
    def max(self) -> float | None:
        """The greatest."""
        return self._most if self.count else None
