"""The feed in one SQLite file: what was answered 201 is there after kill -9 and after a power cut.

What survives what:

- **the process killed** (kill -9): everything appended; SQLite's write-ahead log is in the kernel's hands.
- **power lost**: everything appended, because a commit returns only when the disk has it (synchronous=FULL), as far
  as the disk tells the truth about that.
- **the file restored from a backup or copied**: the messages of then, under another epoch (see witness.py).
- **the file put back beside the `-wal` of a newer one**: SQLite mixes the two. So every opening counts the messages
  of each room; rows that are missing make another epoch, and a file that is torn is refused and left as it is.
- **the disk full or broken**: publishing answers 503 and nothing is announced; reading goes on.

One thread writes. It takes all the publishes that have gathered while the disk was busy, commits them together (group
commit: one flush for many), and only then are they announced and answered. A few threads read, each with a
connection of its own; SQLite's write-ahead log lets them read while the writer writes. The newest messages are kept
in memory as well, so that who reads along needs no disk.
"""

import asyncio
import logging
import queue
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pushdemo.clock import Clock
from pushdemo.log import Announce, Appended, LogError, Span, epoch_of, settle_repeat, too_many_rooms
from pushdemo.log.database import close_holes, connect, connect_to_read, is_whole, write_ahead
from pushdemo.log.recent import RecentMessages
from pushdemo.log.witness import WRITTEN_EVERY_S, Witness
from pushdemo.messages import Cursor, Draft, Message
from pushdemo.problems import Problem

logger = logging.getLogger(__name__)

APPLICATION_ID = 0x70757368
"""Marks the file as ours in its header ("push"), so that another program's database is never written to."""
SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE log (life TEXT NOT NULL, commits INTEGER NOT NULL);
CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, newest INTEGER NOT NULL);
CREATE TABLE messages (
    room INTEGER NOT NULL REFERENCES rooms, number INTEGER NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL,
    sent_at INTEGER NOT NULL, client_message_id TEXT, PRIMARY KEY (room, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX keys ON messages (room, sender, client_message_id) WHERE client_message_id IS NOT NULL;
"""
READ_AFTER = """
SELECT number, sender, text, sent_at, client_message_id FROM messages
WHERE room = (SELECT id FROM rooms WHERE name = ?) AND number > ? AND number <= ? ORDER BY number LIMIT ?
"""
READ_BY_KEY = """
SELECT number, sender, text, sent_at, client_message_id FROM messages
WHERE room = ? AND sender = ? AND client_message_id = ?
"""
INSERT = "INSERT INTO messages (room, number, sender, text, sent_at, client_message_id) VALUES (?, ?, ?, ?, ?, ?)"
MOST_PER_COMMIT = 1_000
MOST_WAITING = 20_000
READING_THREADS = 2


class _Append(NamedTuple):
    """One publish on its way to the writer, and who waits for it."""

    room: str
    draft: Draft
    answer: asyncio.Future[Appended]


class _Place(NamedTuple):
    """A room as the writer knows it."""

    id: int
    span: Span


class SqliteLog:
    """A `MessageLog` in the file at `path`.

    Args:
        path: made if it is not there, with the folders above it.
        clock: gives `sent_at`.
        messages_kept: messages per room.
        max_rooms: rooms in all.
    """

    def __init__(self, path: Path, clock: Clock, *, messages_kept: int, max_rooms: int) -> None:
        self.path = path
        self._clock = clock
        self._messages_kept = messages_kept
        self._max_rooms = max_rooms
        self._spans: dict[str, Span] = {}  # the event loop's view: what was announced
        self._recent = RecentMessages()
        self._waiting: queue.SimpleQueue[_Append | None] = queue.SimpleQueue()
        self._announce: Announce = lambda room, messages: None

    # --- in the event loop ---

    async def open(self, announce: Announce) -> None:
        self._announce = announce
        self._loop = asyncio.get_running_loop()
        self._readers = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="log-reader")
        self._reader = threading.local()
        self._reading_connections: list[sqlite3.Connection] = []
        try:
            self._writer = await self._loop.run_in_executor(self._readers, _Writer, self)
        except LogError:
            self._readers.shutdown()
            raise
        self._spans = {name: place.span for name, place in self._writer.places.items()}
        self._thread = threading.Thread(target=self._write, name="log-writer", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        self._waiting.put(None)
        await self._loop.run_in_executor(None, self._readers.shutdown)
        for connection in self._reading_connections:
            connection.close()
        await self._loop.run_in_executor(None, self._thread.join)

    async def append(self, room: str, draft: Draft) -> Appended:
        if self._waiting.qsize() >= MOST_WAITING:
            raise Problem(503, f"{MOST_WAITING:,} messages already wait for the disk.", retry_after_s=1)
        answer: asyncio.Future[Appended] = self._loop.create_future()
        self._waiting.put(_Append(room, draft, answer))
        return await answer

    async def span(self, room: str) -> Span:
        return self._spans.get(room) or Span(epoch_of(self._writer.life, room), 1, 0)

    async def after(self, room: str, number: int, limit: int) -> list[Message]:
        span = self._spans.get(room)
        if span is None or number >= span.newest:
            return []
        number = max(number, span.oldest - 1)  # what memory holds beyond retention is not kept any more
        recent = self._recent.after(room, number, limit)
        if recent is not None:
            return recent
        return await self._loop.run_in_executor(self._readers, self._read, room, span, number, limit)

    async def rooms(self) -> dict[str, Span]:
        return dict(self._spans)

    def _settle(self, appends: list[_Append], outcomes: list[Appended | Problem], spans: dict[str, Span]) -> None:
        """Announce what was committed, in order, and answer who waited.

        Answered first, which is heard in the next turn only: the pass that follows then knows who still publishes.
        """
        self._spans.update(spans)
        new: dict[str, list[Message]] = {}
        for outcome in outcomes:
            if isinstance(outcome, Appended) and outcome.created:
                new.setdefault(outcome.message.room, []).append(outcome.message)
        for append, outcome in zip(appends, outcomes, strict=True):
            if append.answer.done():  # who waited has been cancelled
                continue
            if isinstance(outcome, Problem):
                append.answer.set_exception(outcome)
            else:
                append.answer.set_result(outcome)
        for room, messages in new.items():
            self._recent.add(room, messages)
            self._announce(room, messages)

    # --- in the writer's thread ---

    def _write(self) -> None:
        """Commit what waits until it is said to stop; what was handed in before that is still kept."""
        stopped = False
        while not stopped:
            appends, stopped = self._gather()
            if appends:
                outcomes, spans = self._writer.commit(appends)
                with suppress(RuntimeError):  # the event loop is gone, and with it everybody who waited
                    self._loop.call_soon_threadsafe(self._settle, appends, outcomes, spans)
        self._writer.close()

    def _gather(self) -> tuple[list[_Append], bool]:
        """Wait for a publish and take all that have gathered by then; the flag says that None, the end, was met."""
        appends: list[_Append] = []
        append = self._next()
        while append is not None:
            appends.append(append)
            if len(appends) == MOST_PER_COMMIT or self._waiting.empty():
                return appends, False
            append = self._waiting.get()
        return appends, True

    def _next(self) -> _Append | None:
        """Wait for a publish, and use the time when there is none."""
        with suppress(queue.Empty):
            return self._waiting.get(timeout=WRITTEN_EVERY_S if self._writer.is_behind else None)
        self._writer.catch_up()
        return self._waiting.get()

    # --- in a reading thread ---

    def _read(self, room: str, span: Span, number: int, limit: int) -> list[Message]:
        connection: sqlite3.Connection | None = getattr(self._reader, "connection", None)
        try:
            if connection is None:
                connection = self._reader.connection = connect_to_read(self.path)
                self._reading_connections.append(connection)
            rows = connection.execute(READ_AFTER, (room, number, span.newest, limit))
            return [_message(span.epoch, room, row) for row in rows]
        except sqlite3.Error as error:
            logger.error("A read failed: %s", error)
            raise Problem(503, f"The log cannot be read at the moment: {error}.", retry_after_s=5) from None


class _Writer:
    """The one connection that writes, and what it knows of the rooms.

    Raises:
        LogError: the file cannot be opened, is another program's, or another server has it.
    """

    def __init__(self, log: SqliteLog) -> None:
        self._clock, self._messages_kept, self._max_rooms = log._clock, log._messages_kept, log._max_rooms
        try:
            log.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"Cannot make the folder {log.path.parent}: {error.strerror}.") from None
        try:
            with ExitStack() as undo:
                self._connection = undo.enter_context(closing(connect(log.path)))
                self._is_new(log.path)  # before anything is written, there or beside it
                self._witness = undo.enter_context(closing(Witness(log.path)))
                write_ahead(self._connection)
                self._prepare(log.path)
                undo.pop_all()
        except (sqlite3.Error, OSError) as error:
            raise LogError(f"Cannot open the log {log.path}: {error}.") from None

    def _is_new(self, path: Path) -> bool:
        """Return whether the file holds nothing yet.

        Raises:
            LogError: what it holds is another program's, or another version's.
        """
        mark = self._connection.execute("PRAGMA application_id").fetchone()[0]
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and mark != APPLICATION_ID:
            raise LogError(f"{path} is the database of another program.")
        if tables and version != SCHEMA_VERSION:
            raise LogError(f"{path} has schema version {version}; this pushdemo reads version {SCHEMA_VERSION}.")
        return not tables

    def _prepare(self, path: Path) -> None:
        """Make the tables if need be, and take up the log's life or begin another."""
        if self._is_new(path):
            with self._transaction():
                for statement in SCHEMA.strip().split(";\n"):
                    self._connection.execute(statement)
                self._connection.execute("INSERT INTO log VALUES (?, 0)", (secrets.token_hex(16),))
                self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self.life, self._commits = self._connection.execute("SELECT life, commits FROM log").fetchone()
        whole = is_whole(self._connection, path)
        if not whole or not self._witness.confirms(self.life, self._commits):
            self.life = secrets.token_hex(16)
            with self._transaction():
                if not whole:
                    close_holes(self._connection)
                self._connection.execute("UPDATE log SET life = ?", (self.life,))
        with suppress(OSError):  # as after a commit; killed, it may have been behind
            self._witness.record(self.life, self._commits)
        self.places = self._load_places()

    def _load_places(self) -> dict[str, _Place]:
        rows = self._connection.execute(
            "SELECT id, name, newest, (SELECT min(number) FROM messages WHERE room = rooms.id) FROM rooms"
        )
        return {
            name: _Place(id_, Span(epoch_of(self.life, name), newest + 1 if oldest is None else oldest, newest))
            for id_, name, newest, oldest in rows
        }

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a failed COMMIT may have rolled back by itself
                self._connection.execute("ROLLBACK")
            raise

    def commit(self, appends: list[_Append]) -> tuple[list[Appended | Problem], dict[str, Span]]:
        """Keep all of `appends` in one transaction; return what became of each, and the spans that changed."""
        before: dict[str, _Place | None] = {append.room: self.places.get(append.room) for append in appends}
        try:
            with self._transaction():
                outcomes = [self._append(append) for append in appends]
                self._connection.execute("UPDATE log SET commits = commits + 1")
        except Exception as error:  # noqa: BLE001 - whatever it was, who waits must hear of it and the thread must live
            logger.error("A commit failed: %s", error)
            self._forget(before)
            problem = Problem(503, f"The log cannot be written at the moment: {error}.", retry_after_s=5)
            return [problem] * len(appends), {}
        self._commits += 1
        with suppress(OSError):  # it is void then, and written again at the next commit
            self._witness.note(self.life, self._commits)
        return outcomes, {room: self.places[room].span for room in before if room in self.places}

    def _forget(self, before: dict[str, _Place | None]) -> None:
        """Go back to what was known of the rooms before a commit that failed."""
        for room, place in before.items():
            if place is None:
                self.places.pop(room, None)
            else:
                self.places[room] = place

    def _append(self, append: _Append) -> Appended | Problem:
        room, draft, _ = append
        place = self.places.get(room)
        try:
            if place is None:
                place = self._make_room(room)
            elif (first := self._published_before(place, append)) is not None:
                return settle_repeat(first, draft)
        except Problem as problem:
            return problem
        return Appended(self._insert(place, append), created=True)

    def _make_room(self, room: str) -> _Place:
        if len(self.places) >= self._max_rooms:
            raise too_many_rooms(self._max_rooms)
        id_ = self._connection.execute(
            "INSERT INTO rooms (name, newest) VALUES (?, 0) RETURNING id", (room,)
        ).fetchone()
        return _Place(id_[0], Span(epoch_of(self.life, room), 1, 0))

    def _published_before(self, place: _Place, append: _Append) -> Message | None:
        if append.draft.client_message_id is None:
            return None
        key = (place.id, append.draft.sender, append.draft.client_message_id)
        row = self._connection.execute(READ_BY_KEY, key).fetchone()
        return None if row is None else _message(place.span.epoch, append.room, row)

    def _insert(self, place: _Place, append: _Append) -> Message:
        (epoch, oldest, newest), draft = place.span, append.draft
        row = (newest + 1, draft.sender, draft.text, int(self._clock.wall_ms()), draft.client_message_id)
        self._connection.execute(INSERT, (place.id, *row))
        self._connection.execute("UPDATE rooms SET newest = ? WHERE id = ?", (newest + 1, place.id))
        if oldest <= newest + 1 - self._messages_kept:
            oldest = newest + 2 - self._messages_kept
            self._connection.execute("DELETE FROM messages WHERE room = ? AND number < ?", (place.id, oldest))
        self.places[append.room] = _Place(place.id, Span(epoch, oldest, newest + 1))
        return _message(epoch, append.room, row)

    @property
    def is_behind(self) -> bool:
        """Whether the witness has still to be written."""
        return self._witness.is_behind

    def catch_up(self) -> None:
        """Write the witness."""
        with suppress(OSError):  # as above
            self._witness.catch_up()

    def close(self) -> None:
        self.catch_up()
        with suppress(sqlite3.Error):
            self._connection.close()  # the last connection moves the write-ahead log into the file
        self._witness.close()


def _message(epoch: str, room: str, row: tuple[int, str, str, int, str | None]) -> Message:
    number, sender, text, sent_at, client_message_id = row
    return Message(str(Cursor(epoch, number)), room, sender, text, sent_at, client_message_id)
