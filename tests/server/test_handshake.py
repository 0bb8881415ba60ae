"""The handshake on a real server: what the page says of a line that is missing or wrong is what happens here."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from pushdemo.handshake import PATH
from tests.support.server import Server

REQUEST = {
    "": f"GET {PATH} HTTP/1.1",
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Origin": "http://127.0.0.1",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    "Sec-WebSocket-Protocol": "chat, superchat",
    "Sec-WebSocket-Version": "13",
}


async def answer(server: Server, changed: dict[str, str | None]) -> list[str]:
    """Return the head of the answer to the request with these lines changed, or left out."""
    lines = REQUEST | changed
    text = "".join(f"{name}: {value}\r\n" if name else f"{value}\r\n" for name, value in lines.items() if value)
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"{text}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.decode().split("\r\n")


async def test_the_articles_handshake_has_its_answer(server: Server) -> None:
    status, *fields = await answer(server, {})
    assert status == "HTTP/1.1 101 Switching Protocols"
    named = {name.lower(): value for name, value in (field.split(": ") for field in fields if field)}
    assert named.pop("date")
    assert named == {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-accept": "HSmrc0sMlYUkAGmm5OPpG2HaGWk=",
        "sec-websocket-protocol": "chat",
    }


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"": f"POST {PATH} HTTP/1.1"}, 405),
        ({"": "GET /nothing HTTP/1.1"}, 404),
        ({"Host": None}, 400),
        ({"Host": "evil.example"}, 403),
        ({"Upgrade": None}, 426),
        ({"Upgrade": "WebSocket"}, 101),
        ({"Connection": None}, 426),
        ({"Connection": "keep-alive, upgrade"}, 101),
        ({"Origin": None}, 101),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-WebSocket-Key": None}, 400),
        ({"Sec-WebSocket-Key": "c2hvcnQ="}, 400),
        ({"Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEC=="}, 101),  # RFC 6455 section 4.1, not the one way to write it
        ({"Sec-WebSocket-Protocol": None}, 101),
        ({"Sec-WebSocket-Protocol": "soap"}, 101),
        ({"Sec-WebSocket-Version": None}, 400),
        ({"Sec-WebSocket-Version": "8"}, 400),
    ],
    ids=str,
)
async def test_a_line_that_is_missing_or_wrong(server: Server, changed: dict[str, str | None], status: int) -> None:
    head = await answer(server, changed)
    assert head[0].split()[1] == str(status)


async def test_it_goes_on_after_the_handshake_and_says_why_it_ends(server: Server) -> None:
    url = f"ws://127.0.0.1:{server.port}{PATH}"
    async with asyncio.timeout(20), connect(url, subprotocols=["superchat"], proxy=None) as socket:  # type: ignore[list-item]
        assert json.loads(await socket.recv()) == {"subprotocol": "superchat", "offered": ["superchat"]}
        await socket.send("hi")
        assert await socket.recv() == "hi"
        await socket.send(b"\x00")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1003, "text only")


@pytest.mark.long
async def test_ctrl_c_ends_it_with_1012() -> None:
    with Server() as server:
        async with connect(f"ws://127.0.0.1:{server.port}{PATH}", proxy=None) as socket:
            await socket.recv()
            assert await server.interrupted() < 2
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1012, "the server is stopping")
