"""Compressed WebSocket frames as literal bytes, those of RFC 7692 first, and as websockets writes them."""

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from pushdemo.messages import Message
from pushdemo.transports import socket_io
from pushdemo.transports.websocket import control
from pushdemo.wire.dissectors import engineio, feed_texts, websocket
from pushdemo.wire.dissectors.fields import NOT_READ, Account, by_account
from pushdemo.wire.dissectors.websocket import Deflate, FrameReader, negotiated

FRAMING, PAYLOAD = Account.FRAMING, Account.PAYLOAD
AGREED = Deflate()
MESSAGE = Message("k3f9-42", "lobby", "李", "hi", 1_763_791_234_567)


def read(data: bytes, deflate: Deflate | None = AGREED) -> list[websocket.Frame]:
    """Return the frames that `data` is, to the last byte."""
    under_test = FrameReader("down", feed_texts.plain, deflate)
    frames = under_test.feed(data)
    assert under_test.rest == b""
    assert sum(field.length for frame in frames for field in frame.fields) == len(data)
    return frames


def rsv1(frame: websocket.Frame) -> str:
    return frame.fields[0].bits[1].value


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ("permessage-deflate", Deflate()),
        (
            "permessage-deflate; server_max_window_bits=12; client_max_window_bits=11",
            Deflate(client_max_window_bits=11, server_max_window_bits=12),
        ),
        (
            "x-other; a=1 , permessage-deflate;client_no_context_takeover;server_no_context_takeover",
            Deflate(client_no_context_takeover=True, server_no_context_takeover=True),
        ),
        ('permessage-deflate; server_max_window_bits="8"', Deflate(server_max_window_bits=8)),
        ("", None),
        ("permessage-bzip", None),
        ("permessage-deflate; client_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; server_no_context_takeover=1", None),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
        ("permessage-deflate; level=9", None),
        ("permessage-deflate;;", None),
    ],
)
def test_what_was_negotiated(extensions: str, expected: Deflate | None) -> None:
    assert negotiated(extensions) == expected


HELLO = "c1 07 f2 48 cd c9 c9 07 00"


@pytest.mark.parametrize(
    "data",
    [
        HELLO,
        "41 03 f2 48 cd 80 04 c9 c9 07 00",
        "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00",
        "c1 08 f3 48 cd c9 c9 07 00 00",
        "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
    ],
)
def test_the_examples_of_compressed_texts_say_hello(data: str) -> None:
    frames = read(bytes.fromhex(data))
    assert rsv1(frames[0]) == "1, compressed (RFC 7692 section 6)"
    shown = [field for frame in frames for field in frame.fields if field.account is PAYLOAD]
    assert "".join(field.value for field in shown) == "Hello"
    assert {field.kind.name for field in shown} == {"compressed payload data"}
    assert frames[-1].label.endswith(": 5 bytes of text")


def test_a_text_may_repeat_one_before_it_unless_that_was_negotiated_away() -> None:
    again = "c1 05 f2 00 11 00 00"
    both = bytes.fromhex(HELLO + again)
    first, second = read(both)
    assert (first.fields[-1].value, second.fields[-1].value) == ("Hello", "Hello")
    alone = read(both, Deflate(server_no_context_takeover=True))[1].fields[-1]
    assert alone.kind is NOT_READ
    assert alone.value.startswith("it cannot be inflated: not DEFLATE: ")
    upwards = FrameReader("up", feed_texts.plain, Deflate(server_no_context_takeover=True)).feed(both)
    assert upwards[1].fields[-1].value == "Hello"


def test_after_a_text_that_cannot_be_inflated_the_window_is_lost() -> None:
    broken = "c1 02 ff ff"
    hello = read(bytes.fromhex(broken + HELLO))[1]
    assert hello.fields[-1].value == (
        "it cannot be inflated: an earlier message was not inflated, and the window is lost with it "
        "(RFC 7692 section 7.2.2)"
    )
    assert hello.label == "text frame, compressed: not inflated"
    forgetful = read(bytes.fromhex(broken + HELLO), Deflate(server_no_context_takeover=True))[1]
    assert forgetful.fields[-1].value == "Hello"


def test_without_the_extension_nothing_is_inflated() -> None:
    (frame,) = read(bytes.fromhex(HELLO), None)
    assert (frame.fields[-1].kind, frame.label) == (NOT_READ, "text frame: a text that is no UTF-8")


def test_a_reserved_bit_on_a_frame_that_cannot_be_compressed_is_said_to_be_wrong() -> None:
    ping, _, last = read(b"\xc9\x00\x01\x01a\xc0\x01b")
    assert rsv1(ping) == "1, but a control frame is never compressed (RFC 7692 section 6.1)"
    assert rsv1(last) == "1, but only a message's first frame says so (RFC 7692 section 6.1)"
    assert last.label == "continuation frame, last fragment: 2 bytes of text"


def compressed_frame(text: bytes) -> bytes:
    """Return a frame as websockets writes it."""
    return Frame(Opcode.TEXT, text).serialize(mask=False, extensions=[PerMessageDeflate(False, False, 15, 15)])


def test_a_bomb_is_shown_as_such_and_loses_the_window() -> None:
    bomb, hello = read(compressed_frame(b"0" * 2_000_000) + bytes.fromhex(HELLO))
    assert bomb.fields[-1].value == f"more than 65,535 bytes when inflated: {'0' * 200}…"
    assert bomb.label == "text frame, compressed: more than 65,535 bytes"
    assert hello.label == "text frame, compressed: not inflated"


def test_a_long_text_is_followed_to_keep_the_window() -> None:
    long, hello = read(compressed_frame(b"0" * 500_000) + bytes.fromhex(HELLO))
    assert long.label == "text frame, compressed: more than 65,535 bytes"
    assert hello.fields[-1].value == "Hello"


def test_a_text_of_many_streams_is_given_up() -> None:
    (frame,) = read(b"\xc1\x64" + b"\x03\x00" * 50)
    assert frame.fields[-1].value == ("it cannot be inflated: it has more than 16 streams of DEFLATE")


def test_a_compressed_message_is_accounted_for_as_in_the_benchmark() -> None:
    """As much as is around the message before it is compressed is framing, and the rest payload."""
    text = socket_io.message_text(MESSAGE).encode()
    data = compressed_frame(text)
    (frame,) = FrameReader("down", engineio.packet, Deflate()).feed(data)
    around = len(text) - len(MESSAGE.json)
    assert by_account(frame.fields) == {FRAMING: 2 + around, PAYLOAD: len(data) - 2 - around}
    assert (frame.label, frame.messages) == ("text frame, compressed: message k3f9-42", ("k3f9-42",))
    assert [field.value for field in frame.fields[2:]] == ["", text.decode()]
    (joined,) = FrameReader("down", feed_texts.read_text, Deflate()).feed(
        compressed_frame(control("joined", cursor="k3f9-0").encode())
    )
    assert by_account(joined.fields).keys() == {Account.HANDSHAKE}
