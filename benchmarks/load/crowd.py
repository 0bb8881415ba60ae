"""Many clients of one technique in one process: let in a few at a time, told apart by their number."""

import asyncio
import gc
import time
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.load.client import Client, Notes, Target
from benchmarks.load.clients import CLIENTS
from benchmarks.load.polling import ShortPoll

AT_ONCE = 100
"""How many connect at the same time: fewer than any server's backlog."""
OPEN_WITHIN_S = 30.0
QUIET_S = 0.05
QUIET_WITHIN_S = 5.0


class CouldNotOpen(Exception):
    """The clients did not come to read; one sentence says why."""


class Crowd(NamedTuple):
    """The clients that read, and where they note what happens."""

    clients: list[Client]
    notes: Notes

    @classmethod
    def of(cls, technique: str, target: Target, numbers: Iterable[int]) -> "Crowd":
        """Return the clients with these numbers, which have not begun yet."""
        notes = Notes()
        return cls([CLIENTS[technique](number, target, notes) for number in numbers], notes)

    async def open(self, starts_s: dict[int, float]) -> None:
        """Let all begin; those of short polling at their own time, seconds from now, the others as they get in.

        Raises:
            CouldNotOpen: some do not come to read.
        """
        slots = asyncio.Semaphore(AT_ONCE)
        begun = asyncio.get_running_loop().time()

        async def let_in(client: Client) -> None:
            async with slots:
                client.start()
                await client.ready

        async def let_in_at(client: Client, start_s: float) -> None:
            await asyncio.sleep(start_s - (asyncio.get_running_loop().time() - begun))
            client.start()
            await client.ready

        ways = [
            let_in_at(client, starts_s[client.number]) if client.number in starts_s else let_in(client)
            for client in self.clients
        ]
        try:
            async with asyncio.timeout(OPEN_WITHIN_S + max(starts_s.values(), default=0)):
                await asyncio.gather(*ways)
        except TimeoutError:
            missing = sum(not client.is_ready for client in self.clients)
            why = f"; the server said: {self.notes.refusals[-1]}" if self.notes.refusals else ""
            raise CouldNotOpen(f"{missing} of {len(self.clients)} clients do not come to read{why}") from None
        gc.collect()
        gc.freeze()  # or the collector goes through all clients again and again, and they seem slow meanwhile

    @property
    def received(self) -> int:
        """How many messages have arrived so far."""
        return len(self.notes.arrivals)

    async def close(self) -> None:
        """Let answers that are under way come, then stop all; a held long poll stays without its answer."""
        for client in self.clients:
            if isinstance(client, ShortPoll):
                client.finish()
        deadline = time.monotonic() + QUIET_WITHIN_S
        while not all(client.is_idle for client in self.clients) and time.monotonic() < deadline:  # noqa: ASYNC110 - rare
            await asyncio.sleep(QUIET_S)
        await asyncio.sleep(QUIET_S)  # for what the kernel has still to acknowledge
        self.stop()

    def stop(self) -> None:
        """Stop all at once; without effect on those that are stopped."""
        for client in self.clients:
            if not client.is_stopped:
                client.stop()
        gc.unfreeze()
