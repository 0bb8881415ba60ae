"""What who watches a relay is told, and what is known of a connection's addresses."""

import asyncio
from typing import Any

import pytest

from pushdemo.lab import connection as connection_module
from pushdemo.lab.connection import Address, Connection
from pushdemo.lab.relay import Conditions
from tests.support.fake_clock import FakeClock
from tests.support.until import until
from tests.unit.lab.bench import DELAYED, LOOPBACK, Peer, Seen, bench, slow_to_connect


def address(peer: Peer, name: str) -> Address:
    host, port = peer.writer.get_extra_info(name)
    return host, port


async def test_a_connection_is_told_from_its_opening_to_its_closing() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(clock=clock, watcher=seen) as b:
        client, server = await b.both()
        client.send(b"ping")
        assert await server.receive(4) == b"ping"
        clock.advance(1)
        server.send(b"pong")
        assert await client.receive(4) == b"pong"
        server.writer.write_eof()
        assert await client.reader.read() == b""
        client.writer.write_eof()
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert seen.notes == [
            ("opened", address(client, "sockname"), (LOOPBACK, b.relay.port), 0.0),
            ("passed", True, b"ping", 0.0, 0.0),
            ("passed", False, b"pong", 1.0, 1.0),
            ("ended", False, 1.0),
            ("ended", True, 1.0),
            ("closed", 1.0),
        ]


async def test_data_are_told_when_they_are_handed_on_with_the_moment_when_they_came() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(DELAYED, clock, watcher=seen) as b:
        client, server = await b.both()
        clock.advance(1)
        client.send(b"late")
        await b.until_under_way(4, 0)
        assert seen.names == ["opened"]
        clock.advance(0.125)
        b.relay.stall(2)
        clock.advance(5)
        assert await server.receive(4) == b"late"
        assert seen.notes[1:] == [("passed", True, b"late", 1.0, 3.25)]


@pytest.mark.parametrize("ending", ["client", "server", "cut"])
async def test_a_reset_is_told_once_whoever_it_comes_from(ending: str) -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        client, server = await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        if ending == "cut":
            b.relay.cut()
            b.relay.vanish()  # which finds nothing that could vanish
        else:
            (client if ending == "client" else server).reset()
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert seen.names == ["opened", "reset", "closed"]


async def test_bytes_are_counted_alike_whether_or_not_somebody_watches() -> None:
    async with bench(Conditions(bandwidth_kbit=100_000), watcher=(seen := Seen())) as b:
        client, server = await b.both()
        client.send(bytes(200_000))
        await server.receive(200_000)
        assert b.relay.bytes_to_server == len(seen.passed_bytes(to_server=True)) == 200_000


async def test_the_relays_address_to_the_server_is_known_before_the_server_sees_a_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialed: list[tuple[Address, Address, int]] = []

    def note(own: Address, connection: Connection) -> None:
        dialed.append((own, connection.client_address, connection.traffic.bytes_to_server))

    async with bench(dialed=note) as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        client.send(b"early")
        await b.until_under_way(5, 0)
        assert dialed == []
        go.set()
        server = await b.accept()
        assert await server.receive(5) == b"early"
        assert dialed == [(address(server, "peername"), address(client, "sockname"), 0)]
        assert b.relay.connections[1].relay_address == (LOOPBACK, b.relay.port)


class Transport(asyncio.Transport):
    """Knows one address."""

    def __init__(self, known: Any) -> None:
        super().__init__({"peername": known})


@pytest.mark.parametrize(
    ("known", "address"),
    [(("::1", 8001, 0, 3), ("::1", 8001)), (("127.0.0.1", 8001), ("127.0.0.1", 8001)), (None, ("", 0)), ("", ("", 0))],
)
def test_an_address_is_a_host_and_a_port_where_there_is_one(known: Any, address: Address) -> None:
    assert connection_module._address(Transport(known), "peername") == address
