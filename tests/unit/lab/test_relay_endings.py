"""How connections through the relay end, by their own doing and by the relay's, and what comes before they begin."""

import asyncio
import socket

import pytest

from pushdemo.lab.relay import Conditions, Relay, Traffic
from tests.support import fake_clock
from tests.support.fake_clock import FakeClock
from tests.support.until import until
from tests.unit.lab.bench import DELAYED, LOOPBACK, Peer, bench, is_reset, slow_to_connect, wound


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


async def test_closing_the_relay_in_the_moment_when_it_is_connected_to_the_server_resets_both_ends() -> None:
    async with bench() as b:
        client, server = await b.both()
        # In this very turn of the event loop: the relay's own task has not yet heard of it.
        await fake_clock.until(lambda: b.relay.connections[1].server.connected)
        await b.relay.close()
        await is_reset(client)
        await is_reset(server)


async def test_a_client_that_is_accepted_while_the_relay_closes_is_reset() -> None:
    async with bench() as b:
        await b.relay.close()
        ours, theirs = socket.socketpair()
        with theirs:
            await asyncio.get_running_loop().connect_accepted_socket(b.relay._accept, ours)
            await until(lambda: b.relay.closed == b.relay.opened == 1, "it is closed")
            assert theirs.recv(1) == b""
