"""A proxy that holds a response back until it ends, or until its buffer is full.

In the real world: a reverse proxy that wants to read a response quickly, to free the server, and to send the client
large pieces. nginx does so unless told otherwise (`proxy_buffering on`, with buffers of 4 or 8 KiB); so do virus
scanners, which must see the whole, and proxies that compress.

It breaks what streams, SSE and every other response that is never complete: events arrive late and many at once, a
heartbeat of 15 bytes takes minutes to fill a buffer. It does not break short polling or long polling, whose responses
end, nor WebSocket, where a tunnel begins with 101. From the browser it looks like a slow server: the connection is
open, and nothing comes.

Real ones differ: nginx passes the head on at once, and leaves a response unbuffered that says `X-Accel-Buffering: no`,
a field of its own which other boxes do not know (sse-starlette sends it). This box obeys nobody.
"""

from functools import partial

from pushdemo.lab.middlebox import BoxMaker, Middlebox, Ways
from pushdemo.lab.middleboxes.http_messages import End, Part, Requests, Responses, Tunnel


class Buffering(Middlebox):
    """Holds back the responses of one connection, at most `hold_bytes` (and what came with the last of them)."""

    def __init__(self, ways: Ways, hold_bytes: int) -> None:
        super().__init__(ways)
        self._hold_bytes = hold_bytes
        self._held = b""
        self._told = False
        self._requests = Requests()
        self._responses = Responses(self._requests)

    def from_client(self, data: bytes) -> None:
        self._requests.feed(data)
        self.ways.to_server(data)

    def from_server(self, data: bytes) -> None:
        for part in self._responses.feed(data):
            self._hold(part)
        if self._held:
            self._told = True
            self.ways.tell(f"held {len(self._held):,} bytes back")

    def server_ended(self) -> None:
        for part in self._responses.end():
            self._hold(part)
        self._let_go()
        super().server_ended()

    def _hold(self, part: Part) -> None:
        self._held += part.raw
        if isinstance(part, End | Tunnel) or len(self._held) >= self._hold_bytes:
            self._let_go()

    def _let_go(self) -> None:
        if self._told:
            self._told = False
            self.ways.tell(f"let go of {len(self._held):,} bytes")
        held, self._held = self._held, b""
        if held:
            self.ways.to_client(held)


def buffering(hold_bytes: int) -> BoxMaker:
    """Make a box for each connection that holds back so many bytes of a response."""
    return partial(Buffering, hold_bytes=hold_bytes)
