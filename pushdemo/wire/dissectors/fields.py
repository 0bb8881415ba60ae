"""What a dissector returns: units, the fields they are made of, and the account that each byte belongs to."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, NamedTuple

Direction = Literal["up", "down"]
"""`up` is from the client to the server."""


class Account(StrEnum):
    """What a byte was sent for. The first five are the benchmark's (docs/benchmark.md)."""

    PAYLOAD = "payload"
    """The messages themselves."""
    HTTP_HEADERS = "http_headers"
    """Heads of requests and responses."""
    FRAMING = "framing"
    """What wraps a message: a poll's envelope, chunk sizes, fields of events, frame headers, packet types, acks."""
    HANDSHAKE = "handshake"
    """What is exchanged before the first message can come."""
    HEARTBEAT = "heartbeat"
    """Comments, pings and pongs, with their framing."""
    PAGE = "page"
    """The page's own files and questions, which the technique has nothing to do with."""
    UNKNOWN = "unknown"
    """What could not be read."""


class Kind(NamedTuple):
    """What a field is; the same for every field of its kind.

    Attributes:
        name: as the standard calls it.
        meaning: one sentence.
        source: where it is laid down, such as "RFC 6455 section 5.2".
    """

    name: str
    meaning: str
    source: str


class Bits(NamedTuple):
    """A part of a field's byte, from the most significant bit on.

    Attributes:
        width: in bits.
        name: as the standard calls it.
        value: in words, such as "1, the last fragment".
    """

    width: int
    name: str
    value: str


class Field(NamedTuple):
    """Some bytes that mean one thing.

    Attributes:
        kind: what they are.
        length: how many, in bytes.
        account: what they were sent for.
        value: what they say; "" where they are text that says it itself.
        bits: what the bits say, where a byte says several things.
    """

    kind: Kind
    length: int
    account: Account
    value: str = ""
    bits: tuple[Bits, ...] = ()


class Content(NamedTuple):
    """What some whole text or body says: the fields that cover it, and what is to be known of it in short.

    Attributes:
        fields: one after another, all of its bytes.
        label: some words for a list, such as "message k3f9-42".
        messages: the ids of the feed's messages in it.
        empty: it is an answer that brings nothing.
    """

    fields: tuple[Field, ...]
    label: str
    messages: tuple[str, ...] = ()
    empty: bool = False


UnitKind = Literal["request", "response", "body", "event", "comment", "frame", "unknown"]


class Unit(NamedTuple):
    """One thing that crossed the connection in one direction; the units of a direction cover all of its bytes.

    Attributes:
        number: of the connection's units, from 1.
        direction: which way it went.
        kind: `response` is whole, or the head of one that stays open; `body` is more of a request's or response's
            body, where that is long; `event` and `comment` are blocks of an event stream, with the chunks around them.
        offset: of its first byte among the bytes of its direction.
        fields: all of its bytes, one after another.
        label: some words for a list, such as "GET long-poll?after=k3f9-42".
        technique: which of the five, or "publish" (by POST), or "page".
        answers: the number of the request that it answers, or belongs to.
        status: of a response.
        messages: the ids of the feed's messages in it.
        empty: it is an answer that brings nothing.
        whole: False where the connection ended in the middle of it.
    """

    number: int
    direction: Direction
    kind: UnitKind
    offset: int
    fields: tuple[Field, ...]
    label: str
    technique: str
    answers: int | None = None
    status: int | None = None
    messages: tuple[str, ...] = ()
    empty: bool = False
    whole: bool = True

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(field.length for field in self.fields)

    def accounts(self) -> dict[Account, int]:
        """Return its bytes by account."""
        return by_account(self.fields)


def by_account(fields: Iterable[Field]) -> dict[Account, int]:
    """Return the bytes of `fields` by account."""
    sums: dict[Account, int] = {}
    for field in fields:
        sums[field.account] = sums.get(field.account, 0) + field.length
    return sums


NOT_READ = Kind("not understood", "Bytes that no rule of the protocol accounts for.", "none")
CUT_OFF = Kind("cut off", "The connection ended, or was lost sight of, in the middle of this.", "none")


def not_read(data: bytes, why: str) -> Field:
    """Return the field of bytes that cannot be read; `why` says what was expected and what came."""
    return Field(NOT_READ, len(data), Account.UNKNOWN, why)
