"""Ctrl-C lets everybody go at once, and after a restart on the same log everybody goes on."""

import asyncio
import contextlib
from pathlib import Path

import httpx
import pytest

from tests.support.clients import CLIENTS
from tests.support.engine_io import PollingSession
from tests.support.event_stream import Sse, read_all
from tests.support.reading import Client, draft, http_client
from tests.support.server import Server
from tests.support.socket_io import SocketIoPolling, SocketIoUpgrading, SocketIoWebSocket
from tests.support.until import until
from tests.support.web_socket import WebSocket, publish_many

STOPS_WITHIN_S = 2
STREAMS = [Sse, WebSocket, SocketIoPolling, SocketIoWebSocket, SocketIoUpgrading]


async def test_ctrl_c_ends_within_two_seconds_with_50_streams_and_20_held_polls() -> None:
    async with contextlib.AsyncExitStack() as stack:
        server = stack.enter_context(Server())
        http = await stack.enter_async_context(http_client(server.base))
        await http.post("/api/rooms/lobby/messages", json=draft("li", "hi"))
        for number in range(50):
            await stack.enter_async_context(STREAMS[number % len(STREAMS)](server.base, "lobby", "latest"))
        polls = await _hold_polls(http, 20)
        await until(lambda: _readers_are(http, 70), "all are connected")
        took_s = await server.interrupted()
        answers = await asyncio.gather(*polls)
        assert took_s < STOPS_WITHIN_S
        assert server.process.returncode == 0
        assert server.complaints() == ""
        assert [(answer.status_code, answer.json()["messages"]) for answer in answers] == [(200, [])] * 20


async def test_sigterm_ends_it_as_well() -> None:
    with Server() as server:
        async with Sse(server.base, "lobby"):
            server.process.terminate()
            assert await asyncio.to_thread(server.process.wait, STOPS_WITHIN_S) == 0


async def test_a_held_poll_is_answered_with_the_cursor_it_came_with() -> None:
    with Server() as server:
        async with http_client(server.base) as http:
            cursor = (await http.post("/api/rooms/lobby/messages", json=draft("li", "hi"))).json()["id"]
            [held] = await _hold_polls(http, 1)
            await until(lambda: _readers_are(http, 1), "it is held")
            await server.interrupted()
            assert (await held).json() == {"cursor": cursor, "messages": []}


async def test_an_event_stream_ends_with_its_last_chunk() -> None:
    with Server() as server:
        async with Sse(server.base, "lobby", "latest") as client:
            await server.interrupted()
            assert await client.rest() == []  # a stream cut off in the middle of its chunks raises


async def test_a_websocket_is_closed_with_1012() -> None:
    with Server() as server:
        async with WebSocket(server.base, "lobby", "latest") as client:
            await server.interrupted()
            assert await client.rest() == []
            assert client.close_code == 1012


@pytest.mark.parametrize("client_class", [SocketIoPolling, SocketIoWebSocket, SocketIoUpgrading])
async def test_a_socket_io_client_hears_of_it(client_class: type[Client]) -> None:
    with Server() as server:
        async with client_class(server.base, "lobby", "latest") as client:
            assert await server.interrupted() < STOPS_WITHIN_S
            assert await client.rest() == []


async def test_a_held_engine_io_get_is_answered() -> None:
    with Server() as server:
        async with PollingSession(server.base) as session, http_client(server.base) as http:
            await session.connect()
            held = asyncio.create_task(session.get())
            for _ in range(3):
                await http.get("/healthz")
            assert await server.interrupted() < STOPS_WITHIN_S
            answer = await held
            assert (answer.status_code, answer.text) in [(200, "1"), (200, "")]


POST = "POST /api/rooms/r/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("said", ["", "GET /healthz HTT", POST, POST + "Content-Length: 99\r\n\r\n{"])
async def test_connections_that_say_nothing_or_half_of_it_do_not_delay_it(said: str) -> None:
    with Server() as server:
        connections = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(20)]
        for _, writer in connections:
            writer.write(said.encode())
        async with http_client(server.base) as http:
            await http.get("/healthz")
        assert await server.interrupted() < STOPS_WITHIN_S
        for _, writer in connections:
            writer.transport.abort()


async def test_a_client_that_reads_nothing_does_not_delay_it() -> None:
    with Server() as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1_000)
        writer.write(b"GET /api/rooms/lobby/sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        async with WebSocket(server.base, "lobby", "latest") as publisher:
            for _ in range(15):
                await asyncio.gather(*(publisher.publish("li", "x" * 4_000) for _ in range(100)))
        assert await server.interrupted() < STOPS_WITHIN_S
        writer.transport.abort()


async def test_after_a_restart_every_technique_goes_on_and_the_conversation_is_whole(tmp_path: Path) -> None:
    log = f"sqlite:{tmp_path / 'feed.sqlite'}"
    with Server(log) as server:
        ids = await publish_many(server.base, "lobby", 10)
        cursors = {name: await _read_to_the_end(each, server, 10) for name, each in CLIENTS.items()}
        ids += await publish_many(server.base, "lobby", 5)
    with Server(log) as server:
        ids += await publish_many(server.base, "lobby", 5)
        for name, client_class in CLIENTS.items():
            async with client_class(server.base, "lobby", cursors[name]) as client:
                received = await client.take(10)
            assert [message.id for message in received] == ids[10:]
            assert client.gaps == []
        async with Sse(server.base, "lobby", ids[0].replace("-1", "-0")) as client:
            whole = await client.take(20)
        assert [message.id for message in whole] == ids
        assert [message.number for message in whole] == list(range(1, 21))


async def test_after_a_restart_in_memory_every_technique_is_told_of_the_gap() -> None:
    with Server() as server:
        ids = await publish_many(server.base, "lobby", 3)
    with Server() as server:
        news = await publish_many(server.base, "lobby", 2)
        for client_class in CLIENTS.values():
            async with client_class(server.base, "lobby", ids[-1]) as client:
                received = await client.take(2)
            assert [message.id for message in received] == news
            assert client.gaps == [news[0].replace("-1", "-0")]
    assert news[0].partition("-")[0] != ids[0].partition("-")[0]


async def test_what_was_published_under_a_key_is_known_after_a_restart(tmp_path: Path) -> None:
    log, answers = f"sqlite:{tmp_path / 'feed.sqlite'}", []
    for _ in range(2):
        with Server(log) as server:
            async with http_client(server.base) as http:
                answers.append(await http.post("/api/rooms/lobby/messages", json=draft("li", "hi", "key")))
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].content == answers[1].content


async def test_publishing_while_it_stops_is_accepted_for_good_or_refused(tmp_path: Path) -> None:
    log = f"sqlite:{tmp_path / 'feed.sqlite'}"
    with Server(log) as server:
        async with asyncio.TaskGroup() as group:
            publishing = [group.create_task(_publish_until_refused(server.base, f"s{n}")) for n in range(5)]
            await until(lambda: _has_messages(server.base), "they publish")
            await server.interrupted()
    accepted = {message_id for task in publishing for message_id in task.result()}
    with Server(log) as server:
        found = [message.id for message in await read_all(server.base, "lobby")]
    assert accepted <= set(found)
    assert len({message_id.partition("-")[0] for message_id in found}) == 1


async def _publish_until_refused(base: str, sender: str) -> list[str]:
    ids: list[str] = []
    async with http_client(base) as http:
        with contextlib.suppress(httpx.TransportError):
            while True:
                answer = await http.post("/api/rooms/lobby/messages", json=draft(sender, f"text {len(ids)}"))
                if answer.status_code != 201:
                    assert answer.status_code == 503
                    assert answer.headers["retry-after"] == "1"
                    break
                ids.append(answer.json()["id"])
    return ids


async def _has_messages(base: str) -> bool:
    async with http_client(base) as http:
        return bool((await http.get("/api/rooms/lobby/short-poll")).json()["messages"])


async def _hold_polls(http: httpx.AsyncClient, count: int) -> list[asyncio.Task[httpx.Response]]:
    cursor = (await http.get("/api/rooms/lobby/short-poll")).json()["cursor"]
    query = {"after": cursor, "timeout": 55}
    return [asyncio.create_task(http.get("/api/rooms/lobby/long-poll", params=query)) for _ in range(count)]


async def _readers_are(http: httpx.AsyncClient, count: int) -> bool:
    [lobby] = (await http.get("/api/rooms")).json()["rooms"]
    return bool(sum(lobby["subscribers"].values()) == count)


async def _read_to_the_end(client_class: type[Client], server: Server, count: int) -> str:
    async with client_class(server.base, "lobby") as client:
        await client.take(count)
    return str(client.cursor)
