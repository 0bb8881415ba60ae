"""Runs that belong together: one technique at one setting, once or repeated. Figures of a group are medians."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.report.wording import plain
from benchmarks.results import Results, Run
from benchmarks.statistics import median

NAMES = {
    "short-poll": "Short polling",
    "long-poll": "Long polling",
    "sse": "SSE",
    "websocket": "WebSocket",
    "socket-io": "Socket.IO",
}

SWEPT_NAMES = {
    "clients": "clients",
    "rate": "messages per second",
    "poll_interval_s": "poll interval, s",
    "delay_ms": "delay each way, ms",
    "text_bytes": "length of the text, bytes",
}

UNITS = {
    "clients": ("client", "clients"),
    "rate": ("message per second", "messages per second"),
    "poll_interval_s": ("s from poll to poll", "s from poll to poll"),
    "delay_ms": ("ms of delay each way", "ms of delay each way"),
    "text_bytes": ("byte of text", "bytes of text"),
    "duration_s": ("s of reading", "s of reading"),
    "browser_headers": ("set of a browser's headers", "sets of a browser's headers"),
}
"""What follows a value of an option in which runs differ: one, and any other number."""

Get = Callable[[Run], float | None]
Point = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one technique at one point of the sweep, with their indexes in the results, and their settings."""

    technique: str
    point: Point
    indexes: tuple[int, ...]
    runs: tuple[Run, ...]
    settings: Plan

    @property
    def name(self) -> str:
        """What the technique is called."""
        return name_of(self.technique)

    def median(self, get: Get) -> float | None:
        """Return the median of a figure over the runs that have it."""
        return median(get(run) for run in self.runs)

    def range(self, get: Get) -> tuple[float, float] | None:
        """Return the least and the most of a figure; None where fewer than two runs have it."""
        found = [value for run in self.runs if (value := get(run)) is not None]
        return (min(found), max(found)) if len(found) > 1 else None


def name_of(technique: str) -> str:
    """Return what a technique is called."""
    return NAMES.get(technique, technique)


def in_a_sentence(technique: str) -> str:
    """Return a technique's name as it stands within a sentence: long polling, but SSE."""
    name = name_of(technique)
    return name[0].lower() + name[1:] if name.endswith("polling") else name


def swept_name(option: str) -> str:
    """Return an option that was swept, in words and with its unit."""
    return SWEPT_NAMES.get(option, option)


def span_in_words(option: str, first: float, last: float, between: str = "to") -> str:
    """Write two values of a swept option: 10 to 1,000 clients."""
    return f"{plain(first)} {between} {plain(last)} {UNITS.get(option, (option, option))[last != 1]}"


def point_in_words(point: Point) -> str:
    """Write where a group stands: 10 clients; several options one after the other."""
    return ", ".join(f"{plain(value)} {UNITS.get(option, (option, option))[value != 1]}" for option, value in point)


def grouped(results: Results) -> list[Group]:
    """Return the runs in groups: point by point as they came, and the techniques in their order."""
    found: dict[tuple[Point, str], list[int]] = {}
    for index, run in enumerate(results.runs):
        found.setdefault((tuple(run.point.items()), run.technique), []).append(index)
    points = list(dict.fromkeys(point for point, _ in found))
    keys = sorted(found, key=lambda key: (points.index(key[0]), _rank(key[1])))
    return [
        Group(
            technique,
            point,
            tuple(found[point, technique]),
            tuple(results.runs[index] for index in found[point, technique]),
            settings_at(results.settings, point),
        )
        for point, technique in keys
    ]


def settings_at(settings: Plan, point: Point) -> Plan:
    """Return the settings of a point: those of all, and the value that was swept."""
    known = {option: value for option, value in point if option in Plan.__struct_fields__}
    for whole in ("clients", "text_bytes"):
        if whole in known:
            known[whole] = int(known[whole])
    return msgspec.structs.replace(settings, **known)


def points_of(groups: Sequence[Group]) -> list[Point]:
    """Return the points, each once."""
    return list(dict.fromkeys(group.point for group in groups))


def in_detail(groups: Sequence[Group], settings: Plan) -> list[Group]:
    """Return the groups of one point: of a sweep that one which the other settings name, else the one in the middle."""
    points = points_of(groups)
    if not points:
        return []
    chosen = points[(len(points) - 1) // 2]
    for point in points:
        if all(getattr(settings, option, None) == value for option, value in point):
            chosen = point
    return [group for group in groups if group.point == chosen]


def _rank(technique: str) -> int:
    return TECHNIQUES.index(technique) if technique in TECHNIQUES else len(TECHNIQUES)
