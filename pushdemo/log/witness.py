"""A small file beside the log that tells whether the log is still the one this machine last wrote.

A database that was restored from a backup, or copied and gone on with elsewhere, would give numbers a second time
that readers have already seen under other messages. Nothing inside the database can tell, so the witness stands
outside it: soon after every commit it holds how many commits there have been and when it was written (under load not
after each: while a second file changes, a commit waits a quarter longer for the disk). The log's life goes on only if,
when it is opened,

- the witness names this life of the log,
- the log has at least as many commits as the witness saw (fewer: an older database was put back), and
- the witness was last changed by our own writing (changed at another moment: it was copied or put back too).

Otherwise the life is another and with it every epoch: readers get a gap instead of a number used twice. After
kill -9 the witness is as it was last written. It is not flushed, so after a power cut it may be older than the log, or
not be readable: the epoch is the same or another, and both are right, because the log itself has lost nothing. A
witness that cannot be written is made void, as far as the disk allows, so that the next start is another epoch.

Not noticed: a copy taken within a tenth of a second of the last commit and gone on with in two places, or put back
after the server was killed as soon as that; and on Windows, where the moment of the last change is not checked, a
database put back together with its witness.

The witness is also the lock that keeps two servers from writing one log.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from pushdemo.log import LogError

CHANGE_TIME_TOLERANCE_NS = 100_000_000
"""How far the file's change time may lie from the moment we wrote: file systems keep it by ticks of 4 to 10 ms."""


WRITTEN_EVERY_S = 0.1
"""Commits that follow each other faster than this share one writing."""


class Testimony(msgspec.Struct):
    """What the witness saw: the log's life, its commits so far, and when (ns since 1970) this was written."""

    life: str
    commits: int
    written_ns: int


class Witness:
    """The open and locked witness file of the log at `log_path`.

    Raises:
        LogError: another process holds it, or it cannot be written.
    """

    def __init__(self, log_path: Path) -> None:
        self.path = log_path.with_name(log_path.name + "-witness")
        self._noted: tuple[str, int] | None = None
        self._next_s = 0.0
        try:
            self._file: BinaryIO = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError as error:
            raise LogError(f"Cannot write {self.path}: {error.strerror}.") from None
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise LogError(f"Another pushdemo has {log_path} open; give this one another --log.") from None

    def confirms(self, life: str, commits: int) -> bool:
        """Return whether a log of that life, with so many commits, is the one last written here."""
        self._file.seek(0)
        try:
            seen = msgspec.json.decode(self._file.read(), type=Testimony)
        except msgspec.DecodeError:
            return False
        return seen.life == life and seen.commits <= commits and self._changed_at(seen.written_ns)

    def note(self, life: str, commits: int) -> None:
        """Record what was just committed, now, or where the last writing is too recent, when it is to catch up.

        Raises:
            OSError: see `record`.
        """
        self._noted = (life, commits)
        if time.monotonic() >= self._next_s:
            self.catch_up()

    @property
    def is_behind(self) -> bool:
        """Whether something noted is still to be recorded."""
        return self._noted is not None

    def catch_up(self) -> None:
        """Record what was noted last.

        Raises:
            OSError: see `record`.
        """
        if self._noted is not None:
            noted, self._noted = self._noted, None
            self._next_s = time.monotonic() + WRITTEN_EVERY_S
            self.record(*noted)

    def record(self, life: str, commits: int) -> None:
        """Write what was just committed; again, should the machine have paused between the time and the writing.

        Raises:
            OSError: it cannot be written; what it said before no longer counts, if the disk takes at least that.
        """
        try:
            self._write(life, commits)
        except OSError:
            with suppress(OSError):
                self._file.truncate(0)
            raise

    def _write(self, life: str, commits: int) -> None:
        for _ in range(5):
            written_ns = time.time_ns()
            line = msgspec.json.encode(Testimony(life, commits, written_ns))
            self._file.seek(0)
            self._file.write(line)
            self._file.truncate(len(line))
            if self._changed_at(written_ns):
                return

    def _changed_at(self, moment_ns: int) -> bool:
        if os.name == "nt":  # there st_ctime is the time of creation
            return True
        return abs(os.fstat(self._file.fileno()).st_ctime_ns - moment_ns) < CHANGE_TIME_TOLERANCE_NS

    def close(self) -> None:
        """Let go of the file and the lock."""
        self._file.close()


def _lock(file: BinaryIO) -> None:
    """Lock `file` for this process until it is closed.

    Raises:
        OSError: another process has it.
    """
    if os.name == "nt":
        import msvcrt

        file.seek(1 << 20)  # a byte beyond the content, which stays readable
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
