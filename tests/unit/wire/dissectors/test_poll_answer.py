"""The body of a poll's answer: each message a field, and the envelope around them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushdemo.wire.dissectors.fields import Account, Content, by_account
from pushdemo.wire.dissectors.poll_answer import PollAnswer
from tests.unit.wire.dissectors.conversations import MESSAGE, SECOND

ANSWER = b'{"cursor":"k3f9-44","messages":[%s,%s],"gap":true,"more":true}' % (MESSAGE, SECOND)


def read(body: bytes) -> Content:
    return PollAnswer()(body, first=True, last=True)


def in_two(body: bytes, place: int) -> tuple[Content, Content]:
    answer = PollAnswer()
    return answer(body[:place], first=True, last=False), answer(body[place:], first=False, last=True)


def shown(body: bytes, content: Content) -> list[tuple[str, bytes]]:
    parts: list[tuple[str, bytes]] = []
    place = 0
    for field in content.fields:
        parts.append((field.kind.name, body[place : place + field.length]))
        place += field.length
    assert place == len(body)
    return parts


def test_each_message_is_a_field_of_its_own_bytes() -> None:
    assert shown(ANSWER, read(ANSWER)) == [
        ("start of the answer", b"{"),
        ("cursor", b'"cursor":"k3f9-44"'),
        ("separator", b","),
        ("messages", b'"messages":['),
        ("message", MESSAGE),
        ("separator", b","),
        ("message", SECOND),
        ("end of the messages", b"]"),
        ("separator", b","),
        ("gap", b'"gap":true'),
        ("separator", b","),
        ("more", b'"more":true'),
        ("end of the answer", b"}"),
    ]


def test_messages_are_payload_and_the_envelope_is_framing() -> None:
    payload = len(MESSAGE) + len(SECOND)
    assert by_account(read(ANSWER).fields) == {Account.FRAMING: len(ANSWER) - payload, Account.PAYLOAD: payload}
    assert read(ANSWER).messages == ("k3f9-43", "k3f9-44")


@pytest.mark.parametrize(
    ("body", "label", "empty"),
    [
        (b'{"cursor":"a-1","messages":[]}', "nothing new", True),
        (b'{"cursor":"a-1","messages":[],"gap":true}', "gap, nothing new", True),
        (b'{"cursor":"k3f9-43","messages":[%s]}' % MESSAGE, "message k3f9-43", False),
        (b'{"cursor":"k3f9-43","messages":[%s],"more":true}' % MESSAGE, "message k3f9-43, more to come", False),
        (ANSWER, "gap, 2 messages, more to come", False),
        (b'{"cursor":"a-1","messages":[1]}', "1 message", False),
        (b'{"cursor":"a-1"}', "another body", False),
        (b'["messages"]', "another body", False),
        (b"<html>", "another body", False),
        (b'{"messages":[' + b"[" * 100_000, "another body", False),
        (b"\xff", "another body", False),
    ],
)
def test_the_label_says_what_it_brings(body: bytes, label: str, empty: bool) -> None:
    content = read(body)
    assert (content.label, content.empty) == (label, empty)
    assert sum(field.length for field in content.fields) == len(body)


def test_what_is_no_answer_is_one_field() -> None:
    assert shown(b'{"problem":1}', read(b'{"problem":1}')) == [("another body", b'{"problem":1}')]
    assert read(b"").fields == ()


def test_white_space_and_unknown_members_are_shown() -> None:
    body = b'{ "a,b" : {"messages":[1]} , "messages" : [ {"id":1} , 2 ] }\n'
    assert [name for name, _ in shown(body, read(body))] == [
        "start of the answer",
        "separator",
        "another member",
        "separator",
        "messages",
        "separator",
        "message",
        "separator",
        "message",
        "separator",
        "end of the messages",
        "separator",
        "end of the answer",
        "separator",
    ]


def test_an_answer_may_come_in_parts_that_end_anywhere() -> None:
    for place in range(2, len(ANSWER)):
        first, second = in_two(ANSWER, place)
        assert first.messages + second.messages == ("k3f9-43", "k3f9-44")
        assert by_account((*first.fields, *second.fields)) == by_account(read(ANSWER).fields)
        shown(ANSWER[:place], first)
        shown(ANSWER[place:], second)


def test_an_answer_may_come_byte_for_byte() -> None:
    answer = PollAnswer()
    parts = [answer(ANSWER[:2], first=True, last=False)]
    parts += [answer(ANSWER[at : at + 1], first=False, last=at + 1 == len(ANSWER)) for at in range(2, len(ANSWER))]
    assert [message for part in parts for message in part.messages] == ["k3f9-43", "k3f9-44"]
    assert by_account(field for part in parts for field in part.fields) == by_account(read(ANSWER).fields)


def test_a_part_says_so() -> None:
    first, second = in_two(ANSWER, ANSWER.index(SECOND) + 3)
    assert (first.label, second.label) == ("message k3f9-43, in part", "gap, message k3f9-44, more to come")
    assert not second.empty
    other, more = in_two(b"<html>", 3)
    assert (other.label, more.label) == ("another body", "more of it")


texts = st.text(alphabet='"\\{}[],:é\n a') | st.integers() | st.none()
messages = st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(st.text('"a}'), inner), max_leaves=8)


@settings(max_examples=20, deadline=None)
@given(st.lists(messages), st.booleans(), st.integers(2, 1_000))
def test_the_bytes_of_messages_are_found_whatever_is_in_them(found: list[object], compact: bool, place: int) -> None:
    separators = (",", ":") if compact else (" , ", " : ")
    encoded = [json.dumps(each, ensure_ascii=False, separators=separators) for each in found]
    body = ('{"cursor":"a-1","messages":[' + separators[0].join(encoded) + "]}").encode()
    parts = [data.decode().strip() for name, data in shown(body, read(body)) if name == "message"]
    assert parts == encoded
    halves = in_two(body, min(place, len(body)))
    assert sum(field.length for half in halves for field in half.fields) == len(body)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='"\\{}[],: a').map(str.encode), st.integers(0, 200))
def test_no_byte_of_anything_is_lost(text: bytes, place: int) -> None:
    shown(text, read(text))
    body = b'{"messages":[' + text
    for data, content in zip((body[:place], body[place:]), in_two(body, place), strict=True):
        shown(data, content)
