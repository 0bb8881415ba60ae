"""Two results side by side: first whether they may be compared at all, then figure by figure."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from benchmarks.plan import TECHNIQUES
from benchmarks.report.figures import Figure, mean_ms, per_delivery
from benchmarks.report.groups import Group, Point, grouped
from benchmarks.report.wording import ms, number, whole
from benchmarks.results import Results

NOT_SAID = "(not said)"


def differences(a: Results, b: Results) -> list[str]:
    """Return why two results cannot be compared, a sentence for each reason; none where they can.

    Figures of another machine, another Python or other settings differ for reasons that have nothing to do with what
    was changed in between. Versions of the libraries may differ: that is what a comparison is often made for.
    """
    facts_a, facts_b = _facts(a), _facts(b)
    found = []
    for name in dict.fromkeys([*facts_a, *facts_b]):
        value_a, value_b = (facts.get(name, msgspec.UNSET) for facts in (facts_a, facts_b))
        if value_a != value_b:
            found.append(f"A and B differ in {name}: {_shown(value_a)} against {_shown(value_b)}.")
    if a.interrupted and b.interrupted:
        found.append("A and B were both interrupted.")
    elif a.interrupted or b.interrupted:
        found.append("A was interrupted, B was not." if a.interrupted else "A was not interrupted, B was.")
    return found


def _facts(results: Results) -> dict[str, Any]:
    """Return what must be equal, by name. Of the setting `techniques` counts what was measured of it."""
    settings = msgspec.structs.asdict(results.settings)
    del settings["techniques"]
    software = _section(results, "software")
    measured = {run.technique for run in results.runs} | {run.technique for run in results.fanout}
    return {
        "schema": results.schema,
        "kind": results.kind,
        **{f"the setting {name}": value for name, value in settings.items()},
        "the sweep": results.sweep,
        **{f"the machine's {name}": value for name, value in _section(results, "machine").items()},
        "the version of Python": software.get("python", msgspec.UNSET),
        "the event loop": software.get("event_loop", msgspec.UNSET),
        "the cores confined to": results.metadata.get("confined_to", msgspec.UNSET),
        "the techniques measured": sorted(measured, key=lambda name: (name not in TECHNIQUES, _rank(name), name)),
    }


def _section(results: Results, name: str) -> dict[str, Any]:
    section = results.metadata.get(name)
    return section if isinstance(section, dict) else {}


def _rank(technique: str) -> int:
    return TECHNIQUES.index(technique) if technique in TECHNIQUES else len(TECHNIQUES)


def _shown(value: object) -> str:
    return NOT_SAID if value is msgspec.UNSET else msgspec.json.encode(value).decode()


def _most_lost(group: Group) -> float:
    """A median would hide what only one of three repeats lost."""
    return max(run.lost for run in group.runs)


class Compared(NamedTuple):
    """One figure of both results; `ratio` is B / A, None where either is missing or A is 0."""

    figure: Figure
    a: float | None
    b: float | None

    @property
    def ratio(self) -> float | None:
        """B / A."""
        return None if self.a is None or self.b is None or self.a == 0 else self.b / self.a


class Row(NamedTuple):
    """One technique, at one point of the sweep."""

    technique: str
    point: Point
    figures: tuple[Compared, ...]


FIGURES = (
    Figure("mean", "ms", mean_ms, ms),
    Figure("p50", "ms", lambda run: run.latency_ms.p50, ms),
    Figure("p99", "ms", lambda run: run.latency_ms.p99, ms),
    Figure("requests", "", lambda run: run.requests, whole),
    Figure("received", "B", lambda run: per_delivery(run.bytes_received, run), whole),
    Figure("sent", "B", lambda run: per_delivery(run.bytes_sent, run), whole),
    Figure("server CPU", "µs", lambda run: run.server_cpu_us_per_delivery, number),
    Figure("memory", "KiB", lambda run: run.server_kib_per_client, number),
)
"""Bytes and CPU are those of one delivery, memory that of one client; of repeats, the median."""

LOST = Figure("lost", "", lambda run: run.lost, whole)
"""Of repeats, the most."""


def comparison(a: Results, b: Results) -> list[Row]:
    """Return every figure of both results, a row for each technique and point that either has."""
    groups_a, groups_b = ({(group.technique, group.point): group for group in grouped(each)} for each in (a, b))
    rows = []
    for technique, point in dict.fromkeys([*groups_a, *groups_b]):
        pair = groups_a.get((technique, point)), groups_b.get((technique, point))
        figures = [_compared(figure, *pair, _median_of(figure)) for figure in FIGURES]
        rows.append(Row(technique, point, (*figures, _compared(LOST, *pair, _most_lost))))
    return rows


def _median_of(figure: Figure) -> Callable[[Group], float | None]:
    return lambda group: group.median(figure.get)


def _compared(figure: Figure, a: Group | None, b: Group | None, of: Callable[[Group], float | None]) -> Compared:
    return Compared(figure, None if a is None else of(a), None if b is None else of(b))
