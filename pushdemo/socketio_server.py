"""python-socketio's server, held to what the transport needs of it: strict, bounded, and without a task per emit.

Differences from the library, each by a subclass; what is not public there is pinned by version and by a test:

1. What a client sends is checked (`pushdemo.wire.engineio`) before the library sees it; malformed packets and
   reserved event names end the session, as in Node's server. Otherwise a client could forge another's `connect`.
2. The body of a POST is read to its end, chunked or not, and up to a limit; the library drops chunked ones with 200.
3. A session that never sends CONNECT is closed after a time; one that sends it twice, or an event before it, at once.
4. A held poll ends with its client or its session; the library keeps it until the ping time-out, and hands it
   messages that nobody will read.
5. Each session's queue tells when there is room in it, so that who sends can wait for a slow reader.
6. JSONP is refused: a script tag of any page could ask for it, without an Origin.
7. A poll is answered with 16 packets at most: the library's own client ends the session when more come at once.
8. What only a client did wrong does not stand in the log as an error.
9. One encoded packet is put into any number of queues.
"""

import asyncio
import json
from typing import Any

import engineio
import msgspec
import socketio
from engineio.async_drivers.asgi import WebSocket as EngineWebSocket
from engineio.packet import MESSAGE as ENGINE_MESSAGE
from engineio.packet import Packet as EnginePacket
from engineio.payload import Payload
from socketio.packet import CONNECT_ERROR
from socketio.packet import Packet as SocketPacket
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from pushdemo.clock import Clock
from pushdemo.exchange import client_left, first_done, line_of, read_body, refuse
from pushdemo.feed import too_many_connections
from pushdemo.following import Following
from pushdemo.line import Words
from pushdemo.problems import Problem, shown
from pushdemo.settings import Settings
from pushdemo.wire.engineio import Malformed, parse_packet, parse_payload

PACKETS_PER_PAYLOAD = 500
QUEUE_PACKETS = 128
"""How many packets may wait for one session before its sender waits."""
PACKETS_PER_POLL = 16
"""What clients made with python-engineio take in one answer, unless they are told otherwise."""

Payload.max_decode_packets = PACKETS_PER_PAYLOAD  # documented; the default of 16 loses the rest with 200 OK


class _Json:
    """The encoding of acknowledgements: the same compact UTF-8 as everywhere here."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str) -> Any:
        return json.loads(text)


class _Packet(SocketPacket):  # type: ignore[misc]
    json = _Json


class RoomyQueue(asyncio.Queue[Any]):
    """A session's outgoing packets, a few at a time, and a way to wait until few enough are left."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._taken = 0
        self._room = asyncio.Event()
        self._room.set()
        self.line: Any = None  # the session's WebSocket, where the server gives it and the session has moved to it
        self.readers: dict[Following, Words] = {}

    def _put(self, item: Any) -> None:
        super()._put(item)
        if self.qsize() >= QUEUE_PACKETS:
            self._room.clear()

    def _get(self) -> Any:
        item = super()._get()
        if self.qsize() < QUEUE_PACKETS // 2:
            self._room.set()
        return item

    async def get(self) -> Any:
        """Wait for the first packet of a poll."""
        self._taken = 0
        if self.line is not None and self.empty():  # and what was taken out before has been sent
            self.readers = {reader: words for reader, words in self.readers.items() if not reader.subscriber.stopped}
            for reader, words in self.readers.items():
                self.line.lend(reader, words)
        return await super().get()

    def get_nowait(self) -> Any:
        """Return the next packet of a poll, until it has as many as a client takes."""
        if self._taken == PACKETS_PER_POLL:
            raise asyncio.QueueEmpty
        packet = super().get_nowait()
        self._taken += 1
        return packet

    async def has_room(self) -> None:
        """Wait until more may be put in."""
        await self._room.wait()


class _StrictWebSocket(EngineWebSocket):  # type: ignore[misc]
    """The library's WebSocket, which lets no malformed packet through and is closed in the end whatever happens."""

    async def __call__(self, environ: dict[str, Any]) -> Any:
        self._line = line_of(environ["asgi.scope"])
        try:
            return await super().__call__(environ)
        finally:
            await self.close()

    async def wait(self) -> Any:
        session = self.handler.__self__
        if session.upgraded:  # from now on only the task that writes to it takes packets from the queue
            session.queue.line = self._line
        packet = await super().wait()
        try:
            parse_packet(packet)
        except Malformed as error:
            raise OSError(str(error)) from None  # to the library, the connection is gone
        return packet


class _EngineServer(engineio.AsyncServer):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._async: dict[str, Any] = self._async | {"websocket": _StrictWebSocket}

    def create_queue(self, *args: Any, **kwargs: Any) -> RoomyQueue:
        return RoomyQueue(*args, **kwargs)

    def _log_error_once(self, message: str, message_key: str) -> None:
        self.logger.info(message)


class StrictServer(socketio.AsyncServer):  # type: ignore[misc]
    """A Socket.IO server for the default namespace, as an ASGI application that takes all requests it is given."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        super().__init__(
            async_mode="asgi",
            serializer=_Packet,
            cors_allowed_origins=[],  # turns the library's check off: admission.py has made ours, for all transports
            ping_interval=settings.socket_io_ping_interval_s,
            ping_timeout=settings.socket_io_ping_timeout_s,
            max_http_buffer_size=settings.body_bytes,
            http_compression=False,
        )

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _EngineServer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check_query(scope, QueryParams(scope["query_string"]))
            if scope["type"] == "http" and scope["method"] == "POST":
                receive = await self._checked_body(scope, receive)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "GET":
            first = await receive()
            answering = self.eio.handle_request(scope, _giving(first), _not_stored(send))
            await first_done(answering, client_left(Request(scope, receive)))
            return
        await self.eio.handle_request(scope, receive, _not_stored(send))

    def _check_query(self, scope: Scope, query: QueryParams) -> None:
        """Refuse what the library would let pass, or refuse without our problem details.

        Raises:
            Problem: 400, the request is not one of Engine.IO 4, or of a session that is not there; 405; 503, too many.
        """
        transport = "polling" if scope["type"] == "http" else "websocket"
        if scope["type"] == "http" and scope["method"] not in ("GET", "POST"):
            raise Problem(
                405,
                f"{scope['method']} is not a method of Engine.IO; it has GET, POST.",
                headers={"Allow": "GET, POST"},
            )
        if query.get("transport") != transport:
            raise Problem(400, f"Expected transport={transport}; this came: {shown(query.get('transport'))}.")
        if "j" in query:  # a script tag of any page could ask for it, without an Origin
            raise Problem(400, "JSONP is not spoken here; leave the query parameter j out.")
        if "sid" in query:
            if query["sid"] not in self.eio.sockets:
                raise Problem(400, f"There is no session {shown(query['sid'])}; it may have ended.")
            return
        if query.get("EIO") != "4":
            raise Problem(400, f"Expected EIO=4, the protocol's version; this came: {shown(query.get('EIO'))}.")
        if len(self.eio.sockets) >= self._settings.max_connections:
            raise too_many_connections(self._settings.max_connections)

    async def _checked_body(self, scope: Scope, receive: Receive) -> Receive:
        """Read the body of a polling POST, check it, and return a `receive` that gives it whole.

        Raises:
            Problem: 413, too long; 400, malformed, and then the session is closed.
        """
        body = await read_body(Request(scope, receive), self._settings)
        try:
            parse_payload(body.decode(), PACKETS_PER_PAYLOAD)
        except (Malformed, UnicodeDecodeError) as error:
            await self.close_session(QueryParams(scope["query_string"]).get("sid", ""))
            raise Problem(400, f"Expected Engine.IO packets; the session is closed: {error}.") from None
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        scope["headers"] = [*headers, (b"content-length", str(len(body)).encode())]
        return _giving({"type": "http.request", "body": body, "more_body": False})

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        """Start the time within which a new session must have sent CONNECT."""
        result = await super()._handle_eio_connect(eio_sid, environ)
        self._expect_connect(eio_sid)
        return result

    async def _handle_disconnect(self, eio_sid: str, namespace: str | None, reason: str | None = None) -> None:
        """Start it again when the client has sent DISCONNECT but keeps its session."""
        await super()._handle_disconnect(eio_sid, namespace, reason)
        self._expect_connect(eio_sid)

    def _expect_connect(self, eio_sid: str) -> None:
        self._clock.call_later(
            self._settings.socket_io_connect_timeout_s, lambda: self._close_unless_connected(eio_sid)
        )

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        """Connect a session once; a second CONNECT ends it. Other namespaces are refused with an object, as in Node."""
        if namespace not in (None, "/"):
            refusal = {"message": "Invalid namespace"}
            await self._send_packet(eio_sid, _Packet(CONNECT_ERROR, data=refusal, namespace=namespace))
            return
        if self.manager.sid_from_eio_sid(eio_sid, namespace or "/") is not None:
            await self.close_session(eio_sid)
            return
        await super()._handle_connect(eio_sid, namespace, data)

    async def _handle_event(self, eio_sid: str, namespace: str | None, packet_id: int | None, data: Any) -> None:
        """Pass on an event; one that comes before CONNECT ends the session."""
        if self.manager.sid_from_eio_sid(eio_sid, namespace or "/") is None:
            await self.close_session(eio_sid)
        elif await self._has_room(eio_sid):  # for the acknowledgement; until then no more is read from this client
            await super()._handle_event(eio_sid, namespace, packet_id, data)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        """Let go of what waits at the session's queue, after the `close` packet that may still come."""
        await super()._handle_eio_disconnect(eio_sid, reason)
        session = self.eio.sockets.get(eio_sid)
        if session is not None:
            asyncio.get_running_loop().call_soon(session.queue.put_nowait, None)

    def _close_unless_connected(self, eio_sid: str) -> None:
        if self.manager.sid_from_eio_sid(eio_sid, "/") is None:
            self.start_background_task(self.close_session, eio_sid)

    async def push(self, sid: str, packet: EnginePacket) -> None:
        """Send a packet that others are sent too; waits for a client that is slow, and ends one that takes nothing."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        if await self._has_room(eio_sid):
            await self.eio.sockets[eio_sid].send(packet)

    async def _has_room(self, eio_sid: str) -> bool:
        """Wait until the session's queue has room; False when the session is gone, or took nothing and was ended."""
        session = self.eio.sockets.get(eio_sid)
        if session is None:
            return False
        try:
            async with asyncio.timeout(self._settings.slow_reader_s):
                await session.queue.has_room()
        except TimeoutError:
            await self.close_session(eio_sid)
        return eio_sid in self.eio.sockets and not session.closed

    def lend(self, sid: str, reader: Following, words: Words) -> None:
        """Let the fan-out write to the session's WebSocket by itself, once that has nothing else to send."""
        session = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, "/"))
        if session is not None:
            session.queue.readers[reader] = words

    def end(self, sid: str) -> None:
        """End the session of a Socket.IO client; it may come back at once."""
        self.start_background_task(self.close_session, self.manager.eio_sid_from_sid(sid, "/"))

    async def close_session(self, eio_sid: str) -> None:
        """End an Engine.IO session with a `close` packet, without waiting for the client; it may come back at once."""
        session = self.eio.sockets.get(eio_sid)
        if session is not None:
            await session.close(wait=False)

    def stop(self) -> None:
        """End all sessions: what was asked is answered, and clients may come back at once."""
        self.start_background_task(self._close_all)

    async def _close_all(self) -> None:
        for eio_sid in list(self.eio.sockets):
            await self.close_session(eio_sid)
        await self.shutdown()


def _not_stored(send: Send) -> Send:
    """Return `send` with `Cache-Control: no-store` in the response's head."""

    async def send_not_stored(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message["headers"], (b"cache-control", b"no-store")]}
        await send(message)

    return send_not_stored


def _giving(event: Any) -> Receive:
    """Return a `receive` that gives `event`."""

    async def receive() -> Any:
        return event

    return receive


def event_packet(name: str, data_json: bytes) -> EnginePacket:
    """Return the event `name` with one argument, given as JSON; encoded once, it may be sent to many."""
    return EnginePacket(ENGINE_MESSAGE, f'2["{name}",{data_json.decode()}]')
