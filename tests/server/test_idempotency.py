"""Publishing again under the same key says nothing twice."""

import asyncio

import httpx
import pytest

from tests.support.clients import CLIENTS
from tests.support.fixtures import FEW
from tests.support.reading import Client, Refused, draft, http_client
from tests.support.server import Server
from tests.support.web_socket import publish_many

PUBLISHERS = {name: CLIENTS[name] for name in ("sse", "websocket", "socket-io-polling", "socket-io-websocket")}


@pytest.fixture(params=PUBLISHERS)
def publisher_class(request: pytest.FixtureRequest) -> type[Client]:
    """Each way to publish: POST, WebSocket, Socket.IO."""
    return PUBLISHERS[request.param]


async def test_post_answers_201_and_the_second_time_200_with_the_same_bytes(http: httpx.AsyncClient, room: str) -> None:
    first = await http.post(f"/api/rooms/{room}/messages", json=draft("li", "hi", "key"))
    again = await http.post(f"/api/rooms/{room}/messages", json=draft("li", "hi", "key"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content


async def test_the_same_key_gets_the_first_id_again(publisher_class: type[Client], server: Server, room: str) -> None:
    async with publisher_class(server.base, room, "latest") as client:
        ids = [await client.publish("li", "hi", "key") for _ in range(3)]
        last = await client.publish("li", "end")
        received = await client.take(2)
    assert ids == [ids[0]] * 3
    assert [message.id for message in received] == [ids[0], last]


async def test_another_text_under_the_same_key_is_409(publisher_class: type[Client], server: Server, room: str) -> None:
    async with publisher_class(server.base, room, "latest") as client:
        first = await client.publish("li", "hi", "key")
        with pytest.raises(Refused) as refusal:
            await client.publish("li", "ho", "key")
        assert await client.publish("li", "hi", "key") == first
    assert refusal.value.problem == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": f"client_message_id 'key' of this sender already stands for another text, that of message {first}.",
    }


async def test_the_key_is_the_senders_own(publisher_class: type[Client], server: Server, room: str) -> None:
    async with publisher_class(server.base, room, "latest") as client:
        ids = [await client.publish(sender, sender, "key") for sender in ("li", "zoe")]
        received = await client.take(2)
    assert [message.id for message in received] == ids
    assert len(set(ids)) == 2


async def test_the_key_is_the_rooms_own(server: Server, http: httpx.AsyncClient, room: str) -> None:
    answers = [await http.post(f"/api/rooms/{name}/messages", json=draft("li", name, "key")) for name in (room, "r")]
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_many_at_once_under_one_key_give_one_message(few_kept_server: Server, room: str) -> None:
    async with http_client(few_kept_server.base) as http, asyncio.TaskGroup() as group:
        url = f"/api/rooms/{room}/messages"
        tasks = [group.create_task(http.post(url, json=draft("li", "hi", "key"))) for _ in range(20)]
    answers = [task.result() for task in tasks]
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["id"].endswith("-1")


async def test_many_at_once_with_two_texts_under_one_key_give_one_message(few_kept_server: Server, room: str) -> None:
    async with http_client(few_kept_server.base) as http, asyncio.TaskGroup() as group:
        url = f"/api/rooms/{room}/messages"
        tasks = [group.create_task(http.post(url, json=draft("li", f"{n % 2}", "key"))) for n in range(20)]
    assert sorted(task.result().status_code for task in tasks) == [200] * 9 + [201] + [409] * 10


async def test_two_at_once_on_two_connections_give_one_message(
    publisher_class: type[Client], server: Server, room: str
) -> None:
    one, other = publisher_class(server.base, room, "latest"), publisher_class(server.base, room, "latest")
    async with one, other:
        ids = await asyncio.gather(one.publish("li", "hi", "key"), other.publish("li", "hi", "key"))
        last = await one.publish("li", "end")
        received = await other.take(2)
    assert ids[0] == ids[1]
    assert [message.id for message in received] == [ids[0], last]


async def test_a_key_is_forgotten_with_its_message(few_kept_server: Server, room: str) -> None:
    async with http_client(few_kept_server.base) as http:
        url = f"/api/rooms/{room}/messages"
        await http.post(url, json=draft("li", "hi", "key"))
        await publish_many(few_kept_server.base, room, FEW - 1)
        kept = await http.post(url, json=draft("li", "hi", "key"))
        await publish_many(few_kept_server.base, room, 1)
        forgotten = await http.post(url, json=draft("li", "ho", "key"))
    assert (kept.status_code, kept.json()["id"].partition("-")[2]) == (200, "1")
    assert (forgotten.status_code, forgotten.json()["id"].partition("-")[2]) == (201, f"{FEW + 2}")
