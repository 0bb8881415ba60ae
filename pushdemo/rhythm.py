"""When to pass on what was announced: at once, or together with what follows.

A write costs much the same whether it carries one message or ten, and under load most of the server's time goes into
writes. So under load several messages are gathered for one pass over the readers; a message that comes alone never
waits. Say that a pass took 3 ms:

- An idle server passes a message on at once: in the next turn of the event loop.
- If that pass held several messages, or more came during it, the next one rests first, for 30 % of those 3 ms
  (`GATHER`).
- If other messages are being published just then (they may wait for the disk), the next pass waits for them, but not
  beyond 3 ms after the last. So what the next commit makes durable goes out with it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pushdemo.clock import Clock, Timer

GATHER = 0.3
"""A rest under load, as a part of the time that the last pass took: some latency is spent to have more messages in a
write."""


class Rhythm:
    """Makes a pass when one is asked for, never two at a time.

    Args:
        make_pass: passes on all that is there; returns how many messages all readers of a room were given at most.
        clock: for the time a pass takes, and for rests.
    """

    def __init__(self, make_pass: Callable[[], int], clock: Clock) -> None:
        self._make_pass = make_pass
        self._clock = clock
        self._asked = False
        self._under_way = False
        self._publishing = 0
        self._rest_until = self._patience_until = 0.0
        self._patience: Timer | None = None

    def ask(self) -> None:
        """Have a pass made, because something was announced."""
        self._asked = True
        if not self._under_way:
            self._schedule()

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Know that a message is being published, and will be announced by the end if it is new."""
        self._publishing += 1
        try:
            yield
        finally:
            self._publishing -= 1
            if self._patience is not None and not self._publishing:
                self._patience.cancel()
                self._patience = None
                asyncio.get_running_loop().call_soon(self._go)

    def _schedule(self) -> None:
        self._under_way = True
        rest_s = self._rest_until - self._clock.monotonic()
        if rest_s > 0:
            self._clock.call_later(rest_s, self._begin)
        else:
            asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        """Make the pass, or let it wait for what is being published."""
        patience_s = self._patience_until - self._clock.monotonic()
        if self._publishing and patience_s > 0:
            self._patience = self._clock.call_later(patience_s, self._go)
        else:
            self._go()

    def _go(self) -> None:
        self._patience = None
        self._asked = False
        began_s, most = self._clock.monotonic(), 0
        try:
            most = self._make_pass()
        finally:  # the event loop sends what is written to it at the end of its turn
            asyncio.get_running_loop().call_soon(self._end, began_s, most)

    def _end(self, began_s: float, most: int) -> None:
        self._under_way = False
        now_s = self._clock.monotonic()
        took_s = now_s - began_s
        self._patience_until = now_s + took_s
        if most > 1 or self._asked:
            self._rest_until = now_s + GATHER * took_s
        if self._asked:
            self._schedule()
