"""The contract, over every technique: what is read, from where, and that nothing is lost, doubled or out of order."""

import asyncio

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.clients import CLIENTS
from tests.support.reading import Client, Refused
from tests.support.server import Server

TEXTS = [
    "hi",
    "Grüße, 你好, שלום, 🎓",
    "a\u2028b\u2029c",
    '"quoted" \\ and / and </script>',
    "tab\tline\r\nend\x00\x7f",
    "é",
]


async def test_the_payload_is_to_the_byte_what_the_post_answered(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    async with client_class(server.base, room, "latest") as client:
        answers = [await post(text, "Zoë 李", f"key-{text[:9]}") for text in TEXTS]
        answers.append(await post("without a key"))
        assert [answer.status_code for answer in answers] == [201] * len(answers)
        received = await client.take(len(answers))
    assert [message.payload for message in received] == [answer.content for answer in answers]


async def test_without_after_the_last_50_come_first(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    for number in range(1, 54):
        await post(f"text {number}")
    async with client_class(server.base, room) as client:
        received = await client.take(50)
        await post("news")
        received += await client.take(1)
    assert [message.number for message in received] == list(range(4, 55))
    assert client.gaps == []


async def test_without_after_a_short_history_comes_whole(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    await post("one")
    await post("two")
    async with client_class(server.base, room) as client:
        received = await client.take(2)
    assert [message.text for message in received] == ["one", "two"]


async def test_after_latest_only_what_is_published_from_now_on_comes(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    await post("before")
    async with client_class(server.base, room, "latest") as client:
        await post("after")
        received = await client.take(1)
    assert [message.text for message in received] == ["after"]


async def test_a_room_nobody_has_published_to_can_be_read_from_now_on(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    async with client_class(server.base, room) as client:
        first = await post("first of all")
        received = await client.take(1)
    assert received[0].payload == first.content
    assert received[0].number == 1


async def test_reading_resumes_at_the_cursor_with_nothing_lost_and_nothing_twice(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    for number in range(1, 6):
        await post(f"text {number}")
    async with client_class(server.base, room, "latest") as client:
        await post("text 6")
        await client.take(1)
        cursor = client.cursor
    for number in range(7, 10):
        await post(f"text {number}")
    async with client_class(server.base, room, cursor) as again:
        await post("text 10")
        received = await again.take(4)
    assert [message.number for message in received] == [7, 8, 9, 10]
    assert again.gaps == []


async def test_the_cursor_with_number_0_is_before_everything(
    client_class: type[Client], server: Server, room: str, post: Publish
) -> None:
    for number in range(1, 61):
        await post(f"text {number}")
    epoch = (await post("text 61")).json()["id"].partition("-")[0]
    async with client_class(server.base, room, f"{epoch}-0") as client:
        received = await client.take(61)
    assert [message.number for message in received] == list(range(1, 62))
    assert client.gaps == []


async def test_messages_of_another_room_do_not_come(
    client_class: type[Client], server: Server, http: httpx.AsyncClient, room: str, post: Publish
) -> None:
    async with client_class(server.base, room, "latest") as client:
        await http.post(f"/api/rooms/{room}-other/messages", json={"sender": "li", "text": "elsewhere"})
        await post("here")
        received = await client.take(1)
    assert [message.text for message in received] == ["here"]


async def test_ones_own_messages_come_back(client_class: type[Client], server: Server, room: str) -> None:
    async with client_class(server.base, room, "latest") as client:
        message_id = await client.publish("li", "mine", "key-1")
        received = await client.take(1)
    assert received[0].id == message_id
    sent_at = received[0].fields.pop("sent_at")
    assert isinstance(sent_at, int)
    assert received[0].fields == {
        "id": message_id,
        "room": room,
        "sender": "li",
        "text": "mine",
        "client_message_id": "key-1",
    }


@pytest.mark.parametrize("publisher_class", [CLIENTS[name] for name in ("sse", "websocket", "socket-io-upgrading")])
async def test_what_is_published_by_one_technique_is_seen_on_every_other(
    publisher_class: type[Client], server: Server, room: str
) -> None:
    async with asyncio.TaskGroup() as group:
        readings = [group.create_task(_read_two(each, server, room)) for each in CLIENTS.values()]
        async with publisher_class(server.base, room, "latest") as publisher:
            await publisher.publish("li", "from one", "key-1")
            await publisher.publish("li", "to all")
            own = [message.payload for message in await publisher.take(2)]
    assert [await reading for reading in readings] == [own] * len(CLIENTS)


async def _read_two(client_class: type[Client], server: Server, room: str) -> list[bytes]:
    async with client_class(server.base, room) as client:
        return [message.payload for message in await client.take(2)]


MALFORMED = [
    "nonsense",
    "",
    "k3f9",
    "k3f9-",
    "-1",
    "k3f9--1",
    "K3F9-1",
    "k3f9-01",
    "k3f9-1 ",
    "a" * 17 + "-1",
    "k3f9-١",
]


@pytest.mark.parametrize("cursor", MALFORMED)
async def test_a_malformed_cursor_is_refused_with_400(
    client_class: type[Client], server: Server, room: str, cursor: str
) -> None:
    with pytest.raises(Refused) as refusal:
        async with client_class(server.base, room, cursor) as client:
            await client.take(1)
    assert refusal.value.status == 400
    assert refusal.value.detail.startswith("A cursor is <epoch>-<number>, such as k3f9-42; this came: ")


@pytest.mark.parametrize("name", ["with space", "a" * 65, "dot.", "käse", "a\x00"])
async def test_a_bad_name_of_a_room_is_refused_with_400(client_class: type[Client], server: Server, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        async with client_class(server.base, name) as client:
            await client.take(1)
    assert refusal.value.status == 400
    assert refusal.value.detail.startswith("A room's name has 1 to 64 of the characters A-Z a-z 0-9 _ -; this came: ")


async def test_the_longest_name_of_a_room_is_accepted(
    client_class: type[Client], server: Server, http: httpx.AsyncClient, room: str
) -> None:
    name = f"{room}_".ljust(64, "Z")
    await http.post(f"/api/rooms/{name}/messages", json={"sender": "li", "text": "hi"})
    async with client_class(server.base, name) as client:
        received = await client.take(1)
    assert received[0].fields["room"] == name


async def test_200_quick_messages_of_several_publishers_come_in_one_order_without_holes(
    client_class: type[Client], server: Server, room: str
) -> None:
    publishers = [CLIENTS[name](server.base, room, "latest") for name in ("sse", "websocket", "socket-io-websocket")]
    async with client_class(server.base, room, "latest") as client:
        async with asyncio.TaskGroup() as group:
            for publisher in publishers:
                group.create_task(_publish_many(publisher, 66))
        await client.publish("last", "198 are before this")
        received = await client.take(199)
    assert [message.number for message in received] == list(range(1, 200))
    for publisher in publishers:
        said = [message.text for message in received if message.fields["sender"] == publisher.technique]
        assert said == [f"text {number}" for number in range(66)]


async def _publish_many(publisher: Client, count: int) -> None:
    async with publisher:
        for number in range(count):
            await publisher.publish(publisher.technique, f"text {number}")
