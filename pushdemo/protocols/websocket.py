"""WebSocket: the lines of its own technique and of Socket.IO, and what a client says on a line.

Relied upon in uvicorn 0.54's `WebSocketsSansIOProtocol`, and covered by tests: `send` waits for `writable` before
everything it sends; `send_receive_event_to_app` gets each whole message in `frames` and puts an event into `queue`,
out of which `receive` takes it; `run_asgi` runs the application and then closes; `conn` is a `ServerProtocol` of
websockets; `close_sent` and `close_timer` are about the Close frame.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import uvicorn
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.server import ServerProtocol

from pushdemo.exchange import TRANSPORT_EXTENSION
from pushdemo.following import Following
from pushdemo.line import Ending, Framing, Words
from pushdemo.protocols.connection import PushConnection, reset

WINDOW_BITS = 12
COMPRESSION = {"memLevel": 5}
DEFLATE = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True,  # so that a message is compressed once, for all
    client_no_context_takeover=True,  # and no connection keeps a window
    server_max_window_bits=WINDOW_BITS,
    client_max_window_bits=WINDOW_BITS,
    compress_settings=COMPRESSION,
)


def text_frames(texts: list[str]) -> bytes:
    """Return each text as a frame of its own (RFC 6455 section 5)."""
    return b"".join([_text_frame(text).serialize(mask=False) for text in texts])


@lru_cache
def deflated_text_frames(window_bits: int) -> Framing:
    """Return a framing that compresses each text by itself (RFC 7692), so that all connections can be sent the result.

    That needs a server that uses no context of earlier messages (section 7.1.1.1), and a window that all agreed on.
    """
    extension = PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=WINDOW_BITS,
        local_max_window_bits=window_bits,
        compress_settings=COMPRESSION,
    )

    def frames(texts: list[str]) -> bytes:
        return b"".join(
            [Frame(Opcode.TEXT, each.encode()).serialize(mask=False, extensions=[extension]) for each in texts]
        )

    return frames


def _text_frame(text: str) -> Frame:
    return Frame(Opcode.TEXT, text.encode())


class PushWebSocketProtocol(PushConnection, WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which can close a connection whose client reads nothing, and complains of no client."""

    answer: Callable[[Any], Awaitable[str | int]]
    _talking: "asyncio.Task[None] | None" = None
    _lent: "set[Following] | None" = None

    def __init__(self, config: uvicorn.Config, *arguments: Any, **more: Any) -> None:
        super().__init__(config, *arguments, **more)
        if config.ws_per_message_deflate:
            self.conn = ServerProtocol(extensions=[DEFLATE], max_size=config.ws_max_size, logger=self.logger)

    @property
    def framing(self) -> Framing:
        """Return what makes frames of texts, compressed where that was negotiated."""
        for extension in self.conn.extensions:
            if isinstance(extension, PerMessageDeflate):
                return deflated_text_frames(extension.local_max_window_bits)
        return text_frames

    def lend(self, reader: Following, words: Words) -> None:
        """Let the fan-out write here for a reader whose task waits; the application keeps the connection."""
        if not self.transport.is_closing():
            self.transport.set_write_buffer_limits(high=0)  # which may pause writing at once
        if self.takes_more and reader.lend(self, words):
            self._lent = {reader, *(other for other in self._lent or () if not other.subscriber.stopped)}

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
            self._waiting = self.loop.call_later(self.close_timeout, reset, self.transport)
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
