"""Runs of a preset whose settings differ."""

import pytest

from benchmarks.plan import Plan
from benchmarks.presets.in_turn import Wanted, changed, measure_in_turn, point_of
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import run
from tests.unit.benchmarks.presets.fake_session import FakeSession


def test_settings_are_changed_and_checked() -> None:
    assert changed(Plan(), clients=7).clients == 7
    with pytest.raises(ValueError, match="clients is from 1 to 100,000; this came: 0"):
        changed(Plan(), clients=0)


def test_a_point_has_the_options_that_differ_and_no_others() -> None:
    plans = [Plan(text_bytes=20), Plan(text_bytes=20, browser_headers=True), Plan(text_bytes=1_000)]
    assert point_of(plans[0], plans) == {"text_bytes": 20, "browser_headers": 0}
    assert point_of(plans[1], plans) == {"text_bytes": 20, "browser_headers": 1}
    assert point_of(plans[0], plans[:1]) == {}


async def test_what_was_not_measured_is_none_in_its_place() -> None:
    def answer(plan: Plan, technique: str) -> Measured | None:
        return None if technique == "sse" else Measured(run(technique), Samples(1))

    session = FakeSession(Plan(), answer)
    wanted = [Wanted(Plan(clients=1), "sse"), Wanted(Plan(clients=2), "websocket")]
    first, second = await measure_in_turn(session, wanted)
    assert first is None
    assert second is not None
    assert second.run.technique == "websocket"
    assert [asked.point for asked in session.asked] == [{"clients": 1}, {"clients": 2}]
