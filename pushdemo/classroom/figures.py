"""Figures made of the delays and counts that phones report: exact percentiles of the latest, a histogram of all."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable
from typing import Any

from pushdemo.classroom.reports import Report

MOST_KEPT = 20_000
"""Delays that percentiles are of: an hour of a technique's twenty phones at one message every four seconds."""
KEPT_FOR_SEAT = 1_000
FIRST_MS = 0.1
PER_DECADE = 10
DECADES = 6
EDGES_MS = [round(FIRST_MS * 10 ** (step / PER_DECADE), 4) for step in range(PER_DECADE * DECADES)]
"""Where the histogram's classes begin, from 0.1 ms; the last goes on to 100 s and beyond, the first has all below."""
COUNTS = ("received", "lost", "doubled", "reordered", "late", "left_out")


class Samples:
    """Delays in milliseconds: the latest kept in order of size, and count, sum and greatest of all.

    Putting each in its place as it comes costs some microseconds; sorting 20,000 whenever a page is told would cost
    the server more, twice a second and for each technique and group.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.count = 0
        self._sum = 0.0
        self._most = most
        self.greatest: float | None = None
        self._latest: deque[float] = deque()
        self._sorted: list[float] = []

    def add(self, delay_ms: float) -> None:
        """Take one; the oldest of those that are kept makes room for it."""
        self.count += 1
        self._sum += delay_ms
        self.greatest = delay_ms if self.greatest is None else max(self.greatest, delay_ms)
        if len(self._latest) == self._most:
            del self._sorted[bisect_left(self._sorted, self._latest.popleft())]
        self._latest.append(delay_ms)
        insort(self._sorted, delay_ms)

    def percentile(self, percent: int) -> float | None:
        """Return the nearest-rank percentile of those that are kept: the value that so many % do not exceed."""
        if not self._sorted:
            return None
        rank = -(-percent * len(self._sorted) // 100)
        return self._sorted[max(rank, 1) - 1]

    @property
    def mean(self) -> float | None:
        """The mean of all."""
        return self._sum / self.count if self.count else None

    def told(self) -> dict[str, Any]:
        """Return them as the pages get them; None where nothing was measured."""
        return {
            "samples": self.count,
            "median": rounded(self.percentile(50)),
            "p95": rounded(self.percentile(95)),
            "max": rounded(self.greatest),
            "mean": rounded(self.mean),
        }


def rounded(value: float | None, digits: int = 3) -> float | None:
    """Return a figure without the digits that nobody measured."""
    return None if value is None else round(value, digits)


class Histogram:
    """How many delays fell into each class, of all there were."""

    def __init__(self) -> None:
        self.counts = [0] * len(EDGES_MS)

    def add(self, delay_ms: float) -> None:
        """Count one."""
        self.counts[max(0, bisect_right(EDGES_MS, delay_ms) - 1)] += 1


class Tally:
    """What one technique's phones, or one group's, or one phone, have reported in a stretch."""

    def __init__(self, most_samples: int = MOST_KEPT) -> None:
        self.samples = Samples(most_samples)
        self.histogram = Histogram()
        self.counts = dict.fromkeys(COUNTS, 0)

    def add(self, delays_ms: Iterable[float], more: dict[str, int]) -> None:
        """Take in what came since the last report."""
        for delay_ms in delays_ms:
            self.samples.add(delay_ms)
            self.histogram.add(delay_ms)
        for name, count in more.items():
            self.counts[name] += count

    def told(self) -> dict[str, Any]:
        """Return it as the pages get it."""
        histogram = {"from_ms": EDGES_MS, "counts": list(self.histogram.counts)}
        return self.samples.told() | {"histogram": histogram} | self.counts


def news_of(report: Report, former: Report | None) -> tuple[list[float], dict[str, int]]:
    """Return the delays and the counts that a report adds to those of the phone's last one in the same stretch.

    A page that was loaded again counts from 0 anew. A hidden page's timers are slowed, so that what it measured says
    nothing of the technique: its delays are left out, and counted.
    """
    begins_anew = former is None or report.received < former.received or report.requests < former.requests
    before = dict.fromkeys(COUNTS, 0) if begins_anew else {name: getattr(former, name) for name in COUNTS}
    more = {name: max(0, getattr(report, name) - before[name]) for name in COUNTS}
    if not report.hidden:
        return report.delays, more
    more["left_out"] += len(report.delays)
    return [], more
