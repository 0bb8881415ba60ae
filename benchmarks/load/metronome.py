"""Calls at times laid down beforehand, to a tenth of a millisecond.

Timers of event loops count milliseconds, and half of one is as long as a delivery takes here. So a thread waits, by
the system's own timer, and tells the loop. It holds the interpreter only for the moment of telling.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence

from benchmarks.load.arrivals import now_ns

NS_PER_S = 1_000_000_000


async def call_at(times_ns: Sequence[int], call: Callable[[int], None], interrupted: asyncio.Event) -> None:
    """Call `call(k)` in the loop when `times_ns[k]` has come, never before; return after the last, or interrupted.

    Args:
        times_ns: by `perf_counter_ns`, rising.
        call: must not wait.
        interrupted: when set, no further call is made.
    """
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    stopped = threading.Event()

    def due(number: int) -> None:
        if not stopped.is_set() and not interrupted.is_set():
            call(number)

    def wait() -> None:
        for number, at_ns in enumerate(times_ns):
            while (left_ns := at_ns - now_ns()) > 0:
                if stopped.wait(left_ns / NS_PER_S):
                    return
            tell(due, number)
        tell(over.set)

    def tell(what: Callable[..., None], *arguments: int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there to hear it
            loop.call_soon_threadsafe(what, *arguments)

    thread = threading.Thread(target=wait, name="metronome", daemon=True)
    thread.start()
    ends = [asyncio.ensure_future(event.wait()) for event in (over, interrupted)]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.set()
        for end in ends:
            end.cancel()
        await asyncio.to_thread(thread.join)
