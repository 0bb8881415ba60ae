"""An event stream (WHATWG HTML, "Server-sent events"), taken apart into the blocks between its empty lines.

A block is some lines and the empty line that ends it. Lines end with CRLF, LF or CR; a line is `field: value`, and
one that begins with a colon is a comment. Every byte belongs to exactly one block, so sizes add up to the stream.
"""

import re
from typing import NamedTuple

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# A CR with a LF behind it is one line end, never two: `(?>…)` does not give back what it took.
_LINE_END = re.compile(rb"(?>\r\n|\n|\r)")
_BLOCK_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")


class Block(NamedTuple):
    """What stands between two empty lines.

    `size` counts all its bytes, the empty line's included. `data` holds the values of its data lines, joined by line
    feeds, or None where it has none (a browser then dispatches no event); `is_comment`: it holds nothing else. An `id`
    with a zero byte in it and a `retry` that is not all digits are passed over, as the standard says.
    """

    size: int
    event: bytes
    data: bytes | None
    id: bytes | None
    retry: bytes | None
    is_comment: bool


class EventStream:
    """Takes a stream as it comes, in pieces of any size."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_first = True

    @property
    def rest(self) -> int:
        """How many bytes wait for the end of their block."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[Block]:
        """Return the blocks that end within `data`."""
        data = self._rest + data if self._rest else data
        find_end = _end_after_any if b"\r" in data else _end_after_line_feeds
        blocks = []
        start = 0
        while start < len(data) and (stop := find_end(data, start)) is not None:
            blocks.append(self._block(data[start:stop]))
            start = stop
        self._rest = data[start:]
        return blocks

    def _block(self, text: bytes) -> Block:
        size = len(text)
        if self._is_first:
            text = text.removeprefix(BYTE_ORDER_MARK)
            self._is_first = False
        text = text.rstrip(b"\r\n")
        event, data, last_id, retry, is_comment = b"", None, None, None, text.startswith(b":")
        for line in text.split(b"\n") if b"\r" not in text else _LINE_END.split(text):
            name, _, value = line.partition(b":")
            if value.startswith(b" "):
                value = value[1:]
            if name == b"data":
                data = value if data is None else data + b"\n" + value
            elif name == b"id":
                last_id = last_id if b"\0" in value else value
            elif name == b"event":
                event = value
            elif name == b"retry":
                retry = value if value.isdigit() else retry
            elif not name:
                continue  # a comment
            is_comment = False
        return Block(size, event, data, last_id, retry, is_comment)


def _end_after_line_feeds(data: bytes, start: int) -> int | None:
    """Return where the block ends that begins at `start`; lines end with LF alone, as most servers send them."""
    if data.startswith(b"\n", start):
        return start + 1
    end = data.find(b"\n\n", start)
    return None if end < 0 else end + 2


def _end_after_any(data: bytes, start: int) -> int | None:
    """Return where the block ends that begins at `start`; lines may end in any way."""
    end = _LINE_END.match(data, start) or _BLOCK_END.search(data, start)
    if end is None or (end.end() == len(data) and data.endswith(b"\r")):
        return None  # behind the last CR a LF may still belong to it
    return end.end()
