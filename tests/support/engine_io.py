"""Engine.IO sessions whose packets a test writes itself, over polling and over WebSocket."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections import deque
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.reading import http_client

PATH = "/socket.io/"
SEPARATOR = "\x1e"
PING, PONG, NOOP = "2", "3", "6"
WITHIN_S = 10


class Session(ABC):
    """One session; `receive` gives the packets of the server one by one and answers its pings."""

    sid: str
    opening: dict[str, Any]

    def __init__(self, base: str) -> None:
        self.base = base
        self.answers_pings = True

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    async def send(self, packet: str) -> None:
        """Send a packet."""

    @abstractmethod
    async def next_packet(self) -> str | None:
        """Return the next packet of the server, or None when the session has ended."""

    async def receive(self) -> str:
        """Return the next packet that is neither a ping nor for nothing."""
        packet = await self._next()
        assert packet is not None, "the session has ended"
        return packet

    async def _next(self) -> str | None:
        async with asyncio.timeout(WITHIN_S):
            while (packet := await self.next_packet()) in (PING, NOOP):
                if packet == PING and self.answers_pings:
                    await self.send(PONG)
            return packet

    async def connect(self) -> None:
        """Send CONNECT."""
        await self.send("40")
        packet = await self.receive()
        assert packet.startswith('40{"sid":"'), packet

    async def call(self, event: str, *arguments: Any, packet_id: int = 7) -> Any:
        """Emit an event and return what it is acknowledged with, passing over what comes before."""
        await self.send(f"42{packet_id}{json.dumps([event, *arguments])}")
        while not (packet := await self.receive()).startswith(f"43{packet_id}["):
            pass
        [answer] = json.loads(packet.removeprefix(f"43{packet_id}"))
        return answer

    async def ends(self) -> None:
        """Wait until the server has ended the session."""
        while await self._next() is not None:
            pass


class PollingSession(Session):
    """A session over polling."""

    async def __aenter__(self) -> Self:
        self.http = http_client(self.base)
        self._packets: deque[str] = deque()
        answer = await self.http.get(PATH, params={"EIO": "4", "transport": "polling"})
        assert answer.status_code == 200
        assert answer.text[0] == "0"
        self.opening = json.loads(answer.text[1:])
        self.sid = self.opening["sid"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    @property
    def query(self) -> dict[str, str]:
        """What each request of the session carries."""
        return {"EIO": "4", "transport": "polling", "sid": self.sid}

    async def post(self, body: Any) -> httpx.Response:
        """Send a payload as it is."""
        return await self.http.post(PATH, params=self.query, content=body, headers={"Content-Type": "text/plain"})

    async def get(self) -> httpx.Response:
        """Poll once."""
        return await self.http.get(PATH, params=self.query)

    async def send(self, packet: str) -> None:
        await self.post(packet.encode(errors="surrogatepass"))

    async def next_packet(self) -> str | None:
        if not self._packets:
            answer = await self.get()
            if answer.status_code == 400:
                return None
            assert answer.status_code == 200
            self._packets.extend(answer.text.split(SEPARATOR))
        packet = self._packets.popleft()
        return None if packet in ("1", "") else packet


class WebSocketSession(Session):
    """A session over WebSocket."""

    async def __aenter__(self) -> Self:
        url = f"{self.base.replace('http', 'ws', 1)}{PATH}?EIO=4&transport=websocket"
        self.socket = await connect(url, proxy=None, ping_interval=None, max_size=None)
        opening = str(await self.socket.recv())
        assert opening[0] == "0"
        self.opening = json.loads(opening[1:])
        self.sid = self.opening["sid"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def send(self, packet: str) -> None:
        await self.socket.send(packet)

    async def next_packet(self) -> str | None:
        try:
            packet = str(await self.socket.recv())
        except ConnectionClosed:
            return None
        return None if packet == "1" else packet


SESSIONS: dict[str, type[Session]] = {"polling": PollingSession, "websocket": WebSocketSession}
