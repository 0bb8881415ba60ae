"""All the runs of one call: technique after technique, point after point, again and again if wanted.

The techniques are measured in turn, and all of them before any is repeated, so that a machine whose speed drifts does
not favour one of them.
"""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from benchmarks import machine
from benchmarks.load.crowd import CouldNotOpen
from benchmarks.plan import WHOLE, Plan
from benchmarks.results import Results, Run
from benchmarks.run import Measured, Tell, measure
from benchmarks.samples import Samples
from benchmarks.site import Site, SiteError, parse_url, reach


class Progress(Protocol):
    """Who is told how far it is."""

    def begin(self, what: str, runs: int) -> None:
        """So many runs are to come."""

    def run(self, what: str) -> Tell:
        """The next one begins; return whom to tell of its steps."""

    def end(self) -> None:
        """All runs are done, or given up."""


class Session:
    """Measures, and collects what was measured.

    Args:
        plan: what all runs have in common; stands in the results as their settings.
        interrupted: set by Ctrl-C; no other run is begun then.
        progress: is told how far it is.
        kind: `run`, or the name of a preset.
    """

    def __init__(self, plan: Plan, interrupted: asyncio.Event, progress: Progress, kind: str = "run") -> None:
        self.plan = plan
        self.interrupted = interrupted
        self.progress = progress
        self.results = Results(kind=kind, metadata=machine.metadata(), settings=plan)
        self.samples: dict[int, Samples] = {}

    async def measure(
        self,
        plan: Plan,
        technique: str,
        *,
        repeat: int = 0,
        point: dict[str, float] | None = None,
        during: Callable[[Site, float], None] | None = None,
    ) -> Measured | None:
        """Measure one technique and keep the result; None when it could not be measured, or Ctrl-C came before.

        Args:
            plan: the settings of this run.
            technique: which.
            repeat: which of the repetitions.
            point: the swept option and its value.
            during: see `run.measure`.
        """
        if self.interrupted.is_set():
            self.results.interrupted = True
            return None
        tell = self.progress.run(label(technique, point or {}, repeat))
        try:
            measured = await measure(plan, technique, self.interrupted, tell, during=during)
        except (SiteError, CouldNotOpen, OSError) as error:
            self.results.failures.append(f"{technique} could not be measured: {str(error) or 'it takes too long'}")
            return None
        except Exception as error:  # noqa: BLE001 - a mistake of ours; what is measured already is kept
            traceback.print_exc()
            self.results.failures.append(f"{technique} could not be measured: {type(error).__name__}: {error}")
            return None
        if self.interrupted.is_set():
            self.results.interrupted = True
        measured.run.repeat = repeat
        measured.run.point = point or {}
        self.keep(measured.run, measured.samples)
        return measured

    def keep(self, run: Run, samples: Samples) -> None:
        """Add a run to the results."""
        self.samples[len(self.results.runs)] = samples
        self.results.runs.append(run)


def label(technique: str, point: dict[str, float], repeat: int) -> str:
    """Return what a run is called while it is measured."""
    where = "".join(f", {name.removesuffix('_s')} {value:g}" for name, value in point.items())
    return f"{technique}{where}{f', again ({repeat})' if repeat else ''}"


def steps(plan: Plan, sweep: dict[str, list[float]]) -> Iterator[tuple[int, dict[str, float], str]]:
    """Go through (repeat, point, technique) of a call.

    Args:
        plan: its techniques and how often each is repeated.
        sweep: one option and its values, or nothing.
    """
    points = [{name: value} for name, values in sweep.items() for value in values] or [{}]
    for repeat in range(plan.repeat):
        for point in points:
            for technique in plan.techniques:
                yield repeat, point, technique


def plan_at(plan: Plan, point: dict[str, float]) -> Plan:
    """Return the settings at a point of a sweep.

    Raises:
        ValueError: the value is outside what the option can mean.
    """
    values = {name: int(value) if name in WHOLE else value for name, value in point.items()}
    changed = msgspec.structs.replace(plan, **values)
    changed.__post_init__()
    return changed


async def measure_all(session: Session, sweep: dict[str, list[float]]) -> None:
    """Measure every technique of the session's plan, at every point of `sweep`.

    Raises:
        SiteError: nobody answers at the plan's `url`.
    """
    if session.plan.url is not None:
        await reach(parse_url(session.plan.url))
    todo = list(steps(session.plan, sweep))
    session.results.sweep = sweep
    session.progress.begin("Measuring", len(todo))
    try:
        for repeat, point, technique in todo:
            await session.measure(plan_at(session.plan, point), technique, repeat=repeat, point=point)
    finally:
        session.progress.end()
