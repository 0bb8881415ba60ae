"""A relay on the bench: real sockets on loopback, a server that the test plays, and a clock that it may wind."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import pytest

from pushdemo.lab.connection import Address
from pushdemo.lab.relay import UNHINDERED, Clock, Conditions, Relay
from pushdemo.lab.side import RESET
from tests.support.fake_clock import FakeClock
from tests.support.until import until

LOOPBACK = "127.0.0.1"
DELAYED = Conditions(delay_ms=250)
TICK = 1 / 1_024
"""A moment, in seconds: it and quarters of a second add up exactly."""
MIB = 1 << 20


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


class Seen:
    """A watcher that notes what it is told: the name of each thing, and what belongs to it."""

    def __init__(self) -> None:
        self.notes: list[tuple[Any, ...]] = []

    def opened(self, number: int, client: Address, relay: Address, at: float) -> None:
        self.notes.append(("opened", client, relay, at))

    def passed(self, number: int, to_server: bool, data: bytes, came_at: float, at: float) -> None:
        self.notes.append(("passed", to_server, data, came_at, at))

    def ended(self, number: int, to_server: bool, at: float) -> None:
        self.notes.append(("ended", to_server, at))

    def reset(self, number: int, at: float) -> None:
        self.notes.append(("reset", at))

    def closed(self, number: int, at: float) -> None:
        self.notes.append(("closed", at))

    def told(self, number: int, text: str, at: float) -> None:
        self.notes.append(("told", text))

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.notes]

    @property
    def remarks(self) -> list[str]:
        return [note[1] for note in self.notes if note[0] == "told"]

    def passed_bytes(self, to_server: bool) -> bytes:
        return b"".join(note[2] for note in self.notes if note[:2] == ("passed", to_server))

    async def until_told(self, *remarks: str) -> None:
        await until(lambda: self.remarks == list(remarks), f"{remarks} is told")


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

    @property
    def nobody_was_connected_to_the_server(self) -> bool:
        return self._accepted.empty()

    async def both(self) -> tuple[Peer, Peer]:
        """Connect a client, and return both ends."""
        return await self.connect(), await self.accept()

    async def close(self) -> None:
        while not self._accepted.empty():
            await self.accept()
        for peer in self._peers:
            peer.writer.transport.abort()
            with contextlib.suppress(OSError):
                await peer.writer.wait_closed()

    def under_way(self, number: int = 1) -> tuple[int, int]:
        """Return how many bytes a connection's lines hold, to the server and to the client."""
        connection = self.relay.connections[number]
        return connection.client.line.size_bytes, connection.server.line.size_bytes

    async def until_full(self) -> None:
        """Wait until the line to the server holds what it may, and the relay reads no further."""
        await until(lambda: self.relay.connections, "it is accepted")
        client = self.relay.connections[1].client
        await until(lambda: not client.transport.is_reading(), "the line is full")

    async def until_under_way(self, to_server: int, to_client: int, number: int = 1) -> None:
        what = f"{to_server} and {to_client} bytes are under way"
        await until(lambda: number in self.relay.connections and self.under_way(number) == (to_server, to_client), what)


@contextlib.asynccontextmanager
async def bench(
    conditions: Conditions = UNHINDERED, clock: Clock | None = None, **options: Any
) -> AsyncIterator[Bench]:
    """Start a server and a relay before it, which takes `options` besides."""
    accepted: asyncio.Queue[Peer] = asyncio.Queue()
    server = await asyncio.start_server(lambda *pair: accepted.put_nowait(Peer(*pair)), LOOPBACK, 0)
    to = server.sockets[0].getsockname()[:2]
    async with asyncio.timeout(10), Relay(to, conditions, clock=clock, **options) as relay:
        bench = Bench(relay, accepted)
        try:
            yield bench
        finally:  # also where the test failed: uvloop does not end before its sockets
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
