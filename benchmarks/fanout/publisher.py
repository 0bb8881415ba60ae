"""A connection that messages are published by: a POST after the other, without waiting for answers.

There are as many as broadcasts under way, so that messages seldom wait for another one's answer.
"""

import asyncio
import re
from typing import cast

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import ROOM, digits_of, draft_around_digits
from benchmarks.peers.peer import publish_path

STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3})[^\r]*")
LONGEST_STATUS = len(b"HTTP/1.1 201") - 1
"""Bytes at the end of a read in which a status may have begun that is not whole."""


class Publisher(asyncio.Protocol):
    """Publishes messages by their number.

    Args:
        port: of the server, on 127.0.0.1.
        text_bytes: of each message's text.
        seed: of its words.
        broadcasts: is told when a message is refused, or the connection closed.
    """

    transport: asyncio.Transport

    def __init__(self, port: int, text_bytes: int, seed: int, broadcasts: Broadcasts) -> None:
        before, self._behind = draft_around_digits(text_bytes, seed)
        length = len(before) + len(digits_of(0)) + len(self._behind)
        head = (
            f"POST {publish_path(ROOM)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n"
        )
        self._before = head.encode() + before
        self._broadcasts = broadcasts
        self._kept = b""
        self._stops = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=0)  # or uvloop writes only when it has read all that is there

    def post(self, number: int) -> None:
        """Send a message."""
        self.transport.write(self._before + digits_of(number) + self._behind)

    def data_received(self, data: bytes) -> None:
        data = self._kept + data
        end = 0
        for status in STATUS.finditer(data):
            end = status.end(1)
            if not status[1].startswith(b"2"):
                self._broadcasts.give_up(f"the server refused a message: {status[0].decode(errors='replace')}")
        self._kept = data[max(end, len(data) - LONGEST_STATUS) :]

    def connection_lost(self, error: Exception | None) -> None:
        if not self._stops:
            self._broadcasts.give_up("the server closed the connection of the publisher")

    def close(self) -> None:
        """End it at once."""
        self._stops = True
        self.transport.close()
