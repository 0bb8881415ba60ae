"""How much is too much: publishes, connections and rooms."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.clients import CLIENTS
from tests.support.event_stream import Sse
from tests.support.polling import LongPoll, ShortPoll
from tests.support.reading import Client, Refused, draft, http_client
from tests.support.server import Server
from tests.support.socket_io import SocketIoWebSocket
from tests.support.until import until
from tests.support.web_socket import WebSocket

SENDER = "One sender may publish 10 messages a second, and 30 at once after a silence."


@pytest.fixture(scope="module")
def strict_server() -> Iterator[Server]:
    """A server with the limits that are usual."""
    with Server("memory", "--publish-rate", "200") as server:
        yield server


@pytest.fixture
async def strict_http(strict_server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(strict_server.base) as http:
        yield http


async def test_a_sender_who_floods_is_told_to_come_back_later(strict_http: httpx.AsyncClient, room: str) -> None:
    url = f"/api/rooms/{room}/messages"
    answers = await asyncio.gather(*(strict_http.post(url, json=draft("li", f"{n}")) for n in range(60)))
    accepted = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(accepted) >= 30
    assert refused, "60 at once are more than 30 and what 10 a second give"
    for answer in refused:
        assert answer.status_code == 429
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "1"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "detail": SENDER,
            "retry_after": 1,
        }
    another = await strict_http.post(url, json=draft("zoe", "hi"))
    assert another.status_code == 201


@pytest.mark.parametrize("publisher_class", [WebSocket, SocketIoWebSocket])
async def test_a_sender_who_floods_a_connection_is_told_on_it(
    publisher_class: type[Client], strict_server: Server, room: str
) -> None:
    async with publisher_class(strict_server.base, room, "latest") as client:
        publishing = (client.publish("li", f"text {number}") for number in range(60))
        outcomes = await asyncio.gather(*publishing, return_exceptions=True)
        refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        accepted = [outcome for outcome in outcomes if isinstance(outcome, str)]
        assert len(refusals) + len(accepted) == 60
        assert len(accepted) >= 30
        assert [message.id for message in await client.take(len(accepted))] == sorted(accepted, key=_number)
    assert {(refusal.status, refusal.detail) for refusal in refusals} == {(429, SENDER)}
    assert refusals[0].problem["retry_after"] == 1


async def test_an_address_that_floods_is_told_to_come_back_later(room: str) -> None:
    with Server("memory", "--publish-rate", "5") as server:
        async with http_client(server.base) as http:
            url = f"/api/rooms/{room}/messages"
            answers = await asyncio.gather(*(http.post(url, json=draft(f"s{n}", "hi")) for n in range(30)))
            refused = next(answer for answer in answers if answer.status_code == 429)
            assert sum(answer.status_code == 201 for answer in answers) >= 5
            assert refused.headers["retry-after"] == "1"
            assert refused.json()["detail"] == "This address may publish 5 messages a second."
            assert (await http.get(f"/api/rooms/{room}/short-poll")).status_code == 200
            await until(lambda: _is_accepted(http, url), "the address may publish again")


async def test_what_is_refused_before_it_is_a_message_takes_nothing_from_the_sender(
    strict_http: httpx.AsyncClient, room: str
) -> None:
    url = f"/api/rooms/{room}/messages"
    for _ in range(40):
        assert (await strict_http.post(url, json=draft("li", ""))).status_code == 422
    assert (await strict_http.post(url, json=draft("li", "hi"))).status_code == 201


@pytest.fixture(scope="module")
def small_server() -> Iterator[Server]:
    """A server with room for two readers and three rooms."""
    with Server("memory", "--max-connections", "2", "--max-rooms", "3") as server:
        yield server


async def test_a_reader_too_many_is_sent_away_until_another_leaves(small_server: Server) -> None:
    full = r"This server holds 2 connections, and has them\."
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Sse(small_server.base, "lobby"))
        await stack.enter_async_context(WebSocket(small_server.base, "lobby"))
        for client_class in (Sse, LongPoll, SocketIoWebSocket):
            with pytest.raises(Refused) as refusal:
                await _read(client_class(small_server.base, "lobby", "latest"))
            assert refusal.value.status == 503
            assert re.fullmatch(full, refusal.value.detail)
        async with connect(f"ws://127.0.0.1:{small_server.port}/api/rooms/lobby/ws", proxy=None) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        async with ShortPoll(small_server.base, "lobby") as poller:  # is not connected
            await poller.publish("li", "there is room for one who only asks")
            assert len(await poller.take(1)) == 1
        assert len(await first.take(1)) == 1
    async with http_client(small_server.base) as http:
        await until(lambda: _status_is(http, "/api/rooms/lobby/long-poll?after=latest", 200), "there is room again")


async def test_a_room_too_many_is_refused_and_the_others_go_on(small_server: Server) -> None:
    async with http_client(small_server.base) as http:
        for name in ("lobby", "second", "third"):
            assert (await http.post(f"/api/rooms/{name}/messages", json=draft("li", "hi"))).status_code == 201
        refused = await http.post("/api/rooms/fourth/messages", json=draft("li", "hi"))
        assert refused.status_code == 503
        assert refused.json()["detail"] == (
            "This server keeps 3 rooms at most, and there are so many; publish to one of them."
        )
        assert (await http.post("/api/rooms/third/messages", json=draft("li", "hi"))).status_code == 201
        assert (await http.get("/api/rooms/fourth/short-poll")).json()["messages"] == []
        names = [each["name"] for each in (await http.get("/api/rooms")).json()["rooms"]]
    assert names == ["lobby", "second", "third"]


async def test_reading_makes_no_room(server: Server, http: httpx.AsyncClient, room: str) -> None:
    for client_class in CLIENTS.values():
        async with client_class(server.base, room, "latest"):
            pass
    names = [each["name"] for each in (await http.get("/api/rooms")).json()["rooms"]]
    assert room not in names


def _number(message_id: str) -> int:
    return int(message_id.rpartition("-")[2])


async def _read(client: Client) -> None:
    async with client:
        await client.take(1)


async def _is_accepted(http: httpx.AsyncClient, url: str) -> bool:
    return (await http.post(url, json=draft("zoe", "hi"))).status_code == 201


async def _status_is(http: httpx.AsyncClient, url: str, status: int) -> bool:
    return (await http.get(url)).status_code == status
