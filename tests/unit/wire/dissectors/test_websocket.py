"""WebSocket frames as literal bytes, those of RFC 6455 first; compressed ones are in test_deflate.py."""

import pytest
from websockets.frames import Frame as Written
from websockets.frames import Opcode

from benchmarks.load.websocket import header_bytes
from pushdemo.messages import Message
from pushdemo.transports import socket_io
from pushdemo.transports.websocket import control, message_text
from pushdemo.wire.dissectors import engineio, feed_texts
from pushdemo.wire.dissectors.fields import NOT_READ, Account, Direction, Field, by_account
from pushdemo.wire.dissectors.websocket import Frame, FrameReader

FRAMING, PAYLOAD, HEARTBEAT, UNKNOWN = Account.FRAMING, Account.PAYLOAD, Account.HEARTBEAT, Account.UNKNOWN
MESSAGE = Message("k3f9-42", "lobby", "李", "hi", 1_763_791_234_567)
KEY = b"\x37\xfa\x21\x3d"


def read(data: bytes, direction: Direction = "down") -> list[Frame]:
    """Return the frames that `data` is, to the last byte."""
    under_test = FrameReader(direction, feed_texts.plain, None)
    frames = under_test.feed(data)
    assert under_test.rest == b""
    assert sum(field.length for frame in frames for field in frame.fields) == len(data)
    return frames


def read_one(data: bytes, direction: Direction = "down") -> Frame:
    (frame,) = read(data, direction)
    return frame


def lengths(frame: Frame) -> list[tuple[str, int]]:
    return [(field.kind.name, field.length) for field in frame.fields]


def bits(field: Field) -> dict[str, str]:
    assert sum(each.width for each in field.bits) == 8 * field.length
    return {each.name: each.value for each in field.bits}


# --- RFC 6455 section 5.7 ---


def test_an_unmasked_text_to_the_bit() -> None:
    frame = read_one(b"\x81\x05Hello")
    assert lengths(frame) == [("FIN, RSV, opcode", 1), ("MASK, payload length", 1), ("text", 5)]
    assert bits(frame.fields[0]) == {
        "FIN": "1, the last fragment",
        "RSV1": "0",
        "RSV2": "0",
        "RSV3": "0",
        "opcode": "1, text",
    }
    assert bits(frame.fields[1]) == {"MASK": "0, not masked", "payload length": "5 bytes"}
    assert frame.fields[2].value == ""
    assert by_account(frame.fields) == {FRAMING: 2, PAYLOAD: 5}
    assert frame.label == "text frame: 5 bytes of text"
    assert not frame.is_control


def test_a_masked_text_shows_what_it_says() -> None:
    frame = read_one(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "up")
    assert lengths(frame)[2:] == [("masking key", 4), ("text", 5)]
    assert bits(frame.fields[1])["MASK"] == "1, masked"
    assert [field.value for field in frame.fields[2:]] == ["37 fa 21 3d", "Hello"]
    assert by_account(frame.fields) == {FRAMING: 6, PAYLOAD: 5}


def test_a_fragmented_text() -> None:
    first, last = read(b"\x01\x03Hel\x80\x02lo")
    assert bits(first.fields[0])["FIN"] == "0, more fragments follow"
    assert bits(last.fields[0])["opcode"] == "0, continuation"
    assert (first.label, last.label) == (
        "text frame, first fragment",
        "continuation frame, last fragment: 5 bytes of text",
    )
    assert lengths(first)[2:] == [("payload data", 3)]
    assert lengths(last)[2:] == [("text", 2)]


def test_a_ping_and_its_masked_pong_are_heartbeat() -> None:
    ping = read_one(b"\x89\x05Hello")
    pong = read_one(b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "up")
    assert (ping.label, pong.label) == ("ping", "pong")
    assert ping.is_control
    assert pong.is_control
    assert by_account(ping.fields) == {HEARTBEAT: 7}
    assert by_account(pong.fields) == {HEARTBEAT: 11}
    assert (ping.fields[-1].value, pong.fields[-1].value) == ("", "Hello")


@pytest.mark.parametrize(("header", "size"), [(b"\x82\x7e\x01\x00", 256), (b"\x82\x7f" + bytes(5) + b"\1\0\0", 65_536)])
def test_binary_with_a_longer_length(header: bytes, size: int) -> None:
    frames = read(header + bytes(size))
    name, length = lengths(frames[0])[2]
    assert (name, length) == ("extended payload length", len(header) - 2)
    assert frames[0].fields[2].value == f"{size:,} bytes"
    assert frames[0].label.startswith("binary frame")


# --- lengths, as websockets writes them ---


@pytest.mark.parametrize("size", [0, 125, 126, 65_522, 65_535, 65_536, 200_000])
@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("opcode", [Opcode.TEXT, Opcode.BINARY])
def test_what_websockets_writes_is_read_the_same(size: int, direction: Direction, opcode: Opcode) -> None:
    text = (b"0123456789" * (size // 10 + 1))[:size]
    data = Written(opcode, text).serialize(mask=direction == "up")
    frames = read(data, direction)
    assert bits(frames[0].fields[0])["opcode"] == f"{opcode.value}, {opcode.name.lower()}"
    header = header_bytes(size) + (4 if direction == "up" else 0)
    account = by_account(field for frame in frames for field in frame.fields)
    assert account.get(PAYLOAD, 0) == size
    assert account[FRAMING] == header
    shown = "".join(f.value for frame in frames for f in frame.fields if f.account is PAYLOAD)
    assert shown == (text.decode() if direction == "up" else "")
    assert (len(frames) > 1) == (len(data) > 65_536)


def test_a_long_frame_is_shown_in_pieces_and_waits_for_64_kib_at_most() -> None:
    under_test = FrameReader("down", feed_texts.plain, None)
    data = Written(Opcode.TEXT, b"x" * 150_000).serialize(mask=False)
    assert under_test.feed(data[:65_535]) == []
    assert len(under_test.rest) == 65_535
    (first,) = under_test.feed(data[65_535:131_071])
    assert first.label == "text frame, the first 65,526 of 150,000 bytes"
    more, last = under_test.feed(data[131_071:] + b"\x89\x00")[:2]
    assert more.label == "text frame, more of the payload"
    assert last.label == "text frame, more of the payload: more than 65,535 bytes"
    assert under_test.feed(b"\x89\x00")[0].label == "ping"


def test_a_frame_waits_until_all_of_it_has_come() -> None:
    under_test = FrameReader("up", feed_texts.plain, None)
    data = b"\x81\xfe\x00\x7e" + KEY + (KEY * 32)[:126]
    assert [under_test.feed(data[at : at + 1]) for at in range(len(data) - 1)] == [[]] * (len(data) - 1)
    assert under_test.rest == data[:-1]
    assert [lengths(frame)[-1] for frame in under_test.feed(data[-1:])] == [("text", 126)]
    assert under_test.rest == b""


def test_a_length_in_a_longer_form_than_it_needs_is_said_to_be_wrong() -> None:
    assert read_one(b"\x81\x7e\x00\x05Hello").fields[2].value == "5 bytes: a shorter form must be used (section 5.2)"
    assert read_one(b"\x81\x7f" + bytes(7) + b"\x05Hello").fields[2].value.startswith("5 bytes: a shorter form")


# --- what is wrong is shown, and reading goes on ---


def test_who_must_mask_and_who_must_not() -> None:
    assert bits(read_one(b"\x81\x05Hello", "up").fields[1])["MASK"] == "0: a client must mask (section 5.1)"
    masked = read_one(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "down")
    assert bits(masked.fields[1])["MASK"] == "1: a server must not mask (section 5.1)"


def test_a_reserved_bit_without_an_extension_is_said_to_be_wrong() -> None:
    first = bits(read_one(b"\xf1\x05Hello").fields[0])
    why = "1, but no extension that uses it was negotiated (section 5.2)"
    assert (first["RSV1"], first["RSV2"], first["RSV3"]) == (why, why, why)


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (b"\x83\x02hi", "no frame: opcode 3 is reserved (RFC 6455 section 5.2)"),
        (b"\x8f\x00", "no frame: opcode 15 is reserved (RFC 6455 section 5.2)"),
        (b"\x09\x02hi", "no frame: a control frame must not be fragmented (RFC 6455 section 5.5)"),
        (
            b"\x88\x7e\x00\x7e" + bytes(126),
            "no frame: a control frame has 125 bytes at most, not 126 (RFC 6455 section 5.5)",
        ),
        (
            b"\x81\x7f\x80" + bytes(7),
            "no frame: the first of the 64 bits of a length must be 0 (RFC 6455 section 5.2)",
        ),
        (
            b"\x81\xff\xff" + bytes(7) + KEY,
            "no frame: the first of the 64 bits of a length must be 0 (RFC 6455 section 5.2)",
        ),
    ],
)
def test_what_is_no_frame_is_unknown_and_the_next_frame_is_read(data: bytes, label: str) -> None:
    wrong, ping = read(data + b"\x89\x00")
    assert wrong.label == label
    assert by_account(wrong.fields) == {UNKNOWN: len(data)}
    assert ping.label == "ping"


def test_a_long_one_that_is_no_frame_is_unknown_in_all_its_pieces() -> None:
    data = b"\x89\x7f" + (70_000).to_bytes(8, "big") + bytes(70_000)
    assert [by_account(frame.fields) for frame in read(data)] == [{UNKNOWN: 65_536}, {UNKNOWN: 4_474}]


def test_a_continuation_of_nothing_and_a_message_within_a_message_are_said_to_be_wrong() -> None:
    (alone,) = read(b"\x80\x02lo")
    assert bits(alone.fields[0])["opcode"] == "0, continuation: but no message has begun (section 5.4)"
    _, within = read(b"\x01\x03Hel\x81\x02hi")
    assert bits(within.fields[0])["opcode"] == "1, text: but the message before has not ended (section 5.4)"
    assert within.label == "text frame: 2 bytes of text"


def test_a_text_that_is_no_utf_8_is_not_understood_masked_or_not() -> None:
    frame = read_one(b"\x81\x01\xff")
    assert (frame.fields[-1].kind, by_account(frame.fields)) == (NOT_READ, {FRAMING: 2, UNKNOWN: 1})
    masked = read_one(b"\x81\x81" + KEY + bytes([0xFF ^ KEY[0]]), "up")
    assert masked.fields[-1].value.endswith("; unmasked: \ufffd")


# --- Close ---


@pytest.mark.parametrize(
    ("payload", "label", "value"),
    [
        ("03e8", "close 1000 (normal closure)", "1000, normal closure: all is done that the connection was for"),
        (
            "03f4",
            "close 1012 (service restart)",
            "1012, service restart: the server starts anew; the client may come back at once",
        ),
        (
            "03f5",
            "close 1013 (try again later)",
            "1013, try again later: the server has too much to do, or the client is too slow",
        ),
        (
            "03ee",
            "close 1006 (abnormal closure)",
            "1006, abnormal closure: must not be sent; it stands for an end without a Close frame",
        ),
        (
            "03f8",
            "close 1016 (reserved)",
            "1016, reserved: for a later version of the protocol (RFC 6455 section 7.4.2)",
        ),
        ("0bb8", "close 3000 (registered)", "3000, registered: of a library or framework (RFC 6455 section 7.4.2)"),
        ("0fa0", "close 4000 (private)", "4000, private: of the application (RFC 6455 section 7.4.2)"),
        (
            "0000",
            "close 0 (not a status code)",
            "0, not a status code: no such code may be used (RFC 6455 section 7.4.2)",
        ),
    ],
)
def test_a_close_says_why(payload: str, label: str, value: str) -> None:
    frame = read_one(b"\x88\x02" + bytes.fromhex(payload))
    assert (frame.label, frame.fields[2].value, frame.is_control) == (label, value, True)
    assert by_account(frame.fields) == {FRAMING: 4}


def test_a_close_may_have_a_reason_or_nothing() -> None:
    frame = read_one(b"\x88\x05\x03\xe9bye")
    assert lengths(frame)[2:] == [("status code", 2), ("reason", 3)]
    assert read_one(b"\x88\x00").label == "close, no code"
    masked = read_one(b"\x88\x85" + KEY + bytes(a ^ b for a, b in zip(b"\x03\xe9bye", KEY + KEY, strict=False)), "up")
    assert [field.value for field in masked.fields[3:]] == [
        "1001, going away: the server goes down, or the browser leaves the page",
        "bye",
    ]


def test_a_close_with_half_a_code_or_a_broken_reason_is_not_understood() -> None:
    half = read_one(b"\x88\x01\x03")
    assert half.fields[-1].value == "expected two bytes of status code (RFC 6455 section 5.5.1)"
    broken = read_one(b"\x88\x03\x03\xe8\xff")
    assert (lengths(broken)[-1], broken.label) == (("not understood", 1), "close 1000 (normal closure)")


# --- what the application sends, accounted for as the benchmark does ---


def test_a_message_is_labelled_with_its_id() -> None:
    text = message_text(MESSAGE).encode()
    frames = FrameReader("down", feed_texts.read_text, None).feed(Written(Opcode.TEXT, text).serialize(mask=False))
    assert (frames[0].label, frames[0].messages) == ("text frame: message k3f9-42", ("k3f9-42",))
    assert by_account(frames[0].fields) == {PAYLOAD: len(text), FRAMING: 2}


@pytest.mark.parametrize(
    ("text", "account"), [(control("joined", cursor="k3f9-0"), Account.HANDSHAKE), (control("ack", id="x"), FRAMING)]
)
def test_a_header_goes_with_what_is_in_the_frame(text: str, account: Account) -> None:
    data = Written(Opcode.TEXT, text.encode()).serialize(mask=False)
    (frame,) = FrameReader("down", feed_texts.read_text, None).feed(data)
    assert by_account(frame.fields) == {account: len(data)}


def test_parts_of_a_socket_io_packet_are_fields_of_a_masked_frame() -> None:
    packets = FrameReader("up", engineio.packet, None)
    (pong,) = packets.feed(Written(Opcode.TEXT, b"3").serialize(mask=True))
    assert (pong.label, by_account(pong.fields)) == ("text frame: pong", {HEARTBEAT: 7})
    (join,) = packets.feed(Written(Opcode.TEXT, b'420["join",{"room":"lobby"}]').serialize(mask=True))
    assert join.label == "text frame: event join, ack 0 wanted"
    assert [field.value for field in join.fields[3:]] == [
        "4, message", "2, EVENT", "0", "[", '"join"', ",", '{"room":"lobby"}', "]",
    ]  # fmt: skip
    assert by_account(join.fields).keys() == {Account.HANDSHAKE}


def test_fragments_with_a_ping_between_have_their_message_at_the_last() -> None:
    text = socket_io.message_text(MESSAGE).encode()
    under_test = FrameReader("down", engineio.packet, None)
    data = b"".join(
        Written(opcode, part, fin).serialize(mask=False)
        for opcode, part, fin in (
            (Opcode.TEXT, text[:20], False),
            (Opcode.PING, b"", True),
            (Opcode.CONT, text[20:30], False),
            (Opcode.CONT, text[30:], True),
        )
    )
    frames = under_test.feed(data)
    assert [(frame.label, frame.messages) for frame in frames] == [
        ("text frame, first fragment", ()),
        ("ping", ()),
        ("continuation frame", ()),
        ("continuation frame, last fragment: message k3f9-42", ("k3f9-42",)),
    ]
    assert lengths(frames[3])[2:] == [("message", len(text) - 31), ("separator", 1)]
