"""Readers: what they ask for, how they get in, and that no way of cutting the bytes changes what they find."""

from collections.abc import Callable, Sequence

import pytest

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import ROOM, digits_of, draft_around_digits
from benchmarks.fanout.polls import LongPoll, ValidatedLongPoll
from benchmarks.fanout.publisher import Publisher
from benchmarks.fanout.readers import EventStream, Reader, SocketIo, WebSocket, masked
from benchmarks.load.crowd import CouldNotOpen
from tests.unit.benchmarks.fanout.made_up import PORT, KeptTransport, connected, text

STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: x\r\n\r\n"
MESSAGES = 5


def event(number: int) -> bytes:
    block = b"id: k3f9-%d\ndata: %b\n\n" % (number + 1, text(number))
    return b"%x\r\n%b\r\n" % (len(block), block)


def frame(payload: bytes) -> bytes:
    size = bytes((len(payload),)) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + payload


def packet(number: int) -> bytes:
    return frame(b'42["message",%b]' % text(number))


STREAMS: list[tuple[type[Reader], bytes, Callable[[int], bytes]]] = [
    (EventStream, STREAM_HEAD + b"1c\r\nretry: 2000\n\nid: k3f9-0\n\n\r\n", event),
    (WebSocket, UPGRADED + frame(b'{"control":"joined","cursor":"k3f9-0"}'), lambda number: frame(text(number))),
    (
        SocketIo,
        UPGRADED + frame(b'0{"sid":"s"}') + frame(b'40{"sid":"t"}') + frame(b'430[{"cursor":"k3f9-0"}]'),
        packet,
    ),
]
EACH_STREAM = pytest.mark.parametrize(("kind", "opening", "wrap"), STREAMS, ids=["sse", "websocket", "socket-io"])


def publishing(messages: int = MESSAGES, readers: int = 1) -> Broadcasts:
    broadcasts = Broadcasts(readers)
    broadcasts.start(messages)
    broadcasts._goes_on = False
    return broadcasts


def counts(broadcasts: Broadcasts) -> tuple[int, int, int]:
    return broadcasts.lost, broadcasts.doubled, broadcasts.reordered


# --- streams ---


@EACH_STREAM
async def test_cut_in_two_anywhere_every_message_arrives_once(
    kind: type[Reader], opening: bytes, wrap: Callable[[int], bytes]
) -> None:
    data = b"".join(map(wrap, range(MESSAGES)))
    for place in range(1, len(data)):
        broadcasts = publishing()
        reader, _ = connected(kind, broadcasts)
        reader.data_received(opening)
        reader.data_received(data[:place])
        reader.data_received(data[place:])
        assert (place, *counts(broadcasts)) == (place, 0, 0, 0)


@EACH_STREAM
async def test_byte_by_byte_every_message_arrives_once(
    kind: type[Reader], opening: bytes, wrap: Callable[[int], bytes]
) -> None:
    broadcasts = publishing()
    reader, _ = connected(kind, broadcasts)
    for byte in opening + b"".join(map(wrap, range(MESSAGES))):
        reader.data_received(bytes((byte,)))
    assert reader.opened.done()
    assert counts(broadcasts) == (0, 0, 0)
    assert list(broadcasts.count) == [1] * MESSAGES


@EACH_STREAM
async def test_what_comes_in_one_read_is_one_read(
    kind: type[Reader], opening: bytes, wrap: Callable[[int], bytes]
) -> None:
    broadcasts = publishing()
    reader, _ = connected(kind, broadcasts)
    reader.data_received(opening)
    reader.data_received(b"".join(map(wrap, range(MESSAGES))))
    assert (list(broadcasts.count), list(broadcasts.newest)) == ([MESSAGES], [MESSAGES - 1])


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ([0, 1, 3, 4], (1, 0, 0)),
        ([0, 1, 2, 2, 3, 4], (0, 1, 0)),
        ([0, 2, 1, 3, 4], (0, 0, 1)),
        ([1, 0, 2, 4, 3, 3], (0, 1, 2)),
        ([0, 0, 3], (3, 1, 0)),
        ([0, 1, 2, 3, 4, 7], (0, 1, 0)),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_lost_doubled_and_reordered_are_told_apart(
    order: Sequence[int], found: tuple[int, int, int], at_once: bool
) -> None:
    broadcasts = publishing()
    broadcasts.give_places([digits_of(number) for number in range(MESSAGES)])
    reader, _ = connected(EventStream, broadcasts)
    reader.data_received(STREAM_HEAD)
    pieces = [event(number) for number in order]
    for data in [b"".join(pieces)] if at_once else pieces:
        reader.data_received(data)
    assert counts(broadcasts) == found


@pytest.mark.parametrize(("other", "found"), [([2, 0, 1], (0, 0, 0)), ([0, 1, 2], (0, 0, 1))])
async def test_the_first_reader_shows_the_order_that_all_others_are_held_to(
    other: Sequence[int], found: tuple[int, int, int]
) -> None:
    broadcasts = publishing(3, readers=2)
    for order in ([2, 0, 1], other):
        reader, _ = connected(EventStream, broadcasts)
        reader.data_received(STREAM_HEAD)
        for number in order:
            reader.data_received(event(number))
    assert counts(broadcasts) == found


@pytest.mark.parametrize("size", [35, 0x123])
async def test_a_frame_whose_length_looks_like_a_mark_is_none(size: int) -> None:
    data = frame(b"{" + b"x" * (size - 13) + b"#00000000000")
    assert b"#" in data[:4]
    for place in range(1, len(data)):
        broadcasts = publishing(1)
        reader, _ = connected(WebSocket, broadcasts)
        reader.data_received(UPGRADED)
        reader.data_received(data[:place])
        reader.data_received(data[place:])
        assert counts(broadcasts) == (0, 0, 0)


async def test_each_stream_asks_in_its_own_way() -> None:
    asked = {kind: connected(kind, Broadcasts(1))[1].written for kind, _, _ in STREAMS}
    assert asked[EventStream] == (
        b"GET /api/rooms/fanout/sse?after=latest HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: text/event-stream\r\n\r\n"
    )
    assert asked[WebSocket].startswith(b"GET /api/rooms/fanout/ws?after=latest HTTP/1.1\r\n")
    assert asked[SocketIo].startswith(b"GET /socket.io/?EIO=4&transport=websocket&room=fanout HTTP/1.1\r\n")
    for kind in (WebSocket, SocketIo):
        assert b"\r\nUpgrade: websocket\r\n" in asked[kind]
        assert asked[kind].endswith(b"\r\n\r\n")


async def test_socket_io_connects_then_joins_and_is_in_when_that_is_acknowledged() -> None:
    reader, transport = connected(SocketIo, Broadcasts(1))
    transport.take()
    reader.data_received(UPGRADED + frame(b'0{"sid":"s"}'))
    assert transport.take() == masked(0x81, b"40")
    reader.data_received(frame(b'40{"sid":"t"}'))
    assert transport.take() == masked(0x81, b'420["join",{"room":"fanout","after":"latest"}]')
    assert not reader.opened.done()
    reader.data_received(frame(b'430[{"cursor":"k3f9-0"}]'))
    assert reader.opened.done()


async def test_who_may_not_join_says_so() -> None:
    reader, _ = connected(SocketIo, Broadcasts(1))
    reader.data_received(UPGRADED + frame(b"0{}") + frame(b"40{}") + frame(b'430[{"status":429}]'))
    with pytest.raises(CouldNotOpen, match="the server refused `join`"):
        await reader.opened


@pytest.mark.parametrize("kind", [EventStream, WebSocket, SocketIo, LongPoll, ValidatedLongPoll])
async def test_a_refusal_is_told_with_what_the_server_said(kind: type[Reader]) -> None:
    broadcasts = Broadcasts(1)
    reader, transport = connected(kind, broadcasts)
    reader.data_received(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
    assert transport.is_aborted
    if kind is ValidatedLongPoll:  # it was in as soon as it was connected
        assert "503 Service Unavailable" in broadcasts.trouble
    else:
        with pytest.raises(CouldNotOpen, match="the server answered: HTTP/1.1 503 Service Unavailable"):
            await reader.opened


# --- pings ---


async def test_a_websocket_answers_pings_wherever_they_stand() -> None:
    broadcasts = publishing(2)
    reader, transport = connected(WebSocket, broadcasts)
    reader.data_received(UPGRADED)
    transport.take()
    reader.data_received(b"\x89\x04ping" + frame(text(0)) + b"\x89\x00" + frame(text(1)))
    assert transport.take() == masked(0x8A, b"ping") + masked(0x8A, b"")
    assert counts(broadcasts) == (0, 0, 0)


async def test_a_length_that_looks_like_a_ping_is_none() -> None:
    broadcasts = publishing(1)
    reader, transport = connected(WebSocket, broadcasts)
    reader.data_received(UPGRADED)
    transport.take()
    payload = text(0).replace(b'"sent_at"', b'"sent_at' + b"x" * (0x89 - len(text(0))) + b'"')
    assert frame(payload).startswith(b"\x81\x7e\x00\x89")
    reader.data_received(frame(payload))
    assert transport.take() == b""
    assert counts(broadcasts) == (0, 0, 0)


async def test_socket_io_answers_the_ping_of_engine_io() -> None:
    broadcasts = publishing(1)
    reader, transport = connected(SocketIo, broadcasts)
    reader.data_received(STREAMS[2][1])
    transport.take()
    reader.data_received(packet(0) + frame(b"2"))
    assert transport.take() == masked(0x81, b"3")
    assert counts(broadcasts) == (0, 0, 0)


# --- long polling ---


def answer(*numbers: int, cursor: str = "k3f9-9", fields: bytes = b"") -> bytes:
    body = b'{"cursor":"%b","messages":[%b]}' % (cursor.encode(), b",".join(map(text, numbers)))
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), fields, body)


def poll(query: bytes, fields: bytes = b"") -> bytes:
    return b"GET /api/rooms/fanout/long-poll%b HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n%b\r\n" % (query, fields)


async def test_a_long_poll_asks_again_after_the_cursor_it_was_given() -> None:
    broadcasts = publishing(3)
    reader, transport = connected(LongPoll, broadcasts)
    assert transport.take() == poll(b"?after=latest")
    reader.data_received(answer(cursor="k3f9-0"))
    assert reader.opened.done()
    assert transport.take() == poll(b"?after=k3f9-0")
    reader.data_received(answer(0, cursor="k3f9-1"))
    reader.data_received(answer(1, 2, cursor="k3f9-3"))
    assert transport.take() == poll(b"?after=k3f9-1") + poll(b"?after=k3f9-3")
    assert (counts(broadcasts), list(broadcasts.count)) == ((0, 0, 0), [1, 2])


async def test_an_answer_cut_in_two_anywhere_is_one_answer() -> None:
    data = answer(0, 1, cursor="k3f9-2")
    for place in range(1, len(data)):
        broadcasts = publishing(2)
        reader, transport = connected(LongPoll, broadcasts)
        reader.data_received(answer(cursor="k3f9-0"))
        transport.take()
        reader.data_received(data[:place])
        assert transport.take() == b""
        reader.data_received(data[place:])
        assert transport.take() == poll(b"?after=k3f9-2")
        assert counts(broadcasts) == (0, 0, 0)


async def test_nchan_is_asked_by_the_validators_of_its_answer() -> None:
    broadcasts = publishing(1)
    reader, transport = connected(ValidatedLongPoll, broadcasts)
    assert reader.opened.done()
    assert transport.take() == poll(b"")
    body = draft_around_digits(40, 1)[0] + b'0000000000"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nLast-Modified: Tue, 24\r\nEtag: 3\r\n\r\n" % len(body)
    reader.data_received(head + body)
    assert transport.take() == poll(b"", b"If-Modified-Since: Tue, 24\r\nIf-None-Match: 3\r\n")
    assert counts(broadcasts) == (0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (LongPoll, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        (ValidatedLongPoll, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    ],
)
async def test_an_answer_after_which_nothing_can_be_asked_ends_it(kind: type[Reader], said: bytes) -> None:
    broadcasts = Broadcasts(1)
    reader, _ = connected(kind, broadcasts)
    reader.data_received(said)
    trouble = str(reader.opened.exception() or broadcasts.trouble)
    assert trouble == "an answer that does not say what to ask for next: HTTP/1.1 200 OK"


# --- the end ---


async def test_a_reader_that_the_server_drops_ends_the_turn_and_one_that_leaves_does_not() -> None:
    broadcasts = Broadcasts(2)
    left, dropped = (connected(EventStream, broadcasts)[0] for _ in range(2))
    for reader in (left, dropped):
        reader.data_received(STREAM_HEAD)
    left.close()
    left.connection_lost(None)
    assert broadcasts.trouble == ""
    dropped.connection_lost(ConnectionResetError("reset"))
    assert broadcasts.trouble == "the server closed the connection of a reader: reset"


async def test_who_is_told_to_leave_before_it_was_in_waits_no_longer() -> None:
    reader = EventStream(PORT, Broadcasts(1))
    reader.close()
    assert reader.opened.cancelled()


# --- publishing ---


def publisher() -> tuple[Publisher, KeptTransport, Broadcasts]:
    broadcasts, transport = Broadcasts(1), KeptTransport()
    made = Publisher(PORT, 40, 1, broadcasts)
    made.connection_made(transport)
    return made, transport, broadcasts


async def test_a_message_is_a_post_whose_text_ends_with_its_mark() -> None:
    made, transport, _ = publisher()
    made.post(42)
    head, _, body = transport.take().partition(b"\r\n\r\n")
    assert head.startswith(f"POST /api/rooms/{ROOM}/messages HTTP/1.1\r\n".encode())
    assert head.endswith(b"\r\nContent-Length: %d" % len(body))
    assert body.endswith(b'#00000000042"}')
    assert len(body.partition(b'"text":"')[2]) == 40 + len('"}')


@pytest.mark.parametrize("place", range(1, 40))
async def test_a_message_that_is_refused_is_noticed_however_the_answers_are_cut(place: int) -> None:
    made, _, broadcasts = publisher()
    data = b"HTTP/1.1 201 Created\r\n\r\nHTTP/1.1 429 Too Many Requests\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n"
    made.data_received(data[:place])
    made.data_received(data[place:])
    assert broadcasts.trouble.startswith("the server refused a message: HTTP/1.1 429")


async def test_accepted_messages_are_no_trouble() -> None:
    made, _, broadcasts = publisher()
    for byte in b"HTTP/1.1 201 Created\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n" * 2:
        made.data_received(bytes((byte,)))
    made.close()
    made.connection_lost(None)
    assert broadcasts.trouble == ""
