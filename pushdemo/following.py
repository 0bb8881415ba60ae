"""A reader that stays: where it starts, what it is handed next, and its connection when the fan-out has that.

Whoever reads iterates and gets one `Batch` after another. Or it hands its connection over to the fan-out, which then
writes to it without a task of its own (fanout.py); when the connection does not take all, or is behind from the
start, the reader catches up from the log in pieces and the fan-out goes on.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Literal, NamedTuple, Self

from pushdemo.fanout import Fanout, Subscriber
from pushdemo.line import Ending, Line, Words
from pushdemo.log import MessageLog, Span
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem
from pushdemo.settings import Settings

PIECE_MESSAGES = 32
"""Who catches up on a line gets so many at once, and the next when those are on their way."""

Start = Cursor | Literal["latest"] | None
"""Where reading starts: after a cursor, from now on, or (None) with the last messages first."""


class Batch(NamedTuple):
    """What a reader gets at once: `messages` in order, perhaps none, and the `cursor` to go on from afterwards.

    `gap` is set when messages after the reader's place are gone for good, or its place was never known here: it is
    the place from which everything still kept follows. `more` says that there are more messages already.
    """

    cursor: Cursor
    messages: list[Message]
    gap: Cursor | None = None
    more: bool = False


def starting_place(start: Start, span: Span, history: int) -> tuple[int, bool]:
    """Return the number to read after, and whether there is a gap before it.

    There is one if and only if the cursor is of another epoch, or above the newest number, or the number that
    follows it is no longer kept. Then reading starts with everything that still is.
    """
    if start is None:
        return max(span.oldest - 1, span.newest - history), False
    if start == "latest":
        return span.newest, False
    if start.epoch != span.epoch or start.number > span.newest or start.number + 1 < span.oldest:
        return span.oldest - 1, True
    return start.number, False


class Following:
    """A reader that stays. After entering: `cursor`, where it starts, and `gap`, whether something before is gone.

    Iterating gives one `Batch` after another, never one that says nothing, until the server stops it.
    """

    __slots__ = (
        "_catching_up",
        "_fanout",
        "_gap_untold",
        "_line",
        "_log",
        "_room",
        "_settings",
        "_start",
        "_subscribe",
        "_task",
        "_words",
        "gap",
        "span",
        "subscriber",
    )

    def __init__(
        self,
        log: MessageLog,
        fanout: Fanout,
        settings: Settings,
        room: str,
        start: Start,
        subscribe: Callable[[], Subscriber],
    ) -> None:
        self._log = log
        self._fanout = fanout
        self._settings = settings
        self._room = room
        self._start = start
        self._subscribe = subscribe
        self.gap = self._gap_untold = False
        self._line: Line | None = None
        self._words: Words | None = None
        self._catching_up = False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Register, then look.

        Raises:
            Problem: 400 for the room's name, 503 when the server is full or stopping.
        """
        self.subscriber = self._subscribe()
        try:
            self.span = await self._log.span(self._room)
        except BaseException:
            self.close()
            raise
        channel = self.subscriber.channel
        channel.newest = max(channel.newest, self.span.newest)
        self.subscriber.position, self.gap = starting_place(self._start, self.span, self._settings.history_messages)
        self._gap_untold = self.gap

    def close(self) -> None:
        """Leave the room; nothing is handed over any more."""
        self._fanout.leave(self.subscriber)
        self.subscriber.line = None
        self.subscriber.stop()
        self._fanout.unsubscribe(self.subscriber)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is None:  # else it stays until the line is lost
            self.close()

    @property
    def cursor(self) -> Cursor:
        """The place after everything handed over so far; until a gap is told, still the one the reader came with.

        So a reader that is cut off before it hears of the gap comes back with that, and hears of it then.
        """
        if self._gap_untold and isinstance(self._start, Cursor):
            return self._start
        return self._place

    @property
    def _place(self) -> Cursor:
        return Cursor(self.span.epoch, self.subscriber.position)

    # --- read by whoever iterates ---

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Batch:
        subscriber = self.subscriber
        while not subscriber.stopped:
            messages = [] if self._gap_untold else await subscriber.wait()
            batch = self._advance(messages) if messages else await self._read_on(self._settings.poll_messages)
            if batch is not None:
                return batch
        raise StopAsyncIteration

    async def _read_on(self, limit: int) -> Batch | None:
        """Return what the log has after the reader's place, or None when it has all."""
        subscriber = self.subscriber
        messages: list[Message] = []
        if subscriber.behind:
            newest = subscriber.channel.newest
            messages = await self._log.after(self._room, subscriber.position, limit)
            if self.subscriber is not subscriber:  # a poll whose time was up meanwhile, and which has come again
                return None
            if not messages:  # the log has lost what it announced
                subscriber.position, self._gap_untold = newest, True
        return self._advance(messages) if messages or self._gap_untold else None

    def _advance(self, messages: list[Message]) -> Batch:
        """Move on to the last of `messages` and return them as what the reader gets."""
        subscriber = self.subscriber
        gap = self._place if self._gap_untold else None
        self._gap_untold = False
        if subscriber.technique == "long-poll":
            messages = messages[: self._settings.poll_messages]
        if messages:
            if messages[0].number > subscriber.position + 1:  # trimmed while it read too slowly
                gap = Cursor(self.span.epoch, messages[0].number - 1)
            subscriber.position = messages[-1].number
            self._fanout.delivered[subscriber.technique] += len(messages)
        return Batch(self.cursor, messages, gap, more=subscriber.behind)

    # --- both: read by a task, and written by the fan-out while that waits ---

    def lend(self, line: Line, words: Words) -> bool:
        """Let the fan-out write to `line` as long as the task that iterates would wait; False while it does not.

        The task goes on when the line does not take what is written, or is lost.
        """
        if not self.subscriber.waits:
            return False
        if not self._fanout.join(self.subscriber, line, words):
            return False
        self.subscriber.wait_on()
        return True

    def called_back(self) -> None:
        """Take the line from the fan-out, and let the task go on."""
        self._fanout.leave(self.subscriber)
        self.subscriber.give([])

    # --- asked again and again ---

    def keep(self) -> None:
        """Keep hearing of the room's newest number between two polls of a client; `let_go` ends it."""
        self._fanout.keep(self.subscriber.channel)

    def let_go(self) -> None:
        """Hear no more of the room."""
        self._fanout.let_go(self.subscriber.channel)

    def open_again(self, number: int) -> bool:
        """Register again, after message `number` of the same epoch; False when there is no such message yet.

        Raises:
            Problem: 503 when the server is full or stopping.
        """
        if number > self.subscriber.channel.newest:
            return False
        self.subscriber = self._subscribe()
        self.subscriber.position = number
        return True

    async def read_poll(self) -> Batch:
        """Return what there is for a reader that is behind, as one poll carries it.

        Raises:
            Problem: 503, the log cannot be read.
        """
        return await self._read_on(self._settings.poll_messages) or Batch(self.cursor, [])

    # --- written by the fan-out ---

    async def hand_over(self, line: Line, words: Words) -> None:
        """Let the fan-out write to `line` from now on; first what the reader has not got yet.

        The line tells by `paused`, `resumed` and `lost` what becomes of it. When it is lost, the reader leaves.
        """
        self._line, self._words = line, words
        self.subscriber.line = line
        line.carry(self)
        if self.subscriber.stopped:  # before there was a line to end
            line.end(Ending.STOPPING)
        else:
            await self._catch_up()

    def paused(self) -> None:
        """Take the reader's line from the fan-out: its client does not take what is written."""
        self._fanout.leave(self.subscriber)

    def resumed(self) -> None:
        """Give the line back to the fan-out, after what was missed."""
        if not self._catching_up:
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    def lost(self) -> None:
        """Leave: the connection is gone."""
        self.close()

    def join(self, line: Line, words: Words) -> bool:
        """Let the fan-out write to `line`; False when what there is for the reader has to be read from the log."""
        self.subscriber.line = line
        return self._fanout.join(self.subscriber, line, words)

    async def _catch_up(self) -> None:
        """Write what the log has after the reader's place, while the line takes it; then let the fan-out write."""
        line, words, subscriber = self._line, self._words, self.subscriber
        assert line is not None
        assert words is not None
        self._catching_up = True
        try:
            while line.takes_more:
                batch = await self._read_on(PIECE_MESSAGES)
                if subscriber.stopped:
                    return
                if batch is None:  # nothing was waited for since the line was looked at
                    self._fanout.join(subscriber, line, words)
                    return
                line.transport.write(line.framing(words.of(batch.messages, batch.gap)))
        except Problem:  # the log cannot be read at the moment: the reader may come back by its cursor
            line.end(Ending.LATER)
        except Exception:  # an error of ours: the reader had better come back
            line.end(Ending.LATER)
            raise
        finally:
            self._catching_up = False
