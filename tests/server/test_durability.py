"""What was answered 201 is there after kill -9, and a log that was put back has another epoch."""

import asyncio
import contextlib
import shutil
import sqlite3
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.event_stream import Sse, read_all
from tests.support.reading import draft, http_client
from tests.support.server import Server
from tests.support.until import until
from tests.support.web_socket import WebSocket, publish_many

ROOMS = ("lobby", "other")
PUBLISHERS = 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.sqlite"


async def test_after_kill_9_during_publishing_every_201_is_there_without_holes_in_the_same_epoch(path: Path) -> None:
    accepted: dict[str, bytes] = {}
    for life in range(3):
        with Server(f"sqlite:{path}") as server:
            async with asyncio.TaskGroup() as group:
                for publisher in range(PUBLISHERS):
                    group.create_task(_publish_until_killed(server.base, f"{life}-{publisher}", accepted))
                enough = len(accepted) + 150
                await until(lambda enough=enough: len(accepted) > enough, "they publish")
                server.kill()
    with Server(f"sqlite:{path}") as server:
        for room in ROOMS:
            kept = await read_all(server.base, room)
            numbers = [message.number for message in kept]
            assert numbers == list(range(1, len(kept) + 1))
            assert len({message.id.partition("-")[0] for message in kept}) == 1
            assert len({(message.fields["sender"], message.text) for message in kept}) == len(kept)
            found = {message.id: message.payload for message in kept}
            promised = {id_: payload for id_, payload in accepted.items() if b'"room":"%s"' % room.encode() in payload}
            assert promised.items() <= found.items()


@pytest.mark.long
async def test_acks_over_a_websocket_hold_after_kill_9(path: Path) -> None:
    acked: list[str] = []
    with Server(f"sqlite:{path}") as server:
        async with contextlib.AsyncExitStack() as stack:
            client = await stack.enter_async_context(WebSocket(server.base, "lobby", "latest"))
            publishing = asyncio.create_task(_say_until_cut_off(client, acked))
            await until(lambda: len(acked) > 50, "it publishes")
            server.kill()
            await publishing
    with Server(f"sqlite:{path}") as server:
        assert set(acked) <= {message.id for message in await read_all(server.base, "lobby")}


async def test_a_publish_repeated_after_kill_9_is_said_once(path: Path) -> None:
    sent: dict[str, str] = {}
    with Server(f"sqlite:{path}") as server:
        async with http_client(server.base) as http, asyncio.TaskGroup() as group:
            publishing = [group.create_task(_try_with_key(http, f"k{n}", sent)) for n in range(60)]
            await until(lambda: any(task.done() for task in publishing), "the first is answered")
            server.kill()
    with Server(f"sqlite:{path}") as server:
        async with http_client(server.base) as http:
            for number in range(60):
                answer = await http.post("/api/rooms/lobby/messages", json=draft("li", "hi", f"k{number}"))
                assert answer.status_code in (200, 201)
                assert sent.get(f"k{number}", answer.json()["id"]) == answer.json()["id"]
        kept = await read_all(server.base, "lobby")
    assert sorted(message.fields["client_message_id"] for message in kept) == sorted(f"k{n}" for n in range(60))


@pytest.mark.long
async def test_killed_again_and_again_right_after_its_start_it_still_starts(path: Path) -> None:
    epochs = set()
    for life in range(1, 6):
        with Server(f"sqlite:{path}") as server:
            [message_id] = await publish_many(server.base, "lobby", 1)
            server.kill()
        epochs.add(message_id.partition("-")[0])
        assert message_id.endswith(f"-{life}")
    assert len(epochs) == 1


async def test_a_log_that_was_put_back_from_a_copy_has_another_epoch(path: Path) -> None:
    with Server(f"sqlite:{path}") as server:
        before = await publish_many(server.base, "lobby", 3)
    shutil.copy(path, path.with_suffix(".backup"))
    with Server(f"sqlite:{path}") as server:
        lost = await publish_many(server.base, "lobby", 2)
    shutil.copy(path.with_suffix(".backup"), path)
    with Server(f"sqlite:{path}") as server:
        async with Sse(server.base, "lobby", lost[-1]) as client:
            kept = await client.take(3)
        [news] = await publish_many(server.base, "lobby", 1)
    epoch = news.partition("-")[0]
    assert epoch != before[0].partition("-")[0] == lost[0].partition("-")[0]
    assert news == f"{epoch}-4"
    assert [message.id for message in kept] == [f"{epoch}-1", f"{epoch}-2", f"{epoch}-3"]
    assert client.gaps == [f"{epoch}-0"]


@pytest.mark.long
async def test_a_log_put_back_with_everything_beside_it_has_another_epoch(path: Path) -> None:
    with Server(f"sqlite:{path}") as server:
        [before] = await publish_many(server.base, "lobby", 1)
    shutil.copytree(path.parent, path.parent.with_name("backup"))
    with Server(f"sqlite:{path}") as server:
        await publish_many(server.base, "lobby", 1)
    shutil.rmtree(path.parent)
    shutil.copytree(path.parent.with_name("backup"), path.parent)
    with Server(f"sqlite:{path}") as server:
        [news] = await publish_many(server.base, "lobby", 1)
    assert news.endswith("-2")
    assert news.partition("-")[0] != before.partition("-")[0]


async def test_started_again_without_a_change_the_epoch_stays(path: Path) -> None:
    ids = []
    for _ in range(3):
        with Server(f"sqlite:{path}") as server:
            ids += await publish_many(server.base, "lobby", 1)
    epoch = ids[0].partition("-")[0]
    assert ids == [f"{epoch}-1", f"{epoch}-2", f"{epoch}-3"]


@pytest.mark.long
async def test_numbers_go_on_when_everything_before_them_was_trimmed(path: Path) -> None:
    for first in (1, 6):
        with Server(f"sqlite:{path}", "--messages-kept", "2") as server:
            ids = await publish_many(server.base, "lobby", 5)
        assert ids[0].endswith(f"-{first}")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)


async def _publish_until_killed(base: str, sender: str, accepted: dict[str, bytes]) -> None:
    async with http_client(base) as http:
        with contextlib.suppress(httpx.TransportError):
            for number in range(100_000):
                room = ROOMS[number % 2]
                answer = await http.post(f"/api/rooms/{room}/messages", json=draft(sender, f"{number}"))
                assert answer.status_code == 201
                accepted[answer.json()["id"]] = answer.content


async def _say_until_cut_off(client: WebSocket, acked: list[str]) -> None:
    with contextlib.suppress(ConnectionError, ConnectionClosed):
        while True:
            acked.append(await client.publish("li", f"text {len(acked)}"))


async def _try_with_key(http: httpx.AsyncClient, key: str, sent: dict[str, str]) -> None:
    with contextlib.suppress(httpx.TransportError):
        answer = await http.post("/api/rooms/lobby/messages", json=draft("li", "hi", key))
        sent[key] = answer.json()["id"]
