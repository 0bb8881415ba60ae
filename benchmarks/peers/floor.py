"""The floor: the least that Python can spend on a delivery, to measure pushdemo beside.

Bare transports (`asyncio.Protocol`, on uvloop where there is one): a message is encoded once per technique, and then a
plain loop calls `transport.write` for each subscriber. One write per delivery, nothing gathered, nothing checked that
need not be: no limits, no back-pressure, no heartbeat, no log but a room's last messages. What a server does better
than this it does by writing less often; what it does worse is what its comfort costs.

It differs from pushdemo where that costs nothing per delivery:

1. A poll is held without a limit of time, and a connection with bytes behind a held poll is dropped.
2. Of what a WebSocket's client says, only a Close frame is heeded, and only at the beginning of what arrives.
3. A refusal is a bare status, after which the connection ends; a cursor that is none is taken for that before all.

    python -m benchmarks.peers.floor --port 8000
    curl -N 'http://127.0.0.1:8000/api/rooms/lobby/sse'
"""

import argparse
import asyncio
import base64
import hashlib
import re
import signal
import time
from collections import deque
from typing import cast

import msgspec

from benchmarks.loop import run
from pushdemo.messages import LATEST, Draft, Message
from pushdemo.network import raise_open_files_limit

EPOCH = "floor"
MESSAGES_KEPT = 100
RETRY_MS = 2_000
BACKLOG = 4_096
WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 section 1.3."""
CLOSE_FRAME = b"\x88\x00"
OPCODE, CLOSE = 0x0F, 0x08

TARGET = re.compile(
    rb"(GET|POST) /api/rooms/([A-Za-z0-9_-]{1,64})/(messages|sse|ws|long-poll)(?:\?(\S*))? HTTP/1\.1\r\n"
)
AFTER = re.compile(rb"(?:^|&)after=([^&]*)")
CURSOR = re.compile(rb"floor-([0-9]{1,18})")
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)
WEBSOCKET_KEY = re.compile(rb"\r\nsec-websocket-key:[ \t]*(\S+)[ \t]*\r\n", re.IGNORECASE)

STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncache-control: no-store\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
UPGRADE_HEAD = (
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: %b\r\n\r\n"
)
REFUSAL = b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

parse_draft = msgspec.json.Decoder(Draft).decode


class Refused(Exception):
    """The request cannot be answered but by this status, such as `404 Not Found`."""


def response(status: bytes, body: bytes) -> bytes:
    """Return a response with a JSON body."""
    head = b"HTTP/1.1 %b\r\ncache-control: no-store\r\ncontent-length: %d\r\ncontent-type: application/json\r\n\r\n"
    return head % (status, len(body)) + body


def poll_answer(cursor: bytes, messages: list[Message]) -> bytes:
    """Return the answer to a poll."""
    joined = b",".join(message.json for message in messages)
    return response(b"200 OK", b'{"cursor":"%b","messages":[%b]}' % (cursor, joined))


def chunk(body: bytes) -> bytes:
    """Return a chunk (RFC 9112 section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(body), body)


def text_frame(payload: bytes) -> bytes:
    """Return an unmasked, unfragmented text frame (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65_536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8, "big"), payload)


def upgrade(head: bytes) -> bytes:
    """Return the server's opening handshake (RFC 6455 section 4.2.2)."""
    key = WEBSOCKET_KEY.search(head)
    if key is None:
        raise Refused("400 Bad Request")
    return UPGRADE_HEAD % base64.b64encode(hashlib.sha1(key[1] + WEBSOCKET_GUID).digest())


class Room:
    """Who is subscribed to a room, by technique, and its last messages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.recent: deque[Message] = deque(maxlen=MESSAGES_KEPT)
        self.streams: dict[asyncio.Transport, None] = {}
        self.sockets: dict[asyncio.Transport, None] = {}
        self.polls: dict[asyncio.Transport, None] = {}

    @property
    def cursor(self) -> bytes:
        """The id of the newest message."""
        return b"%b-%d" % (EPOCH.encode(), self.number)

    def publish(self, draft: Draft) -> Message:
        """Number a message and write it to all."""
        self.number += 1
        message = Message(f"{EPOCH}-{self.number}", self.name, draft.sender, draft.text, time.time_ns() // 1_000_000)
        self.recent.append(message)
        if self.streams:
            event = chunk(b"id: %b\ndata: %b\n\n" % (self.cursor, message.json))
            for transport in self.streams:
                transport.write(event)
        if self.sockets:
            frame = text_frame(message.json)
            for transport in self.sockets:
                transport.write(frame)
        if self.polls:
            held, self.polls = self.polls, {}
            answer = poll_answer(self.cursor, [message])
            for transport in held:
                transport.write(answer)
        return message

    def poll(self, after: bytes, transport: asyncio.Transport) -> None:
        """Answer a poll that is behind, and hold another."""
        if after == LATEST.encode():
            transport.write(poll_answer(self.cursor, []))
            return
        place = CURSOR.fullmatch(after)
        number = int(place[1]) if place else 0
        if number < self.number:
            transport.write(poll_answer(self.cursor, [each for each in self.recent if each.number > number]))
        else:
            self.polls[transport] = None


class Connection(asyncio.Protocol):
    """A connection: requests, one after another, until one makes it a stream."""

    transport: asyncio.Transport

    def __init__(self, rooms: dict[bytes, Room]) -> None:
        self._rooms = rooms
        self._room: Room | None = None
        self._is_socket = False
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent

    def connection_lost(self, error: Exception | None) -> None:
        if self._room is not None:
            for subscribed in (self._room.streams, self._room.sockets, self._room.polls):
                subscribed.pop(self.transport, None)

    def data_received(self, data: bytes) -> None:
        if self._is_socket:
            if data[0] & OPCODE == CLOSE:
                self.transport.write(CLOSE_FRAME)
                self.transport.close()
            return
        if self._room is not None and self.transport in self._room.polls:
            self.transport.abort()
            return
        self._unread = self._unread + data if self._unread else data
        try:
            while self._unread and self._take_request():
                pass
        except Refused as refusal:
            self.transport.write(REFUSAL % str(refusal).encode())
            self.transport.close()

    def _take_request(self) -> bool:
        """Answer the first request of what is unread; False if it has not come whole."""
        end = self._unread.find(b"\r\n\r\n") + 4
        if end < 4:
            return False
        head = self._unread[:end]
        length = CONTENT_LENGTH.search(head)
        stop = end + int(length[1]) if length else end
        if len(self._unread) < stop:
            return False
        body, self._unread = self._unread[end:stop], self._unread[stop:]
        self._answer(head, body)
        return True

    def _answer(self, head: bytes, body: bytes) -> None:
        target = TARGET.match(head)
        if target is None:
            raise Refused("404 Not Found")
        method, name, what, query = target.groups(b"")
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = Room(name.decode())
        if (method == b"POST") != (what == b"messages"):
            raise Refused("405 Method Not Allowed")
        if what == b"messages":
            try:
                draft = parse_draft(body)
            except (msgspec.DecodeError, UnicodeError):
                raise Refused("400 Bad Request") from None
            self.transport.write(response(b"201 Created", room.publish(draft).json))
            return
        self._room = room
        if what == b"sse":
            self.transport.write(STREAM_HEAD + chunk(b"retry: %d\n\nid: %b\n\n" % (RETRY_MS, room.cursor)))
            room.streams[self.transport] = None
        elif what == b"ws":
            self.transport.write(upgrade(head) + text_frame(b'{"control":"joined","cursor":"%b"}' % room.cursor))
            room.sockets[self.transport] = None
            self._is_socket = True
        else:
            after = AFTER.search(query)
            room.poll(after[1] if after else b"", self.transport)


async def serve(port: int) -> None:
    """Serve on 127.0.0.1 until SIGTERM or SIGINT; print the port as soon as it is open."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    raise_open_files_limit()
    rooms: dict[bytes, Room] = {}
    server = await loop.create_server(lambda: Connection(rooms), "127.0.0.1", port, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The least that Python can spend on a delivery.")
    parser.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    run(serve(parser.parse_args().port))
