"""The chunked transfer coding, taken apart in pieces of any size (RFC 9112 section 7.1)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.wire.http1 import ChunkedBody, Malformed

BODY = b"5\r\nhello\r\n7;note=x\r\n, world\r\n0\r\nTrailer: yes\r\n\r\n"


def fed(*pieces: bytes) -> tuple[bytes, ChunkedBody]:
    body = ChunkedBody()
    return b"".join([body.feed(piece) for piece in pieces]), body


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


def test_data_and_coding_are_told_apart() -> None:
    data, body = fed(BODY)
    assert data == b"hello, world"
    assert body.coding == len(BODY) - len(data)
    assert body.ended


@given(st.lists(st.integers(0, len(BODY)), max_size=8))
def test_any_split_gives_the_same_data_and_no_byte_is_unaccounted(places: list[int]) -> None:
    data, body = fed(*cut(BODY, places))
    assert (data, body.coding, body.ended) == (b"hello, world", len(BODY) - 12, True)


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5), st.lists(st.integers(0, 2_000), max_size=6))
def test_what_was_chunked_comes_back(chunks: list[bytes], places: list[int]) -> None:
    coded = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    data, body = fed(*cut(coded, places))
    assert data == b"".join(chunks)
    assert body.coding + len(data) == len(coded)
    assert not body.ended


@pytest.mark.parametrize("size", [b"A", b"a", b"00a", b"a;x=1", b"a ;x"])
def test_a_size_is_hexadecimal_in_either_case_with_zeros_and_extensions(size: bytes) -> None:
    assert fed(size + b"\r\n0123456789\r\n")[0] == b"0123456789"


@pytest.mark.parametrize("last", [b"0\r\n\r\n", b"000\r\n\r\n", b"0;x\r\n\r\n"])
def test_a_chunk_of_size_0_is_the_last(last: bytes) -> None:
    data, body = fed(last)
    assert (data, body.coding, body.ended) == (b"", len(last), True)


@pytest.mark.parametrize(
    ("coded", "sentence"),
    [
        (b"hello\r\n", "expected a chunk's size in hexadecimal; this came: b'hello'"),
        (b"\r\n", "expected a chunk's size in hexadecimal; this came: b''"),
        (b"-5\r\n", "expected a chunk's size in hexadecimal; this came: b'-5'"),
        (b"5\n", "expected a line that ends with CRLF"),
        (b"2\r\nabc\r\n", "expected the end of a chunk's data"),
        (b"0\r\n\r\nmore", "4 bytes after the last chunk"),
        (b"5" * 5_000, "a line of more than 4,096 bytes"),
    ],
)
def test_what_is_no_chunked_body_is_refused(coded: bytes, sentence: str) -> None:
    with pytest.raises(Malformed) as error:
        fed(coded)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("coded", "data"),
    [
        (b"5\r\nhello\r\n5\r\nworld\r\n", b"helloworld"),
        (b"5;a=b;c\r\nhello\r\n", b"hello"),
        (b'5;a="x;y"\r\nhello\r\n', b"hello"),
        (b"5 \t\r\nhello\r\n", b"hello"),
        (b"0000000005\r\nhello\r\n", b"hello"),
        (b"1\r\n\r\r\n", b"\r"),
        (b"2\r\n\r\n\r\n", b"\r\n"),
        (b"3\r\n0\r\n\r\n", b"0\r\n"),
    ],
)
def test_data_may_look_like_coding_and_sizes_may_carry_more(coded: bytes, data: bytes) -> None:
    for pieces in ([coded], [bytes([byte]) for byte in coded]):
        found, body = fed(*pieces)
        assert (found, body.coding, body.ended) == (data, len(coded) - len(data), False)


@pytest.mark.parametrize("size", [0xF, 0x10, 0xFF, 0x100, 0xFFFFF, 0x100000])
def test_a_chunk_of_any_size_costs_its_digits_and_two_line_ends(size: int) -> None:
    for digits in (b"%x" % size, b"%X" % size):
        data, body = fed(digits + b"\r\n" + b"x" * size + b"\r\n")
        assert (len(data), body.coding) == (size, len(digits) + 4)


@pytest.mark.parametrize("trailer", [b"", b"Expires: never\r\n", b"A: 1\r\nB: 2\r\n", b"A: " + b"x" * 4_000 + b"\r\n"])
def test_behind_the_last_chunk_stand_trailer_fields_and_an_empty_line(trailer: bytes) -> None:
    data, body = fed(b"1\r\nx\r\n0\r\n" + trailer)
    assert not body.ended
    assert body.feed(b"\r\n") == b""
    assert (data, body.ended, body.coding) == (b"x", True, 5 + 5 + len(trailer))


def test_nothing_more_may_come_behind_the_end_however_it_comes() -> None:
    _, body = fed(BODY)
    assert body.feed(b"") == b""
    with pytest.raises(Malformed, match="^1 bytes after the last chunk$"):
        body.feed(b"0")
    assert body.coding == len(BODY) - 12 + 1


def test_a_line_has_a_limit_that_counts_its_end() -> None:
    longest = b"1;" + b"x" * (ChunkedBody.LONGEST_LINE - 4) + b"\r\n"
    assert len(longest) == ChunkedBody.LONGEST_LINE
    assert fed(longest + b"x\r\n")[0] == b"x"
    for pieces in ([b"1;x" + longest[2:]], [b"1;x", longest[2:]]):
        with pytest.raises(Malformed, match=r"^a line of more than 4,096 bytes where a chunk's size was expected$"):
            fed(*pieces)


NO_CHUNKS = [
    b"g\r\n",
    b" 5\r\nhello\r\n",
    b"0x5\r\nhello\r\n",
    b"+5\r\nhello\r\n",
    b"5_0\r\n",
    b"1,0\r\n",
    b";x\r\n",
    b"5\r\r\nhello\r\n",
    b"5\x0b\r\nhello\r\n",
    b"5\nhello\n",
    b"5\r\nhello!\r\n",
    b"5\r\nhello\n",
    b"5\r\nhello\r\r\n",
    b"5\r\nhello5\r\nworld\r\n",
    b"0\r\n\n",
    b"0\r\n\r\n0\r\n\r\n",
    b"\xd9\xa5\r\nhello\r\n",
    b'{"cursor":"k3f9-1"}\n',
]


def outcome(pieces: list[bytes]) -> tuple[bool, bool, bytes]:
    """Feed the pieces up to one that is refused; every byte is then data or coding.

    Returns:
        Whether one was, whether the body has ended, and the data where none was.
    """
    body = ChunkedBody()
    data, came, is_refused = b"", 0, False
    for piece in pieces:
        came += len(piece)
        try:
            data += body.feed(piece)
        except Malformed:
            is_refused = True
            break
    assert body.coding + len(data) == came
    return is_refused, body.ended and not is_refused, b"" if is_refused else data


@pytest.mark.parametrize("coded", NO_CHUNKS)
@pytest.mark.parametrize("before", [b"", b"5\r\nhello\r\n"])
def test_what_is_no_chunk_is_refused_at_any_split_and_every_byte_is_data_or_coding(before: bytes, coded: bytes) -> None:
    text = before + coded
    for place in range(len(text) + 1):
        is_refused, _, _ = outcome([text[:place], text[place:]])
        assert is_refused


@given(
    st.lists(
        st.sampled_from([b"0", b"1", b"5", b"a", b"A", b"\r\n", b"\n", b";x", b"hello", b"x", b"0\r\n\r\n", b"\0"])
        | st.binary(max_size=3),
        max_size=12,
    ).map(b"".join),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_whatever_comes_a_split_changes_nothing_but_how_much_was_returned_before_it_is_refused(
    coded: bytes, places: list[int]
) -> None:
    assert outcome(cut(coded, places)) == outcome([coded])


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=6), st.booleans())
def test_what_is_taken_quickly_is_what_is_taken_byte_by_byte(chunks: list[bytes], has_end: bool) -> None:
    coded = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n" * has_end
    quick_data, quick = fed(coded)
    slow_data, slow = fed(*(bytes([byte]) for byte in coded))
    assert (quick_data, quick.coding, quick.ended) == (slow_data, slow.coding, slow.ended)
