"""The feed: the ordered stream of each room's messages, and the three ways to read it.

The verb is the lesson. `after` looks and answers (short polling), `wait_after` waits until there is something to
answer (long polling), `follow` stays and hands over message after message (Server-Sent Events, WebSocket, Socket.IO).
All three take the same cursor, so a client may leave one and go on by another.

A reader registers with the fan-out *before* it reads the log, so that no message falls between the two.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Literal, NamedTuple, Self

from pushdemo.clock import Clock, SystemClock
from pushdemo.fanout import Fanout, Subscriber
from pushdemo.following import Batch, Following, Start, starting_place
from pushdemo.log import MessageLog, Span
from pushdemo.messages import Cursor, Draft, Message, check_draft, check_room
from pushdemo.problems import Problem
from pushdemo.rates import RateLimit
from pushdemo.settings import Settings

Technique = Literal["short-poll", "long-poll", "sse", "websocket", "socket-io"]
TECHNIQUES: tuple[Technique, ...] = ("short-poll", "long-poll", "sse", "websocket", "socket-io")

Gate = Callable[[Draft, str | None], None]
"""Asked with what a sender gave and the token of the seat it has, if any; raises Problem 403 to keep it out."""


class Published(NamedTuple):
    """The message in the feed; `created` is False when it was there before under the same key."""

    message: Message
    created: bool


class RoomState(NamedTuple):
    """What `GET /api/rooms` tells of a room."""

    name: str
    messages: int
    subscribers: dict[str, int]


def too_many_connections(most: int) -> Problem:
    """Return the refusal of a connection that would be one too many."""
    return Problem(503, f"This server holds {most:,} connections, and has them.", retry_after_s=5)


class Feed:
    """All rooms, over one log.

    Use it as an async context manager, or call `open` and `close`; an application made by `create_app` does so
    with its own lifespan.

    Args:
        log: where messages are kept.
        settings: the limits.
        clock: for rates and for how long a poll is held.
    """

    def __init__(self, log: MessageLog, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or Settings()
        self.clock = clock or SystemClock()
        self._log = log
        self._fanout = Fanout(self.settings.sse_heartbeat_s, self.clock)
        self._by_address = RateLimit(self.settings.publish_rate, self.settings.publish_rate, self.clock)
        sender_rate = self.settings.sender_rate if self.settings.publish_rate else 0
        self._by_sender = RateLimit(sender_rate, self.settings.sender_burst, self.clock)
        self._gates: dict[str, Gate] = {}
        self._stopping: list[Callable[[], None]] = []
        self._witnesses: list[Callable[[Message], None]] = []
        self.is_open = False
        self.published = 0
        self.refused = 0
        self.delivered = self._fanout.delivered
        self.delivered.update(dict.fromkeys(TECHNIQUES, 0))

    async def open(self) -> None:
        """Open the log.

        Raises:
            LogError: it cannot be opened.
        """
        await self._log.open(self._fanout.announce)
        self.is_open = True

    async def close(self) -> None:
        """Let all readers go and close the log."""
        self.stop()
        await self._log.close()

    def stop(self) -> None:
        """Let all readers go: streams end, held polls are answered, and nobody is admitted any more."""
        if not self.is_open:
            return
        self.is_open = False
        self._fanout.flush()
        for subscriber in self._fanout.subscribers():
            subscriber.stop()
        for tell in self._stopping:
            tell()

    def when_stopping(self, tell: Callable[[], None]) -> None:
        """Have `tell` called when readers are let go, for connections that are open without reading."""
        self._stopping.append(tell)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- publishing ---

    async def publish(
        self, room: str, draft: Draft, address: str | None = None, seat: str | None = None, *, limited: bool = True
    ) -> Published:
        """Check a message, keep it, and pass it on to everybody who reads the room.

        Args:
            room: made by its first message.
            draft: what the sender gave.
            address: where it came from, for the rate limit; None when that cannot be known.
            seat: the token of the sender's seat in a class, for the room's gate; None when it has none.
            limited: whether rates and gates apply, which they do not to what the server says itself.

        Raises:
            Problem: 400 or 422 for what was given, 403 where the room's gate is shut, 409 for a key already used with
                another text, 429 for too many, 503 when the log cannot keep it.
        """
        try:
            check_room(room)
            check_draft(
                draft,
                sender_characters=self.settings.sender_characters,
                text_characters=self.settings.text_characters,
            )
            self._check_open()
            if limited:
                self._check_gate(room, draft, seat)  # first, lest others use up what a student may send
                self._check_rates(room, draft.sender, address)
            with self._fanout.publishing():
                message, created = await self._log.append(room, draft)
        except Problem:
            self.refused += 1
            raise
        self.published += created
        if created:
            for tell in self._witnesses:
                tell(message)
        return Published(message, created)

    def when_published(self, tell: Callable[[Message], None]) -> None:
        """Have `tell` called with each new message of any room, when it is kept."""
        self._witnesses.append(tell)

    def guard(self, room: str, gate: Gate) -> None:
        """Ask `gate` before anything is published in `room`; it stands in place of the gate that was there."""
        self._gates[room] = gate

    def unguard(self, room: str) -> None:
        """Let everybody publish in `room` again."""
        self._gates.pop(room, None)

    def _check_gate(self, room: str, draft: Draft, seat: str | None) -> None:
        gate = self._gates.get(room)
        if gate is not None:
            gate(draft, seat)

    def _check_rates(self, room: str, sender: str, address: str | None) -> None:
        wait_s = self._by_address.take(address) if address is not None else 0
        if wait_s:
            raise Problem(
                429,
                f"This address may publish {self._by_address.rate:,} messages a second.",
                retry_after_s=wait_s,
            )
        wait_s = self._by_sender.take(f"{room}/{sender}")
        if wait_s:
            raise Problem(
                429,
                f"One sender may publish {self._by_sender.rate} messages a second, "
                f"and {self._by_sender.burst} at once after a silence.",
                retry_after_s=wait_s,
            )

    def _check_open(self) -> None:
        if not self.is_open:
            raise Problem(503, "The server is stopping, or its feed was never opened.", retry_after_s=1)

    # --- reading ---

    async def after(self, room: str, start: Start) -> Batch:
        """Return at once what follows `start`, which may be nothing."""
        check_room(room)
        self._check_open()
        span = await self._log.span(room)
        number, gap = starting_place(start, span, self.settings.history_messages)
        if start == "latest":
            return Batch(Cursor(span.epoch, number), [])
        return await self._read(room, span, number, gap, "short-poll")

    async def wait_after(self, room: str, start: Start, timeout_s: float) -> Batch:
        """Return what follows `start` as soon as there is something, or nothing after `timeout_s` seconds.

        Answered at once as well: a gap, and `latest`, which asks for the cursor of now.
        """
        async with self.follow(room, start, "long-poll") as following:
            subscriber = following.subscriber
            if start == "latest":
                return Batch(following.cursor, [])
            if following.gap:
                return await self._read(room, following.span, subscriber.position, following.gap, "long-poll")
            timer = self.clock.call_later(timeout_s, subscriber.stop)
            try:
                async for batch in following:
                    return batch
            finally:
                timer.cancel()
            return Batch(following.cursor, [])

    def follow(self, room: str, start: Start, technique: Technique) -> Following:
        """Return a reader of `room` to enter with `async with` and go through with `async for`."""
        subscribe = partial(self._subscribe, room, technique)
        return Following(self._log, self._fanout, self.settings, room, start, subscribe)

    async def _read(self, room: str, span: Span, number: int, gap: bool, technique: Technique) -> Batch:
        """Return what the log holds after `number`, as one poll carries it."""
        messages = await self._log.after(room, number, self.settings.poll_messages)
        if messages and messages[0].number > number + 1:  # trimmed since we looked
            number, gap = messages[0].number - 1, True
        last = messages[-1].number if messages else number
        self.delivered[technique] += len(messages)
        return Batch(
            Cursor(span.epoch, last),
            messages,
            gap=Cursor(span.epoch, number) if gap else None,
            more=bool(messages) and last < span.newest,
        )

    # --- who is there ---

    async def rooms(self) -> list[RoomState]:
        """Return the rooms that were published to, by name, with who reads them."""
        readers: dict[str, Counter[str]] = {}
        for subscriber in self._fanout.subscribers():
            readers.setdefault(subscriber.channel.room, Counter())[subscriber.technique] += 1
        spans = await self._log.rooms()
        nobody: Counter[str] = Counter()
        return [
            RoomState(
                name,
                spans[name].newest - spans[name].oldest + 1,
                {technique: readers.get(name, nobody)[technique] for technique in TECHNIQUES},
            )
            for name in sorted(spans)
        ]

    def subscribers(self) -> Counter[str]:
        """Return how many readers are connected, by technique. A short poller is not connected: always 0."""
        counts: Counter[str] = Counter(dict.fromkeys(TECHNIQUES, 0))
        counts.update(subscriber.technique for subscriber in self._fanout.subscribers())
        return counts

    @property
    def waiting(self) -> int:
        """How many readers are registered."""
        return self._fanout.count

    def _subscribe(self, room: str, technique: Technique) -> Subscriber:
        check_room(room)
        self._check_open()
        if self._fanout.count >= self.settings.max_connections:
            raise too_many_connections(self.settings.max_connections)
        return self._fanout.subscribe(room, technique)
