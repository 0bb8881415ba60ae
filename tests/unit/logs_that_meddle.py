"""Logs around a log: one that lets others go on at every step, one at which something happens at a chosen moment."""

from collections.abc import Awaitable, Callable

from pushdemo.log import Announce, Appended, MessageLog, Span
from pushdemo.messages import Draft, Message
from tests.support.fake_clock import turn

Happening = Callable[[], Awaitable[object]]


class MeddlingLog:
    """A log at which something happens once, before or after the next call of `span` or `after`.

    `log.meddle["span", "before"] = happening` sets it up.
    """

    def __init__(self, log: MessageLog) -> None:
        self.log = log
        self.meddle: dict[tuple[str, str], Happening] = {}

    async def _maybe(self, method: str, moment: str) -> None:
        happening = self.meddle.pop((method, moment), None)
        if happening is not None:
            await happening()

    async def open(self, announce: Announce) -> None:
        await self.log.open(announce)

    async def close(self) -> None:
        await self.log.close()

    async def append(self, room: str, draft: Draft) -> Appended:
        return await self.log.append(room, draft)

    async def span(self, room: str) -> Span:
        await self._maybe("span", "before")
        span = await self.log.span(room)
        await self._maybe("span", "after")
        return span

    async def after(self, room: str, number: int, limit: int) -> list[Message]:
        await self._maybe("after", "before")
        messages = await self.log.after(room, number, limit)
        await self._maybe("after", "after")
        return messages

    async def rooms(self) -> dict[str, Span]:
        return await self.log.rooms()


class SlowLog(MeddlingLog):
    """A log whose every answer takes some turns of the event loop, before and after it is found."""

    def __init__(self, log: MessageLog, turns: Callable[[], int]) -> None:
        super().__init__(log)
        self._turns = turns

    async def _maybe(self, method: str, moment: str) -> None:
        await turn(self._turns())
