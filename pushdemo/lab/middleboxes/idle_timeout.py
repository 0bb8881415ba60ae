"""A load balancer that closes a connection on which nothing has passed for a while.

In the real world: anything that keeps a table of connections and must not let it grow. AWS's application load balancer
and nginx (`proxy_read_timeout`) take 60 seconds unless told otherwise, mobile networks other times.

It breaks whatever is open and silent: a long poll that is held for longer, an SSE stream or a WebSocket without a
heartbeat. All of them come back by themselves, at the price of a new connection, and miss nothing if they say where
they were. A heartbeat that is more frequent than the timeout avoids it; short polling does not notice.

Real ones differ: nginx counts only what the server sends, and here both directions count. This box closes in peace, so
both ends know; a home router or a firewall forgets the connection without a word, and each end finds a peer that is
dead (the relay's `vanish`).
"""

from functools import partial

from pushdemo.lab.middlebox import BoxMaker, Middlebox, Ways


class IdleTimeout(Middlebox):
    """Closes one connection when nothing has passed for so many seconds, in either direction."""

    def __init__(self, ways: Ways, seconds: float) -> None:
        super().__init__(ways)
        self._seconds = seconds
        self._timer = ways.call_later(seconds, self._time_is_up)

    def from_client(self, data: bytes) -> None:
        self._begin_anew()
        super().from_client(data)

    def from_server(self, data: bytes) -> None:
        self._begin_anew()
        super().from_server(data)

    def gone(self) -> None:
        self._timer.cancel()

    def _begin_anew(self) -> None:
        self._timer.cancel()
        self._timer = self.ways.call_later(self._seconds, self._time_is_up)

    def _time_is_up(self) -> None:
        self.ways.tell(f"idle for {self._seconds:g} s: closed")
        self.ways.close()


def idle_timeout(seconds: float) -> BoxMaker:
    """Make a box for each connection that closes it after so much silence."""
    return partial(IdleTimeout, seconds=seconds)
