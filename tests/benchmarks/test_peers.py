"""The servers that pushdemo is measured beside: each starts, delivers by each of its techniques, and ends."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect

from benchmarks.peers import nchan
from benchmarks.peers.peer import PEERS, Peer, Running, floor_command, node_command, path, publish_path
from benchmarks.peers.process import ROOT, PeerError, running
from tests.support.engine_io import WebSocketSession
from tests.support.reading import http_client
from tests.support.until import until

pytestmark = pytest.mark.long

WITHIN_S = 10
DRAFT = {"sender": "li", "text": "hi €"}
NOBODY_YET = 202
"""What nchan answers to a message that reached no subscriber; 201 if it did."""
EVENT_STREAM = {"Accept": "text/event-stream"}
"""Without it nchan refuses to open one."""
EACH = [
    pytest.param(peer, technique, id=f"{peer}-{technique}") for peer in PEERS for technique in PEERS[peer].techniques
]


@contextlib.asynccontextmanager
async def started(name: str) -> AsyncIterator[tuple[Peer, Running, httpx.AsyncClient]]:
    peer = PEERS[name]
    if missing := peer.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(f"{name}: {missing}")
    async with (
        asyncio.timeout(WITHIN_S),
        peer.start() as server,
        http_client(f"http://127.0.0.1:{server.port}") as http,
    ):
        yield peer, server, http


async def publish(http: httpx.AsyncClient) -> dict[str, Any]:
    """Publish, once there is who reads, and return the message as it is to arrive."""
    while (answer := await http.post(publish_path("lobby"), json=DRAFT)).status_code == NOBODY_YET:
        pass
    assert answer.status_code == 201
    fields = answer.json() if answer.headers["content-type"] == "application/json" else {}
    return fields if "sent_at" in fields else DRAFT


async def next_event(lines: AsyncIterator[str], field: str) -> str:
    async for line in lines:
        if line.startswith(f"{field}: "):
            return line.removeprefix(f"{field}: ")
    raise AssertionError("the stream has ended")


async def by_sse(peer: Peer, http: httpx.AsyncClient) -> tuple[Any, Any]:
    async with http.stream("GET", path("sse", "lobby"), headers=EVENT_STREAM) as response:
        assert response.status_code == 200
        lines = response.aiter_lines()
        if not peer.polls_by_validators:
            await next_event(lines, "id")
        published = await publish(http)
        return published, json.loads(await next_event(lines, "data"))


async def by_websocket(peer: Peer, http: httpx.AsyncClient) -> tuple[Any, Any]:
    address = f"{str(http.base_url).replace('http', 'ws', 1).rstrip('/')}{path('websocket', 'lobby')}"
    async with connect(address, proxy=None, ping_interval=None) as socket:
        if not peer.polls_by_validators:
            assert json.loads(await socket.recv())["control"] == "joined"
        published = await publish(http)
        return published, json.loads(await socket.recv())


async def by_long_poll(peer: Peer, http: httpx.AsyncClient) -> tuple[Any, Any]:
    query = {}
    if not peer.polls_by_validators:
        empty = (await http.get(path("long-poll", "lobby"), params={"after": "latest"})).json()
        assert empty["messages"] == []
        query = {"after": empty["cursor"]}
    held = asyncio.create_task(http.get(path("long-poll", "lobby"), params=query))
    published = await publish(http)
    answer = (await held).json()
    if peer.polls_by_validators:
        return published, answer
    assert answer["cursor"] == published["id"]
    [message] = answer["messages"]
    return published, message


async def by_short_poll(peer: Peer, http: httpx.AsyncClient) -> tuple[Any, Any]:
    published = await publish(http)
    [message] = (await http.get(path("short-poll", "lobby"))).json()["messages"]
    return published, message


async def by_socket_io(peer: Peer, http: httpx.AsyncClient) -> tuple[Any, Any]:
    async with WebSocketSession(str(http.base_url).rstrip("/")) as session:
        await session.connect()
        assert list(await session.call("join", {"room": "lobby", "after": "latest"})) == ["cursor"]
        published = await publish(http)
        event, message = json.loads((await session.receive()).removeprefix("42"))
        assert event == "message"
        return published, message


READ = {
    "sse": by_sse,
    "websocket": by_websocket,
    "long-poll": by_long_poll,
    "short-poll": by_short_poll,
    "socket-io": by_socket_io,
}


@pytest.mark.parametrize(("name", "technique"), EACH)
async def test_a_message_is_delivered(name: str, technique: str) -> None:
    async with started(name) as (peer, _, http):
        published, delivered = await READ[technique](peer, http)
    assert delivered == published
    assert delivered.items() >= DRAFT.items()


@pytest.mark.parametrize("name", ["floor", "node"])
async def test_a_poll_that_is_behind_is_answered_at_once_with_what_it_missed(name: str) -> None:
    async with started(name) as (_, _, http):
        first, *missed = [await publish(http) for _ in range(3)]
        answer = (await http.get(path("long-poll", "lobby"), params={"after": first["id"]})).json()
    assert answer == {"cursor": missed[-1]["id"], "messages": missed}


@pytest.mark.parametrize("name", ["floor", "node", "nchan"])
async def test_requests_that_come_at_once_on_one_connection_are_all_answered(name: str) -> None:
    body = json.dumps(DRAFT).encode()
    head = f"POST {publish_path('lobby')} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with started(name) as (_, server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        requests = (head + body) * 3
        writer.write(requests[:-5])  # the last comes in two pieces
        await writer.drain()
        await reader.readuntil(b"HTTP/1.1 20")
        writer.write(requests[-5:])
        await reader.readuntil(b"HTTP/1.1 20")
        await reader.readuntil(b"HTTP/1.1 20")
        writer.close()


async def test_the_floor_writes_the_same_event_stream_as_pushdemo() -> None:
    streams = []
    for name in ("pushdemo", "floor"):
        async with started(name) as (_, _, http), http.stream("GET", path("sse", "lobby")) as response:
            chunks = response.aiter_raw()
            opening = await anext(chunks)
            published = await publish(http)
            event = await anext(chunks)
            epoch = published["id"].removesuffix("-1")
            streams.append(
                (opening + event)
                .replace(epoch.encode(), b"EPOCH")
                .replace(str(published["sent_at"]).encode(), b"NOW")
                .decode()
            )
    assert streams[0] == streams[1]


class Mishap(Exception):
    pass


async def meet_with_a_mishap(name: str, processes: list[int]) -> None:
    async with started(name) as (_, server, _):
        processes.extend(server.processes)
        assert [process for process in processes if not psutil.pid_exists(process)] == []
        raise Mishap


@pytest.mark.parametrize("name", PEERS)
async def test_its_processes_end_with_the_context_whatever_happens(name: str) -> None:
    processes: list[int] = []
    with pytest.raises(Mishap):
        await meet_with_a_mishap(name, processes)
    assert processes
    assert [process for process in processes if psutil.pid_exists(process)] == []


PARENT = """
import asyncio
from benchmarks.peers.peer import PEERS

async def main():
    async with PEERS["nchan"].start() as server:
        print(*server.processes, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no system tells a child that its parent is gone")
async def test_its_processes_end_even_when_who_started_them_is_killed() -> None:
    async with started("nchan"):
        pass
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    processes = [int(process) for process in (await parent.stdout.readline()).split()]
    assert len(processes) == 2
    parent.kill()
    await parent.wait()
    await until(lambda: not any(map(runs, processes)), "both to end")


def runs(process: int) -> bool:
    """Return whether a process is there, and not only its exit code, for which nobody may ask."""
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def test_nginx_has_a_worker_beside_its_master() -> None:
    async with started("nchan") as (_, server, _):
        assert len(server.processes) == 2


@pytest.mark.parametrize("name", ["floor", "node"])
async def test_it_ends_cleanly_when_asked_to_though_somebody_is_connected(name: str) -> None:
    async with started(name):
        command = floor_command() if name == "floor" else node_command()
    async with running(name, command) as process:
        port = await process.port()
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await process.stop()
        assert (process.exit_code, process.said()) == (0, "")
        writer.close()


async def test_it_stays_on_the_core_it_is_given() -> None:
    core = max(os.sched_getaffinity(0))
    async with PEERS["floor"].start(core) as server:
        assert os.sched_getaffinity(server.processes[0]) == {core}


async def test_a_core_that_there_is_not_is_refused() -> None:
    with pytest.raises(PeerError, match=r"a core is one of .*; this came: 4096"):
        async with PEERS["floor"].start(4_096):
            pass


async def test_what_does_not_start_is_named_with_what_it_said() -> None:
    with pytest.raises(PeerError, match="it did not start: no room"):
        async with running("it", [sys.executable, "-c", "raise SystemExit('no room')"]) as process:
            await process.port()


async def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(PeerError, match="it did not start: .*/no/such/program"):
        async with running("it", ["/no/such/program"]) as process:
            await process.port()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("node", "Node.js is not installed: apt-get install nodejs"),
        ("nchan", "nginx is not installed: apt-get install"),
    ],
)
async def test_what_is_missing_is_said_with_how_to_get_it(
    name: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nchan, "SYSTEM_FOLDERS", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert str(PEERS[name].missing()).startswith(sentence)
    with pytest.raises(PeerError, match=sentence):
        async with PEERS[name].start():
            pass


def test_a_module_that_is_missing_is_told_from_nginx_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nchan, "find_nginx", lambda: "/usr/sbin/nginx")
    monkeypatch.setattr(nchan, "MODULE_FOLDERS", ())
    assert nchan.missing() == "nginx's module nchan is not installed: apt-get install libnginx-mod-nchan"
