"""Logs that tell what they announced."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pushdemo.log import MessageLog
from pushdemo.messages import Message
from tests.unit.samples import memory_log, sqlite_log


class Announced(list[tuple[str, int]]):
    """The rooms and numbers announced so far, in order."""

    def __call__(self, room: str, messages: list[Message]) -> None:
        assert messages, "an announcement of nothing"
        assert all(message.room == room for message in messages)
        self.extend((room, message.number) for message in messages)

    def of(self, room: str) -> list[int]:
        return [number for name, number in self if name == room]


@pytest.fixture
def announced() -> Announced:
    return Announced()


@pytest.fixture(params=["memory", "sqlite"])
def make_log(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., MessageLog]:
    """Returns a new log of each kind."""

    def make(*args: Any, **limits: int) -> MessageLog:
        if request.param == "memory":
            return memory_log(*args, **limits)
        return sqlite_log(tmp_path / "feed.sqlite", *args, **limits)

    return make


@pytest.fixture
async def open_log(make_log: Callable[..., MessageLog], announced: Announced) -> AsyncIterator[Callable[..., Any]]:
    """Opens a log of each kind with the limits given, and closes it at the end."""
    async with AsyncExitStack() as stack:

        async def open_one(*args: Any, **limits: int) -> MessageLog:
            return await stack.enter_async_context(opened(make_log(*args, **limits), announced))

        yield open_one


@asynccontextmanager
async def opened(log: MessageLog, announced: Any = lambda room, messages: None) -> AsyncIterator[Any]:
    """Open `log` and close it at the end."""
    await log.open(announced)
    try:
        yield log
    finally:
        await log.close()
