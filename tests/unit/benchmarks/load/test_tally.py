"""What the kernel says of a connection: the counts in its struct tcp_info, on sockets of our own."""

import socket
import struct
from collections.abc import Iterator
from typing import Any, cast

import pytest

from benchmarks.load.tally import Kernel, read_tcp_info

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
