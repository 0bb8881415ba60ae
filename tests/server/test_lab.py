"""Lab sessions on a real server: every technique through a port of its own, and what is told of its bytes."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.support.lab import DIRECTIONS, Lab
from tests.support.reading import Client
from tests.support.server import Server, free_ports
from tests.support.until import until

PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@pytest.fixture
async def lab(server: Server) -> AsyncIterator[Lab]:
    """A lab session of the shared server."""
    async with Lab.open(server) as lab:
        yield lab


async def test_every_techniques_bytes_add_up_to_what_the_relay_counted(
    lab: Lab, room: str, client_class: type[Client]
) -> None:
    async with client_class(lab.base, room) as client:
        sent = [await client.publish("li", f"text {number}") for number in range(3)]
        assert [message.id for message in await client.take(3)] == sent
        size = await lab.settled()
        told = lab.techniques[client.technique]
        assert told["messages"] >= 3
        assert "payload" in told["down"]
        accounts = set().union(*(each[way] for each in lab.techniques.values() for way in DIRECTIONS))
        assert "unknown" not in accounts
    assert min(size.values()) > 300


async def test_a_unit_is_told_with_its_bytes_and_fields_on_demand(lab: Lab, room: str) -> None:
    async with httpx.AsyncClient(base_url=lab.base) as through:
        await through.get(f"/api/rooms/{room}/short-poll")
    [request] = await lab.has(kind="request", technique="short-poll")
    [response] = await lab.has(kind="response", technique="short-poll")
    full = await lab.unit(request)
    data = base64.b64decode(full["bytes"])
    assert data.startswith(f"GET /api/rooms/{room}/short-poll HTTP/1.1\r\n".encode())
    assert full["fields"][0] | {"value": None} == full["fields"][0] | {"value": None, "offset": 0}
    assert sum(field["length"] for field in full["fields"]) == len(data) == request["size"]
    assert {"name", "meaning", "source", "account", "value", "bits"} < set(full["fields"][0])
    assert (response["answers"], response["status"], response["empty"]) == (request["number"], 200, True)
    assert request["sent_at"] <= request["arrived_at"] <= response["sent_at"] <= response["arrived_at"]


async def test_a_unit_that_never_was_is_404(lab: Lab) -> None:
    answer = await lab.http.get(f"{lab.path}/connections/7/units/1")
    assert answer.status_code == 404


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "one", "\u0661"], ids=["long", "negative", "word", "arabic"])
async def test_a_number_that_is_none_is_404(lab: Lab, number: str) -> None:
    for path in (f"{number}/units/1", f"1/units/{number}"):
        answer = await lab.http.get(f"{lab.path}/connections/{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"].startswith("Expected the number of a ")


async def test_the_delay_of_the_network_stands_in_the_times_of_the_units(lab: Lab, room: str) -> None:
    await lab.set(delay_ms=50)
    async with httpx.AsyncClient(base_url=lab.base) as through:
        await through.get(f"/api/rooms/{room}/short-poll")
    [response] = await lab.has(kind="response", technique="short-poll")
    assert response["arrived_at"] - response["sent_at"] >= 50


# --- who may do what ---


@pytest.mark.parametrize("path", ["", "/capture.json", "/capture.pcapng", "/connections/1/units/1"])
async def test_a_session_is_found_by_its_id_alone(server: Server, path: str) -> None:
    async with httpx.AsyncClient(base_url=server.base) as http:
        answer = await http.get(f"/api/lab/sessions/guessed{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_page_at_the_sessions_port_may_command_it_and_no_other_page(lab: Lab) -> None:
    own = {"Origin": lab.base}
    answer = await lab.http.post(f"{lab.path}/network", json={"delay_ms": 1}, headers=own)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, lab.base)
    preflight = await lab.http.options(f"{lab.path}/network", headers=own | PREFLIGHT)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, lab.base)
    async with Lab.open(lab.server) as other:
        for origin in (other.base, "http://evil.example", "null"):
            refused = await lab.http.post(f"{lab.path}/network", json={"delay_ms": 2}, headers={"Origin": origin})
            assert refused.status_code == 403
            with pytest.raises(InvalidStatus):
                await lab.live(origin=origin).__aenter__()
    assert (await lab.http.get(lab.path)).json()["network"]["delay_ms"] == 1


async def test_the_page_may_not_publish_at_the_main_port(lab: Lab, room: str) -> None:
    message = {"sender": "li", "text": "from the lab"}
    answer = await lab.http.post(f"/api/rooms/{room}/messages", json=message, headers={"Origin": lab.base})
    assert answer.status_code == 403


async def test_a_session_is_not_opened_through_a_lab_port(lab: Lab) -> None:
    async with httpx.AsyncClient(base_url=lab.base) as through:
        answer = await through.post("/api/lab/sessions")
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "A lab session is opened at the server's main port, not through a lab port.",
    )


async def test_a_page_at_the_lab_port_may_connect_to_the_main_port_and_nowhere_else(lab: Lab) -> None:
    async with httpx.AsyncClient(base_url=lab.base) as through:
        policy = (await through.get("/sse")).headers["content-security-policy"]
    host, main = lab.base.removeprefix("http://"), lab.server.base.removeprefix("http://")
    own_policy = (await lab.http.get("/sse")).headers["content-security-policy"]
    assert f"connect-src 'self' ws://{host} wss://{host} http://{main} ws://{main};" in policy
    assert f"connect-src 'self' ws://{main} wss://{main};" in own_policy


BAD_COMMANDS = [
    ("network", "[]", 400),
    ("network", '{"delay_ms": 2001}', 422),
    ("network", '{"delay_ms": "much"}', 422),
    ("network", '{"speed": 1}', 422),
    ("faults", "cut", 400),
    ("faults", '{"fault": "burn"}', 422),
    ("faults", '{"fault": "stall"}', 422),
    ("faults", '{"fault": "cut", "seconds": 1}', 422),
    ("faults", '{"fault": "stall", "seconds": 3601}', 422),
    ("faults", '{"fault": "refuse", "seconds": 0}', 422),
]


@pytest.mark.parametrize(("path", "body", "status"), BAD_COMMANDS)
async def test_a_command_that_cannot_be_is_refused_and_changes_nothing(
    lab: Lab, path: str, body: str, status: int
) -> None:
    before = (await lab.http.get(lab.path)).json()
    answer = await lab.http.post(f"{lab.path}/{path}", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (await lab.http.get(lab.path)).json() == before


async def test_of_two_changes_at_once_none_takes_the_other_back(lab: Lab) -> None:
    """The first is under way before the second comes, and ends after it."""
    begun, other_is_done = asyncio.Event(), asyncio.Event()

    async def slow_body() -> AsyncIterator[bytes]:
        yield b'{"delay_ms"'
        begun.set()
        await other_is_done.wait()
        yield b": 5}"

    task = asyncio.create_task(lab.http.post(f"{lab.path}/network", content=slow_body()))
    await begun.wait()
    await lab.set(seed=7)
    other_is_done.set()
    network = (await task).json()["network"]
    assert (network["delay_ms"], network["seed"]) == (5, 7)


@pytest.mark.long
async def test_the_server_knows_the_real_peer_and_no_header_changes_that() -> None:
    """Two publishes a second and address: the relay's own address would be everybody's."""
    with Server("memory", "--publish-rate", "1", "--trusted-proxy", "127.0.0.1") as server:
        async with Lab.open(server) as lab, httpx.AsyncClient(base_url=lab.base) as through:
            statuses = []
            for number in range(2):
                forged = {"X-Forwarded-For": f"192.0.2.{number}"}
                message = {"sender": f"li {number}", "text": "hi"}
                answer = await through.post("/api/rooms/lobby/messages", json=message, headers=forged)
                statuses.append(answer.status_code)
        assert statuses == [201, 429]


# --- ports and ends ---


@pytest.mark.long
async def test_ports_that_are_taken_are_passed_over_and_told_and_when_none_is_left_it_is_503() -> None:
    first = free_ports(3)
    with Server("memory", "--lab-ports", f"{first}-{first + 2}") as server:
        async with httpx.AsyncClient(base_url=server.base) as http:
            with Server("memory", "--port", str(first)):
                answers = [await http.post("/api/lab/sessions") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 503]
    assert [answer.json()["port"] for answer in answers[:2]] == [first + 1, first + 2]
    assert answers[0].json()["passed_over"] == [first]
    assert answers[2].headers["retry-after"] == "30"
    assert answers[2].json()["detail"].startswith(f"No lab port is free (--lab-ports {first}-{first + 2}): 2 sessions")


@pytest.mark.long
async def test_without_lab_ports_there_is_no_lab() -> None:
    with Server("memory", "--lab-ports", "none") as server:
        async with httpx.AsyncClient(base_url=server.base) as http:
            answer = await http.post("/api/lab/sessions")
    assert (answer.status_code, answer.json()["detail"]) == (503, "This server has no lab ports (--lab-ports).")


@pytest.mark.long
async def test_a_session_ends_when_its_page_is_gone() -> None:
    with Server("memory", "--lab-grace-s", "0.05") as server:
        async with Lab.open(server) as lab, httpx.AsyncClient() as client:
            assert (await client.get(f"{lab.base}/api/time")).status_code == 200
            other = (await lab.http.post("/api/lab/sessions")).json()

            async def gone() -> bool:
                return (await lab.http.get(f"/api/lab/sessions/{other['id']}")).status_code == 404

            await until(gone, "the session that nobody watches is gone")
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://127.0.0.1:{other['port']}/api/time")
            assert (await client.get(f"{lab.base}/api/time")).status_code == 200


async def end_of(socket: Any) -> int:
    """Hear a live socket out, and return the code it was closed with."""
    with suppress(ConnectionClosedError):  # any code but 1000 and 1001
        async for _ in socket:
            pass
    return int(socket.close_code)


@pytest.mark.long
async def test_who_watches_is_told_of_the_end_by_1000_and_of_the_servers_by_1012() -> None:
    with Server() as server:
        async with Lab.open(server) as ended, Lab.open(server) as stopped, ended.live() as one, stopped.live() as two:
            await ended.http.delete(ended.path)
            assert await end_of(one) == 1000
            await server.interrupted()
            assert await end_of(two) == 1012
