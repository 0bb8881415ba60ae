"""The reading clients of a run, in this process or spread over several of their own."""

import asyncio
import multiprocessing
import signal
from abc import ABC, abstractmethod
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Any, Self

from benchmarks import meters
from benchmarks.load.arrivals import now_ns
from benchmarks.load.client import Notes, Target
from benchmarks.load.crowd import CouldNotOpen, Crowd
from benchmarks.loop import run

END_WITHIN_S = 2.0


class Readers(ABC):
    """All reading clients of a run."""

    @abstractmethod
    async def open(self, starts_s: dict[int, float]) -> int:
        """Let all begin (see `Crowd.open`), and return when that was, by `perf_counter_ns`.

        Raises:
            CouldNotOpen: some do not come to read.
        """

    @abstractmethod
    async def received(self) -> int:
        """Return how many messages have arrived so far."""

    @abstractmethod
    async def cpu_s(self) -> list[float]:
        """Return the CPU seconds used so far by each process that has clients."""

    @abstractmethod
    async def close(self) -> Notes:
        """Stop all, and return what they noted."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:  # noqa: B027 - there may be nothing
        """Let go of what `close` has not, because something went wrong before."""


class ReadersHere(Readers):
    """Clients in this process, beside the publisher."""

    def __init__(self, technique: str, target: Target, clients: int) -> None:
        self._crowd = Crowd.of(technique, target, range(clients))

    async def open(self, starts_s: dict[int, float]) -> int:
        begun_ns = now_ns()
        await self._crowd.open(starts_s)
        return begun_ns

    async def received(self) -> int:
        return self._crowd.received

    async def cpu_s(self) -> list[float]:
        return [meters.own_cpu_s()]

    async def close(self) -> Notes:
        await self._crowd.close()
        return self._crowd.notes

    async def __aexit__(self, *_: object) -> None:
        self._crowd.stop()


class ReadersApart(Readers):
    """Clients in several processes, so that a core is not their limit; the publisher stays here, undisturbed."""

    def __init__(self, technique: str, target: Target, clients: int, processes: int) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._members: list[tuple[BaseProcess, Pipe]] = []
        for first in range(processes):
            ours, theirs = spawning.Pipe()
            numbers = range(first, clients, processes)
            process = spawning.Process(target=_work, args=(theirs, technique, target, numbers), daemon=True)
            process.start()
            theirs.close()
            self._members.append((process, ours))

    async def _ask(self, command: str, argument: object = None) -> list[Any]:
        for _, pipe in self._members:
            pipe.send((command, argument))
        answers = await asyncio.gather(*(asyncio.to_thread(_receive, pipe) for _, pipe in self._members))
        for answer in answers:
            if isinstance(answer, CouldNotOpen):
                raise answer
        return list(answers)

    async def open(self, starts_s: dict[int, float]) -> int:
        await self._ask("received")  # they are there
        begun_ns = now_ns()
        await self._ask("open", starts_s)
        return begun_ns

    async def received(self) -> int:
        return sum(await self._ask("received"))

    async def cpu_s(self) -> list[float]:
        return [*await self._ask("cpu_s"), meters.own_cpu_s()]

    async def close(self) -> Notes:
        whole = Notes()
        for notes in await self._ask("close"):
            whole.add(notes)
        return whole

    async def __aexit__(self, *_: object) -> None:
        for process, pipe in self._members:
            pipe.close()  # which ends it, if it has not ended
            await asyncio.to_thread(process.join, END_WITHIN_S)
            if process.is_alive():
                process.kill()
                await asyncio.to_thread(process.join)


def _receive(pipe: Pipe) -> object:
    try:
        return pipe.recv()
    except EOFError:
        return CouldNotOpen("a process with clients ended before its time")


def _work(pipe: Pipe, technique: str, target: Target, numbers: range) -> None:
    """What such a process does: obey, until it is told to close; Ctrl-C is for the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(_obey(pipe, technique, target, numbers))


async def _obey(pipe: Pipe, technique: str, target: Target, numbers: range) -> None:
    crowd = Crowd.of(technique, target, numbers)
    while True:
        try:
            command, argument = await asyncio.to_thread(pipe.recv)
        except EOFError:
            return
        match command:
            case "open":
                pipe.send(await _open(crowd, {number: argument[number] for number in numbers if number in argument}))
            case "received":
                pipe.send(crowd.received)
            case "cpu_s":
                pipe.send(meters.own_cpu_s())
            case "close":
                await crowd.close()
                pipe.send(crowd.notes)
                return


async def _open(crowd: Crowd, starts_s: dict[int, float]) -> CouldNotOpen | None:
    try:
        await crowd.open(starts_s)
    except CouldNotOpen as error:
        return error
    return None


def readers(technique: str, target: Target, clients: int, processes: int) -> Readers:
    """Return the reading clients of a run."""
    if processes == 1:
        return ReadersHere(technique, target, clients)
    return ReadersApart(technique, target, clients, min(processes, clients))
