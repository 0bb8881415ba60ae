"""The network that vanishes, and the server that refuses."""

import re
import socket

import pytest

from pushdemo.lab.relay import Conditions, Relay
from tests.support.fake_clock import FakeClock
from tests.support.until import until
from tests.unit.lab.bench import DELAYED, LOOPBACK, TICK, Seen, bench, is_reset, slow_to_connect

VANISHED = "vanished: nothing passes any more"


async def test_in_a_network_that_vanished_nothing_passes_and_what_was_under_way_is_gone() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(DELAYED, clock, watcher=seen) as b:
        client, server = await b.both()
        client.send(b"under way")
        await b.until_under_way(9, 0)
        assert b.relay.vanish() == 1
        assert b.relay.vanished
        await seen.until_told(VANISHED, "vanished: 9 bytes to the server are gone")
        server.send(b"x")
        await until(lambda: len(seen.remarks) == 3, "it is thrown away")
        client.send(b"later")
        await until(lambda: len(seen.remarks) == 4, "it is thrown away")
        assert seen.remarks[2:] == [
            "vanished: 1 byte to the client is gone",
            "vanished: 5 bytes to the server are gone",
        ]
        clock.advance(10)
        assert b.relay.bytes_to_server == b.relay.bytes_to_client == clock.pending == 0


@pytest.mark.parametrize("leaving", ["client", "server"])
@pytest.mark.parametrize("how", ["has ended", "is gone"])
async def test_when_one_side_leaves_the_other_is_not_told_until_the_connection_is_cut(leaving: str, how: str) -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        client, server = await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        first, second = (client, server) if leaving == "client" else (server, client)
        staying = "server" if leaving == "client" else "client"
        b.relay.vanish()
        if how == "has ended":
            first.writer.close()
        else:
            first.reset()
        await seen.until_told(VANISHED, f"vanished: the {leaving} {how}, and the {staying} is not told")
        second.send(b"are you there?")
        await until(lambda: len(seen.remarks) == 3, "it is thrown away")
        assert not second.reader.at_eof()
        assert b.relay.traffic()[0].open
        b.relay.cut()
        await is_reset(second)
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert seen.names[-2:] == ["reset", "closed"]


async def test_closing_the_relay_ends_what_had_vanished_and_what_is_over_cannot_vanish() -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        client, server = await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        b.relay.vanish()
        b.relay.cut()
        b.relay.vanish()
        await b.relay.close()  # which cuts once more
        await is_reset(client)
        await is_reset(server)
        assert seen.names == ["opened", "told", "reset", "closed"]


async def test_a_connection_that_vanished_is_read_on_where_its_line_was_full() -> None:
    seen = Seen()
    async with bench(Conditions(bandwidth_kbit=1_000), FakeClock(), watcher=seen) as b:
        client = await b.connect()
        client.send(bytes(8 << 20))
        await b.until_full()
        b.relay.vanish()
        await until(lambda: gone(seen) + b.relay.bytes_to_server == 8 << 20, "all of it is thrown away")


def gone(seen: Seen) -> int:
    """How many bytes were told to be gone."""
    sizes = [re.search(r"([\d,]+) bytes", remark) for remark in seen.remarks]
    return sum(int(size[1].replace(",", "")) for size in sizes if size)


async def test_who_connects_meanwhile_is_accepted_and_never_answered() -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        b.relay.vanish()
        client = await b.connect()
        client.send(b"hello?")
        await seen.until_told(VANISHED, "vanished: 6 bytes to the server are gone")
        client.writer.write_eof()
        await until(lambda: len(seen.remarks) == 3, "its end is swallowed, too")
        assert b.nobody_was_connected_to_the_server
        assert not client.reader.at_eof()


async def test_those_that_vanished_can_be_ended_and_all_others_go_on() -> None:
    async with bench() as b:
        old_client, old_server = await b.both()
        b.relay.vanish()
        b.relay.come_back()
        client, server = await b.both()
        assert b.relay.cut_vanished() == 1
        await is_reset(old_client)
        await is_reset(old_server)
        client.send(b"on")
        assert await server.receive(2) == b"on"
        assert b.relay.cut_vanished() == 0


async def test_after_it_has_come_back_new_connections_pass_and_those_that_vanished_stay_dead() -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        old, _ = await b.both()
        b.relay.vanish()
        b.relay.come_back()
        assert not b.relay.vanished
        client, server = await b.both()
        client.send(b"back")
        assert await server.receive(4) == b"back"
        old.send(b"dead")
        await seen.until_told(VANISHED, "vanished: 4 bytes to the server are gone")
        assert b.relay.bytes_to_server == 4


async def test_who_is_just_being_connected_to_the_server_vanishes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        client.send(b"early")
        await b.until_under_way(5, 0)
        b.relay.vanish()
        go.set()
        server = await b.accept()
        server.send(b"hi")
        await until(lambda: seen.remarks[2:] == ["vanished: 2 bytes to the client are gone"], "it is thrown away")


async def test_the_server_is_left_a_reset_where_the_client_vanished_and_left_before_it_was_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bench() as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        await until(lambda: b.relay.connections, "it is accepted")
        b.relay.vanish()
        client.reset()
        await until(lambda: b.relay.closed == 1, "it is closed")
        go.set()
        await is_reset(await b.accept())


async def test_that_there_is_no_server_is_not_told_either(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen()
    async with bench(watcher=seen) as b:
        with socket.socket() as nobody:
            nobody.bind((LOOPBACK, 0))  # and does not listen
            b.relay.to = nobody.getsockname()
            go = slow_to_connect(b, monkeypatch)
            client = await b.connect()
            await until(lambda: b.relay.connections, "it is accepted")
            b.relay.vanish()
            go.set()
            await until(lambda: not b.relay._connecting, "it could not be connected")
        client.send(b"anybody?")
        await seen.until_told(VANISHED, "vanished: 8 bytes to the server are gone")
        assert "reset" not in seen.names


async def test_who_connects_while_it_refuses_is_reset_and_open_connections_go_on() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(clock=clock, watcher=seen) as b:
        client, server = await b.both()
        b.relay.refuse(30)
        b.relay.refuse(10)  # is over before the other
        assert b.relay.refusing_until == 30
        clock.advance(30 - TICK)
        await is_reset(await b.connect())
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert seen.names[1:] == ["opened", "told", "reset", "closed"]
        assert seen.remarks == ["refused"]
        client.send(b"still here")
        assert await server.receive(10) == b"still here"
        clock.advance(TICK)
        again, server = await b.both()
        again.send(b"let in")
        assert await server.receive(6) == b"let in"


async def test_who_connects_when_as_many_as_may_be_are_open_is_reset_and_they_go_on() -> None:
    seen = Seen()
    async with bench(watcher=seen, most_connections=2) as b:
        client, server = await b.both()
        await b.both()
        await is_reset(await b.connect())
        assert seen.remarks == ["refused: 2 connections are open already"]
        client.reset()
        await until(lambda: len(b.relay.connections) == 1, "one is gone")
        client, server = await b.both()
        client.send(b"x")
        assert await server.receive(1) == b"x"


@pytest.mark.parametrize("seconds", [-1, 3_601, float("nan")])
def test_an_impossible_time_of_refusing_is_refused(seconds: float) -> None:
    relay = Relay((LOOPBACK, 8000))
    with pytest.raises(ValueError) as error:
        relay.refuse(seconds)
    assert str(error.value) == f"refusing is from 0 to 3,600 seconds; this came: {seconds}"
