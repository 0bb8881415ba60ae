"""A transport that keeps what is written to it, and clients that were let on it."""

import asyncio
from typing import Any

from benchmarks.load.client import Client, Notes, Target
from benchmarks.load.clients import CLIENTS
from benchmarks.load.connection import Address, Connection
from benchmarks.load.tally import Tally

TARGET = Target(Address("127.0.0.1", 8000, b"127.0.0.1:8000"), "room", long_poll_timeout_s=25)


class FakeTransport(asyncio.Transport):
    """Keeps what is written; `abort` ends the connection as a loop would, a little later."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self.written = b""
        self.is_aborted = False

    def write(self, data: Any) -> None:
        self.written += data

    def abort(self) -> None:
        if not self.is_aborted:
            self.is_aborted = True
            asyncio.get_running_loop().call_soon(self._connection.connection_lost, None)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return None if name != "socket" else _NoSocket()


class _NoSocket:
    def getsockopt(self, *_: int) -> bytes:
        raise OSError


class Dialled:
    """The connections that a client asks for, each made at once on a fake transport."""

    def __init__(self, client: Client) -> None:
        self.transports: list[FakeTransport] = []
        self.connections: list[Connection] = []
        client.dial = self._dial  # type: ignore[method-assign]

    def _dial(self, connection: Connection, made: Any) -> None:
        transport = FakeTransport(connection)
        self.transports.append(transport)
        self.connections.append(connection)
        connection.connection_made(transport)
        made()

    def receive(self, *pieces: bytes) -> None:
        """Let the newest connection receive."""
        connection = self.connections[-1]
        for piece in pieces:
            connection.data_received(piece)


def client(technique: str, target: Target = TARGET) -> tuple[Client, Dialled]:
    """Return a client that has begun, and its connections."""
    made = CLIENTS[technique](7, target, Notes())
    dialled = Dialled(made)
    made.start()
    return made, dialled


def check_sums(tally: Tally) -> None:
    """Hold the accounts to the bytes; all connections must have been closed."""
    assert tally.sent.total == tally.bytes_sent
    assert tally.received.total == tally.bytes_received
