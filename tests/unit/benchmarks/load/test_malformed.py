"""What no server should send: it ends the connection, is noted, has its account, and the client comes back."""

import asyncio
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import CloseCode, Opcode

from benchmarks.load.client import Client
from benchmarks.plan import TECHNIQUES
from tests.unit.benchmarks.load.fake_transport import Dialled, arrivals, check_sums, client, come_back
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    HEARTBEAT,
    JOIN_ACK,
    JOINED,
    NO_ID,
    NO_JSON,
    OPEN,
    OPENING_BLOCKS,
    PAYLOAD,
    PROBED,
    SECOND,
    SSE_HEAD,
    answer,
    chunk,
    close_frame,
    cut,
    envelope,
    event,
    frame,
    packet,
    polled,
)

UNREADABLE = "what the server sent cannot be read: "
DEEP = b"[" * 100_000
ODD_TEXT = PAYLOAD.replace(b"hi.", b"\xff")


def join(reader: Client, dialled: Dialled) -> None:
    """Let the client come to read, with cursor k3f9-0, and ask again where it polls."""
    match reader.technique:
        case "sse":
            dialled.receive(SSE_HEAD + chunk(OPENING_BLOCKS))
        case "websocket":
            dialled.receive(dialled.accept() + frame(JOINED))
        case "socket-io":
            dialled.receive(answer(OPEN))
            dialled.receive(answer(b"ok"))
            dialled.receive(answer(CONNECTED))
            dialled.receive(dialled.accept() + frame(PROBED) + frame(JOIN_ACK))
        case _:
            dialled.receive(polled(cursor=b"k3f9-0"))
            if reader.is_idle:
                reader.poll()  # type: ignore[attr-defined]
    assert reader.is_ready


NO_MESSAGES = [
    (NO_JSON, "Input data was truncated"),
    (NO_ID, "Object missing required field `id`"),
    (b'{"id":7,"text":"x"}', "Expected `str`, got `int` - at `$.id`"),
    (b"[]", "Expected `object`, got `array`"),
    (b'{"id":"k3f9-1","text":"x","deep":' + DEEP, "maximum recursion depth exceeded"),
    (ODD_TEXT, "'utf-8' codec can't decode byte 0xff"),
]
"""Where a message belongs, and what is said of it."""
IN_POLLS = [
    (b"no HTTP\r\n\r\n", "not the HTTP that was expected: "),
    (
        b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nx",
        "not the HTTP that was expected: ",
    ),
    (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno size\r\n", "not the HTTP that was expected: "),
    (polled() + polled(), "an answer that nobody had asked for"),
    (polled() + polled()[:-1], "an answer that nobody had asked for"),
    (polled() + b"H", "an answer that nobody had asked for"),
    (polled() + b"more", "not the HTTP that was expected: "),
    (answer(b""), "Input data was truncated"),
    (answer(b"[]"), "Expected `object`, got `array`"),
    (answer(b'{"messages":[]}'), "Object missing required field `cursor`"),
    (answer(b'{"cursor":"k3f9-1","messages":{}}'), "Expected `array`, got `object`"),
    (answer(DEEP), "Expected `object`, got `array`"),
    *((polled(message, SECOND), why) for message, why in NO_MESSAGES[1:4]),
]
IN_STREAMS = [
    (b"no size\r\n", "expected a chunk's size in hexadecimal; this came: b'no size'"),
    (chunk(event(PAYLOAD))[:-2] + b"xx\n", "expected a line that ends with CRLF"),
    (chunk(b": whole\n\n: half") + b"no size\r\n", "expected a chunk's size in hexadecimal"),
    (chunk(HEARTBEAT) + b"0\r\n\r\n0", "1 bytes after the last chunk"),
    *((chunk(event(message)), why) for message, why in NO_MESSAGES),
    (chunk(event(NO_ID) + event(SECOND) + HEARTBEAT + b"data: half"), "Object missing required field `id`"),
]
IN_FRAMES = [
    (b"\x91\x00", "not a WebSocket frame: reserved bits must be 0"),
    (b"\x83\x00", "not a WebSocket frame: invalid opcode"),
    (b"\x81\x81\0\0\0\0x", "not a WebSocket frame: incorrect masking"),
    (b"\x09\x00", "not a WebSocket frame: fragmented control frame"),
    (b"\x89\x7e\x00\x7e" + b"x" * 126, "not a WebSocket frame: control frame too long"),
    (frame(b"x", Opcode.CONT), "not a WebSocket frame: unexpected continuation frame"),
    (frame(b"x", fin=False) + frame(PAYLOAD), "not a WebSocket frame: expected a continuation frame"),
    (frame(b"\x03", Opcode.CLOSE), "not a WebSocket frame: close frame too short"),
    (frame(b"x", Opcode.BINARY), "a binary message"),
    (frame(b"x", Opcode.BINARY, fin=False) + frame(b"x", Opcode.CONT), "a binary message"),
]
IN_WEBSOCKETS = [
    *IN_FRAMES,
    *((frame(message), why) for message, why in NO_MESSAGES),
    (frame(NO_ID) + frame(SECOND) + frame(b"", Opcode.PING) + b"\x81", "Object missing required field `id`"),
    (frame(NO_ID[:9], fin=False) + frame(NO_ID[9:], Opcode.CONT) + frame(SECOND), "Object missing required field `id`"),
    (frame(b'{"control"'), "Input data was truncated"),
    (frame(b'{"control":7}'), "Expected `str`, got `int` - at `$.control`"),
]
IN_SOCKET_IO = [
    *IN_FRAMES,
    *((frame(packet(message)), why) for message, why in NO_MESSAGES),
    (frame(packet(NO_ID)) + frame(b"2") + frame(packet(SECOND)) + b"\x81", "Object missing required field `id`"),
    (frame(b""), "not an Engine.IO packet of a client: ''"),
    (frame(b"x"), "not an Engine.IO packet of a client: 'x'"),
    (frame(b"\xff"), "'utf-8' codec can't decode byte 0xff"),
    (frame(b'42["message"'), "broken JSON in a Socket.IO packet"),
    (frame(b"42"), "data that do not fit the packet's type: '2'"),
    (frame(b"43[]"), "data that do not fit the packet's type: '3[]'"),
    (frame(b"430[]"), "expected an acknowledgement with an object; this came: []"),
    (frame(b'430["yes"]'), "expected an acknowledgement with an object; this came: ['yes']"),
    (frame(b'451-["x",{"_placeholder":true,"num":0}]'), "not a Socket.IO packet without attachments"),
]
MALFORMED = [
    *(("short-poll", text, why) for text, why in IN_POLLS),
    *(("long-poll", text, why) for text, why in IN_POLLS),
    *(("sse", text, why) for text, why in IN_STREAMS),
    *(("websocket", text, why) for text, why in IN_WEBSOCKETS),
    *(("socket-io", text, why) for text, why in IN_SOCKET_IO),
]


@pytest.mark.parametrize(("technique", "text", "why"), MALFORMED)
async def test_what_cannot_be_read_ends_the_connection_is_noted_and_has_its_account(
    technique: str, text: bytes, why: str
) -> None:
    reader, dialled = client(technique)
    join(reader, dialled)
    dialled.receive(text)
    assert dialled.newest.is_aborted
    [refusal] = reader.notes.refusals
    assert refusal.startswith(UNREADABLE + why)
    assert reader.tally.malformed == 1
    assert (reader.is_ready, arrivals(reader), reader.cursor) == (False, [], "k3f9-0")

    connections = len(dialled.transports)
    if technique == "short-poll":
        reader.poll()  # type: ignore[attr-defined]
    else:
        come_back(reader)
    assert len(dialled.transports) == connections + 1
    if technique != "socket-io":
        assert b"k3f9-0" in dialled.written
    join(reader, dialled)
    assert [number for number, _, _ in reader.notes.breaks] == [7]
    reader.stop()
    await asyncio.sleep(0)
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("technique", "text"),
    [
        ("sse", chunk(event(PAYLOAD) + event(NO_ID))),
        ("websocket", frame(PAYLOAD) + frame(NO_ID)),
        ("websocket", frame(PAYLOAD) + frame(b"", Opcode.PONG) + frame(NO_ID)),
        ("socket-io", frame(packet(PAYLOAD)) + frame(packet(NO_ID))),
        ("long-poll", polled(PAYLOAD, NO_ID)),
    ],
)
async def test_what_came_before_it_counts(technique: str, text: bytes) -> None:
    reader, dialled = client(technique)
    join(reader, dialled)
    dialled.receive(text)
    assert (arrivals(reader), reader.cursor) == ([(7, 3)], "k3f9-1")
    assert len(reader.notes.refusals) == 1
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_a_refusal_after_the_end_is_not_heard(technique: str) -> None:
    reader, dialled = client(technique)
    join(reader, dialled)
    reader.stop()
    dialled.newest.connection.data_received(b"\xff" * 10)
    await asyncio.sleep(0)
    assert reader.notes.refusals == []
    check_sums(reader.tally)


async def test_an_answer_whose_connection_is_not_kept_may_be_unreadable_too() -> None:
    reader, dialled = client("long-poll")
    dialled.receive(answer(b"[]", fields=b"Connection: close\r\n"))
    assert reader.notes.refusals == [UNREADABLE + "Expected `object`, got `array`"]
    assert reader.tally.connections_lost == 0  # it was over anyway
    come_back(reader)
    join(reader, dialled)
    reader.stop()
    check_sums(reader.tally)


async def test_a_message_between_the_fragments_of_another_is_not_read() -> None:
    reader, dialled = client("websocket")
    join(reader, dialled)
    dialled.receive(frame(PAYLOAD[:9], fin=False), frame(SECOND))
    assert reader.notes.refusals == [UNREADABLE + "not a WebSocket frame: expected a continuation frame"]
    assert arrivals(reader) == []
    reader.stop()
    check_sums(reader.tally)


async def test_bytes_on_an_idle_connection_are_an_answer_that_nobody_had_asked_for() -> None:
    reader, dialled = client("short-poll")
    dialled.receive(polled(cursor=b"k3f9-0"))
    dialled.receive(answer(b"", b"408 Request Timeout", b"Connection: close\r\n"))
    assert reader.notes.refusals == [UNREADABLE + "an answer that nobody had asked for"]
    reader.stop()
    check_sums(reader.tally)


PIECES = {
    "short-poll": [
        polled(),
        polled(PAYLOAD),
        answer(envelope(NO_ID)),
        b"HTTP/1.1 200 OK\r\n",
        b"content-length: 2\r\n",
    ],
    "sse": [SSE_HEAD, chunk(OPENING_BLOCKS), chunk(event(PAYLOAD)), event(NO_ID), b"5\r\n", b"0\r\n\r\n", b"data: "],
    "websocket": [frame(PAYLOAD), frame(JOINED), frame(NO_JSON), frame(b"", Opcode.PING), b"\x81", b"\x7e", b"\x7f"],
    "socket-io": [answer(OPEN), answer(CONNECTED), frame(PROBED), frame(packet(PAYLOAD)), frame(b"2"), frame(b"41")],
}
PIECES["long-poll"] = PIECES["short-poll"]
PIECES["websocket"] += [
    close_frame(CloseCode.GOING_AWAY),
    close_frame(CloseCode.TRY_AGAIN_LATER),
    frame(b"x", fin=False),
]


@st.composite
def noise(draw: st.DrawFn) -> tuple[str, bool, list[bytes]]:
    """Return a technique, whether its client has joined before, and pieces of what then comes."""
    technique = draw(st.sampled_from(TECHNIQUES))
    part = st.sampled_from(PIECES[technique]) | st.binary(max_size=6) | st.sampled_from([b"\r\n", b"\r\n\r\n"])
    text = b"".join(draw(st.lists(part, max_size=8)))
    return technique, draw(st.booleans()), cut(text, draw(st.lists(st.integers(0, 400), max_size=4)))


@settings(max_examples=600)
@given(noise())
async def test_whatever_comes_nothing_is_raised_and_every_byte_has_an_account(
    drawn: tuple[str, bool, list[bytes]],
) -> None:
    technique, has_joined, pieces = drawn
    reader, dialled = client(technique)
    if has_joined:
        join(reader, dialled)
    for piece in pieces:
        dialled.newest.connection.data_received(piece)
    is_coming_back = technique == "short-poll" or reader._timer is not None
    assert is_coming_back or dialled.newest.connection.is_open
    reader.stop()
    await asyncio.sleep(0)
    check_sums(reader.tally)


async def test_what_websockets_logs_of_it_stays_unheard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reader, dialled = client("websocket")
    join(reader, dialled)
    dialled.receive(b"\xff\xff")
    assert caplog.records == []
    reader.stop()
