"""Whatever clients do, nothing is lost unless a gap was told, nothing comes twice, and all comes in order."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushdemo.following import Start
from tests.unit.classroom_of_clients import Classroom, Client
from tests.unit.samples import memory_log, sqlite_log

pytestmark = pytest.mark.timeout(400)  # time to find the shortest example, should one fail
ROOMS = st.sampled_from(["a", "b"])
CLIENTS = st.integers(0, 2)
STARTS: st.SearchStrategy[Start] = st.sampled_from([None, "latest"])
HAPPENING = st.one_of(
    st.tuples(st.just("publish"), ROOMS, st.integers(1, 8)),
    st.tuples(st.just("connect"), CLIENTS, st.sampled_from(["after", "wait_after", "follow"])),
    st.tuples(st.just("meet"), CLIENTS, st.integers(0, 12)),
    st.tuples(st.just("read"), CLIENTS, st.integers(1, 4)),
    st.tuples(st.just("cut"), CLIENTS, st.integers(0, 3)),
    st.tuples(st.just("disconnect"), CLIENTS, st.none()),
    st.tuples(st.just("wait"), st.integers(0, 12), st.sampled_from([0, 0, 1, 5])),
)
RESTART = st.tuples(st.just("restart"), st.none(), st.none())
CLASS = st.fixed_dictionaries(
    {
        "clients": st.lists(st.tuples(ROOMS, STARTS), min_size=3, max_size=3),
        "happenings": st.lists(st.one_of(HAPPENING, HAPPENING, HAPPENING, RESTART), min_size=5, max_size=40),
        "messages_kept": st.sampled_from([1, 3, 6, 1_000]),
        "seed": st.integers(0, 2**16),
    }
)


async def hold(lesson: dict[str, Any], folder: Path | None = None) -> None:
    """Let everything happen, and check the clients' ledgers at the end."""

    def make_log(clock: Any) -> Any:
        kept = lesson["messages_kept"]
        if folder is None:
            return memory_log(clock, messages_kept=kept)
        return sqlite_log(folder / "feed.sqlite", clock, messages_kept=kept)

    clients = [Client(room, start) for room, start in lesson["clients"]]
    classroom = Classroom(make_log, clients, lesson["seed"], 3_000 if folder is None else 1_000_000)
    async with asyncio.timeout(10):
        await classroom.open()
        try:
            for happening in lesson["happenings"]:
                await classroom.happen(*happening)
            await classroom.finish()
        finally:
            await classroom.close()


@settings(max_examples=200)
@given(CLASS)
async def test_over_the_log_in_memory(lesson: dict[str, Any]) -> None:
    await hold(lesson)


@settings(max_examples=25)
@given(CLASS)
async def test_over_sqlite(lesson: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await hold(lesson, Path(folder))


@pytest.mark.long
@settings(max_examples=3_000, derandomize=False)
@given(CLASS)
async def test_over_the_log_in_memory_at_length(lesson: dict[str, Any]) -> None:
    await hold(lesson)


@pytest.mark.long
@settings(max_examples=300, derandomize=False)
@given(CLASS)
async def test_over_sqlite_at_length(lesson: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await hold(lesson, Path(folder))
