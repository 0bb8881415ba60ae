"""What passes through the relay: when, in what order and how much, by a clock that the test winds or the machine's."""

import asyncio
import random
import socket
import time
from dataclasses import replace
from typing import Any

import pytest

from pushdemo.lab import relay as relay_module
from pushdemo.lab.delay_line import LINE_BYTES
from pushdemo.lab.relay import UNHINDERED, Conditions, Relay, Traffic
from pushdemo.lab.timing import TIMER_S, SystemClock
from tests.support.fake_clock import FakeClock
from tests.support.until import until
from tests.unit.lab.bench import DELAYED, MIB, TICK, bench, wound


async def test_bytes_pass_both_ways_and_are_counted() -> None:
    async with bench() as b:
        client, server = await b.both()
        client.send(b"ping")
        assert await server.receive(4) == b"ping"
        server.send(b"and pong")
        assert await client.receive(8) == b"and pong"
        assert b.relay.traffic() == [Traffic(1, True, 4, 8)]
        assert b.under_way() == (0, 0)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this system has no IPv6")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_a_relay_at_all_addresses_of_ipv6_is_at_those_of_ipv4_too(address: str) -> None:
    async with Relay(("127.0.0.1", 9), host="::") as relay:
        _, writer = await asyncio.open_connection(address, relay.port)
        await until(lambda: relay.opened == 1, "the relay has accepted")
        writer.close()


async def test_without_conditions_bytes_are_handed_on_without_a_timer() -> None:
    clock = FakeClock()
    async with bench(clock=clock) as b:
        client, server = await b.both()
        client.send(b"at once")
        assert await server.receive(7) == b"at once"
        assert clock.pending == 0


async def test_the_first_bytes_wait_for_the_handshake_that_the_kernel_has_done_too_early() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        client, server = await b.both()
        client.send(b"first")
        await b.until_under_way(5, 0)
        clock.advance(0.75 - TICK)
        assert b.under_way() == (5, 0)
        clock.advance(TICK)
        assert await server.receive(5) == b"first"


async def test_what_a_client_sends_on_an_open_connection_waits_for_the_delay_alone() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        client, server = await b.both()
        clock.advance(0.5)
        for peer, other, held in ((client, server, (4, 0)), (server, client, (0, 4))):
            peer.send(b"data")
            await b.until_under_way(*held)
            clock.advance(0.25 - TICK)
            assert b.under_way() == held
            clock.advance(TICK)
            assert await other.receive(4) == b"data"


async def test_by_the_machines_clock_nothing_is_faster_than_the_delay() -> None:
    async with bench(Conditions(delay_ms=20)) as b:
        connecting = time.perf_counter()
        client, server = await b.both()
        client.send(b"ping")
        await server.receive(4)
        assert time.perf_counter() - connecting >= 0.060
        for _ in range(5):
            sent = time.perf_counter()
            client.send(b"ping")
            server.send(await server.receive(4))
            await client.receive(4)
            assert 0.040 <= time.perf_counter() - sent < 5


async def test_jitter_changes_no_byte_and_no_order() -> None:
    async with bench(Conditions(delay_ms=1, jitter_ms=10, bandwidth_kbit=100_000)) as b:
        client, server = await b.both()
        data = random.Random(1).randbytes(MIB)
        for start in range(0, MIB, 10_007):
            client.send(data[start : start + 10_007])
            server.send(data[start : start + 10_007])
        assert await server.receive(MIB) == data
        assert await client.receive(MIB) == data
        assert b.relay.traffic() == [Traffic(1, True, MIB, MIB)]


async def test_conditions_apply_to_bytes_that_come_from_then_on() -> None:
    clock = FakeClock()
    async with bench(clock=clock) as b:
        client, server = await b.both()
        b.relay.conditions = replace(b.relay.conditions, delay_ms=1_000)
        client.send(b"slow")
        await b.until_under_way(4, 0)
        b.relay.conditions = UNHINDERED
        client.send(b"fast")
        await b.until_under_way(8, 0)
        server.send(b"fast")
        assert await client.receive(4) == b"fast"
        clock.advance(1)
        assert await server.receive(8) == b"slowfast"


async def test_a_limited_bandwidth_lets_much_trickle() -> None:
    clock = FakeClock()
    async with bench(Conditions(bandwidth_kbit=1_000), clock) as b:
        client, server = await b.both()
        server.send(bytes(125_000))
        await b.until_under_way(0, 125_000)
        received = 0
        for tenth in range(1, 11):
            clock.advance(0.1)
            arrived = b.relay.bytes_to_client
            assert received < arrived <= tenth * 12_500 + 1
            await client.receive(arrived - received)
            received = arrived
        clock.advance(0.001)
        await client.receive(125_000 - received)


async def test_a_stall_lets_nothing_pass_until_it_is_over_and_then_all_in_order() -> None:
    clock = FakeClock()
    async with bench(clock=clock) as b:
        client, server = await b.both()
        b.relay.stall(30)
        client.send(b"one")
        await b.until_under_way(3, 0)
        clock.advance(20)
        server.send(b"back")
        await b.until_under_way(3, 4)
        client.send(b"two")
        await b.until_under_way(6, 4)
        clock.advance(10 - TICK)
        assert b.relay.bytes_to_server == b.relay.bytes_to_client == 0
        clock.advance(TICK)
        assert await server.receive(6) == b"onetwo"
        assert await client.receive(4) == b"back"
        client.send(b"three")
        assert await server.receive(5) == b"three"


async def test_a_stall_puts_off_what_is_under_way_and_a_longer_one_counts_not_twice() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        client, server = await b.both()
        clock.advance(1)
        client.send(b"late")
        await b.until_under_way(4, 0)
        clock.advance(0.125)
        b.relay.stall(2)
        b.relay.stall(1)  # is over before the other
        clock.advance(1)
        b.relay.stall(3)  # 4 s from the beginning
        clock.advance(3.125 - TICK)
        assert b.under_way() == (4, 0)
        clock.advance(TICK)
        assert await server.receive(4) == b"late"


async def test_who_connects_in_a_stall_waits_too() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        b.relay.stall(10)
        client, server = await b.both()
        client.send(b"hello")
        server.send(b"hi")
        await b.until_under_way(5, 2)
        clock.advance(10.25 - TICK)
        assert b.under_way() == (5, 2)
        clock.advance(TICK)
        assert await client.receive(2) == b"hi"
        clock.advance(0.5)
        assert await server.receive(5) == b"hello"


@pytest.mark.parametrize("seconds", [-1, 3_601, float("nan")])
async def test_an_impossible_stall_is_refused(seconds: float) -> None:
    async with bench() as b:
        with pytest.raises(ValueError) as error:
            b.relay.stall(seconds)
        assert str(error.value) == f"a stall is from 0 to 3,600 seconds; this came: {seconds}"


@pytest.mark.parametrize("conditions", [UNHINDERED, Conditions(delay_ms=1)], ids=["unhindered", "delayed"])
async def test_a_receiver_that_does_not_read_holds_the_sender_back_and_loses_nothing(conditions: Conditions) -> None:
    async with bench(conditions) as b:
        client, server = await b.both()
        server.writer.transport.pause_reading()  # type: ignore[attr-defined]
        data = random.Random(2).randbytes(32 * MIB)
        client.send(data)
        await b.until_full()
        assert LINE_BYTES / 2 < b.under_way()[0] <= LINE_BYTES + MIB
        server.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert await server.receive(len(data)) == data


async def test_a_full_line_holds_the_sender_back_until_half_of_it_is_gone() -> None:
    clock = FakeClock()
    conditions = Conditions(bandwidth_kbit=1_000)
    async with bench(conditions, clock) as b:
        client, server = await b.both()
        data = random.Random(3).randbytes(16 * MIB)
        client.send(data)
        await b.until_full()
        assert conditions.line_bytes < b.under_way()[0] <= conditions.line_bytes + MIB
        receiving = asyncio.create_task(server.receive(len(data)))
        await until(lambda: wound(clock, 5) and receiving.done(), "all has arrived")
        assert await receiving == data


async def test_what_all_lines_hold_together_may_be_bounded() -> None:
    """Ten gigabits per second, four seconds under way: by the conditions alone one line would hold 5 GB."""
    vast = Conditions(delay_ms=2_000, jitter_ms=2_000, bandwidth_kbit=10_000_000)
    async with bench(vast, FakeClock(), most_held_bytes=2 * MIB) as b:
        assert b.relay.line_bytes == MIB
        client = await b.connect()
        client.send(bytes(16 * MIB))
        await b.until_full()
        assert MIB < b.under_way()[0] <= 2 * MIB
        await b.connect()
        await until(lambda: len(b.relay.connections) == 2, "another is accepted")
        assert b.relay.line_bytes == MIB // 2


async def test_no_socket_waits_for_acknowledgements() -> None:
    async with bench() as b:
        await b.both()
        await until(lambda: 1 in b.relay.connections and b.relay.connections[1].server.connected, "it is connected")
        for side in (b.relay.connections[1].client, b.relay.connections[1].server):
            assert side.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_connections_do_not_mix_and_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "CLOSED_KEPT", 3)
    async with bench(Conditions(jitter_ms=3)) as b:
        for number in range(1, 101):
            client, server = await b.both()
            client.send(b"%3d" % number)
            assert await server.receive(3) == b"%3d" % number
            client.reset()
        await until(lambda: b.relay.closed == 100, "all are closed")
        open_one, server = await b.both()
        open_one.send(b"101")
        await server.receive(3)
        assert b.relay.stats() == {
            "opened": 101,
            "closed": 100,
            "bytes_to_server": 303,
            "bytes_to_client": 0,
            "connections": [
                {"number": number, "open": number == 101, "bytes_to_server": 3, "bytes_to_client": 0}
                for number in (98, 99, 100, 101)
            ],
        }


async def test_no_timer_is_so_short_that_uvloop_takes_it_for_none() -> None:
    timer: Any = SystemClock().call_later(0.0001, lambda: None)
    assert timer.when() - asyncio.get_running_loop().time() > TIMER_S / 2
    timer.cancel()
