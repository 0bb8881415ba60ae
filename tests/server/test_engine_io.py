"""Engine.IO under Socket.IO: its transports, and clients that do not keep to the protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.server.conftest import Publish
from tests.support.engine_io import PATH, SEPARATOR, SESSIONS, PollingSession, Session, WebSocketSession
from tests.support.reading import draft, http_client
from tests.support.server import Server
from tests.support.until import until

BODY_BYTES = 65_536


@pytest.fixture(params=SESSIONS)
def session_class(request: pytest.FixtureRequest) -> type[Session]:
    """Polling, and WebSocket."""
    return SESSIONS[request.param]


@pytest.fixture
async def polling(server: Server) -> AsyncIterator[PollingSession]:
    """A connected session over polling."""
    async with PollingSession(server.base) as session:
        await session.connect()
        yield session


async def test_the_opening_packet_tells_what_the_client_must_know(session_class: type[Session], server: Server) -> None:
    async with session_class(server.base) as session:
        opening = session.opening | {"sid": "", "upgrades": None}
    assert opening == {
        "sid": "",
        "upgrades": None,
        "pingInterval": 25_000,
        "pingTimeout": 20_000,
        "maxPayload": BODY_BYTES,
    }
    assert session.opening["upgrades"] == (["websocket"] if session_class is PollingSession else [])


RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("packet_id", ["", "5"])
async def test_a_reserved_event_name_ends_the_session(
    packet_id: str, name: str, session_class: type[Session], server: Server, http: httpx.AsyncClient, room: str
) -> None:
    async with session_class(server.base) as session:
        await session.connect()
        await session.call("publish", {"room": room} | draft("li", "hi"))
        await session.call("join", {"room": room})
        forged = json.dumps([name, {"asgi.scope": {"client": ["192.0.2.1", 1]}}, {"token": "forged"}])
        await session.send(f"42{packet_id}{forged}")
        await session.ends()
        await until(lambda: _readers_are(http, room, 0), "no reader is left")


@pytest.mark.parametrize("second", ["40", '40{"token":"another"}'])
async def test_a_second_connect_ends_the_session(second: str, session_class: type[Session], server: Server) -> None:
    async with session_class(server.base) as session:
        await session.connect()
        await session.send(second)
        await session.ends()


@pytest.mark.parametrize(
    "packet", ['42["join",{"room":"lobby"}]', '420["publish",{"room":"r","sender":"l","text":"t"}]']
)
async def test_an_event_before_connect_ends_the_session(
    packet: str, session_class: type[Session], server: Server
) -> None:
    async with session_class(server.base) as session:
        await session.send(packet)
        await session.ends()


MALFORMED = [
    "",
    "x",
    "9",
    "0",
    '0{"sid":"forged"}',
    "4",
    "47",
    "42",
    "42{",
    "42[",
    "42[]",
    "42[1]",
    '42{"a":1}',
    '42["join"',
    '421e3["join",{}]',
    "43[]",
    '44{"message":"forged"}',
    '45-["join",{}]',
    '451-["join",{"_placeholder":true,"num":0}]',
    '461-[{"_placeholder":true,"num":0}]',
    "40[]",
    '40"text"',
    "2x",
    "bAAEC",
    "42" + "[" * 5_000,
]


@pytest.mark.parametrize("packet", MALFORMED)
async def test_a_malformed_packet_ends_the_session(packet: str, session_class: type[Session], server: Server) -> None:
    async with session_class(server.base) as session:
        await session.connect()
        await session.send(packet)
        await session.ends()


async def test_a_malformed_payload_is_answered_with_its_problem(polling: PollingSession) -> None:
    answer = await polling.post('42["join",{"room":"lobby"}]' + SEPARATOR + "42{")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Expected Engine.IO packets; the session is closed: broken JSON ")


async def test_a_payload_of_bad_utf_8_ends_the_session(polling: PollingSession) -> None:
    assert (await polling.post(b'42["join",{"room":"\xff"}]')).status_code == 400
    await polling.ends()


async def test_a_binary_frame_ends_the_session(server: Server) -> None:
    async with WebSocketSession(server.base) as session:
        await session.connect()
        await session.socket.send(b"42[]")
        await session.ends()


async def test_40_events_in_one_payload_all_arrive(polling: PollingSession, http: httpx.AsyncClient, room: str) -> None:
    events = [f'42["publish",{json.dumps({"room": room} | draft("li", f"text {n}"))}]' for n in range(40)]
    assert (await polling.post(SEPARATOR.join(events))).text.lower() == "ok"
    await until(lambda: _texts_are(http, room, 40), "all 40 are in the room")
    messages = (await http.get(f"/api/rooms/{room}/short-poll")).json()["messages"]
    assert sorted(message["text"] for message in messages) == sorted(f"text {number}" for number in range(40))


async def test_more_than_500_packets_in_one_payload_are_refused(polling: PollingSession) -> None:
    assert (await polling.post(SEPARATOR.join(['42["a"]'] * 500))).status_code == 200
    assert (await polling.post(SEPARATOR.join(['42["a"]'] * 501))).status_code == 400
    await polling.ends()


async def test_a_chunked_payload_arrives(polling: PollingSession, room: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'425["pub'
        yield b'lish",' + json.dumps({"room": room} | draft("li", "in chunks")).encode()
        yield b"]"

    assert (await polling.post(chunks())).status_code == 200
    assert '"text":"in chunks"' in await polling.receive()


async def _chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1_000 + 1):
        yield b"x" * 1_000


@pytest.mark.parametrize("body", [b"4" + b"x" * BODY_BYTES, _chunks(BODY_BYTES)], ids=["with its length", "chunked"])
async def test_a_payload_too_big_is_413(body: bytes | AsyncIterator[bytes], polling: PollingSession) -> None:
    answer = await polling.post(body)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "A body has 65,536 bytes at most; this one has more."


@pytest.mark.parametrize(
    "query",
    [
        "",
        "EIO=4",
        "EIO=3&transport=polling",
        "EIO=4&transport=carrier-pigeon",
        "EIO=4&transport=websocket",
        "EIO=4&transport=polling&sid=unknown",
        "EIO=4&transport=polling&j=0",
        "EIO=4&transport=polling&j=0&sid=unknown",
    ],
)
async def test_a_query_that_is_not_of_the_protocol_is_400(query: str, http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{PATH}?{query}")).status_code == 400
    assert (await http.post(f"{PATH}?{query}", content=b"40")).status_code == 400


async def test_a_session_ends_when_its_held_get_is_broken_off(
    polling: PollingSession, http: httpx.AsyncClient, room: str, post: Publish
) -> None:
    await post("one")
    await polling.call("join", {"room": room, "after": "latest"})
    held = asyncio.create_task(polling.get())
    for _ in range(3):
        await http.get("/healthz")  # by then the server holds it
    held.cancel()
    await asyncio.gather(held, return_exceptions=True)
    await until(lambda: _readers_are(http, room, 0), "no reader is left")
    assert (await polling.get()).status_code == 400


async def test_a_held_get_ends_when_the_session_is_closed(polling: PollingSession, http: httpx.AsyncClient) -> None:
    held = asyncio.create_task(polling.get())
    for _ in range(3):
        await http.get("/healthz")
    await polling.send("1")
    async with asyncio.timeout(5):
        answer = await held
    assert (answer.status_code, answer.text) in [(200, "1"), (200, ""), (400, '"Session is disconnected"')]
    assert (await polling.get()).status_code == 400


async def test_an_upgrade_loses_nothing(polling: PollingSession, server: Server, room: str, post: Publish) -> None:
    await polling.call("join", {"room": room, "after": "latest"})
    texts = []
    url = f"ws://127.0.0.1:{server.port}{PATH}?EIO=4&transport=websocket&sid={polling.sid}"
    async with connect(url, proxy=None, ping_interval=None) as socket, asyncio.timeout(10):
        await post("before the probe")
        await socket.send("2probe")
        assert await socket.recv() == "3probe"
        await post("while it upgrades")
        answer = await polling.get()
        texts += [packet for packet in answer.text.split(SEPARATOR) if packet.startswith("42")]
        await socket.send("5")
        await post("after the upgrade")
        while len(texts) < 3:
            packet = str(await socket.recv())
            texts += [packet] if packet.startswith("42") else []
    said = [json.loads(packet[2:])[1]["text"] for packet in texts]
    assert said == ["before the probe", "while it upgrades", "after the upgrade"]


async def test_a_probe_without_its_session_is_refused(server: Server) -> None:
    url = f"ws://127.0.0.1:{server.port}{PATH}?EIO=4&transport=websocket&sid=unknown"
    with pytest.raises(InvalidStatus) as refusal:
        await connect(url, proxy=None)
    assert refusal.value.response.status_code in (400, 403)


@pytest.fixture(scope="module")
def impatient_server() -> Iterator[Server]:
    flags = (
        "--socket-io-connect-timeout-s",
        "0.3",
        "--socket-io-ping-interval-s",
        "1",
        "--socket-io-ping-timeout-s",
        "1",
    )
    with Server("memory", *flags) as server:
        yield server


async def test_a_session_that_does_not_connect_is_closed(
    session_class: type[Session], impatient_server: Server
) -> None:
    async with session_class(impatient_server.base) as session:
        await session.ends()


@pytest.mark.long
async def test_a_session_that_connects_and_answers_pings_stays(impatient_server: Server, room: str) -> None:
    base = impatient_server.base
    async with PollingSession(base) as polling, WebSocketSession(base) as socket, http_client(base) as http:
        for session in (polling, socket):
            await session.connect()
            await session.call("join", {"room": room, "after": "latest"})
        reading = [asyncio.create_task(session.receive()) for session in (polling, socket)]
        cursor = (await http.get(f"/api/rooms/{room}/short-poll")).json()["cursor"]
        await http.get(f"/api/rooms/{room}/long-poll", params={"timeout": 3, "after": cursor})
        assert not any(task.done() for task in reading)
        await http.post(f"/api/rooms/{room}/messages", json=draft("li", "still there"))
        for packet in await asyncio.gather(*reading):
            assert '"text":"still there"' in packet


@pytest.mark.long
async def test_a_session_that_does_not_answer_pings_is_closed(impatient_server: Server) -> None:
    async with PollingSession(impatient_server.base) as polling, WebSocketSession(impatient_server.base) as socket:
        for session in (polling, socket):
            session.answers_pings = False
            await session.connect()
        await asyncio.gather(polling.ends(), socket.ends())


async def _readers_are(http: httpx.AsyncClient, room: str, count: int) -> bool:
    rooms = {each["name"]: each["subscribers"] for each in (await http.get("/api/rooms")).json()["rooms"]}
    return bool(rooms[room]["socket-io"] == count)


async def _texts_are(http: httpx.AsyncClient, room: str, count: int) -> bool:
    return len((await http.get(f"/api/rooms/{room}/short-poll")).json()["messages"]) == count
