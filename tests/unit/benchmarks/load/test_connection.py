"""The thin connection: its counts, its one end, and what the kernel says, on a socket of our own too."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from benchmarks.load.connection import Address, Connection, Over, dial
from benchmarks.load.http import Answer, Exchange, request_head
from benchmarks.load.tally import Kernel, Tally, read_tcp_info
from tests.support.until import until
from tests.unit.benchmarks.load.fake_transport import FakeTransport
from tests.unit.benchmarks.load.server_bytes import answer

ON_LINUX = pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Noted:
    """A connection on a fake transport, and what it calls."""

    def __init__(self, receive: Callable[[bytes], None] | None = None) -> None:
        self.tally = Tally()
        self.pieces: list[bytes] = []
        self.losses = 0
        self.connection = Connection(self.tally, receive or self.pieces.append, self._lost)
        self.transport = FakeTransport(self.connection)

    def _lost(self) -> None:
        self.losses += 1


async def test_it_counts_what_is_written_and_what_comes() -> None:
    noted = Noted()
    noted.connection.connection_made(noted.transport)
    noted.connection.write(b"hello")
    noted.transport.receive(b"wor", b"ld")
    assert (noted.transport.written, noted.pieces) == (b"hello", [b"wor", b"ld"])
    assert (noted.connection.bytes_sent, noted.connection.bytes_received) == (5, 5)
    assert noted.tally == Tally(connections_opened=1)  # the bytes are taken over at the end
    noted.connection.close()
    noted.connection.close()
    await asyncio.sleep(0)
    assert noted.transport.is_aborted
    assert noted.losses == 0
    assert noted.tally == Tally(connections_opened=1, bytes_sent=5, bytes_received=5, kernel_unknown=1)


@pytest.mark.parametrize("end", [FakeTransport.cut, FakeTransport.end])
async def test_an_end_from_the_other_side_is_told_once(end: Callable[[FakeTransport], None]) -> None:
    noted = Noted()
    noted.connection.connection_made(noted.transport)
    noted.transport.receive(b"hello")
    end(noted.transport)
    noted.connection.close()
    assert (noted.losses, noted.connection.why) == (1, "")
    expected = Tally(connections_opened=1, connections_lost=1, bytes_received=5, kernel_unknown=1)
    assert noted.tally == expected


@pytest.mark.parametrize(
    ("error", "why", "malformed"),
    [
        (Over("full"), "full", 0),
        (Over(), "", 0),
        (ValueError("no number"), "what the server sent cannot be read: no number", 1),
        (RecursionError("too deep"), "what the server sent cannot be read: too deep", 1),
    ],
)
async def test_what_is_raised_while_receiving_ends_it_with_a_reason(error: Exception, why: str, malformed: int) -> None:
    def receive(data: bytes) -> None:
        raise error

    noted = Noted(receive)
    noted.connection.connection_made(noted.transport)
    noted.connection.data_received(b"hello")
    assert noted.transport.is_aborted
    assert (noted.losses, noted.connection.why, noted.connection.is_open) == (1, why, False)
    noted.connection.data_received(b"more, that the loop had read already")
    await asyncio.sleep(0)
    assert noted.losses == 1
    assert noted.tally.bytes_received == 5
    assert (noted.tally.connections_lost, noted.tally.malformed) == (1, malformed)


async def test_an_error_of_ours_is_not_taken_for_one_of_the_servers() -> None:
    def receive(data: bytes) -> None:
        raise TypeError("a mistake")

    noted = Noted(receive)
    noted.connection.connection_made(noted.transport)
    with pytest.raises(TypeError, match="^a mistake$"):
        noted.connection.data_received(b"hello")


async def test_whoever_is_to_be_told_of_an_answer_may_change() -> None:
    heard: list[tuple[str, Answer | None]] = []
    exchange = Exchange(Tally(), lambda answer: heard.append(("first", answer)), lambda: heard.append(("first", None)))
    transport = FakeTransport(exchange)
    exchange.connection_made(transport)
    exchange.request(b"GET / HTTP/1.1\r\n\r\n")
    exchange.on(lambda answer: heard.append(("second", answer)), lambda: heard.append(("second", None)))
    transport.receive(answer(b"no", b"404 Not Found"))
    transport.cut()
    head_bytes = len(answer(b"no", b"404 Not Found")) - 2
    assert heard == [("second", Answer(404, b"no", head_bytes)), ("second", None)]


async def test_an_answer_that_does_not_come_whole_is_framing() -> None:
    tally = Tally()
    exchange = Exchange(tally, lambda answer: None, lambda: None)
    transport = FakeTransport(exchange)
    exchange.connection_made(transport)
    exchange.request(b"GET / HTTP/1.1\r\n\r\n")
    transport.receive(answer(b"hello")[:-1])
    assert exchange.unfinished_bytes == len(answer(b"hello")) - 1
    exchange.close()
    assert tally.received.framing == tally.bytes_received == len(answer(b"hello")) - 1


def test_a_request_names_the_host_first() -> None:
    address = Address("127.0.0.1", 8000, b"pushdemo.example")
    assert request_head(address, "GET", "/x?after=1", "Accept: */*\r\n") == (
        b"GET /x?after=1 HTTP/1.1\r\nHost: pushdemo.example\r\nAccept: */*\r\n\r\n"
    )


# --- on a real socket ---


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[Address]:
    """Serve one connection, and give the address; at the end it has ended on that side too."""
    is_over = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        is_over.set()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()[:2]
        yield Address(host, port, b"localhost")
        await is_over.wait()


@ON_LINUX
async def test_the_kernel_counts_the_same_bytes_when_we_close() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(100_000))
        await reader.read()

    async with served(echo) as address:
        tally, received = Tally(), bytearray()
        connection = Connection(tally, received.extend, lambda: None)
        await dial(address, connection, lambda: connection.write(b"x" * 100_000))
        await until(lambda: len(received) == 100_000, "all comes back")
        await until(lambda: kernel_of(connection).bytes_sent == 100_000, "all is acknowledged")
        kernel = kernel_of(connection)
        assert (kernel.bytes_sent, kernel.bytes_received) == (100_000, 100_000)
        connection.close()
    assert (tally.kernel_agrees, tally.kernel_differs, tally.kernel_unknown) == (1, 0, 0)
    assert tally.segments_out >= 3  # SYN, ACK, data
    assert tally.segments_in >= 2


@ON_LINUX
async def test_the_kernel_counts_the_same_bytes_when_the_server_closes() -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(5)
        writer.write(b"goodbye")

    async with served(say) as address:
        tally = Tally()
        connection = Connection(tally, lambda data: None, lambda: None)
        await dial(address, connection, lambda: connection.write(b"hello"))
        await until(lambda: tally.connections_lost, "the server closes")
    assert (tally.bytes_sent, tally.bytes_received) == (5, 7)
    assert (tally.kernel_agrees, tally.kernel_differs, tally.kernel_unknown) == (1, 0, 0)


async def test_who_is_not_there_is_said_and_not_told_as_a_loss() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        noted = Noted()
        with pytest.raises(ConnectionRefusedError):
            await dial(Address("127.0.0.1", bound.getsockname()[1], b"localhost"), noted.connection)
    assert (noted.losses, noted.tally) == (0, Tally())


def kernel_of(connection: Connection) -> Kernel:
    kernel = read_tcp_info(connection.transport.get_extra_info("socket"))
    assert kernel is not None  # on Linux it tells
    return kernel
