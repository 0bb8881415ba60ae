"""The hot path: from one new message to everybody who waits for it.

A subscriber is a place in a room's feed and, while it has all there is, a future of its own. (A future shared by many
tasks dies for all of them when one is cancelled.) A new message is not copied into a queue per subscriber: who waits
at the newest place is handed the list of new messages, the same list for all; who is behind finds out when it comes
back and reads on from the log by its place. So a slow reader costs no memory here, whatever it misses.
"""

import asyncio
from collections.abc import Iterator

from pushdemo.messages import Message


class Subscriber:
    """One connected reader's place: `position` is the number of the last message it was given."""

    __slots__ = ("_wake", "channel", "position", "stopped", "technique")

    def __init__(self, channel: "Channel", technique: str) -> None:
        self.channel = channel
        self.technique = technique
        self.position = 0
        self.stopped = False
        self._wake: asyncio.Future[list[Message]] | None = None

    @property
    def behind(self) -> bool:
        """Whether there are messages after its place."""
        return self.position < self.channel.newest

    async def wait(self) -> list[Message]:
        """Wait for news at the newest place.

        Returns:
            The messages after its place; none when it was stopped, or has to read them from the log.
        """
        if self.stopped or self.behind:
            return []
        self._wake = asyncio.get_running_loop().create_future()
        try:
            return await self._wake
        finally:
            self._wake = None

    def give(self, messages: list[Message]) -> None:
        """Wake it with `messages` if it waits at the place just before them."""
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(messages if self.position + 1 == messages[0].number else [])

    def stop(self) -> None:
        """Let it wait no more: the reader or the server is leaving, or a held poll's time is up."""
        self.stopped = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result([])


class Channel:
    """The subscribers of one room, and the newest number of which they can know."""

    __slots__ = ("newest", "room", "subscribers")

    def __init__(self, room: str) -> None:
        self.room = room
        self.newest = 0
        self.subscribers: dict[Subscriber, None] = {}


class Fanout:
    """Hands new messages to the subscribers of their room."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self.count = 0

    def subscribe(self, room: str, technique: str) -> Subscriber:
        """Register a reader of `room`; from now on no message passes it by."""
        channel = self._channels.setdefault(room, Channel(room))
        subscriber = Subscriber(channel, technique)
        channel.subscribers[subscriber] = None
        self.count += 1
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a reader; without effect when it is forgotten already."""
        channel = subscriber.channel
        if subscriber not in channel.subscribers:
            return
        del channel.subscribers[subscriber]
        self.count -= 1
        if not channel.subscribers:
            del self._channels[channel.room]

    def announce(self, room: str, messages: list[Message]) -> None:
        """Pass on the new messages of a room, in order, each at most once."""
        channel = self._channels.get(room)
        if channel is None:
            return
        channel.newest = messages[-1].number
        for subscriber in channel.subscribers:
            subscriber.give(messages)

    def subscribers(self) -> Iterator[Subscriber]:
        """Go through all who are subscribed."""
        for channel in list(self._channels.values()):
            yield from list(channel.subscribers)
