"""WebSocket frames of all lengths and kinds, plain and compressed; the server's side is websockets' own."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from benchmarks.load.client import Client
from benchmarks.load.websocket import SUBPROTOCOL, header_bytes
from tests.unit.benchmarks.load.fake_transport import TARGET, Dialled, arrivals, check_sums, client
from tests.unit.benchmarks.load.server_bytes import JOINED, PAYLOAD, SECOND, cut, frame, packet, single

DEFLATING = dataclasses.replace(TARGET, deflate=True)
TAKEOVERS = [
    {},
    {"server_no_context_takeover": True},
    {"client_no_context_takeover": True, "client_max_window_bits": 9},
]


class Server:
    """The other end of a handshake that was written to a client's newest connection."""

    def __init__(self, dialled: Dialled, **settings: object) -> None:
        factory = ServerPerMessageDeflateFactory(**settings)  # type: ignore[arg-type]
        asked = dialled.newest.take()
        subprotocols = [SUBPROTOCOL] if SUBPROTOCOL.encode() in asked else None
        self.protocol = ServerProtocol(extensions=[factory], subprotocols=subprotocols)
        self.protocol.receive_data(asked)
        [request] = self.protocol.events_received()
        assert isinstance(request, Request)
        self.request = request
        self.protocol.send_response(self.protocol.accept(request))

    def written(self) -> bytes:
        return b"".join(self.protocol.data_to_send())

    def text(self, text: bytes, *more: bytes) -> bytes:
        """Return a message in as many frames as there are parts."""
        self.protocol.send_text(text, fin=not more)
        for number, part in enumerate(more, 1):
            self.protocol.send_continuation(part, fin=number == len(more))
        return self.written()


def joined(**settings: object) -> tuple[Client, Dialled, Server]:
    """Return a client whose messages come compressed, its handshake done and its tally at 0."""
    reader, dialled = client("websocket", DEFLATING)
    server = Server(dialled, **settings)
    dialled.receive(server.written() + server.text(JOINED))
    assert reader.is_ready
    return reader, dialled, server


def of_size(size: int) -> bytes:
    """Return a message of so many bytes."""
    padding = size - len(PAYLOAD) - len(b',"x":""')
    return b'%b,"x":"%b"}' % (PAYLOAD[:-1], random.Random(size).randbytes(padding).hex()[:padding].encode())


@pytest.mark.parametrize(("size", "header"), [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10), (2**20, 10)])
def test_a_frame_has_the_shortest_header_its_length_allows(size: int, header: int) -> None:
    assert header_bytes(size) == header == len(frame(b"x" * size)) - size


@pytest.mark.parametrize("size", [125, 126, 127, 65_535, 65_536])
@pytest.mark.parametrize("places", [[], [1], [2], [3], [4], [10], [11, 200]])
async def test_a_message_of_any_length_in_any_pieces(size: int, places: list[int]) -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept(), frame(JOINED))
    text = frame(of_size(size))
    dialled.receive(*cut(text + frame(SECOND), places))
    received = reader.tally.received
    assert (received.payload, received.framing) == (size + len(SECOND), header_bytes(size) + 2)
    assert arrivals(reader) == [(7, 3), (7, 4)]
    reader.stop()
    check_sums(reader.tally)


async def test_several_messages_in_one_piece_with_a_part_of_the_next() -> None:
    reader, dialled = client("websocket")
    text = (frame(PAYLOAD) + frame(SECOND)) * 3
    dialled.receive(dialled.accept(), frame(JOINED) + text + frame(PAYLOAD)[:-1])
    assert arrivals(reader) == [(7, 3), (7, 4)] * 3
    dialled.receive(frame(PAYLOAD)[-1:] + text)
    assert arrivals(reader) == [(7, 3), (7, 4)] * 3 + [(7, 3)] + [(7, 3), (7, 4)] * 3
    assert reader.tally.received.framing == 13 * 2
    reader.stop()
    check_sums(reader.tally)


async def test_a_length_that_takes_more_bytes_than_it_needs_unbalances_nothing() -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept(), frame(JOINED), frame(PAYLOAD[:9], fin=False))
    dialled.receive(b"\x80\x7e\0" + bytes([len(PAYLOAD) - 9]) + PAYLOAD[9:])
    assert arrivals(reader) == [(7, 3)]
    reader.stop()
    check_sums(reader.tally)


async def test_a_ping_is_answered_with_its_own_data() -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept(), frame(JOINED))
    dialled.newest.take()
    dialled.receive(frame(b"are you there?", Opcode.PING))
    header, mask, data = dialled.written[:2], dialled.written[2:6], dialled.written[6:]
    assert header == bytes([0x80 | Opcode.PONG, 0x80 | 14])
    assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)) == b"are you there?"
    assert (reader.tally.received.heartbeat, reader.tally.sent.heartbeat) == (16, 20)
    reader.stop()
    check_sums(reader.tally)


async def test_messages_that_come_compressed_are_counted_as_they_come() -> None:
    reader, dialled, server = joined()
    assert server.request.headers["Sec-WebSocket-Extensions"] == "permessage-deflate; client_max_window_bits"
    frames = [server.text(PAYLOAD), server.text(SECOND)]
    handshake = reader.tally.received.handshake
    dialled.receive(*frames)
    received = reader.tally.received
    assert arrivals(reader) == [(7, 3), (7, 4)]
    assert received.payload == sum(map(len, frames)) - 4
    assert received.payload < len(PAYLOAD + SECOND)
    assert (received.framing, received.handshake) == (4, handshake)
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("settings", TAKEOVERS)
@given(st.lists(st.integers(0, 1_200), max_size=8))
async def test_compressed_messages_pings_and_fragments_at_any_split(
    settings: dict[str, object], places: list[int]
) -> None:
    reader, dialled, server = joined(**settings)
    dialled.newest.take()
    whole, parts = server.text(PAYLOAD), server.text(SECOND[:20], SECOND[20:50], SECOND[50:])
    ping, big = frame(b"ping", Opcode.PING), server.text(of_size(70_000))
    before = reader.tally.received.total
    text = whole + ping + parts + ping + big
    dialled.receive(*cut(text, [place % len(text) for place in places]))
    assert arrivals(reader) == [(7, 3), (7, 4), (7, 3)]
    received = reader.tally.received
    assert (received.heartbeat, reader.tally.sent.heartbeat) == (2 * 6, 2 * 10)
    assert received.framing == 2 + 3 * 2 + 4
    assert received.payload == len(whole + parts + big) - received.framing
    assert received.total - before == len(text)
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("at", range(0, 120, 7))
async def test_what_ends_in_the_middle_of_a_compressed_message_is_framing(at: int) -> None:
    reader, dialled, server = joined()
    text = server.text(PAYLOAD[:60], PAYLOAD[60:]) + frame(b"", Opcode.PING)
    dialled.receive(*single(text[:at]))
    dialled.newest.cut()
    check_sums(reader.tally)
    assert reader.notes.refusals == []
    reader.stop()


async def test_what_does_not_inflate_is_not_read() -> None:
    reader, dialled, _ = joined()
    dialled.receive(b"\xc1\x14" + b"\xff" * 20 + frame(PAYLOAD))
    [refusal] = reader.notes.refusals
    assert refusal.startswith("what the server sent cannot be read: not a WebSocket frame: decompression failed")
    reader.stop()
    check_sums(reader.tally)


async def test_a_server_may_decline_to_compress_or_leave_a_message_as_it_is() -> None:
    for accepts in (False, True):
        reader, dialled = client("websocket", DEFLATING)
        head = Server(dialled).written() if accepts else dialled.accept()
        dialled.receive(head, frame(JOINED), frame(PAYLOAD) + frame(b"", Opcode.PING) + frame(SECOND))
        received = reader.tally.received
        assert (received.payload, received.framing, received.heartbeat) == (len(PAYLOAD + SECOND), 4, 2)
        reader.stop()
        check_sums(reader.tally)


async def test_of_a_compressed_socket_io_packet_what_is_left_beside_its_own_bytes_is_payload() -> None:
    reader, dialled = client("socket-io", DEFLATING)
    for body in (b'0{"sid":"abc"}', b"ok", b'40{"sid":"def"}'):
        dialled.receive(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
    server = Server(dialled)
    dialled.receive(server.written() + server.text(b"3probe") + server.text(b'430[{"cursor":"k3f9-0"}]'))
    frames = [server.text(packet(PAYLOAD)) for _ in range(2)]
    dialled.receive(*frames)
    assert arrivals(reader) == [(7, 3), (7, 3)]
    received, overhead = reader.tally.received, len(packet(b""))
    assert len(frames[1]) - 2 < overhead  # the second is the first again, and shrinks to less than the packet's head
    assert received.payload == len(frames[0]) - 2 - overhead
    assert received.framing == sum(map(len, frames)) - received.payload
    reader.stop()
    check_sums(reader.tally)
