"""Socket.IO's opening, step by step, and its packets."""

import dataclasses

import pytest

from benchmarks.load.client import Client
from tests.unit.benchmarks.load.fake_transport import TARGET, Dialled, arrivals, check_sums, client, come_back
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    JOIN_ACK,
    OPEN,
    PAYLOAD,
    PROBED,
    SECOND,
    answer,
    frame,
    packet,
    unmasked,
)

UNREADABLE = "what the server sent cannot be read: "


def joined() -> tuple[Client, Dialled]:
    reader, dialled = client("socket-io")
    for body in (OPEN, b"ok", CONNECTED):
        dialled.receive(answer(body))
    dialled.receive(dialled.accept())
    dialled.newest.take()
    dialled.receive(frame(PROBED))
    return reader, dialled


async def test_the_opening_is_three_requests_an_upgrade_and_a_join() -> None:
    reader, dialled = client("socket-io", dataclasses.replace(TARGET, extra_fields="X-One: 1\r\n"))
    fields = b"Host: 127.0.0.1:8000\r\nAccept: */*\r\n"
    assert dialled.newest.take() == (
        b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n" + fields + b"X-One: 1\r\n\r\n"
    )
    dialled.receive(answer(OPEN))
    assert dialled.newest.take() == (
        b"POST /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\n"
        + fields
        + b"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\nX-One: 1\r\n\r\n40"
    )
    dialled.receive(answer(b"ok"))
    assert dialled.newest.take().startswith(b"GET /socket.io/?EIO=4&transport=polling&sid=abc HTTP/1.1\r\n")
    dialled.receive(answer(CONNECTED))
    polling, socket = dialled.transports
    assert polling.is_aborted
    assert socket.written.startswith(b"GET /socket.io/?EIO=4&transport=websocket&sid=abc HTTP/1.1\r\n")
    assert b"X-One: 1\r\n" in socket.written
    dialled.receive(dialled.accept())
    head, _, frames = socket.take().partition(b"\r\n\r\n")
    assert b"Upgrade: websocket" in head
    assert unmasked(frames) == [b"2probe"]
    dialled.receive(frame(PROBED))
    assert unmasked(socket.take()) == [b"5", b'420["join",{"room":"room","after":"latest"}]']
    assert not reader.is_ready
    dialled.receive(frame(JOIN_ACK))
    assert (reader.cursor, reader.tally.requests) == ("k3f9-0", 4)
    assert reader.tally.sent.handshake == reader.tally.sent.total
    assert reader.tally.received.handshake == reader.tally.received.total
    reader.stop()
    check_sums(reader.tally)


async def test_history_follows_the_join_and_each_message_costs_the_same() -> None:
    reader, dialled = joined()
    dialled.receive(frame(JOIN_ACK) + frame(packet(PAYLOAD)) + frame(packet(SECOND)))
    assert arrivals(reader) == [(7, 3), (7, 4)]
    assert reader.tally.received.framing == 2 * (len(b'42["message",]') + 2)
    reader.stop()
    check_sums(reader.tally)


async def test_a_ping_of_engine_io_is_answered_at_any_time() -> None:
    reader, dialled = joined()
    dialled.newest.take()
    dialled.receive(frame(b"2"), frame(JOIN_ACK), frame(b"2"))
    assert unmasked(dialled.newest.take()) == [b"3", b"3"]
    assert (reader.tally.received.heartbeat, reader.tally.sent.heartbeat) == (6, 14)
    reader.stop()
    check_sums(reader.tally)


async def test_it_joins_again_with_its_cursor_after_a_break() -> None:
    reader, dialled = joined()
    dialled.receive(frame(JOIN_ACK) + frame(packet(PAYLOAD)))
    dialled.newest.cut()
    come_back(reader)
    for body in (OPEN, b"ok", CONNECTED):
        dialled.receive(answer(body))
    dialled.receive(dialled.accept())
    dialled.newest.take()
    dialled.receive(frame(PROBED))
    assert unmasked(dialled.written) == [b"5", b'420["join",{"room":"room","after":"k3f9-1"}]']
    dialled.receive(frame(JOIN_ACK))
    assert len(reader.notes.breaks) == 1
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("text", [b'42["gap",{"cursor":"k3f9-9"}]', b"6", b"3", b'42["other"]'])
async def test_other_packets_are_framing(text: bytes) -> None:
    reader, dialled = joined()
    dialled.receive(frame(JOIN_ACK), frame(text))
    assert reader.tally.received.framing == len(frame(text))
    assert (reader.notes.refusals, reader.is_ready) == ([], True)
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize(
    ("bodies", "why"),
    [
        ([b"0"], UNREADABLE + "Input data was truncated"),
        ([b"0{}"], UNREADABLE + "Object missing required field `sid`"),
        ([b"nonsense"], UNREADABLE + "JSON is malformed"),
        ([OPEN, b"ok", b""], UNREADABLE + "not an Engine.IO packet of a client: ''"),
        ([OPEN, b"ok", b"6"], UNREADABLE + "expected the answer to Socket.IO's CONNECT; this came: b'6'"),
        ([OPEN, b"ok", b"\xff"], UNREADABLE + "'utf-8' codec can't decode byte 0xff"),
        ([OPEN, b"ok", b"1"], "the server ended the session: 1"),
    ],
)
async def test_answers_in_the_opening_that_no_server_gives(bodies: list[bytes], why: str) -> None:
    reader, dialled = client("socket-io")
    for body in bodies:
        dialled.receive(answer(body))
    [refusal] = reader.notes.refusals
    assert refusal.startswith(why)
    assert dialled.newest.is_aborted
    reader.stop()
    check_sums(reader.tally)


async def test_the_answer_to_connect_may_come_with_other_packets() -> None:
    reader, dialled = client("socket-io")
    for body in (OPEN, b"ok", b"2\x1e" + CONNECTED):
        dialled.receive(answer(body))
    assert len(dialled.transports) == 2
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("answers", [1, 2])
async def test_a_server_that_does_not_keep_the_connection_while_it_opens_is_noted(answers: int) -> None:
    reader, dialled = client("socket-io")
    for number in range(answers):
        fields = b"Connection: close\r\n" if number == answers - 1 else b""
        dialled.receive(answer((OPEN, b"ok")[number], fields=fields))
    assert reader.notes.refusals == ["the server closed the connection in the middle of Engine.IO's opening"]
    assert reader._timer is not None
    reader.stop()
    check_sums(reader.tally)


async def test_the_probe_is_answered_by_a_probe() -> None:
    reader, dialled = client("socket-io")
    for body in (OPEN, b"ok", CONNECTED):
        dialled.receive(answer(body))
    dialled.receive(dialled.accept() + frame(b"3") + frame(PROBED))
    assert reader.notes.refusals == [UNREADABLE + "expected b'3probe' after the probe; this came: b'3'"]
    reader.stop()
    check_sums(reader.tally)
