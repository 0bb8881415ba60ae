"""An event stream, taken apart in pieces of any size (WHATWG HTML, "Server-sent events")."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.wire.event_stream import Block, EventStream

STREAM = b": hello\n\nid: k3f9-1\ndata: one\n\nevent: gap\ndata:two\ndata: three\n\nretry: 2000\n\n"


def fed(*pieces: bytes) -> list[Block]:
    stream = EventStream()
    return [block for piece in pieces for block in stream.feed(piece)]


def only(text: bytes) -> Block:
    [block] = fed(text)
    return block


def test_blocks_are_what_stands_between_empty_lines() -> None:
    comment, one, gap, retry = fed(STREAM)
    assert comment == Block(9, b"", None, None, None, True)
    assert one == Block(22, b"", b"one", b"k3f9-1", None, False)
    assert gap == Block(33, b"gap", b"two\nthree", None, None, False)
    assert retry == Block(13, b"", None, None, b"2000", False)


@given(st.lists(st.integers(0, len(STREAM)), max_size=8), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_any_split_and_any_line_end_give_the_same_fields_and_every_byte_belongs_to_a_block(
    places: list[int], line_end: bytes
) -> None:
    text = STREAM.replace(b"\n", line_end) + b"data"
    ends = sorted({min(place, len(text)) for place in places} | {0, len(text)})
    stream = EventStream()
    blocks = [block for start, end in pairwise(ends) for block in stream.feed(text[start:end])]
    assert [block[1:] for block in blocks] == [block[1:] for block in fed(STREAM)]
    assert sum(block.size for block in blocks) + stream.rest == len(text)


@given(st.text("ab:\n\r di", max_size=60).map(str.encode))
def test_no_byte_of_any_stream_is_unaccounted(text: bytes) -> None:
    stream = EventStream()
    blocks = stream.feed(text)
    assert sum(block.size for block in blocks) + stream.rest == len(text)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (b"data: one\n\n", b"one"),
        (b"data:one\n\n", b"one"),
        (b"data:  one\n\n", b" one"),
        (b"data\n\n", b""),
        (b"data\ndata\n\n", b"\n"),
        (b"data: a:b\n\n", b"a:b"),
        (b"Data: one\n\n", None),
        (b"data : one\n\n", None),
        (b": data: one\n\n", None),
    ],
)
def test_a_field_is_a_name_a_colon_and_a_value_without_one_leading_space(text: bytes, data: bytes | None) -> None:
    assert only(text).data == data


def test_a_byte_order_mark_is_passed_over_at_the_very_beginning_alone() -> None:
    first, second = fed(b"\xef\xbb\xbfdata: one\n\n", b"\xef\xbb\xbfdata: two\n\n")
    assert (first.data, first.size) == (b"one", 14)
    assert second.data is None


def test_behind_a_cr_at_the_end_of_a_piece_a_lf_may_follow() -> None:
    stream = EventStream()
    assert stream.feed(b"data: one\r\n\r") == []
    assert [block.size for block in stream.feed(b"\ndata")] == [13]


def test_an_empty_line_of_its_own_is_a_block_that_is_no_comment() -> None:
    assert only(b"\n") == Block(1, b"", None, None, None, False)


def test_a_comment_beside_a_field_makes_no_comment() -> None:
    assert not only(b": hello\nid: 1\n\n").is_comment


def test_several_data_lines_are_one_event() -> None:
    block = only(b"data: OSLO\ndata: -3\ndata: 17\n\n")
    assert block == Block(30, b"", b"OSLO\n-3\n17", None, None, False)


def test_comments_ids_and_an_id_that_is_taken_back() -> None:
    text = b": a test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n"
    comment, first, second, third = fed(text)
    assert comment == Block(17, b"", None, None, None, True)
    assert first == Block(19, b"", b"first", b"1", None, False)
    assert second == Block(16, b"", b"second", b"", None, False)
    assert third == Block(14, b"", b" third", None, None, False)


def test_data_without_a_colon_is_empty_and_a_block_without_its_empty_line_is_none_yet() -> None:
    stream = EventStream()
    assert [block.data for block in stream.feed(b"data\n\ndata\ndata\n\ndata:")] == [b"", b"\n"]
    assert stream.rest == 5
    assert [block.data for block in stream.feed(b"\n\n")] == [b""]
    assert stream.rest == 0


@pytest.mark.parametrize(
    ("text", "last_id", "retry"),
    [
        (b"id: k3f9-1\n\n", b"k3f9-1", None),
        (b"id: 1\nid: 2\n\n", b"2", None),
        (b"id\n\n", b"", None),
        (b"id: 1\0\n\n", None, None),
        (b"id: 1\nid: \0\n\n", b"1", None),
        (b"retry: 2000\n\n", None, b"2000"),
        (b"retry:0\n\n", None, b"0"),
        (b"retry: 2.5\n\n", None, None),
        (b"retry: -1\n\n", None, None),
        (b"retry\n\n", None, None),
        (b"retry:  1\n\n", None, None),
        (b"retry: 1\nretry: x\n\n", None, b"1"),
        (b"ID: 1\nRetry: 2\n\n", None, None),
    ],
)
def test_an_id_holds_no_zero_byte_and_a_reconnection_time_is_digits(
    text: bytes, last_id: bytes | None, retry: bytes | None
) -> None:
    assert (only(text).id, only(text).retry) == (last_id, retry)


def test_the_last_event_field_names_the_event() -> None:
    assert only(b"event: gap\nevent: cursor\nevent\nevent:ack\n\n").event == b"ack"


def test_fields_of_no_known_name_are_passed_over_but_make_no_comment() -> None:
    assert only(b"colour: red\n\n") == Block(13, b"", None, None, None, False)


def test_several_comments_are_a_comment() -> None:
    assert only(b":\n: a\n:b: c\n\n").is_comment


@pytest.mark.parametrize(
    "text", [b"data: a\r\n\ndata: b\n\r\n", b"data: a\n\r\ndata: b\r\n\r\n", b"data: a\r\rdata: b\n\n"]
)
def test_lines_may_end_in_different_ways_in_one_stream(text: bytes) -> None:
    assert [block.data for block in fed(text)] == [b"a", b"b"]
    assert [block.data for block in fed(*(bytes([byte]) for byte in text))] == [b"a", b"b"]


def test_a_byte_order_mark_may_come_in_pieces_and_before_a_comment() -> None:
    assert fed(b"\xef", b"\xbb", b"\xbf:", b"\n\n") == [Block(6, b"", None, None, None, True)]


LINES = st.lists(
    st.sampled_from([b"data", b"data:", b"data: a", b"data:  b:", b"id: 1", b"id", b"id:\0", b"event: gap", b"event:"])
    | st.sampled_from(
        [b"retry: 1", b"retry: x", b":", b": data: a", b"", b"", b"x: y", b"data : a", b"\xef\xbb\xbfdata"]
    )
    | st.binary(max_size=4).map(lambda text: text.translate(None, b"\r\n")),
    max_size=12,
)
LINE_ENDS = st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=12, max_size=12)


def as_the_standard_says(lines: list[bytes]) -> list[tuple[bytes, bytes | None, bytes | None, bytes | None]]:
    """Go through whole lines, field by field, in the order of the standard's own steps."""
    found: list[tuple[bytes, bytes | None, bytes | None, bytes | None]] = []
    event, data, last_id, retry = b"", b"", None, None
    for line in lines:
        if not line:
            found.append((event, data.removesuffix(b"\n") if data else None, last_id, retry))
            event, data, last_id, retry = b"", b"", None, None
        elif not line.startswith(b":"):
            name, colon, value = line.partition(b":")
            value = value.removeprefix(b" ") if colon else b""
            if name == b"event":
                event = value
            elif name == b"data":
                data += value + b"\n"
            elif name == b"id" and 0 not in value:
                last_id = value
            elif name == b"retry" and value.isdigit():
                retry = value
    return found


@given(LINES, LINE_ENDS, st.booleans(), st.lists(st.integers(0, 100), max_size=6))
def test_any_lines_with_any_ends_in_any_pieces_give_what_the_standard_says(
    lines: list[bytes], line_ends: list[bytes], is_marked: bool, places: list[int]
) -> None:
    expected = as_the_standard_says(lines)
    if is_marked and lines and lines[0]:
        lines = [b"\xef\xbb\xbf" + lines[0], *lines[1:]]
    elif lines:
        expected = as_the_standard_says([lines[0].removeprefix(b"\xef\xbb\xbf"), *lines[1:]])
    ended = [line + end for line, end in zip(lines, line_ends, strict=False)]
    for here, (line, behind) in enumerate(pairwise(ended)):
        if line.endswith(b"\r") and behind == b"\n":
            ended[here + 1] = b"\r\n"  # or the two would be one line end
    text = b"".join(ended) + b"."
    ends = sorted({min(place, len(text)) for place in places} | {0, len(text)})
    stream = EventStream()
    blocks = [block for start, end in pairwise(ends) for block in stream.feed(text[start:end])]
    assert [(block.event, block.data, block.id, block.retry) for block in blocks] == expected
    assert sum(block.size for block in blocks) + stream.rest == len(text)


@given(st.binary(max_size=80), st.integers(0, 80))
def test_two_pieces_of_anything_are_as_good_as_one(text: bytes, place: int) -> None:
    text += b"\n\n."
    assert fed(text[:place], text[place:]) == fed(text)
