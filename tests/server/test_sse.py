"""Server-Sent Events: the bytes of the stream."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.reading import http_client
from tests.support.server import Server
from tests.support.until import until


@pytest.fixture
def url(room: str) -> str:
    return f"/api/rooms/{room}/sse"


class Stream:
    """An open event stream, read byte by byte."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._chunks = response.aiter_raw()
        self._text = b""

    async def read_until(self, end: bytes) -> bytes:
        """Return what comes up to and with `end`."""
        async with asyncio.timeout(10):
            while end not in self._text:
                self._text += await anext(self._chunks)
        before, _, self._text = self._text.partition(end)
        return before + end


@asynccontextmanager
async def opened(http: httpx.AsyncClient, url: str, **headers: str) -> AsyncIterator[Stream]:
    """Open an event stream."""
    async with http.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200
        yield Stream(response)


async def test_it_begins_at_once_with_retry_and_the_cursor_as_an_id_alone(
    http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    async with opened(http, url) as stream:
        opening = await stream.read_until(b"-0\n\n")
    epoch = (await post("one")).json()["id"].partition("-")[0]
    assert opening == f"retry: 2000\n\nid: {epoch}-0\n\n".encode()


async def test_a_message_is_an_id_and_its_data(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    async with opened(http, f"{url}?after=latest") as stream:
        await stream.read_until(b"-0\n\n")
        for text in ("one", "two\nlines", "\u2028 你好"):
            message = await post(text)
            event = b"id: %s\ndata: %s\n\n" % (message.json()["id"].encode(), message.content)
            assert await stream.read_until(b"\n\n") == event


async def test_the_history_follows_the_opening(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    messages = [await post("one"), await post("two")]
    async with opened(http, url) as stream:
        await stream.read_until(b"-0\n\n")
        for message in messages:
            assert message.content in await stream.read_until(b"\n\n")


async def test_a_gap_is_an_event_with_id_and_data(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    message = await post("one")
    cursor = message.json()["id"].replace("-1", "-0")
    async with opened(http, f"{url}?after=zzzz-1") as stream:
        text = await stream.read_until(message.content + b"\n\n")
    assert (
        text
        == (
            "retry: 2000\n\nid: zzzz-1\n\n"  # who is cut off here comes back with it, and hears of the gap
            f'id: {cursor}\nevent: gap\ndata: {{"cursor":"{cursor}"}}\n\n'
            f"id: {message.json()['id']}\ndata: {message.text}\n\n"
        ).encode()
    )


async def test_the_head_keeps_it_from_being_stored_and_buffered(http: httpx.AsyncClient, url: str) -> None:
    async with opened(http, url) as stream:
        headers = stream.response.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["transfer-encoding"] == "chunked"
    assert "content-length" not in headers


async def test_last_event_id_wins_over_after(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    ids = [(await post(f"text {number}")).json()["id"] for number in range(3)]
    async with opened(http, f"{url}?after={ids[0]}", **{"Last-Event-ID": ids[1]}) as stream:
        opening = await stream.read_until(f"id: {ids[1]}\n\n".encode())
        event = await stream.read_until(b"\n\n")
    assert opening.startswith(b"retry: 2000\n\n")
    assert event.startswith(f"id: {ids[2]}\ndata: ".encode())


async def test_a_malformed_last_event_id_is_400_though_after_is_right(
    http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    answer = await http.get(f"{url}?after={cursor}", headers={"Last-Event-ID": "nonsense"})
    assert answer.status_code == 400
    assert answer.json()["detail"] == "A cursor is <epoch>-<number>, such as k3f9-42; this came: 'nonsense'."


async def test_head_answers_the_head_only_and_leaves_no_reader(
    http: httpx.AsyncClient, url: str, room: str, post: Publish
) -> None:
    await post("one")
    async with asyncio.timeout(5):
        answer = await http.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    await until(lambda: _nobody(http, room), "no reader is left")


async def test_a_reader_that_hangs_up_is_forgotten(http: httpx.AsyncClient, url: str, room: str, post: Publish) -> None:
    await post("one")
    async with opened(http, url):
        assert not await _nobody(http, room)
    await until(lambda: _nobody(http, room), "no reader is left")


@pytest.fixture(scope="module")
def quick_heartbeat() -> Iterator[Server]:
    with Server("memory", "--sse-heartbeat-s", "0.1", "--sse-retry-ms", "777") as server:
        yield server


async def test_the_heartbeat_is_always_the_same_comment(quick_heartbeat: Server) -> None:
    async with http_client(quick_heartbeat.base) as http, opened(http, "/api/rooms/lobby/sse") as stream:
        await stream.read_until(b"-0\n\n")
        beats = [await stream.read_until(b"\n\n") for _ in range(3)]
    assert beats == [b": heartbeat\n\n"] * 3


async def test_the_reconnection_time_can_be_set(quick_heartbeat: Server) -> None:
    async with http_client(quick_heartbeat.base) as http, opened(http, "/api/rooms/lobby/sse") as stream:
        assert await stream.read_until(b"\n\n") == b"retry: 777\n\n"


async def _nobody(http: httpx.AsyncClient, room: str) -> bool:
    rooms = {each["name"]: each["subscribers"] for each in (await http.get("/api/rooms")).json()["rooms"]}
    return bool(rooms[room]["sse"] == 0)
