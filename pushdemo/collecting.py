"""Python's collector of cycles, kept from standing in the way of those who are connected.

When objects have become a quarter more, the collector goes through all there are, and nothing else runs meanwhile:
half a second and more when ten thousand connections have come. Most of what it finds is there to stay. So what has
been gone through once is put aside (`gc.freeze`), and the next time it goes through what is new.

What is put aside and then becomes garbage in cycles is not found any more, and what a connection leaves behind may be
that. So when `MOST_LEFT` connections have left, everything is gone through once again, the next time the collector
comes: when there is a quarter more than it found.
"""

import contextlib
import gc
from collections.abc import Iterator
from typing import Any

MOST_LEFT = 500
"""Of Socket.IO, what so many leave behind is some 15 MiB; of the other techniques, 1 to 5. Where 10,000 stay and others
come and leave, about 2,500 have left before the collector comes."""
OLDEST = 2
"""The generation with which all there is, but for what is put aside, is gone through."""


class Collector:
    """Decides what the collector goes through."""

    def __init__(self) -> None:
        self._left = 0

    def left(self) -> None:
        """Hear that a connection has ended."""
        self._left += 1

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Put aside what is there, and from now on what stays; the process is as it was at the end."""
        gc.collect()
        gc.freeze()
        gc.callbacks.append(self._collecting)
        try:
            yield
        finally:
            gc.callbacks.remove(self._collecting)
            gc.unfreeze()

    def _collecting(self, phase: str, info: dict[str, Any]) -> None:
        """Hear that the collector begins, or has ended."""
        if info["generation"] < OLDEST:
            return
        if phase == "stop":
            gc.freeze()
        elif self._left >= MOST_LEFT:
            self._left = 0
            gc.unfreeze()
