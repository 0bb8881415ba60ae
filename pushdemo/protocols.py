"""uvicorn's protocol classes, changed where push wants something else of them.

Relied upon in uvicorn 0.54 and covered by tests: `WebSocketsSansIOProtocol.send` waits for `writable` before everything
it sends, and `send_receive_event_to_app` gets each whole message in `frames`; `HttpToolsProtocol.on_message_begin`
makes the scope.
"""

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode

from pushdemo.exchange import TRANSPORT_EXTENSION


class _Impatience:
    """Breaks off a connection whose client takes nothing of what waits for it, whatever that is.

    A transport of ours that notices it first can say why (1013, the end of a stream), so this waits longer. What
    counts is progress: who takes a long answer slowly may go on taking it.
    """

    PATIENCE = 1.5
    """In units of `slow_reader_s`."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    slow_reader_s: float
    _waiting: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]
        self._wait(self.transport.get_write_buffer_size())

    def _wait(self, left_bytes: int) -> None:
        self._waiting = self.loop.call_later(self.slow_reader_s * self.PATIENCE, self._look, left_bytes)

    def _look(self, left_bytes: int) -> None:
        now_left_bytes = self.transport.get_write_buffer_size()
        if now_left_bytes < left_bytes:
            self._wait(now_left_bytes)
        else:
            _reset(self.transport)

    def resume_writing(self) -> None:
        self._wait_no_more()
        super().resume_writing()  # type: ignore[misc]

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)  # type: ignore[misc]

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _reset(transport: asyncio.Transport) -> None:
    """Break off a connection by RST, so that the kernel too lets go of what it holds for the client."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class PushHttpProtocol(_Impatience, HttpToolsProtocol):
    """uvicorn's HTTP, whose application can break off a response that its client does not take."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT_EXTENSION: {"transport": self.transport}}


class PushWebSocketProtocol(_Impatience, WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which can close a connection whose client reads nothing, and complains of no client."""

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.writable.set()  # the Close frame must not wait for what the client does not read
            self.loop.call_later(self.close_timeout, self.transport.abort)
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
