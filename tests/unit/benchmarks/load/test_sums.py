"""Whole conversations of each technique, cut into any pieces and ended anywhere: every byte has its account."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import CloseCode, Opcode

from benchmarks.accounts import Accounts
from benchmarks.load.client import Client
from benchmarks.plan import TECHNIQUES
from tests.unit.benchmarks.load.fake_transport import Dialled, arrivals, check_sums, client
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    HEARTBEAT,
    JOIN_ACK,
    JOINED,
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
    single,
)

Part = bytes | Callable[[Dialled], bytes]
"""What the server says next, or how that is made of what it was asked."""

GAP = b'{"control":"gap","cursor":"k3f9-0"}'
BLOCKS = (
    event(PAYLOAD) + b"event: gap\nid: k3f9-1\ndata: {}\n\n" + HEARTBEAT + b"retry: 1\n\n" + event(SECOND, b"k3f9-2")
)
TEXTS = frame(PAYLOAD) + frame(b"ping", Opcode.PING) + frame(GAP)
FRAGMENTS = (
    frame(SECOND[:30], fin=False)
    + frame(b"", Opcode.PONG)
    + frame(b"", Opcode.CONT, fin=False)
    + frame(SECOND[30:], Opcode.CONT)
)
POLLS: list[Part] = [
    polled(cursor=b"k3f9-0"),
    polled(PAYLOAD, SECOND, cursor=b"k3f9-2"),
    answer(b'{"title":"full"}', b"503 Service Unavailable"),
]

CONVERSATIONS: dict[str, list[Part]] = {
    "short-poll": POLLS,
    "long-poll": POLLS,
    "sse": [SSE_HEAD + chunk(OPENING_BLOCKS) + chunk(BLOCKS) + chunk(HEARTBEAT)],
    "websocket": [Dialled.accept, frame(JOINED) + TEXTS + FRAGMENTS],
    "socket-io": [
        answer(OPEN),
        answer(b"ok"),
        answer(CONNECTED),
        lambda dialled: dialled.accept() + frame(PROBED),
        frame(JOIN_ACK) + frame(packet(PAYLOAD)) + frame(b"2") + frame(b'42["gap",{"cursor":"k3f9-1"}]'),
        frame(packet(SECOND)[:30], fin=False) + frame(packet(SECOND)[30:], Opcode.CONT) + frame(b"6"),
    ],
}
BOTH = len(PAYLOAD) + len(SECOND)


def expected(technique: str, dialled: Dialled) -> tuple[Accounts, Accounts]:
    """Return the accounts of what the client sends and receives in the whole conversation."""
    sent = sum(len(transport.written) for transport in dialled.transports)
    heads = sum(part.index(b"\r\n\r\n") + 4 for part in POLLS if isinstance(part, bytes))
    match technique:
        case "short-poll" | "long-poll":
            framing = len(envelope()) + len(envelope(b"", b"")) + len(b'{"title":"full"}')
            return Accounts(http_headers=sent), Accounts(BOTH, heads, framing)
        case "websocket":
            pong = 2 + 4 + len(b"ping")
            handshake = len(dialled.accept()) + len(frame(JOINED))
            received = Accounts(BOTH, 0, 2 + len(frame(GAP)) + 2 + 2 + 2, handshake, len(frame(b"ping")) + 2)
            return Accounts(handshake=sent - pong, heartbeat=pong), received
        case "socket-io":
            pong = 2 + 4 + 1
            framing = 2 * len(packet(b"")) + 2 + 2 + 2 + len(frame(b'42["gap",{"cursor":"k3f9-1"}]')) + len(frame(b"6"))
            answers = sum(len(answer(body)) for body in (OPEN, b"ok", CONNECTED))
            handshake = answers + len(dialled.accept()) + len(frame(PROBED)) + len(frame(JOIN_ACK))
            return Accounts(handshake=sent - pong, heartbeat=pong), Accounts(BOTH, 0, framing, handshake, 3)
    raise AssertionError(f"another technique: {technique}")


def converse(reader: Client, dialled: Dialled, places: list[int], at_most: int = 1_000_000) -> None:
    """Say the server's part, cut at `places`, up to so many bytes of it."""
    for part in CONVERSATIONS[reader.technique]:
        text = part if isinstance(part, bytes) else part(dialled)
        dialled.receive(*cut(text[:at_most], [place % len(text) for place in places]))
        at_most -= len(text)
        if at_most <= 0:
            return
        if reader.technique == "short-poll" and reader.is_idle:
            reader.poll()  # type: ignore[attr-defined]


places = st.lists(st.integers(0, 2_000), max_size=8)


@given(st.sampled_from(["short-poll", "long-poll", "websocket", "socket-io"]), places)
async def test_every_account_is_the_same_at_any_split(technique: str, cuts: list[int]) -> None:
    reader, dialled = client(technique)
    converse(reader, dialled, cuts)
    assert arrivals(reader) == [(7, 3), (7, 4)]
    assert reader.cursor == "k3f9-2"
    sent, received = expected(technique, dialled)
    assert reader.tally.received == received
    assert reader.tally.sent == sent
    reader.stop()
    check_sums(reader.tally)
    assert reader.tally.received == received


@given(places)
async def test_of_an_event_stream_at_any_split_only_the_coding_may_move_between_accounts(cuts: list[int]) -> None:
    reader, dialled = client("sse")
    converse(reader, dialled, cuts)
    assert arrivals(reader) == [(7, 3), (7, 4)]
    assert reader.cursor == "k3f9-2"
    received, text = reader.tally.received, CONVERSATIONS["sse"][0]
    assert isinstance(text, bytes)
    assert (received.payload, received.http_headers, received.total) == (BOTH, len(SSE_HEAD), len(text))
    coding = len(text) - len(SSE_HEAD + OPENING_BLOCKS + BLOCKS + HEARTBEAT)
    assert 0 <= received.handshake - len(OPENING_BLOCKS) <= coding
    assert 0 <= received.heartbeat - 2 * len(HEARTBEAT) <= coding
    reader.stop()
    check_sums(reader.tally)


async def test_an_event_stream_in_single_bytes_has_its_coding_in_framing() -> None:
    reader, dialled = client("sse")
    text = CONVERSATIONS["sse"][0]
    assert isinstance(text, bytes)
    dialled.receive(*single(text))
    received = reader.tally.received
    assert received.handshake == len(OPENING_BLOCKS)
    assert received.heartbeat == 2 * len(HEARTBEAT)
    assert received.framing == len(text) - len(SSE_HEAD) - received.handshake - received.heartbeat - BOTH
    reader.stop()


@settings(max_examples=400)
@given(st.sampled_from(TECHNIQUES), places, st.integers(0, 1_200), st.sampled_from(["stop", "cut", "end", "silence"]))
async def test_the_sums_agree_wherever_and_however_it_ends(technique: str, cuts: list[int], at: int, end: str) -> None:
    reader, dialled = client(technique)
    converse(reader, dialled, cuts, at)
    if end == "stop":
        reader.stop()
        reader.stop()  # again does nothing
    elif end == "cut":
        dialled.newest.cut()
    elif end == "end":
        dialled.newest.end()
    await asyncio.sleep(0)
    reader.stop()
    check_sums(reader.tally)
    assert reader.tally.connections_opened == len(dialled.transports)


@pytest.mark.parametrize("technique", ["websocket", "socket-io"])
@pytest.mark.parametrize("behind", [b"", frame(PAYLOAD), frame(b"", Opcode.PING), b"\x81", b"anything"])
@pytest.mark.parametrize("before", [b"", frame(b"", Opcode.PING), frame(b"x", fin=False)])
async def test_nothing_counts_that_comes_behind_a_close_frame(technique: str, before: bytes, behind: bytes) -> None:
    reader, dialled = client(technique)
    converse(reader, dialled, [])
    sent = dialled.written
    dialled.receive(before + close_frame(CloseCode.SERVICE_RESTART) + behind)
    assert dialled.newest.is_aborted
    assert dialled.written == sent  # neither a pong nor a Close frame
    assert arrivals(reader) == [(7, 3), (7, 4)]
    reader.stop()
    check_sums(reader.tally)
