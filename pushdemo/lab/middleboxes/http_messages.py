"""HTTP/1.1 messages as they cross a middlebox: where a head ends, where its body ends, and where it is HTTP no longer.

Every byte that is fed in comes out again, unchanged and in order, as a part: a box passes on `part.raw` and has passed
on everything. How long a body is follows from the head (RFC 9112 section 6.3). After 101 the connection is a tunnel,
and whatever cannot be understood is taken for one: a box must not break what it does not know.
"""

import re
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from pushdemo.wire.http1 import ChunkedBody, Malformed

LONGEST_HEAD = 64 << 10
"""Bytes of a head; with more, it is a tunnel."""
MOST_UNANSWERED = 100
"""Requests without an answer on one connection; with more, too."""

TOKEN = re.compile(rb"[!#-'*+.^_`|~0-9A-Za-z-]+")
REQUEST_LINE = re.compile(rb"([!#-'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP/1\.[01]")
STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: .*)?")
METHOD_BEGINS = re.compile(rb"[A-Z]{1,20}(?: |$)")


@dataclass(frozen=True, slots=True)
class Head:
    """Start line, fields and empty line of a message; of a request `method` and `target`, of a response `status`."""

    raw: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    method: bytes = b""
    target: bytes = b""
    status: int = 0

    def value(self, name: bytes) -> bytes | None:
        """Return the value of a field, named in lower case; of several, joined by commas (RFC 9110 section 5.3)."""
        values = [value for each, value in self.fields if each.lower() == name]
        return b", ".join(values) if values else None

    def options(self, name: bytes) -> list[bytes]:
        """Return the members of a field's list, in lower case."""
        return [each.strip().lower() for each in (self.value(name) or b"").split(b",") if each.strip()]


@dataclass(frozen=True, slots=True)
class Body:
    """Some bytes of a body, with the coding of its chunks."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The message is complete."""

    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """Bytes that are no HTTP, as is all that comes behind them."""

    raw: bytes


Part = Head | Body | End | Tunnel


class Extent(Protocol):
    """How far a body reaches."""

    @property
    def ended(self) -> bool: ...

    def take(self, data: bytes) -> int:
        """Return how many bytes of `data` belong to it."""
        ...


class Counted:
    """A body of so many bytes, which may be none."""

    def __init__(self, size: int) -> None:
        self._left = size

    @property
    def ended(self) -> bool:
        return self._left == 0

    def take(self, data: bytes) -> int:
        size = min(self._left, len(data))
        self._left -= size
        return size


class Chunked:
    """A body in chunks. Its coding ends with a line end, so whoever goes line by line never reads past it."""

    def __init__(self) -> None:
        self._chunks = ChunkedBody()

    @property
    def ended(self) -> bool:
        return self._chunks.ended

    def take(self, data: bytes) -> int:
        end = 0
        while end < len(data) and not self._chunks.ended:
            start, end = end, data.find(b"\n", end) + 1 or len(data)
            self._chunks.feed(data[start:end])
        return end


class UntilClose:
    """A body that ends with the connection."""

    ended = False

    def take(self, data: bytes) -> int:
        return len(data)


class Messages(ABC):
    """One direction of a connection."""

    def __init__(self) -> None:
        self.is_tunnel = False
        self._rest = b""  # of a head that is not complete
        self._body: Extent | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._body is not None or bool(self._rest)

    def feed(self, data: bytes) -> list[Part]:
        """Return what is there now. Of a head nothing comes out before it is complete."""
        parts: list[Part] = []
        data, self._rest = self._rest + data, b""
        while data and not self.is_tunnel:
            try:
                if self._body is not None:
                    size = self._body.take(data)
                    parts.append(Body(data[:size]))
                elif head := self._head(data):
                    size = len(head.raw)
                    self._body = self.extent(head)
                    parts.append(head)
                else:
                    self._rest = data
                    return parts
            except Malformed:
                self.is_tunnel = True
                break
            data = data[size:]
            if self._body.ended:
                parts.append(End())
                self._body = None
        if data:
            parts.append(Tunnel(data))
        return parts

    def end(self) -> list[Part]:
        """Return what is left when the sender has ended."""
        if isinstance(self._body, UntilClose):
            self._body = None
            return [End()]
        rest, self._rest = self._rest, b""
        return [Tunnel(rest)] if rest else []

    def _head(self, data: bytes) -> Head | None:
        end = data.find(b"\r\n\r\n", 0, LONGEST_HEAD) + 4
        if end < 4:
            if len(data) > LONGEST_HEAD or not self.may_begin(data):
                raise Malformed("expected the head of a message")
            return None
        start_line, *lines = data[: end - 4].split(b"\r\n")
        fields = []
        for line in lines:
            name, colon, value = line.partition(b":")
            if not TOKEN.fullmatch(name) or not colon or b"\n" in value:
                raise Malformed(f"expected a field of a head; this came: {line[:40]!a}")
            fields.append((name, value.strip(b" \t")))
        return self.head(data[:end], start_line, tuple(fields))

    @abstractmethod
    def may_begin(self, data: bytes) -> bool:
        """Whether a head may begin so."""

    @abstractmethod
    def head(self, raw: bytes, start_line: bytes, fields: tuple[tuple[bytes, bytes], ...]) -> Head:
        """Read a head's first line."""

    @abstractmethod
    def extent(self, head: Head) -> Extent:
        """Return how far the body behind a head reaches."""


class Requests(Messages):
    """What a client sends. `unanswered` holds the heads whose responses have not begun."""

    def __init__(self) -> None:
        super().__init__()
        self.unanswered: deque[Head] = deque()

    def may_begin(self, data: bytes) -> bool:
        return METHOD_BEGINS.match(data) is not None

    def head(self, raw: bytes, start_line: bytes, fields: tuple[tuple[bytes, bytes], ...]) -> Head:
        line = REQUEST_LINE.fullmatch(start_line)
        if line is None:
            raise Malformed(f"expected a request line; this came: {start_line[:40]!a}")
        return Head(raw, fields, method=line[1], target=line[2])

    def extent(self, head: Head) -> Extent:
        if head.method == b"CONNECT":
            raise Malformed("what follows CONNECT is a tunnel")
        if codings := head.options(b"transfer-encoding"):
            if codings[-1] != b"chunked":
                raise Malformed("a request's body that has no end")
            extent: Extent = Chunked()
        else:
            extent = Counted(_length(head) or 0)
        if len(self.unanswered) == MOST_UNANSWERED:
            raise Malformed("more requests at once than anybody sends")
        self.unanswered.append(head)
        return extent


class Responses(Messages):
    """What the server answers to `requests`; where those are a tunnel, so is this, and the other way round.

    `answered` is the request that the response now passing answers, if there was one.
    """

    def __init__(self, requests: Requests) -> None:
        super().__init__()
        self.answered: Head | None = None
        self._requests = requests

    def feed(self, data: bytes) -> list[Part]:
        if self._body is None and self._requests.is_tunnel:
            self.is_tunnel = True
        parts = super().feed(data)
        if self.is_tunnel:
            self._requests.is_tunnel = True
        return parts

    def may_begin(self, data: bytes) -> bool:
        return data[:7] == b"HTTP/1."[: len(data)]

    def head(self, raw: bytes, start_line: bytes, fields: tuple[tuple[bytes, bytes], ...]) -> Head:
        line = STATUS_LINE.fullmatch(start_line)
        if line is None:
            raise Malformed(f"expected a status line; this came: {start_line[:40]!a}")
        return Head(raw, fields, status=int(line[1]))

    def extent(self, head: Head) -> Extent:
        unanswered = self._requests.unanswered
        self.answered = unanswered[0] if unanswered else None
        self.is_tunnel = head.status == 101
        if head.status < 200:
            return Counted(0)  # the answer itself, or the tunnel, follows
        if unanswered:
            unanswered.popleft()
        if head.status in (204, 304) or (self.answered is not None and self.answered.method == b"HEAD"):
            return Counted(0)
        if codings := head.options(b"transfer-encoding"):
            return Chunked() if codings[-1] == b"chunked" else UntilClose()
        length = _length(head)
        return UntilClose() if length is None else Counted(length)


def _length(head: Head) -> int | None:
    values = set(head.options(b"content-length"))
    if not values:
        return None
    value = values.pop()
    if values or not value.isdigit() or len(value) > 18:
        raise Malformed(f"expected a Content-Length in digits; this came: {value[:40]!a}")
    return int(value)
