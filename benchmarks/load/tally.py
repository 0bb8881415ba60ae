"""What the clients of one technique together did, counted."""

import socket
import struct
from typing import NamedTuple

import msgspec

from benchmarks.accounts import Accounts

SEGMENT_OVERHEAD_BYTES = 52
"""20 of IPv4, 20 of TCP, 12 of TCP timestamps, which Linux sends by default; without Ethernet's 14 and more."""

# Offsets in Linux's struct tcp_info (include/uapi/linux/tcp.h); the SYN counts as one acknowledged byte.
_TCP_INFO_BYTES = 232
_STATE = 0
_CLOSE_WAIT = 8  # the other side's FIN has come
_ACKED_RECEIVED = struct.Struct("=QQ"), 120
_SEGMENTS = struct.Struct("=II"), 136


class Kernel(NamedTuple):
    """What the kernel counted on one connection."""

    bytes_sent: int
    bytes_received: int
    segments_out: int
    segments_in: int


def read_tcp_info(connection: socket.socket) -> Kernel | None:
    """Return the kernel's counts of a connection, or None where it does not tell (only Linux does, like this).

    The kernel counts the other side's FIN as a byte, which may have come before the event loop tells of it.
    """
    option = getattr(socket, "TCP_INFO", None)
    if option is None:
        return None
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, option, _TCP_INFO_BYTES)
    except (OSError, ValueError):
        return None
    if len(info) < _TCP_INFO_BYTES:
        return None
    (acked, received), (out, came) = (layout.unpack_from(info, at) for layout, at in (_ACKED_RECEIVED, _SEGMENTS))
    return Kernel(max(0, acked - 1), received - (info[_STATE] == _CLOSE_WAIT), out, came)


class Tally(msgspec.Struct):
    """Counts of connections, requests and bytes; `sent` and `received` say what the bytes were for.

    `bytes_sent` and `bytes_received` are counted at the socket, apart from the accounts, when a connection is closed.
    """

    sent: Accounts = msgspec.field(default_factory=Accounts)
    received: Accounts = msgspec.field(default_factory=Accounts)
    bytes_sent: int = 0
    bytes_received: int = 0
    requests: int = 0
    empty_answers: int = 0
    connections_opened: int = 0
    connections_lost: int = 0
    malformed: int = 0  # connections given up for what the server sent
    segments_out: int = 0
    segments_in: int = 0
    kernel_agrees: int = 0  # connections on which the kernel counted the same bytes
    kernel_differs: int = 0
    kernel_unknown: int = 0

    def add(self, other: "Tally") -> None:
        """Add the counts of other clients."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def close(self, bytes_sent: int, bytes_received: int, kernel: Kernel | None) -> None:
        """Take over the counts of a connection that is closed now."""
        self.bytes_sent += bytes_sent
        self.bytes_received += bytes_received
        if kernel is None:
            self.kernel_unknown += 1
            return
        self.segments_out += kernel.segments_out
        self.segments_in += kernel.segments_in
        if (kernel.bytes_sent, kernel.bytes_received) == (bytes_sent, bytes_received):
            self.kernel_agrees += 1
        else:
            self.kernel_differs += 1
