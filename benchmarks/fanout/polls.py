"""A reader by long polling: it asks again as soon as it has an answer, by cursor or, of nchan, by validators."""

import asyncio
import re

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import ROOM
from benchmarks.fanout.readers import HEAD_END, Reader, first_line

VERSION = b" HTTP/1.1"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})", re.IGNORECASE)
CURSOR = re.compile(rb'"cursor":"([^"]*)"')
LAST_MODIFIED = re.compile(rb"\r\nlast-modified:[ \t]*([^\r]*)", re.IGNORECASE)
ETAG = re.compile(rb"\r\netag:[ \t]*([^\r]*)", re.IGNORECASE)


class LongPoll(Reader):
    """Long polling by the cursor in the answer; the first poll, from `latest` on, is answered at once."""

    __slots__ = ("_address", "_behind")
    technique = "long-poll"

    def __init__(self, port: int, broadcasts: Broadcasts, room: str = ROOM) -> None:
        super().__init__(port, broadcasts, room)
        self._address, found, behind = self._request.partition(VERSION)
        self._behind = found + behind
        self._request = self._poll_after(b"latest")

    def _poll_after(self, cursor: bytes) -> bytes:
        return self._address + b"?after=" + cursor + self._behind

    def _next_request(self, head: bytes, body: bytes) -> bytes | None:
        """Return the poll that follows an answer; None where the answer does not say what to ask for."""
        cursor = CURSOR.search(body)
        return None if cursor is None else self._poll_after(cursor[1])

    def data_received(self, data: bytes) -> None:
        if self._kept:
            data = self._kept + data
            self._kept = b""
        head, found, _ = data.partition(HEAD_END)
        length = LENGTH.search(head) if found else None
        if found and (head[9:12] != self.status or length is None):
            self._refuse(f"expected 200 and a Content-Length; the server answered: {first_line(head)}")
            return
        begin = len(head) + len(HEAD_END)
        if length is None or len(data) < begin + int(length[1]):
            self._kept = data
            return
        self._take_answer(head, data[begin:])

    def _take_answer(self, head: bytes, body: bytes) -> None:
        request = self._next_request(head, body)
        if request is None:
            self._refuse(f"an answer that does not say what to ask for next: {first_line(head)}")
            return
        if self._opening is not None:
            self._opening = None
            self._let_in()
        if body:
            self.take(body)
        self.transport.write(request)


class ValidatedLongPoll(LongPoll):
    """nchan's: the first poll is held, and Last-Modified and ETag of an answer say what is wanted next."""

    __slots__ = ()

    def __init__(self, port: int, broadcasts: Broadcasts, room: str = ROOM) -> None:
        super().__init__(port, broadcasts, room)
        self._request = self._address + self._behind
        self._opening = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._let_in()

    def _next_request(self, head: bytes, body: bytes) -> bytes | None:
        modified, tag = LAST_MODIFIED.search(head), ETAG.search(head)
        if modified is None or tag is None:
            return None
        return b"%b%b\r\nIf-Modified-Since: %b\r\nIf-None-Match: %b%b" % (
            self._address,
            self._behind.removesuffix(HEAD_END),
            modified[1],
            tag[1],
            HEAD_END,
        )
