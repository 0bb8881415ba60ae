"""From the runs to the constants, and from these to what was published."""

import pytest

from benchmarks.plan import Plan
from benchmarks.presets import vandevyvere
from benchmarks.presets.vandevyvere import CASES, beside, checks_of, constants_of, plan_of
from benchmarks.results import Run
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import run
from tests.unit.benchmarks.presets.fake_session import FakeSession, interrupted
from tests.unit.benchmarks.presets.test_capacity import CONSTANTS

PLAN = vandevyvere.PRESET.plan
RUNS = {
    "kept": run("short-poll", clients=400, received=0, seconds=8.0, server_cpu_s=1.28),
    "full": run("short-poll", clients=400, received=12_800, seconds=7.9, server_cpu_s=1.92),
    "new": run("short-poll", clients=3_000, received=0, seconds=12.0, server_cpu_s=1.8),
    "silent": run("sse", clients=1_000, received=0, seconds=16.0, server_cpu_s=0.08),
    "spoken": run("sse", clients=500, received=6_000, seconds=5.9, server_cpu_s=0.165, bytes_received=24_000_000),
    "checked polling": run(
        "short-poll", clients=1_500, received=6_000, seconds=15.9, server_cpu_s=1.6, server_kib_per_client=8.0
    ),
    "checked stream": run(
        "sse", clients=1_500, received=6_000, seconds=15.9, server_cpu_s=0.24, server_kib_per_client=16.0
    ),
}
"""Made from CONSTANTS, but for the checks, which are near to what these foretell."""


def without(*names: str) -> dict[str, Run]:
    """Return the runs, some of which were not done."""
    return {name: each for name, each in RUNS.items() if name not in names}


def test_the_constants_come_out_of_the_runs() -> None:
    assert constants_of(RUNS) == pytest.approx(CONSTANTS)


def test_without_one_of_the_runs_there_are_no_constants_but_memory_may_be_missing() -> None:
    for name in ("kept", "new", "full", "silent", "spoken"):
        assert constants_of(without(name)) is None
    found = constants_of(without("checked polling", "checked stream"))
    assert found is not None
    assert (found.poll_kib, found.stream_kib) == (None, None)


def test_a_system_that_does_not_tell_of_cpu_gives_no_constants() -> None:
    for name, each in RUNS.items():
        if not name.startswith("checked"):
            assert constants_of({**RUNS, name: run(each.technique, server_cpu_s=None)}) is None


def test_what_the_constants_foretell_stands_beside_what_was_measured() -> None:
    polling, stream = checks_of(RUNS, CONSTANTS)
    # 24,000 polls of 100 us and 6,000 messages of 50 us in 16 s; 1,500 streams of 5 us each second, 6,000 of 25 us
    assert polling[:3] == ("short-poll", 1_500, "a poll every 1 s")
    assert polling[3:] == pytest.approx((2.7 / 16, 0.1))
    assert stream[:3] == ("sse", 1_500, "a stream")
    assert stream[3:] == pytest.approx((0.27 / 16, 0.015))
    assert checks_of(without("checked polling", "checked stream"), CONSTANTS) == []
    assert checks_of({"checked stream": run("sse", server_cpu_s=None)}, CONSTANTS) == []


def test_published_stands_beside_what_follows() -> None:
    crossing = CONSTANTS._replace(stream_us_per_s=35)
    assert [(row.published, row.ours) for row in beside(crossing)] == [
        (8_000, 18_000),  # 700,000 / 40, at a delay of 10 s
        (25_000, 18_000),
        (10, 10),
    ]
    assert [(row.published, row.ours) for row in beside(CONSTANTS)] == [(8_000, 18_000), (25_000, 70_000), (10, None)]
    assert [row.ours for row in beside(None)] == [None, None, None]


def test_a_shorter_duration_shortens_all_runs() -> None:
    assert plan_of(CASES["new"], PLAN).duration_s == 12
    assert plan_of(CASES["kept"], Plan(duration_s=4)).duration_s == 2


def test_the_check_has_the_settings_that_the_report_begins_with() -> None:
    for name in ("checked polling", "checked stream"):
        assert plan_of(CASES[name], PLAN) == PLAN


async def test_every_case_is_measured_and_the_section_made() -> None:
    runs = iter(RUNS.values())
    session = FakeSession(PLAN, lambda plan, technique: Measured(next(runs), Samples(1)))
    [section] = await vandevyvere.PRESET.measure(session)
    assert [asked.technique for asked in session.asked] == [case.technique for case in CASES.values()]
    assert section.title == "Clients that a core carries"
    assert [row.ours for row in session.results.beside] == [18_000, 70_000, None]


async def test_what_was_interrupted_leaves_the_published_figures_alone() -> None:
    session = FakeSession(PLAN, interrupted)
    assert await vandevyvere.PRESET.measure(session) == []
    assert [(row.published, row.ours) for row in session.results.beside] == [(8_000, None), (25_000, None), (10, None)]
