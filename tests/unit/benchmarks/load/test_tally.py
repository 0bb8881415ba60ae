"""What the kernel says of a connection: the counts in its struct tcp_info, on sockets of our own."""

import socket
import struct
from collections.abc import Iterator
from typing import Any, cast

import pytest

from benchmarks.accounts import Accounts
from benchmarks.load.tally import Kernel, Tally, read_tcp_info

ESTABLISHED, CLOSE_WAIT = 1, 8


class Told:
    """A socket whose kernel tells this."""

    def __init__(self, info: bytes) -> None:
        self._info = info

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        return self._info[:size]


def told(state: int, size: int = 232) -> Kernel | None:
    """Return what is read of a connection in this state that has sent 100 bytes and received 50."""
    info = bytearray(size)
    info[0] = state
    struct.pack_into("=QQII", info, 120, 101, 50, 7, 6)  # the SYN counts as one acknowledged byte
    return read_tcp_info(cast(Any, Told(bytes(info))))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return the two ends of a connection by TCP."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield client, server


def test_the_counts_stand_at_their_places() -> None:
    assert told(ESTABLISHED) == Kernel(100, 50, 7, 6)


def test_the_other_sides_fin_is_no_byte() -> None:
    assert told(CLOSE_WAIT) == Kernel(100, 49, 7, 6)


def test_an_older_kernel_that_tells_less_tells_nothing() -> None:
    assert told(ESTABLISHED, 200) is None


def test_a_system_without_this_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "TCP_INFO", raising=False)
    assert told(ESTABLISHED) is None


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells")
def test_a_fin_that_nobody_has_read_yet_is_not_counted(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    server.sendall(b"hello")
    server.shutdown(socket.SHUT_WR)
    assert client.recv(5, socket.MSG_WAITALL) == b"hello"
    assert client.recv(1, socket.MSG_PEEK) == b""  # the FIN is there
    kernel = read_tcp_info(client)
    assert kernel is not None
    assert kernel.bytes_received == 5


def test_what_has_no_such_counts_tells_nothing() -> None:
    with socket.socket(socket.AF_UNIX) as local, socket.socket() as closed:
        closed.close()
        assert read_tcp_info(local) is None
        assert read_tcp_info(closed) is None


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells")
def test_both_ends_count_the_same_bytes(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    before = read_tcp_info(client)
    assert before is not None
    assert (before.bytes_sent, before.bytes_received) == (0, 0)
    client.sendall(b"x" * 10_000)
    assert len(server.recv(10_000, socket.MSG_WAITALL)) == 10_000
    server.sendall(b"y" * 70_000)
    assert len(client.recv(70_000, socket.MSG_WAITALL)) == 70_000
    ours, theirs = read_tcp_info(client), read_tcp_info(server)
    assert ours is not None
    assert theirs is not None
    assert (ours.bytes_sent, ours.bytes_received) == (10_000, 70_000)
    assert theirs.bytes_received == 10_000
    assert before.segments_out < ours.segments_out <= theirs.segments_in + 1


def test_closing_a_connection_takes_over_its_counts() -> None:
    tally = Tally(bytes_sent=1, segments_in=1)
    tally.close(100, 50, Kernel(100, 50, 7, 6))
    assert tally == Tally(bytes_sent=101, bytes_received=50, segments_out=7, segments_in=7, kernel_agrees=1)


@pytest.mark.parametrize("kernel", [Kernel(101, 50, 7, 6), Kernel(100, 49, 7, 6)])
def test_a_kernel_that_counts_other_bytes_is_counted(kernel: Kernel) -> None:
    tally = Tally()
    tally.close(100, 50, kernel)
    assert tally == Tally(bytes_sent=100, bytes_received=50, segments_out=7, segments_in=6, kernel_differs=1)


def test_a_kernel_that_says_nothing_neither_agrees_nor_differs() -> None:
    tally = Tally()
    tally.close(100, 50, None)
    assert tally == Tally(bytes_sent=100, bytes_received=50, kernel_unknown=1)


def test_tallies_are_added_field_by_field() -> None:
    names = [name for name in Tally.__struct_fields__ if name not in ("sent", "received")]
    one = Tally(Accounts(1, 2, 3, 4, 5), Accounts(6, 7, 8, 9, 10), **dict.fromkeys(names, 11))
    other = Tally(Accounts(payload=1), Accounts(heartbeat=1), **{name: place for place, name in enumerate(names)})
    one.add(other)
    assert (one.sent, one.received) == (Accounts(2, 2, 3, 4, 5), Accounts(6, 7, 8, 9, 11))
    assert [getattr(one, name) for name in names] == [11 + place for place in range(len(names))]
    assert other.sent == Accounts(payload=1)
