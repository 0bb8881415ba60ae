"""A message of the feed, its cursor, and the one encoding that all techniques carry.

The encoding is compact JSON in UTF-8 with the fields in this order:

    {"id":"k3f9-42","room":"lobby","sender":"li","text":"hi","sent_at":1763791234567}

plus `"client_message_id"` at the end where the sender gave one. It is made once per message (`Message.json`) and
never once per client, so the payload is identical, to the byte, on every technique.
"""

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from pushdemo.problems import Problem, shown

ROOM = re.compile(r"[A-Za-z0-9_-]{1,64}")
CURSOR = re.compile(r"([a-z0-9]{1,16})-(0|[1-9][0-9]{0,29})")
LATEST = "latest"

Encoded = TypeVar("Encoded")


class Cursor(msgspec.Struct, frozen=True):
    """A place in a room's feed: after message `number` of `epoch`, a life of the feed. Number 0: before all."""

    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read `<epoch>-<number>`.

        Raises:
            Problem: 400, `text` is not a cursor.
        """
        match = CURSOR.fullmatch(text)
        if match is None:
            raise Problem(400, f"A cursor is <epoch>-<number>, such as k3f9-42; this came: {shown(text)}.")
        return cls(match[1], int(match[2]))


class Draft(msgspec.Struct, frozen=True):
    """What a sender gives: a message before the feed has numbered it."""

    sender: str
    text: str
    client_message_id: str | None = None


class Message(msgspec.Struct, frozen=True, omit_defaults=True, dict=True):
    """A numbered message. `id` is its cursor; `sent_at` is milliseconds since 1970 by the server's clock."""

    id: str
    room: str
    sender: str
    text: str
    sent_at: int
    client_message_id: str | None = None

    @cached_property
    def json(self) -> bytes:
        """The encoding that every technique carries, made once."""
        return msgspec.json.encode(self)

    @cached_property
    def number(self) -> int:
        """The message's number within its room and epoch."""
        return int(self.id.rpartition("-")[2])

    def encoded(self, encode: Callable[["Message"], Encoded]) -> Encoded:
        """Return `encode(self)`, made at the first call and then shared by all readers of that technique."""
        memo: dict[Callable[[Message], Any], Any] = self.__dict__.setdefault("_encoded", {})
        if encode not in memo:
            memo[encode] = encode(self)
        made: Encoded = memo[encode]
        return made


def check_room(room: str) -> str:
    """Return `room` if it is a room's name.

    Raises:
        Problem: 400, it is not.
    """
    if ROOM.fullmatch(room) is None:
        raise Problem(400, f"A room's name has 1 to 64 of the characters A-Z a-z 0-9 _ -; this came: {shown(room)}.")
    return room


def check_draft(draft: Draft, *, sender_characters: int, text_characters: int) -> Draft:
    """Return `draft` if its fields have the lengths the contract allows.

    Raises:
        Problem: 422, a field is empty or too long; 400, it holds half a surrogate pair, which UTF-8 cannot carry.
    """
    for name, value, most in (
        ("sender", draft.sender, sender_characters),
        ("text", draft.text, text_characters),
        ("client_message_id", draft.client_message_id, 64),
    ):
        if value is None:
            continue
        if not 1 <= len(value) <= most:
            raise Problem(422, f"{name} has 1 to {most:,} characters; this one has {len(value):,}.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Problem(400, f"{name} holds half of a surrogate pair, which no text can carry.") from None
    return draft


def parse_draft(data: bytes | str) -> Draft:
    """Read `{"sender", "text", "client_message_id"?}`.

    Raises:
        Problem: 400, it is not JSON in UTF-8; 422, a field is missing or of another type.
    """
    try:
        return msgspec.json.decode(data, type=Draft)
    except msgspec.ValidationError as error:
        raise Problem(422, f"Expected an object with the strings sender and text: {error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Problem(400, f"Expected JSON in UTF-8: {_why_not_json(data, error)}.") from None


def _why_not_json(data: bytes | str, error: Exception) -> str:
    """Return the decoder's reason, or the clearer one for half a surrogate pair, which json.loads lets pass."""
    try:
        json.dumps(json.loads(data), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "a string holds half of a surrogate pair, which no text can carry"
    except (ValueError, RecursionError):
        pass
    return str(error)


class _Key(msgspec.Struct):
    client_message_id: str | None = None


def parse_client_message_id(data: bytes | str) -> str | None:
    """Return the `client_message_id` of something that may be wrong otherwise, so that its sender knows what failed."""
    try:
        return msgspec.json.decode(data, type=_Key).client_message_id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
