"""SQLite that fails when it is told to, and a writer that waits until it is told to go on."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pushdemo.log.sqlite import SqliteLog


class FailingConnection:
    """A connection whose statements that begin with `failing` raise; `None` lets all pass."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.failing: str | None = None
        self.failed = 0

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        if self.failing is not None and statement.startswith(self.failing):
            self.failed += 1
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(statement, *arguments)

    def close(self) -> None:
        self._connection.close()


def make_failing(log: SqliteLog) -> FailingConnection:
    """Let the writer of an open log use a connection that can fail."""
    connection = FailingConnection(log._writer._connection)
    log._writer._connection = connection  # type: ignore[assignment]
    return connection


@contextmanager
def held_writer(log: SqliteLog) -> Iterator[threading.Event]:
    """Let the writer wait before its next commit until the block ends; the event says that it does."""
    commit, waits, go_on = log._writer.commit, threading.Event(), threading.Event()

    def held(appends: Any) -> Any:
        waits.set()
        assert go_on.wait(30)
        return commit(appends)

    log._writer.commit = held  # type: ignore[method-assign]
    try:
        yield waits
    finally:
        log._writer.commit = commit  # type: ignore[method-assign]
        go_on.set()
