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
