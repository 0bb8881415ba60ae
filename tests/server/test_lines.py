"""Connections that the server has taken over from the application: what their clients may still say and do."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.server.conftest import Publish
from tests.support.reading import draft, http_client
from tests.support.server import Server
from tests.support.until import until

OWN = "127.0.0.1"


class Connection:
    """A kept HTTP connection on which a test says what it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    def ask(self, path: str, *more: str, host: str = OWN, method: str = "GET", version: str = "1.1") -> None:
        """Send the head of a request."""
        lines = (f"{method} {path} HTTP/{version}", f"Host: {host}", *more, "", "")
        self._writer.write("\r\n".join(lines).encode())

    def send(self, text: str) -> None:
        """Send this."""
        self._writer.write(text.encode())

    async def answer(self) -> tuple[int, Any]:
        """Return the status and the JSON of the next answer."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            return int(head.split()[1]), json.loads(await self.reader.readexactly(length))

    async def rest(self) -> bytes:
        """Return what comes until the end."""
        async with asyncio.timeout(10):
            return await self.reader.read()


@asynccontextmanager
async def connection(server: Server) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def holding(server: Server, room: str, http: httpx.AsyncClient, post: Publish) -> AsyncIterator[Connection]:
    """A connection whose poll after message 1 is held."""
    first = (await post("one")).json()["id"]
    async with connection(server) as polling:
        polling.ask(poll(room, first))
        await until(lambda: reading(http, room, "long-poll"), "the poll is held")
        yield polling


def poll(room: str, cursor: str, timeout: int = 55) -> str:
    return f"/api/rooms/{room}/long-poll?after={cursor}&timeout={timeout}"


def resident_kib(server: Server) -> int:
    """Return the memory of the server's process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


async def reading(http: httpx.AsyncClient, room: str, technique: str) -> int:
    rooms = (await http.get("/api/rooms")).json()["rooms"]
    return next((each["subscribers"][technique] for each in rooms if each["name"] == room), 0)


@pytest.fixture
async def polled(server: Server, room: str, http: httpx.AsyncClient, post: Publish) -> AsyncIterator[Connection]:
    """A connection whose poll after message 1 was held and answered with message 2."""
    async with holding(server, room, http, post) as polling:
        second = (await post("two")).json()
        assert await polling.answer() == (200, {"cursor": second["id"], "messages": [second]})
        yield polling


async def test_a_poll_that_comes_again_is_held_again(
    polled: Connection, room: str, http: httpx.AsyncClient, post: Publish
) -> None:
    cursor = (await http.get(f"/api/rooms/{room}/short-poll")).json()["cursor"]
    for _ in range(3):
        polled.ask(poll(room, cursor))
        await until(lambda: reading(http, room, "long-poll"), "the poll is held")
        message = (await post("more")).json()
        assert await polled.answer() == (200, {"cursor": message["id"], "messages": [message]})
        cursor = message["id"]
        await until(lambda: _nobody(http, room), "no reader is left")


async def test_a_poll_that_comes_again_behind_is_answered_at_once(polled: Connection, room: str, post: Publish) -> None:
    third = (await post("three")).json()
    epoch = third["id"].partition("-")[0]
    polled.ask(poll(room, f"{epoch}-1"))
    status, body = await polled.answer()
    assert (status, [message["text"] for message in body["messages"]]) == (200, ["two", "three"])


async def test_a_poll_that_comes_again_from_the_future_is_told_of_the_gap(
    polled: Connection, room: str, http: httpx.AsyncClient
) -> None:
    epoch = (await http.get(f"/api/rooms/{room}/short-poll")).json()["cursor"].partition("-")[0]
    polled.ask(poll(room, f"{epoch}-99"))
    status, body = await polled.answer()
    assert (status, body["gap"], len(body["messages"])) == (200, True, 2)


@pytest.mark.parametrize(
    ("path", "more", "host", "status"),
    [
        ("/api/rooms/{room}/long-poll?after={epoch}-2&timeout=55", (), "evil.example", 403),
        ("/api/rooms/{room}/long-poll?after={epoch}-02&timeout=55", (), OWN, 400),
        ("/api/rooms/{room}/long-poll?after={epoch}-&timeout=55", (), OWN, 400),
        ("/api/rooms/{room}/long-poll?after={epoch}-2&timeout=56", (), OWN, 400),
        ("/api/rooms/{room}!/long-poll?after={epoch}-2&timeout=55", (), OWN, 400),
        ("/api/rooms/{room}/long-pool?after={epoch}-2&timeout=55", (), OWN, 404),
    ],
    ids=["host", "leading zero", "no number", "timeout", "room", "path"],
)
async def test_a_request_that_is_like_the_poll_but_not_the_same_is_refused_as_ever(
    polled: Connection,
    room: str,
    http: httpx.AsyncClient,
    path: str,
    more: tuple[str, ...],
    host: str,
    status: int,
) -> None:
    epoch = (await http.get(f"/api/rooms/{room}/short-poll")).json()["cursor"].partition("-")[0]
    polled.ask(path.format(room=room, epoch=epoch), *more, host=host)
    assert (await polled.answer())[0] == status


async def test_another_request_on_the_connection_of_a_poll_is_answered(polled: Connection) -> None:
    for _ in range(2):
        polled.ask("/healthz")
        assert (await polled.answer())[0] == 200


async def test_requests_that_come_after_a_held_poll_wait_for_its_answer(
    server: Server, room: str, http: httpx.AsyncClient, post: Publish
) -> None:
    async with holding(server, room, http, post) as polling:
        polling.ask("/healthz")
        polling.ask(poll(room, "latest"))
        second = (await post("two")).json()
        assert (await polling.answer())[1] == {"cursor": second["id"], "messages": [second]}
        assert (await polling.answer())[0] == 200
        assert (await polling.answer())[1] == {"cursor": second["id"], "messages": []}


@pytest.mark.parametrize("begun", ["GET /healthz HTTP/1.1\r\nHo", "G"])
async def test_a_poll_behind_which_another_request_has_begun_is_answered(
    server: Server, room: str, post: Publish, http: httpx.AsyncClient, begun: str
) -> None:
    first = (await post("one")).json()["id"]
    async with connection(server) as polling:
        whole = f"GET /healthz HTTP/1.1\r\nHost: {OWN}\r\n\r\n"
        polling.send(f"GET {poll(room, first)} HTTP/1.1\r\nHost: {OWN}\r\n\r\n{begun}")
        await until(lambda: reading(http, room, "long-poll"), "the poll is held")
        await post("two")
        assert len((await polling.answer())[1]["messages"]) == 1
        polling.send(whole.removeprefix(begun))
        assert (await polling.answer())[0] == 200


async def test_what_came_after_the_half_of_a_head_is_not_taken_for_a_poll(
    server: Server, room: str, post: Publish, http: httpx.AsyncClient
) -> None:
    first = (await post("one")).json()["id"]
    async with connection(server) as polling:
        polling.send(f"GET {poll(room, first)} HTTP/1.1\r\nHost: {OWN}\r\nX: ")
        await http.get("/healthz")  # came later and is answered: what was sent before has been read
        rest = f"GET /nowhere?after={first} HTTP/1.1\r\n\r\n"
        polling.send(rest)
        await until(lambda: reading(http, room, "long-poll"), "the poll is held")
        await post("two")
        assert (await polling.answer())[0] == 200
        polling.send(rest)
        assert (await polling.answer())[0] == 400


async def test_the_body_of_a_poll_is_not_taken_for_another_poll(
    server: Server, room: str, post: Publish, http: httpx.AsyncClient
) -> None:
    first = (await post("one")).json()["id"]
    path = poll(room, first)
    async with connection(server) as polling:
        length = len(f"GET {path} HTTP/1.1\r\nHost: {OWN}\r\nContent-Length: 000\r\n\r\n")
        head = f"GET {path} HTTP/1.1\r\nHost: {OWN}\r\nContent-Length: {length:03d}\r\n\r\n"
        polling.send(head)
        await until(lambda: reading(http, room, "long-poll"), "the poll is held")
        await post("two")
        assert (await polling.answer())[0] == 200
        polling.send(head)  # its body
        polling.ask("/healthz")
        assert (await polling.answer())[1].get("messages") is None


@pytest.mark.long
async def test_a_client_that_asks_and_reads_nothing_costs_no_memory_beyond_an_answer(room: str) -> None:
    with Server("memory", "--slow-reader-s", "1") as server:
        async with http_client(server.base) as http, connection(server) as polling:
            url = f"/api/rooms/{room}/messages"
            epoch = (await http.post(url, json=draft("li", "one"))).json()["id"].partition("-")[0]
            polling.ask(poll(room, f"{epoch}-1"))
            await until(lambda: reading(http, room, "long-poll"), "the poll is held")
            for _ in range(300):
                await http.post(url, json=draft("li", "x" * 4_000))
            before_kib = resident_kib(server)
            for _ in range(100):  # each would be answered by more than a megabyte
                polling.ask(poll(room, f"{epoch}-1"))
                await http.get("/healthz")
            assert resident_kib(server) - before_kib < 20_000


async def test_a_poll_in_pieces_is_answered_like_any_other(polled: Connection, room: str, post: Publish) -> None:
    epoch = (await post("three")).json()["id"].partition("-")[0]
    request = f"GET {poll(room, f'{epoch}-2')} HTTP/1.1\r\nHost: {OWN}\r\n\r\n"
    for place in range(0, len(request), 25):
        polled.send(request[place : place + 25])
        await asyncio.sleep(0)
    assert [message["text"] for message in (await polled.answer())[1]["messages"]] == ["three"]


@pytest.mark.long
async def test_a_poll_is_answered_empty_when_its_time_is_up_also_when_it_comes_again(
    server: Server, room: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    async with connection(server) as polling:
        for _ in range(2):
            asked = time.monotonic()
            polling.ask(poll(room, cursor, 1))
            assert await polling.answer() == (200, {"cursor": cursor, "messages": []})
            assert 0.998 < time.monotonic() - asked < 1.9  # uvloop's clock counts whole milliseconds


@pytest.mark.long
async def test_the_connection_of_a_poll_that_does_not_come_again_is_closed(room: str) -> None:
    with Server("memory", "--keep-alive-s", "1") as server:
        async with connection(server) as polling, http_client(server.base) as http:
            message = {"sender": "li", "text": "one"}
            first = (await http.post(f"/api/rooms/{room}/messages", json=message)).json()
            polling.ask(poll(room, first["id"], 1))
            assert (await polling.answer())[1] == {"cursor": first["id"], "messages": []}
            assert await polling.rest() == b""


async def test_a_client_that_leaves_its_poll_is_forgotten(
    server: Server, room: str, http: httpx.AsyncClient, post: Publish
) -> None:
    async with holding(server, room, http, post):
        pass
    await until(lambda: _nobody(http, room), "it is forgotten")


async def test_a_request_on_the_connection_of_a_stream_is_not_answered_within_it(
    server: Server, room: str, http: httpx.AsyncClient, post: Publish
) -> None:
    async with connection(server) as stream:
        stream.ask(f"/api/rooms/{room}/sse?after=latest")
        await stream.reader.readuntil(b"retry: ")
        stream.ask("/healthz")
        await post("one")
        text = await stream.reader.readuntil(b'"one"')
        assert b"HTTP/1.1" not in text


async def test_a_stream_of_http_1_0_is_written_too(server: Server, room: str, post: Publish) -> None:
    async with connection(server) as stream:
        stream.ask(f"/api/rooms/{room}/sse?after=latest", version="1.0")
        await stream.reader.readuntil(b"retry: ")
        await post("one")
        await stream.reader.readuntil(b'"one"')


async def test_what_a_websocket_says_is_answered_one_after_the_other(server: Server, room: str) -> None:
    url = f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws?after=latest"
    async with connect(url) as socket:
        await socket.recv()
        for number in range(20):
            await socket.send(json.dumps({"sender": "li", "text": str(number), "client_message_id": str(number)}))
        said = [json.loads(await asyncio.wait_for(socket.recv(), 10)) for _ in range(40)]
    wanted = [str(number) for number in range(20)]
    assert [each["client_message_id"] for each in said if "control" in each] == wanted
    assert [each["text"] for each in said if "control" not in each] == wanted


async def test_websockets_that_compress_and_that_do_not_are_sent_the_same(room: str) -> None:
    with Server("memory", "--deflate") as server:
        url = f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws?after=latest"
        async with connect(url) as one, connect(url) as other, connect(url, compression=None) as plain:
            sockets = (one, other, plain)
            for socket in sockets:
                await socket.recv()
            await plain.send(json.dumps({"sender": "li", "text": "again and again " * 20}))
            heard = [await _message(socket) for socket in sockets]
            await one.send(json.dumps({"sender": "li", "text": "again and again " * 20}))
            heard += [await _message(socket) for socket in sockets]
        assert heard == [heard[0]] * 3 + [heard[3]] * 3
        assert "server_no_context_takeover" in one.response.headers["Sec-WebSocket-Extensions"]  # type: ignore[union-attr]


async def _message(socket: Any) -> str:
    """Return the next message that is not about the connection."""
    while True:
        text = str(await asyncio.wait_for(socket.recv(), 10))
        if not text.startswith('{"control"'):
            return text


async def _nobody(http: httpx.AsyncClient, room: str) -> bool:
    return not await reading(http, room, "long-poll")
