"""Clients of Socket.IO by python-socketio: over polling, over WebSocket, and over polling that upgrades."""

import asyncio
import json
from typing import Any

import aiohttp
import msgspec
import socketio
from socketio.packet import Packet

from tests.support.reading import WITHIN_S, Client, Refused, draft


class Payload(dict[str, Any]):
    """An object, and the bytes it came in."""

    def __init__(self, value: dict[str, Any], payload: bytes) -> None:
        super().__init__(value)
        self.payload = payload


class _KeepingBytes:
    """JSON for python-socketio: the objects among an event's arguments keep their bytes."""

    dumps = staticmethod(json.dumps)

    @staticmethod
    def loads(text: str) -> Any:
        value = json.loads(text)
        if not isinstance(value, list):
            return value
        raw = msgspec.json.decode(text, type=list[msgspec.Raw])
        return [
            Payload(each, bytes(payload)) if isinstance(each, dict) else each
            for each, payload in zip(value, raw, strict=True)
        ]


class _Packet(Packet):  # type: ignore[misc]
    json = _KeepingBytes


def _http_session() -> aiohttp.ClientSession:
    """Return a session that reads every answer to its end; python-engineio leaves refusals unread."""

    async def read(session: aiohttp.ClientSession, context: Any, request: aiohttp.TraceRequestEndParams) -> None:
        if request.response.status != 101:
            await request.response.read()

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(read)
    return aiohttp.ClientSession(trace_configs=[trace])


class SocketIo(Client):
    technique = "socket-io"
    transports: list[str] | None = None
    """What it may use; None: polling, then WebSocket."""
    ends_with: str

    async def connect(self) -> None:
        self.session = _http_session()
        self.client = socketio.AsyncClient(
            reconnection=False, handle_sigint=False, serializer=_Packet, http_session=self.session
        )
        self.client.on("message", lambda message: self.put_message(message.payload))
        self.client.on("gap", self._on_gap)
        self.client.on("disconnect", lambda reason: self._arrived.put_nowait(None))
        try:
            await self.client.connect(self.base, self.headers, transports=self.transports)
            assert self.client.transport() == self.ends_with
            await self.join(self.room, self.cursor)
        except BaseException:
            await self.close()
            raise

    def _on_gap(self, notice: dict[str, str]) -> None:
        assert notice["room"] == self.room
        self.put_gap(notice["cursor"])

    async def receive(self) -> None:
        """Do nothing: the library calls us."""

    async def join(self, room: str, after: str | None) -> Payload:
        """Join a room and return the acknowledgement."""
        return await self.call("join", {"room": room} | ({} if after is None else {"after": after}))

    async def call(self, event: str, data: Any) -> Payload:
        """Emit an event and return what it is acknowledged with.

        Raises:
            Refused: an error.
        """
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()

        def acknowledged(ack: Payload) -> None:
            if "cursor" in ack and data["room"] == self.room:
                self.put_place(ack["cursor"])  # at once: the history follows
            if not answer.done():
                answer.set_result(ack)

        await self.client.emit(event, data, callback=acknowledged)
        ack = await asyncio.wait_for(answer, WITHIN_S)
        if "error" in ack:
            raise Refused(ack["error"])
        return ack

    async def publish(self, sender: str, text: str, client_message_id: str | None = None) -> str:
        message = await self.call("publish", draft(sender, text, client_message_id) | {"room": self.room})
        return str(message["id"])

    async def close(self) -> None:
        await self.client.disconnect()
        await self.session.close()


class SocketIoPolling(SocketIo):
    transports = ["polling"]
    ends_with = "polling"


class SocketIoWebSocket(SocketIo):
    transports = ["websocket"]
    ends_with = "websocket"


class SocketIoUpgrading(SocketIo):
    ends_with = "websocket"
