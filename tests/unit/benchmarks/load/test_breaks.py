"""What a client notes of a connection that breaks, and with which cursor it comes back."""

import asyncio
from collections.abc import Callable
from typing import Any

from benchmarks.load.client import Client, Notes, Target
from benchmarks.load.clients import CLIENTS
from benchmarks.load.connection import Address, Connection
from benchmarks.load.polling import LongPoll, ShortPoll

TARGET = Target(Address("127.0.0.1", 1, b"localhost:1"), "lobby", poll_interval_s=60)
MESSAGE = b'{"id":"k3f9-2","room":"lobby","sender":"li","text":"00000000001 seat.","sent_at":1763791234567}'
NOBODY_THERE = OSError("there is no socket")


class Wire:
    """A transport that keeps what is written to it; the test is the network and the server."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.written = b""
        connection.connection_made(self)  # type: ignore[arg-type]

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        pass

    def get_extra_info(self, name: str) -> "Wire":
        return self

    def getsockopt(self, *_: Any) -> bytes:
        raise NOBODY_THERE

    def answer(self, cursor: str, messages: bytes = b"") -> None:
        """Answer a poll."""
        body = b'{"cursor":"%s","messages":[%s]}' % (cursor.encode(), messages)
        self.connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def cut(self) -> None:
        """Reset the connection."""
        self.connection.connection_lost(ConnectionResetError())


class Network:
    """Lets a client connect to the test; `wires` are its connections."""

    def __init__(self, client: Client) -> None:
        self.wires: list[Wire] = []
        client.dial = self._dial  # type: ignore[method-assign]

    def _dial(self, connection: Connection, made: Callable[[], None]) -> None:
        self.wires.append(Wire(connection))
        made()


def reading(technique: type[Client]) -> tuple[Client, Network]:
    """Return a client of polling that has its place in the feed, and has asked again if its technique does so."""
    client = technique(7, TARGET, Notes())
    network = Network(client)
    client.start()
    network.wires[0].answer("k3f9-1")
    return client, network


async def test_a_long_poll_that_is_cut_while_it_is_held_is_a_break_and_is_sent_again_at_once_with_its_cursor() -> None:
    client, network = reading(LongPoll)
    network.wires[0].cut()
    assert client.notes.breaks == []  # it is not back yet
    assert b"after=k3f9-1 " in network.wires[1].written
    network.wires[1].answer("k3f9-2", MESSAGE)
    assert client.is_ready
    assert client.cursor == "k3f9-2"
    [(number, lost_ns, back_ns)] = client.notes.breaks
    assert number == 7
    assert lost_ns <= back_ns
    client.stop()


async def test_a_long_poll_that_is_cut_on_its_first_connection_waits_before_it_comes_back() -> None:
    client, network = reading(LongPoll)
    network.wires[0].cut()
    network.wires[1].cut()
    assert len(network.wires) == 2
    assert client._timer is not None
    client.stop()


async def test_a_short_polling_client_does_not_notice_a_cut_between_two_polls() -> None:
    client, network = reading(ShortPoll)
    network.wires[0].cut()
    assert client.is_ready
    assert len(network.wires) == 1
    assert isinstance(client, ShortPoll)
    client.poll()
    assert b"after=k3f9-1 " in network.wires[1].written
    network.wires[1].answer("k3f9-2", MESSAGE)
    assert client.cursor == "k3f9-2"
    assert client.notes.breaks == []
    client.stop()


async def test_a_short_poll_that_is_cut_under_way_is_a_break_and_is_sent_again_at_once() -> None:
    client, network = reading(ShortPoll)
    assert isinstance(client, ShortPoll)
    client.poll()
    network.wires[0].cut()
    assert b"after=k3f9-1 " in network.wires[1].written
    network.wires[1].answer("k3f9-1")
    assert [number for number, _, _ in client.notes.breaks] == [7]
    client.stop()


async def test_a_short_poll_that_is_cut_on_its_first_connection_is_left_to_the_next() -> None:
    client, network = reading(ShortPoll)
    assert isinstance(client, ShortPoll)
    network.wires[0].cut()
    client.poll()
    network.wires[1].cut()
    assert len(network.wires) == 2
    assert client.notes.breaks == []
    client.poll()
    network.wires[2].answer("k3f9-1")
    assert [number for number, _, _ in client.notes.breaks] == [7]
    client.stop()


async def test_streams_come_back_with_their_cursor() -> None:
    for technique, where in (("sse", b"Last-Event-ID: k3f9-4\r\n"), ("websocket", b"after=k3f9-4 ")):
        client = CLIENTS[technique](7, TARGET, Notes())
        network = Network(client)
        client.opened("k3f9-4")
        client.connect()
        network.wires[0].cut()
        assert client._timer is not None
        client._timer.cancel()
        client.connect()  # what the timer calls
        assert where in network.wires[1].written
        client.opened("k3f9-4")
        assert [number for number, _, _ in client.notes.breaks] == [7]
        client.stop()


async def test_what_breaks_after_the_end_is_no_break() -> None:
    client, network = reading(LongPoll)
    client.stop()
    network.wires[0].cut()
    await asyncio.sleep(0)
    assert client.notes.breaks == []
    assert len(network.wires) == 1
