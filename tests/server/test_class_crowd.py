"""Simulated phones of a class: a real server, and the real process beside it."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import psutil
import pytest

from pushdemo.feed import TECHNIQUES
from tests.support.fixtures import watched
from tests.support.in_class import Page, as_teacher
from tests.support.reading import check
from tests.support.server import ClassServer
from tests.support.until import until

CLIENTS = 50
WITHIN_S = 30.0

pytestmark = pytest.mark.long


def processes(server: ClassServer) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children()


async def simulated(http: httpx.AsyncClient) -> Any:
    return check(await http.get("/api/class/teacher"), 200).json()["simulated"]


async def until_all_read(http: httpx.AsyncClient, clients: int) -> None:
    async def all_read() -> bool:
        told = await simulated(http)
        return told is not None and told["connected"] == dict.fromkeys(TECHNIQUES, clients // 5)

    await until(all_read, f"{clients} simulated phones read", WITHIN_S)


async def until_all_received(http: httpx.AsyncClient, least: int) -> dict[str, dict[str, Any]]:
    """Wait until each technique has received so many deliveries, and return the figures."""

    async def figures() -> Any:
        told = (await simulated(http))["figures"]
        return told if told and all(each["received"] >= least for each in told.values()) else None

    found: dict[str, dict[str, Any]] = await until(figures, "all have received something", WITHIN_S)
    return found


@pytest.fixture(scope="module")
def _shared_crowded_server() -> Iterator[ClassServer]:
    with ClassServer("memory", "--simulate", str(CLIENTS)) as server:
        yield server


@pytest.fixture
def crowded(_shared_crowded_server: ClassServer) -> Iterator[ClassServer]:
    """A server with a class that has simulated phones from the beginning."""
    yield from watched(_shared_crowded_server)


@pytest.fixture
async def http(crowded: ClassServer) -> AsyncIterator[httpx.AsyncClient]:
    async with as_teacher(crowded) as client:
        yield client


async def test_they_come_evenly_and_measure_with_nothing_lost(http: httpx.AsyncClient) -> None:
    await until_all_read(http, CLIENTS)
    check(await http.patch("/api/class", json={"rate": 10}), 200)
    figures = await until_all_received(http, 3 * CLIENTS // 5)
    for technique, found in figures.items():
        assert (found["lost"], found["doubled"], found["reordered"]) == (0, 0, 0), technique
        assert found["samples"] == found["received"]
        assert 0 <= found["median"] <= found["p95"] <= found["max"]
        assert found["bytes_up"] > 0 and found["bytes_down"] > 100 * found["received"]
    assert figures["short-poll"]["max"] > 100, "short polling waits for its interval"
    assert figures["sse"]["median"] < 100
    told = await simulated(http)
    assert (told["wanted"], told["state"], told["detail"]) == (CLIENTS, "running", "")
    assert told["cpu"] >= 0


async def test_they_are_connections_but_not_people(http: httpx.AsyncClient) -> None:
    await until_all_read(http, CLIENTS)
    state = check(await http.get("/api/class/teacher"), 200).json()
    assert state["people"] == []
    assert state["class"]["people"] == 0
    assert state["server"]["connections"] >= 3 * CLIENTS // 5


async def test_they_go_along_to_another_room_and_begin_with_each_stretch(http: httpx.AsyncClient) -> None:
    check(await http.patch("/api/class", json={"rate": 10}), 200)
    await until_all_received(http, 10)
    check(await http.post("/api/class/clear"), 200)
    check(await http.post("/api/class/zero"), 200)
    figures = await until_all_received(http, CLIENTS // 5)
    assert figures["sse"]["lost"] == 0
    await until_all_read(http, CLIENTS)


async def test_another_number_comes_or_goes(crowded: ClassServer, http: httpx.AsyncClient) -> None:
    check(await http.post("/api/class/simulated", json={"clients": 20}), 204)
    await until_all_read(http, 20)
    check(await http.post("/api/class/simulated", json={"clients": CLIENTS}), 204)
    await until_all_read(http, CLIENTS)
    assert len(processes(crowded)) == 1


async def test_none_are_there_until_the_teacher_wants_some_and_none_after_the_end() -> None:
    with ClassServer() as server:
        async with as_teacher(server) as http, Page.of_teacher(server) as console:
            assert await simulated(http) is None
            assert processes(server) == []
            check(await http.post("/api/class/simulated", json={"clients": 10}), 204)
            await until(lambda: (console.state.get("simulated") or {}).get("state") == "running", "told", WITHIN_S)
            check(await http.post("/api/class/simulated", json={"clients": 0}), 204)
            assert processes(server) == []
            check(await http.post("/api/class/simulated", json={"clients": 10}), 204)
            check(await http.post("/api/class/end"), 200)
            assert processes(server) == []
            assert check(await http.get("/api/class/teacher"), 200).json()["simulated"] is None


async def test_that_their_process_was_killed_is_told_and_others_can_be_had() -> None:
    with ClassServer("memory", "--simulate", "10") as server:
        async with as_teacher(server) as http:
            await until_all_read(http, 10)
            (process,) = processes(server)
            os.kill(process.pid, signal.SIGKILL)

            async def has_failed() -> bool:
                return bool((await simulated(http))["state"] == "failed")

            await until(has_failed, "its end is told")
            assert (await simulated(http))["detail"] == "The simulated phones' process failed: it ended with -9"
            check(await http.post("/api/class/simulated", json={"clients": 5}), 204)
            await until_all_read(http, 5)


@pytest.mark.parametrize("end", ["interrupt", "kill"])
async def test_their_process_ends_with_the_server_however_that_ends(end: str) -> None:
    with ClassServer("memory", "--simulate", "10") as server:
        async with as_teacher(server) as http:
            await until_all_read(http, 10)
        (process,) = processes(server)
        getattr(server, end)()
        await until(lambda: not process.is_running(), "the process is gone")
