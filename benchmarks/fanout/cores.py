"""One CPU core for the server, another for the generator, where there are two and the system can confine to them."""

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import NamedTuple


class Cores(NamedTuple):
    """The cores; None: all of them."""

    server: int | None
    generator: int | None


def choose() -> Cores:
    """Return two cores that may be used, as far apart as there are: neighbours may be halves of one core."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1]) if len(usable) > 1 else Cores(None, None)


@contextlib.contextmanager
def confined(core: int | None) -> Iterator[None]:
    """Have all threads of this process on one core for the length of the context.

    To be entered when the server has been started: a child inherits the cores that it may choose from.
    """
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    _confine({core})
    try:
        yield
    finally:
        _confine(before)


def _confine(cores: set[int]) -> None:
    for thread in threading.enumerate():
        if thread.native_id is not None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.sched_setaffinity(thread.native_id, cores)
