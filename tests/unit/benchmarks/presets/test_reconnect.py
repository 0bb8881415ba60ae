"""Cutting all connections in the middle of a run."""

import asyncio
from collections.abc import Callable

import pytest

from benchmarks.load.connection import Address
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets import reconnect
from benchmarks.presets.reconnect import Cut, Prediction, beside, cut_s, predict
from benchmarks.presets.returning import Return
from benchmarks.run import Measured
from benchmarks.samples import Samples
from benchmarks.site import Process, Site
from tests.unit.benchmarks.literal import run
from tests.unit.benchmarks.presets.fake_session import FakeSession, interrupted

PLAN = reconnect.PRESET.plan
HERE = Address("127.0.0.1", 1, b"localhost:1")
MS = 1_000_000


class Relay(Process):
    """A relay that only notes what it is commanded."""

    def __init__(self) -> None:
        self.commands: list[str] = []

    async def command(self, line: str) -> None:
        self.commands.append(line)


def test_the_cut_comes_half_a_transit_after_the_message_in_the_middle() -> None:
    assert cut_s(PLAN) == 6.005
    assert cut_s(Plan(rate=4, duration_s=1.3, delay_ms=20)) == 0.51  # the messages are due at 0, 0.25, 0.5 ...


def test_the_rules_say_when_half_and_most_of_the_clients_are_back() -> None:
    assert predict("sse", PLAN) == Prediction(290, 490)
    assert predict("websocket", PLAN) == Prediction(290, 490)
    assert predict("socket-io", PLAN) == Prediction(410, 610)
    assert predict("long-poll", PLAN) == Prediction(40, 40)
    assert predict("short-poll", PLAN) == Prediction(540, 940)


def test_short_polling_is_judged_by_its_first_message_and_the_others_by_coming_back() -> None:
    ours = Return("sse", 4, [100.0, 200.0], [300.0, 400.0], None, 0, 0, 0, None, 0)
    assert [(row.published, row.ours) for row in beside("sse", PLAN, ours)] == [(290, 100.0), (490, 200.0)]
    assert [(row.published, row.ours) for row in beside("short-poll", PLAN, ours)] == [(540, 300.0), (940, 400.0)]


def test_nobody_who_noticed_is_no_figure() -> None:
    ours = Return("sse", 4, [], [], None, 0, 0, 0, None, 0)
    assert [row.ours for row in beside("sse", PLAN, ours)] == [None, None]


async def test_the_cut_is_laid_down_when_publishing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    relay = Relay()
    cut = Cut(PLAN)
    loop = asyncio.get_running_loop()
    due: list[tuple[float, Callable[[], None]]] = []
    monkeypatch.setattr(loop, "call_later", lambda delay_s, call, *args: due.append((delay_s, lambda: call(*args))))
    cut(Site(HERE, HERE, relay=relay), 12)
    monkeypatch.undo()
    [(delay_s, call)] = due
    assert delay_s == pytest.approx(6.105)
    assert (cut.at_ns, relay.commands) == (None, [])
    call()
    await asyncio.sleep(0)
    assert relay.commands == ["cut"]
    assert cut.at_ns is not None
    assert cut.at_ns < 0  # it was called at once, before the first message


class CuttingSession(FakeSession):
    """Lets each run be cut 6.005 s after its beginning, as if that much time had passed."""

    async def measure(
        self,
        plan: Plan,
        technique: str,
        *,
        repeat: int = 0,
        point: dict[str, float] | None = None,
        during: Callable[[Site, float], None] | None = None,
    ) -> Measured | None:
        measured = await super().measure(plan, technique, repeat=repeat, point=point, during=during)
        assert isinstance(during, Cut)
        if measured is not None:
            during.at_ns = 6_005 * MS
        return measured


def answer(plan: Plan, technique: str) -> Measured:
    """Return a run of one client that came back after 300 ms and had its message then."""
    samples = Samples(1, [6_000 * MS], [6_000 * MS])
    samples.add(0, 0, 6_305 * MS)
    return Measured(run(technique, clients=1), samples, [(0, 6_005 * MS, 6_305 * MS)])


async def test_every_technique_is_cut_once() -> None:
    session = CuttingSession(PLAN, answer)
    [section] = await reconnect.PRESET.measure(session)
    assert [asked.technique for asked in session.asked] == list(TECHNIQUES)
    assert section.title == "The cut"
    assert {row.ours for row in session.results.beside} == {300.0}


async def test_a_run_that_ended_before_its_cut_is_left_out() -> None:
    session = FakeSession(PLAN, answer)
    assert await reconnect.PRESET.measure(session) == []
    assert {row.ours for row in session.results.beside} == {None}


async def test_what_was_interrupted_leaves_the_predictions_alone() -> None:
    session = CuttingSession(PLAN, interrupted)
    assert await reconnect.PRESET.measure(session) == []
    assert session.results.beside[0].published == 540
    assert {row.ours for row in session.results.beside} == {None}
