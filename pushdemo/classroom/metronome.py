"""The metronome: messages that the server itself publishes into the class's room, evenly or at random.

At random means a Poisson process: whatever has passed since the last message, the next is as likely in any moment.
Its gaps come from a seed, so that a class can be repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pushdemo.clock import Clock, Timer
from pushdemo.messages import Draft
from pushdemo.problems import Problem

SENDER = "metronome"
MOST_UNDER_WAY = 100
"""Messages that the log has not kept yet; where it takes so long, ticks fall out."""
MOST_LATE_S = 1.0
"""A laptop that slept does not catch up on its ticks."""
FILLER = "abcdefghijklmnopqrstuvwxyz "


class Beat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the metronome beats.

    Attributes:
        rate: per second; 0 is silence.
        at_random: a Poisson process instead of equal gaps.
        text_bytes: of each message's text.
        seed: of the gaps.
    """

    rate: Annotated[float, Meta(ge=0, le=100)] = 0
    at_random: bool = False
    text_bytes: Annotated[int, Meta(ge=10, le=2_000)] = 100
    seed: Annotated[int, Meta(ge=0, le=2**53)] = 1


class Metronome:
    """Publishes at its beat.

    Args:
        publish: puts a message into the class's room.
        clock: for the gaps.
    """

    def __init__(self, publish: Callable[[Draft], Awaitable[Any]], clock: Clock) -> None:
        self.beat = Beat()
        self._publish = publish
        self._clock = clock
        self._stretch = 1
        self._number = 0
        self._random = Random(self.beat.seed)
        self._due = 0.0
        self._timer: Timer | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def set(self, beat: Beat) -> None:
        """Go on at another beat."""
        if beat != self.beat:
            self.beat = beat
            self._begin()

    def begin_stretch(self, stretch: int) -> None:
        """Count from 1, and draw the gaps from the beginning."""
        self._stretch = stretch
        self._number = 0
        self._begin()

    def stop(self) -> None:
        """Beat no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def close(self) -> None:
        """Beat no more, and let what is under way be kept."""
        self.stop()
        await asyncio.gather(*self._under_way)

    def _begin(self) -> None:
        self.stop()
        self._random = Random(self.beat.seed)
        self._due = self._clock.monotonic()
        self._await_next()

    def _await_next(self) -> None:
        rate = self.beat.rate
        if not rate:
            return
        now = self._clock.monotonic()
        self._due += self._random.expovariate(rate) if self.beat.at_random else 1 / rate
        if self._due < now - MOST_LATE_S:
            self._due = now
        self._timer = self._clock.call_later(max(0.0, self._due - now), self._tick)

    def _tick(self) -> None:
        self._number += 1
        if len(self._under_way) < MOST_UNDER_WAY:
            task = asyncio.get_running_loop().create_task(self._say(self._draft()))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        self._await_next()

    def _draft(self) -> Draft:
        size = self.beat.text_bytes
        text = (f"tick {self._number} " + FILLER * (size // len(FILLER) + 1))[:size]
        return Draft(SENDER, text, f"tick-{self._stretch}-{self._number}")

    async def _say(self, draft: Draft) -> None:
        with suppress(Problem):  # the log cannot keep it; whoever reads the log's errors is told elsewhere
            await self._publish(draft)
