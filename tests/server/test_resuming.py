"""Long absences, and going on by another technique."""

import asyncio
import random

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.clients import CLIENTS
from tests.support.reading import Client
from tests.support.server import Server
from tests.support.web_socket import publish_many

POLLED_AT_MOST = 500


@pytest.mark.parametrize("technique", ["short-poll", "long-poll"])
async def test_a_poll_carries_500_messages_and_says_more(
    technique: str, server: Server, http: httpx.AsyncClient, room: str
) -> None:
    ids = await publish_many(server.base, room, 2 * POLLED_AT_MOST + 3)
    url, cursor = f"/api/rooms/{room}/{technique}", ids[0].replace("-1", "-0")
    answers = []
    for _ in range(3):
        answers.append((await http.get(url, params={"after": cursor, "timeout": 1})).json())
        cursor = answers[-1]["cursor"]
    assert [len(answer["messages"]) for answer in answers] == [POLLED_AT_MOST, POLLED_AT_MOST, 3]
    assert [answer.get("more") for answer in answers] == [True, True, None]
    assert [answer["cursor"] for answer in answers] == [ids[499], ids[999], ids[1002]]
    assert [message["id"] for answer in answers for message in answer["messages"]] == ids


@pytest.mark.parametrize("technique", ["short-poll", "long-poll"])
async def test_exactly_500_messages_are_not_more(
    technique: str, server: Server, http: httpx.AsyncClient, room: str
) -> None:
    ids = await publish_many(server.base, room, POLLED_AT_MOST)
    answer = await http.get(f"/api/rooms/{room}/{technique}", params={"after": ids[0].replace("-1", "-0")})
    assert set(answer.json()) == {"cursor", "messages"}
    assert len(answer.json()["messages"]) == POLLED_AT_MOST


async def test_who_comes_back_after_1200_messages_gets_them_all(
    client_class: type[Client], server: Server, room: str
) -> None:
    ids = await publish_many(server.base, room, 1_200)
    async with client_class(server.base, room, ids[0]) as client:
        received = await client.take(1_199)
    assert [message.id for message in received] == ids[1:]
    assert client.gaps == []


@pytest.mark.parametrize("seed", range(5))
async def test_going_on_by_another_technique_loses_nothing_and_repeats_nothing(
    seed: int, server: Server, room: str, post: Publish
) -> None:
    choice, count = random.Random(seed), 150
    await post("before everything")
    received, used, cursor = [], set(), "latest"
    publishing: asyncio.Task[list[httpx.Response]] | None = None
    while len(received) < count:
        client_class = choice.choice(list(CLIENTS.values()))
        async with client_class(server.base, room, cursor) as client:
            publishing = publishing or asyncio.create_task(_publish(post, count))
            received += await client.take(min(choice.randrange(12), count - len(received)))
            assert client.gaps == []
        cursor = str(client.cursor)
        used.add(client_class)
    assert publishing is not None
    assert [message.payload for message in received] == [answer.content for answer in await publishing]
    assert len(used) == len(CLIENTS)


async def _publish(post: Publish, count: int) -> list[httpx.Response]:
    return [await post(f"text {number}") for number in range(count)]
