"""A program that runs beside us for the length of a context, in a process group of its own that ends with it."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Where every program runs: `python -m benchmarks.…` is found from here."""
START_WITHIN_S = 20.0
STOP_WITHIN_S = 5.0
LAUNCH = Path(__file__).with_name("launch.py")
PORT = re.compile(rb"([0-9]+)/?\s*$")


class PeerError(Exception):
    """A server does not start; one sentence says why."""


class Process:
    """A running program; what it writes to stderr goes to a file, so that it never waits for us."""

    def __init__(self, name: str, child: asyncio.subprocess.Process, errors: int) -> None:
        self._child = child
        self._errors = errors
        self.name = name
        self.id = child.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with, minus the signal's number if by one; None while it runs."""
        return self._child.returncode

    async def port(self) -> int:
        """Return the port that its first line ends with, perhaps as an address.

        Raises:
            PeerError: it printed no such line.
        """
        assert self._child.stdout is not None
        try:
            async with asyncio.timeout(START_WITHIN_S):
                line = await self._child.stdout.readline()
        except TimeoutError:
            raise PeerError(f"{self.name} did not start: it was not ready within {START_WITHIN_S:g} s") from None
        found = PORT.search(line)
        if found is None:
            raise await self.failure()
        return int(found[1])

    async def failure(self) -> PeerError:
        """Return the error that says how it ended, or what it said instead of its port."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._child.wait()
        return PeerError(f"{self.name} did not start: {self.said() or f'exit code {self.exit_code}'}")

    def said(self) -> str:
        """Return what it has written to stderr."""
        return os.pread(self._errors, 1 << 16, 0).decode(errors="replace").strip()

    async def stop(self) -> None:
        """Ask it to end, and wait until it and its children are gone; kill what does not go."""
        try:
            if self._child.returncode is None:
                self._child.terminate()
                async with asyncio.timeout(STOP_WITHIN_S):
                    await self._child.wait()
        except TimeoutError:
            pass
        finally:  # what was left behind by one that ended of itself, too
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.id, signal.SIGKILL)
        await self._child.wait()


@contextlib.asynccontextmanager
async def running(
    name: str,
    command: Sequence[str],
    *,
    core: int | None = None,
    variables: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> AsyncIterator[Process]:
    """Run a program for the length of the context.

    Args:
        name: what errors call it.
        command: the program and its arguments.
        core: the CPU core it may use alone; None: all of them.
        variables: for its environment, which else is ours without PUSHDEMO_*.
        pass_fds: open files that it inherits.

    Raises:
        PeerError: there is no such core.
    """
    if core is not None:
        check_core(core)
    launch = [sys.executable, "-I", "-S", str(LAUNCH), "-" if core is None else str(core)]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PUSHDEMO_")}
    with tempfile.TemporaryFile() as errors:
        child = await asyncio.create_subprocess_exec(
            *launch,
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=inherited | dict(variables or {}),
            pass_fds=pass_fds,
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C is ours to hear, and the group is ours to end
        )
        process = Process(name, child, errors.fileno())
        try:
            yield process
        finally:
            await process.stop()


def check_core(core: int) -> None:
    """Check that we may use a core.

    Raises:
        PeerError: we may not, or this system cannot confine a process to one.
    """
    if not hasattr(os, "sched_getaffinity"):
        raise PeerError("this system cannot confine a process to a core")
    usable = sorted(os.sched_getaffinity(0))
    if core not in usable:
        raise PeerError(f"a core is one of {', '.join(map(str, usable))}; this came: {core}")
