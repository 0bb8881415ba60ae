"""Heads of HTTP/1.1 line by line, and the coding of bodies."""

import pytest

from pushdemo.wire.dissectors import http1_headers
from pushdemo.wire.dissectors.fields import CUT_OFF, NOT_READ, Account, Field, Kind
from pushdemo.wire.dissectors.http1 import (
    LONGEST_HEAD,
    LONGEST_LINE,
    MOST_LINES,
    Chunked,
    Head,
    HeadFinder,
    Sized,
    body_of,
    interleaved,
    read_head,
)
from pushdemo.wire.dissectors.http1_headers import header_kind, status_meaning

REQUEST = b"GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Mine:  1 \r\n\r\n"


def names_and_bytes(data: bytes, fields: tuple[Field, ...]) -> list[tuple[str, bytes]]:
    shown: list[tuple[str, bytes]] = []
    place = 0
    for field in fields:
        shown.append((field.kind.name, data[place : place + field.length]))
        place += field.length
    assert place == len(data)
    return shown


def parted(data: bytes) -> tuple[list[tuple[str, bytes]], str | None]:
    """Return the coding of a chunked body, and its data; and why it could not be read further."""
    body, waiting, taken = Chunked(), bytearray(data), data
    shown: list[tuple[str, bytes]] = []
    while (piece := body.take(waiting, 1_000)) is not None:
        if isinstance(piece, str):
            return shown, piece
        size = len(piece.data) + sum(field.length for field in piece.fields)
        shown += names_and_bytes(taken[:size], piece.fields) if piece.fields else [("data", piece.data)]
        taken = taken[size:]
    assert body.ended is not bool(waiting)
    return shown, None


def test_a_request_line_is_three_fields_and_each_header_one() -> None:
    head = read_head(REQUEST)
    assert names_and_bytes(REQUEST, head.fields) == [
        ("method", b"GET "),
        ("request target", b"/a?b=c "),
        ("HTTP version", b"HTTP/1.1\r\n"),
        ("Host", b"Host: example.org\r\n"),
        ("X-Mine", b"X-Mine:  1 \r\n"),
        ("empty line", b"\r\n"),
    ]
    assert (head.method, head.target, head.status) == ("GET", "/a?b=c", 0)
    assert head.headers == {"host": "example.org", "x-mine": "1"}
    assert {field.account for field in head.fields} == {Account.HTTP_HEADERS}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (b"HTTP/1.1 304 Not Modified\r\n", [b"HTTP/1.1 ", b"304 ", b"Not Modified\r\n"]),
        (b"HTTP/1.0 200 \r\n", [b"HTTP/1.0 ", b"200 ", b"\r\n"]),
        (b"HTTP/1.1 200\n", [b"HTTP/1.1 ", b"200", b"\n"]),
    ],
)
def test_a_status_line_is_three_fields(line: bytes, parts: list[bytes]) -> None:
    head = read_head(line + b"\n")
    assert [part for _, part in names_and_bytes(line + b"\n", head.fields)] == [*parts, b"\n"]
    assert head.status in (200, 304)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (b" folded\r\n", "line folding", "host goes on"),
        (b"no colon\r\n", "malformed line", "expected a name, a colon right behind it, and a value"),
        (b"Space : 1\r\n", "malformed line", "expected a name, a colon right behind it, and a value"),
        (b"cut of", CUT_OFF.name, ""),
    ],
)
def test_odd_lines_are_shown_as_such(line: bytes, name: str, value: str) -> None:
    field = read_head(b"GET / HTTP/1.1\r\nHost: a\r\n" + line).fields[-1]
    assert (field.kind.name, field.value, field.length) == (name, value, len(line))


def test_folded_and_repeated_headers_are_one_value() -> None:
    head = read_head(b"\r\nGET / HTTP/1.1\r\nA: 1\r\n\t2\r\na: 3\r\n\r\n")
    assert head.headers == {"a": "1 2, 3"}
    assert head.list_of("a") == ["1 2", "3"]
    assert head.fields[0].kind.name == "empty line before a message"


def test_headers_are_known_in_any_case_and_others_are_said_to_be_unknown() -> None:
    assert header_kind("sEC-wEBSOCKET-kEY").name == "Sec-WebSocket-Key"
    assert header_kind("X-Mine") == Kind("X-Mine", "A header that this table does not know.", "RFC 9110 section 5")
    dropped = header_kind("Sec-WebSocket-Origin")
    assert "RFC 6455 dropped it" in dropped.meaning
    assert "hybi" in dropped.source


def test_every_header_has_one_sentence_and_a_source() -> None:
    tables = [value for name, value in vars(http1_headers).items() if name.startswith("OF_")]
    known = {name: entry for table in tables for name, entry in table.items()}
    assert len(known) > 90
    for name, (meaning, source) in known.items():
        assert header_kind(name) == Kind(name, meaning, source)
        assert meaning[0].isupper() or meaning[0].isdigit() or ":" in meaning or "," in meaning
        assert meaning.endswith(".")
        assert source


@pytest.mark.parametrize(("status", "meaning"), [(200, "done"), (299, "it succeeded"), (599, "the server"), (999, "")])
def test_a_status_is_told_in_words(status: int, meaning: str) -> None:
    assert status_meaning(status).startswith(meaning)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x16\x03\x01\x02\x00", "a TLS handshake"),
        (b"PRI * HTTP/2.0\r\n", "'PRI * HTTP/2.0\\r\\n'"),
        (b"GET  / HTTP/1.1\r\n", "'GET  / HTTP/1.1\\r\\n'"),
        (b"A" * 33, "'" + "A" * 33 + "'"),
        (b"G\rT", "'G\\rT'"),
    ],
)
def test_what_is_no_request_is_refused_at_once(data: bytes, what: str) -> None:
    assert HeadFinder("up").find(bytearray(data)) == f"expected a request line of HTTP/1; this came: {what}"


@pytest.mark.parametrize("data", [b"ICY 200 OK\r\n", b"HTTP/2", b"HTTP/1.1 20 OK\r\n", b"\r\n\rx"])
def test_what_is_no_response_is_refused_at_once(data: bytes) -> None:
    found = HeadFinder("down").find(bytearray(data))
    assert isinstance(found, str)
    assert found.startswith("expected a status line of HTTP/1; this came: ")


def test_a_head_ends_at_its_empty_line_however_it_comes() -> None:
    finder = HeadFinder("up")
    found = [finder.find(bytearray(REQUEST[:size])) for size in range(1, len(REQUEST) + 1)]
    assert found == [None] * (len(REQUEST) - 1) + [len(REQUEST)]
    assert HeadFinder("up").find(bytearray(b"\r\n\n" + REQUEST * 2)) == 3 + len(REQUEST)


def test_a_head_has_a_limit() -> None:
    head = b"GET / HTTP/1.1\r\nA: " + b"b" * (LONGEST_HEAD - 23) + b"\r\n\r\n"
    assert len(head) == LONGEST_HEAD
    assert HeadFinder("up").find(bytearray(head)) == LONGEST_HEAD
    longer = head.replace(b"A: ", b"A:  ")
    assert HeadFinder("up").find(bytearray(longer)) == (
        "expected a head of at most 65,536 bytes; it has no end within them"
    )


@pytest.mark.parametrize("line", [b"a:\n", b"a: b\r\n", b"no header\r\n"])
def test_a_head_of_too_many_lines_is_none(line: bytes) -> None:
    head = b"GET / HTTP/1.1\r\n" + line * (MOST_LINES - 2) + b"\r\n"
    assert HeadFinder("up").find(bytearray(head)) == len(head)
    longer = head[:-2] + line + b"\r\n"
    assert HeadFinder("up").find(bytearray(longer)) == "expected a head of at most 1,000 lines; more came"
    assert HeadFinder("up").find(bytearray(b"\r\n" * (MOST_LINES + 1))) is not None


def test_a_chunked_body_is_taken_apart_to_its_trailers() -> None:
    shown, why = parted(b"4\r\nWiki\r\n00A;a=b\r\n0123456789\r\n0\r\nDate: now\r\nodd\r\n\r\n")
    assert why is None
    assert shown == [
        ("chunk size", b"4"),
        ("end of the size line", b"\r\n"),
        ("data", b"Wiki"),
        ("end of the chunk", b"\r\n"),
        ("chunk size", b"00A"),
        ("chunk extension", b";a=b"),
        ("end of the size line", b"\r\n"),
        ("data", b"0123456789"),
        ("end of the chunk", b"\r\n"),
        ("last chunk", b"0"),
        ("end of the size line", b"\r\n"),
        ("Date", b"Date: now\r\n"),
        ("malformed line", b"odd\r\n"),
        ("end of the trailers", b"\r\n"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x\r\n", "expected a chunk's size; this came: 'x\\r\\n'"),
        (b"1\n", "expected a chunk's size; this came: '1\\n'"),
        (b"f" * 16 + b"\r\n", "expected a chunk's size; this came: 'ffffffffffffffff\\r\\n'"),
        (b"1\r\naX", "expected the end of a chunk's data; this came: 'X'"),
        (b"1\r\na\r\r", "expected the end of a chunk's data; this came: '\\r\\r'"),
        (b"0\r\n\n", "expected a chunk's trailer; this came: '\\n'"),
        (b"1;" + b"a" * LONGEST_LINE, "expected a chunk's size; a line of more than 4,096 bytes came"),
    ],
)
def test_what_is_no_chunk_is_refused(data: bytes, why: str) -> None:
    assert parted(data)[1] == why


@pytest.mark.parametrize(
    ("lines", "status", "method", "length"),
    [
        (b"", 0, "POST", 0),
        (b"", 200, "GET", None),
        (b"Content-Length: 5\r\n", 200, "GET", 5),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 200, "GET", 5),
        (b"Content-Length: 5\r\n", 200, "HEAD", 0),
        (b"Transfer-Encoding: chunked\r\n", 304, "GET", 0),
        (b"Content-Length: 5\r\n", 204, "GET", 0),
        (b"Content-Length: 5\r\n", 101, "GET", 0),
        (b"Transfer-Encoding: gzip\r\n", 200, "GET", None),
    ],
)
def test_a_body_has_the_length_that_its_head_says(lines: bytes, status: int, method: str, length: int | None) -> None:
    body = body_of(head_with(lines, status), method)
    assert isinstance(body, Sized)
    piece = body.take(bytearray(9), 7)
    expected = 7 if length is None else length
    assert (0 if piece is None or isinstance(piece, str) else len(piece.data)) == expected
    assert body.ended is (length is not None)
    assert body.ends_with_connection is (length is None)


def head_with(lines: bytes, status: int) -> Head:
    start = b"HTTP/1.1 %d x\r\n" % status if status else b"POST / HTTP/1.1\r\n"
    return read_head(start + lines + b"\r\n")


def test_chunked_wins_over_a_length() -> None:
    assert isinstance(body_of(head_with(b"Content-Length: 5\r\nTransfer-Encoding: CHUNKED\r\n", 200), "GET"), Chunked)


@pytest.mark.parametrize(
    ("lines", "status", "why"),
    [
        (b"Transfer-Encoding: gzip\r\n", 0, "expected a Transfer-Encoding that ends with chunked"),
        (b"Content-Length: +5\r\n", 200, "expected one Content-Length in digits; this came: '+5'"),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", 0, "expected one Content-Length in digits; this came: '5, 6'"),
        (b"Content-Length: 1000000000000000\r\n", 0, "expected one Content-Length in digits"),
    ],
)
def test_a_body_whose_length_is_not_known_is_not_guessed(lines: bytes, status: int, why: str) -> None:
    body = body_of(head_with(lines, status), "GET")
    assert isinstance(body, str)
    assert body.startswith(why)


def test_coding_is_put_in_where_it_stood() -> None:
    def field(length: int, value: str = "") -> Field:
        return Field(NOT_READ, length, Account.PAYLOAD, value)

    code = Field(CUT_OFF, 2, Account.FRAMING)
    merged = interleaved([field(3, "a"), field(4, "b")], [(0, code), (2, code), (2, code), (3, code), (7, code)])
    rest = "goes on behind the end of a chunk"
    assert merged == (code, field(2, "a"), code, code, field(1, rest), code, field(4, "b"), code)
