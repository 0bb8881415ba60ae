"""A client of the WebSocket."""

import asyncio
from collections import deque
from typing import Any
from urllib.parse import quote

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.reading import Client, Refused, draft

SUBPROTOCOL = "pushdemo.v1"


class WebSocket(Client):
    technique = "websocket"

    async def connect(self) -> None:
        after = "" if self.cursor is None else f"?after={quote(self.cursor)}"
        address = f"{self.base.replace('http', 'ws', 1)}{self.path}/ws{after}"
        try:
            self.socket = await connect(
                address,
                subprotocols=[SUBPROTOCOL],
                additional_headers=self.headers,
                proxy=None,
                ping_interval=None,
            )
        except InvalidStatus as refusal:
            assert refusal.response.headers["content-type"] == "application/problem+json"
            raise Refused(msgspec.json.decode(refusal.response.body)) from None
        self._acks: deque[asyncio.Future[dict[str, Any]]] = deque()
        self._joined = asyncio.Event()
        self.read_in_background()
        await self._joined.wait()

    @property
    def close_code(self) -> int | None:
        """The code of the Close frame that came."""
        return self.socket.close_code

    async def receive(self) -> None:
        try:
            async for payload in self.socket:
                assert isinstance(payload, str)
                self._receive_text(payload.encode())
        except ConnectionClosed as closed:
            if closed.rcvd is None:
                raise ConnectionError(str(closed)) from closed
        finally:
            self._joined.set()
            while self._acks:
                self._acks.popleft().set_exception(ConnectionError("closed"))

    def _receive_text(self, payload: bytes) -> None:
        fields = msgspec.json.decode(payload)
        match fields.get("control"):
            case None:
                self.put_message(payload)
            case "joined":
                self.put_place(fields["cursor"])
                self._joined.set()
            case "gap":
                self.put_gap(fields["cursor"])
            case "ack" | "error":
                self._acks.popleft().set_result(fields)

    async def publish(self, sender: str, text: str, client_message_id: str | None = None) -> str:
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._acks.append(answer)  # answers come in the order of what was said
        await self.socket.send(msgspec.json.encode(draft(sender, text, client_message_id)).decode())
        fields = await answer
        assert fields["client_message_id"] == client_message_id
        if fields["control"] == "error":
            raise Refused(fields["problem"])
        return str(fields["id"])

    async def close(self) -> None:
        await self.socket.close()


async def publish_many(base: str, room: str, count: int, sender: str = "li") -> list[str]:
    """Publish `text 1` to `text {count}` without waiting between them, and return the ids."""
    async with WebSocket(base, room, "latest") as client, asyncio.TaskGroup() as group:
        publishing = [group.create_task(client.publish(sender, f"text {number}")) for number in range(1, count + 1)]
    return [task.result() for task in publishing]
