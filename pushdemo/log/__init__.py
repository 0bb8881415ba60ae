"""Where the feed is kept: `MessageLog`, with one file for each place to keep it.

A log numbers the messages of each room from 1 without holes, keeps the newest `messages_kept` of each, remembers
under which key a sender published, and announces every new message, in order, exactly once.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

from pushdemo.messages import Draft, Message
from pushdemo.problems import Problem

Announce = Callable[[str, list[Message]], None]
"""Called in the event loop with a room and its new messages, before `append` returns to who published them."""


class Span(NamedTuple):
    """What a room holds: numbers `oldest` to `newest` of one epoch; nothing when `oldest` is `newest + 1`."""

    epoch: str
    oldest: int
    newest: int


class Appended(NamedTuple):
    """The message now in the log; `created` is False when the same sender had published it under the same key."""

    message: Message
    created: bool


class LogError(Exception):
    """The log cannot be opened; one sentence says why."""


class MessageLog(Protocol):
    """What the feed needs of a log. All methods are called in one event loop."""

    async def open(self, announce: Announce) -> None:
        """Make ready; `announce` hears of every message appended from now on.

        Raises:
            LogError: it cannot be opened.
        """

    async def close(self) -> None:
        """Finish what is under way and let go of files and threads."""

    async def append(self, room: str, draft: Draft) -> Appended:
        """Number `draft` and keep it; when this returns, the log's promise holds for it.

        Raises:
            Problem: 409, the key was used for another text; 503, too many rooms, or it could not be kept.
        """

    async def span(self, room: str) -> Span:
        """Return what `room` holds; a room that was never published to has an epoch too, and holds nothing."""

    async def after(self, room: str, number: int, limit: int) -> list[Message]:
        """Return at most `limit` kept messages whose number is above `number`, oldest first.

        Raises:
            Problem: 503, they could not be read.
        """

    async def rooms(self) -> dict[str, Span]:
        """Return the rooms that exist, by name."""


def epoch_of(life: str, room: str) -> str:
    """Return the epoch of `room` in one life of a log: eight letters and digits that no other room or life has."""
    digest = hashlib.blake2b(f"{life}/{room}".encode(), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()


def settle_repeat(first: Message, draft: Draft) -> Appended:
    """Return the answer to a second publish under the key of `first`.

    Raises:
        Problem: 409, the text is another one.
    """
    if first.text != draft.text:
        raise Problem(
            409,
            f"client_message_id {draft.client_message_id!a} of this sender already stands for another text, "
            f"that of message {first.id}.",
        )
    return Appended(first, created=False)


def too_many_rooms(most: int) -> Problem:
    """Return the refusal of a room that would be one too many."""
    return Problem(503, f"This server keeps {most:,} rooms at most, and there are so many; publish to one of them.")
