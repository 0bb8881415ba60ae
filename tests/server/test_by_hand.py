"""The console of the handshake page: bytes go as they are to this server and nowhere else, and all of them are told."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Self

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pushdemo import by_hand
from pushdemo.app import create_app
from pushdemo.by_hand import MOST, MOST_BYTES, PATH, WHOLE_S
from pushdemo.lab.peers import REMEMBERED_S
from tests.support.fake_clock import FakeClock
from tests.support.lab import Lab
from tests.support.raw_http import ask
from tests.support.server import Server
from tests.support.until import until
from tests.unit.asgi import Exchange, websocket_scope
from tests.unit.samples import feed_of

HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
POLL = b"GET /api/time HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def opening(host: str, *lines: str) -> bytes:
    """Return the handshake of RFC 6455 section 1.3, to this server."""
    head = ["GET /api/handshake/ws HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    head += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", *lines]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode()


class Console:
    """The page's side: what was told so far, and how it ended."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.units: list[dict[str, Any]] = []
        self.waiting = {"up": 0, "down": 0}
        self.end: str | None = None

    @classmethod
    async def open(cls, base: str, stack: AsyncExitStack, **more: Any) -> Self:
        url = f"{base.replace('http', 'ws', 1)}{PATH}"
        return cls(await stack.enter_async_context(connect(url, proxy=None, max_size=None, **more)))

    async def hear(self) -> dict[str, Any]:
        """Take in the next news."""
        async with asyncio.timeout(10):
            news: dict[str, Any] = json.loads(await self.socket.recv())
        self.units += news["units"]
        self.waiting, self.end = news["waiting"], news["end"]
        return news

    async def has(self, *labels: str) -> None:
        """Hear on until these are the labels of all units."""
        while self.labels != list(labels):
            assert len(self.units) < len(labels) or not self.end, self.labels
            await self.hear()

    async def ended(self) -> tuple[str | None, int | None, str]:
        """Hear it out; return the end that was told, and the code and reason of its own close."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return self.end, closed.rcvd.code, closed.rcvd.reason

    @property
    def labels(self) -> list[str]:
        return [f"{each['unit']['direction']} {each['unit']['label']}" for each in self.units]

    def bytes_of(self, way: str) -> bytes:
        return b"".join(base64.b64decode(each["bytes"]) for each in self.units if each["unit"]["direction"] == way)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def console(server: Server, stack: AsyncExitStack) -> Console:
    return await Console.open(server.base, stack)


async def test_a_handshake_and_a_frame_made_by_hand_are_answered_and_every_byte_is_told(
    server: Server, console: Console
) -> None:
    request = opening(server.base.removeprefix("http://"), "Sec-WebSocket-Protocol: chat")
    await console.socket.send(request[:7])
    await console.socket.send(request[7:])
    opened = ["up GET handshake/ws", "down 101 Switching Protocols", "down text frame: 41 bytes of text"]
    await console.has(*opened)
    await console.socket.send(HELLO)
    echoed = ["up text frame: 5 bytes of text", "down text frame: 5 bytes of text"]
    await console.has(*opened, *echoed)
    assert console.bytes_of("up") == request + HELLO
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in console.bytes_of("down")
    assert console.bytes_of("down").endswith(b"\x81\x05Hello")
    for each in console.units:
        assert sum(field["length"] for field in each["fields"]) == each["unit"]["size"]
        assert each["unit"]["technique"] == "websocket"
    await console.socket.send('{"reset": true}')
    assert await console.ended() == ("reset", 1000, "")


async def test_what_is_not_a_whole_unit_waits_and_is_told_at_the_end(console: Console) -> None:
    await console.hear()
    await console.socket.send(b"GET / HT")
    assert (await console.hear())["waiting"] == {"up": 8, "down": 0}
    await console.socket.send('{"end": true}')
    assert (await console.ended())[:2] == ("ended", 1000)
    assert console.bytes_of("up") == b"GET / HT"
    assert console.waiting == {"up": 0, "down": 0}


async def test_the_server_ends_what_it_refuses(console: Console) -> None:
    await console.socket.send(b"NONSENSE\r\n\r\n")
    assert await console.ended() == ("ended", 1000, "")
    assert console.bytes_of("down").startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize("command", ["", "end", "{}", '{"end": true, "reset": true}', '{"to": "10.0.0.1:22"}'])
async def test_a_command_is_an_end_or_a_reset_and_nothing_else(console: Console, command: str) -> None:
    await console.socket.send(command)
    assert await console.ended() == (None, 1008, 'expected {"end": true} or {"reset": true}')


async def test_after_its_end_the_page_sends_nothing_more(console: Console) -> None:
    await console.socket.send(b"GET")
    await console.socket.send('{"end": true}')
    await console.socket.send(POLL)
    told = await console.ended()
    assert told in [(None, 1008, "after its end nothing more can be sent"), ("ended", 1000, "")]  # whichever is first
    assert console.bytes_of("down") == b""


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1])
async def test_64_kib_may_go_up_and_one_byte_more_ends_it(console: Console, size: int) -> None:
    body = b"POST /api/rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999\r\n\r\n".ljust(30_000, b"x")
    await console.socket.send(body)
    await console.socket.send(b"x" * (size - len(body)))
    if size == MOST_BYTES:
        await console.socket.send('{"reset": true}')
    assert (await console.ended())[:2] == ("reset" if size == MOST_BYTES else "limit", 1000)
    assert len(console.bytes_of("up")) == (MOST_BYTES if size == MOST_BYTES else len(body))


@pytest.mark.long
async def test_64_kib_may_come_down_and_then_it_ends(server: Server, console: Console) -> None:
    static = b"GET /static/vendor/socket.io.esm.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    await console.socket.send(static * 4)
    assert (await console.ended())[:2] == ("limit", 1000)
    assert MOST_BYTES < len(console.bytes_of("down")) <= MOST_BYTES + by_hand.READ_BYTES


@pytest.mark.long
async def test_so_many_units_are_told_and_then_it_ends(server: Server, console: Console) -> None:
    await console.socket.send(opening(server.base.removeprefix("http://")))
    await console.has("up GET handshake/ws", "down 101 Switching Protocols", "down text frame: 33 bytes of text")
    await console.socket.send(b"\x8a\x80\x00\x00\x00\x00" * 10_000)  # pongs that nobody asked for
    assert (await console.ended())[:2] == ("limit", 1000)
    assert by_hand.MOST_UNITS <= len(console.units) < by_hand.MOST_UNITS + by_hand.READ_BYTES


@pytest.mark.long
async def test_so_many_are_open_at_a_time_and_the_next_is_told_to_come_again(
    server: Server, stack: AsyncExitStack
) -> None:
    consoles = [await Console.open(server.base, stack) for _ in range(MOST)]
    for each in consoles:
        await each.hear()
    late = await Console.open(server.base, stack)
    assert await late.ended() == (None, 1013, f"{MOST} connections are made by hand already")
    await consoles[0].socket.close()

    async def has_room() -> bool:
        again = await Console.open(server.base, stack)
        await again.socket.send(b"NONSENSE\r\n\r\n")
        return (await again.ended())[1] == 1000

    await until(has_room, "there is room again")


# --- for whom it is ---


async def test_no_other_sites_page_may_speak_by_it(server: Server, stack: AsyncExitStack) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await Console.open(server.base, stack, origin="http://evil.example")
    answer = await ask(server, f"GET {PATH} HTTP/1.1", "Host: 127.0.0.1")
    assert answer.status == 426


async def test_a_connection_by_hand_is_no_lab_page(console: Console) -> None:
    page = b"GET /handshake HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nConnection: close\r\n\r\n"
    await console.socket.send(page)
    await console.ended()
    head = console.bytes_of("down").partition(b"\r\n\r\n")[0]
    assert b"connect-src 'self' ws://127.0.0.1:4321 wss://127.0.0.1:4321;" in head


@pytest.mark.long
async def test_a_lab_session_is_opened_by_hand_as_at_the_main_port(console: Console) -> None:
    await console.socket.send(b"POST /api/lab/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    await console.ended()
    assert console.bytes_of("down").startswith(b"HTTP/1.1 201 Created")


@pytest.mark.long
async def test_it_counts_as_its_callers_own() -> None:
    """Two publishes a second and address; the caller has used one, through a trusted proxy that tells who it is."""
    body = '{"sender":"li %d","text":"hi"}'
    with Server("memory", "--publish-rate", "1", "--trusted-proxy", "127.0.0.1") as server:
        async with AsyncExitStack() as stack:
            statuses = []
            for number, client in enumerate(["192.0.2.1", "192.0.2.1", "192.0.2.2"]):
                console = await Console.open(server.base, stack, additional_headers={"X-Forwarded-For": client})
                text = body % number
                head = "POST /api/rooms/lobby/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
                await console.socket.send(f"{head}{text}".encode())
                await console.ended()
                statuses.append(console.bytes_of("down").split()[1])
    assert statuses == [b"201", b"429", b"201"]


@pytest.mark.long
async def test_through_a_lab_port_it_reaches_the_server_too_and_is_no_lab_page_there_either(
    server: Server, stack: AsyncExitStack
) -> None:
    page = b"GET /handshake HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nConnection: close\r\n\r\n"
    async with Lab.open(server) as lab:
        console = await Console.open(lab.base, stack)
        await console.socket.send(page)
        assert (await console.ended())[:2] == ("ended", 1000)
    head = console.bytes_of("down").partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connect-src 'self' ws://127.0.0.1:4321 wss://127.0.0.1:4321;" in head


# --- its ends ---


@pytest.mark.long
async def test_ctrl_c_ends_it_with_1012() -> None:
    with Server() as server:
        async with AsyncExitStack() as stack:
            console = await Console.open(server.base, stack)
            await console.hear()
            assert await server.interrupted() < 2
            assert (await console.ended())[1] == 1012


async def begun(clock: FakeClock, server: tuple[str, int] | None) -> Exchange:
    """Return a console of an application whose own address is `server`."""
    feed = feed_of(clock)
    await feed.open()
    app = create_app(feed)
    exchange = Exchange(app, websocket_scope(PATH, server=server))
    exchange.hear({"type": "websocket.connect"})
    return exchange


def told(exchange: Exchange) -> list[dict[str, Any]]:
    return [json.loads(event["text"]) for event in exchange.sent if event["type"] == "websocket.send"]


async def test_after_a_minute_it_ends() -> None:
    clock = FakeClock()
    listener = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    async with listener:
        exchange = await begun(clock, listener.sockets[0].getsockname())
        await until(lambda: told(exchange), "it is connected")
        clock.advance(WHOLE_S - 0.1)
        assert [each["end"] for each in told(exchange)] == [None]
        clock.advance(0.1)
        await exchange.end()
    assert [each["end"] for each in told(exchange)] == [None, "limit"]
    assert exchange.sent[-1]["type"] == "websocket.close"
    clock.advance(REMEMBERED_S)
    assert clock.pending == 0


async def test_where_nobody_listens_that_is_told() -> None:
    listener = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    address = listener.sockets[0].getsockname()
    listener.close()
    for to in (address, None):
        exchange = await (await begun(FakeClock(), to)).end()
        assert told(exchange) == [{"units": [], "waiting": {"up": 0, "down": 0}, "end": "refused"}]
        assert exchange.sent[-1] == {"type": "websocket.close", "code": 1000, "reason": ""}
