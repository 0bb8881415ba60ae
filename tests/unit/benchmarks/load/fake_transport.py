"""A transport that keeps what is written to it, and clients that were let on it: the test is network and server."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.load.client import Client, Notes, Target
from benchmarks.load.clients import CLIENTS
from benchmarks.load.connection import Address, Connection
from benchmarks.load.tally import Tally
from tests.unit.benchmarks.load import server_bytes

TARGET = Target(Address("127.0.0.1", 8000, b"127.0.0.1:8000"), "room", poll_interval_s=60, long_poll_timeout_s=25)


class FakeTransport(asyncio.Transport):
    """Keeps what is written; `abort` ends the connection as a loop would, a little later."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.written = b""
        self.is_aborted = False

    def write(self, data: Any) -> None:
        assert not self.is_aborted
        self.written += data

    def abort(self) -> None:
        if not self.is_aborted:
            self.is_aborted = True
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, None)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return None if name != "socket" else _NoSocket()

    # --- what the other side does ---

    def receive(self, *pieces: bytes) -> None:
        """Bring these pieces, as far as the connection is not at its end meanwhile."""
        for piece in pieces:
            if not self.is_aborted:
                self.connection.data_received(piece)

    def cut(self) -> None:
        """Reset the connection."""
        self.is_aborted = True
        self.connection.connection_lost(ConnectionResetError())

    def end(self) -> None:
        """Close the connection in an orderly way."""
        self.connection.eof_received()
        self.is_aborted = True
        self.connection.connection_lost(None)

    def take(self) -> bytes:
        """Return what was written since it was last asked for."""
        written, self.written = self.written, b""
        return written


class _NoSocket:
    def getsockopt(self, *_: int) -> bytes:
        raise OSError


class Dialled:
    """The connections that were asked for, each made at once on a fake transport."""

    def __init__(self) -> None:
        self.transports: list[FakeTransport] = []
        self.is_closed = False
        """Whether nobody answers."""

    def dial(self, connection: Connection, made: Callable[[], None]) -> None:
        """Stand in for `Client.dial`, at once."""
        transport = FakeTransport(connection)
        self.transports.append(transport)
        connection.made = made
        connection.connection_made(transport)

    async def create_connection(self, make: Callable[[], Connection], host: str, port: int) -> None:
        """Stand in for the event loop's."""
        assert (host, port) == TARGET.address[:2]
        if self.is_closed:
            raise ConnectionRefusedError("nobody is there")
        connection = make()
        self.dial(connection, connection.made)

    @property
    def newest(self) -> FakeTransport:
        return self.transports[-1]

    @property
    def written(self) -> bytes:
        """What was written on the newest connection."""
        return self.newest.written

    def receive(self, *pieces: bytes) -> None:
        """Let the newest connection receive."""
        self.newest.receive(*pieces)

    def accept(self, fields: str = "") -> bytes:
        """Return the answer to the WebSocket handshake that was written last."""
        return server_bytes.accept(self.written, fields)


def client(technique: str, target: Target = TARGET) -> tuple[Client, Dialled]:
    """Return a client that has begun, and its connections."""
    made = CLIENTS[technique](7, target, Notes())
    dialled = Dialled()
    made.dial = dialled.dial  # type: ignore[method-assign]
    made.start()
    return made, dialled


def dialled_by_loop(monkeypatch: pytest.MonkeyPatch) -> Dialled:
    """Let whoever connects in this event loop connect to the test."""
    dialled = Dialled()
    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", dialled.create_connection)
    return dialled


def come_back(reader: Client) -> None:
    """Let the time pass after which a client whose connection broke connects again."""
    assert reader._timer is not None
    reader._timer.cancel()
    reader._timer = None
    reader.connect()


def arrivals(reader: Client) -> list[tuple[int, int]]:
    """Return who got which message."""
    noted = reader.notes.arrivals
    return list(zip(noted.client, noted.message, strict=True))


def check_sums(tally: Tally) -> None:
    """Hold the accounts to the bytes; all connections must have been closed."""
    assert tally.sent.total == tally.bytes_sent
    assert tally.received.total == tally.bytes_received
    assert min(*tally.sent.values(), *tally.received.values()) >= 0
