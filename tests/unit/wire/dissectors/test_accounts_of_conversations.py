"""Of a whole conversation, the view and the benchmark keep the same accounts, both ways, at every step."""

from collections import defaultdict

import pytest

from benchmarks.accounts import Accounts
from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.fields import Direction
from tests.unit.benchmarks.load.fake_transport import Dialled, FakeTransport, client
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    HEARTBEAT,
    JOIN_ACK,
    JOINED,
    LAST_CHUNK,
    OPEN,
    OPENING_BLOCKS,
    PAYLOAD,
    PROBED,
    SECOND,
    SSE_HEAD,
    accept,
    answer,
    chunk,
    event,
    frame,
    packet,
    polled,
)

GAP = b"event: gap\nid: k3f9-1\ndata: {}\n\n"
POLLS = [
    polled(cursor=b"k3f9-0"),
    polled(PAYLOAD, SECOND, cursor=b"k3f9-2", more=True),
    answer(b'{"title":"full"}', b"503 Service Unavailable"),
]
SERVER: dict[str, list[bytes]] = {
    "short-poll": POLLS[1:2],
    "long-poll": POLLS,
    "sse": [
        SSE_HEAD,
        chunk(HEARTBEAT),
        chunk(OPENING_BLOCKS),
        chunk(event(PAYLOAD) + GAP + HEARTBEAT + b"retry: 1\n\n"),
        chunk(HEARTBEAT + event(SECOND, b"k3f9-2")[:40]),
        chunk(event(SECOND, b"k3f9-2")[40:]),
        chunk(HEARTBEAT),
        LAST_CHUNK,
    ],
    "websocket": [frame(text) for text in (JOINED, PAYLOAD, b'{"control":"gap","cursor":"k3f9-0"}', SECOND)],
    "socket-io": [
        *map(answer, (OPEN, b"ok", CONNECTED)),
        *(frame(text) for text in (PROBED, JOIN_ACK, packet(PAYLOAD), b"2", packet(SECOND))),
    ],
}


class View:
    """What the dissectors make of the connections of one client."""

    def __init__(self) -> None:
        self._conversations: dict[FakeTransport, Conversation] = defaultdict(Conversation)
        self.sent = Accounts()
        self.received = Accounts()

    @property
    def is_waiting(self) -> bool:
        """Whether something has not come whole; the benchmark may have counted its coding already."""
        return any(conversation.waiting("down") for conversation in self._conversations.values())

    def feed(self, transport: FakeTransport, direction: Direction, data: bytes) -> None:
        for unit in self._conversations[transport].feed(direction, data):
            sums = Accounts(**{account.value: size for account, size in unit.accounts().items()})
            if unit.direction == "up":
                self.sent += sums
            else:
                self.received += sums


def say(view: View, dialled: Dialled, data: bytes) -> None:
    """Let the client receive on its newest connection, and the view see that, and what the client says to it."""
    transport = dialled.newest
    dialled.receive(data)
    view.feed(transport, "down", data)
    hear(view, dialled)


def hear(view: View, dialled: Dialled) -> None:
    """Let the view see what the client has written, and agree to its handshakes."""
    for transport in dialled.transports:
        written = transport.take()
        view.feed(transport, "up", written)
        if b"Sec-WebSocket-Key" in written:
            say(view, dialled, accept(written))


def without_heads(accounts: Accounts) -> Accounts:
    """Return accounts whose heads are handshake: of Socket.IO's GETs, which are sent before their answer is known."""
    return accounts + Accounts(http_headers=-accounts.http_headers, handshake=accounts.http_headers)


@pytest.mark.parametrize("technique", SERVER)
async def test_step_by_step_the_accounts_are_the_same(technique: str) -> None:
    reader, dialled = client(technique)
    view = View()
    hear(view, dialled)
    for data in SERVER[technique]:
        say(view, dialled, data)
        sent = without_heads(view.sent) if technique == "socket-io" else view.sent
        if not view.is_waiting:
            assert (sent, view.received) == (reader.tally.sent, reader.tally.received)
    assert not view.is_waiting
    reader.stop()
    assert view.received.payload == len(PAYLOAD) + len(SECOND)
    assert view.sent.total == reader.tally.sent.total > 0
