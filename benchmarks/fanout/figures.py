"""Figures from the runs of a fan-out: medians over the repeats, and ratios of what was measured in the same repeat."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from benchmarks.results import FanoutRun
from benchmarks.statistics import median

FLOOR = "floor"
UNITS = {"sse": "sse", "websocket": "websocket", "socket-io": "websocket", "long-poll": "websocket"}
"""The floor's technique that a technique is measured by. The floor knows no Socket.IO; it does know long polling, but
one floor is a delivery for a write, not a write and a request."""

AS_GOOD = 0.1
"""Figures that differ by less than a tenth are called equal: runs differ by as much."""


class Key(NamedTuple):
    """What is repeated: a server, a technique, and how many broadcasts are under way."""

    peer: str
    technique: str
    under_way: int


class Spread(NamedTuple):
    """The median of what was measured, the least and the most of it, and how often that was."""

    median: float
    least: float
    most: float
    repeats: int

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Spread | None":
        """Return that of all values there are; None where there is none."""
        found = [value for value in values if value is not None]
        middle = median(found)
        return None if middle is None else cls(middle, min(found), max(found), len(found))


class Fanout:
    """All runs, to be asked for figures."""

    def __init__(self, runs: Sequence[FanoutRun]) -> None:
        self.runs = runs
        self._found: dict[Key, dict[int, FanoutRun]] = {}
        for run in runs:
            self._found.setdefault(Key(run.peer, run.technique, run.under_way), {})[run.repeat] = run
        self.techniques = list(dict.fromkeys(run.technique for run in runs))
        self.peers = list(dict.fromkeys(run.peer for run in runs))
        self.under_way = list(dict.fromkeys(run.under_way for run in runs))

    def peers_by(self, technique: str) -> list[str]:
        """Return the servers that were measured by a technique."""
        return list(dict.fromkeys(run.peer for run in self.runs if run.technique == technique))

    def of(self, key: Key) -> list[FanoutRun]:
        """Return the repeats."""
        return list(self._found.get(key, {}).values())

    def spread(self, key: Key, get: Callable[[FanoutRun], float | None]) -> Spread | None:
        """Return median and range of a figure."""
        return Spread.of(get(run) for run in self.of(key))

    def cpu(self, key: Key) -> Spread | None:
        """Return the server's CPU per delivery in microseconds."""
        return self.spread(key, lambda run: run.server_cpu_us_per_delivery)

    def floors(self, key: Key) -> Spread | None:
        """Return the server's CPU per delivery in floors of the same repeat; None where there is no floor."""
        unit = Key(FLOOR, UNITS.get(key.technique, key.technique), key.under_way)
        return Spread.of(self.ratios(key, unit))

    def ratios(self, key: Key, other: Key) -> list[float]:
        """Return by how much the CPU per delivery is that of `other`, repeat by repeat, where both have one."""
        others = self._found.get(other, {})
        return [
            mine / its
            for repeat, run in self._found.get(key, {}).items()
            if repeat in others
            and (mine := run.server_cpu_us_per_delivery) is not None
            and (its := others[repeat].server_cpu_us_per_delivery)
        ]

    def memory(self, peer: str, technique: str) -> Spread | None:
        """Return KiB per idle reader; each repeat counts once, whatever was under way afterwards."""
        by_repeat = {
            run.repeat: run.server_kib_per_client for run in self.runs if (run.peer, run.technique) == (peer, technique)
        }
        return Spread.of(by_repeat.values())


def verdict(ratios: Sequence[float]) -> str:
    """Say how one server's CPU stands to another's: `less`, `more` or `about as much`.

    It is less or more only where it was in every repeat, and by a tenth in the middle.
    """
    spread = Spread.of(ratios)
    if spread is not None and spread.most < 1 and spread.median < 1 - AS_GOOD:
        return "less"
    if spread is not None and spread.least > 1 and spread.median > 1 + AS_GOOD:
        return "more"
    return "about as much"
