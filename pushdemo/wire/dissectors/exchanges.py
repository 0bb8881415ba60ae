"""A request and its answer: which technique they belong to, how their bodies are read, and what they are called.

The technique follows from the end of the path, so that the application may be mounted anywhere. Accounts are the
benchmark's as far as one connection tells: heads are `http_headers`, and what leads to a WebSocket is `handshake`. Of
Socket.IO over polling, a request without a session's id, its answer, and any message with nothing but packets of the
handshake in it are `handshake` with their heads; the benchmark counts all of its polling so, because its clients
poll only to open. A GET is sent before its answer is known, so its own head stays `http_headers`.
"""

import re
from collections.abc import Iterable
from typing import Protocol

from pushdemo.wire.dissectors import engineio
from pushdemo.wire.dissectors.feed_texts import TO_PUBLISH, message_id
from pushdemo.wire.dissectors.fields import CUT_OFF, Account, Content, Direction, Field, Kind
from pushdemo.wire.dissectors.http1 import Body, Head, Piece, interleaved
from pushdemo.wire.dissectors.poll_answer import PollAnswer

PUBLISH, PAGE, WEBSOCKET, SOCKET_IO = "publish", "page", "websocket", "socket-io"
POLLS = ("short-poll", "long-poll")
LONGEST_LABEL = 100
LONGEST_PART = 60_000
"""Bytes of a message that wait; with a line of coding behind them they are under 64 KiB."""
MOST_CODING = 1_000
"""Fields of coding among them: chunks may be of one byte."""

BODY = Kind("body", "What the message carries; Content-Type says what it is.", "RFC 9110 section 6.4")
PROBLEM = Kind("problem", "Why the request was refused, as JSON.", "RFC 9457 section 3")
PUBLISHED = Kind(
    "published message", "The message as the feed has it now: the acknowledgement of a POST.", "openapi.yaml"
)
PACKETS = Kind("part of Engine.IO packets", "A body that is too long to be kept is not taken apart.", engineio.SOURCE)

_RESOURCE = re.compile(r"/(?:api/rooms/[^/]+/(short-poll|long-poll|sse|ws|messages)|(socket\.io)/|api/(handshake/ws))")
_TECHNIQUES = {"": PAGE, "ws": WEBSOCKET, "handshake/ws": WEBSOCKET, "socket.io": SOCKET_IO}
_SESSION = re.compile(r"[?&]sid=[^&]")


class Reading(Protocol):
    """How a body is read: whole, or part by part where it is too long to be kept."""

    def __call__(self, data: bytes, *, first: bool, last: bool) -> Content:
        """Return what the next part of the body says."""
        ...


class Exchange:
    """A request, and what is known of it when its answer comes.

    Attributes:
        method: of the request; "" where there was none.
        resource: the end of the path by which the technique is known, such as "ws"; "" for the page's exchanges.
        technique: of the page's exchanges, "page".
        upgrades: it asks for a WebSocket.
        opens: it leads to a connection, and belongs to the handshake.
        number: of the request's unit, once it has one.
    """

    def __init__(self, head: Head | None = None) -> None:
        self.method = head.method if head else ""
        target = head.target if head else ""
        self.is_asked = head is not None
        self.upgrades = head is not None and "websocket" in head.list_of("upgrade")
        self.number: int | None = None
        path = target.partition("?")[0]
        found = _RESOURCE.search(path)
        self.resource: str = found[found.lastindex or 0] if found and found.end() == len(path) else ""
        self.technique = _technique(self.resource, self.method)
        query = target[len(path) :]
        self._is_new = self.technique == SOCKET_IO and not _SESSION.search(query)
        self.opens = self.upgrades or self._is_new
        last_id = head.headers.get("last-event-id", "") if head else ""
        name = self.resource if self.technique != PAGE else path
        self._label = _short(f"{self.method} {name}{query}{last_id and f', Last-Event-ID {last_id}'}")

    # --- how it is read ---

    def request_reading(self) -> Reading:
        """Return how the request's body is read."""
        if self.technique == PUBLISH:
            return _Plain(TO_PUBLISH, Account.PAYLOAD)
        return _Packets("up", self.method) if self.technique == SOCKET_IO else _Plain(BODY)

    def response_reading(self, head: Head) -> Reading:
        """Return how the body of the response with that head is read."""
        if head.status >= 400:
            is_problem = head.headers.get("content-type", "").startswith("application/problem+json")
            return _Plain(PROBLEM if is_problem else BODY)
        if self.technique in POLLS:
            return PollAnswer()
        if self.technique == PUBLISH:
            return _published
        return _Packets("down", self.method) if self.technique == SOCKET_IO else _Plain(BODY)

    def accounted(self, head: Iterable[Field], content: Iterable[Field], *, whole: bool = True) -> tuple[Field, ...]:
        """Return the fields of a message in their accounts; what does not come whole is framing, as is its head."""
        content = tuple(content)
        everything = (*head, *content)
        if self.technique == PAGE:
            return coloured(everything, Account.PAGE)
        packets = [field.account for field in content if field.kind.source == engineio.SOURCE]
        if self.technique == SOCKET_IO and set(packets) == {Account.HANDSHAKE}:
            self.opens = True  # so that the receipt of a POST goes with it
        if self.opens:
            return coloured(everything, Account.HANDSHAKE)
        return everything if whole else coloured(everything, Account.FRAMING)

    # --- what it is called ---

    def request_label(self, content: Content) -> str:
        """Return a label for the request, such as "GET long-poll?after=k3f9-42"."""
        if self.technique == SOCKET_IO:
            return _short(f"{self.method} socket.io {self._transport()}{content.label and f', {content.label}'}")
        return self._label

    def _transport(self) -> str:
        return "websocket" if self.upgrades else "polling, to open" if self._is_new else "polling"

    def response_label(self, head: Head, content: Content | None) -> str:
        """Return a label for the response, such as "200, 2 messages"; `content` is None where it has no body."""
        status = head.status
        if self.technique == PAGE or status < 200 or status >= 400:
            return _short(f"{status} {head.reason}")
        if status == 304:
            return "304, nothing new"
        if self.method == "HEAD":
            return f"{status}, the head alone"
        if is_event_stream(head):
            return f"{status}, an event stream"
        return _short(f"{status}, {content.label}" if content and content.label else f"{status} {head.reason}")


def is_event_stream(head: Head) -> bool:
    """Return whether a response's body is one, as EventSource takes it."""
    return head.status == 200 and head.headers.get("content-type", "").startswith("text/event-stream")


def _technique(resource: str, method: str) -> str:
    if resource == "messages":
        return PUBLISH if method == "POST" else PAGE
    return _TECHNIQUES.get(resource, resource)


def coloured(fields: Iterable[Field], account: Account) -> tuple[Field, ...]:
    """Return the fields in that account, but for what could not be read."""
    return tuple(field if field.account is Account.UNKNOWN else field._replace(account=account) for field in fields)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


class _Plain:
    """A body that is one field."""

    def __init__(self, kind: Kind, account: Account = Account.FRAMING) -> None:
        self._kind = kind
        self._account = account

    def __call__(self, data: bytes, *, first: bool, last: bool) -> Content:
        return Content((Field(self._kind, len(data), self._account),) if data else (), "")


class _Packets:
    """A body of Engine.IO packets, or the server's word that it has taken some."""

    def __init__(self, direction: Direction, method: str) -> None:
        self._direction: Direction = direction
        self._is_receipt = direction == "down" and method == "POST"

    def __call__(self, data: bytes, *, first: bool, last: bool) -> Content:
        if self._is_receipt and first and data.lower() == engineio.OK:  # the protocol says ok, python-engineio OK
            return Content((Field(engineio.RECEIPT, len(data), Account.FRAMING),), "ok")
        if data and first and last:
            return engineio.payload(data, self._direction)
        return Content((Field(PACKETS, len(data), Account.FRAMING),) if data else (), "")


def _published(data: bytes, *, first: bool, last: bool) -> Content:
    found = message_id(data) if first and last else None
    fields = (Field(PUBLISHED, len(data), Account.FRAMING),) if data else ()
    return Content(fields, f"published {found}" if found else "")


class Message:
    """A request or a response, from its head on, until all of it has been shown.

    Attributes:
        is_shown: its head has been, and perhaps parts of its body.
        size: of what waits to be shown, in bytes.
    """

    def __init__(self, exchange: Exchange, head: Head, body: Body | None) -> None:
        self.exchange = exchange
        self.head = head
        self.body = body
        self.is_request = not head.status
        self._reading = exchange.request_reading() if self.is_request else exchange.response_reading(head)
        self._data = bytearray()
        self._coding: list[tuple[int, Field]] = []
        self.is_shown = False
        self.size = sum(field.length for field in head.fields)

    @property
    def is_full(self) -> bool:
        """Whether a part is to be shown before more comes."""
        return self.size >= LONGEST_PART or len(self._coding) >= MOST_CODING

    @property
    def is_over(self) -> bool:
        """Whether all that came of it has been shown."""
        return self.is_shown and not self.size

    @property
    def ends_with_connection(self) -> bool:
        """Whether its body is whole when the connection ends."""
        return self.body is not None and self.body.ends_with_connection

    def add(self, piece: Piece) -> None:
        """Take the next piece of the body."""
        self._data += piece.data
        self._coding += [(len(self._data), field) for field in piece.fields]
        self.size += len(piece.data) + sum(field.length for field in piece.fields)

    def cut(self, size: int) -> None:
        """Take bytes that were to become a line of coding, and did not."""
        if size:
            self.add(Piece(fields=(Field(CUT_OFF, size, Account.FRAMING),)))

    def take(self, *, last: bool, whole: bool) -> tuple[tuple[Field, ...], Content | None]:
        """Return the fields that wait, and what the body among them says."""
        content = self._reading(bytes(self._data), first=not self.is_shown, last=last) if self.body else None
        body = interleaved(content.fields if content else (), self._coding)
        head = () if self.is_shown else self.head.fields
        self._data.clear()
        self._coding = []
        self.size = 0
        self.is_shown = True
        return self.exchange.accounted(head, body, whole=whole), content

    def label(self, content: Content | None) -> str:
        """Return what it is called."""
        if self.is_request:
            return self.exchange.request_label(content or Content((), ""))
        return self.exchange.response_label(self.head, content)
