"""Python's collector of cycles, kept from standing in the way of those who are connected.

Whenever the number of objects has grown by a quarter, Python's collector goes through all of them, and nothing else
runs meanwhile: half a second and more when ten thousand connections have come. Most of what it finds is there to stay.
So after each such look we put what it has seen aside (`gc.freeze`); the next look goes through what is new.

Objects that are put aside, and later are garbage that holds itself in a circle, are not found any more; a connection
that ends may leave such objects. So once `MOST_LEFT` connections have ended, the next look goes through everything.
"""

import contextlib
import gc
from collections.abc import Iterator
from typing import Any

MOST_LEFT = 500
"""So many Socket.IO connections leave some 15 MiB behind, those of other techniques 1 to 5. It can be more: where
10,000 stay and others come and go, about 2,500 have gone by the next look."""
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
        """Put aside what is there, and from now on what stays; afterwards nothing is aside any more."""
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
