"""What the reading clients of all techniques have in common: one interface, one place each for loss and for refusal."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import httpx
import msgspec

WITHIN_S = 10.0


class Refused(Exception):
    """The server said no: its status, and the problem it told."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['status']}: {problem['detail']}")
        self.problem = problem
        self.status: int = problem["status"]
        self.detail: str = problem["detail"]


class Received(NamedTuple):
    """A message as it came: its bytes, and what they say."""

    payload: bytes
    fields: dict[str, Any]

    @property
    def id(self) -> str:
        """Its cursor."""
        return str(self.fields["id"])

    @property
    def number(self) -> int:
        """Its number in the feed."""
        return int(self.id.rpartition("-")[2])

    @property
    def text(self) -> str:
        """What was said."""
        return str(self.fields["text"])


class _Gap(NamedTuple):
    cursor: str


class _Place(NamedTuple):
    cursor: str


def http_client(base: str, **options: Any) -> httpx.AsyncClient:
    """Return an HTTP client for the server at `base` that no proxy stands before."""
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=base, trust_env=False, verify=False, timeout=30, limits=limits, **options)


def check(response: httpx.Response, *expected: int) -> httpx.Response:
    """Return `response` if it has one of the statuses expected.

    Raises:
        Refused: it is a problem.
    """
    if response.status_code in expected:
        return response
    assert response.headers["content-type"] == "application/problem+json"
    raise Refused(response.json())


def draft(sender: str, text: str, client_message_id: str | None = None) -> dict[str, str]:
    """Return what a publisher sends."""
    key = {} if client_message_id is None else {"client_message_id": client_message_id}
    return {"sender": sender, "text": text} | key


class Client(ABC):
    """One reader of a room by one technique, who also speaks.

    Use it with `async with`, and go through `messages()` with `async for`. `cursor` is the place after the last
    message handed over, `gaps` are the places the server named when it told of a gap.

    Args:
        base: the server's address, `http://host:port`.
        room: the room's name.
        after: a cursor, "latest", or None for the last messages first.
        headers: that go with every request, such as a cookie.
    """

    technique: str

    def __init__(
        self, base: str, room: str, after: str | None = None, *, headers: dict[str, str] | None = None
    ) -> None:
        self.base = base
        self.room = room
        self.headers = headers or {}
        self.path = f"/api/rooms/{quote(room, safe='')}"
        self.cursor = after
        self.gaps: list[str] = []
        self._arrived: asyncio.Queue[Received | _Gap | _Place | Exception | None] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.http = http_client(self.base, headers=self.headers)
        try:
            await self.connect()
        except BaseException:
            await self.http.aclose()
            raise
        if self.cursor == "latest":
            now = self._arrived.get_nowait()
            assert isinstance(now, _Place)
            self.cursor = now.cursor
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self.http.aclose()

    @abstractmethod
    async def connect(self) -> None:
        """Begin to read; when this returns from `latest`, or from a stream, the place is fixed.

        Raises:
            Refused: the server does not let it read.
        """

    async def close(self) -> None:  # noqa: B027 - who polls has nothing to close
        """Stop reading."""

    async def messages(self) -> AsyncGenerator[Received]:
        """Hand over what arrives until the server ends it.

        Raises:
            Refused: the server does not let it read on.
        """
        while (item := await self._arrived.get()) is not None:
            match item:
                case Exception():
                    raise item
                case _Gap(cursor):
                    self.gaps.append(cursor)
                    self.cursor = cursor
                case _Place(cursor):
                    self.cursor = cursor
                case Received():
                    self.cursor = item.id
                    yield item

    async def take(self, count: int) -> list[Received]:
        """Return the next `count` messages."""
        taken: list[Received] = []
        try:
            async with asyncio.timeout(WITHIN_S), aclosing(self.messages()) as messages:
                while len(taken) < count:
                    taken.append(await anext(messages))
        except TimeoutError:
            raise AssertionError(f"{len(taken)} of {count} messages came; the last: {taken[-1:]}") from None
        except StopAsyncIteration:
            raise AssertionError(f"it ended after {len(taken)} of {count} messages") from None
        return taken

    async def rest(self) -> list[Received]:
        """Return all that comes until the server ends it."""
        async with asyncio.timeout(WITHIN_S):
            return [message async for message in self.messages()]

    async def publish(self, sender: str, text: str, client_message_id: str | None = None) -> str:
        """Say something by the technique's own way and return the message's id.

        Raises:
            Refused: the server does not take it.
        """
        response = await self.http.post(f"{self.path}/messages", json=draft(sender, text, client_message_id))
        return str(check(response, 200, 201).json()["id"])

    # --- for the techniques ---

    def read_in_background(self) -> None:
        """Let `receive` run; what it raises is raised to who goes through the messages."""
        self._reading = asyncio.create_task(self._receive_to_the_end())

    async def _receive_to_the_end(self) -> None:
        try:
            await self.receive()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised to the reader
            self._arrived.put_nowait(error)
        else:
            self._arrived.put_nowait(None)

    @abstractmethod
    async def receive(self) -> None:
        """Put in what arrives, until the end."""

    def put_message(self, payload: bytes) -> None:
        """Put in a message."""
        self._arrived.put_nowait(Received(payload, msgspec.json.decode(payload)))

    def put_gap(self, cursor: str) -> None:
        """Put in the notice of a gap."""
        self._arrived.put_nowait(_Gap(cursor))

    def put_place(self, cursor: str) -> None:
        """Put in a cursor that came without a message."""
        self._arrived.put_nowait(_Place(cursor))
