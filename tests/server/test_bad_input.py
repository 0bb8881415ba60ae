"""Bad input over HTTP gets a problem that says what was expected and what came, and leaves the server as it was."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.raw_http import ask
from tests.support.reading import draft
from tests.support.server import Server

BODY_BYTES = 65_536
JSON = {"Content-Type": "application/json"}


def body(**fields: object) -> bytes:
    """Return a right body with other `fields`."""
    return json.dumps(draft("li", "hi") | fields).encode()


BAD_BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "Expected JSON in UTF-8: Input data was truncated."),
    "broken JSON": (b'{"sender":"li","text":', 400, "Expected JSON in UTF-8: Input data was truncated."),
    "no JSON": (b"sender=li&text=hi", 400, "Expected JSON in UTF-8: JSON is malformed: "),
    "two values": (body() + body(), 400, "Expected JSON in UTF-8: JSON is malformed: trailing characters "),
    "NaN": (b'{"sender":"li","text":NaN}', 400, "Expected JSON in UTF-8: JSON is malformed: "),
    "a control character": (b'{"sender":"li","text":"\x01"}', 400, "Expected JSON in UTF-8: JSON is malformed: "),
    "bad UTF-8": (b'{"sender":"li","text":"\xff"}', 400, "Expected JSON in UTF-8: "),
    "overlong UTF-8": (b'{"sender":"li","text":"\xc0\xaf"}', 400, "Expected JSON in UTF-8: "),
    "UTF-16": (body().decode().encode("utf-16"), 400, "Expected JSON in UTF-8: "),
    "half a surrogate pair, escaped": (
        rb'{"sender":"li","text":"\ud800"}',
        400,
        "Expected JSON in UTF-8: a string holds ",
    ),
    "the other half": (rb'{"sender":"\udc00","text":"x"}', 400, "Expected JSON in UTF-8: a string holds half of a "),
    "two halves the wrong way round": (
        rb'{"sender":"l","text":"\udc00\ud800"}',
        400,
        "Expected JSON in UTF-8: a string ",
    ),
    "half a surrogate pair in bytes": (b'{"sender":"li","text":"\xed\xa0\x80"}', 400, "Expected JSON in UTF-8: "),
    "deep nesting": (
        b"[" * 60_000,
        422,
        "Expected an object with the strings sender and text: Expected `object`, got `array`.",
    ),
    "deep nesting inside": (b'{"sender":"li","x":' + b"[" * 60_000, 400, "Expected JSON in UTF-8: "),
    "an array": (b"[]", 422, "Expected an object with the strings sender and text: Expected `object`, got `array`."),
    "a string": (b'"hi"', 422, "Expected an object with the strings sender and text: Expected `object`, got `str`."),
    "null": (b"null", 422, "Expected an object with the strings sender and text: Expected `object`, got `null`."),
    "no sender": (b'{"text":"hi"}', 422, "Expected an object with the strings sender and text: Object missing "),
    "no text": (b'{"sender":"li"}', 422, "Expected an object with the strings sender and text: Object missing "),
    "a sender that is a number": (
        body(sender=5),
        422,
        "Expected an object with the strings sender and text: Expected ",
    ),
    "a text that is null": (body(text=None), 422, "Expected an object with the strings sender and text: Expected "),
    "a text that is an array": (
        body(text=["hi"]),
        422,
        "Expected an object with the strings sender and text: Expected ",
    ),
    "a key that is a number": (body(client_message_id=1), 422, "Expected an object with the strings sender and text: "),
    "an empty sender": (body(sender=""), 422, "sender has 1 to 64 characters; this one has 0."),
    "an empty text": (body(text=""), 422, "text has 1 to 4,000 characters; this one has 0."),
    "an empty key": (body(client_message_id=""), 422, "client_message_id has 1 to 64 characters; this one has 0."),
    "a sender too long": (body(sender="l" * 65), 422, "sender has 1 to 64 characters; this one has 65."),
    "a text too long": (body(text="é" * 4_001), 422, "text has 1 to 4,000 characters; this one has 4,001."),
    "a key too long": (
        body(client_message_id="k" * 65),
        422,
        "client_message_id has 1 to 64 characters; this one has 65.",
    ),
}


@pytest.mark.parametrize(("content", "status", "detail"), BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_bad_body_is_refused(
    content: bytes, status: int, detail: str, http: httpx.AsyncClient, room: str
) -> None:
    answer = await http.post(f"/api/rooms/{room}/messages", content=content, headers=JSON)
    problem = problem_of(answer, status)
    assert problem["detail"].startswith(detail)
    assert (await http.get(f"/api/rooms/{room}/short-poll")).json()["messages"] == []


async def test_the_longest_fields_are_accepted(http: httpx.AsyncClient, room: str) -> None:
    longest = draft("🎓" * 64, "🎓" * 4_000, "k" * 64)
    answer = await http.post(f"/api/rooms/{room}/messages", content=json.dumps(longest), headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["text"] == "🎓" * 4_000


async def test_unknown_fields_are_passed_over(http: httpx.AsyncClient, room: str) -> None:
    answer = await http.post(f"/api/rooms/{room}/messages", content=body(id="forged-7", sent_at=1), headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["id"].endswith("-1")
    assert answer.json()["id"] != "forged-7"
    assert answer.json()["sent_at"] > 1_600_000_000_000


@pytest.mark.parametrize("name", ["a b", "a" * 65, "a.b", "käse", "a%2Fb", "%00", "..%2f"])
async def test_a_bad_name_of_a_room_is_refused(name: str, http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/api/rooms/{name}/messages", json=draft("li", "hi"))
    assert answer.status_code in (400, 404)
    assert problem_of(answer, answer.status_code)["detail"].endswith(".")


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
)
async def test_another_content_type_is_415(content_type: str | None, http: httpx.AsyncClient, room: str) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = await http.post(f"/api/rooms/{room}/messages", content=body(), headers=headers)
    came = repr(content_type or "none")
    assert problem_of(answer, 415)["detail"] == f"Expected Content-Type: application/json; this came: {came}."


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;a=b"]
)
async def test_other_spellings_of_the_content_type_are_accepted(
    content_type: str, http: httpx.AsyncClient, room: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = await http.post(f"/api/rooms/{room}/messages", content=body(), headers=headers)
    assert answer.status_code == 201


async def _in_chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1_024):
        yield b" " * 1_024
    yield body()


async def test_a_body_too_big_is_413(http: httpx.AsyncClient, room: str) -> None:
    content = body() + b" " * BODY_BYTES
    answer = await http.post(f"/api/rooms/{room}/messages", content=content, headers=JSON)
    assert problem_of(answer, 413)["detail"] == "A body has 65,536 bytes at most; this one has more."


async def test_a_body_too_big_is_413_without_content_length_too(http: httpx.AsyncClient, room: str) -> None:
    answer = await http.post(f"/api/rooms/{room}/messages", content=_in_chunks(BODY_BYTES), headers=JSON)
    assert problem_of(answer, 413)["detail"] == "A body has 65,536 bytes at most; this one has more."


async def test_a_body_that_is_said_to_be_huge_is_refused_before_it_is_sent(server: Server) -> None:
    lines = ("Content-Type: application/json", "Content-Length: 99999999999")
    answer = await ask(server, "POST /api/rooms/lobby/messages HTTP/1.1", "Host: 127.0.0.1", *lines)
    assert answer.status == 413
    assert answer.problem["detail"] == "A body has 65,536 bytes at most; this one has more."


async def test_a_body_in_chunks_is_accepted(http: httpx.AsyncClient, room: str) -> None:
    answer = await http.post(f"/api/rooms/{room}/messages", content=_in_chunks(10_240), headers=JSON)
    assert answer.status_code == 201


METHODS = {
    "messages": ("POST", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
    "short-poll": ("GET, HEAD", ["POST", "PUT", "DELETE", "OPTIONS"]),
    "long-poll": ("GET, HEAD", ["POST", "PUT", "DELETE", "OPTIONS"]),
    "sse": ("GET, HEAD", ["POST", "PUT", "DELETE", "OPTIONS"]),
}


@pytest.mark.parametrize(
    ("path", "allowed", "method"),
    [(path, allowed, method) for path, (allowed, methods) in METHODS.items() for method in methods],
)
async def test_a_wrong_method_is_405_with_allow(
    path: str, allowed: str, method: str, http: httpx.AsyncClient, room: str
) -> None:
    answer = await http.request(method, f"/api/rooms/{room}/{path}")
    assert answer.status_code == 405
    assert sorted(answer.headers["allow"].split(", ")) == sorted(allowed.split(", "))
    if method != "HEAD":
        detail = problem_of(answer, 405)["detail"]
        assert detail == f"{method} is not a method of /api/rooms/{room}/{path}; it has {answer.headers['allow']}."


UNKNOWN = ["/nothing", "/api", "/api/", "/api/rooms/lobby", "/api/rooms/lobby/", "/api/rooms//messages"]


@pytest.mark.parametrize("path", [*UNKNOWN, "/api/rooms/lobby/sse/", "/static/nothing.js", "/static/../pyproject.toml"])
async def test_an_unknown_path_is_404(path: str, server: Server) -> None:
    answer = await ask(server, f"GET {path} HTTP/1.1", "Host: 127.0.0.1")
    assert answer.status == 404
    assert answer.problem["title"] == "Not Found"
    assert answer.problem["detail"] == f"There is nothing at {path}."


@pytest.mark.parametrize("path", ["/api/rooms/lobby/messages", "/socket.io/?EIO=4&transport=polling&sid=x"])
async def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error(
    path: str, server: Server, http: httpx.AsyncClient
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
    writer.write(head.encode() + b'{"sender":')
    await http.get("/healthz")  # by then it has the head
    writer.transport.abort()
    for _ in range(5):
        await http.get("/healthz")  # by then it has seen the client leave
    assert server.complaints() == ""


GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00" * 100,
    b"\r\n" * 50,
]


@pytest.mark.parametrize("text", GARBAGE)
async def test_what_is_no_http_at_all_leaves_the_server_serving(
    text: bytes, server: Server, http: httpx.AsyncClient
) -> None:
    await ask_garbage(server, text)
    assert (await http.get("/healthz")).json() == {"status": "ok"}


async def ask_garbage(server: Server, text: bytes) -> None:
    """Send `text`, say that this is all, and wait until the server has let go."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(text)
    writer.write_eof()
    async with asyncio.timeout(10):
        await reader.read()
    writer.close()


def problem_of(answer: httpx.Response, status: int) -> dict[str, str]:
    """Return the problem that `answer` is, held to RFC 9457."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = dict(answer.json())
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert set(problem) <= {"type", "title", "status", "detail", "retry_after"}
    return problem
