"""The simulated phones: as many as wanted, spread over the techniques, let in a few at a time.

Phone k runs the technique k modulo five, so that the techniques stay even when phones come or go. Short polls are
spread over their interval by the golden ratio: the j-th begins at the fraction part of j times 0.618… of it. That is
as even as k*T/N to within a small factor, and stays so when N changes, without anybody beginning anew.
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from benchmarks.crowd.watch import Watch
from benchmarks.load.client import Client, Notes, Target
from benchmarks.load.clients import CLIENTS

A_SECOND = 200
"""Connections opened; a server takes more, but they would disturb what a class measures."""
AT_ONCE = 50
"""Of those that have not come to read yet: or a server that stands still would have all of them at its door."""
LOOK_AGAIN_S = 0.02
GOLDEN = (5**0.5 - 1) / 2
USER_AGENT = "User-Agent: pushdemo-crowd\r\n"


class Phones:
    """All simulated phones.

    Args:
        target: what they read; its `extra_fields` should be `USER_AGENT`.
        techniques: over which they are spread.
    """

    def __init__(self, target: Target, techniques: Sequence[str]) -> None:
        self.target = target
        self.stretch = 0
        self._techniques = tuple(techniques)
        self._watches = {technique: Watch() for technique in self._techniques}
        self._notes = {name: Notes(arrivals=watch) for name, watch in self._watches.items()}
        self._clients: dict[int, Client] = {}
        self._coming: dict[int, asyncio.TimerHandle] = {}  # short polls that wait for their moment
        self._wanted = 0
        self._news = asyncio.Event()
        self._begun = time.perf_counter()

    # --- what is wanted ---

    def want(self, clients: int) -> None:
        """Have so many."""
        self._wanted = clients
        for number in [number for number in (*self._clients, *self._coming) if number >= clients]:
            self._leave(number)
        self._news.set()

    def go_to(self, room: str) -> None:
        """Have all read another room, from now on."""
        if room != self.target.room:
            self.target = replace(self.target, room=room)
            for number in (*self._clients, *self._coming):
                self._leave(number)
            self._news.set()

    def poll_every(self, interval_s: float) -> None:
        """Have the short polls come at another interval; they begin anew, so that they are spread over that one."""
        self.target = replace(self.target, poll_interval_s=interval_s)
        for number in (*self._clients, *self._coming):
            if self._technique(number) == "short-poll":
                self._leave(number)
        self._news.set()

    def zero(self) -> None:
        """Begin another stretch."""
        self.stretch += 1
        for technique, watch in self._watches.items():
            watch.begin_stretch_at(time.perf_counter_ns(), self._notes[technique].tally)

    def stop(self) -> None:
        """Have none."""
        self.want(0)

    # --- letting in ---

    async def keep(self) -> None:
        """Let in who is missing, until cancelled."""
        while True:
            self._news.clear()
            if len(self._clients) + len(self._coming) < self._wanted:
                await self._let_in()
                gc.unfreeze()
                gc.collect()
                gc.freeze()  # or the collector goes through all clients again and again, and they seem slow meanwhile
            else:
                await self._news.wait()

    async def _let_in(self) -> None:
        """Let all in who are missing now, at an even pace."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for number in range(self._wanted):
            if number >= self._wanted or number in self._clients or number in self._coming:
                continue
            while self._under_way() >= AT_ONCE and number < self._wanted:  # noqa: ASYNC110 - it is rare
                await asyncio.sleep(LOOK_AGAIN_S)
            due = max(due + 1 / A_SECOND, loop.time() - LOOK_AGAIN_S)
            await asyncio.sleep(due - loop.time())
            if number < self._wanted:
                self._come(number)

    def _under_way(self) -> int:
        """How many have begun, and have never come to read yet."""
        return sum(not client.ready.done() for client in self._clients.values())

    def _technique(self, number: int) -> str:
        return self._techniques[number % len(self._techniques)]

    def _come(self, number: int) -> None:
        technique = self._technique(number)
        if technique != "short-poll":
            self._start(number)
            return
        interval_s = self.target.poll_interval_s
        phase_s = number // len(self._techniques) * GOLDEN % 1 * interval_s
        wait_s = (phase_s - (time.perf_counter() - self._begun)) % interval_s
        self._coming[number] = asyncio.get_running_loop().call_later(wait_s, self._start, number)

    def _start(self, number: int) -> None:
        self._coming.pop(number, None)
        technique = self._technique(number)
        client = CLIENTS[technique](number, self.target, self._notes[technique])
        watch = self._watches[technique]
        client.ready.add_done_callback(lambda ready: None if ready.cancelled() else watch.joined(number, client.cursor))
        self._clients[number] = client
        client.start()

    def _leave(self, number: int) -> None:
        if (timer := self._coming.pop(number, None)) is not None:
            timer.cancel()
        if (client := self._clients.pop(number, None)) is not None:
            client.ready.cancel()
            client.stop()
            self._watches[client.technique].forget(number)

    # --- what is told ---

    def connected(self) -> dict[str, int]:
        """Return how many of each technique read."""
        counts = dict.fromkeys(self._techniques, 0)
        for client in self._clients.values():
            counts[client.technique] += client.is_ready
        return counts

    def told(self) -> dict[str, Any]:
        """Return who reads, and the figures of the stretch."""
        for watch in self._watches.values():
            watch.look_at_clock()
        for notes in self._notes.values():
            notes.breaks.clear()
            del notes.refusals[:-1]
        figures = {name: watch.told(self._notes[name].tally) for name, watch in self._watches.items()}
        return {"stretch": self.stretch, "connected": self.connected(), "figures": figures}
