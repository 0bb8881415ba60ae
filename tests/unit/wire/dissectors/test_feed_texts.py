"""The texts of `pushdemo.v1`: what is in them, and what they are accounted for."""

import pytest

from pushdemo.messages import Cursor, Message
from pushdemo.transports.websocket import control, gap_text
from pushdemo.wire.dissectors.feed_texts import message_id, plain, read_text
from pushdemo.wire.dissectors.fields import NOT_READ, Account, Direction

MESSAGE = Message("k3f9-42", "lobby", "李", "hi", 1_763_791_234_567).json


@pytest.mark.parametrize(
    ("text", "name", "account", "label"),
    [
        (MESSAGE.decode(), "message", Account.PAYLOAD, "message k3f9-42"),
        (control("joined", cursor="k3f9-41"), "joined", Account.HANDSHAKE, "joined k3f9-41"),
        (control("ack", id="k3f9-42", client_message_id=None), "ack", Account.FRAMING, "ack k3f9-42"),
        (gap_text(Cursor("k3f9", 40)), "gap", Account.FRAMING, "gap k3f9-40"),
        (control("error", problem={"status": 422}, client_message_id="x"), "error", Account.FRAMING, "error"),
        (control("news"), "control message", Account.FRAMING, "control message"),
        ('{"control":"joined","cursor":7}', "joined", Account.HANDSHAKE, "joined"),
        ('{"hello":1}', "text", Account.PAYLOAD, "11 bytes of text"),
        ('{"control":1}', "text", Account.PAYLOAD, "13 bytes of text"),
        ("[1]", "text", Account.PAYLOAD, "3 bytes of text"),
    ],
)
def test_what_the_server_sends_is_one_field(text: str, name: str, account: Account, label: str) -> None:
    content = read_text(text.encode(), "down")
    assert [(field.kind.name, field.length, field.account) for field in content.fields] == [
        (name, len(text.encode()), account)
    ]
    assert content.label == label


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ('{"text":"hi","sender":"li"}', "text to publish", "publish"),
        ('{"sender":"li","text":"hi","client_message_id":"1"}', "text to publish", "publish"),
        ('{"text":"hi"}', "text", "13 bytes of text"),
        ('{"text":1,"sender":"li"}', "text", "24 bytes of text"),
        ('{"control":"joined"}', "text", "20 bytes of text"),
        (MESSAGE.decode(), "text to publish", "publish"),
    ],
)
def test_what_the_client_sends_is_payload(text: str, name: str, label: str) -> None:
    content = read_text(text.encode(), "up")
    assert [(field.kind.name, field.length, field.account) for field in content.fields] == [
        (name, len(text.encode()), Account.PAYLOAD)
    ]
    assert (content.label, content.messages) == (label, ())


def test_only_a_message_that_comes_has_an_id() -> None:
    assert read_text(MESSAGE, "down").messages == ("k3f9-42",)
    assert read_text(control("ack", id="k3f9-42").encode(), "down").messages == ()


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("text", [b"{", b'"\xff"', b"[" * 10_000])
def test_what_is_no_json_is_not_understood(text: bytes, direction: Direction) -> None:
    content = read_text(text, direction)
    (field,) = content.fields
    assert (field.kind, field.length, field.account) == (NOT_READ, len(text), Account.UNKNOWN)
    assert field.value.startswith("expected JSON in UTF-8: ")
    assert content.label == "a text that is no JSON"


def test_an_empty_text_has_no_field() -> None:
    assert read_text(b"", "down").fields == plain(b"", "down").fields == ()


def test_a_text_of_another_protocol_is_payload() -> None:
    content = plain("hällo".encode(), "up")
    assert [(field.kind.name, field.length, field.account) for field in content.fields] == [
        ("text", 6, Account.PAYLOAD)
    ]
    assert content.label == "6 bytes of text"


def test_a_text_of_another_protocol_that_is_no_utf_8_is_not_understood() -> None:
    (field,) = plain(b"hi\xff", "up").fields
    assert (field.kind, field.length) == (NOT_READ, 3)
    assert field.value.startswith("expected UTF-8 (RFC 6455 section 8.1): ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 10_000,
        b'{"id":"k3f9-42"}',
        MESSAGE.replace(b"k3f9-42", b"nonsense"),
        MESSAGE[:-1],
    ],
)
def test_what_is_no_message_has_no_id(data: bytes) -> None:
    assert message_id(data) is None


def test_a_message_has_its_id_whatever_else_it_has() -> None:
    assert message_id(MESSAGE) == "k3f9-42"
    assert message_id(MESSAGE[:-1] + b',"client_message_id":"x","more":[1]}') == "k3f9-42"
