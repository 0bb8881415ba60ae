"""Of what the server sends in frames, the view and the benchmark keep the same accounts."""

import copy

import pytest
from websockets.frames import CloseCode, Opcode

from benchmarks.accounts import Accounts
from pushdemo.wire.dissectors import engineio, feed_texts
from pushdemo.wire.dissectors.fields import by_account
from pushdemo.wire.dissectors.websocket import FrameReader
from tests.unit.benchmarks.load.fake_transport import client
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    JOIN_ACK,
    JOINED,
    OPEN,
    PAYLOAD,
    PROBED,
    SECOND,
    answer,
    close_frame,
    frame,
    packet,
)

GAP = b'{"control":"gap","cursor":"k3f9-0"}'
GAP_PACKET = b'42["gap",{"room":"lobby","cursor":"k3f9-1"}]'
CLOSED = close_frame(CloseCode.SERVICE_RESTART)
TEXTS = [frame(text) for text in (JOINED, PAYLOAD, GAP, SECOND)] + [
    frame(b"ping", Opcode.PING),
    frame(b"", Opcode.PONG),
]
PACKETS = [frame(text) for text in (PROBED, JOIN_ACK, packet(PAYLOAD), b"2", GAP_PACKET, packet(SECOND))]
FRAGMENTS = frame(SECOND[:30], fin=False) + frame(SECOND[30:], Opcode.CONT)


@pytest.mark.parametrize(
    ("technique", "frames"), [("websocket", [*TEXTS, FRAGMENTS, CLOSED]), ("socket-io", [*PACKETS, CLOSED])]
)
async def test_frame_by_frame_the_accounts_are_the_same(technique: str, frames: list[bytes]) -> None:
    reader, dialled = client(technique)
    if technique == "socket-io":
        dialled.receive(*(answer(body) for body in (OPEN, b"ok", CONNECTED)))
    dialled.receive(dialled.accept())
    under_test = FrameReader("down", engineio.packet if technique == "socket-io" else feed_texts.read_text, None)
    ours = Accounts()
    before = copy.copy(reader.tally.received)
    for data in frames:
        dialled.receive(data)
        for each in under_test.feed(data):
            ours += Accounts(**{account.value: size for account, size in by_account(each.fields).items()})
        assert before + ours == reader.tally.received
    assert ours.payload == len(PAYLOAD) + len(SECOND) * (1 + (technique == "websocket"))
    reader.stop()
