"""Calls at their times: never early, in their order, and none once it is interrupted."""

import asyncio
import threading

import pytest

from benchmarks.load.arrivals import now_ns
from benchmarks.load.metronome import call_at
from tests.support.until import until

MS = 1_000_000
LATER = 3_600_000 * MS
"""An hour: what is due then is never called here."""


def is_over() -> bool:
    """Return whether no metronome's thread is left."""
    return not any(thread.name == "metronome" for thread in threading.enumerate())


class Calls:
    """Notes each call, and when it came."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.at_ns: list[int] = []

    def __call__(self, number: int) -> None:
        self.at_ns.append(now_ns())
        self.numbers.append(number)


async def test_calls_come_in_order_and_never_before_their_time() -> None:
    start_ns = now_ns()
    times_ns = [start_ns + offset * MS for offset in (1, 2, 2, 3, 5, 8, 8, 8, 9)]
    calls = Calls()
    await call_at(times_ns, calls, asyncio.Event())
    assert calls.numbers == list(range(9))
    assert all(at_ns >= due_ns for at_ns, due_ns in zip(calls.at_ns, times_ns, strict=True))
    assert is_over()


async def test_calls_that_follow_closely_are_not_early_either() -> None:
    start_ns = now_ns()
    times_ns = [start_ns + number * MS * 3 // 10 for number in range(30)]
    calls = Calls()
    await call_at(times_ns, calls, asyncio.Event())
    assert all(at_ns >= due_ns for at_ns, due_ns in zip(calls.at_ns, times_ns, strict=True))


async def test_what_is_past_is_called_at_once_and_all_of_it() -> None:
    calls = Calls()
    await call_at([0] * 1_000, calls, asyncio.Event())
    assert calls.numbers == list(range(1_000))


async def test_nothing_to_call_is_done_at_once() -> None:
    calls = Calls()
    await call_at([], calls, asyncio.Event())
    assert calls.numbers == []
    assert is_over()


async def test_calls_are_made_in_the_event_loop() -> None:
    threads = []
    await call_at([0, 0], lambda number: threads.append(threading.current_thread()), asyncio.Event())
    assert threads == [threading.current_thread()] * 2


async def test_interrupted_it_returns_without_further_calls() -> None:
    calls, interrupted = Calls(), asyncio.Event()

    def call(number: int) -> None:
        calls(number)
        if number == 1:
            interrupted.set()

    await call_at([0, 0, 0, 0, now_ns() + LATER], call, interrupted)
    assert calls.numbers == [0, 1]
    assert is_over()


async def test_interrupted_beforehand_it_calls_nothing() -> None:
    calls, interrupted = Calls(), asyncio.Event()
    interrupted.set()
    await call_at([0] * 100 + [now_ns() + LATER], calls, interrupted)
    assert calls.numbers == []
    assert is_over()


async def test_cancelled_it_leaves_nothing_behind() -> None:
    calls = Calls()
    ringing = asyncio.create_task(call_at([0, now_ns() + LATER], calls, asyncio.Event()))
    await until(lambda: calls.numbers, "the first call")
    ringing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ringing
    assert calls.numbers == [0]
    assert is_over()
