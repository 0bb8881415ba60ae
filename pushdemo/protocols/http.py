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
from pushdemo.following import Following
from pushdemo.line import Ending, Framing
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
    _running: RequestResponseCycle | None = None
    _request: bytes | None = None
    _within = False  # a message that has not come whole
    _completed = 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._within = True
        self.scope["extensions"] = {TRANSPORT_EXTENSION: {"transport": self.transport}}

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._within = False
        self._completed += 1

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """Start the application; where a response can have no end, with a line."""
        self._running = cycle
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
                self.cycle = self._running = self.scope = self.headers = None  # type: ignore[assignment]  # nothing comes after it
                self.pipeline.clear()
                self.flow.resume_reading()  # else the client's leaving would not be noticed
            elif self._poll is not None and self._poll_cycle is cycle and not cycle.response_started:
                cycle.disconnected = True
                cycle.scope = self.scope = self.headers = None  # type: ignore[assignment]

        super()._start_asgi_task(cycle, until_handed_over)

    def data_received(self, data: bytes) -> None:
        if self._reader is not None:
            return  # nothing more is answered on this connection
        poll = self._poll
        if poll is not None:
            if self._waiting is None and poll.again(data):
                self._poll_cycle.response_complete = False
                return
            if poll.is_held:
                poll.come_no_more()
            else:
                self._forget_poll()
        at_start, self._completed = not self._within, 0
        self._request = data if len(data) < REQUEST_BYTES and not self.by_tasks else None
        super().data_received(data)
        if not at_start or self._within or self._completed != 1:
            self._request = None  # not one whole request, or not only one

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_poll()
        if self._running is not None:  # uvicorn thinks of the newest alone, which may still wait in the pipeline
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def end(self, ending: Ending) -> None:
        """End the response with its last chunk; that of a client which takes nothing, without."""
        if self.transport.is_closing():
            return
        if ending is Ending.LATER and not self.takes_more:
            self.transport.abort()
        else:
            self.transport.write(LAST_CHUNK)
            self.transport.close()

    # --- a held poll ---

    def hold(self, following: Following, timeout_s: float) -> bool:
        """Hold the poll that is being handled; False when that cannot be."""
        cycle = self.cycle
        if self.transport.is_closing() or self.pipeline or self.scope is not cycle.scope:
            return False  # the next request has begun
        if cycle.more_body or not cycle.keep_alive:
            return False
        self._poll_cycle = cycle
        self._poll = HeldPoll(self, following, timeout_s, self._request)
        return True

    @property
    def poll_framing(self) -> Framing:
        """Return what makes an answer of new messages, the same for all connections of a server."""
        made = type(self)._poll_framing
        if made is None:
            state = self.server_state
            made = poll_framing(self.poll_messages, lambda response: response_bytes(response, state.default_headers))
            type(self)._poll_framing = made
        return made

    def response_bytes(self, response: Response) -> bytes:
        """Return what goes over the connection for `response`."""
        return response_bytes(response, self.server_state.default_headers)

    def answer(self, response: bytes) -> None:
        """Write the answer to the held poll, and start the request that came after it, if one did."""
        self.transport.write(response)
        self.server_state.total_requests += 1
        self._poll_cycle.response_complete = True
        if not self._poll_cycle.keep_alive:  # the server stops
            self.transport.close()
        elif self.pipeline:
            self._forget_poll()
            self.on_response_complete()

    def _forget_poll(self) -> None:
        if self._poll is not None:
            self._poll.lost()
            self._poll = None
