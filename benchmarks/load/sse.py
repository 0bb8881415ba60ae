"""Server-Sent Events: one request, and a body that does not end.

What arrives before the first cursor is the handshake; a block that is nothing but a comment is a heartbeat. The coding
of a chunk goes to the account of the first block in it.
"""

from time import perf_counter_ns

from benchmarks.load.client import Client
from benchmarks.load.connection import MALFORMED, Connection, Over
from benchmarks.load.http import request_head
from pushdemo.wire.event_stream import Block, EventStream
from pushdemo.wire.http1 import ChunkedBody

END_OF_HEAD = b"\r\n\r\n"


class Sse(Client):
    """Reads an event stream, and comes back with `Last-Event-ID`."""

    technique = "sse"
    _connection: Connection | None = None

    def connect(self) -> None:
        self._head = b""
        self._body: ChunkedBody | None = None
        self._stream = EventStream()
        self._coding = 0
        self._connection = Connection(self.tally, self._receive, self._lost)
        self.dial(self._connection, self._ask)

    def _ask(self) -> None:
        assert self._connection is not None
        after, last_id = "", f"Last-Event-ID: {self.cursor}\r\n"
        if self.cursor == "latest":
            after, last_id = "?after=latest", ""
        fields = f"Accept: text/event-stream\r\n{last_id}{self.target.extra_fields}"
        request = request_head(self.target.address, "GET", f"/api/rooms/{self.target.room}/sse{after}", fields)
        self.tally.requests += 1
        self.tally.sent.http_headers += len(request)
        self._connection.write(request)

    def _receive(self, data: bytes) -> None:
        body = self._body
        if body is None:
            self._head += data
            head, end, data = self._head.partition(END_OF_HEAD)
            if not end:
                return
            self.tally.received.http_headers += len(head) + len(end)
            self._head = b""
            self._body = body = ChunkedBody()
            if not head.startswith(b"HTTP/1.1 200"):
                self.tally.received.framing += len(data)
                raise Over(head.partition(b"\r\n")[0].decode(errors="replace"))
        blocks = self._stream.feed(body.feed(data))
        coding = body.coding - self._coding
        self._coding += coding
        if blocks:
            self._take(blocks, coding)
        else:
            self.tally.received.framing += coding
        if body.ended:
            raise Over  # the connection may be kept, but no more events come on it

    def _take(self, blocks: list[Block], coding: int) -> None:
        """Account for `blocks`, and for the coding of the chunks they came in: as for the first of them."""
        at_ns = perf_counter_ns()
        received = self.tally.received
        left = iter(blocks)
        try:
            for block_bytes, event, data, last_id, _, is_comment in left:
                size = block_bytes + coding
                coding = 0
                if data is not None and not event:
                    received.payload += len(data)
                    received.framing += size - len(data)
                    self.arrived(data, at_ns)
                elif is_comment:
                    received.heartbeat += size
                elif self.is_ready:
                    received.framing += size
                else:
                    received.handshake += size
                if last_id is not None and not self.is_ready:
                    self.opened(last_id.decode())
        except MALFORMED:  # no message, or no cursor
            received.framing += sum(block.size for block in left)
            raise

    def _lost(self) -> None:
        assert self._connection is not None
        self._account_for_the_rest()
        self.lost(self._connection.why)

    def hang_up(self) -> None:
        if self._connection is not None and self._connection.is_open:
            self._account_for_the_rest()
            self._connection.close()

    def _account_for_the_rest(self) -> None:
        """Bytes of a head or a block that never ended, or of what could not be read."""
        self.tally.received.framing += len(self._head) + self._stream.rest
        if self._body is not None:
            self.tally.received.framing += self._body.coding - self._coding
