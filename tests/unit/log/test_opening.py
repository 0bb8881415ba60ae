"""What the SQLite log refuses to open, and when it goes on as another life: restored, copied, without its witness."""

import asyncio
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pushdemo.log import Appended, LogError, Span
from pushdemo.log.sqlite import APPLICATION_ID
from pushdemo.log.witness import Testimony as Seen
from pushdemo.log.witness import Witness
from tests.unit.log.conftest import opened
from tests.unit.samples import draft, numbers, sqlite_log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.sqlite"


def make_database(path: Path, script: str) -> bytes:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path.read_bytes()


async def run(path: Path, publishes: int = 1) -> str:
    """Open the log, publish, close it; return the room's epoch."""
    async with opened(sqlite_log(path)) as log:
        for _ in range(publishes):
            await log.append("lobby", draft())
        epoch: str = (await log.span("lobby")).epoch
        return epoch


async def refusal(path: Path) -> str:
    with pytest.raises(LogError) as error:
        await sqlite_log(path).open(lambda room, messages: None)
    return str(error.value)


# --- refused ---


async def test_a_database_of_another_program_is_refused_and_not_touched(path: Path) -> None:
    before = make_database(path, "CREATE TABLE bookings (room TEXT); INSERT INTO bookings VALUES ('a');")
    assert await refusal(path) == f"{path} is the database of another program."
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


async def test_a_database_that_bears_another_programs_mark_is_refused_though_its_tables_have_our_names(
    path: Path,
) -> None:
    before = make_database(
        path, "CREATE TABLE log (life, commits); PRAGMA application_id = 7; PRAGMA user_version = 1;"
    )
    assert await refusal(path) == f"{path} is the database of another program."
    assert path.read_bytes() == before


async def test_a_text_file_is_refused_and_not_touched(path: Path) -> None:
    path.write_text("Dear diary,\n" * 100)
    assert await refusal(path) == f"Cannot open the log {path}: file is not a database."
    assert path.read_text() == "Dear diary,\n" * 100
    assert [each.name for each in path.parent.iterdir()] == [path.name]


async def test_a_schema_of_a_later_version_is_refused_and_not_touched(path: Path) -> None:
    await run(path)
    before = make_database(path, "PRAGMA user_version = 2;")
    assert await refusal(path) == f"{path} has schema version 2; this pushdemo reads version 1."
    assert path.read_bytes() == before
    make_database(path, "PRAGMA user_version = 1;")
    await run(path)


async def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    assert await refusal(path) == f"Cannot open the log {path}: unable to open database file."


async def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert await refusal(tmp_path / "file" / "feed.sqlite") == f"Cannot make the folder {tmp_path}/file: File exists."


async def test_a_second_server_on_the_same_log_is_refused_and_the_first_goes_on(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        assert await refusal(path) == f"Another pushdemo has {path} open; give this one another --log."
        assert (await log.append("lobby", draft())).message.number == 1
    await run(path)


async def test_a_log_that_was_refused_can_be_opened_when_the_reason_is_gone(path: Path) -> None:
    make_database(path, "CREATE TABLE bookings (room TEXT);")
    log = sqlite_log(path)
    with pytest.raises(LogError):
        await log.open(lambda room, messages: None)
    path.unlink()
    async with opened(log):
        assert (await log.append("lobby", draft())).message.number == 1


async def test_an_empty_file_is_taken_as_a_new_log(path: Path) -> None:
    path.touch()
    await run(path)
    assert make_database(path, "")[68:72] == APPLICATION_ID.to_bytes(4)


async def test_folders_above_the_log_are_made(tmp_path: Path) -> None:
    await run(tmp_path / "a" / "b" / "feed.sqlite")
    assert (tmp_path / "a" / "b" / "feed.sqlite").is_file()


# --- the same life, or another ---


def witness_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-witness")


def copy_later(source: Path, target: Path) -> None:
    """Copy a log and its witness as if that happened a second after the last commit."""
    target.parent.mkdir(exist_ok=True)
    shutil.copy(source, target)
    seen = msgspec.json.decode(witness_of(source).read_bytes(), type=Seen)
    seen.written_ns -= 1_000_000_000
    witness_of(target).write_bytes(msgspec.json.encode(seen))


async def test_closed_and_opened_again_it_is_the_same_life(path: Path) -> None:
    epochs = {await run(path) for _ in range(3)}
    assert len(epochs) == 1


async def test_opened_again_without_a_message_published_it_is_the_same_life(path: Path) -> None:
    assert await run(path, 0) == await run(path, 0) == await run(path, 1)


async def test_two_logs_have_two_lives(tmp_path: Path) -> None:
    assert await run(tmp_path / "a.sqlite") != await run(tmp_path / "b.sqlite")


async def test_a_log_deleted_and_begun_anew_is_another_life(path: Path) -> None:
    first = await run(path)
    path.unlink()
    assert await run(path) != first


async def test_a_backup_put_back_is_another_life_with_the_messages_of_then(path: Path, tmp_path: Path) -> None:
    await run(path, 3)
    shutil.copy(path, tmp_path / "backup")
    first = await run(path, 2)
    shutil.copy(tmp_path / "backup", path)
    second = await run(path, 0)
    assert second != first
    async with opened(sqlite_log(path)) as log:
        assert numbers(await log.after("lobby", 0, 10)) == [1, 2, 3]
        assert (await log.append("lobby", draft())).message.number == 4
        assert (await log.span("lobby")).epoch == second


async def test_a_backup_put_back_with_its_witness_is_another_life(path: Path, tmp_path: Path) -> None:
    first = await run(path, 3)
    copy_later(path, tmp_path / "backup" / path.name)
    await run(path, 2)
    for each in (path, witness_of(path)):
        shutil.copy(tmp_path / "backup" / each.name, each)
    assert await run(path, 0) != first


def delete(witness: Path) -> None:
    witness.unlink()


def empty(witness: Path) -> None:
    witness.write_bytes(b"")


def garble(witness: Path) -> None:
    witness.write_bytes(b"\xff\x00 not JSON")


def cut(witness: Path) -> None:
    witness.write_bytes(witness.read_bytes()[:-5])


def give_other_fields(witness: Path) -> None:
    witness.write_bytes(b'{"life":1}')


@pytest.mark.parametrize("harm", [delete, empty, garble, cut, give_other_fields], ids=lambda harm: harm.__name__)
async def test_without_a_witness_that_can_be_read_it_is_another_life_and_then_stays_the_same(
    path: Path, harm: Callable[[Path], None]
) -> None:
    first = await run(path)
    harm(witness_of(path))
    second = await run(path)
    assert second != first
    assert await run(path) == second


async def test_a_copied_log_is_another_life_and_the_original_is_not(path: Path, tmp_path: Path) -> None:
    first = await run(path)
    copy = tmp_path / "copy" / path.name
    copy_later(path, copy)
    assert await run(copy) != first
    assert await run(path) == first


async def test_a_log_moved_with_its_witness_is_another_life(path: Path, tmp_path: Path) -> None:
    first = await run(path)
    copy = tmp_path / "copy" / path.name
    copy_later(path, copy)
    path.unlink()
    witness_of(path).unlink()
    assert await run(copy) != first


async def test_another_life_of_the_log_is_another_epoch_in_every_room(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        for room in ("a", "b"):
            await log.append(room, draft())
        before = {room: span.epoch for room, span in (await log.rooms()).items()}
    witness_of(path).unlink()
    async with opened(sqlite_log(path)) as log:
        after = {room: span.epoch for room, span in (await log.rooms()).items()}
        unborn = (await log.span("c")).epoch
    assert len({*before.values(), *after.values(), unborn}) == 5


# --- an older database beside a newer write-ahead log ---


async def put_back_beside_the_newer_wal(path: Path, tmp_path: Path) -> Path:
    """Return a log killed after 1,900 messages whose database alone is that of the first 300."""
    await run(path, 300)
    shutil.copy(path, tmp_path / "backup")
    async with opened(sqlite_log(path)) as log:
        for first in range(0, 1_600, 10):
            keys = range(first, first + 10)
            await asyncio.gather(*(log.append(f"room-{key % 3}", draft("x" * 60, key=str(key))) for key in keys))
        killed = tmp_path / "killed"
        killed.mkdir()
        shutil.copy(f"{path}-wal", killed)
    shutil.copy(witness_of(path), killed)
    shutil.copy(tmp_path / "backup", killed / path.name)
    return killed / path.name


async def test_a_database_torn_by_a_newer_write_ahead_log_is_refused_and_readable_without_it(
    path: Path, tmp_path: Path
) -> None:
    torn = await put_back_beside_the_newer_wal(path, tmp_path)
    before = torn.read_bytes()
    for _ in range(2):
        assert await refusal(torn) == (
            f"The log {torn} is damaged; if it was put back from a backup, remove feed.sqlite-wal and "
            "feed.sqlite-shm, which are of a newer one, and start again."
        )
        assert torn.read_bytes() == before
    for ending in ("-wal", "-shm"):
        Path(f"{torn}{ending}").unlink(missing_ok=True)
    async with opened(sqlite_log(torn)) as log:
        assert numbers(await log.after("lobby", 0, 500)) == list(range(1, 301))


@pytest.mark.parametrize(
    ("damage", "kept"),
    [
        ("DELETE FROM messages WHERE number > 3", [1, 2, 3]),
        ("DELETE FROM messages WHERE number IN (2, 3, 5)", [4, 5, 6]),
        ("DELETE FROM messages", []),
        ("UPDATE rooms SET newest = 2", [1, 2, 3, 4, 5, 6]),
        ("INSERT INTO messages VALUES (99, 1, 'li', 'of no room', 0, NULL)", [1, 2, 3, 4, 5, 6]),
    ],
)
async def test_rows_that_do_not_fit_make_another_life_in_which_the_span_is_what_can_be_read(
    path: Path, damage: str, kept: list[int]
) -> None:
    first = await run(path, 6)
    make_database(path, damage)  # as many commits as the witness saw, and untouched itself
    second = await run(path, 0)
    assert second != first
    async with opened(sqlite_log(path)) as log:
        newest = kept[-1] if kept else 0
        assert await log.span("lobby") == Span(second, kept[0] if kept else 1, newest)  # and the life goes on
        assert numbers(await log.after("lobby", 0, 10)) == kept
        assert (await log.append("lobby", draft())).message.number == newest + 1


async def test_messages_moved_up_over_a_hole_keep_their_order_and_their_keys(path: Path) -> None:
    async with opened(sqlite_log(path)) as log:
        for text in "abcde":
            await log.append("lobby", draft(text, key=text))
    make_database(path, "DELETE FROM messages WHERE number IN (2, 4)")
    async with opened(sqlite_log(path)) as log:
        found = await log.after("lobby", 0, 10)
        assert [(each.number, each.text) for each in found] == [(3, "a"), (4, "c"), (5, "e")]
        assert await log.append("lobby", draft("a", key="a")) == Appended(found[0], created=False)


# --- the witness alone ---


@pytest.mark.parametrize(
    ("life", "commits", "confirmed"),
    [("life", 7, True), ("life", 8, True), ("life", 6, False), ("other", 7, False)],
)
def test_a_witness_confirms_its_life_with_as_many_commits_or_more(
    path: Path, life: str, commits: int, confirmed: bool
) -> None:
    witness = Witness(path)
    witness.record("life", 7)
    assert witness.confirms(life, commits) is confirmed
    witness.close()


def test_a_witness_changed_at_another_moment_than_it_says_confirms_nothing(path: Path) -> None:
    witness = Witness(path)
    witness.record("life", 7)
    seen = msgspec.json.decode(witness.path.read_bytes(), type=Seen)
    for off_ns in (-1_000_000_000, 1_000_000_000):
        witness.path.write_bytes(msgspec.json.encode(Seen("life", 7, seen.written_ns + off_ns)))
        assert not witness.confirms("life", 7)
    witness.close()


def test_a_witness_that_cannot_be_written_confirms_nothing_until_it_can(path: Path) -> None:
    witness = Witness(path)
    witness.record("life", 7)
    file = witness._file
    witness._file = FullFile(file)  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space left"):
        witness.record("life", 8)
    witness._file = file
    assert not witness.confirms("life", 8)
    witness.record("life", 9)
    assert witness.confirms("life", 9)
    witness.close()


class FullFile:
    """A file that takes nothing more but can be cut."""

    def __init__(self, file: Any) -> None:
        self.seek, self.truncate = file.seek, file.truncate

    def write(self, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_shorter_testimony_leaves_nothing_of_a_longer_one(path: Path) -> None:
    witness = Witness(path)
    witness.record("a long life" * 10, 10**15)
    witness.record("b", 1)
    assert msgspec.json.decode(witness.path.read_bytes(), type=Seen).life == "b"
    assert witness.confirms("b", 1)
    witness.close()
