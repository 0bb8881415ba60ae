"""Each technique's client, byte by byte: what arrives, and to which account every byte goes."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode

from tests.unit.benchmarks.load.fake_transport import arrivals, check_sums, client
from tests.unit.benchmarks.load.server_bytes import (
    HEARTBEAT,
    JOINED,
    OPENING_BLOCKS,
    PAYLOAD,
    SSE_HEAD,
    answer,
    chunk,
    cut,
    event,
    frame,
    polled,
)

EVENT = event(PAYLOAD)
SSE = SSE_HEAD + chunk(OPENING_BLOCKS) + chunk(EVENT) + chunk(HEARTBEAT)

places = st.lists(st.integers(0, 600), max_size=6)


@given(places)
async def test_sse_at_any_split(cuts: list[int]) -> None:
    reader, dialled = client("sse")
    dialled.receive(*cut(SSE, cuts))
    assert (reader.cursor, arrivals(reader)) == ("k3f9-1", [(7, 3)])
    received = reader.tally.received
    assert (received.payload, received.http_headers) == (len(PAYLOAD), len(SSE_HEAD))
    reader.stop()
    check_sums(reader.tally)
    assert received.handshake >= len(OPENING_BLOCKS)
    assert received.heartbeat >= len(HEARTBEAT)


async def test_sse_in_whole_pieces_gives_each_account_its_bytes() -> None:
    reader, dialled = client("sse")
    dialled.receive(SSE_HEAD, chunk(OPENING_BLOCKS), chunk(EVENT), chunk(HEARTBEAT))
    received = reader.tally.received
    assert received.handshake == len(chunk(OPENING_BLOCKS))
    assert received.framing == len(chunk(EVENT)) - len(PAYLOAD)
    assert received.heartbeat == len(chunk(HEARTBEAT))
    assert reader.tally.sent.http_headers == len(dialled.transports[0].written)
    assert b"GET /api/rooms/room/sse?after=latest HTTP/1.1\r\n" in dialled.transports[0].written


@given(places)
async def test_websocket_at_any_split(cuts: list[int]) -> None:
    reader, dialled = client("websocket")
    head = dialled.accept()
    text = head + frame(JOINED) + frame(PAYLOAD) + frame(b"", Opcode.PING)
    dialled.receive(*cut(text, cuts))
    assert (reader.cursor, arrivals(reader)) == ("k3f9-1", [(7, 3)])
    received, sent = reader.tally.received, reader.tally.sent
    assert (received.handshake, received.payload) == (len(head) + len(frame(JOINED)), len(PAYLOAD))
    assert (received.framing, received.heartbeat) == (2, 2)
    assert sent.heartbeat == 6  # a pong: two bytes of header and four of mask
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("size", [125, 126, 65_535, 65_536])
async def test_a_frame_header_has_2_4_or_10_bytes(size: int) -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept(), frame(JOINED))
    payload = PAYLOAD[:-1] + b',"x":"' + b"y" * (size - len(PAYLOAD) - 7) + b'"}'
    assert len(payload) == size
    dialled.receive(frame(payload))
    assert reader.tally.received.framing == (2 if size < 126 else 4 if size < 65_536 else 10)
    assert arrivals(reader) == [(7, 3)]


async def test_fragments_are_one_message() -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept(), frame(JOINED))
    dialled.receive(frame(PAYLOAD[:20], fin=False), frame(PAYLOAD[20:], Opcode.CONT))
    assert (arrivals(reader), reader.tally.received.framing) == ([(7, 3)], 4)
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("technique", ["short-poll", "long-poll"])
async def test_a_poll_counts_head_messages_and_what_is_around_them(technique: str) -> None:
    reader, dialled = client(technique)
    dialled.receive(polled(cursor=b"k3f9-0"))
    reader.poll()  # type: ignore[attr-defined]
    text = polled(PAYLOAD)
    dialled.receive(text)
    received = reader.tally.received
    assert (reader.cursor, arrivals(reader), reader.tally.empty_answers) == ("k3f9-1", [(7, 3)], 1)
    assert received.payload == len(PAYLOAD)
    assert received.framing == 2 * len(b'{"cursor":"k3f9-1","messages":[]}')
    assert b"after=k3f9-0" in dialled.transports[0].written
    reader.stop()
    check_sums(reader.tally)


async def test_a_long_poll_that_finds_its_kept_connection_closed_is_asked_again() -> None:
    reader, dialled = client("long-poll")
    dialled.receive(polled(cursor=b"k3f9-0"))
    dialled.newest.cut()
    assert len(dialled.transports) == 2
    assert b"after=k3f9-0" in dialled.transports[1].written
    assert reader.notes.refusals == []
    reader.stop()
    check_sums(reader.tally)


async def test_socket_io_opens_by_polling_upgrades_and_joins() -> None:
    reader, dialled = client("socket-io")
    dialled.receive(answer(b'0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}'))
    dialled.receive(answer(b"ok"))
    dialled.receive(answer(b'40{"sid":"def"}'))
    assert len(dialled.transports) == 2
    dialled.receive(dialled.accept(), frame(b"3probe"), frame(b'430[{"cursor":"k3f9-0"}]'))
    before = reader.tally.received.framing
    message = b'42["message",' + PAYLOAD + b"]"
    dialled.receive(frame(message), frame(b"2"))
    received, sent = reader.tally.received, reader.tally.sent
    assert (reader.cursor, arrivals(reader), reader.tally.requests) == ("k3f9-1", [(7, 3)], 4)
    assert (received.payload, received.framing - before) == (len(PAYLOAD), len(frame(message)) - len(PAYLOAD))
    assert (received.heartbeat, sent.heartbeat) == (3, 7)
    reader.stop()
    await asyncio.sleep(0)
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("technique", "text"),
    [
        ("sse", b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno"),
        ("websocket", b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"),
        ("short-poll", answer(b"no", b"503 Service Unavailable")),
        ("long-poll", answer(b"no", b"503 Service Unavailable")),
        ("socket-io", answer(b"no", b"400 Bad Request")),
    ],
)
async def test_a_refusal_is_noted_and_every_byte_still_has_an_account(technique: str, text: bytes) -> None:
    reader, dialled = client(technique)
    dialled.receive(text)
    await asyncio.sleep(0)
    assert len(reader.notes.refusals) == 1
    assert not reader.is_ready
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("technique", "text"),
    [
        ("sse", SSE_HEAD + b"what?\r\n"),
        ("sse", SSE_HEAD + chunk(OPENING_BLOCKS) + chunk(b"data: {not json\n\n")),
        ("short-poll", b"no HTTP at all\r\n\r\n"),
        ("long-poll", answer(b"[]")),
        ("socket-io", answer(b"0nonsense")),
    ],
)
async def test_what_no_pushdemo_sends_ends_the_connection_and_is_counted(technique: str, text: bytes) -> None:
    reader, dialled = client(technique)
    dialled.receive(text)
    assert dialled.transports[0].is_aborted
    await asyncio.sleep(0)
    assert not reader.is_ready
    reader.stop()
