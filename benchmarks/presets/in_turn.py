"""Runs of a preset whose settings differ, one after another."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import asdict, replace

from benchmarks.plan import Plan
from benchmarks.run import Measured
from benchmarks.session import Session
from benchmarks.site import Site


class Wanted(NamedTuple):
    """A run: its settings, its technique, and what harm is done to the network meanwhile."""

    plan: Plan
    technique: str
    during: Callable[[Site, float], None] | None = None


def changed(plan: Plan, **values: float) -> Plan:
    """Return the settings with some of them changed.

    Raises:
        ValueError: a value is outside what the option can mean.
    """
    other = replace(plan, **values)
    other.__post_init__()
    return other


def point_of(plan: Plan, among: Sequence[Plan]) -> dict[str, float]:
    """Return those options of a run that are not the same in all runs, by which the report tells runs apart."""
    every = [asdict(each) for each in among]
    return {name: float(value) for name, value in asdict(plan).items() if any(each[name] != value for each in every)}


async def measure_in_turn(session: Session, wanted: Sequence[Wanted]) -> list[Measured | None]:
    """Do the runs; None stands for those that were not measured."""
    session.progress.begin("Measuring", len(wanted))
    plans = [each.plan for each in wanted]
    return [
        await session.measure(each.plan, each.technique, point=point_of(each.plan, plans), during=each.during)
        for each in wanted
    ]
