"""The thin connection of all clients: it counts what crosses the socket, and hands it to a parser."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, cast

from benchmarks.load.tally import Kernel, Tally, read_tcp_info

MALFORMED = (ValueError, RecursionError)
"""What parsers raise: of bytes, text and JSON, and of JSON that goes too deep."""


class Address(NamedTuple):
    """Where a server listens, and what stands in `Host`."""

    host: str
    port: int
    name: bytes


class Over(Exception):
    """Raised while receiving: the server has made an end of it. Its text says why, where that is not usual."""


def _nothing() -> None:
    pass


class Connection(asyncio.Protocol):
    """One TCP connection.

    Args:
        tally: takes over its counts when it is closed.
        receive: called with the bytes as they come. It raises `Over` where they make an end of the connection, and
            ValueError where they are not what a server sends; what it has not accounted for by then is left to `lost`.
        lost: called once, when it has ended without `close` having been called; `why` then says what is known of it.
    """

    __slots__ = (
        "_kernel",
        "_lost",
        "_tally",
        "bytes_received",
        "bytes_sent",
        "is_open",
        "made",
        "receive",
        "transport",
        "why",
    )

    transport: asyncio.Transport

    def __init__(self, tally: Tally, receive: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._tally = tally
        self._lost = lost
        self._kernel: Kernel | None = None
        self.made: Callable[[], None] = _nothing
        self.receive = receive
        self.bytes_sent = 0
        self.bytes_received = 0
        self.is_open = False
        self.why = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent
        self.is_open = True
        self._tally.connections_opened += 1
        self.made()

    def data_received(self, data: bytes) -> None:
        self.bytes_received += len(data)
        if self.is_open:
            try:
                self.receive(data)
            except Over as over:
                self._give_up(str(over))
            except MALFORMED as error:
                self._tally.malformed += 1
                self._give_up(f"what the server sent cannot be read: {error}")

    def _give_up(self, why: str) -> None:
        self.why = why
        if self.is_open:  # or `receive` has closed it by itself
            self.close()
            self._tally.connections_lost += 1
        self._lost()

    def write(self, data: bytes) -> None:
        """Send `data`."""
        self.bytes_sent += len(data)
        self.transport.write(data)

    def eof_received(self) -> None:
        """Ask the kernel while it still knows."""
        if self.is_open:
            self._kernel = read_tcp_info(self.transport.get_extra_info("socket"))

    def connection_lost(self, error: Exception | None) -> None:
        if self.is_open:
            self._end(self._kernel)
            self._tally.connections_lost += 1
            self._lost()

    def close(self) -> None:
        """End it at once, with what the kernel has counted so far."""
        if self.is_open:
            self._end(read_tcp_info(self.transport.get_extra_info("socket")))
            self.transport.abort()

    def _end(self, kernel: Kernel | None) -> None:
        self.is_open = False
        self._tally.close(self.bytes_sent, self.bytes_received, kernel)


async def dial(address: Address, connection: Connection, made: Callable[[], None] = _nothing) -> None:
    """Connect.

    Args:
        address: where to.
        connection: what is to be connected.
        made: called as soon as it is, and before it can be lost again; when this returns, it may be lost already.

    Raises:
        OSError: nobody answers there.
    """
    connection.made = made
    await asyncio.get_running_loop().create_connection(lambda: connection, address.host, address.port)
