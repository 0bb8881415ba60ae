"""The blocks of an event stream (WHATWG HTML, "Server-sent events") as fields, with the chunks they came in.

A block is some lines and the empty line that ends it; chunks may begin and end anywhere in it. The coding before a
block and behind its last byte goes with it, so that blocks cover all bytes of the body. Accounts are the benchmark's
(benchmarks/load/sse.py): the value of `data` is payload; a block of comments is heartbeat; all else is handshake
before the first id, and framing after it. A chunk's coding belongs to the account of the first block that ends in it.
"""

import re
from typing import Literal, NamedTuple

from pushdemo.wire.dissectors.feed_texts import message_id
from pushdemo.wire.dissectors.fields import CUT_OFF, Account, Field, Kind
from pushdemo.wire.dissectors.http1 import CHUNK_END, TRAILER_END, Piece, interleaved

LONGEST_BLOCK = 60_000
"""Bytes that are kept of a block; what is longer is shown in parts. With a line of coding they are under 64 KiB."""
MOST_CODING = 1_000
"""Fields of coding that are kept in it: chunks may be of one byte."""

SOURCE = 'WHATWG HTML, "Server-sent events"'
DATA = Kind("data", "The line holds the event's data, which the page is given.", SOURCE)
DATA_VALUE = Kind("value of data", "What the page is given.", SOURCE)
MESSAGE = Kind("message", "The value of `data`: a message of the feed, as JSON.", SOURCE)
ID = Kind("id", "What the browser sends back as Last-Event-ID when it reconnects.", SOURCE)
EVENT = Kind("event", "The event's type; without it, `message`.", SOURCE)
RETRY = Kind("retry", "After how many milliseconds the browser reconnects.", SOURCE)
OTHER = Kind("unknown field", "A name that the standard does not have; browsers pass the line over.", SOURCE)
VALUE = Kind("value", "The field's value: what stands behind the colon and a space.", SOURCE)
COMMENT = Kind("comment", "A line that begins with a colon: no page sees it; it shows that the line is alive.", SOURCE)
LINE_END = Kind("line end", "A line ends with LF, CR, or both.", SOURCE)
BLOCK_END = Kind("empty line", "The block is over: an event with data is given to the page.", SOURCE)
BYTE_ORDER_MARK = Kind("byte order mark", "Passed over at the beginning of the stream.", SOURCE)
PART = Kind("part of a long block", "A block of which no more is kept is not taken apart.", SOURCE)

_NAMES = {b"data": DATA, b"id": ID, b"event": EVENT, b"retry": RETRY}
# A CR with a LF behind it is one line end: `(?>…)` does not give back what it took.
_LINE = re.compile(rb"([^\r\n]*)((?>\r\n|\n|\r)?)")
_LINE_END = re.compile(rb"(?>\r\n|\n|\r)")
_BLOCK_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_BOM = b"\xef\xbb\xbf"


class Block(NamedTuple):
    """A block with the coding around it, or the end of the stream (`body`).

    Attributes:
        kind: of the unit it makes.
        fields: all its bytes.
        label: such as "message k3f9-42".
        messages: the ids of the feed's messages in it.
        whole: False where the stream ended in the middle of it.
    """

    kind: Literal["event", "comment", "body"]
    fields: tuple[Field, ...]
    label: str
    messages: tuple[str, ...] = ()
    whole: bool = True


class EventStream:
    """Takes the body of one response, piece by piece."""

    def __init__(self) -> None:
        self._data = bytearray()  # of the block that has not ended
        self._coding: list[tuple[int, Field]] = []  # and the coding in it, by its place among these data
        self._coded = 0  # how many bytes that is
        self._scanned = 0
        self._is_first = True
        self._at_line_start = True  # the data begin with a line: where that is empty, the block is over
        self._is_long = False  # parts of the block have been shown
        self._has_id = False
        self._chunk_account = Account.FRAMING  # of the chunk's coding: that of the first block that ended in it

    @property
    def room(self) -> int:
        """How many bytes more are kept of the block that waits for its end."""
        return 0 if len(self._coding) >= MOST_CODING else LONGEST_BLOCK - len(self._data) - self._coded

    def feed(self, piece: Piece, *, at_chunk_end: bool) -> list[Block]:
        """Return the blocks that are whole with `piece`; `at_chunk_end`: its chunk's end comes next."""
        if piece.mark == "last":
            return self._end_with(piece)
        self._add(piece)
        blocks = []
        while (end := self._find_end()) and not (at_chunk_end and end == len(self._data)):
            blocks.append(self._take(end))
        if not end and self.room <= 0:
            blocks.append(self._take_part())
        return blocks

    def end(self, cut: int = 0) -> list[Block]:
        """Return what waits for the end of its block, which will not come, and `cut` bytes that came behind it."""
        if cut:
            self._coding.append((len(self._data), Field(CUT_OFF, cut, Account.FRAMING)))
        if not self._data and not self._coding:
            return []
        lines = self._read(bytes(self._data), is_whole=False)
        return [Block("event", self._taken(lines, None), "a block that does not end", whole=False)]

    def _end_with(self, piece: Piece) -> list[Block]:
        """Take a line of the last chunk; the block before it ends with the stream, and is never given to the page."""
        blocks = self.end() if self._data else []
        self._add(piece)
        if piece.fields[0].kind is TRAILER_END or self.room <= 0:
            blocks.append(Block("body", self._taken(_Lines([], Account.FRAMING), None), "end of the stream"))
        return blocks

    def _add(self, piece: Piece) -> None:
        self._data += piece.data
        self._coding += [(len(self._data), field) for field in piece.fields]
        self._coded += sum(field.length for field in piece.fields)

    def _find_end(self) -> int:
        """Return where the first block ends, or 0. A LF may still follow a CR at the end of what has come."""
        data = self._data
        start = len(_BOM) if self._is_first and data.startswith(_BOM) else 0
        match = _LINE_END.match(data, start) if self._at_line_start else None
        match = match or _BLOCK_END.search(data, max(0, self._scanned - 3))
        self._scanned = len(data) if match is None else match.start()
        if match is None or (match.end() == len(data) and data.endswith(b"\r")):
            return 0
        return match.end()

    def _take(self, end: int) -> Block:
        """Take the first block, which ends there."""
        if self._is_long:
            lines = _Lines([Field(PART, end, Account.FRAMING)], Account.FRAMING, "end of a long block")
        else:
            lines = self._read(bytes(self._data[:end]), is_whole=True)
        self._has_id = self._has_id or lines.has_id
        self._is_long = False
        fields = self._taken(lines, end)
        self._at_line_start = True
        return Block("comment" if lines.is_comment else "event", fields, lines.label, lines.messages)

    def _take_part(self) -> Block:
        """Take what there is of a block that is too long to be kept."""
        end = len(self._data)
        end -= self._data.endswith(b"\r")  # a LF may follow, and the two are one line end
        lines = _Lines([Field(PART, end, Account.FRAMING)] if end else [], Account.FRAMING)
        self._is_long = True
        self._at_line_start = self._data[:end].endswith((b"\r", b"\n"))
        return Block("event", self._taken(lines, end), "part of a long block")

    def _taken(self, lines: "_Lines", end: int | None) -> tuple[Field, ...]:
        """Return a block's fields with the coding in it, and forget both; `end`: where it ends, None for all."""
        mine = 0
        for place, field in self._coding:
            if end is not None and (place > end or (place == end and field.kind is not CHUNK_END)):
                break
            mine += 1
        coding = []
        for place, field in self._coding[:mine]:
            if field.kind is not CHUNK_END:  # the first of a chunk, or of the last one, or cut off
                self._chunk_account = lines.account
            coding.append((place, field._replace(account=self._chunk_account)))
        size = len(self._data) if end is None else end
        del self._data[:size]
        self._coding = [(place - size, field) for place, field in self._coding[mine:]]
        self._coded -= sum(field.length for _, field in coding)
        self._scanned = 0
        self._is_first = False
        return interleaved(lines.fields, coding)

    def _read(self, data: bytes, *, is_whole: bool) -> "_Lines":
        """Take the lines of a block apart."""
        fields: list[Field] = []
        said: dict[bytes, bytes] = {}
        is_comment = False
        if self._is_first and data.startswith(_BOM):
            fields.append(Field(BYTE_ORDER_MARK, len(_BOM), Account.FRAMING))
        for match in _LINE.finditer(data, sum(field.length for field in fields)):
            line, end = match.groups()
            if line.startswith(b":"):
                is_comment = True
                fields.append(Field(COMMENT, len(line), Account.FRAMING))
            elif line:
                name, colon, value = line.partition(b":")
                space = value[:1] == b" "
                value = value[space:]
                said[name] = said[name] + b"\n" + value if name in said and name == b"data" else value
                fields.append(Field(_NAMES.get(name, OTHER), len(name) + len(colon) + space, Account.FRAMING))
                if value:
                    fields.append(Field(DATA_VALUE if name == b"data" else VALUE, len(value), Account.FRAMING))
            if end:
                fields.append(Field(LINE_END if line else BLOCK_END, len(end), Account.FRAMING))
        return self._understood(fields, said, is_comment=is_comment and not said) if is_whole else _Lines(fields)

    def _understood(self, fields: list[Field], said: dict[bytes, bytes], *, is_comment: bool) -> "_Lines":
        """Return what a block says, with its bytes in their accounts."""
        data, has_id = said.get(b"data"), b"\0" not in said.get(b"id", b"\0")
        if data is not None and not said.get(b"event"):
            message = message_id(data)
            kind = DATA_VALUE if message is None else MESSAGE
            fields = [
                field._replace(kind=kind, account=Account.PAYLOAD) if field.kind is DATA_VALUE else field
                for field in fields
            ]
            label, messages = ("event", ()) if message is None else (f"message {message}", (message,))
            return _Lines(fields, Account.FRAMING, label, messages, has_id=has_id)
        account = Account.HEARTBEAT if is_comment else Account.FRAMING if self._has_id else Account.HANDSHAKE
        fields = [field._replace(account=account) for field in fields]
        return _Lines(fields, account, _label(said, is_comment=is_comment), (), is_comment, has_id)


class _Lines(NamedTuple):
    """What the lines of a block say; `account` is that of what is no payload."""

    fields: list[Field]
    account: Account = Account.FRAMING
    label: str = ""
    messages: tuple[str, ...] = ()
    is_comment: bool = False
    has_id: bool = False


def _label(said: dict[bytes, bytes], *, is_comment: bool) -> str:
    """Return a label for a block without a message."""
    if is_comment:
        return "heartbeat"
    if event := said.get(b"event"):
        return _shown(event)
    if b"retry" in said:
        return f"retry {_shown(said[b'retry'])} ms"
    return f"cursor {_shown(said[b'id'])}" if b"id" in said else "an empty block"


def _shown(value: bytes) -> str:
    return value[:40].decode(errors="replace")
