"""The relay between real sockets on loopback, with a clock that the test winds and, where it says so, the machine's."""

import asyncio
import contextlib
import random
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from pushdemo.lab import relay as relay_module
from pushdemo.lab.connection import RESET, TIMER_S, Clock, SystemClock, Traffic
from pushdemo.lab.delay_line import LINE_BYTES, UNHINDERED
from pushdemo.lab.relay import Conditions, Relay
from tests.support.fake_clock import FakeClock
from tests.support.until import until

LOOPBACK = "127.0.0.1"
DELAYED = Conditions(delay_ms=250)
TICK = 1 / 1_024
"""A moment, in seconds: it and quarters of a second add up exactly."""
MIB = 1 << 20


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Run on the event loop of the standard library and on uvloop, whose sockets and timers are others."""
    if request.param:
        pytest.importorskip("uvloop", reason="uvloop is not for Windows")
    return "asyncio", {"use_uvloop": request.param}


class Peer(NamedTuple):
    """One end of a connection, the client's or the server's."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def receive(self, size: int) -> bytes:
        return await self.reader.readexactly(size)

    def reset(self) -> None:
        """Break it off by RST."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()


class Bench:
    """A server that a test plays, and a relay before it."""

    def __init__(self, relay: Relay, accepted: asyncio.Queue[Peer]) -> None:
        self.relay = relay
        self._accepted = accepted
        self._peers: list[Peer] = []

    async def connect(self) -> Peer:
        """Connect a client to the relay."""
        self._peers.append(Peer(*await asyncio.open_connection(LOOPBACK, self.relay.port)))
        return self._peers[-1]

    async def accept(self) -> Peer:
        """Take the relay's connection to the server."""
        self._peers.append(await self._accepted.get())
        return self._peers[-1]

    async def both(self) -> tuple[Peer, Peer]:
        """Connect a client, and return both ends."""
        return await self.connect(), await self.accept()

    async def close(self) -> None:
        for peer in self._peers:
            peer.writer.transport.abort()
            with contextlib.suppress(OSError):
                await peer.writer.wait_closed()

    def under_way(self, number: int = 1) -> tuple[int, int]:
        """Return how many bytes a connection's lines hold, to the server and to the client."""
        connection = self.relay.connections[number]
        return connection.client.line.size_bytes, connection.server.line.size_bytes

    async def until_under_way(self, to_server: int, to_client: int, number: int = 1) -> None:
        what = f"{to_server} and {to_client} bytes are under way"
        await until(lambda: number in self.relay.connections and self.under_way(number) == (to_server, to_client), what)


@contextlib.asynccontextmanager
async def bench(conditions: Conditions = UNHINDERED, clock: Clock | None = None) -> AsyncIterator[Bench]:
    accepted: asyncio.Queue[Peer] = asyncio.Queue()
    server = await asyncio.start_server(lambda *pair: accepted.put_nowait(Peer(*pair)), LOOPBACK, 0)
    async with asyncio.timeout(10), Relay(server.sockets[0].getsockname()[:2], conditions, clock=clock) as relay:
        bench = Bench(relay, accepted)
        yield bench
        await bench.close()
    server.close()


def wound(clock: FakeClock, seconds: float) -> bool:
    """Let time pass while a fact is waited for that takes both: it, and the kernel."""
    clock.advance(seconds)
    return True


async def is_reset(peer: Peer) -> None:
    """Hold `peer` to being broken off by RST."""
    with pytest.raises(ConnectionResetError):
        await peer.reader.read()


async def test_bytes_pass_both_ways_and_are_counted() -> None:
    async with bench() as b:
        client, server = await b.both()
        client.send(b"ping")
        assert await server.receive(4) == b"ping"
        server.send(b"and pong")
        assert await client.receive(8) == b"and pong"
        assert b.relay.traffic() == [Traffic(1, True, 4, 8)]
        assert b.under_way() == (0, 0)


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


async def test_an_end_is_passed_on_behind_the_bytes_and_the_other_direction_goes_on() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        client, server = await b.both()
        client.send(b"request")
        client.writer.write_eof()
        await b.until_under_way(7, 0)
        clock.advance(1)
        assert await server.receive(7) == b"request"
        await until(lambda: wound(clock, 0.1) and server.reader.at_eof(), "the end has come")
        server.send(b"answer")
        await b.until_under_way(0, 6)
        clock.advance(1)
        assert await client.receive(6) == b"answer"
        server.writer.write_eof()
        await until(lambda: wound(clock, 0.1) and client.reader.at_eof(), "the end has come")
        await until(lambda: b.relay.closed == 1, "both ends have ended")
        assert b.relay.connections == {}
        assert b.relay.traffic() == [Traffic(1, False, 7, 6)]


@pytest.mark.parametrize("ending", ["client", "server"])
async def test_closing_one_end_closes_the_other(ending: str) -> None:
    async with bench() as b:
        client, server = await b.both()
        first, second = (client, server) if ending == "client" else (server, client)
        first.send(b"bye")
        first.writer.close()
        assert await second.reader.read() == b"bye"
        second.writer.close()
        await until(lambda: b.relay.closed == 1, "the connection is closed")


async def test_cutting_resets_both_ends_and_loses_what_is_under_way() -> None:
    clock = FakeClock()
    async with bench(DELAYED, clock) as b:
        client, server = await b.both()
        others = await b.both()
        client.send(b"lost")
        await b.until_under_way(4, 0)
        assert b.relay.cut() == 2
        for peer in (client, server, *others):
            await is_reset(peer)
        await until(lambda: b.relay.closed == 2, "all is closed")
        assert clock.pending == 0
        assert b.relay.traffic() == [Traffic(1, False, 0, 0), Traffic(2, False, 0, 0)]
        assert b.relay.cut() == 0


@pytest.mark.parametrize("resetting", ["client", "server"])
async def test_a_reset_is_passed_on_at_once(resetting: str) -> None:
    async with bench(Conditions(delay_ms=10_000), FakeClock()) as b:
        client, server = await b.both()
        first, second = (client, server) if resetting == "client" else (server, client)
        first.reset()
        await is_reset(second)
        await until(lambda: b.relay.closed == 1, "the connection is closed")


async def test_a_client_is_reset_where_there_is_no_server() -> None:
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))  # and does not listen
        async with asyncio.timeout(10), Relay(nobody.getsockname()) as relay:
            reader, writer = await asyncio.open_connection(LOOPBACK, relay.port)
            await is_reset(Peer(reader, writer))
            writer.close()
            await until(lambda: relay.closed == 1, "the connection is closed")


async def test_after_the_server_has_moved_new_clients_are_passed_on_to_it() -> None:
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))
        async with bench() as b:
            b.relay.to, there = nobody.getsockname(), b.relay.to
            await is_reset(await b.connect())
            b.relay.to = there
            client, server = await b.both()
            client.send(b"found")
            assert await server.receive(5) == b"found"


def slow_to_connect(b: Bench, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let the relay's connecting to the server wait for the event that is returned."""
    loop, go = asyncio.get_running_loop(), asyncio.Event()
    connect: Callable[..., Any] = loop.create_connection

    async def wait_and_connect(protocol: Any, host: str, port: int, **options: Any) -> Any:
        if port == b.relay.to[1]:
            await go.wait()
        return await connect(protocol, host, port, **options)

    monkeypatch.setattr(loop, "create_connection", wait_and_connect)
    return go


async def test_what_comes_while_the_relay_connects_to_the_server_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench() as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        client.send(b"early")
        client.writer.write_eof()
        await b.until_under_way(5, 0)
        go.set()
        assert await (await b.accept()).reader.read() == b"early"


async def test_a_client_that_is_cut_while_the_relay_connects_leaves_the_server_a_reset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bench() as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        await until(lambda: b.relay.connections, "it is accepted")
        b.relay.cut()
        await is_reset(client)
        await until(lambda: b.relay.closed == 1, "it is closed")
        go.set()
        await is_reset(await b.accept())
        assert b.relay.closed == 1


async def test_closing_the_relay_while_it_connects_resets_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench() as b:
        slow_to_connect(b, monkeypatch)
        client = await b.connect()
        await until(lambda: b.relay.connections, "it is accepted")
        await b.relay.close()
        await is_reset(client)
        with pytest.raises(ConnectionRefusedError):
            await b.connect()
        await b.relay.close()  # once more is no harm


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
        await until(lambda: b.under_way()[0] > LINE_BYTES, "the line is full")
        held = b.under_way()[0]
        assert held <= LINE_BYTES + MIB
        server.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert await server.receive(len(data)) == data


async def test_a_full_line_holds_the_sender_back_until_half_of_it_is_gone() -> None:
    clock = FakeClock()
    conditions = Conditions(bandwidth_kbit=1_000)
    async with bench(conditions, clock) as b:
        client, server = await b.both()
        data = random.Random(3).randbytes(16 * MIB)
        client.send(data)
        await until(lambda: b.under_way()[0] > conditions.line_bytes, "the line is full")
        assert b.under_way()[0] <= conditions.line_bytes + MIB
        receiving = asyncio.create_task(server.receive(len(data)))
        await until(lambda: wound(clock, 5) and receiving.done(), "all has arrived")
        assert await receiving == data


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
