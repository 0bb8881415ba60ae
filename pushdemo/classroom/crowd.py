"""Simulated phones: `python -m benchmarks crowd` as a process beside the server.

They are not in the server's own process, for there they would take the processor's time that is to be measured. The
process reads what is wanted of it from stdin and ends when that closes, so that it never outlives the server; it
prints who reads and what was measured, a line a second.
"""

import asyncio
import importlib.util
import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from pushdemo.problems import Problem

PROGRAM = "benchmarks"
PARTS = ("httptools", "psutil", "rich", "websockets")
"""What the benchmark needs besides: the extra `bench`."""
END_WITHIN_S = 3.0
"""After that it is killed."""
LONGEST_LINE = 1 << 20
LINES_KEPT = 5
MOST_DETAIL = 300


class Said(msgspec.Struct):
    """A line of the process."""

    stretch: int
    connected: dict[str, int]
    figures: dict[str, dict[str, Any]]
    cpu: float | None = None


decode = msgspec.json.Decoder(Said).decode


def missing() -> str | None:
    """Return, in one sentence, why there can be no simulated phones here; None where there can."""
    if _folder() is None:
        return (
            "Simulated phones need the benchmark, which is not installed with pushdemo itself: "
            "start the class from a checkout or from the archive."
        )
    absent = [part for part in PARTS if importlib.util.find_spec(part) is None]
    return f"Simulated phones need {' and '.join(absent)}: pip install 'pushdemo[bench]'." if absent else None


def _folder() -> Path | None:
    """Return the folder that the benchmark is imported from."""
    with suppress(ModuleNotFoundError):  # another package of that name has no crowd, and no such parent raises
        found = importlib.util.find_spec(f"{PROGRAM}.crowd")
        if found is not None and found.origin is not None:
            return Path(found.origin).parents[2]
    return None


def _environment() -> dict[str, str]:
    """Return the environment in which the process finds the benchmark, wherever the server was started."""
    paths = [str(_folder() or ""), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


class Crowd:
    """The simulated phones of a class.

    Args:
        url: of the server, from this machine.
        room: that they read.
        on_news: called when what is told of them has changed.
        program: what to run, before the options; the benchmark if not given.
        end_within_s: what the process is given to end by itself.
    """

    def __init__(
        self,
        url: str,
        room: str,
        on_news: Callable[[], None],
        *,
        program: Sequence[str] | None = None,
        end_within_s: float = END_WITHIN_S,
    ) -> None:
        self._url = url
        self._room = room
        self._on_news = on_news
        self._program = program
        self._end_within_s = end_within_s
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._wanted = 0
        self._stretch = 0
        self._said: Said | None = None
        self._state = "stopped"
        self._detail = ""

    async def start(self, clients: int) -> None:
        """Have so many; returns before they are there.

        Raises:
            Problem: 503, what they need is not here.
        """
        async with self._lock:
            self._wanted = clients
            if self._process is not None:
                self._send(clients=clients)
                return
            try:
                await self._begin(clients)
            except OSError as error:
                self._fail(f"The simulated phones' process cannot be started: {error.strerror or error}.")
                raise Problem(503, self._detail) from None

    async def _begin(self, clients: int) -> None:
        if self._program is None and (why := missing()) is not None:
            self._fail(why)
            raise Problem(503, why)
        # -P: a folder of that name, where the server was started, is not meant
        program = self._program or (sys.executable, "-P", "-m", PROGRAM)
        self._stretch, self._said, self._state, self._detail = 0, None, "starting", ""
        room = self._room
        process = await asyncio.create_subprocess_exec(
            *program,
            *("crowd", "--url", self._url, "--room", room, "--clients", str(clients)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            env=_environment(),
            start_new_session=True,  # or Ctrl-C would end it beside the server, and that would look like a failure
        )
        self._process = process
        if room != self._room:  # it was changed meanwhile
            self._send(room=self._room)
        self._watching = asyncio.create_task(self._watch(process))
        self._on_news()

    def set_room(self, room: str) -> None:
        """Have them read another room, from now on."""
        self._room = room
        self._send(room=room)

    def zero(self) -> None:
        """Have them measure from nothing."""
        if self._process is not None:
            self._stretch += 1
            self._send(zero=True)

    def let_go(self) -> None:
        """Have the process end, without waiting for that."""
        self._wanted = 0
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def stop(self) -> None:
        """Have none, and wait until the process is gone; it is killed where it does not end by itself."""
        async with self._lock:
            self.let_go()
            self._state = "stopped"
            if self._process is None or self._watching is None:
                return
            try:
                async with asyncio.timeout(self._end_within_s):
                    await asyncio.shield(self._watching)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self._watching

    def told(self) -> dict[str, Any] | None:
        """Return how many are wanted and there, and what they measured since the last zero; None where none are wanted.

        `detail` says in a sentence why they are not there, in the state `failed` or `stopped`; `cpu` is the process's
        share of one core.
        """
        if not self._wanted:
            return None
        said = self._said
        is_old = said is None or said.stretch != self._stretch
        return {
            "wanted": self._wanted,
            "connected": said.connected if said else {},
            "figures": said.figures if said and not is_old else {},
            "cpu": said.cpu if said else None,
            "state": self._state,
            "detail": self._detail,
        }

    # --- the process ---

    def _send(self, **command: Any) -> None:
        process = self._process
        if process is not None and process.returncode is None and process.stdin is not None:
            process.stdin.write(msgspec.json.encode(command) + b"\n")

    def _fail(self, why: str, state: str = "failed") -> None:
        self._state, self._detail, self._said = state, why, None
        self._on_news()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Take in what the process prints until it has ended."""
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        complaints: deque[str] = deque(maxlen=LINES_KEPT)
        await asyncio.gather(self._hear(process.stdout), _keep(process.stderr, complaints))
        code = await process.wait()
        process.stdin.close()
        self._process = None
        if not self._wanted:
            return
        last = complaints[-1][:MOST_DETAIL] if complaints else f"it ended with {code}"
        if code:
            self._fail(f"The simulated phones' process failed: {last}")
        else:
            self._fail("The simulated phones' process was ended by somebody else.", "stopped")

    async def _hear(self, stdout: asyncio.StreamReader) -> None:
        async for line in stdout:
            with suppress(msgspec.DecodeError):
                self._said = decode(line)
                if self._state == "starting":
                    self._state = "running"
                self._on_news()


async def _keep(stream: asyncio.StreamReader, lines: deque[str]) -> None:
    async for line in stream:
        if text := line.decode(errors="replace").strip():
            lines.append(text)
