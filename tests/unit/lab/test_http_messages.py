"""Where HTTP/1.1 messages begin and end, however they are cut into pieces, and what is taken for a tunnel."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushdemo.lab.middleboxes import http_messages
from pushdemo.lab.middleboxes.http_messages import Body, End, Head, Messages, Part, Requests, Responses, Tunnel

GET = b"GET /feed?after=k3f9-42 HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n00\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def kinds(parts: list[Part]) -> list[tuple[str, bytes]]:
    """The parts by name, with neighbours of one kind joined."""
    joined: list[tuple[str, bytes]] = []
    for part in parts:
        name = type(part).__name__
        if joined and joined[-1][0] == name and isinstance(part, Body | Tunnel):
            joined[-1] = (name, joined[-1][1] + part.raw)
        else:
            joined.append((name, part.raw))
    return joined


def read(messages: Messages, *pieces: bytes) -> list[Part]:
    return [part for piece in pieces for part in messages.feed(piece)] + messages.end()


def answers_to(*requests: bytes) -> Responses:
    asked = Requests()
    for request in requests:
        asked.feed(request)
    return Responses(asked)


def test_a_requests_head_is_read() -> None:
    (head, end) = Requests().feed(b"GET /a?b HTTP/1.1\r\nHost: a\r\nAccept: x\r\naccept:y , Z\t\r\n\r\n")
    assert isinstance(head, Head) and isinstance(end, End)
    assert (head.method, head.target, head.status) == (b"GET", b"/a?b", 0)
    assert head.fields == ((b"Host", b"a"), (b"Accept", b"x"), (b"accept", b"y , Z"))
    assert head.value(b"accept") == b"x, y , Z"
    assert head.options(b"accept") == [b"x", b"y", b"z"]
    assert head.value(b"cookie") is None
    assert head.options(b"cookie") == []


def test_a_responses_head_is_read_and_the_request_that_it_answers_is_known() -> None:
    responses = answers_to(GET, HEAD)
    (head, *_) = responses.feed(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    assert isinstance(head, Head)
    assert (head.status, head.method) == (404, b"")
    assert responses.answered is not None and responses.answered.target == b"/feed?after=k3f9-42"
    responses.feed(OK + b"\r\n")
    assert responses.answered.method == b"HEAD"


REQUESTS = [
    (GET, [("Head", GET), ("End", b"")]),
    (POST + b"hello" + GET, [("Head", POST), ("Body", b"hello"), ("End", b""), ("Head", GET), ("End", b"")]),
    (
        b"POST / HTTP/1.1\r\n" + CHUNKED + GET,
        [
            ("Head", b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"),
            ("Body", b"5\r\nhello\r\n00\r\n\r\n"),
            ("End", b""),
            ("Head", GET),
            ("End", b""),
        ],
    ),
    (POST + b"he", [("Head", POST), ("Body", b"he")]),
    (GET + b"GET / HT", [("Head", GET), ("End", b""), ("Tunnel", b"GET / HT")]),
    (b"\x16\x03\x01 no HTTP", [("Tunnel", b"\x16\x03\x01 no HTTP")]),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + GET, [("Tunnel", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + GET)]),
    (b"CONNECT a:443 HTTP/1.1\r\n\r\n" + GET, [("Tunnel", b"CONNECT a:443 HTTP/1.1\r\n\r\n" + GET)]),
    (b"GET / HTTP/1.1\r\nA : b\r\n\r\n", [("Tunnel", b"GET / HTTP/1.1\r\nA : b\r\n\r\n")]),
    (b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", [("Tunnel", b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n")]),
    (b"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", [("Tunnel", b"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n")]),
]

RESPONSES = [
    (b"Content-Length: 2\r\n\r\nhi", [("Body", b"hi"), ("End", b"")]),
    (b"Content-Length: 0\r\n\r\n", [("End", b"")]),
    (CHUNKED, [("Body", b"5\r\nhello\r\n00\r\n\r\n"), ("End", b"")]),
    (b"\r\nuntil it closes", [("Body", b"until it closes"), ("End", b"")]),
    (b"Transfer-Encoding: gzip\r\n\r\n\x1f", [("Body", b"\x1f"), ("End", b"")]),
    (b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", [("Tunnel", b"1\r\nab\r\n")]),
]


def every_cut(data: bytes) -> list[list[bytes]]:
    """`data` in one piece, in each two pieces, and byte by byte."""
    return [[data], [bytes([byte]) for byte in data], *([data[:cut], data[cut:]] for cut in range(1, len(data)))]


@pytest.mark.parametrize(("data", "parts"), REQUESTS, ids=range(len(REQUESTS)))
def test_requests_are_told_apart_however_they_are_cut(data: bytes, parts: list[tuple[str, bytes]]) -> None:
    for pieces in every_cut(data):
        assert kinds(read(Requests(), *pieces)) == parts


@pytest.mark.parametrize(("rest", "parts"), RESPONSES, ids=range(len(RESPONSES)))
def test_the_bodies_of_responses_are_told_apart(rest: bytes, parts: list[tuple[str, bytes]]) -> None:
    head = OK + rest.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if not rest.startswith(b"\r\n") else OK + b"\r\n"
    assert kinds(read(answers_to(GET), OK + rest)) == [("Head", head), *parts]


@pytest.mark.parametrize(
    ("request_", "status_line"),
    [(HEAD, OK), (GET, b"HTTP/1.1 304 Not Modified\r\n"), (GET, b"HTTP/1.1 204 No Content\r\n")],
)
def test_some_responses_have_no_body_whatever_their_head_says(request_: bytes, status_line: bytes) -> None:
    head = status_line + b"Content-Length: 5\r\n\r\n"
    after = OK + b"Content-Length: 0\r\n\r\n"
    parts = read(answers_to(request_, GET), head + after)
    assert kinds(parts) == [("Head", head), ("End", b""), ("Head", after), ("End", b"")]


def test_an_interim_response_is_followed_by_the_one_that_answers() -> None:
    interim, final = b"HTTP/1.1 103 Early Hints\r\n\r\n", OK + b"Content-Length: 5\r\n\r\n"
    responses = answers_to(HEAD)
    assert kinds(read(responses, interim + final)) == [("Head", interim), ("End", b""), ("Head", final), ("End", b"")]


def test_after_101_both_directions_are_a_tunnel() -> None:
    requests = Requests()
    responses = Responses(requests)
    requests.feed(GET)
    parts = responses.feed(SWITCHING + OK + b"\r\n")
    assert kinds(parts) == [("Head", SWITCHING), ("End", b""), ("Tunnel", OK + b"\r\n")]
    assert kinds(requests.feed(GET)) == [("Tunnel", GET)]


def test_where_requests_are_a_tunnel_responses_are_one_when_the_present_one_has_ended() -> None:
    requests = Requests()
    responses = Responses(requests)
    requests.feed(GET)
    responses.feed(OK + b"Content-Length: 2\r\n\r\nh")
    requests.feed(b"\x00")
    assert kinds(responses.feed(b"i")) == [("Body", b"i"), ("End", b"")]
    assert kinds(responses.feed(OK)) == [("Tunnel", OK)]


@pytest.mark.parametrize("value", [b"5, 6", b"-1", b"0x5", b"9" * 19])
def test_a_length_that_is_none_makes_it_a_tunnel(value: bytes) -> None:
    data = b"POST / HTTP/1.1\r\nContent-Length: " + value + b"\r\n\r\n"
    assert kinds(read(Requests(), data)) == [("Tunnel", data)]


def test_a_length_may_be_said_twice() -> None:
    assert kinds(read(Requests(), POST.replace(b"5", b"5, 5") + b"hello"))[1:] == [("Body", b"hello"), ("End", b"")]


def test_a_head_that_is_too_long_is_passed_on_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_messages, "LONGEST_HEAD", 100)
    long = b"GET / HTTP/1.1\r\nA: " + bytes(82)
    requests = Requests()
    assert requests.feed(long[:100]) == []
    assert requests.is_under_way
    assert kinds(requests.feed(long[100:])) == [("Tunnel", long)]


def test_too_many_requests_without_an_answer_are_passed_on_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_messages, "MOST_UNANSWERED", 2)
    assert kinds(read(Requests(), 3 * GET))[-1] == ("Tunnel", GET)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([GET, POST, b"hello", OK, CHUNKED, SWITCHING, b"\r\n", b"\x00"])), st.data())
def test_whatever_comes_and_however_it_is_cut_every_byte_comes_out_in_order(
    pieces: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(pieces)
    cut = data.draw(st.integers(0, len(whole)))
    for messages in (Requests(), answers_to(GET, HEAD)):
        assert b"".join(part.raw for part in read(messages, whole[:cut], whole[cut:])) == whole
