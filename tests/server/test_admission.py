"""Origin and Host: whose pages may speak here, and under which names."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.raw_http import Answer, ask, parse
from tests.support.reading import draft, http_client
from tests.support.server import Server
from tests.support.until import until

FOREIGN = [
    "null",
    "https://evil.example",
    "http://127.0.0.1",  # another port
    "http://127.0.0.1:1",
    "http://localhost:{port}",  # another name than Host has
    "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}@evil.example",
    "http://evil127.0.0.1:{port}",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port} ",
    "ftp://127.0.0.1:{port}",
    "file://",
    "127.0.0.1:{port}",
    "http://127.0.0.1:{port},https://evil.example",
    "http://127.0.0.1:{port} https://evil.example",
    "*",
]
OWN = ["http://127.0.0.1:{port}", "HTTP://127.0.0.1:{port}", "https://127.0.0.1:{port}"]
MESSAGES = "/api/rooms/lobby/messages"
SOCKET_IO = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize("origin", FOREIGN)
async def test_another_origin_may_not_post(origin: str, server: Server, room: str) -> None:
    answer = await post(server, room, f"Origin: {origin.format(port=server.port)}")
    expect_refusal(answer, origin.format(port=server.port), server)


@pytest.mark.parametrize("origin", OWN)
async def test_a_page_of_this_server_may_post(origin: str, server: Server, room: str) -> None:
    assert (await post(server, room, f"Origin: {origin.format(port=server.port)}")).status == 201


async def test_who_sends_no_origin_is_no_browser_and_may_post(server: Server, room: str) -> None:
    assert (await post(server, room)).status == 201


async def test_two_origins_are_refused_though_one_is_right(server: Server, room: str) -> None:
    own = f"Origin: http://127.0.0.1:{server.port}"
    assert (await post(server, room, own, "Origin: https://evil.example")).status == 403
    assert (await post(server, room, "Origin: https://evil.example", own)).status == 403
    assert (await post(server, room, own, own)).status == 403


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:1"])
async def test_another_origin_opens_no_websocket(origin: str, server: Server, room: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await connect(f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws", origin=origin, proxy=None)
    response = refusal.value.response
    answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.raw_items()}, response.body)
    expect_refusal(answer, origin, server)


async def test_a_page_of_this_server_opens_a_websocket(server: Server, room: str) -> None:
    url = f"ws://127.0.0.1:{server.port}/api/rooms/{room}/ws"
    async with connect(url, origin=f"http://127.0.0.1:{server.port}", proxy=None) as socket:
        assert json.loads(await socket.recv())["control"] == "joined"


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_origin_opens_no_socket_io_session(origin: str, method: str, server: Server) -> None:
    host = f"Host: 127.0.0.1:{server.port}"
    answer = await ask(server, f"{method} {SOCKET_IO} HTTP/1.1", host, f"Origin: {origin}", "Content-Length: 0")
    expect_refusal(answer, origin, server)


async def test_another_origin_opens_no_socket_io_websocket(server: Server) -> None:
    url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(InvalidStatus) as refusal:
        await connect(url, origin="https://evil.example", proxy=None)
    assert refusal.value.response.status_code == 403


async def test_a_page_of_this_server_opens_a_socket_io_session(server: Server) -> None:
    host, origin = f"Host: 127.0.0.1:{server.port}", f"Origin: http://127.0.0.1:{server.port}"
    answer = await ask(server, f"GET {SOCKET_IO} HTTP/1.1", host, origin)
    assert answer.status == 200
    assert b'0{"sid":"' in answer.body
    assert "access-control-allow-origin" not in answer.headers


async def test_another_origins_scripts_may_not_read_answers(server: Server, room: str) -> None:
    host = f"Host: 127.0.0.1:{server.port}"
    answer = await ask(server, f"GET /api/rooms/{room}/short-poll HTTP/1.1", host, "Origin: https://evil.example")
    assert "access-control-allow-origin" not in answer.headers


OWN_HOSTS = [
    "127.0.0.1",
    "127.0.0.1:{port}",
    "localhost",
    "LOCALHOST:{port}",
    "[::1]:{port}",
    "127.8.8.8",
    "127.0.0.1:1",
]
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.1",
    "0",
]
BROKEN_HOSTS = [
    "",
    "a b",
    "evil.example/",
    "127.0.0.1:port",
    "127.0.0.1:123456",
    "user@127.0.0.1",
    "127.0.0.1,evil.example",
]
HEALTH = "GET /healthz HTTP/1.1"


@pytest.mark.parametrize("host", OWN_HOSTS)
async def test_under_its_own_names_it_answers(host: str, server: Server) -> None:
    assert (await ask(server, HEALTH, f"Host: {host.format(port=server.port)}")).status == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
async def test_under_another_name_it_is_not_here(host: str, server: Server) -> None:
    answer = await ask(server, HEALTH, f"Host: {host.format(port=server.port)}")
    name = host.partition(":")[0]
    assert answer.status == 403
    assert answer.problem["detail"] == f"'{name}' is not a name of this server (--allow-host adds one)."


@pytest.mark.parametrize("host", BROKEN_HOSTS)
async def test_a_broken_host_is_400(host: str, server: Server) -> None:
    answer = await ask(server, HEALTH, f"Host: {host}")
    assert answer.status == 400
    assert answer.problem["detail"] == f"Expected one Host header field; this came: {host!r}."


async def test_no_host_and_two_hosts_are_400(server: Server) -> None:
    none = await ask(server, HEALTH)
    two = await ask(server, HEALTH, "Host: 127.0.0.1", "Host: evil.example")
    same = await ask(server, HEALTH, "Host: 127.0.0.1", "Host: 127.0.0.1")
    assert [answer.status for answer in (none, two, same)] == [400, 400, 400]
    assert two.problem["detail"] == "Expected one Host header field; this came: '127.0.0.1, evil.example'."


@pytest.mark.parametrize("host", [[], ["Host: evil.example"], ["Host: 127.0.0.1", "Host: evil.example"]])
async def test_a_websocket_needs_its_host_too(host: list[str], server: Server) -> None:
    answer = await handshake(server, *host)
    assert answer.status == (403 if len(host) == 1 else 400)
    assert answer.problem["status"] == answer.status


@pytest.fixture(scope="module")
def open_server() -> Iterator[Server]:
    with Server(
        "memory",
        "--allow-origin",
        "https://class.example",
        "--allow-origin",
        "http://other.example:8080",
        "--allow-host",
        "push.example",
        "--trusted-proxy",
        "127.0.0.1",
        "--publish-rate",
        "2",
    ) as server:
        yield server


ALLOWED = ["https://class.example", "https://class.example:443", "http://other.example:8080"]


@pytest.mark.parametrize("origin", ALLOWED)
async def test_an_allowed_origin_may_read_every_answer(origin: str, open_server: Server, room: str) -> None:
    for path in (f"/api/rooms/{room}/short-poll", "/api/rooms/a%20b/short-poll", "/nothing", SOCKET_IO):
        answer = await ask(open_server, f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Origin: {origin}")
        assert answer.headers["access-control-allow-origin"] == origin
        assert "Origin" in answer.headers["vary"]
        assert answer.headers["access-control-expose-headers"] == "ETag, Retry-After"


async def test_an_allowed_origin_may_post_and_speak(open_server: Server, room: str) -> None:
    answer = await post(open_server, room, f"Origin: {ALLOWED[0]}", "X-Forwarded-For: 192.0.2.1")
    assert answer.status == 201
    assert answer.headers["access-control-allow-origin"] == ALLOWED[0]
    url = f"ws://127.0.0.1:{open_server.port}/api/rooms/{room}/ws"
    async with connect(url, origin=ALLOWED[0], proxy=None) as socket:
        assert json.loads(await socket.recv())["control"] == "joined"


@pytest.mark.parametrize("origin", ["http://class.example", "https://class.example.evil", "https://class.example:8443"])
async def test_an_origin_like_an_allowed_one_is_not_allowed(origin: str, open_server: Server, room: str) -> None:
    answer = await post(open_server, room, f"Origin: {origin}")
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", [MESSAGES, "/api/rooms/lobby/sse", SOCKET_IO])
async def test_a_preflight_of_an_allowed_origin_is_answered(path: str, open_server: Server) -> None:
    asked = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")
    host, origin = "Host: 127.0.0.1", "Origin: https://class.example"
    answer = await ask(open_server, f"OPTIONS {path} HTTP/1.1", host, origin, *asked)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://class.example"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["vary"] == "Origin"


async def test_a_preflight_of_another_origin_is_refused(open_server: Server, server: Server) -> None:
    asked = ("Host: 127.0.0.1", "Origin: https://evil.example", "Access-Control-Request-Method: POST")
    for each in (open_server, server):
        answer = await ask(each, f"OPTIONS {MESSAGES} HTTP/1.1", *asked)
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_an_allowed_host_is_a_name_of_this_server(open_server: Server) -> None:
    assert (await ask(open_server, HEALTH, "Host: push.example")).status == 200
    assert (await ask(open_server, HEALTH, "Host: PUSH.example:80")).status == 200
    assert (await ask(open_server, HEALTH, "Host: other.example")).status == 403


async def test_behind_a_trusted_proxy_the_forwarded_address_counts(open_server: Server, room: str) -> None:
    first = [await _post_from(open_server, room, "198.51.100.7") for _ in range(5)]
    other = await _post_from(open_server, room, "198.51.100.8")
    assert 429 in first
    assert other == 201


async def test_without_one_it_does_not_count(room: str) -> None:
    with Server("memory", "--publish-rate", "2") as server:
        answers = [await _post_from(server, room, f"198.51.100.{number}") for number in range(5)]
        assert 429 in answers
        async with http_client(server.base) as http:
            await until(lambda: _accepted(http, room), "the address may publish again")


async def _accepted(http: httpx.AsyncClient, room: str) -> bool:
    answer = await http.post(f"/api/rooms/{room}/messages", json=draft("zoe", "hi"))
    return answer.status_code == 201


async def _post_from(server: Server, room: str, address: str) -> int:
    return (await post(server, room, f"X-Forwarded-For: {address}")).status


async def post(server: Server, room: str, *fields: str) -> Answer:
    """Publish with these header fields."""
    body = json.dumps(draft("li", "hi")).encode()
    host, kind, length = (
        f"Host: 127.0.0.1:{server.port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return await ask(server, f"POST /api/rooms/{room}/messages HTTP/1.1", host, kind, length, *fields, body=body)


async def handshake(server: Server, *fields: str) -> Answer:
    """Ask for a WebSocket with these header fields."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    lines = (
        "GET /api/rooms/lobby/ws HTTP/1.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *fields,
    )
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    try:
        async with asyncio.timeout(10):
            return parse(await reader.read())
    finally:
        writer.transport.abort()


def expect_refusal(answer: Answer, origin: str, server: Server) -> None:
    """Hold a refusal to its words."""
    assert answer.status == 403
    shown = ascii(origin) if len(ascii(origin)) <= 40 else f"{ascii(origin)[:37]}..."
    assert answer.problem["detail"] == (
        f"Expected an Origin that equals Host (127.0.0.1:{server.port}) or is allowed; this came: {shown}."
    )
