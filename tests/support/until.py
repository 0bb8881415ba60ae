"""Waiting for facts, not for time."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

WITHIN_S = 10.0
"""When a fact has not come true by then, it will not: far more than anything here takes."""


async def until(fact: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> Any:
    """Ask `fact`, which may be asynchronous, until it is true, and return what it gave.

    Raises:
        AssertionError: it did not become true; `what` and its last value tell what was waited for.
    """
    deadline = time.monotonic() + within_s
    while True:
        value = fact()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        assert time.monotonic() < deadline, f"{what}: still {value!r} after {within_s} s"
        await asyncio.sleep(0.01)
