"""Engine.IO and Socket.IO packets, literally: every part is a field, and every byte has its account."""

import pytest

from pushdemo.messages import Cursor, Message
from pushdemo.transports.socket_io import gap_packet, message_text
from pushdemo.wire.dissectors.engineio import MOST_PACKETS, packet, payload
from pushdemo.wire.dissectors.fields import NOT_READ, Account, Content, Direction, by_account
from pushdemo.wire.dissectors.socket_io import MOST_ELEMENTS

HANDSHAKE, FRAMING, PAYLOAD, HEARTBEAT, UNKNOWN = (
    Account.HANDSHAKE,
    Account.FRAMING,
    Account.PAYLOAD,
    Account.HEARTBEAT,
    Account.UNKNOWN,
)
MESSAGE = Message("k3f9-42", "lobby", "李", "hi", 1_763_791_234_567)
JSON = MESSAGE.json.decode()
OPEN = '0{"sid":"x","upgrades":["websocket"],"pingTimeout":20000,"pingInterval":25000}'


def parts(content: Content, text: str) -> list[tuple[str, str]]:
    """Return the name and the text of each field, which together are `text`."""
    data = text.encode()
    assert sum(field.length for field in content.fields) == len(data)
    assert all(field.length for field in content.fields)
    named = []
    start = 0
    for field in content.fields:
        named.append((field.kind.name, data[start : start + field.length].decode()))
        start += field.length
    return named


@pytest.mark.parametrize(
    ("direction", "text", "account", "label"),
    [
        ("down", OPEN, HANDSHAKE, "Engine.IO open"),
        ("up", "1", FRAMING, "Engine.IO close"),
        ("down", "2", HEARTBEAT, "ping"),
        ("up", "3", HEARTBEAT, "pong"),
        ("up", "2probe", HANDSHAKE, "ping probe"),
        ("down", "3probe", HANDSHAKE, "pong probe"),
        ("up", "5", HANDSHAKE, "Engine.IO upgrade"),
        ("down", "6", HANDSHAKE, "Engine.IO noop"),
        ("up", "40", HANDSHAKE, "Socket.IO CONNECT"),
        ("down", '40{"sid":"y"}', HANDSHAKE, "Socket.IO CONNECT"),
        ("up", '420["join",{"room":"lobby","after":"k3f9-41"}]', HANDSHAKE, "event join, ack 0 wanted"),
        ("down", '430[{"cursor":"k3f9-41"}]', HANDSHAKE, "ack 0"),
        ("down", f"431[{JSON}]", FRAMING, "ack 1"),
        ("down", '431[{"error":{"status":422}}]', FRAMING, "ack 1"),
        ("down", '431[{"cursor":"k3f9-41","text":"hi"}]', FRAMING, "ack 1"),
        ("down", "431[]", FRAMING, "ack 1"),
        ("down", '42["gap",{"room":"lobby","cursor":"k3f9-40"}]', FRAMING, "event gap"),
        ("up", "41", FRAMING, "Socket.IO DISCONNECT"),
        ("down", '44{"message":"full"}', FRAMING, "Socket.IO CONNECT_ERROR"),
    ],
)
def test_what_carries_no_message_belongs_to_one_account(
    direction: Direction, text: str, account: Account, label: str
) -> None:
    content = packet(text.encode(), direction)
    assert by_account(content.fields) == {account: len(text.encode())}
    assert (content.label, content.messages) == (label, ())


def test_a_message_is_payload_and_what_stands_around_it_framing() -> None:
    text = message_text(MESSAGE)
    content = packet(text.encode(), "down")
    assert parts(content, text) == [
        ("Engine.IO packet type", "4"),
        ("Socket.IO packet type", "2"),
        ("separator", "["),
        ("event name", '"message"'),
        ("separator", ","),
        ("message", JSON),
        ("separator", "]"),
    ]
    assert [field.value for field in content.fields[:2]] == ["4, message", "2, EVENT"]
    assert by_account(content.fields) == {PAYLOAD: len(MESSAGE.json), FRAMING: len('42["message",]')}
    assert (content.label, content.messages) == ("message k3f9-42", ("k3f9-42",))


def test_what_is_published_is_payload() -> None:
    wish = '{"room":"lobby","sender":"li","text":"李"}'
    text = f'421["publish",{wish}]'
    content = packet(text.encode(), "up")
    assert parts(content, text) == [
        ("Engine.IO packet type", "4"),
        ("Socket.IO packet type", "2"),
        ("acknowledgement id", "1"),
        ("separator", "["),
        ("event name", '"publish"'),
        ("separator", ","),
        ("text to publish", wish),
        ("separator", "]"),
    ]
    assert by_account(content.fields) == {PAYLOAD: len(wish.encode()), FRAMING: 15}
    assert content.label == "event publish, ack 1 wanted"


def test_a_gap_is_framing() -> None:
    text = gap_packet("lobby", Cursor("k3f9", 40)).encode()
    assert by_account(packet(text.encode(), "down").fields) == {FRAMING: len(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40/admin,", [("Socket.IO packet type", "0"), ("namespace", "/admin"), ("separator", ",")]),
        ("41/admin", [("Socket.IO packet type", "1"), ("namespace", "/admin")]),
        (
            '42/admin,13["bar"]',
            [
                ("Socket.IO packet type", "2"),
                ("namespace", "/admin"),
                ("separator", ","),
                ("acknowledgement id", "13"),
                ("separator", "["),
                ("event name", '"bar"'),
                ("separator", "]"),
            ],
        ),
        (
            '4512-/a,["b",{"_placeholder":true,"num":0}]',
            [
                ("Socket.IO packet type", "5"),
                ("number of attachments", "12"),
                ("separator", "-"),
                ("namespace", "/a"),
                ("separator", ","),
                ("separator", "["),
                ("event name", '"b"'),
                ("separator", ","),
                ("argument", '{"_placeholder":true,"num":0}'),
                ("separator", "]"),
            ],
        ),
        (
            '42 [ "a" , 1 , [",]"] ]\n',
            [
                ("Socket.IO packet type", "2"),
                ("separator", " [ "),
                ("event name", '"a"'),
                ("separator", " , "),
                ("argument", "1"),
                ("separator", " , "),
                ("argument", '[",]"]'),
                ("separator", " ]\n"),
            ],
        ),
    ],
)
def test_every_part_of_a_socket_io_packet_has_its_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert parts(packet(text.encode(), "up"), text)[1:] == expected


def test_arguments_of_other_events_are_payload() -> None:
    content = packet(b'42["news",{"a":1},2]', "down")
    assert by_account(content.fields) == {PAYLOAD: 8, FRAMING: 12}
    assert content.label == "event news"


def test_a_message_event_without_a_message_is_an_event_as_any_other() -> None:
    assert packet(b'42["message",{"id":1}]', "down").label == "event message"
    assert packet(message_text(MESSAGE).encode(), "up").messages == ()


@pytest.mark.parametrize(
    ("text", "understood", "why"),
    [
        (b"7", 0, "expected a packet type, 0 to 6 (socket.io/docs/v4/engine-io-protocol); this came: '7'"),
        (b'{"status":400}', 0, "expected a packet type, 0 to 6 (socket.io/docs/v4/engine-io-protocol); this came: '{'"),
        (b"4\xff", 0, "expected UTF-8: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"),
        (b"5x", 1, "expected no data in a packet of this type (socket.io/docs/v4/engine-io-protocol)"),
        (b"47", 1, "expected a Socket.IO packet type, 0 to 6 (socket.io/docs/v4/socket-io-protocol)"),
        (b'42{"a":1}', 2, "expected an array (socket.io/docs/v4/socket-io-protocol)"),
        (b"42[1]", 2, "expected an array that begins with the event's name (socket.io/docs/v4/socket-io-protocol)"),
        (b"43[]", 2, "expected the id of the event that is acknowledged (socket.io/docs/v4/socket-io-protocol)"),
        (
            b'42["a"]x',
            2,
            "expected nothing after the JSON; this came: 'x' (socket.io/docs/v4/socket-io-protocol)",
        ),
        (b'420["a",NaN]', 3, "NaN is no JSON (socket.io/docs/v4/socket-io-protocol)"),
    ],
)
def test_what_is_malformed_is_shown_with_the_reason(text: bytes, understood: int, why: str) -> None:
    fields = packet(text, "up").fields
    assert sum(field.length for field in fields) == len(text)
    last = fields[-1]
    assert (last.kind, last.length, last.value) == (NOT_READ, len(text) - understood, why)
    assert all(field.account is FRAMING for field in fields[:-1])


def test_a_malformed_packet_can_be_empty_or_deep_or_hold_half_a_character() -> None:
    assert packet(b"", "up").fields == ()
    assert packet(b"4", "up").label == "no Socket.IO packet"
    assert packet(b"42" + b"[" * 100_000, "up").fields[-1].kind is NOT_READ
    assert packet(b'42["\\ud800"]', "up").label == "event ?"


# --- bodies of polls ---


def test_packets_in_a_body_have_a_separator_between_them() -> None:
    text = '40{"sid":"y"}\x1e2\x1e' + message_text(MESSAGE)
    content = payload(text.encode(), "down")
    assert ("separator", "\x1e") in parts(content, text)
    assert by_account(content.fields) == {HANDSHAKE: 13, HEARTBEAT: 1, FRAMING: 2 + 14, PAYLOAD: len(MESSAGE.json)}
    assert content.label == "Socket.IO CONNECT; ping; 1 more"
    assert content.messages == ("k3f9-42",)


def test_a_body_of_messages_is_named_by_the_first_and_the_last() -> None:
    packets = [message_text(Message(f"k3f9-{number}", "lobby", "li", "hi", 1)) for number in (40, 41, 42)]
    content = payload("\x1e".join(packets).encode(), "down")
    assert content.label == "messages k3f9-40 to k3f9-42"
    assert content.messages == ("k3f9-40", "k3f9-41", "k3f9-42")
    assert payload("\x1e".join(packets[:2]).encode(), "down").label == "message k3f9-40; message k3f9-41"


@pytest.mark.parametrize(
    ("body", "is_empty"), [(b"6", True), (b"", True), (b"2", False), (b"6\x1e2", False), (b"ok", False)]
)
def test_an_answer_of_noop_alone_brings_nothing(body: bytes, is_empty: bool) -> None:
    assert payload(body, "down").empty is is_empty


def test_the_answer_to_a_post_is_framing() -> None:
    content = payload(b"ok", "down")
    assert (by_account(content.fields), content.label) == ({FRAMING: 2}, "ok")
    assert by_account(payload(b"ok", "up").fields) == {UNKNOWN: 2}


def test_separators_alone_stand_between_empty_packets() -> None:
    content = payload(b"\x1e\x1e", "up")
    assert [field.length for field in content.fields] == [1, 1]
    assert content.label == "empty packet; empty packet; 1 more"


def test_binary_in_a_body_is_base64() -> None:
    assert parts(payload(b"bAQID", "up"), "bAQID") == [("binary message", "b"), ("Base64", "AQID")]
    assert parts(payload(b"b", "up"), "b") == [("binary message", "b")]


def test_of_more_packets_than_anybody_sends_the_rest_is_one_field() -> None:
    text = "\x1e".join("2" for _ in range(MOST_PACKETS))
    assert len(payload(text.encode(), "up").fields) == 2 * MOST_PACKETS - 1
    content = payload(f"{text}\x1e\x1e42".encode(), "up")
    assert len(content.fields) == 2 * MOST_PACKETS
    assert parts(content, f"{text}\x1e\x1e42")[-1] == ("more packets", "\x1e\x1e42")
    noops = "\x1e".join("6" for _ in range(MOST_PACKETS))
    assert payload(noops.encode(), "down").empty
    assert not payload(f"{noops}\x1e6".encode(), "down").empty


def test_of_more_arguments_than_anybody_sends_the_last_is_all_the_rest() -> None:
    text = f'42["name",{",".join("1" for _ in range(MOST_ELEMENTS - 1))}]'
    assert parts(packet(text.encode(), "up"), text)[-2:] == [("argument", "1"), ("separator", "]")]
    longer = text.replace("]", ', 2, "]" ] ')
    assert parts(packet(longer.encode(), "up"), longer)[-2:] == [("argument", '1, 2, "]" '), ("separator", "] ")]
    assert packet(longer.encode(), "up").label == "event name"
