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
