"""The witness beside the SQLite log: written soon after each commit, and how far it is trusted after a kill."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from pushdemo.log import witness
from pushdemo.log.sqlite import SqliteLog
from tests.support.until import until
from tests.unit.log.conftest import opened
from tests.unit.log.test_sqlite import fill
from tests.unit.samples import numbers, sqlite_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.sqlite"


def kill(log: SqliteLog) -> None:
    """Leave the witness as a killed process does: it closes nothing properly, but loses its locks."""
    log._writer._witness._noted = None
    log._writer._witness.close()


def seen_by_the_witness(path: Path) -> int:
    """Return how many commits the witness tells of."""
    text = path.with_name(f"{path.name}-witness").read_bytes()
    return msgspec.json.decode(text, type=witness.Testimony).commits


async def test_after_a_process_that_was_killed_the_epoch_goes_on(path: Path) -> None:
    killed = sqlite_log(path)
    await killed.open(lambda room, messages: None)
    kept = await fill(killed, 3)
    kill(killed)
    async with opened(sqlite_log(path)) as log:
        assert await log.after("lobby", 0, 10) == kept
        assert (await log.span("lobby")).epoch == (await killed.span("lobby")).epoch
    await killed.close()


async def test_a_process_killed_while_its_witness_is_behind_has_lost_nothing_and_a_backup_is_still_found_out(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(witness, "WRITTEN_EVERY_S", 3_600)
    killed = sqlite_log(path)
    await killed.open(lambda room, messages: None)
    for _ in range(6):
        await fill(killed, 1)
    assert seen_by_the_witness(path) == 1
    kill(killed)
    async with opened(sqlite_log(path)) as log:
        epoch = (await log.span("lobby")).epoch
        assert epoch == (await killed.span("lobby")).epoch
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3, 4, 5, 6]
    await killed.close()
    assert seen_by_the_witness(path) == 6
    with sqlite3.connect(path) as connection:  # as it was when there were three
        connection.execute("DELETE FROM messages WHERE number > 3")
        connection.execute("UPDATE rooms SET newest = 3")
        connection.execute("UPDATE log SET commits = 3")
    connection.close()
    async with opened(sqlite_log(path)) as log:
        assert (await log.span("lobby")).epoch != epoch


async def test_a_log_that_is_closed_leaves_no_witness_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "WRITTEN_EVERY_S", 3_600)
    async with opened(sqlite_log(path)) as log:
        for _ in range(3):
            await fill(log, 1)
        assert seen_by_the_witness(path) == 1
    assert seen_by_the_witness(path) == 3


async def test_a_witness_that_cannot_be_written_stops_nobody_and_the_next_start_is_another_epoch(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with opened(sqlite_log(path)) as log:
        epoch = (await log.span("lobby")).epoch
        await fill(log, 1)
    async with opened(sqlite_log(path)) as log:
        log._writer._witness.path.write_bytes(b"")
        monkeypatch.setattr(log._writer._witness, "record", full)
        assert numbers(await fill(log, 2)) == [2, 3]
    async with opened(sqlite_log(path)) as log:
        assert (await log.span("lobby")).epoch != epoch
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3]


async def test_commits_that_follow_fast_share_one_writing_of_the_witness_which_comes_soon_after_the_last(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    async with opened(sqlite_log(path)) as log:
        witness = log._writer._witness
        record = witness.record

        def watched(life: str, commits: int) -> None:
            record(life, commits)
            written.append(commits)

        monkeypatch.setattr(witness, "record", watched)
        commits = 0
        while not written or commits < written[-1] + 2:
            await fill(log, 1)
            commits += 1
        await until(lambda: written[-1] == commits, "the witness tells of the last commit")
    assert len(written) < commits
