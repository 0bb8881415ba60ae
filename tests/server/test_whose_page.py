"""Cross-site WebSocket hijacking of the demonstration account: one of its doors lets it in, the other must not."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pushdemo.whose_page import BOOKINGS, CHECKED, COOKIE, PATH, UNCHECKED
from tests.support.reading import http_client
from tests.support.server import Server

DOORS = [CHECKED, UNCHECKED]


@pytest.fixture
async def http(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client that is not signed in yet."""
    async with http_client(server.base) as client:
        yield client


async def sign_in(http: httpx.AsyncClient, name: str = "li") -> tuple[dict[str, Any], str]:
    """Sign in, and return the account and the cookie as a browser sends it."""
    answer = await http.post(f"{PATH}/sign-in", json={"name": name})
    assert answer.status_code == 201
    return answer.json(), f"{COOKIE}={answer.cookies[COOKIE]}"


def opened(server: Server, door: str, cookie: str | None, origin: str | None) -> connect:
    """Open the account's WebSocket as a page of `origin` does."""
    headers = {} if cookie is None else {"Cookie": cookie}
    return connect(f"ws://127.0.0.1:{server.port}{door}", origin=origin, additional_headers=headers)  # type: ignore[arg-type]


async def said(socket: ClientConnection) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(await socket.recv())
    return answer


async def test_the_cookie_is_as_strict_as_cookies_can_be(http: httpx.AsyncClient) -> None:
    header = (await http.post(f"{PATH}/sign-in", json={"name": "li"})).headers["set-cookie"].lower()
    assert "httponly" in header
    assert "samesite=strict" in header
    assert f"path={PATH}" in header


@pytest.mark.parametrize("door", DOORS)
async def test_its_own_page_gets_in(door: str, server: Server, http: httpx.AsyncClient) -> None:
    account, cookie = await sign_in(http)
    async with opened(server, door, cookie, server.base) as socket:
        told = await said(socket)
    assert told == {**account, "signed_in": True, "origin": server.base, "checked": door == CHECKED}


async def test_where_the_origin_is_checked_another_page_stays_outside(server: Server, http: httpx.AsyncClient) -> None:
    _, cookie = await sign_in(http)
    with pytest.raises(InvalidStatus) as refused:
        async with opened(server, CHECKED, cookie, f"http://127.0.0.1:{server.port + 1}"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "https://evil.example", "null"])
async def test_where_it_is_not_another_page_speaks_for_its_visitor(
    origin: str, server: Server, http: httpx.AsyncClient
) -> None:
    account, cookie = await sign_in(http)
    async with (
        opened(server, UNCHECKED, cookie, server.base) as own,
        opened(server, UNCHECKED, cookie, origin) as other,
    ):
        await said(own)
        assert (await said(other))["pin"] == account["pin"]
        await other.send(json.dumps({"book": "room 12"}))
        assert (await said(own))["bookings"] == [{"what": "room 12", "origin": origin}]


@pytest.mark.parametrize("cookie", [None, f"{COOKIE}=guessed"])
async def test_without_the_cookie_there_is_nothing_to_see(cookie: str | None, server: Server) -> None:
    async with opened(server, UNCHECKED, cookie, server.base) as socket:
        assert await said(socket) == {"signed_in": False}
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    assert socket.close_code == 1008


@pytest.mark.parametrize("text", ["", "{", '{"book": ""}', '{"pay": 1}', '{"book": "' + "x" * 41 + '"}', "x" * 1_001])
async def test_what_is_no_booking_books_nothing(text: str, server: Server, http: httpx.AsyncClient) -> None:
    _, cookie = await sign_in(http)
    async with opened(server, CHECKED, cookie, server.base) as socket:
        await said(socket)
        await socket.send(text)
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    assert socket.close_code == 1008
    async with opened(server, CHECKED, cookie, server.base) as socket:
        assert (await said(socket))["bookings"] == []


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ("[]", 422), ('{"name": ""}', 422), ('{"name": "li", "admin": true}', 422)]
)
async def test_a_sign_in_needs_a_name_and_nothing_else(body: str, status: int, http: httpx.AsyncClient) -> None:
    answer = await http.post(f"{PATH}/sign-in", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_only_the_account_has_a_door_without_a_check(server: Server, http: httpx.AsyncClient) -> None:
    _, cookie = await sign_in(http)
    for path in ("/api/rooms/lobby/ws", "/api/handshake/ws", f"{UNCHECKED}/", CHECKED):
        with pytest.raises(InvalidStatus) as refused:
            async with opened(server, path, cookie, "https://evil.example"):
                pass
        assert refused.value.response.status_code == 403


async def test_by_plain_http_the_own_page_looks_and_books(server: Server, http: httpx.AsyncClient) -> None:
    await sign_in(http)
    own = {"Origin": server.base}
    booked = await http.post(BOOKINGS, json={"book": "room 1"}, headers=own)
    assert (booked.status_code, booked.json()["bookings"]) == (201, [{"what": "room 1", "origin": server.base}])
    looked = await http.get(BOOKINGS, headers=own)
    assert (looked.status_code, looked.json()) == (200, {**booked.json(), "asked": [server.base]})


async def test_another_page_gets_an_answer_that_the_browser_keeps_and_may_not_book(
    server: Server, http: httpx.AsyncClient
) -> None:
    await sign_in(http)
    origin = f"http://127.0.0.1:{server.port + 1}"
    looked = await http.get(BOOKINGS, headers={"Origin": origin})
    assert (looked.status_code, looked.json()["asked"]) == (200, [origin])
    assert "access-control-allow-origin" not in looked.headers
    refused = await http.post(
        BOOKINGS, content='{"book": "x"}', headers={"Origin": origin, "Content-Type": "text/plain"}
    )
    assert refused.status_code == 403
    assert (await http.get(BOOKINGS)).json()["bookings"] == []


async def test_by_plain_http_too_nothing_is_told_without_the_cookie(http: httpx.AsyncClient) -> None:
    assert (await http.get(BOOKINGS)).status_code == 403
    assert (await http.post(BOOKINGS, json={"book": "x"})).status_code == 403


@pytest.mark.parametrize(("body", "status"), [("{", 400), ('{"book": ""}', 422)])
async def test_by_plain_http_too_what_is_no_booking_books_nothing(
    body: str, status: int, http: httpx.AsyncClient
) -> None:
    await sign_in(http)
    answer = await http.post(BOOKINGS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert (await http.get(BOOKINGS)).json()["bookings"] == []
