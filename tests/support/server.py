"""A real server: `pushdemo` as a process of its own, on a port that the system chooses."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
STARTED = "pushdemo is at "
READY = "Ctrl-C stops it\n"
STOP_WITHIN_S = 10
NO_REPORT = ROOT / "tests" / "no-report.html"
"""Where no report is, so that no test depends on what its user has measured."""


def command(*arguments: str) -> list[str]:
    """Return the command line that runs pushdemo with `arguments`."""
    return [sys.executable, "-m", "pushdemo", *arguments]


def free_ports(count: int) -> int:
    """Return the first of `count` ports in a row that nobody has; by itself the system gives none of these away."""
    for first in range(20_000 + os.getpid() % 5_000, 32_000, count):
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    raise AssertionError("no ports are free")


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without its PUSHDEMO_*, with no report, and with `variables`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUSHDEMO_")}
    return inherited | {"PUSHDEMO_REPORT": str(NO_REPORT)} | variables


class Server:
    """A running server.

    Args:
        log: what `--log` gets.
        flags: further flags; `--port 0`, `--lab-ports 0` and `--publish-rate 0` stand before them.
        variables: PUSHDEMO_* for its environment.
    """

    SUBCOMMAND: tuple[str, ...] = ()

    def __init__(self, log: str = "memory", *flags: str, **variables: str) -> None:
        usual = ("--port", "0", "--lab-ports", "0", "--publish-rate", "0", "--log", log)
        self._start(command(*self.SUBCOMMAND, *usual, *flags), variables)
        self.printed = self._read_what_it_prints()
        address = next(line for line in self.printed.splitlines() if line.startswith(STARTED))
        self.base = address.removeprefix(STARTED).rstrip("/")
        self.port = int(self.base.rpartition(":")[2])

    def _start(self, arguments: list[str], variables: dict[str, str], pass_fds: tuple[int, ...] = ()) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the server
        self._read_of_stderr = 0
        self.process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            pass_fds=pass_fds,
        )

    def _read_what_it_prints(self) -> str:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == READY:
                return "".join(lines)
        self.process.wait()
        raise AssertionError(f"the server did not start: {''.join(lines)}{self.complaints()}")

    @property
    def running(self) -> bool:
        """Whether its process is still there."""
        return self.process.poll() is None

    def complaints(self) -> str:
        """Return what it has written to stderr since this was asked last."""
        new = os.pread(self._stderr.fileno(), 1 << 20, self._read_of_stderr)
        self._read_of_stderr += len(new)
        return new.decode()

    def interrupt(self) -> float:
        """Press Ctrl-C, and return the seconds until it was gone."""
        pressed = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOP_WITHIN_S)
        return time.monotonic() - pressed

    async def interrupted(self) -> float:
        """Press Ctrl-C while the test's own clients go on, and return the seconds until it was gone."""
        return await asyncio.to_thread(self.interrupt)

    def kill(self) -> None:
        """Kill it with signal 9."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Stop it, if it still runs, and hold it to a clean end: exit code 0 and nothing complained of."""
        try:
            if self.running:
                self.interrupt()
        finally:
            if self.running:
                self.kill()
            complaints = self.complaints()
            self._stderr.close()
            assert self.process.stdout is not None
            self.process.stdout.close()
        assert complaints == ""
        assert self.process.returncode in (0, -signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ClassServer(Server):
    """`pushdemo class` on this machine alone.

    Attributes:
        token: the teacher's.
        teacher_link: with the token.
        join_address: where students go.
    """

    SUBCOMMAND = ("class",)
    HOST: tuple[str, ...] = ("--host", "127.0.0.1")

    def __init__(self, log: str = "memory", *flags: str, **variables: str) -> None:
        super().__init__(log, *self.HOST, *flags, **variables)
        self.join_address = self._printed_after("students join at ")
        self.teacher_link = self._printed_after("the teacher's link, for nobody else: ")
        self.token = self.teacher_link.partition("#teacher=")[2]

    def _printed_after(self, words: str) -> str:
        return next(line for line in self.printed.splitlines() if line.startswith(words)).removeprefix(words)


@contextmanager
def run_pushdemo(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command line with `arguments` alone, for tests of the command line itself."""
    process = subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
