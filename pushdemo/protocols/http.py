"""HTTP/1.1: the lines of event streams, and the polls that are held.

Relied upon in uvicorn 0.54's `HttpToolsProtocol`, and covered by tests: `on_message_begin` makes the scope;
`_start_asgi_task` starts the application on a cycle, whose `run_asgi` passes over a response without an end if the
cycle is `disconnected`; a request that comes while the cycle is not `response_complete` goes into `pipeline`, and
`on_response_complete` starts it; the keep-alive time ends in `timeout_keep_alive_handler`.
"""

from typing import Any

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from pushdemo.exchange import TRANSPORT_EXTENSION
from pushdemo.fanout import Ending, Framing
from pushdemo.following import Following
from pushdemo.protocols.connection import PushConnection
from pushdemo.protocols.held_poll import HeldPoll, poll_framing, response_bytes

LAST_CHUNK = b"0\r\n\r\n"
REQUEST_BYTES = 4_096
"""A poll's request that is longer is not kept for comparison with the next."""


def chunk(pieces: list[bytes]) -> bytes:
    """Return the pieces as one chunk (RFC 9112 section 7.1)."""
    body = b"".join(pieces)
    return b"%x\r\n%b\r\n" % (len(body), body)


class PushHttpProtocol(PushConnection, HttpToolsProtocol):
    """uvicorn's HTTP, whose application can break off a response, or hand its connection over."""

    framing = staticmethod(chunk)
    poll_messages: int
    _poll_framing: Framing | None = None  # of the class, which is made for one server
    _poll: HeldPoll | None = None
    _poll_cycle: RequestResponseCycle
    _request: bytes | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT_EXTENSION: {"transport": self.transport}}

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Start the application; where a response can have no end, with a line."""
        if self.by_tasks or cycle.scope["http_version"] != "1.1" or cycle.scope["method"] != "GET":
            super()._start_asgi_task(cycle, app)
            return

        async def until_handed_over(scope: Any, receive: Any, send: Any) -> None:
            extension = scope["extensions"][TRANSPORT_EXTENSION]
            extension["line"] = self
            try:
                await app(scope, receive, send)
            finally:
                del extension["line"]  # a circle, for the garbage collector
                self._request = None
            if self._reader is not None:
                cycle.disconnected = True  # so that uvicorn does not miss the end
                self.cycle = self.scope = self.headers = None  # type: ignore[assignment]  # nothing comes after it
            elif self._poll is not None and self._poll_cycle is cycle and not cycle.response_started:
                cycle.disconnected = True
                cycle.scope = self.scope = self.headers = None  # type: ignore[assignment]

        super()._start_asgi_task(cycle, until_handed_over)

    def data_received(self, data: bytes) -> None:
        if self._reader is not None:
            return  # nothing more is answered on this connection
        poll = self._poll
        if poll is not None:
            if poll.again(data):
                self._poll_cycle.response_complete = False
                return
            if poll.is_held:
                poll.come_no_more()
            else:
                self._forget_poll()
        self._request = data if len(data) < REQUEST_BYTES and not self.by_tasks else None
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_poll()
        super().connection_lost(exc)

    def end(self, ending: Ending) -> None:
        """End the response with its last chunk; that of a client which takes nothing, without."""
        if ending is Ending.LATER and not self.takes_more:
            self.transport.abort()
        else:
            self.transport.write(LAST_CHUNK)
            self.transport.close()

    # --- a held poll ---

    def hold(self, following: Following, timeout_s: float) -> bool:
        """Hold the poll that is being handled; False when that cannot be."""
        if self.transport.is_closing() or not self.parser.should_keep_alive() or self.pipeline:
            return False
        self._poll_cycle = self.cycle
        self._poll = HeldPoll(self, following, timeout_s, self._request)
        return True

    @property
    def poll_framing(self) -> Framing:
        """Return what makes an answer of new messages, the same for all connections of a server."""
        made = type(self)._poll_framing
        if made is None:
            made = type(self)._poll_framing = poll_framing(self.poll_messages, self.response_bytes)
        return made

    def response_bytes(self, response: Response) -> bytes:
        """Return what goes over the connection for `response`."""
        return response_bytes(response, self.server_state.default_headers)

    def answer(self, response: bytes) -> None:
        """Write the answer to the held poll, and start the request that came after it, if one did."""
        self.transport.write(response)
        self.server_state.total_requests += 1
        self._poll_cycle.response_complete = True
        if self.pipeline:
            self._forget_poll()
            self.on_response_complete()

    def _forget_poll(self) -> None:
        if self._poll is not None:
            self._poll.lost()
            self._poll = None
