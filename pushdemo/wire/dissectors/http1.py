"""HTTP/1.1 messages (RFC 9112) as fields: the head line by line, and what tells a body's data from its coding.

    request-line or status-line CRLF, any number of `Name: value` CRLF, CRLF, body

A head is read when it is whole; a body goes piece by piece, as it comes. What is no HTTP/1 is found out at its first
bytes, so that nobody waits for the end of a line that never comes.
"""

import re
from collections import deque
from collections.abc import Iterable
from typing import Literal, NamedTuple

from pushdemo.wire.dissectors.fields import CUT_OFF, Account, Direction, Field, Kind
from pushdemo.wire.dissectors.http1_headers import header_kind, status_meaning

LONGEST_HEAD = 65_536
"""Bytes of a head; a longer one is not read."""
MOST_LINES = 1_000
"""Of a head; each is a field, and takes time and memory however short it is."""
LONGEST_LINE = 4_096
"""Bytes of a chunk's size line with its extensions, or of a trailer field; RFC 9112 sets no limit."""

METHOD = Kind("method", "What the client wants done with the resource.", "RFC 9110 section 9")
TARGET = Kind("request target", "The resource it is about: path and query.", "RFC 9112 section 3.2")
VERSION = Kind("HTTP version", "The version of HTTP that the sender understands.", "RFC 9112 section 2.3")
STATUS = Kind("status code", "What came of the request, in three digits.", "RFC 9110 section 15")
REASON = Kind("reason phrase", "The status in words for people; clients pass it over.", "RFC 9112 section 4")
EMPTY_LINE = Kind("empty line", "The end of the head; the body follows.", "RFC 9112 section 2.1")
LEADING_LINE = Kind(
    "empty line before a message", "Passed over; old clients sent one too many.", "RFC 9112 section 2.2"
)
OBS_FOLD = Kind("line folding", "The header before goes on in this line, which is obsolete.", "RFC 9112 section 5.2")
MALFORMED_LINE = Kind("malformed line", "A line in a head that is no header.", "RFC 9112 section 5")
CHUNK_SIZE = Kind("chunk size", "How many bytes of data the chunk has, in hexadecimal.", "RFC 9112 section 7.1")
CHUNK_EXTENSION = Kind("chunk extension", "What else is said of the chunk; usually nothing.", "RFC 9112 section 7.1.1")
SIZE_END = Kind("end of the size line", "The chunk's data follow.", "RFC 9112 section 7.1")
CHUNK_END = Kind("end of the chunk", "The next chunk's size follows.", "RFC 9112 section 7.1")
LAST_CHUNK = Kind("last chunk", "A chunk of no bytes: the body ends here.", "RFC 9112 section 7.1")
TRAILER_END = Kind("end of the trailers", "The message is over.", "RFC 9112 section 7.1.2")

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_METHOD = re.compile(_TOKEN + rb"{1,32}")
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb"{1,32} )([^\x00-\x20\x7f]+ )(HTTP/1\.[0-9]\r?\n)")
_STATUS_LINE = re.compile(rb"(HTTP/1\.[0-9] )([1-9][0-9]{2}(?: |(?=\r?\n)))([^\r\n]*\r?\n)")
_HEADER = re.compile(rb"(" + _TOKEN + rb"+):[ \t]*([^\r\n]*)\r?\n")
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_SIZE_LINE = re.compile(rb"([0-9a-fA-F]{1,15})([ \t]*(?:;[^\r\n]*)?)\r\n")


class Head(NamedTuple):
    """A message's head.

    Attributes:
        fields: all its bytes; their account is `HTTP_HEADERS`.
        method, target: of a request, else "".
        status: of a response, else 0.
        reason: of a response, the words beside its status.
        headers: names in lower case, and values; one that stands there twice has both, with a comma between.
    """

    fields: tuple[Field, ...]
    method: str
    target: str
    status: int
    reason: str
    headers: dict[str, str]

    def list_of(self, name: str) -> list[str]:
        """Return the parts of a header that is a list, in lower case."""
        return [part.strip().lower() for part in self.headers.get(name, "").split(",") if part.strip()]


class HeadFinder:
    """Looks for the end of a head in bytes that grow, and at each byte but once."""

    def __init__(self, direction: Direction) -> None:
        self._is_request = direction == "up"
        self._scanned = 0
        self._lines = 0
        self._line = 0  # where the line begins that has no end yet
        self._start_line: int | None = None  # where the first line begins, once it is there whole

    def find(self, data: bytearray) -> int | str | None:
        """Return where the head ends, or why it is none, or None where more must come.

        Args:
            data: what came since the last message; as in the last call, and more behind it.
        """
        while (end := data.find(b"\n", self._scanned) + 1) and end <= LONGEST_HEAD:
            start, self._line = self._line, end
            self._scanned = end
            self._lines += 1
            if self._lines > MOST_LINES:
                return f"expected a head of at most {MOST_LINES:,} lines; more came"
            is_empty = end - start == 1 or (end - start == 2 and data[start] == 0x0D)
            if self._start_line is None:
                if is_empty:
                    continue
                pattern = _REQUEST_LINE if self._is_request else _STATUS_LINE
                if pattern.fullmatch(data, start, end) is None:
                    return self._refusal(data[start:end])
                self._start_line = start
            elif is_empty:
                return end
        self._scanned = len(data)
        if len(data) >= LONGEST_HEAD:
            return f"expected a head of at most {LONGEST_HEAD:,} bytes; it has no end within them"
        if self._start_line is None and not self._may_begin(bytes(data[self._line : self._line + 40])):
            return self._refusal(data[self._line :])
        return None

    def _may_begin(self, data: bytes) -> bool:
        """Return whether a first line may begin so."""
        if data in (b"", b"\r"):
            return True
        if not self._is_request:
            return b"HTTP/1.".startswith(data[:7])
        method = _METHOD.match(data)
        return method is not None and data[method.end() : method.end() + 1] in (b"", b" ")

    def _refusal(self, data: bytearray) -> str:
        wanted = "a request line of HTTP/1" if self._is_request else "a status line of HTTP/1"
        what = "a TLS handshake" if data.startswith(b"\x16\x03") else ascii(bytes(data[:40])).removeprefix("b")
        return f"expected {wanted}; this came: {what}"


def read_head(data: bytes) -> Head:
    """Take apart a head that `HeadFinder` has found, or the beginning of one that was cut off."""
    fields: list[Field] = []
    headers: dict[str, list[str]] = {}
    method, target, status, reason = "", "", 0, ""
    has_start, name = False, ""
    for match in _LINE.finditer(data):
        line = match[0]
        if not line.endswith(b"\n"):
            fields.append(_line_field(CUT_OFF, line))
        elif line in (b"\r\n", b"\n"):
            fields.append(_line_field(EMPTY_LINE if has_start else LEADING_LINE, line))
        elif has_start:
            field, name = _header(line, name, headers)
            fields.append(field)
        elif request := _REQUEST_LINE.fullmatch(line):
            has_start = True
            method, target = request[1][:-1].decode(), request[2][:-1].decode("ascii", "backslashreplace")
            fields += map(_line_field, (METHOD, TARGET, VERSION), request.groups())
        elif response := _STATUS_LINE.fullmatch(line):
            has_start = True
            status, reason = int(response[2]), response[3].strip().decode("latin-1")
            fields += (_line_field(VERSION, response[1]), _line_field(STATUS, response[2], status_meaning(status)))
            fields.append(_line_field(REASON, response[3]))
        else:
            fields.append(_line_field(MALFORMED_LINE, line))
    values = {name: "".join(parts) for name, parts in headers.items()}
    return Head(tuple(fields), method, target, status, reason, values)


def _line_field(kind: Kind, data: bytes, value: str = "") -> Field:
    return Field(kind, len(data), Account.HTTP_HEADERS, value)


def _header(line: bytes, last: str, headers: dict[str, list[str]]) -> tuple[Field, str]:
    """Note a header line; return its field, and the header that a folded line would go on with."""
    if line[:1] in (b" ", b"\t") and last:
        headers[last] += " ", line.strip().decode("latin-1")
        return _line_field(OBS_FOLD, line, f"{last} goes on"), last
    match = _HEADER.fullmatch(line)
    if match is None:
        return _line_field(MALFORMED_LINE, line, "expected a name, a colon right behind it, and a value"), ""
    name, value = match[1].decode(), match[2].strip().decode("latin-1")
    key = name.lower()
    if key in headers:
        headers[key] += ", ", value
    else:
        headers[key] = [value]
    return _line_field(header_kind(name), line), key


_GOES_ON = "goes on behind the end of a chunk"


class Piece(NamedTuple):
    """The next bytes of a body: either `data`, or coding, of which `fields` are all the bytes."""

    data: bytes = b""
    fields: tuple[Field, ...] = ()
    mark: Literal["data", "size", "end", "last"] = "data"
    """Of coding: a chunk's size line, a chunk's end, or the last chunk and what follows it."""


class Sized:
    """A body whose length was given (RFC 9112 section 6.2), or None where only the connection's end ends it."""

    at_chunk_end = False

    def __init__(self, length: int | None) -> None:
        self._left = length

    @property
    def ended(self) -> bool:
        """Whether all of it has come."""
        return self._left == 0

    @property
    def ends_with_connection(self) -> bool:
        """Whether the connection's end is its end."""
        return self._left is None

    def take(self, waiting: bytearray, most: int) -> Piece | str | None:
        """Take the next piece from the front of `waiting`, of at most `most` bytes; None where more must come."""
        size = min(len(waiting), most) if self._left is None else min(len(waiting), most, self._left)
        if not size:
            return None
        data = bytes(waiting[:size])
        del waiting[:size]
        if self._left is not None:
            self._left -= size
        return Piece(data)


class Chunked:
    """A body in the chunked transfer coding (RFC 9112 section 7.1)."""

    ends_with_connection = False

    def __init__(self) -> None:
        self._left = 0
        self._scanned = 0
        self._expects: Literal["size", "data", "end", "trailer", "nothing"] = "size"

    @property
    def ended(self) -> bool:
        """Whether the last chunk and the trailers have come."""
        return self._expects == "nothing"

    @property
    def at_chunk_end(self) -> bool:
        """Whether a chunk's data have come, and the CRLF behind them has not."""
        return self._expects == "end"

    def take(self, waiting: bytearray, most: int) -> Piece | str | None:
        """Take the next piece from the front of `waiting`: data of at most `most` bytes, or a line of coding.

        Returns:
            None where more must come; where it is no chunked body, what was expected and what came.
        """
        if self._expects == "data":
            size = min(self._left, len(waiting), most)
            piece = Piece(bytes(waiting[:size])) if size else None
            self._left -= size
            if not self._left:
                self._expects = "end"
            return _after(waiting, size, piece)
        if self._expects == "end":
            if not b"\r\n".startswith(waiting[:2]):
                return f"expected the end of a chunk's data; this came: {ascii(bytes(waiting[:40]))[1:]}"
            if len(waiting) < 2:
                return None
            self._expects = "size"
            return _after(waiting, 2, Piece(fields=(_coding(CHUNK_END, 2),), mark="end"))
        return self._take_line(waiting)

    def _take_line(self, waiting: bytearray) -> Piece | str | None:
        end = waiting.find(b"\n", self._scanned, LONGEST_LINE) + 1
        if not end:
            self._scanned = len(waiting)
            if self._scanned >= LONGEST_LINE:
                return f"expected a chunk's {self._expects}; a line of more than {LONGEST_LINE:,} bytes came"
            return None
        self._scanned = 0
        line = bytes(waiting[:end])
        piece = self._size(line) if self._expects == "size" else self._trailer(line)
        if piece is None:
            return f"expected a chunk's {self._expects}; this came: {ascii(line[:40])[1:]}"
        return _after(waiting, end, piece)

    def _size(self, line: bytes) -> Piece | None:
        match = _SIZE_LINE.fullmatch(line)
        if match is None:
            return None
        self._left = int(match[1], 16)
        self._expects = "data" if self._left else "trailer"
        kind, value = (
            (CHUNK_SIZE, f"{self._left:,} {'byte' if self._left == 1 else 'bytes'}") if self._left else (LAST_CHUNK, "")
        )
        fields = [_coding(kind, len(match[1]), value)]
        if match[2]:
            fields.append(_coding(CHUNK_EXTENSION, len(match[2])))
        return Piece(fields=(*fields, _coding(SIZE_END, 2)), mark="size" if self._left else "last")

    def _trailer(self, line: bytes) -> Piece | None:
        if not line.endswith(b"\r\n"):
            return None
        if line == b"\r\n":
            self._expects = "nothing"
            return Piece(fields=(_coding(TRAILER_END, 2),), mark="last")
        field, _ = _header(line, "", {})
        return Piece(fields=(field._replace(account=Account.FRAMING),), mark="last")


def _after(waiting: bytearray, size: int, piece: Piece | None) -> Piece | None:
    del waiting[:size]
    return piece


def _coding(kind: Kind, length: int, value: str = "") -> Field:
    return Field(kind, length, Account.FRAMING, value)


Body = Sized | Chunked


def interleaved(fields: Iterable[Field], coding: Iterable[tuple[int, Field]]) -> tuple[Field, ...]:
    """Return the fields of a body's data with the coding put in where it stood, which may be within a field.

    Args:
        fields: of the data.
        coding: fields, each with its place: how many of the data stood before it.
    """
    merged: list[Field] = []
    left = deque(fields)
    place = 0
    for at, code in coding:
        while left and place < at:
            field = left.popleft()
            if place + field.length > at:
                left.appendleft(field._replace(length=place + field.length - at, value=_GOES_ON))
                field = field._replace(length=at - place)
            merged.append(field)
            place += field.length
        merged.append(code)
    return (*merged, *left)


def body_of(head: Head, method: str) -> Body | str:
    """Return how the body of a message is to be read (RFC 9112 section 6.3), or why it cannot be.

    Args:
        head: of a request, or of a response.
        method: of the request, or of the one that is answered.
    """
    is_response = bool(head.status)
    if is_response and (method == "HEAD" or head.status < 200 or head.status in (204, 304)):
        return Sized(0)
    if codings := head.list_of("transfer-encoding"):
        if codings[-1] == "chunked":
            return Chunked()
        return Sized(None) if is_response else "expected a Transfer-Encoding that ends with chunked"
    lengths = set(head.list_of("content-length"))
    if not lengths:
        return Sized(None if is_response else 0)
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit() and len(length) <= 15):
        return f"expected one Content-Length in digits; this came: {head.headers['content-length'][:40]!a}"
    return Sized(int(length))
