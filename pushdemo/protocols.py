"""uvicorn's protocol classes, changed where push wants something else of them: each is a `Line` of the fan-out.

An application that is given a line may hand its connection over and return (`exchange.streamed`, `conversing`). Then
no task stays for it; the fan-out writes to the transport, and what comes from the client comes here.

Relied upon in uvicorn 0.54 and covered by tests:

- `HttpToolsProtocol`: `on_message_begin` makes the scope; `_start_asgi_task` starts the application on a cycle, whose
  `run_asgi` passes over a response without an end if the cycle is `disconnected`.
- `WebSocketsSansIOProtocol`: `send` waits for `writable` before everything it sends; `send_receive_event_to_app` gets
  each whole message in `frames` and puts an event into `queue`, out of which `receive` takes it; `run_asgi` runs the
  application and then closes; `conn` is a `ServerProtocol` of websockets; `close_sent`, `close_timer`.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame, Opcode

from pushdemo.exchange import TRANSPORT_EXTENSION
from pushdemo.fanout import Carried, Ending, Framing, Words
from pushdemo.following import Following
from pushdemo.held_poll import HeldPoll, poll_framing, response_bytes

LAST_CHUNK = b"0\r\n\r\n"
REQUEST_BYTES = 4_096
"""A poll's request that is longer is not kept for comparison with the next."""


def chunk(pieces: list[bytes]) -> bytes:
    """Return the pieces as one chunk (RFC 9112 section 7.1)."""
    body = b"".join(pieces)
    return b"%x\r\n%b\r\n" % (len(body), body)


def text_frames(texts: list[str]) -> bytes:
    """Return each text as a frame of its own (RFC 6455 section 5)."""
    return b"".join([Frame(Opcode.TEXT, text.encode()).serialize(mask=False) for text in texts])


class _PushConnection:
    """What both have: a reader to whom the connection was handed over, and no patience with who takes nothing.

    A connection whose client takes nothing of what waits for it is broken off. What counts is progress: who takes a
    long answer slowly may go on taking it. A transport of ours that notices it first can say why (1013, the end of a
    stream), so where the application has the connection this waits longer.
    """

    PATIENCE = 1.5
    """In units of `slow_reader_s`."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    slow_reader_s: float
    by_tasks: bool
    _reader: Carried | None = None
    _waiting: asyncio.TimerHandle | None = None

    @property
    def takes_more(self) -> bool:
        """Whether what was written is on its way, and the connection is not ending."""
        return self._waiting is None and not self.transport.is_closing()

    def carry(self, reader: Carried) -> None:
        """Tell `reader` from now on what becomes of the connection."""
        if self.transport.is_closing():
            reader.lost()
        self._reader = reader
        self.transport.set_write_buffer_limits(high=0)  # what the system does not take at once is too much

    def end(self, ending: Ending) -> None:
        """End the connection as its protocol does."""
        raise NotImplementedError

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]
        self._wait(self.transport.get_write_buffer_size())
        if self._reader is not None:
            self._reader.paused()

    def _wait(self, left_bytes: int) -> None:
        patience_s = self.slow_reader_s * (self.PATIENCE if self._reader is None else 1)
        self._waiting = self.loop.call_later(patience_s, self._look, left_bytes)

    def _look(self, left_bytes: int) -> None:
        now_left_bytes = self.transport.get_write_buffer_size()
        if now_left_bytes < left_bytes:
            self._wait(now_left_bytes)
        elif self._reader is not None:
            self.end(Ending.LATER)
        else:
            _reset(self.transport)

    def resume_writing(self) -> None:
        self._wait_no_more()
        super().resume_writing()  # type: ignore[misc]
        if self._reader is not None:
            self._reader.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)  # type: ignore[misc]
        if self._reader is not None:
            self._reader.lost()
            self._reader = None

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _reset(transport: asyncio.Transport) -> None:
    """Break off a connection by RST, so that the kernel too lets go of what it holds for the client."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class PushHttpProtocol(_PushConnection, HttpToolsProtocol):
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


class PushWebSocketProtocol(_PushConnection, WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which can close a connection whose client reads nothing, and complains of no client."""

    framing = staticmethod(text_frames)
    answer: Callable[[Any], Awaitable[str | int]]
    _talking: "asyncio.Task[None] | None" = None
    _lent: "set[Following] | None" = None

    def lend(self, reader: Following, words: Words) -> None:
        """Let the fan-out write here for a reader whose task waits; the application keeps the connection."""
        if self.takes_more and reader.lend(self, words):
            self.transport.set_write_buffer_limits(high=0)
            self._lent = (self._lent or set()) | {reader}

    def take_back(self, reader: Following) -> None:
        """Forget a reader that has left."""
        if self._lent is not None:
            self._lent.discard(reader)

    def _call_back(self) -> None:
        """Let the tasks go on whose connection this is."""
        lent, self._lent = self._lent or (), None
        for reader in lent:
            reader.called_back()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._call_back()

    async def run_asgi(self) -> None:
        """Run the application; the connection ends with it, unless it was handed over."""
        if not self.by_tasks:
            self.scope["extensions"][TRANSPORT_EXTENSION] = {"transport": self.transport, "line": self}
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        else:
            if not self.handshake_complete:
                self.logger.error("ASGI callable returned without completing handshake.")
                self.send_500_response()
        if self._reader is not None:
            self.scope = self.request = self.response = None  # type: ignore[assignment]  # they are of the handshake
            self._talk()  # the client may have said something meanwhile
        elif self.close_timer is None:
            self.transport.close()

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.writable.set()  # the Close frame must not wait for what the client does not read
            self.loop.call_later(self.close_timeout, self.transport.abort)
        if message["type"] == "websocket.close":
            self._let_go()
        await self.writable.wait()
        if self.close_sent and message["type"] in ("websocket.send", "websocket.close"):
            raise ClientDisconnected  # closed meanwhile for want of a pong; to uvicorn, an error of the application
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True  # denied, which uvicorn would log as an error of the application

    def _look(self, left_bytes: int) -> None:
        """Leave time for a Close frame that is on its way."""
        if self.close_sent:
            self.loop.call_later(self.close_timeout, _reset, self.transport)
        else:
            super()._look(left_bytes)

    def send_receive_event_to_app(self) -> None:
        """Hand on a message; uvicorn would log a traceback for each that is not UTF-8."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.send_close(CloseCode.INVALID_DATA)
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()
        if self._reader is not None:
            self._talk()

    def _talk(self) -> None:
        """Answer what the client has said, by a task for as long as that takes."""
        if self._talking is None and not self.queue.empty():
            self._talking = self.loop.create_task(self._answer_all())
            self.tasks.add(self._talking)
            self._talking.add_done_callback(self.tasks.discard)

    async def _answer_all(self) -> None:
        try:
            while not self.queue.empty():
                event = await self.receive()
                if event["type"] != "websocket.receive":
                    return
                answer = await self.answer(event)
                if isinstance(answer, int):
                    self._close(answer)
                    return
                await self.send({"type": "websocket.send", "text": answer})
        except ClientDisconnected:
            pass
        except Exception:
            self.logger.exception("Exception in ASGI application\n")
            self._close(CloseCode.INTERNAL_ERROR)
        finally:
            self._talking = None

    @property
    def takes_more(self) -> bool:
        """Whether what was written is on its way, and no Close frame is among it."""
        return super().takes_more and not self.close_sent

    def end(self, ending: Ending) -> None:
        """Close with 1012 when the server stops, else with 1013: come back by the cursor."""
        self._close(CloseCode.SERVICE_RESTART if ending is Ending.STOPPING else CloseCode.TRY_AGAIN_LATER)

    def _close(self, code: int) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        takes_more = self.takes_more
        self._let_go()
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()  # for the client's Close frame
        give_up = self.transport.close if takes_more else self.transport.abort
        self.close_timer = self.loop.call_later(self.close_timeout, give_up)
        self.writable.set()  # who waits to send finds it closed

    def _let_go(self) -> None:
        """Take the connection from its readers before a Close frame: nothing may follow that."""
        self._call_back()
        if self._reader is not None:
            self._reader.lost()

    def connection_lost(self, exc: Exception | None) -> None:
        self._call_back()
        super().connection_lost(exc)

    def handle_close(self, event: Frame) -> None:
        self._let_go()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self._let_go()
        super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        self._let_go()
        super().keepalive_timeout()

    def shutdown(self) -> None:
        self._let_go()
        super().shutdown()
