"""The hot path: from one new message to everybody who waits for it.

There are two ways to be told, and a reader may change between them at any message:

- **A task that waits.** A subscriber is a place in a room's feed and, while it has all there is, a future of its own.
  (A future shared by many tasks dies for all of them when one is cancelled.) Who waits at the newest place is handed
  the list of new messages, the same list for all; who is behind reads on from the log. So a slow reader costs no
  memory here, whatever it misses. This works under any server.
- **A line.** Where the server gives us its connections (line.py, protocols/), the fan-out writes to them by itself, and
  a reader needs no task: what is to be written is made once for all readers of a technique, and one pass writes it to
  every line. A line that does not take what is written leaves until its reader has caught up from the log.

When a pass is made, at once or together with what follows, is rhythm.py's.

What each step bought, in microseconds of the server's CPU per delivery of 100 bytes to 1,000 readers, with 1, 4 and 16
broadcasts under way (medians of three runs in turn, 2 cores, 2026-11-24; raw transports 3.2, 3.1 and 3.0 beside them):

    event stream, a task for each reader               42.5   26.1   11.1    43.9 KiB a reader
    event stream, lines                                 3.33   1.03   0.50    5.5 KiB
      if a pass looked up each `write`                  3.43   1.10   0.51
      if passes did not rest (rhythm.py)                3.33   1.23   0.50
    long poll, a task for each                        166     59.5   13.5    21.1 KiB
    long poll, held by its connection                  11.2    5.2    1.7     7.1 KiB
      if each was parsed and routed (held_poll.py)     85.4   44.6   15.5
      if the log was asked what it missed              11.7   13.6    4.9

Each message under way was published by a connection of its own; where one connection publishes them all, requests in a
pipeline, not to rest costs twice as much. py-spy, with 1 under way: of the time with tasks 30 % is the kernel's
`write`, with lines 65 %, so most of what is left is the system's.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from pushdemo.clock import Clock, SystemClock, Timer
from pushdemo.line import Ending, Framing, Line, Transport, Words
from pushdemo.messages import Message
from pushdemo.rhythm import Rhythm

LATEST_MESSAGES, LATEST_BYTES = 32, 16 * 1024
"""Where there are long polls, the last messages of a room are kept at hand: a poll that comes again just after a pass
has missed that. At most so many messages, and so many bytes of JSON."""


class Subscriber:
    """One connected reader's place: `position` is the number of the last message it was given.

    While its line is in a group, the place is the group's, and `position` is set when it leaves.
    """

    __slots__ = ("_wake", "channel", "group", "line", "position", "stopped", "technique")

    def __init__(self, channel: "Channel", technique: str) -> None:
        self.channel = channel
        self.technique = technique
        self.position = 0
        self.stopped = False
        self.group: Group | None = None
        self.line: Line | None = None
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
        self.channel.waiting[self] = None
        try:
            return await self._wake
        finally:
            self._wake = None
            self.channel.waiting.pop(self, None)

    @property
    def waits(self) -> bool:
        """Whether it waits to be given news."""
        return self in self.channel.waiting and self._wake is not None and not self._wake.done()

    def wait_on(self) -> None:
        """Let it wait although there is news: that comes by its line."""
        del self.channel.waiting[self]

    def give(self, messages: list[Message]) -> None:
        """Wake it with `messages` if it waits at the place just before them, else with none."""
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(messages if messages and self.position + 1 == messages[0].number else [])

    def stop(self) -> None:
        """Let it wait no more: the reader or the server is leaving, or a held poll's time is up."""
        if self.stopped:
            return
        self.stopped = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result([])
        if self.line is not None:
            self.line.end(Ending.STOPPING)


class Group:
    """The lines of a room to which the very same bytes are written.

    `late` are those whose place differs from that of the others: when they joined, they had messages already that
    waited for a pass, or had missed some that are kept at hand.
    """

    __slots__ = ("_framing", "_words", "_writes", "late", "lines", "technique")

    def __init__(self, framing: Framing, words: Words, technique: str) -> None:
        self._framing = framing
        self._words = words
        self.technique = technique
        self.lines: dict[Subscriber, Transport] = {}
        self.late: dict[Subscriber, Transport] = {}
        self._writes: list[Callable[[bytes], None]] | None = None

    def add(self, subscriber: Subscriber, transport: Transport) -> None:
        """Write to it from the next pass on."""
        self.lines[subscriber] = transport
        self._writes = None

    def discard(self, subscriber: Subscriber) -> None:
        """Write to it no more."""
        self.lines.pop(subscriber, None)
        self._writes = None

    def pass_on(self, messages: list[Message], latest: list[Message]) -> int:
        """Write `messages` to all lines, and of the `latest` to each latecomer what it has not got.

        Returns:
            How many deliveries that was.
        """
        writes = self._writes
        if writes is None:
            writes = self._writes = [transport.write for transport in self.lines.values()]
        if writes and messages:
            bytes_for_all = self._made(messages)
            for write in writes:
                try:
                    write(bytes_for_all)
                except RuntimeError:  # the connection is closed, which its reader is about to be told
                    continue
        return len(writes) * len(messages) + (self._pass_on_late(latest) if self.late and latest else 0)

    def _pass_on_late(self, latest: list[Message]) -> int:
        """Write what each latecomer has not got, and let it be one of all."""
        made: dict[int, bytes] = {}
        deliveries, late = 0, self.late
        self.late = {}
        for subscriber, transport in late.items():
            missing = latest[-1].number - subscriber.position
            if missing < 0:  # a number that the log knew of before it was announced
                self.late[subscriber] = transport
                continue
            self.add(subscriber, transport)
            if missing:
                if missing not in made:
                    made[missing] = self._made(latest[-missing:])
                with suppress(RuntimeError):  # as above
                    transport.write(made[missing])
                deliveries += missing
        return deliveries

    def beat(self) -> None:
        """Write a heartbeat to all, where the technique has one."""
        if self._words.heartbeat is not None:
            beat = self._framing([self._words.heartbeat])
            for transport in (*self.lines.values(), *self.late.values()):
                transport.write(beat)

    def _made(self, messages: list[Message]) -> bytes:
        return self._framing(self._words.of(messages))


class Channel:
    """The subscribers of one room, and the newest number of which they can know.

    `pending` are announced messages that no pass has written yet; `passed` is the number before them. `latest` are the
    last announced ones, also while nobody is subscribed; there are none unless the channel is `kept`.
    """

    __slots__ = ("groups", "kept", "latest", "newest", "passed", "pending", "room", "subscribers", "waiting")

    def __init__(self, room: str) -> None:
        self.room = room
        self.newest = 0
        self.passed: int | None = None
        self.kept = 0
        self.pending: list[Message] = []
        self.latest: list[Message] = []
        self.subscribers: dict[Subscriber, None] = {}
        self.waiting: dict[Subscriber, None] = {}
        self.groups: dict[tuple[Framing, Words], Group] = {}


def _at_hand(latest: list[Message]) -> list[Message]:
    """Return the last of these messages, as many as are kept at hand."""
    left_bytes = LATEST_BYTES
    for count, message in enumerate(reversed(latest)):
        left_bytes -= len(message.json)
        if count == LATEST_MESSAGES or left_bytes < 0:
            return latest[len(latest) - count :]
    return latest


class Fanout:
    """Hands new messages to the subscribers of their room.

    Args:
        heartbeat_s: how often a heartbeat is written to lines.
        clock: for heartbeats.
    """

    def __init__(self, heartbeat_s: float = 15, clock: Clock | None = None) -> None:
        self._heartbeat_s = heartbeat_s
        self._clock = clock or SystemClock()
        self._beating: Timer | None = None
        self._channels: dict[str, Channel] = {}
        self._due: dict[Channel, None] = {}
        self._rhythm = Rhythm(self._pass, self._clock)
        self.publishing = self._rhythm.publishing
        self.count = 0
        self.delivered: Counter[str] = Counter()

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
        self.leave(subscriber)
        del channel.subscribers[subscriber]
        self.count -= 1
        self._drop(channel)

    def keep(self, channel: Channel) -> None:
        """Keep count of the room's messages while nobody may be subscribed, until `let_go`."""
        channel.kept += 1

    def let_go(self, channel: Channel) -> None:
        """Undo one `keep`."""
        channel.kept -= 1
        if not channel.kept:
            channel.latest = []  # not the list that a pass may be going through
        self._drop(channel)

    def _drop(self, channel: Channel) -> None:
        if not channel.subscribers and not channel.kept:
            self._channels.pop(channel.room, None)

    def subscribers(self) -> Iterator[Subscriber]:
        """Go through all who are subscribed."""
        for channel in list(self._channels.values()):
            yield from list(channel.subscribers)

    def announce(self, room: str, messages: list[Message]) -> None:
        """Pass on the new messages of a room, in order, each at most once."""
        channel = self._channels.get(room)
        if channel is None:
            return
        channel.newest = messages[-1].number
        for subscriber in channel.waiting:
            subscriber.give(messages)
        if channel.kept:
            channel.latest += messages
        if channel.groups:
            channel.pending += messages
            self._ask(channel)
        else:
            channel.passed = channel.newest
            channel.latest = _at_hand(channel.latest)

    def _ask(self, channel: Channel) -> None:
        self._due[channel] = None
        self._rhythm.ask()

    # --- lines ---

    def join(self, subscriber: Subscriber, line: Line, words: Words) -> bool:
        """Write to `line` from now on what comes after the subscriber's place, in the next pass if there is some.

        Returns:
            False when that has to be read from the log.
        """
        channel = subscriber.channel
        is_behind = subscriber.behind
        if is_behind and not (channel.latest and channel.latest[0].number <= subscriber.position + 1):
            return False
        group = channel.groups.get((line.framing, words))
        if group is None:
            group = channel.groups[line.framing, words] = Group(line.framing, words, subscriber.technique)
        subscriber.group = group
        if channel.passed == subscriber.position:
            group.add(subscriber, line.transport)
        else:
            group.late[subscriber] = line.transport
            if is_behind:
                self._ask(channel)
        if words.heartbeat is not None and self._beating is None:
            self._beating = self._clock.call_later(self._heartbeat_s, self._beat)
        return True

    def leave(self, subscriber: Subscriber) -> None:
        """Write no more to the subscriber's line; without effect when that is so already."""
        group = subscriber.group
        if group is None:
            return
        subscriber.group = None
        if group.late.pop(subscriber, None) is None:
            group.discard(subscriber)
            assert subscriber.channel.passed is not None
            subscriber.position = subscriber.channel.passed

    def flush(self) -> None:
        """Write what is announced now, because the server stops."""
        self._pass()

    def _pass(self) -> int:
        """Write what is announced; return how many messages all lines of a room were given at most."""
        due, self._due = self._due, {}
        most = 0
        for channel in due:
            messages, channel.pending = channel.pending, []
            if messages:
                channel.passed = messages[
                    -1
                ].number  # at once: a line that leaves in the middle of this pass has been written to
            latest = max(channel.latest, messages, key=len)  # both end with the newest message
            for group in channel.groups.values():
                self.delivered[group.technique] += group.pass_on(messages, latest)
            channel.latest = _at_hand(channel.latest)
            most = max(most, len(messages))
        return most

    def _beat(self) -> None:
        self._beating = None
        groups = [group for channel in self._channels.values() for group in channel.groups.values()]
        for group in groups:
            group.beat()
        if groups:
            self._beating = self._clock.call_later(self._heartbeat_s, self._beat)
