"""Socket.IO: joining, publishing, and what comes in which packet."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.engine_io import SESSIONS, Session
from tests.support.reading import draft
from tests.support.server import Server
from tests.support.until import until

ROOMS_PER_CONNECTION = 16


@pytest.fixture(params=SESSIONS.values(), ids=SESSIONS)
async def session(request: pytest.FixtureRequest, server: Server) -> AsyncIterator[Session]:
    """A connected session over polling, and one over WebSocket."""
    async with request.param(server.base) as session:
        await session.connect()
        yield session


async def test_the_history_follows_the_ack_of_join(session: Session, room: str, post: Publish) -> None:
    first, second = await post("one"), await post("two\u2028")
    await session.send(f'421["join",{{"room":"{room}"}}]')
    assert await session.receive() == f'431[{{"cursor":"{first.json()["id"].replace("-1", "-0")}"}}]'
    assert await session.receive() == f'42["message",{first.text}]'
    assert await session.receive() == f'42["message",{second.text}]'


async def test_a_gap_is_told_before_the_messages(session: Session, room: str, post: Publish) -> None:
    message = await post("one")
    cursor = message.json()["id"].replace("-1", "-0")
    await session.send(f'421["join",{{"room":"{room}","after":"zzzz-5"}}]')
    assert await session.receive() == '431[{"cursor":"zzzz-5"}]', (
        "who is cut off here comes back with it, and hears of it"
    )
    assert await session.receive() == f'42["gap",{{"room":"{room}","cursor":"{cursor}"}}]'
    assert await session.receive() == f'42["message",{message.text}]'


@pytest.mark.parametrize("after", [None, "latest"])
async def test_publish_is_acknowledged_with_the_message(session: Session, room: str, after: str | None) -> None:
    await session.call("join", {"room": room, "after": after})
    await session.send(f'422["publish",{{"room":"{room}","sender":"li","text":"h\\u00ef","client_message_id":"k"}}]')
    packets = {await session.receive(), await session.receive()}
    [message] = [packet.removeprefix('42["message",')[:-1] for packet in packets if packet.startswith("42[")]
    assert packets == {f"432[{message}]", f'42["message",{message}]'}
    assert message.endswith(',"client_message_id":"k"}')


async def test_publishing_needs_no_joining_and_no_ack(session: Session, http: httpx.AsyncClient, room: str) -> None:
    await session.send(f'42["publish",{{"room":"{room}","sender":"li","text":"hi"}}]')
    await until(lambda: _text_of(http, room), "the message is in the room")
    assert await _text_of(http, room) == "hi"


BAD_JOINS: dict[str, tuple[list[Any], int, str]] = {
    "no argument": ([], 422, "Expected one object as argument; 0 arguments came."),
    "two arguments": ([{"room": "r"}, {}], 422, "Expected one object as argument; 2 arguments came."),
    "no object": (["lobby"], 422, "Expected an object with room, after: "),
    "no room": ([{}], 422, "Expected an object with room, after: "),
    "a room of another type": ([{"room": 1}], 422, "Expected an object with room, after: "),
    "a bad room": ([{"room": "a b"}], 400, "A room's name has 1 to 64 of the characters "),
    "a cursor of another type": ([{"room": "r", "after": 5}], 422, "Expected an object with room, after: "),
    "a malformed cursor": ([{"room": "r", "after": "x"}], 400, "A cursor is <epoch>-<number>, such as k3f9-42; "),
}


@pytest.mark.parametrize(("arguments", "status", "detail"), BAD_JOINS.values(), ids=BAD_JOINS)
async def test_an_error_of_join_comes_in_the_ack(
    arguments: list[Any], status: int, detail: str, session: Session, room: str
) -> None:
    error = (await session.call("join", *arguments))["error"]
    assert error["status"] == status
    assert error["detail"].startswith(detail)
    assert set(await session.call("join", {"room": room})) == {"cursor"}


BAD_PUBLISHES: dict[str, tuple[dict[str, Any], int, str]] = {
    "no sender": ({"text": "hi"}, 422, "Expected an object with "),
    "a text of another type": ({"sender": "li", "text": 5}, 422, "Expected an object with "),
    "an empty text": ({"sender": "li", "text": ""}, 422, "text has 1 to 4,000 characters; this one has 0."),
    "a text too long": (
        {"sender": "li", "text": "x" * 4_001},
        422,
        "text has 1 to 4,000 characters; this one has 4,001.",
    ),
    "a sender too long": ({"sender": "l" * 65, "text": "x"}, 422, "sender has 1 to 64 characters; this one has 65."),
    "a bad room": ({"sender": "li", "text": "hi", "room": "a b"}, 400, "A room's name has 1 to 64 "),
    "half a surrogate pair": ({"sender": "li", "text": "\ud800"}, 400, "text holds half of a surrogate pair, "),
}


@pytest.mark.parametrize(("wish", "status", "detail"), BAD_PUBLISHES.values(), ids=BAD_PUBLISHES)
async def test_an_error_of_publish_comes_in_the_ack(
    wish: dict[str, Any], status: int, detail: str, session: Session, room: str
) -> None:
    error = (await session.call("publish", {"room": room} | wish))["error"]
    assert error["status"] == status
    assert error["detail"].startswith(detail)
    message = await session.call("publish", {"room": room, "sender": "li", "text": "hi"})
    assert message["id"].endswith("-1")


async def test_one_connection_may_join_16_rooms(session: Session, room: str) -> None:
    for number in range(ROOMS_PER_CONNECTION):
        assert "cursor" in await session.call("join", {"room": f"{room}-{number}"})
    refused = await session.call("join", {"room": f"{room}-one-too-many"})
    assert refused["error"]["status"] == 422
    assert refused["error"]["detail"] == "One connection may join 16 rooms."
    assert "cursor" in await session.call("join", {"room": f"{room}-3"})


async def test_messages_of_each_room_joined_come(session: Session, http: httpx.AsyncClient, room: str) -> None:
    for name in (f"{room}-a", f"{room}-b"):
        await session.call("join", {"room": name, "after": "latest"})
    for name in (f"{room}-a", f"{room}-b"):
        await http.post(f"/api/rooms/{name}/messages", json=draft("li", name))
    texts = [json.loads((await session.receive())[2:])[1]["text"] for _ in range(2)]
    assert texts == [f"{room}-a", f"{room}-b"]


async def test_joining_again_starts_anew_at_the_cursor_given(session: Session, room: str, post: Publish) -> None:
    first, second = await post("one"), await post("two")
    await session.call("join", {"room": room, "after": "latest"})
    await session.send(f'421["join",{{"room":"{room}","after":"{first.json()["id"]}"}}]')
    assert await session.receive() == f'431[{{"cursor":"{first.json()["id"]}"}}]'
    assert await session.receive() == f'42["message",{second.text}]'
    third = await post("three")
    assert await session.receive() == f'42["message",{third.text}]'
    fourth = await post("four")
    assert await session.receive() == f'42["message",{fourth.text}]'


async def test_an_event_nobody_handles_changes_nothing(session: Session, room: str) -> None:
    await session.send('42["nonsense",{"a":1}]')
    await session.send('42["message",{"a":1}]')
    assert "cursor" in await session.call("join", {"room": room})


async def test_another_namespace_is_refused_and_the_connection_stays(session: Session, room: str) -> None:
    await session.send("40/admin,")
    assert await session.receive() == '44/admin,{"message":"Invalid namespace"}'
    assert "cursor" in await session.call("join", {"room": room})


@pytest.mark.parametrize("packet", ["41", "1"])
async def test_a_client_that_says_goodbye_is_forgotten(
    packet: str, session: Session, http: httpx.AsyncClient, room: str, post: Publish
) -> None:
    await post("one")
    await session.call("join", {"room": room})
    assert await _readers(http, room) == 1
    await session.send(packet)
    await until(lambda: _nobody(http, room), "no reader is left")


async def _readers(http: httpx.AsyncClient, room: str) -> int:
    rooms = {each["name"]: each["subscribers"] for each in (await http.get("/api/rooms")).json()["rooms"]}
    return int(rooms[room]["socket-io"])


async def _nobody(http: httpx.AsyncClient, room: str) -> bool:
    return await _readers(http, room) == 0


async def _text_of(http: httpx.AsyncClient, room: str) -> str | None:
    messages = (await http.get(f"/api/rooms/{room}/short-poll")).json()["messages"]
    return str(messages[0]["text"]) if messages else None
