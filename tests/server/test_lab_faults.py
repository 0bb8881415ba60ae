"""What each fault and each bad proxy does to each technique: what the page says beside the switch."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.event_stream import Sse
from tests.support.lab import Lab
from tests.support.polling import LongPoll, ShortPoll
from tests.support.reading import Client, Refused
from tests.support.server import Server
from tests.support.socket_io import SocketIo
from tests.support.until import until
from tests.support.web_socket import WebSocket

pytestmark = pytest.mark.long

STREAMS = [Sse, WebSocket]


@pytest.fixture
async def lab(server: Server) -> AsyncIterator[Lab]:
    """A lab session of the shared server."""
    async with Lab.open(server) as lab:
        yield lab


async def readers(http: httpx.AsyncClient, room: str) -> dict[str, int]:
    """Return who reads the room, by technique."""
    rooms = (await http.get("/api/rooms")).json()["rooms"]
    return next((dict(each["subscribers"]) for each in rooms if each["name"] == room), {})


async def goes_on(lab: Lab, room: str, client: Client, sent: list[str]) -> None:
    """Hold a client of the same technique to reading on from its cursor, with nothing lost and nothing twice."""
    async with type(client)(lab.base, room, client.cursor) as again:
        assert [message.id for message in await again.take(len(sent))] == sent
        assert again.gaps == []


async def is_told_of_the_loss(client: Client) -> None:
    async with asyncio.timeout(10):
        with pytest.raises((ConnectionError, StopAsyncIteration)):
            await anext(client.messages())


# --- faults ---


@pytest.mark.parametrize("client_class", [LongPoll, Sse, WebSocket])
async def test_cut_is_noticed_at_once_by_both_and_nothing_is_lost(
    lab: Lab, room: str, post: Publish, http: httpx.AsyncClient, client_class: type[Client]
) -> None:
    first = (await post("before")).json()["id"]
    async with client_class(lab.base, room) as client:
        assert [message.id for message in await client.take(1)] == [first]
        await until(lambda: readers_of(http, room, client.technique, 1), "it is read")
        assert await lab.strike("cut") == "Cut: 1 connection broken off by RST."
        await is_told_of_the_loss(client)
        await until(lambda: readers_of(http, room, client.technique, 0), "the server knows, too")
        sent = [(await post(f"meanwhile {number}")).json()["id"] for number in range(3)]
        await goes_on(lab, room, client, sent)
    await until(lambda: [each for each in lab.connections.values() if each["end"] == "reset"], "RST is told")


async def readers_of(http: httpx.AsyncClient, room: str, technique: str, count: int) -> bool:
    return (await readers(http, room)).get(technique) == count


async def test_who_vanished_is_noticed_by_pings_alone(room: str) -> None:
    """The dead peer of claim 7: a WebSocket's server finds out by its own ping, an event stream's does not."""
    with Server("memory", "--ws-ping-interval-s", "0.2", "--ws-ping-timeout-s", "0.2") as server:
        async with Lab.open(server) as lab, WebSocket(lab.base, room) as socket, Sse(lab.base, room) as stream:
            await lab.http.post(f"/api/rooms/{room}/messages", json={"sender": "li", "text": "before"})
            await socket.take(1), await stream.take(1)
            done = await lab.strike("vanish")
            assert done == "Vanished: nothing passes any more on 2 connections, and nobody is told."
            await until(lambda: readers_of(lab.http, room, "websocket", 0), "no pong came")
            assert await readers(lab.http, room) | {"websocket": 0} == {
                "short-poll": 0, "long-poll": 0, "sse": 1, "websocket": 0, "socket-io": 0,
            }  # fmt: skip
            assert socket.socket.close_code is None  # its client was told of nothing
            sent = await lab.http.post(f"/api/rooms/{room}/messages", json={"sender": "li", "text": "meanwhile"})
            assert await lab.strike("come_back") == "Back: new connections pass; those that vanished stay dead."
            for client in (socket, stream):
                await goes_on(lab, room, client, [sent.json()["id"]])
            await lab.strike("cut")


async def test_while_vanished_a_new_connection_is_accepted_and_never_answered(lab: Lab, room: str) -> None:
    await lab.strike("vanish")
    async with httpx.AsyncClient(base_url=lab.base, timeout=0.3) as through:
        with pytest.raises(httpx.ReadTimeout):
            await through.get("/api/time")
        await lab.strike("come_back")
        assert (await through.get("/api/time")).status_code == 200


async def test_a_stall_delays_all_and_loses_nothing(
    lab: Lab, room: str, post: Publish, client_class: type[Client]
) -> None:
    async with client_class(lab.base, room, "latest") as client:
        assert await lab.strike("stall", 0.5) == "Stalled: nothing passes for 0.5 s, then all goes on."
        until_ms = lab.state["stalled_until"] or (await lab.http.get(lab.path)).json()["stalled_until"]
        sent = [(await post(f"text {number}")).json()["id"] for number in range(3)]
        assert [message.id for message in await client.take(3)] == sent
        await until(lambda: lab.techniques.get(client.technique, {}).get("messages", 0) >= 3, "they are told")
    arrivals = [each["arrived_at"] for each in lab.units if set(each["messages"]) & set(sent)]
    assert min(arrivals) >= until_ms - 2  # in whole milliseconds


async def test_refused_are_new_connections_alone(lab: Lab, room: str, post: Publish) -> None:
    async with Sse(lab.base, room) as stream:
        await lab.strike("refuse", 60)
        async with httpx.AsyncClient(base_url=lab.base) as through:
            with pytest.raises(httpx.TransportError):
                await through.get("/api/time")
        sent = (await post("text")).json()["id"]
        assert [message.id for message in await stream.take(1)] == [sent]
    await until(lambda: "refused" in [each["text"] for each in lab.remarks], "it is remarked")


# --- proxies in between ---


async def test_without_upgrade_websocket_fails(lab: Lab, room: str) -> None:
    await lab.set(strip_upgrade=True)
    with pytest.raises(Refused) as refused:
        await WebSocket(lab.base, room).connect()
    assert refused.value.status == 426
    assert refused.value.detail.startswith("Expected a handshake, with Upgrade: websocket")
    await until(lambda: lab.remarks, "it is remarked")
    assert lab.remarks[0]["text"] == "took Upgrade out of a request"


class FallingBack(SocketIo):
    """Begins with polling, tries to upgrade, and cannot."""

    ends_with = "polling"


async def test_without_upgrade_socket_io_stays_with_polling(lab: Lab, room: str) -> None:
    await lab.set(strip_upgrade=True)
    async with FallingBack(lab.base, room, "latest") as client:
        sent = await client.publish("li", "by polling")
        assert [message.id for message in await client.take(1)] == [sent]


@pytest.mark.parametrize("client_class", [ShortPoll, LongPoll, Sse])
async def test_without_upgrade_the_others_do_not_notice(lab: Lab, room: str, client_class: type[Client]) -> None:
    await lab.set(strip_upgrade=True)
    async with client_class(lab.base, room, "latest") as client:
        sent = await client.publish("li", "as ever")
        assert [message.id for message in await client.take(1)] == [sent]


async def test_behind_a_buffering_proxy_sse_freezes_and_long_polling_lives(lab: Lab, room: str, post: Publish) -> None:
    await lab.set(buffer_bytes=2_000)
    await post("before")
    reader = asyncio.create_task(read_events(lab.base, room, 8))
    await until(lambda: readers_of(lab.http, room, "sse", 1), "the server has answered the event stream")
    async with LongPoll(lab.base, room, "latest") as polling:
        sent = [(await post("a" * 40)).json()["id"]]
        assert [message.id for message in await polling.take(1)] == sent
        assert not reader.done()
        assert not [each for each in lab.units if each["technique"] == "sse" and each["direction"] == "down"]
        sent += [(await post("a" * 40)).json()["id"] for _ in range(19)]
        assert [message.id for message in await polling.take(19)] == sent[1:]
    assert await reader == sent[:8]  # all at once, when the proxy was full
    for told in ("held ", "let go of 2,"):
        await until(partial(has_remark, lab, told), f"{told} is remarked")
    await until(lambda: {*sent[:8]} <= {*arrivals(lab)}, "the events are told")
    assert len({arrivals(lab)[each] for each in sent[:8]}) == 1


def has_remark(lab: Lab, beginning: str) -> bool:
    return any(each["text"].startswith(beginning) for each in lab.remarks)


def arrivals(lab: Lab) -> dict[str, float]:
    """Return when each message arrived by SSE."""
    units = [each for each in lab.units if each["technique"] == "sse"]
    return {message: each["arrived_at"] for each in units for message in each["messages"]}


async def read_events(base: str, room: str, count: int) -> list[str]:
    """Return the ids of the first events of a room's stream, whenever they come."""
    async with Sse(base, room, "latest") as stream:
        return [message.id for message in await stream.take(count)]


@pytest.mark.parametrize("client_class", STREAMS)
async def test_under_an_idle_timeout_a_stream_without_heartbeats_dies(room: str, client_class: type[Client]) -> None:
    with Server("memory", "--sse-heartbeat-s", "3600", "--ws-ping-interval-s", "3600") as server:
        async with Lab.open(server, idle_timeout_s=0.5) as lab, client_class(lab.base, room) as client:
            await is_told_of_the_loss(client)
            await until(lambda: lab.remarks, "it is remarked")
            assert lab.remarks[0]["text"] == "idle for 0.5 s: closed"


@pytest.mark.parametrize("client_class", STREAMS)
async def test_under_an_idle_timeout_a_stream_with_heartbeats_lives(room: str, client_class: type[Client]) -> None:
    with Server("memory", "--sse-heartbeat-s", "0.2", "--ws-ping-interval-s", "0.2") as server:
        async with Lab.open(server, idle_timeout_s=1) as lab, client_class(lab.base, room, "latest") as client:
            await until(lambda: heartbeats(lab) >= 12, "more than two seconds of nothing but heartbeats")
            sent = await client.publish("li", "still there")
            assert [message.id for message in await client.take(1)] == [sent]
            assert not [each for each in lab.remarks if each["connection"] == 1]


def heartbeats(lab: Lab) -> int:
    return sum("heartbeat" in each["accounts"] and each["direction"] == "down" for each in lab.units)


async def test_a_cache_that_ignores_no_store_gives_old_news(lab: Lab, room: str, post: Publish) -> None:
    await lab.set(cache_s=60)
    cursor = (await post("one")).json()["id"]
    asked = {"params": {"after": cursor}, "headers": {"If-None-Match": f'"{cursor}"'}}  # as the page asks
    async with httpx.AsyncClient(base_url=lab.base) as through:
        first = await through.get(f"/api/rooms/{room}/short-poll", **asked)
        await post("two")
        second = await through.get(f"/api/rooms/{room}/short-poll", **asked)
        assert "no-store" in first.headers["cache-control"]
        assert first.json()["messages"] == []
        assert (second.content, second.headers["x-cache"]) == (first.content, "HIT")
        third = await through.get(f"/api/rooms/{room}/short-poll")
        assert [message["text"] for message in third.json()["messages"]] == ["one", "two"]
