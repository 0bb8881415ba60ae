"""Engine.IO and Socket.IO packets: what a client may send, and all else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.wire.engineio import (
    RESERVED_EVENTS,
    SEPARATOR,
    Malformed,
    SocketPacket,
    parse_packet,
    parse_payload,
    parse_socket_packet,
)

DEEP = "[" * 100_000


@pytest.mark.parametrize("packet", ["1", "2", "2probe", "3", "3probe", "5", "6"])
def test_packets_of_the_engine_alone_carry_nothing(packet: str) -> None:
    assert parse_packet(packet) is None


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        # The examples of the Socket.IO protocol, as far as a client sends them.
        ("40", SocketPacket("0", "/", None, None)),
        ('40{"token":"123"}', SocketPacket("0", "/", None, {"token": "123"})),
        ("40/admin,", SocketPacket("0", "/admin", None, None)),
        ('40/admin,{"token":"123"}', SocketPacket("0", "/admin", None, {"token": "123"})),
        ("41", SocketPacket("1", "/", None, None)),
        ("41/admin,", SocketPacket("1", "/admin", None, None)),
        ('42["foo"]', SocketPacket("2", "/", None, ["foo"])),
        ('42/admin,["bar"]', SocketPacket("2", "/admin", None, ["bar"])),
        ('4212["foo"]', SocketPacket("2", "/", 12, ["foo"])),
        ('420["foo"]', SocketPacket("2", "/", 0, ["foo"])),
        ('42/admin,13["bar"]', SocketPacket("2", "/admin", 13, ["bar"])),
        ('42/a/b?c=1,2["bar",{}]', SocketPacket("2", "/a/b?c=1", 2, ["bar", {}])),
        ("43/admin,13[]", SocketPacket("3", "/admin", 13, [])),
        ('4312["ok"]', SocketPacket("3", "/", 12, ["ok"])),
        ('42["message","\\u2028 \u2028 李\\n"]', SocketPacket("2", "/", None, ["message", "\u2028 \u2028 李\n"])),
        ("40/admin", SocketPacket("0", "/admin", None, None)),
    ],
)
def test_what_a_client_sends_is_taken_apart(packet: str, expected: SocketPacket) -> None:
    assert parse_packet(packet) == expected


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "0",  # open is the server's
        '0{"sid":"x"}',
        "7",
        "9",
        "x",
        "1x",
        "2x",
        "2prob",
        "3probes",
        "5x",
        "6x",
        "4",
        "bAQID",  # binary in base64
        " 2",
        "2\n",
        "\u0662",
        "4\u0662",
    ],
)
def test_what_is_no_packet_of_a_client_is_malformed(packet: str) -> None:
    with pytest.raises(Malformed):
        parse_packet(packet)


@pytest.mark.parametrize("packet", [b"", b"2", b"\x04hello", bytearray(b"2"), None])
def test_binary_packets_are_malformed(packet: Any) -> None:
    with pytest.raises(Malformed, match="^a binary packet; this server speaks text$"):
        parse_packet(packet)


@pytest.mark.parametrize(
    "packet",
    [
        "40[]",
        '40"token"',
        "40null",
        "401{}",
        "41{}",
        "41[]",
        "411",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        "42[null]",
        '42[["connect"]]',
        '42"foo"',
        '42["foo"',
        '42["foo"]]',
        '42["foo",NaN]',
        '42["foo",-Infinity]',
        '40{"a":Infinity}',
        '42["foo",]',
        "42\x00",
        "43[]",
        "43",
        "431",
        "431{}",
        '44"not allowed"',
        '44{"message":"x"}',
        '451-["foo",{"_placeholder":true,"num":0}]',
        '450-["foo"]',
        "461-1[]",
        '420-["foo"]',
        "47[]",
        "48",
        '42/admin["foo"]',
        '42admin,["foo"]',
        '421234567890123456["foo"]',
        '42-1["foo"]',
        '42["foo",' + DEEP,
        '40{"a":' * 50_000,
    ],
)
def test_socket_io_packets_whose_data_do_not_fit_are_malformed(packet: str) -> None:
    with pytest.raises(Malformed):
        parse_packet(packet)


@pytest.mark.parametrize("name", sorted(RESERVED_EVENTS))
@pytest.mark.parametrize("form", ['2["{}"]', '2["{}",{{}},{{}}]', '2/admin,["{}"]', '27["{}"]', '2 [ "{}" ]'])
def test_events_of_a_reserved_name_are_malformed(name: str, form: str) -> None:
    with pytest.raises(Malformed):
        parse_socket_packet(form.format(name))


def test_a_reserved_name_is_seen_through_escapes() -> None:
    with pytest.raises(Malformed):
        parse_socket_packet('2["\\u0063onnect",{},{}]')


def test_the_reserved_names_are_those_of_the_protocol() -> None:
    expected = {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
    assert expected == RESERVED_EVENTS


def test_a_payload_holds_packets_with_the_separator_between() -> None:
    assert parse_payload('2\x1e42["foo"]\x1e1', 3) == [None, SocketPacket("2", "/", None, ["foo"]), None]


@pytest.mark.parametrize("payload", ["", "\x1e", "2\x1e", "\x1e2", "2\x1e\x1e2", "2\x1e0", "2\n3"])
def test_a_payload_with_one_malformed_packet_is_malformed(payload: str) -> None:
    with pytest.raises(Malformed):
        parse_payload(payload, 10)


def test_a_payload_of_too_many_packets_is_malformed_before_they_are_read() -> None:
    assert parse_payload(SEPARATOR.join("3" * 500), 500) == [None] * 500
    with pytest.raises(Malformed, match="^a payload of 501 packets; at most 500 may come at once$"):
        parse_payload(SEPARATOR.join("3" * 501), 500)


def test_the_refusal_shows_the_beginning_of_what_came_in_plain_letters() -> None:
    with pytest.raises(Malformed, match=r"^not an Engine\.IO packet of a client: '\\u674e\\n'$"):
        parse_packet("李\n")
    with pytest.raises(Malformed) as error:
        parse_packet("x" * 10_000)
    assert len(str(error.value)) < 100


PIECES = st.lists(
    st.sampled_from([*'0123456789{}[]"/,-:\x1e \\', "probe", "null", "true", '"a"', '["a"]', "/n,", "connect", "1e999"])
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@given(PIECES | PIECES.map("4".__add__) | PIECES.map("42".__add__) | st.binary(max_size=8))
def test_whatever_comes_malformed_is_all_that_is_raised(packet: Any) -> None:
    try:
        found = parse_packet(packet)
    except Malformed:
        return
    assert found is None or found.type in "0123"
    assert found is None or found.type != "2" or found.data[0] not in RESERVED_EVENTS


@given(st.text(max_size=60), st.integers(1, 4))
def test_whatever_payload_comes_malformed_is_all_that_is_raised(payload: str, most: int) -> None:
    try:
        found = parse_payload(payload, most)
    except Malformed:
        return
    assert 1 <= len(found) <= most


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.text(max_size=10).filter(lambda name: name not in RESERVED_EVENTS),
    st.lists(JSON, max_size=3),
    st.sampled_from(["/", "/admin", "/a-1/b"]),
    st.none() | st.integers(0, 10**15 - 1),
)
def test_every_event_a_client_can_make_is_taken_apart_into_what_it_was_made_of(
    name: str, arguments: list[Any], namespace: str, packet_id: int | None
) -> None:
    head = ("" if namespace == "/" else f"{namespace},") + ("" if packet_id is None else str(packet_id))
    data = [name, *arguments]
    for ensure_ascii in (True, False):
        text = f"42{head}{json.dumps(data, ensure_ascii=ensure_ascii)}"
        assert parse_packet(text) == SocketPacket("2", namespace, packet_id, data)
