"""Messages, cursors and drafts: the encoding to the byte, and what is refused in which words."""

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.messages import (
    Cursor,
    Draft,
    Message,
    check_draft,
    check_room,
    parse_client_message_id,
    parse_draft,
)
from pushdemo.problems import Problem

MESSAGE = Message("k3f9-42", "lobby", "li", "hi", 1763791234567)
UNICODE_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)

# --- the encoding ---


def test_the_encoding_is_the_contracts_to_the_byte() -> None:
    assert MESSAGE.json == b'{"id":"k3f9-42","room":"lobby","sender":"li","text":"hi","sent_at":1763791234567}'


def test_client_message_id_stands_at_the_end_where_the_sender_gave_one() -> None:
    message = Message("k3f9-42", "lobby", "li", "hi", 1763791234567, "c-1")
    assert message.json == (
        b'{"id":"k3f9-42","room":"lobby","sender":"li","text":"hi","sent_at":1763791234567,"client_message_id":"c-1"}'
    )


def test_text_of_any_language_is_carried_as_utf_8_and_not_escaped() -> None:
    message = Message("e-1", "r", "李", "שלום 😀\u2028", 1)
    assert message.json == (
        b'{"id":"e-1","room":"r","sender":"\xe6\x9d\x8e",'
        b'"text":"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xf0\x9f\x98\x80\xe2\x80\xa8","sent_at":1}'
    )


def test_line_ends_within_a_text_are_escaped_so_that_an_event_stays_on_one_line() -> None:
    encoded = Message("e-1", "r", "s", 'a\r\n"b"\\', 1).json
    assert b'"text":"a\\r\\n\\"b\\"\\\\"' in encoded
    assert b"\n" not in encoded
    assert b"\r" not in encoded


@given(sender=UNICODE_TEXT, text=UNICODE_TEXT, key=st.none() | UNICODE_TEXT)
def test_what_is_encoded_is_read_back_the_same_by_any_json_reader(sender: str, text: str, key: str | None) -> None:
    encoded = Message("e-7", "r", sender, text, 5, key).json
    expected = {"id": "e-7", "room": "r", "sender": sender, "text": text, "sent_at": 5}
    assert json.loads(encoded) == expected | ({} if key is None else {"client_message_id": key})
    assert encoded.isascii() or encoded.decode()
    assert b"\n" not in encoded


def test_the_number_is_what_follows_the_epoch() -> None:
    assert MESSAGE.number == 42


def test_a_techniques_encoding_is_made_once_for_a_thousand_readers() -> None:
    calls: list[Message] = []

    def encode(message: Message) -> bytes:
        calls.append(message)
        return b"data: " + message.json

    message = msgspec.structs.replace(MESSAGE)
    encodings = [message.encoded(encode) for _ in range(1_000)]
    assert calls == [message]
    assert all(encoding is encodings[0] for encoding in encodings)


def test_each_technique_has_its_own_encoding_and_the_json_is_shared() -> None:
    message = msgspec.structs.replace(MESSAGE)

    def as_text(message: Message) -> str:
        return message.json.decode()

    def as_line(message: Message) -> bytes:
        return message.json + b"\n"

    assert message.encoded(as_text) == message.json.decode()
    assert message.encoded(as_line) == message.json + b"\n"
    assert message.encoded(as_text) == message.json.decode()
    assert message.json is message.json


# --- cursors ---


@pytest.mark.parametrize(
    ("text", "epoch", "number"),
    [
        ("k3f9-42", "k3f9", 42),
        ("a-0", "a", 0),
        ("0-1", "0", 1),
        ("abcdefghij012345-7", "abcdefghij012345", 7),
        ("e-" + "9" * 30, "e", int("9" * 30)),
    ],
)
def test_a_cursor_is_read_and_written_in_its_one_form(text: str, epoch: str, number: int) -> None:
    assert Cursor.parse(text) == Cursor(epoch, number)
    assert str(Cursor(epoch, number)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "-42",
        "k3f9",
        "k3f9-",
        "k3f9-042",
        "k3f9-00",
        "k3f9--1",
        "k3f9-+1",
        "k3f9-1.0",
        "k3f9-1e3",
        "k3f9-1_000",
        "k3f9-0x1",
        "K3F9-42",
        "k3_9-42",
        "k3f9-4-2",
        " k3f9-42",
        "k3f9-42 ",
        "k3f9-42\n",
        "k3f9-\u0664\u0662",
        "k3f9-\uff14",
        "\u00e9-1",
        "abcdefghij0123456-1",
        "e-" + "9" * 31,
        "latest",
        "null",
        "k3f9-42\x00",
    ],
)
def test_anything_else_is_no_cursor_and_the_refusal_shows_it(text: str) -> None:
    with pytest.raises(Problem) as refusal:
        Cursor.parse(text)
    assert refusal.value.status == 400
    assert refusal.value.detail.startswith("A cursor is <epoch>-<number>, such as k3f9-42; this came: '")


@given(st.text(max_size=30))
def test_a_cursor_that_is_read_is_written_as_it_came(text: str) -> None:
    try:
        cursor = Cursor.parse(text)
    except Problem:
        return
    assert str(cursor) == text


@given(st.from_regex(r"[a-z0-9]{1,16}", fullmatch=True), st.integers(0, 10**30 - 1))
def test_every_cursor_that_can_be_written_can_be_read(epoch: str, number: int) -> None:
    assert Cursor.parse(str(Cursor(epoch, number))) == Cursor(epoch, number)


# --- rooms ---


@pytest.mark.parametrize("room", ["lobby", "a", "-", "_", "0", "A-Z_a-z-0-9", "x" * 64])
def test_a_rooms_name_is_returned(room: str) -> None:
    assert check_room(room) == room


@pytest.mark.parametrize("room", ["", "x" * 65, "a b", "a/b", "a.b", "lobby\n", "lobb\u00fd", "\u0661", "a%20b", ".."])
def test_other_names_are_refused(room: str) -> None:
    with pytest.raises(Problem) as refusal:
        check_room(room)
    assert refusal.value.status == 400
    assert refusal.value.detail.startswith("A room's name has 1 to 64 of the characters A-Z a-z 0-9 _ -; this came: ")


# --- drafts ---


def checked(**fields: Any) -> Draft:
    draft = Draft(**{"sender": "li", "text": "hi"} | fields)
    return check_draft(draft, sender_characters=64, text_characters=4_000)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"sender": "s"},
        {"sender": "\U0001f600" * 64},
        {"text": " "},
        {"text": "\U0001f600" * 4_000},
        {"text": "\x00"},
        {"client_message_id": "c"},
        {"client_message_id": "c" * 64},
        {"client_message_id": None},
    ],
)
def test_a_draft_of_the_allowed_lengths_is_returned(fields: dict[str, Any]) -> None:
    assert checked(**fields) == Draft(**{"sender": "li", "text": "hi"} | fields)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sender": ""}, "sender has 1 to 64 characters; this one has 0."),
        ({"sender": "s" * 65}, "sender has 1 to 64 characters; this one has 65."),
        ({"text": ""}, "text has 1 to 4,000 characters; this one has 0."),
        ({"text": "t" * 4_001}, "text has 1 to 4,000 characters; this one has 4,001."),
        ({"client_message_id": ""}, "client_message_id has 1 to 64 characters; this one has 0."),
        ({"client_message_id": "c" * 65}, "client_message_id has 1 to 64 characters; this one has 65."),
    ],
)
def test_a_field_of_another_length_is_refused_by_name(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Problem) as refusal:
        checked(**fields)
    assert (refusal.value.status, refusal.value.detail) == (422, sentence)


@pytest.mark.parametrize("field", ["sender", "text", "client_message_id"])
@pytest.mark.parametrize("half", [chr(0xD83D), chr(0xDE00), f"a{chr(0xDFFF)}b"])
def test_half_a_surrogate_pair_is_refused(field: str, half: str) -> None:
    with pytest.raises(Problem) as refusal:
        checked(**{field: half})
    assert refusal.value.status == 400
    assert refusal.value.detail == f"{field} holds half of a surrogate pair, which no text can carry."


def test_a_draft_is_read_from_json_and_what_else_it_holds_is_passed_over() -> None:
    data = b'{"sender":"li","text":"h\\u0069","client_message_id":"c-1","id":"forged-1","sent_at":0}'
    assert parse_draft(data) == Draft("li", "hi", "c-1")
    assert parse_draft(data.decode()) == Draft("li", "hi", "c-1")
    assert parse_draft('{"text":"\\ud83d\\ude00","sender":"李","client_message_id":null}') == Draft("李", "😀")


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        ("{}", "Object missing required field `sender`."),
        ('{"sender":"li"}', "Object missing required field `text`."),
        ('{"sender":1,"text":"hi"}', "Expected `str`, got `int` - at `$.sender`."),
        ('{"sender":"li","text":null}', "Expected `str`, got `null` - at `$.text`."),
        ('{"sender":"li","text":["hi"]}', "Expected `str`, got `array` - at `$.text`."),
        (
            '{"sender":"li","text":"hi","client_message_id":7}',
            "Expected `str | null`, got `int` - at `$.client_message_id`.",
        ),
        ("[]", "Expected `object`, got `array`."),
        ("null", "Expected `object`, got `null`."),
        ('"hi"', "Expected `object`, got `str`."),
    ],
)
def test_json_of_another_shape_is_422_and_says_where(data: str, ending: str) -> None:
    with pytest.raises(Problem) as refusal:
        parse_draft(data)
    assert refusal.value.status == 422
    assert refusal.value.detail == f"Expected an object with the strings sender and text: {ending}"


SURROGATE = "Expected JSON in UTF-8: a string holds half of a surrogate pair, which no text can carry."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"hi",
        b"{",
        b'{"sender":"li","text":"hi"',
        b'{"sender":"li","text":"hi"}}',
        b'{"sender":"li","text":"hi",}',
        b"{'sender':'li','text':'hi'}",
        b'{"sender":"li","text":"h\xff"}',
        b'{"sender":"li","text":"a\nb"}',
        b'{"sender":"li","text":NaN}',
        b'{"sender":"li","text":-Infinity}',
        b'\xef\xbb\xbf{"sender":"li","text":"hi"}',
        '{"sender":"li","text":"hi"}'.encode("utf-16"),
        b'{"a":' * 100_000,
    ],
)
def test_what_is_not_json_in_utf_8_is_400_and_not_blamed_on_surrogates(data: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        parse_draft(data)
    assert refusal.value.status == 400
    assert refusal.value.detail.startswith("Expected JSON in UTF-8: ")
    assert refusal.value.detail.endswith(".")
    assert refusal.value.detail != SURROGATE


@pytest.mark.parametrize("half", [rb"\ud83d", rb"\ude00", rb"\ud83d\ud83d", rb"a\udfff", b"\xed\xa0\xbd"])
def test_half_a_surrogate_pair_is_400_and_named_whether_it_is_escaped_or_not(half: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        parse_draft(b'{"sender":"li","text":"%s"}' % half)
    assert (refusal.value.status, refusal.value.detail) == (400, SURROGATE)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_whatever_comes_a_draft_or_a_problem_is_all_it_gives(data: bytes | str) -> None:
    with suppress(Problem):
        assert isinstance(parse_draft(data), Draft)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ('{"client_message_id":"c-1","sender":7}', "c-1"),
        ('{"sender":"li"}', None),
        ('{"client_message_id":7}', None),
        ("not JSON", None),
        ("[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_the_key_of_a_wrong_message_is_found_so_that_its_sender_knows_which(
    data: str | bytes, found: str | None
) -> None:
    assert parse_client_message_id(data) == found
