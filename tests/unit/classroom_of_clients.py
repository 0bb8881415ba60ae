"""Rooms, publishers and clients that come and go, each client with a ledger of what it was given, in order."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from pushdemo.feed import Feed
from pushdemo.following import Batch, Start
from pushdemo.log import Announce, MessageLog
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, turn
from tests.unit.logs_that_meddle import SlowLog
from tests.unit.samples import draft, unlimited

Place = Cursor | None


class RecordingLog(SlowLog):
    """A slow log that writes down every message it announces: the truth that ledgers are held against."""

    def __init__(self, log: MessageLog, turns: Callable[[], int], truth: dict[str, Message]) -> None:
        super().__init__(log, turns)
        self._truth = truth

    async def open(self, announce: Announce) -> None:
        def record(room: str, messages: list[Message]) -> None:
            for message in messages:
                assert message.id not in self._truth, f"{message.id} was given twice"
                self._truth[message.id] = message
            announce(room, messages)

        await super().open(record)


@dataclass
class Client:
    """A reader that writes down what it gets, and goes on from its cursor by whatever technique it is told."""

    room: str
    start: Start
    ledger: list[Message | tuple[str, Cursor]] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None
    permits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    take: int | None = None

    async def read(self, feed: Feed, technique: str) -> None:
        """Read until it is cancelled or the feed stops; each answer needs a permit, so that it can lag."""
        with suppress(Problem):
            if technique == "follow":
                async with feed.follow(self.room, self.start, "sse") as following:
                    self._begin(following.cursor)
                    await self.permits.acquire()
                    async for batch in following:
                        if not self._note(batch):
                            return
                        await self.permits.acquire()
            while technique != "follow":
                await self.permits.acquire()
                if technique == "after":
                    batch = await feed.after(self.room, self.start)
                else:
                    batch = await feed.wait_after(self.room, self.start, 5)
                if not self._note(batch):
                    return

    def _begin(self, cursor: Cursor) -> None:
        """Go on from the cursor that an answer begins with; nothing before it comes any more."""
        if not isinstance(self.start, Cursor):
            self.ledger.append(("at", cursor))
        self.start = cursor

    def _note(self, batch: Batch) -> bool:
        """Write down what came; False when the connection broke in the middle of it."""
        if self.start == "latest":
            assert batch.messages == []
            self._begin(batch.cursor)
        if batch.gap is not None:
            self.ledger.append(("gap", batch.gap))
            self.start = batch.gap
        messages = batch.messages
        if self.take is not None and self.take < len(messages):
            messages, self.take = messages[: self.take], None
            self.ledger += messages
            self.start = Cursor.parse(messages[-1].id) if messages else self.start
            return False
        self.ledger += messages
        self.start = batch.cursor
        return True

    async def leave(self) -> None:
        """Break the connection, wherever it is."""
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
            self.task = None

    def check(self, truth: dict[str, Message], newest: Cursor) -> None:
        """Hold the ledger against the truth: nothing lost but for a told gap, nothing twice, all in order, to the end.

        Raises:
            AssertionError: the ledger shows otherwise.
        """
        place: Place = None
        for entry in self.ledger:
            if isinstance(entry, Message):
                assert entry.json == truth[entry.id].json
                here = Cursor.parse(entry.id)
                assert place is None or here == Cursor(place.epoch, place.number + 1), f"{here} after {place}"
                place = here
            elif entry[0] == "gap":
                _, here = entry
                assert place is None or here.epoch != place.epoch or here.number > place.number, (
                    f"a gap from {place} to {here} where nothing is missing"
                )
                place = here
            else:
                assert place is None
                place = entry[1]
        if place is not None:
            assert place == newest, f"it ends at {place}, and the feed at {newest}"


class Classroom:
    """One feed, its rooms and its clients, and everything that may happen to them.

    Args:
        make_log: gives the log of the next run.
        clients: who reads.
        seed: chooses how many turns everything takes.
        patience: turns of the loop within which a connected reader must have what there is.
    """

    def __init__(
        self, make_log: Callable[[FakeClock], MessageLog], clients: list[Client], seed: int, patience: int
    ) -> None:
        self.clock = FakeClock()
        self.clients = clients
        self.truth: dict[str, Message] = {}
        self._make_log = make_log
        self._patience = patience
        self._random = Random(seed)
        self._publishers: list[asyncio.Task[None]] = []

    def _new_feed(self) -> Feed:
        log = RecordingLog(self._make_log(self.clock), lambda: self._random.randrange(5), self.truth)
        return Feed(log, unlimited(history_messages=3, poll_messages=4), self.clock)

    async def open(self) -> None:
        self.feed = self._new_feed()
        await self.feed.open()

    async def publish(self, room: str, count: int) -> None:
        """Let somebody publish `count` messages while everything else goes on."""
        feed = self.feed

        async def publisher() -> None:
            with suppress(Problem):
                for number in range(count):
                    await feed.publish(room, draft(f"{room} {number}"))
                    await turn(self._random.randrange(4))

        self._publishers.append(asyncio.create_task(publisher()))

    async def connect(self, index: int, technique: str) -> None:
        """Let a client go on by a technique from where it is."""
        client = self.clients[index % len(self.clients)]
        await client.leave()
        client.task = asyncio.create_task(client.read(self.feed, technique))

    async def meet(self, index: int, turns: int) -> None:
        """Let a single message be published just when a client begins to follow its room."""
        await asyncio.gather(*self._publishers)
        await self.connect(index, "follow")
        await turn(turns)
        await self.publish(self.clients[index % len(self.clients)].room, 1)

    async def disconnect(self, index: int, _: object) -> None:
        await self.clients[index % len(self.clients)].leave()

    async def read(self, index: int, times: int) -> None:
        """Let a client take so many answers; without that it lags."""
        for _ in range(times):
            self.clients[index % len(self.clients)].permits.release()

    async def cut(self, index: int, take: int) -> None:
        """Let a client's connection break within an answer of more than `take` messages."""
        self.clients[index % len(self.clients)].take = take
        await self.read(index, 1)

    async def wait(self, turns: int, seconds: int) -> None:
        """Let everybody go on for a while, and time pass."""
        await turn(turns)
        self.clock.advance(seconds)
        await turn(turns)

    async def restart(self, *_: object) -> None:
        """Stop the server, let everybody notice, and start it again."""
        self.feed.stop()
        await turn(20)
        for client in self.clients:
            await client.leave()
        await asyncio.gather(*self._publishers)
        await self.feed.close()
        await self.open()

    async def happen(self, name: str, *arguments: object) -> None:
        """Let one thing happen, and the others go on for a moment."""
        await getattr(self, name)(*arguments)
        await turn(self._random.randrange(8))

    async def finish(self) -> None:
        """Let all clients come back once more and read to the end, then check every ledger."""
        await asyncio.gather(*self._publishers)
        for client in self.clients:
            await self._catch_up(client)
            await client.leave()
            client.take = None
            more = True
            while more:
                batch = await self.feed.after(client.room, client.start)
                more = batch.more or client.start == "latest"
                client._note(batch)
            newest = (await self.feed.after(client.room, "latest")).cursor
            client.check(self.truth, newest)
        assert (self.feed.waiting, self.clock.pending) == (0, 0)

    async def _catch_up(self, client: Client) -> None:
        """See that a client which is connected gets what there is without another message that wakes it.

        Raises:
            AssertionError: it does not.
        """
        newest = (await self.feed.after(client.room, "latest")).cursor
        waited = 0
        while client.task is not None and not client.task.done() and newest.number > 0 and client.start != newest:
            waited += 1
            assert waited < self._patience, f"it waits at {client.start}, and the feed is at {newest}"
            if client.permits.locked():
                client.permits.release()
            await asyncio.sleep(0)

    async def close(self) -> None:
        for client in self.clients:
            await client.leave()
        for publisher in self._publishers:
            publisher.cancel()
        await asyncio.gather(*self._publishers, return_exceptions=True)
        await self.feed.close()
