"""The SQLite log alone: group commit, what survives, and what happens when the disk does not obey."""

import asyncio
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pushdemo.log import Appended, Span
from pushdemo.log.sqlite import MOST_WAITING, SqliteLog
from pushdemo.messages import Message
from pushdemo.problems import Problem
from tests.unit.log.broken import held_writer, make_failing
from tests.unit.log.conftest import Announced, opened
from tests.unit.samples import draft, numbers, sqlite_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.sqlite"


async def fill(log: SqliteLog, count: int, room: str = "lobby") -> list[Message]:
    outcomes = await asyncio.gather(*(log.append(room, draft(f"text {number}")) for number in range(count)))
    return [outcome.message for outcome in outcomes]


def rows(path: Path, query: str) -> list[tuple[int, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def commits(path: Path) -> int:
    return rows(path, "SELECT commits FROM log")[0][0]


# --- group commit ---


async def test_what_gathers_while_the_disk_is_busy_is_committed_together(path: Path, announced: Announced) -> None:
    async with opened(sqlite_log(path), announced) as log:
        with held_writer(log) as waits:
            tasks = [asyncio.create_task(log.append("lobby", draft("first")))]
            await asyncio.to_thread(waits.wait, 30)
            tasks += [asyncio.create_task(log.append("lobby", draft(str(number)))) for number in range(999)]
            await asyncio.sleep(0)
            assert not any(task.done() for task in tasks)
            assert announced == []
        outcomes = await asyncio.gather(*tasks)
        assert [outcome.message.number for outcome in outcomes] == list(range(1, 1_001))
        assert commits(path) == 2
        assert announced.of("lobby") == list(range(1, 1_001))


async def test_each_that_is_alone_is_a_commit(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        for _ in range(3):
            await log.append("lobby", draft())
        assert commits(path) == 3


async def test_two_under_one_key_in_one_commit_give_one_message(path: Path, announced: Announced) -> None:
    async with opened(sqlite_log(path), announced) as log:
        with held_writer(log) as waits:
            first = asyncio.create_task(log.append("lobby", draft("first")))
            await asyncio.to_thread(waits.wait, 30)
            twice = [asyncio.create_task(log.append("lobby", draft("hi", key="c-1"))) for _ in range(2)]
            other = asyncio.create_task(log.append("lobby", draft("ho", key="c-1")))
            await asyncio.sleep(0)
        await first
        outcomes = await asyncio.gather(*twice, other, return_exceptions=True)
        assert commits(path) == 2
    assert [outcome.created for outcome in outcomes[:2]] == [True, False]
    assert outcomes[0].message == outcomes[1].message
    assert isinstance(outcomes[2], Problem)
    assert outcomes[2].status == 409
    assert announced == [("lobby", 1), ("lobby", 2)]


async def test_a_key_that_goes_in_the_same_commit_may_stand_for_another_message(path: Path) -> None:
    async with opened(sqlite_log(path, messages_kept=1)) as log:
        with held_writer(log) as waits:
            tasks = [asyncio.create_task(log.append("lobby", draft("first")))]
            await asyncio.to_thread(waits.wait, 30)
            for text, key in (("hi", "c-1"), ("between", None), ("ho", "c-1")):
                tasks.append(asyncio.create_task(log.append("lobby", draft(text, key=key))))
            await asyncio.sleep(0)
        outcomes = await asyncio.gather(*tasks)
        assert [outcome.message.number for outcome in outcomes] == [1, 2, 3, 4]


async def test_more_than_may_wait_for_the_disk_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_WAITING == 20_000
    monkeypatch.setattr("pushdemo.log.sqlite.MOST_WAITING", 5)
    async with opened(sqlite_log(path)) as log:
        with held_writer(log) as waits:
            first = asyncio.create_task(log.append("lobby", draft("first")))
            await asyncio.to_thread(waits.wait, 30)
            tasks = [asyncio.create_task(log.append("lobby", draft(str(number)))) for number in range(5)]
            await asyncio.sleep(0)
            with pytest.raises(Problem, match=r"^5 messages already wait for the disk\.$") as refusal:
                await log.append("lobby", draft("too much"))
            assert (refusal.value.status, refusal.value.retry_after_s) == (503, 1)
        await asyncio.gather(first, *tasks)
        assert (await log.span("lobby")).newest == 6


# --- closing and opening again ---


async def test_opening_again_keeps_epoch_numbers_and_content(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        kept = await fill(log, 3) + await fill(log, 2, "other")
        spans = await log.rooms()
    async with opened(sqlite_log(path)) as log:
        assert await log.rooms() == spans
        assert await log.after("lobby", 0, 10) + await log.after("other", 0, 10) == kept
        assert (await log.append("lobby", draft())).message.number == 4


async def test_a_key_is_remembered_by_the_next_process(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        first = await log.append("lobby", draft("hi", key="c-1"))
    async with opened(sqlite_log(path)) as log:
        assert await log.append("lobby", draft("hi", key="c-1")) == Appended(first.message, created=False)


async def test_what_was_handed_in_before_the_close_is_still_kept(path: Path) -> None:
    log = sqlite_log(path)
    await log.open(lambda room, messages: None)
    tasks = [asyncio.create_task(log.append("lobby", draft(str(number)))) for number in range(100)]
    await asyncio.sleep(0)
    await log.close()
    outcomes = await asyncio.gather(*tasks)
    async with opened(sqlite_log(path)) as log:
        assert await log.after("lobby", 0, 200) == [outcome.message for outcome in outcomes]


async def test_a_closed_log_leaves_no_write_ahead_log_behind(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        await fill(log, 3)
        await asyncio.gather(*(log.after("lobby", 0, 1) for _ in range(5)))
    assert sorted(each.name for each in path.parent.iterdir()) == ["feed.sqlite", "feed.sqlite-witness"]


async def test_what_was_answered_is_there_though_nobody_closed_the_log(path: Path, tmp_path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        kept = await fill(log, 50)
        killed = tmp_path / "killed"
        killed.mkdir()
        for each in (path, Path(f"{path}-wal")):  # what the disk holds at this moment
            shutil.copy(each, killed)
    async with opened(sqlite_log(killed / path.name)) as log:
        found = await log.after("lobby", 0, 100)
    assert [(message.number, message.text) for message in found] == [(each.number, each.text) for each in kept]


async def test_who_waited_is_answered_before_readers_are_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = sqlite_log(path)
    answered: list[bool] = []
    settling: list[Any] = []
    settle = log._settle

    def watched(appends: Any, *more: Any) -> None:
        settling[:] = appends
        settle(appends, *more)

    monkeypatch.setattr(log, "_settle", watched)
    await log.open(lambda room, messages: answered.extend(append.answer.done() for append in settling))
    await fill(log, 3)
    await log.close()
    assert answered
    assert all(answered)


async def test_retention_lowered_between_two_runs_trims_at_the_next_message(path: Path) -> None:
    async with opened(sqlite_log(path, messages_kept=100)) as log:
        await fill(log, 10)
    async with opened(sqlite_log(path, messages_kept=3)) as log:
        span = await log.span("lobby")
        assert (span.oldest, span.newest) == (1, 10)
        assert numbers(await log.after("lobby", 0, 100)) == list(range(1, 11))
        await log.append("lobby", draft())
        assert await log.span("lobby") == Span(span.epoch, 9, 11)
        assert numbers(await log.after("lobby", 0, 100)) == [9, 10, 11]
    assert rows(path, "SELECT number FROM messages") == [(9,), (10,), (11,)]


async def test_retention_raised_between_two_runs_keeps_more_from_then_on(path: Path) -> None:
    async with opened(sqlite_log(path, messages_kept=2)) as log:
        await fill(log, 5)
    async with opened(sqlite_log(path, messages_kept=4)) as log:
        await fill(log, 1)
        assert numbers(await log.after("lobby", 0, 100)) == [4, 5, 6]
        await fill(log, 2)
        assert numbers(await log.after("lobby", 0, 100)) == [5, 6, 7, 8]


async def test_a_limit_on_rooms_lowered_between_two_runs_closes_none(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        for room in ("a", "b", "c"):
            await log.append(room, draft())
    async with opened(sqlite_log(path, max_rooms=1)) as log:
        assert (await log.append("b", draft())).message.number == 2
        with pytest.raises(Problem, match="1 rooms at most"):
            await log.append("d", draft())


async def test_a_log_of_two_thousand_rooms_opens_with_all_of_them(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        await asyncio.gather(*(log.append(f"room-{number}", draft()) for number in range(2_000)))
        spans = await log.rooms()
    async with opened(sqlite_log(path)) as log:
        assert await log.rooms() == spans
        assert len(spans) == 2_000
        assert (await log.after("room-1999", 0, 1))[0].room == "room-1999"


# --- a disk that does not obey ---

STEPS = ["BEGIN", "INSERT INTO rooms", "INSERT INTO messages", "UPDATE rooms", "UPDATE log", "COMMIT"]


@pytest.mark.parametrize("step", STEPS)
async def test_a_failed_commit_is_503_and_leaves_no_trace(path: Path, announced: Announced, step: str) -> None:
    async with opened(sqlite_log(path), announced) as log:
        disk = make_failing(log)
        disk.failing = step
        with pytest.raises(Problem) as refusal:
            await log.append("lobby", draft("lost", key="c-1"))
        assert disk.failed == 1
        assert (refusal.value.status, refusal.value.retry_after_s) == (503, 5)
        assert refusal.value.detail == "The log cannot be written at the moment: disk I/O error."
        assert (announced, await log.rooms(), await log.after("lobby", 0, 10)) == ([], {}, [])
        disk.failing = None
        assert (await log.append("lobby", draft("other text", key="c-1"))).message.number == 1
        assert announced == [("lobby", 1)]
    async with opened(sqlite_log(path)) as log:
        assert [message.text for message in await log.after("lobby", 0, 10)] == ["other text"]


@pytest.mark.parametrize("step", ["INSERT INTO messages", "DELETE FROM messages", "COMMIT"])
async def test_after_a_failed_commit_no_number_is_missing_or_used_twice(path: Path, step: str) -> None:
    async with opened(sqlite_log(path, messages_kept=3)) as log:
        await fill(log, 3)
        disk = make_failing(log)
        disk.failing = step
        failed = await asyncio.gather(
            *(log.append("lobby", draft("lost")) for _ in range(4)), log.append("new", draft()), return_exceptions=True
        )
        assert Problem in {type(outcome) for outcome in failed}
        survivors = [outcome.message for outcome in failed if isinstance(outcome, Appended)]
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3]
        disk.failing = None
        kept = await fill(log, 2)
        assert numbers(kept) == [4, 5]
        assert numbers(await log.after("lobby", 0, 10)) == [3, 4, 5]
        assert [message.room for message in survivors] == ["new"] * len(survivors)


async def test_when_the_disk_is_full_publishing_is_503_and_reading_goes_on(path: Path, announced: Announced) -> None:
    async with opened(sqlite_log(path), announced) as log:
        kept = await fill(log, 3)
        connection = log._writer._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Problem) as refusal:
            await log.append("lobby", draft("x" * 100_000))
        assert refusal.value.status == 503
        assert refusal.value.detail == "The log cannot be written at the moment: database or disk is full."
        assert await log.after("lobby", 0, 10) == kept
        assert len(announced) == 3
        connection.execute("PRAGMA max_page_count = 1000000")
        assert (await log.append("lobby", draft("y" * 100_000))).message.number == 4
    async with opened(sqlite_log(path)) as log:
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3, 4]


async def test_when_the_disk_cannot_be_read_reading_is_503_until_it_can(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        await fill(log, 3)
    away = path.with_name("away")
    async with opened(sqlite_log(path)) as log:
        path.rename(away)
        with pytest.raises(Problem) as refusal:
            await log.after("lobby", 0, 10)
        assert (refusal.value.status, refusal.value.retry_after_s) == (503, 5)
        assert refusal.value.detail == "The log cannot be read at the moment: unable to open database file."
        assert not path.exists()  # nor is it made anew
        away.rename(path)
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3]


async def test_a_page_that_is_torn_while_the_log_is_open_is_503(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        await fill(log, 300)
    async with opened(sqlite_log(path)) as log:
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
        with pytest.raises(Problem, match="cannot be read at the moment: database disk image is malformed"):
            await log.after("lobby", 0, 500)
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["a b.sqlite", "a?mode=rw#%41.sqlite", "李.sqlite"])
async def test_a_name_that_would_mean_something_in_a_url_is_read_as_it_stands(tmp_path: Path, name: str) -> None:
    async with opened(sqlite_log(tmp_path / name)) as log:
        await fill(log, 3)
    async with opened(sqlite_log(tmp_path / name)) as log:
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3]


async def test_the_log_is_written_so_that_a_power_cut_loses_nothing(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        connection = log._writer._connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
