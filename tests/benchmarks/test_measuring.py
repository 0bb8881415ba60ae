"""A run of each technique against a real server: its ledger, its bytes and its requests are exact."""

import asyncio
from typing import Any

import msgspec
import pytest

from benchmarks.load.client import Target
from benchmarks.load.connection import Address
from benchmarks.load.crowd import Crowd
from benchmarks.load.publisher import Poster, Published, draft, publish
from benchmarks.load.tally import Tally
from benchmarks.models import OPENING_REQUESTS
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.run import Measured, measure
from benchmarks.site import Site, SiteError
from pushdemo.lab.relay import Relay
from tests.support.server import Server
from tests.support.some import some_now
from tests.support.until import until

QUICK = Plan(clients=6, rate=20, duration_s=0.5, poll_interval_s=0.2)
MESSAGES = 10
STREAMS = tuple(OPENING_REQUESTS)


async def measured(technique: str, **changes: Any) -> Measured:
    return await measure(msgspec.structs.replace(QUICK, **changes), technique, asyncio.Event())


def check_bytes(found: Measured) -> None:
    run = found.run
    assert run.accounts.sent.total == run.bytes_sent
    assert run.accounts.received.total == run.bytes_received
    assert run.tcp_info_agrees is True
    assert run.tcp_ip_estimate is not None


@pytest.mark.long
@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_everything_published_arrives_once_and_every_byte_has_an_account(technique: str) -> None:
    found = await measured(technique)
    run = found.run
    assert (run.published, run.acknowledged, run.expected, run.received) == (MESSAGES, MESSAGES, 60, 60)
    assert (run.lost, run.duplicated, run.reordered) == (0, 0, 0)
    check_bytes(found)
    assert run.accounts.received.payload > run.received * QUICK.text_bytes
    assert run.latency_ms.samples == len(found.samples) == 60
    assert run.latency_ms.mean is not None
    assert 0 < run.latency_ms.mean < 1_000
    assert run.server_cpu_us_per_delivery is not None
    assert run.server_cpu_us_per_delivery > 0
    assert run.server_kib_per_client is not None
    if technique in STREAMS:
        assert run.requests == run.theory.requests == 6 * OPENING_REQUESTS[technique]
    assert run.accounts.sent.payload == 0
    assert run.connections_opened == (12 if technique == "socket-io" else 6)
    assert run.sending is not None
    assert (run.sending.messages, run.sending.acknowledged) == (25, 25)
    assert run.sending.accounts.sent.total == run.sending.bytes_sent
    assert run.sending.accounts.received.total == run.sending.bytes_received


@pytest.mark.long
@pytest.mark.parametrize("technique", ["websocket", "socket-io"])
async def test_compressed_payload_is_counted_as_it_crossed_the_network(technique: str) -> None:
    plain, deflated = await measured(technique), await measured(technique, deflate=True)
    check_bytes(deflated)
    assert deflated.run.received == 60
    assert deflated.run.accounts.received.payload < plain.run.accounts.received.payload


@pytest.mark.long
async def test_clients_in_processes_of_their_own_are_told_apart_by_their_number() -> None:
    found = await measured("sse", processes=3)
    assert found.run.lost == 0
    assert set(found.samples.client) == set(range(6))
    check_bytes(found)


@pytest.mark.long
async def test_a_network_of_20_ms_each_way_is_felt_as_such() -> None:
    run = (await measured("websocket", delay_ms=20, rate=10)).run
    assert run.latency_ms.p50 is not None
    assert run.latency_ms.p50 >= 20
    assert run.theory.gap_ms >= 40
    assert run.tcp_info_agrees is True


@pytest.mark.long
async def test_with_nothing_to_publish_the_clients_read_on_in_silence() -> None:
    run = (await measured("sse", rate=0)).run
    assert (run.published, run.received, run.latency_ms.mean, run.theory.holds) == (0, 0, None, None)
    assert run.server_cpu_us_per_delivery is None


@pytest.mark.parametrize("technique", some_now("sse"))
async def test_when_the_server_is_killed_the_loss_stands_in_the_ledger(technique: str) -> None:
    def kill_soon(site: Site, seconds: float) -> None:
        assert site.server is not None
        asyncio.get_running_loop().call_later(seconds / 2, site.server.kill)

    plan = msgspec.structs.replace(QUICK, duration_s=1.0)
    run = (await measure(plan, technique, asyncio.Event(), during=kill_soon)).run
    assert run.published == 20
    assert run.acknowledged < 20
    assert run.lost >= (20 - run.acknowledged) * 6
    assert run.expected == run.received + run.lost
    assert any("The server ended during the run, by signal 9" in warning for warning in run.warnings)
    assert run.accounts.received.total == run.bytes_received
    assert run.sending is None


async def test_interrupted_it_returns_what_there_is() -> None:
    interrupted = asyncio.Event()

    def interrupt_soon(site: Site, seconds: float) -> None:
        asyncio.get_running_loop().call_later(0.2, interrupted.set)

    plan = msgspec.structs.replace(QUICK, duration_s=60)
    run = (await measure(plan, "sse", interrupted, during=interrupt_soon)).run
    assert 0 < run.published < 20
    assert run.lost == 0
    assert run.sending is None


async def test_a_server_elsewhere_is_measured_by_its_own_clock_too(server: Server) -> None:
    run = (await measured("sse", url=server.base)).run
    assert run.lost == 0
    assert run.server_cpu_us_per_delivery is run.server_kib_per_client is None
    assert run.clock_error_ms is not None
    assert run.clock_offset_ms is not None
    assert abs(run.clock_offset_ms) <= run.clock_error_ms  # it is the same clock
    assert run.latency_from_sent_at_ms is not None
    assert run.latency_from_sent_at_ms.samples == 60


async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(SiteError, match="nobody answers at 127.0.0.1:1"):
        await measured("sse", url="http://127.0.0.1:1")


@pytest.mark.parametrize("technique", some_now("long-poll", "socket-io"))
async def test_the_relay_counts_the_same_bytes(server: Server, technique: str, room: str) -> None:
    direct = Address("127.0.0.1", server.port, f"127.0.0.1:{server.port}".encode())
    async with Relay(to=("127.0.0.1", server.port)) as relay:
        target = Target(direct._replace(port=relay.port), room, poll_interval_s=0.05)
        crowd = Crowd.of(technique, target, range(4))
        await crowd.open({})
        poster = Poster(Target(direct, room), Tally())
        published = Published.of(0, [0] * MESSAGES)
        await publish(poster, published, [draft(number, 100, 1) for number in range(MESSAGES)], asyncio.Event())
        poster.close()
        await until(lambda: crowd.received >= 4 * MESSAGES, "all to arrive")
        await crowd.close()
        tally = crowd.notes.tally
        await until(lambda: relay.bytes_to_server == tally.bytes_sent, "the relay to have passed all on")
        assert relay.bytes_to_client == tally.bytes_received
