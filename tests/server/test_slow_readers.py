"""A reader that takes nothing costs no memory, is let go in the end, and is told of all it missed."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.reading import http_client
from tests.support.server import Server
from tests.support.until import until
from tests.support.web_socket import WebSocket

TEXT = "x" * 4_000
COUNT = 3_000
"""Twelve megabytes: more than the buffers between a server and a client hold."""


async def test_a_reader_that_takes_nothing_is_let_go_and_loses_nothing_it_is_not_told_of(room: str) -> None:
    with Server("memory", "--slow-reader-s", "0.3") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1_000)
        writer.write(f"GET /api/rooms/{room}/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        async with http_client(server.base) as http:
            await reader.readuntil(b"retry: 2000")
            await _publish_much(server, room)
            await until(lambda: _readers_are(http, room, "sse", 0), "the slow reader is let go")
        body = await _what_arrived(reader)
        writer.close()
    numbers = [int(number) for number in re.findall(rb"^id: [a-z0-9]+-(\d+)$", body, re.MULTILINE)]
    whole = [number for number in numbers if number > 0]
    assert whole == list(range(1, len(whole) + 1))
    assert len(whole) < COUNT


async def test_a_websocket_that_takes_nothing_is_closed_with_1013(room: str) -> None:
    with Server("memory", "--slow-reader-s", "0.3") as server:
        async with not_reading(server, room) as socket, http_client(server.base) as http:
            await _publish_much(server, room)
            await until(lambda: _readers_are(http, room, "websocket", 0), "the slow reader is let go")
            texts, code = await _read_to_the_close(socket)
    numbers = [int(text["id"].rpartition("-")[2]) for text in texts]
    assert code == 1013
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) < COUNT


@pytest.mark.long
async def test_a_slow_reader_is_told_of_every_message_that_was_trimmed_before_it_could_take_it(room: str) -> None:
    with Server("memory", "--slow-reader-s", "30", "--messages-kept", "200") as server:
        async with not_reading(server, room) as socket:
            await _publish_much(server, room)
            place, gaps = 0, 0
            async with asyncio.timeout(20):
                while place < COUNT:
                    text = json.loads(await socket.recv())
                    number = int(text.get("id", text.get("cursor")).rpartition("-")[2])
                    if text.get("control") == "gap":
                        assert number > place
                        gaps += 1
                    else:
                        assert number == place + 1
                    place = number
    assert gaps > 0


@asynccontextmanager
async def not_reading(server: Server, room: str) -> AsyncIterator[ClientConnection]:
    """Open a WebSocket that takes no more from the network than it is asked for."""
    url = f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws"
    async with connect(url, proxy=None, ping_interval=None, max_queue=1) as socket:
        assert json.loads(await socket.recv())["control"] == "joined"
        yield socket


async def _read_to_the_close(socket: ClientConnection) -> tuple[list[dict[str, str]], int]:
    texts: list[dict[str, str]] = []
    async with asyncio.timeout(20):
        try:
            while True:
                texts.append(json.loads(await socket.recv()))
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return texts, closed.rcvd.code


async def _publish_much(server: Server, room: str) -> None:
    async with WebSocket(server.base, room, "latest") as publisher:
        for _ in range(COUNT // 100):
            await asyncio.gather(*(publisher.publish("li", TEXT) for _ in range(100)))


async def _what_arrived(reader: asyncio.StreamReader) -> bytes:
    """Return what was on its way when the connection was broken off."""
    body = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := await reader.read(65_536):
            body += chunk
    return body


async def _readers_are(http: httpx.AsyncClient, room: str, technique: str, count: int) -> bool:
    rooms = json.loads((await http.get("/api/rooms")).content)["rooms"]
    return bool(next(each["subscribers"][technique] for each in rooms if each["name"] == room) == count)
