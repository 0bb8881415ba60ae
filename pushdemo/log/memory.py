"""The feed in memory: gone with the process, and so every start is another epoch."""

import secrets
from collections import deque
from itertools import islice

from pushdemo.clock import Clock
from pushdemo.log import Announce, Appended, Span, epoch_of, settle_repeat, too_many_rooms
from pushdemo.messages import Cursor, Draft, Message


class _Room:
    """The kept messages of one room, oldest first, and which of them stand under a sender's key."""

    __slots__ = ("by_key", "epoch", "messages", "newest")

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self.newest = 0
        self.messages: deque[Message] = deque()
        self.by_key: dict[tuple[str, str], Message] = {}

    @property
    def span(self) -> Span:
        return Span(self.epoch, self.newest - len(self.messages) + 1, self.newest)

    def drop_oldest(self) -> None:
        message = self.messages.popleft()
        if message.client_message_id is not None:
            del self.by_key[message.sender, message.client_message_id]


class MemoryLog:
    """A `MessageLog` within the process's life.

    Args:
        clock: gives `sent_at`.
        messages_kept: messages per room.
        max_rooms: rooms in all.
    """

    def __init__(self, clock: Clock, *, messages_kept: int, max_rooms: int) -> None:
        self._clock = clock
        self._messages_kept = messages_kept
        self._max_rooms = max_rooms
        self._life = secrets.token_hex(16)
        self._rooms: dict[str, _Room] = {}
        self._announce: Announce = lambda room, messages: None

    async def open(self, announce: Announce) -> None:
        self._announce = announce

    async def close(self) -> None:
        pass

    async def append(self, room: str, draft: Draft) -> Appended:
        place = self._rooms.get(room) or self._make(room)
        key = None if draft.client_message_id is None else (draft.sender, draft.client_message_id)
        if key is not None and (first := place.by_key.get(key)) is not None:
            return settle_repeat(first, draft)
        message = Message(
            id=str(Cursor(place.epoch, place.newest + 1)),
            room=room,
            sender=draft.sender,
            text=draft.text,
            sent_at=int(self._clock.wall_ms()),
            client_message_id=draft.client_message_id,
        )
        place.newest += 1
        place.messages.append(message)
        if key is not None:
            place.by_key[key] = message
        if len(place.messages) > self._messages_kept:
            place.drop_oldest()
        self._announce(room, [message])
        return Appended(message, created=True)

    def _make(self, room: str) -> _Room:
        if len(self._rooms) >= self._max_rooms:
            raise too_many_rooms(self._max_rooms)
        return self._rooms.setdefault(room, _Room(epoch_of(self._life, room)))

    async def span(self, room: str) -> Span:
        place = self._rooms.get(room)
        return Span(epoch_of(self._life, room), 1, 0) if place is None else place.span

    async def after(self, room: str, number: int, limit: int) -> list[Message]:
        place = self._rooms.get(room)
        if place is None or number >= place.newest:
            return []
        messages, newer = place.messages, place.newest - number
        if newer <= limit and newer <= 16:  # the usual case, from the near end: a deque is slow in its middle
            return [messages[-back] for back in range(min(newer, len(messages)), 0, -1)]
        skipped = max(0, number + 1 - place.span.oldest)
        return list(islice(messages, skipped, skipped + limit))

    async def rooms(self) -> dict[str, Span]:
        return {name: place.span for name, place in self._rooms.items()}
