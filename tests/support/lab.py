"""A lab session of a server, as its page uses it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.support.server import Server
from tests.support.until import until

DIRECTIONS = ("up", "down")


class Lab:
    """A session: `base` is where its port leads to the application."""

    def __init__(self, server: Server, http: httpx.AsyncClient, state: dict[str, Any]) -> None:
        self.state = state
        self.id: str = state["id"]
        self.base = server.base.rpartition(":")[0] + f":{state['port']}"
        self.path = f"/api/lab/sessions/{self.id}"
        self.http = http
        self.server = server
        self.units: list[dict[str, Any]] = []
        self.connections: dict[int, dict[str, Any]] = {}
        self.remarks: list[dict[str, Any]] = []
        self.techniques: dict[str, Any] = {}
        self.size = dict.fromkeys(DIRECTIONS, 0)

    @classmethod
    @asynccontextmanager
    async def open(cls, server: Server, **network: Any) -> AsyncIterator[Self]:
        """Open a session with that network, watch it, and end it."""
        async with httpx.AsyncClient(base_url=server.base, timeout=10) as http:
            answer = await http.post("/api/lab/sessions")
            assert answer.status_code == 201, answer.text
            lab = cls(server, http, answer.json())
            if network:
                await lab.set(**network)
            async with lab.watching():
                yield lab
            if server.running:
                await http.delete(lab.path)

    async def set(self, **network: Any) -> dict[str, Any]:
        answer = await self.http.post(f"{self.path}/network", json=network)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def strike(self, fault: str, seconds: float | None = None) -> str:
        body = {"fault": fault} | ({} if seconds is None else {"seconds": seconds})
        answer = await self.http.post(f"{self.path}/faults", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["done"])

    def live(self, **more: Any) -> Any:
        """Return the live socket, to be entered."""
        return connect(f"{self.server.base.replace('http', 'ws', 1)}{self.path}/live", proxy=None, **more)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Take in what the live socket tells."""
        async with self.live(max_size=None) as socket:
            task = asyncio.create_task(self._take_all(socket))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _take_all(self, socket: ClientConnection) -> None:
        async for text in socket:
            news = json.loads(text)
            assert news["missed"] == 0
            self.state = news.get("session", self.state)
            self.units += news["units"]
            self.connections |= {each["number"]: each for each in news["connections"]}
            self.remarks += news["remarks"]
            self.techniques, self.size = news["techniques"], news["size"]

    async def unit(self, unit: dict[str, Any]) -> dict[str, Any]:
        """Return a unit in full."""
        answer = await self.http.get(f"{self.path}/connections/{unit['connection']}/units/{unit['number']}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def bytes_of(self, unit: dict[str, Any]) -> bytes:
        """Return a unit's bytes."""
        return base64.b64decode((await self.unit(unit))["bytes"])

    async def has(self, count: int = 1, **wanted: Any) -> list[dict[str, Any]]:
        """Wait for units that have these values, and return all of them."""

        def found() -> list[dict[str, Any]]:
            units = [each for each in self.units if all(each[name] == value for name, value in wanted.items())]
            return units if len(units) >= count else []

        return list(await until(found, f"{count} units with {wanted}"))

    def accounted(self) -> dict[str, int]:
        """Return all bytes by direction, as the accounts and what is under way add up to."""
        return {
            way: sum(sum(each[way].values()) for each in self.techniques.values())
            + sum(each["waiting"][way] for each in self.connections.values())
            for way in DIRECTIONS
        }

    async def settled(self) -> dict[str, int]:
        """Wait until the accounts add up to all that crossed, and return it."""
        await until(lambda: self.size["up"] and self.accounted() == self.size, "the accounts add up")
        return self.size
