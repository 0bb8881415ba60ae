"""WebSocket: handshake, control messages, and what a client may not send."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server.conftest import Publish
from tests.support.reading import draft, http_client
from tests.support.server import Server
from tests.support.until import until

BODY_BYTES = 65_536


@pytest.fixture
def url(server: Server, room: str) -> str:
    return f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws"


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[ClientConnection]:
    """Open a WebSocket."""
    async with asyncio.timeout(20), connect(url, proxy=None, ping_interval=None, **options) as socket:
        yield socket


@asynccontextmanager
async def joined(url: str, **options: Any) -> AsyncIterator[ClientConnection]:
    """Open a WebSocket and take `joined`."""
    async with opened(url, **options) as socket:
        assert (await told(socket))["control"] == "joined"
        yield socket


async def told(socket: ClientConnection) -> dict[str, Any]:
    """Return the next message."""
    return dict(json.loads(await socket.recv()))


async def close_of(socket: ClientConnection) -> int:
    """Return the code with which the server closes."""
    with pytest.raises(ConnectionClosed) as closed:
        await _read_on(socket)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def _read_on(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_joined_with_the_cursor_comes_first_and_then_the_history(url: str, post: Publish) -> None:
    first, second = await post("one"), await post("two")
    epoch = first.json()["id"].partition("-")[0]
    async with opened(url) as socket:
        assert await socket.recv() == f'{{"control":"joined","cursor":"{epoch}-0"}}'
        assert await socket.recv(decode=False) == first.content
        assert await socket.recv(decode=False) == second.content
    async with opened(f"{url}?after=latest") as socket:
        assert await socket.recv() == f'{{"control":"joined","cursor":"{epoch}-2"}}'


async def test_a_gap_is_told_after_joined_with_the_cursor_to_go_on_from(url: str, post: Publish) -> None:
    message = await post("one")
    cursor = message.json()["id"].replace("-1", "-0")
    async with joined(f"{url}?after=zzzz-9") as socket:
        assert await socket.recv() == f'{{"control":"gap","cursor":"{cursor}"}}'
        assert await socket.recv(decode=False) == message.content


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["pushdemo.v1"], "pushdemo.v1"),
        (["chat", "pushdemo.v1"], "pushdemo.v1"),
        (["chat"], None),
        (None, None),
    ],
)
async def test_the_subprotocol_is_chosen_if_it_is_offered(
    offered: list[str] | None, chosen: str | None, url: str
) -> None:
    async with joined(url, subprotocols=offered) as socket:
        assert socket.subprotocol == chosen


async def test_extensions_are_not_negotiated_unless_deflate_is_on(url: str) -> None:
    async with joined(url, compression="deflate") as socket:
        assert socket.response is not None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


async def test_what_the_client_says_is_acknowledged_with_its_id(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(json.dumps(draft("li", "hi", "key")))
        answers = [await told(socket), await told(socket)]
    [message] = [answer for answer in answers if "control" not in answer]
    [ack] = [answer for answer in answers if "control" in answer]
    assert ack == {"control": "ack", "id": message["id"], "client_message_id": "key"}


async def test_without_a_key_the_ack_has_null_for_it(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(json.dumps(draft("li", "hi")))
        [ack] = [each for each in [await told(socket), await told(socket)] if "control" in each]
    assert ack["client_message_id"] is None


BAD_CONTENT = {
    "broken JSON": ("{", 400, "Expected JSON in UTF-8: ", None),
    "nothing": ("", 400, "Expected JSON in UTF-8: ", None),
    "no object": ("[1]", 422, "Expected an object with the strings sender and text: ", None),
    "no text": ('{"sender":"li","client_message_id":"k"}', 422, "Expected an object with ", "k"),
    "a wrong type": ('{"sender":1,"text":"hi","client_message_id":"k"}', 422, "Expected an object with ", "k"),
    "an empty text": ('{"sender":"li","text":"","client_message_id":"k"}', 422, "text has 1 to 4,000", "k"),
    "a text too long": (json.dumps(draft("li", "x" * 4_001, "k")), 422, "text has 1 to 4,000 characters; ", "k"),
    "a sender too long": (json.dumps(draft("l" * 65, "hi", "k")), 422, "sender has 1 to 64 characters; ", "k"),
    "an empty key": (json.dumps(draft("li", "hi", "")), 422, "client_message_id has 1 to 64 characters; ", ""),
    "half a surrogate pair": (r'{"sender":"li","text":"\ud800"}', 400, "Expected JSON in UTF-8: ", None),
    "deep nesting": (
        '{"sender":"li","text":"hi","x":' + "[" * 30_000 + "]" * 30_000 + "}",
        400,
        "Expected JSON in UTF-8: ",
        None,
    ),
}


@pytest.mark.parametrize(("text", "status", "detail", "key"), BAD_CONTENT.values(), ids=BAD_CONTENT)
async def test_bad_content_is_answered_with_its_problem_and_the_connection_stays(
    text: str, status: int, detail: str, key: str | None, url: str
) -> None:
    async with joined(url) as socket:
        await socket.send(text)
        answer = await told(socket)
        assert set(answer) == {"control", "problem", "client_message_id"}
        assert (answer["control"], answer["client_message_id"]) == ("error", key)
        assert answer["problem"]["status"] == status
        assert answer["problem"]["detail"].startswith(detail)
        await socket.send(json.dumps(draft("li", "hi")))
        assert "control" not in await told(socket) or "control" not in await told(socket)


async def test_binary_closes_with_1003(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(json.dumps(draft("li", "hi")).encode())
        assert await close_of(socket) == 1003


@pytest.mark.parametrize("text", [b"\xff", b'{"sender":"li","text":"\xed\xa0\x80"}', b"\xc3"])
async def test_bad_utf_8_closes_with_1007(text: bytes, url: str) -> None:
    async with joined(url) as socket:
        await socket.send(text, text=True)
        assert await close_of(socket) == 1007


async def test_a_message_too_big_closes_with_1009(url: str) -> None:
    async with joined(url) as socket:
        await socket.send("x" * (BODY_BYTES + 1))
        assert await close_of(socket) == 1009


async def test_a_message_too_big_in_fragments_closes_with_1009(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(["x" * (BODY_BYTES // 2)] * 3)
        assert await close_of(socket) == 1009


async def test_the_longest_text_in_its_longest_spelling_is_taken(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(json.dumps(draft("li", "🎓" * 4_000), ensure_ascii=True))
        answers = [await told(socket), await told(socket)]
    assert [answer["text"] for answer in answers if "text" in answer] == ["🎓" * 4_000]


async def test_a_message_in_fragments_is_one_message(url: str) -> None:
    async with joined(url) as socket:
        await socket.send(['{"sender":"li",', '"text":', '"hi"}'])
        answers = [await told(socket), await told(socket)]
    assert [answer["text"] for answer in answers if "text" in answer] == ["hi"]


async def test_a_ping_is_answered_with_its_pong(url: str) -> None:
    async with joined(url) as socket, asyncio.timeout(5):
        await (await socket.ping(b"are you there"))


async def test_the_close_of_the_client_is_answered_and_the_reader_forgotten(
    url: str, http: httpx.AsyncClient, room: str, post: Publish
) -> None:
    await post("one")
    async with joined(url) as socket:
        await socket.close(1000)
        assert socket.close_code == 1000
    await until(lambda: _nobody(http, room), "no reader is left")


REFUSED = {
    "a room's name": ("/api/rooms/a%20b/ws", 400, "A room's name has 1 to 64 "),
    "a cursor": ("/api/rooms/lobby/ws?after=nonsense", 400, "A cursor is <epoch>-<number>, "),
    "an unknown path": ("/api/rooms/lobby/websocket", 404, "There is nothing at /api/rooms/lobby/websocket."),
    "the path of a poll": ("/api/rooms/lobby/sse", 404, "There is nothing at /api/rooms/lobby/sse."),
    "the root": ("/", 404, "There is nothing at /."),
    "a file": ("/static/nothing", 404, "There is nothing at /static/nothing."),
}


@pytest.mark.parametrize(("path", "status", "detail"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_handshake_is_answered_with_its_problem(
    path: str, status: int, detail: str, server: Server
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with opened(f"ws://127.0.0.1:{server.port}{path}"):
            pass
    response = refusal.value.response
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = json.loads(response.body)
    assert problem["status"] == status
    assert problem["detail"].startswith(detail)


async def test_get_without_an_upgrade_is_a_problem_too(http: httpx.AsyncClient, room: str) -> None:
    answer = await http.get(f"/api/rooms/{room}/ws")
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture(scope="module")
def pinging_server() -> Iterator[Server]:
    with Server("memory", "--ws-ping-interval-s", "0.2", "--ws-ping-timeout-s", "0.2", "--deflate") as server:
        yield server


async def test_a_client_that_does_not_answer_pings_is_let_go(pinging_server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", pinging_server.port)
    writer.write(
        b"GET /api/rooms/lobby/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    async with asyncio.timeout(10):
        text = await reader.read()
    writer.close()
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in text  # RFC 6455 section 1.3
    frames = text.partition(b"}")[2]
    assert frames[:2] == b"\x89\x04"  # a ping of four bytes


async def test_a_client_that_answers_pings_stays(pinging_server: Server) -> None:
    url = f"ws://127.0.0.1:{pinging_server.port}/api/rooms/lobby/ws?after=latest"
    async with joined(url) as socket, http_client(pinging_server.base) as http:
        five_pings_long = {"timeout": 1, "after": (await http.get("/api/rooms/lobby/short-poll")).json()["cursor"]}
        await http.get("/api/rooms/lobby/long-poll", params=five_pings_long)
        await http.post("/api/rooms/lobby/messages", json=draft("li", "hi"))
        assert (await told(socket))["text"] == "hi"


async def test_deflate_can_be_turned_on(pinging_server: Server) -> None:
    url = f"ws://127.0.0.1:{pinging_server.port}/api/rooms/lobby/ws"
    async with joined(url, compression="deflate") as socket:
        assert socket.response is not None
        assert socket.response.headers["Sec-WebSocket-Extensions"].startswith("permessage-deflate")


async def _nobody(http: httpx.AsyncClient, room: str) -> bool:
    rooms = {each["name"]: each["subscribers"] for each in (await http.get("/api/rooms")).json()["rooms"]}
    return bool(rooms[room]["websocket"] == 0)
