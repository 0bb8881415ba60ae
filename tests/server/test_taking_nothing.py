"""Clients that send and take nothing, or begin and do not end: each is let go, and counts until then."""

import asyncio
import socket
import struct

import httpx

from tests.support.engine_io import PollingSession
from tests.support.reading import http_client
from tests.support.server import Server
from tests.support.until import until

FLAGS = ("--slow-reader-s", "0.3", "--ws-ping-interval-s", "0.5", "--ws-ping-timeout-s", "0.5")


async def test_a_websocket_that_sends_and_takes_no_answer_is_let_go(room: str) -> None:
    with Server("memory", *FLAGS) as server:
        upgrade = _upgrade(f"/api/rooms/{room}/ws", server.port)
        async with http_client(server.base) as http, Stubborn(server.port, upgrade, b"") as flood:
            await http.post(f"/api/rooms/{room}/messages", json={"sender": "li", "text": "there"})
            await until(lambda: _subscribers_are(http, 1), "it is there")

            async def is_let_go() -> bool:  # and is reset when it has not taken the Close frame for ten seconds
                await flood.is_cut_after(_text_frame(b"[" * 60) * 500)
                return await _subscribers_are(http, 0)

            await until(is_let_go, "it is let go, and counts no more")


async def test_a_socket_io_client_that_takes_no_acknowledgement_is_let_go() -> None:
    with Server("memory", *FLAGS) as server:
        upgrade = _upgrade("/socket.io/?EIO=4&transport=websocket", server.port)
        async with Stubborn(server.port, upgrade, _text_frame(b"40")) as flood:
            refused = _text_frame(b'420["join",{"room":"%s"}]' % (b"no such room " * 8)) * 500
            await until(lambda: flood.is_cut_after(refused), "it is let go")


async def test_an_answer_that_nobody_takes_is_let_go(room: str) -> None:
    with Server("memory", *FLAGS) as server:
        async with http_client(server.base) as http:
            for number in range(300):
                published = await http.post(
                    f"/api/rooms/{room}/messages",
                    json={"sender": "li", "text": "学" * 4_000, "client_message_id": str(number)},
                )
                assert published.status_code == 201
            first = published.json()["id"].partition("-")[0] + "-0"
            poll = f"GET /api/rooms/{room}/short-poll?after={first} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
            async with Stubborn(server.port, poll) as reader:
                await until(lambda: reader.is_cut_after(b""), "it is let go")


async def test_sessions_of_socket_io_are_counted_before_they_connect() -> None:
    with Server("memory", "--max-connections", "2") as server:
        async with PollingSession(server.base), PollingSession(server.base), http_client(server.base) as http:
            refused = await http.get("/socket.io/?EIO=4&transport=polling")
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == "This server holds 2 connections, and has them."


async def test_a_body_that_does_not_come_is_not_waited_for(room: str) -> None:
    with Server("memory", "--body-timeout-s", "0.2") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"POST /api/rooms/{room}/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        writer.write(f'{head}Content-Length: 40\r\n\r\n{{"sender"'.encode())
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer
    assert b"The body did not come within 0.2 s." in answer


async def test_nothing_of_engine_io_is_stored_and_its_refusals_are_problems() -> None:
    with Server("memory") as server:
        async with http_client(server.base) as http:
            handshake = await http.get("/socket.io/?EIO=4&transport=polling")
            refusals = [
                await http.get("/socket.io/?EIO=3&transport=polling"),
                await http.get("/socket.io/?EIO=4&transport=polling&sid=nobody"),
                await http.put("/socket.io/?EIO=4&transport=polling"),
            ]
    assert handshake.headers["cache-control"] == "no-store"
    assert [refusal.status_code for refusal in refusals] == [400, 400, 405]
    assert {refusal.headers["cache-control"] for refusal in refusals} == {"no-store"}
    assert {refusal.headers["content-type"] for refusal in refusals} == {"application/problem+json"}
    assert refusals[2].headers["allow"] == "GET, POST"


async def _subscribers_are(http: httpx.AsyncClient, count: int) -> bool:
    [room] = (await http.get("/api/rooms")).json()["rooms"]
    return bool(sum(room["subscribers"].values()) == count)


class Stubborn:
    """A connection with small buffers that sends, and reads nothing."""

    def __init__(self, port: int, begin: bytes, then: bytes | None = None) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(begin)
        if then is not None:  # the handshake's answer is the last that it takes
            assert self._socket.recv(1_000).startswith(b"HTTP/1.1 101 ")
            self._socket.sendall(then)
        self._socket.setblocking(False)
        self._unsent = b""

    async def is_cut_after(self, data: bytes) -> bool:
        """Send on as much of `data` as goes, in whole turns; return whether the server has reset the connection."""
        self._unsent = self._unsent or data
        try:
            if self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            return True
        return self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0 or self._state() != ESTABLISHED

    def _state(self) -> int:
        """Return the state of the connection from TCP_INFO."""
        return int(self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0])

    async def __aenter__(self) -> "Stubborn":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()


ESTABLISHED = 1


def _upgrade(path: str, port: int) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def _text_frame(payload: bytes) -> bytes:
    """Return a text frame of a client, masked with zeros."""
    assert len(payload) < 65_536
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    return b"\x81" + length + bytes(4) + payload
