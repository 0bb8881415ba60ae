"""Both directions of a connection: which unit answers which, in whose accounts, under what label."""

import zlib

import pytest

from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.exchanges import MOST_CODING
from pushdemo.wire.dissectors.fields import Account, Unit, by_account
from tests.unit.wire.dissectors.conversations import (
    DRAFT,
    EVENTS,
    MESSAGE,
    NOT_FOUND,
    OPEN,
    POLLING,
    SECOND,
    SOCKET_IO,
    SOCKET_IO_POLLING,
    SOCKET_IO_UPGRADE,
    SWITCHED,
    UPGRADE,
    WEBSOCKET,
    Turns,
    answer,
    chunk,
    chunked,
    frame,
    masked,
    packets,
    request,
    sums,
    units_of,
)

POLL = request(b"/api/rooms/lobby/long-poll?after=k3f9-42")
WS = request(b"/api/rooms/lobby/ws", *UPGRADE)
NOTHING_NEW = answer(b'{"cursor":"k3f9-42","messages":[]}')


def labels(units: list[Unit]) -> list[str]:
    return [unit.label for unit in units]


def read(up: bytes, down: bytes) -> list[Unit]:
    return units_of([("up", up), ("down", down)])


def test_polls_are_told_with_what_they_brought() -> None:
    units = units_of(POLLING)
    assert [(unit.technique, unit.label) for unit in units] == [
        ("short-poll", "GET short-poll?after=latest"),
        ("short-poll", "200, nothing new"),
        ("short-poll", "GET short-poll?after=k3f9-42"),
        ("short-poll", "304, nothing new"),
        ("publish", "POST messages"),
        ("publish", "201, published k3f9-43"),
        ("long-poll", "GET long-poll?after=k3f9-42&timeout=25"),
        ("long-poll", "200, gap, 2 messages, more to come"),
        ("long-poll", "HEAD long-poll?after=k3f9-44&timeout=25"),
        ("long-poll", "200, the head alone"),
        ("page", "GET /api/nope"),
        ("short-poll", "GET short-poll?after=k3f9-44"),
        ("page", "404 Not Found"),
        ("short-poll", "200, nothing new"),
    ]
    assert [unit.number for unit in units] == list(range(1, 15))
    assert [unit.answers for unit in units if unit.kind == "response"] == [1, 3, 5, 7, 9, 11, 12]
    assert [unit.status for unit in units if unit.kind == "response"] == [200, 304, 201, 200, 200, 404, 200]
    assert [unit.number for unit in units if unit.empty] == [2, 4, 14]
    assert [unit.messages for unit in units if unit.messages] == [("k3f9-43", "k3f9-44")]


def test_heads_of_polls_are_headers_and_messages_payload() -> None:
    poll = units_of(POLLING)[7]
    body = len(b'{"cursor":"k3f9-44","messages":[,],"gap":true,"more":true}')
    payload = len(MESSAGE) + len(SECOND)
    assert poll.accounts() == {
        Account.HTTP_HEADERS: poll.size - body - payload,
        Account.FRAMING: body,
        Account.PAYLOAD: payload,
    }


def test_what_is_published_is_payload_and_its_acknowledgement_framing() -> None:
    _, _, _, _, posted, published, *_ = units_of(POLLING)
    assert posted.accounts()[Account.PAYLOAD] == len(DRAFT)
    assert published.accounts() == {
        Account.HTTP_HEADERS: published.size - len(MESSAGE),
        Account.FRAMING: len(MESSAGE),
    }


def test_an_event_stream_goes_on_after_its_head() -> None:
    units = units_of(EVENTS)
    assert [(unit.kind, unit.label) for unit in units] == [
        ("request", "GET sse, Last-Event-ID k3f9-42"),
        ("response", "200, an event stream"),
        ("event", "retry 2000 ms"),
        ("event", "cursor k3f9-42"),
        ("event", "message k3f9-43"),
        ("comment", "heartbeat"),
        ("event", "gap"),
        ("comment", "heartbeat"),
        ("event", "message k3f9-44"),
        ("comment", "heartbeat"),
        ("body", "end of the stream"),
        ("request", "GET /"),
        ("response", "200 OK"),
    ]
    assert {unit.answers for unit in units[1:11]} == {1}
    assert sums(units[:11], "up").keys() == {"http_headers"}
    assert units[11].accounts() == {Account.PAGE: units[11].size}


def test_a_websocket_begins_with_101() -> None:
    units = units_of(WEBSOCKET)
    assert [(unit.direction, unit.kind, unit.technique) for unit in units[:4]] == [
        ("up", "request", "websocket"),
        ("down", "response", "websocket"),
        ("down", "frame", "websocket"),
        ("up", "frame", "websocket"),
    ]
    assert labels(units)[:2] == ["GET ws?after=latest", "101 Switching Protocols"]
    assert set(sums(units[:3], "up")) == set(sums(units[:3], "down")) == {"handshake"}
    assert [unit.messages for unit in units if unit.messages] == [("k3f9-43",)]
    assert sums(units, "down")["payload"] == len(MESSAGE)


def test_frames_are_inflated_where_that_was_agreed_on() -> None:
    packer = zlib.compressobj(wbits=-15)
    packed = (packer.compress(MESSAGE) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    extension = b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    units = read(WS, SWITCHED[:-2] + extension + frame(packed, 0xC1))
    assert units[-1].messages == ("k3f9-43",)


def test_socket_io_over_polling_opens_with_handshakes() -> None:
    units = units_of(SOCKET_IO_POLLING)
    assert labels(units)[0] == "GET socket.io polling, to open"
    assert [unit.label for unit in units if unit.kind == "response"][1] == "200, ok"
    handshake = [unit.number for unit in units if set(unit.accounts()) == {Account.HANDSHAKE}]
    assert handshake == [1, 2, 3, 4, 6, 7, 8, 12]
    assert set(units[4].accounts()) == {Account.HTTP_HEADERS}
    assert units[9].messages == ("k3f9-43",)
    assert units[9].accounts()[Account.PAYLOAD] == len(MESSAGE)
    assert units[11].empty


def test_what_the_client_sends_before_101_waits_for_it() -> None:
    conversation = Conversation()
    (_, asked), (_, agreed) = SOCKET_IO_UPGRADE[:2]
    [upgrade] = conversation.feed("up", asked)
    assert conversation.waiting("up") == len(masked(b"2probe"))
    units = conversation.feed("down", agreed)
    assert [(unit.number, unit.direction, unit.answers) for unit in units] == [
        (2, "down", 1),
        (3, "up", 1),
        (4, "down", 1),
    ]
    assert upgrade.label == "GET socket.io websocket"
    assert conversation.waiting("up") == 0


def test_a_refused_upgrade_leaves_http() -> None:
    refusal = answer(NOT_FOUND, status=b"403 Forbidden", kind=b"application/problem+json")
    units = read(WS + POLL, refusal + NOTHING_NEW)
    assert sorted(labels(units)) == sorted(
        ["GET ws", "403 Forbidden", "GET long-poll?after=k3f9-42", "200, nothing new"]
    )
    refused = next(unit for unit in units if unit.status == 403)
    assert {field.kind.name for field in refused.fields if field.length == len(NOT_FOUND)} == {"problem"}
    assert not any(unit.kind == "unknown" for unit in units)


@pytest.mark.parametrize("down", [b"", b"nonsense"])
def test_what_waits_for_an_answer_to_the_upgrade_is_shown_in_the_end(down: bytes) -> None:
    units = read(WS + masked(b"x"), down)
    [held] = [unit for unit in units if unit.direction == "up" and unit.kind == "unknown"]
    assert held.fields[0].value.startswith("expected the answer to the upgrade first")


def test_no_more_than_64_kib_wait_for_an_upgrade() -> None:
    conversation = Conversation()
    conversation.feed("up", WS + bytes(65_536))
    assert conversation.waiting("up") == 65_536
    [unit] = conversation.feed("up", b"x")
    assert (unit.kind, unit.size) == ("unknown", 65_537)


def test_another_protocol_is_not_understood() -> None:
    switched = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
    units = units_of([("up", POLL), ("down", switched + b"\0\0"), ("up", b"PRI")])
    assert [(unit.kind, unit.size) for unit in units[2:]] == [("unknown", 2), ("unknown", 3)]
    assert "another protocol" in units[3].fields[0].value


def test_requests_without_an_answer_are_counted() -> None:
    units = read(b"GET / HTTP/1.1\r\n\r\n" * 1_002, answer(b"first"))
    assert [unit.kind for unit in units[1_000:]] == ["request", "unknown", "response"]
    assert units[1_001].fields[0].value == "expected an answer first; too many requests wait for theirs"
    assert units[1_002].answers == 1


def test_a_tunnel_is_not_understood() -> None:
    units = read(request(b"example.org:443", method=b"CONNECT"), b"HTTP/1.1 200 OK\r\n\r\n\x16\x03")
    assert [unit.kind for unit in units] == ["request", "response", "unknown"]
    assert units[2].fields[0].value == "expected HTTP; this is a tunnel"


def test_an_early_answer_gives_the_request_its_number() -> None:
    posted = request(b"/api/rooms/lobby/messages", method=b"POST", body=DRAFT)
    begun: Turns = [("up", posted[:-5]), ("down", b"HTTP/1.1 100 Continue\r\n\r\n"), ("up", posted[-5:])]
    units = units_of([*begun, ("down", answer(MESSAGE, status=b"201 Created"))])
    assert [(unit.number, unit.label, unit.answers) for unit in units] == [
        (2, "100 Continue", 1),
        (1, "POST messages", None),
        (3, "201, published k3f9-43", 1),
    ]


def test_an_answer_that_nobody_asked_for_belongs_to_the_page() -> None:
    [unit] = read(b"", b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n")
    assert (unit.technique, unit.answers, unit.label) == ("page", None, "408 Request Timeout")


def test_what_is_no_http_is_shown_with_the_reason_and_stays_so() -> None:
    conversation = Conversation()
    [hello] = conversation.feed("up", b"\x16\x03\x01")
    [more] = conversation.feed("up", POLL)
    assert (hello.kind, hello.label, hello.technique) == ("unknown", "not understood", "page")
    assert hello.fields[0].value == "expected a request line of HTTP/1; this came: a TLS handshake"
    assert (more.kind, more.size) == ("unknown", len(POLL))


def test_a_body_that_cannot_be_read_ends_the_understanding() -> None:
    broken = chunked(b"{", kind=b"application/json") + b"zz\r\n" + NOTHING_NEW
    _, cut, rest = read(POLL, broken)
    assert (cut.kind, cut.whole, set(cut.accounts())) == ("response", False, {Account.FRAMING})
    assert rest.fields[0].value == "expected a chunk's size; this came: 'zz\\r\\n'"
    *_, refused, behind = read(POLL + b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nabc", b"")
    assert (refused.kind, behind.kind, behind.size) == ("request", "unknown", 3)


def test_a_body_to_the_end_of_the_connection_is_whole() -> None:
    body = b'{"cursor":"k3f9-43","messages":[%s]}' % MESSAGE
    _, response = read(POLL, b"HTTP/1.1 200 OK\r\n\r\n" + body)
    assert (response.label, response.whole, response.messages) == ("200, message k3f9-43", True, ("k3f9-43",))


@pytest.mark.parametrize(
    ("down", "kind", "name"),
    [
        (NOTHING_NEW[:-3], "response", "another body"),
        (NOTHING_NEW[:40], "response", "cut off"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n4", "response", "cut off"),
        (chunked(b"data: x", kind=b"text/event-stream"), "event", "end of the chunk"),
        (chunked(b"data: x", kind=b"text/event-stream")[:-2] + b"\r", "event", "cut off"),
    ],
)
def test_what_the_end_cuts_off_is_framing(down: bytes, kind: str, name: str) -> None:
    unit = read(POLL, down)[-1]
    assert (unit.kind, unit.whole, unit.fields[-1].kind.name) == (kind, False, name)
    assert set(unit.accounts()) == {Account.FRAMING}


def test_a_frame_that_the_end_cuts_off_is_shown() -> None:
    unit = read(WS, SWITCHED + frame(MESSAGE)[:-1])[-1]
    assert (unit.kind, unit.whole, unit.label) == ("frame", False, "a frame that is cut off")


def test_long_bodies_come_in_parts_with_their_messages() -> None:
    count = 2_000
    body = b'{"cursor":"k3f9-43","messages":[%s]}' % b",".join([MESSAGE] * count)
    units = read(POLL, answer(body))[1:]
    assert [unit.kind for unit in units] == ["response", "body", "body"]
    assert labels(units)[1].startswith("more of the body, 7")
    assert {unit.size for unit in units[:2]} == {60_000}
    assert sum(len(unit.messages) for unit in units) == count
    assert sums(units, "down")["payload"] == count * len(MESSAGE)
    assert {unit.answers for unit in units} == {1}


def test_a_gap_is_one_unknown_unit_and_what_follows_is_not_understood() -> None:
    conversation = Conversation()
    conversation.feed("up", POLL)
    conversation.feed("down", NOTHING_NEW[:50])
    assert conversation.skip("down", 0) == []
    cut, lost = conversation.skip("down", 1_000)
    assert (cut.kind, cut.size, cut.whole) == ("response", 50, False)
    assert (lost.kind, lost.label, lost.size, lost.offset) == ("unknown", "lost to view", 1_000, 50)
    [behind] = conversation.feed("down", NOTHING_NEW)
    assert (behind.kind, behind.offset) == ("unknown", 1_050)
    [asked] = conversation.feed("up", POLL)
    assert asked.kind == "request"


def test_after_its_end_a_direction_is_not_understood() -> None:
    conversation = Conversation()
    assert conversation.end("up") == []
    [unit] = conversation.feed("up", POLL)
    assert unit.fields[0].value == "expected nothing after the end of this direction"


def test_a_websocket_of_the_page_is_the_pages() -> None:
    units = read(request(b"/api/class", *UPGRADE), SWITCHED + frame(b'{"a":1}'))
    assert {account for unit in units for account in unit.accounts()} == {Account.PAGE}
    assert units[2].label == "text frame: 7 bytes of text"


@pytest.mark.parametrize(
    ("method", "target", "technique"),
    [
        (b"GET", b"/api/rooms/a/short-poll", "short-poll"),
        (b"GET", b"/push/api/rooms/a/sse?after=latest", "sse"),
        (b"GET", b"http://127.0.0.1:8001/api/rooms/a/long-poll", "long-poll"),
        (b"GET", b"/api/rooms/a/ws", "websocket"),
        (b"GET", b"/push/api/handshake/ws", "websocket"),
        (b"GET", b"/api/handshake/by-hand", "page"),
        (b"POST", b"/api/rooms/a/messages", "publish"),
        (b"GET", b"/api/rooms/a/messages", "page"),
        (b"GET", b"/push/socket.io/?EIO=4", "socket-io"),
        (b"GET", b"/static/vendor/socket.io/x.js", "page"),
        (b"GET", b"/api/rooms", "page"),
        (b"GET", b"/?next=/api/rooms/a/sse", "page"),
    ],
)
def test_the_technique_follows_from_the_end_of_the_path(method: bytes, target: bytes, technique: str) -> None:
    assert read(request(target, method=method), b"")[0].technique == technique


def test_a_long_target_is_shortened_in_the_label() -> None:
    [unit] = read(request(b"/" + b"a" * 200), b"")
    assert len(unit.label) == 100
    assert unit.label.endswith("…")


def test_a_socket_io_body_that_is_too_long_is_not_taken_apart() -> None:
    asked = request(SOCKET_IO + b"polling&sid=AAAA")
    units = read(asked, answer(b"4" * 70_000, kind=b"text/plain"))
    assert [unit.fields[-1].kind.name for unit in units[1:]] == ["part of Engine.IO packets"] * 2
    [opened] = [unit for unit in read(request(SOCKET_IO + b"polling"), packets(OPEN)) if unit.kind == "response"]
    assert by_account(opened.fields) == {Account.HANDSHAKE: opened.size}


def test_a_body_in_more_chunks_than_anybody_sends_is_shown_in_parts() -> None:
    up = request(b"/api/rooms/lobby/messages", b"Transfer-Encoding: chunked\r\n", method=b"POST")
    up += b"".join(chunk(b"x") for _ in range(2 * MOST_CODING)) + b"0\r\n\r\n"
    units = units_of([("up", up), ("up", POLL)])
    assert [unit.kind for unit in units][:2] == ["request", "body"]
    assert units[-1].label == "GET long-poll?after=k3f9-42"
    assert max(len(unit.fields) for unit in units) < 3 * MOST_CODING
    assert sum(unit.size for unit in units) == len(up + POLL)
    assert all(unit.whole for unit in units)
