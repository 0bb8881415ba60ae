"""A session that measures nothing: it returns what a test made up, and notes what was asked of it."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from benchmarks.plan import Plan
from benchmarks.progress import Silent
from benchmarks.results import Results, Run
from benchmarks.run import Measured
from benchmarks.samples import NS_PER_MS, Samples
from benchmarks.session import Session
from benchmarks.site import Site
from benchmarks.statistics import summarize
from tests.unit.benchmarks.literal import METADATA, run

Answer = Callable[[Plan, str], Measured | None]


class Asked(NamedTuple):
    """A run that a preset wanted."""

    technique: str
    plan: Plan
    point: dict[str, float]


class FakeSession(Session):
    """Gives the answers of a function instead of measuring."""

    def __init__(self, plan: Plan, answer: Answer) -> None:
        self.plan = plan
        self.interrupted = asyncio.Event()
        self.progress = Silent()
        self.results = Results(metadata=METADATA, settings=plan)
        self.samples = {}
        self.asked: list[Asked] = []
        self._answer = answer

    async def measure(
        self,
        plan: Plan,
        technique: str,
        *,
        repeat: int = 0,
        point: dict[str, float] | None = None,
        during: Callable[[Site, float], None] | None = None,
    ) -> Measured | None:
        self.asked.append(Asked(technique, plan, point or {}))
        measured = self._answer(plan, technique)
        if measured is not None:
            measured.run.point = point or {}
            self.keep(measured.run, measured.samples)
        return measured


def interrupted(plan: Plan, technique: str) -> None:
    """Answer as a session does after Ctrl-C: with nothing."""


def delivered(technique: str, latencies_ms: list[float], every_ms: float, transit_ms: float, gap_ms: float) -> Measured:
    """Make up a run of one client that got a message every so many milliseconds, with these latencies."""
    intended = [round(number * every_ms * NS_PER_MS) for number in range(len(latencies_ms))]
    samples = Samples(1, intended, intended)
    for number, latency_ms in enumerate(latencies_ms):
        samples.add(0, number, intended[number] + round(latency_ms * NS_PER_MS))
    return Measured(theoretical(run(technique, clients=1), samples, transit_ms, gap_ms), samples)


def theoretical(made: Run, samples: Samples, transit_ms: float, gap_ms: float) -> Run:
    """Return a run with the latencies of its samples, and this d and G."""
    count = len(samples)
    theory = msgspec.structs.replace(made.theory, transit_ms=transit_ms, gap_ms=gap_ms, spread_ms=0.0)
    latency = summarize(samples.latencies_ms())
    return msgspec.structs.replace(
        made, published=count, received=count, requests=count + 2, latency_ms=latency, theory=theory
    )
