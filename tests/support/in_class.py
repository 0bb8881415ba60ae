"""A class from outside: its teacher, its students, and the pages that are told of it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.reading import check, http_client
from tests.support.server import ClassServer, Server
from tests.support.until import WITHIN_S, until

COOKIE = "pushdemo-seat"
_numbers = itertools.count(1)


def fresh_name(like: str = "Li") -> str:
    """Return a name that no student had yet."""
    return f"{like} {next(_numbers)}"


def as_teacher(server: ClassServer) -> httpx.AsyncClient:
    """Return an HTTP client that commands the class; to be entered."""
    return http_client(server.base, headers={"Authorization": f"Bearer {server.token}"})


class Student:
    """Somebody with a seat: `http` has the cookie."""

    def __init__(self, server: ClassServer, http: httpx.AsyncClient, seat: dict[str, Any]) -> None:
        self.server = server
        self.http = http
        self.seat = seat

    @classmethod
    @asynccontextmanager
    async def join(cls, server: ClassServer, name: str | None = None) -> AsyncIterator[Self]:
        """Take a seat, and leave it at the end."""
        async with http_client(server.base) as http:
            joined = check(await http.post("/api/class/seats", json={"name": name or fresh_name()}), 201)
            yield cls(server, http, joined.json())
            if server.running:
                await http.delete("/api/class/seats/mine")

    @property
    def id(self) -> str:
        return str(self.seat["id"])

    @property
    def name(self) -> str:
        return str(self.seat["name"])

    @property
    def headers(self) -> dict[str, str]:
        """The cookie as the browser sends it."""
        return {"Cookie": f"{COOKIE}={self.http.cookies[COOKIE]}"}

    def page(self) -> Any:
        """Return the student's live socket, to be entered."""
        return Page.open(self.server, {"role": "student"}, self.headers)


class Page:
    """A live socket: `states` are those told so far, `problems` what was refused, `code` that of the Close frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.states: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []
        self.code: int | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, server: Server, hello: dict[str, Any] | str | bytes | None, headers: dict[str, str] | None = None
    ) -> AsyncIterator[Self]:
        """Connect, say hello (not for None), and take in what is told."""
        address = f"{server.base.replace('http', 'ws', 1)}/api/class/live"
        async with connect(address, additional_headers=headers or {}, proxy=None, max_size=None) as socket:
            if hello is not None:
                await socket.send(json.dumps(hello) if isinstance(hello, dict) else hello)
            page = cls(socket)
            reading = asyncio.create_task(page._take_all())
            try:
                yield page
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    @classmethod
    def of_teacher(cls, server: ClassServer) -> Any:
        """Return the live socket of the teacher's console, to be entered."""
        return cls.open(server, {"role": "teacher", "token": server.token})

    async def _take_all(self) -> None:
        try:
            while True:
                said = json.loads(await self.socket.recv())
                if "state" in said:
                    self.states.append(said["state"])
                else:
                    self.problems.append(said["problem"])
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006

    @property
    def state(self) -> dict[str, Any]:
        """The state that was told last."""
        return self.states[-1] if self.states else {}

    async def shows(self, what: str, **wanted: Any) -> dict[str, Any]:
        """Wait until the state has these values, and return it."""

        def has_them() -> bool:
            return bool(self.state) and all(self.state[name] == value for name, value in wanted.items())

        await until(has_them, what)
        return self.state

    async def closed(self) -> tuple[int | None, list[int]]:
        """Wait for the end, and return the close code and the status of each problem that was told."""
        await until(lambda: self.code is not None, "the live socket is closed", WITHIN_S)
        return self.code, [problem["status"] for problem in self.problems]

    async def refused(self) -> dict[str, Any]:
        """Wait for a problem to be told, and return it."""
        before = len(self.problems)
        await until(lambda: len(self.problems) > before, "a problem is told")
        return self.problems[-1]

    async def report(self, **values: Any) -> None:
        """Report as a phone does."""
        usual = {"stretch": self.state["stretch"], "technique": "sse", "state": "open"}
        await self.socket.send(json.dumps({"report": usual | values}))


def as_teacher_now(server: ClassServer, method: str, path: str, **more: Any) -> Any:
    """Ask as the teacher, from a test that is not asynchronous, and return the answer."""
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = httpx.request(method, f"{server.base}{path}", headers=headers, **more).raise_for_status()
    return answer.json() if answer.content else None
