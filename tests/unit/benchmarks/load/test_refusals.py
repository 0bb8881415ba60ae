"""Servers that do not let a client read: it notes why, and tries again later and later."""

import asyncio

import pytest
from websockets.frames import CloseCode

from benchmarks.load.client import FIRST_BACKOFF_S, LAST_BACKOFF_S
from tests.unit.benchmarks.load.fake_transport import (
    Dialled,
    arrivals,
    check_sums,
    client,
    come_back,
)
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    JOINED,
    OPEN,
    OPENING_BLOCKS,
    PAYLOAD,
    PROBED,
    SSE_HEAD,
    answer,
    chunk,
    close_frame,
    frame,
    single,
)

PROBLEM = b'{"title":"Forbidden"}'
NO_UPGRADE = "the WebSocket handshake was answered: "


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "503 Service Unavailable", "204 No Content"])
@pytest.mark.parametrize("is_in_single_bytes", [False, True])
async def test_an_event_stream_that_is_refused(status: str, is_in_single_bytes: bool) -> None:
    reader, dialled = client("sse")
    text = answer(PROBLEM, status.encode())
    dialled.receive(*(single(text) if is_in_single_bytes else [text]))
    assert reader.notes.refusals == [f"HTTP/1.1 {status}"]
    assert reader.tally.received.http_headers == len(text) - len(PROBLEM)
    come_back(reader)
    assert b"/sse?after=latest " in dialled.written
    dialled.receive(SSE_HEAD + chunk(OPENING_BLOCKS))
    assert reader.is_ready
    assert reader.notes.breaks == []  # it had never read before
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (answer(PROBLEM, b"403 Forbidden"), "HTTP/1.1 403 Forbidden"),
        (answer(b"", b"404 Not Found"), "HTTP/1.1 404 Not Found"),
        (answer(PROBLEM), "HTTP/1.1 200 OK"),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 503 Service Unavailable"),
        (b"SSH-2.0-Server\r\n\r\n", "SSH-2.0-Server (did not receive a valid HTTP response)"),
        (
            b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols (missing Connection header)",
        ),
    ],
)
async def test_a_websocket_handshake_that_is_refused(text: bytes, why: str) -> None:
    reader, dialled = client("websocket")
    dialled.receive(text)
    [refusal] = reader.notes.refusals
    assert refusal.startswith(NO_UPGRADE + why)
    assert reader.tally.received.handshake == len(text)
    come_back(reader)
    dialled.receive(dialled.accept(), frame(JOINED))
    assert reader.is_ready
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("field", ["Sec-WebSocket-Accept: wrong", "Sec-WebSocket-Extensions: x", "Upgrade: h2c"])
async def test_a_websocket_handshake_that_is_accepted_wrongly(field: str) -> None:
    reader, dialled = client("websocket")
    text = dialled.accept(f"{field}\r\n")
    dialled.receive(text + frame(JOINED))
    [refusal] = reader.notes.refusals
    assert refusal.startswith(NO_UPGRADE + "HTTP/1.1 101 Switching Protocols (")
    assert reader.tally.received.handshake == len(text + frame(JOINED))
    reader.stop()
    check_sums(reader.tally)


async def test_a_websocket_handshake_that_is_not_answered() -> None:
    reader, dialled = client("websocket")
    dialled.receive(b"HTTP/1.1 101 Switching")
    dialled.newest.cut()
    assert reader.notes.refusals == ["the WebSocket handshake was not answered"]
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("code", "refusals"),
    [
        (CloseCode.NORMAL_CLOSURE, []),
        (CloseCode.GOING_AWAY, []),
        (CloseCode.SERVICE_RESTART, []),
        (CloseCode.TRY_AGAIN_LATER, ["the server closed the WebSocket with 1013 (try again later) full"]),
        (CloseCode.POLICY_VIOLATION, ["the server closed the WebSocket with 1008 (policy violation) full"]),
    ],
)
async def test_a_close_frame_is_a_break_and_says_why(code: CloseCode, refusals: list[str]) -> None:
    reader, dialled = client("websocket")
    text = close_frame(code, b"full")
    dialled.receive(dialled.accept() + frame(JOINED) + text)
    assert reader.notes.refusals == refusals
    assert reader.tally.received.framing == len(text)
    come_back(reader)
    assert b"after=k3f9-0 " in dialled.written
    reader.stop()
    check_sums(reader.tally)


async def test_a_close_frame_without_a_code_is_noted_as_such() -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept() + b"\x88\x00")
    assert reader.notes.refusals == ["the server closed the WebSocket with 1005 (no status received [internal])"]
    reader.stop()


@pytest.mark.parametrize("control", [b'{"control":"error","problem":{"title":"No"}}', b'{"control":"joined"}'])
async def test_a_control_message_that_a_reader_does_not_expect_ends_the_connection(control: bytes) -> None:
    reader, dialled = client("websocket")
    dialled.receive(dialled.accept() + frame(control) + frame(PAYLOAD))
    assert reader.notes.refusals == [f"the server said: {control.decode()}"]
    assert arrivals(reader) == []
    reader.stop()
    check_sums(reader.tally)


def open_socket_io(dialled: Dialled) -> None:
    """Say the server's part up to the probe."""
    for body in (OPEN, b"ok", CONNECTED):
        dialled.receive(answer(body))
    dialled.receive(dialled.accept() + frame(PROBED))


@pytest.mark.parametrize(
    ("bodies", "why"),
    [
        ([(b"full", b"503 Service Unavailable")], "Engine.IO answered 503: full"),
        ([(OPEN, b"200 OK"), (b"no", b"400 Bad Request")], "Engine.IO answered 400: no"),
        (
            [(OPEN, b"200 OK"), (b"ok", b"200 OK"), (b'44{"message":"full"}', b"200 OK")],
            'the server ended the session: 44{"message":"full"}',
        ),
    ],
)
async def test_a_socket_io_opening_that_is_refused(bodies: list[tuple[bytes, bytes]], why: str) -> None:
    reader, dialled = client("socket-io")
    for body, status in bodies:
        dialled.receive(answer(body, status))
    assert reader.notes.refusals == [why]
    assert len(dialled.transports) == 1
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'430[{"error":{"title":"No room"}}]', "join was refused: {'error': {'title': 'No room'}}"),
        (b'430[{"cursor":7}]', "join was refused: {'cursor': 7}"),
        (b"41", "the server ended the session: Socket.IO disconnected"),
        (b'44{"message":"full"}', 'the server ended the session: 44{"message":"full"}'),
        (b"1", "the server ended the session: 1"),
    ],
)
async def test_a_socket_io_session_that_the_server_ends(text: bytes, why: str) -> None:
    reader, dialled = client("socket-io")
    open_socket_io(dialled)
    dialled.receive(frame(text) + frame(b"2"))
    assert reader.notes.refusals == [why]
    assert dialled.newest.is_aborted
    come_back(reader)
    assert len(dialled.transports) == 3
    reader.stop()
    await asyncio.sleep(0)
    check_sums(reader.tally)


async def test_who_is_refused_again_and_again_waits_longer_each_time_up_to_a_limit() -> None:
    reader, dialled = client("sse")
    waits = []
    for _ in range(8):
        waits.append(reader._backoff_s)
        dialled.receive(answer(b"", b"503 Service Unavailable"))
        come_back(reader)
    assert waits == [FIRST_BACKOFF_S, 1, 2, 4, 8, LAST_BACKOFF_S, LAST_BACKOFF_S, LAST_BACKOFF_S]
    dialled.receive(SSE_HEAD + chunk(OPENING_BLOCKS))
    assert reader._backoff_s == FIRST_BACKOFF_S
    assert len(reader.notes.refusals) == 8
    reader.stop()
    check_sums(reader.tally)
