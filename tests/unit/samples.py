"""Messages, drafts, logs and feeds for tests to use."""

from pathlib import Path
from typing import Any

from pushdemo.clock import Clock
from pushdemo.feed import Feed
from pushdemo.log import MessageLog
from pushdemo.log.memory import MemoryLog
from pushdemo.log.sqlite import SqliteLog
from pushdemo.messages import Cursor, Draft, Message
from pushdemo.settings import Settings
from tests.support.fake_clock import FakeClock

EPOCH = "e"


def message(number: int, room: str = "lobby", text: str = "") -> Message:
    """Return message `number` of an epoch of its own."""
    return Message(f"{EPOCH}-{number}", room, "li", text or f"text {number}", 1_763_791_234_567)


def messages(first: int, last: int, room: str = "lobby") -> list[Message]:
    """Return the messages from `first` to `last`, both included."""
    return [message(number, room) for number in range(first, last + 1)]


def numbers(found: list[Message]) -> list[int]:
    """Return the numbers of `found`."""
    return [each.number for each in found]


def draft(text: str = "hi", sender: str = "li", key: str | None = None) -> Draft:
    """Return what a sender gives."""
    return Draft(sender, text, key)


def memory_log(clock: Clock | None = None, *, messages_kept: int = 100_000, max_rooms: int = 10_000) -> MemoryLog:
    """Return a log in memory."""
    return MemoryLog(clock or FakeClock(), messages_kept=messages_kept, max_rooms=max_rooms)


def sqlite_log(
    path: Path, clock: Clock | None = None, *, messages_kept: int = 100_000, max_rooms: int = 10_000
) -> SqliteLog:
    """Return a log in the file at `path`."""
    return SqliteLog(path, clock or FakeClock(), messages_kept=messages_kept, max_rooms=max_rooms)


def unlimited(**settings: Any) -> Settings:
    """Return settings under which anyone may publish as fast as they can."""
    return Settings(**{"publish_rate": 0} | settings)


def feed_of(clock: Clock | None = None, log: MessageLog | None = None, **settings: Any) -> Feed:
    """Return a feed that is not open yet; in memory unless `log` is given."""
    limits = unlimited(**settings)
    clock = clock or FakeClock()
    log = log or memory_log(clock, messages_kept=limits.messages_kept, max_rooms=limits.max_rooms)
    return Feed(log, limits, clock)


async def publish(feed: Feed, count: int, room: str = "lobby", sender: str = "li") -> list[Message]:
    """Publish `count` messages and return them."""
    return [(await feed.publish(room, draft(f"text {number}", sender))).message for number in range(count)]


async def cursor_at(feed: Feed, number: int, room: str = "lobby") -> Cursor:
    """Return the cursor after message `number` of `room`."""
    return Cursor((await feed.after(room, "latest")).cursor.epoch, number)
