"""Blocks of an event stream as fields, in chunks that begin and end anywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushdemo.wire.dissectors.event_stream import LONGEST_BLOCK, MOST_CODING, Block, EventStream
from pushdemo.wire.dissectors.fields import Account, by_account
from pushdemo.wire.dissectors.http1 import Chunked, Piece
from pushdemo.wire.event_stream import EventStream as WholeBlocks
from tests.unit.wire.dissectors.conversations import MESSAGE, chunk

FRAMING, PAYLOAD, HEARTBEAT = Account.FRAMING, Account.PAYLOAD, Account.HEARTBEAT


def read(*texts: bytes) -> list[Block]:
    """Return the blocks of a stream without chunks, which ends with the connection."""
    stream = EventStream()
    blocks = [block for text in texts for block in stream.feed(Piece(text), at_chunk_end=False)]
    return blocks + stream.end()


def read_chunks(data: bytes) -> list[Block]:
    """Return the blocks of a chunked body, as far as it goes."""
    stream, body, waiting, blocks = EventStream(), Chunked(), bytearray(data), list[Block]()
    while isinstance(piece := body.take(waiting, max(1, stream.room)), Piece):
        blocks += stream.feed(piece, at_chunk_end=body.at_chunk_end)
    assert piece is None
    return blocks + stream.end(len(waiting))


def shown(block: Block, data: bytes) -> list[tuple[str, bytes]]:
    parts: list[tuple[str, bytes]] = []
    place = 0
    for field in block.fields:
        parts.append((field.kind.name, data[place : place + field.length]))
        place += field.length
    assert place == len(data)
    return parts


def test_a_message_is_the_value_of_its_data_and_the_rest_is_framing() -> None:
    data = b"id: k3f9-43\ndata: " + MESSAGE + b"\n\n"
    [block] = read(data)
    assert shown(block, data) == [
        ("id", b"id: "),
        ("value", b"k3f9-43"),
        ("line end", b"\n"),
        ("data", b"data: "),
        ("message", MESSAGE),
        ("line end", b"\n"),
        ("empty line", b"\n"),
    ]
    assert (block.kind, block.label, block.messages) == ("event", "message k3f9-43", ("k3f9-43",))
    assert by_account(block.fields) == {FRAMING: len(data) - len(MESSAGE), PAYLOAD: len(MESSAGE)}


@pytest.mark.parametrize(
    ("text", "kind", "label", "account"),
    [
        (b": heartbeat\n\n", "comment", "heartbeat", HEARTBEAT),
        (b":\n:b\r\n\n", "comment", "heartbeat", HEARTBEAT),
        (b"retry: 2000\n\n", "event", "retry 2000 ms", Account.HANDSHAKE),
        (b"id: k3f9-42\n\n", "event", "cursor k3f9-42", Account.HANDSHAKE),
        (b"event: gap\ndata: x\n\n", "event", "gap", Account.HANDSHAKE),
        (b": a\nfoo: bar\n\n", "event", "an empty block", Account.HANDSHAKE),
        (b"\n", "event", "an empty block", Account.HANDSHAKE),
    ],
)
def test_what_is_no_message_has_its_own_account(text: bytes, kind: str, label: str, account: Account) -> None:
    [block] = read(text)
    assert (block.kind, block.label, block.messages) == (kind, label, ())
    assert by_account(block.fields) == {account: len(text)}


def test_after_the_first_id_nothing_is_handshake_any_more() -> None:
    blocks = read(b"retry: 1\n\nid: a-1\n\nid: a-2\n\nevent: gap\ndata: x\n\n")
    assert [list(by_account(block.fields)) for block in blocks] == [
        ["handshake"],
        ["handshake"],
        ["framing"],
        ["framing"],
    ]


def test_an_id_with_a_zero_byte_is_no_cursor() -> None:
    assert list(by_account(read(b"id: a\0\n\nretry: 1\n\n")[1].fields)) == ["handshake"]


def test_data_of_another_kind_are_payload_and_no_message() -> None:
    [block] = read(b"data\ndata:two\ndata: three\n\n")
    assert (block.label, block.messages) == ("event", ())
    assert by_account(block.fields)[PAYLOAD] == len(b"two" + b"three")


def test_a_byte_order_mark_is_passed_over_at_the_beginning_only() -> None:
    data = b"\xef\xbb\xbfdata: x\n\n"
    first, second = read(data + data)
    assert shown(first, data)[:2] == [("byte order mark", b"\xef\xbb\xbf"), ("data", b"data: ")]
    assert shown(second, data)[0] == ("unknown field", b"\xef\xbb\xbfdata: ")


def test_a_chunk_boundary_may_stand_within_a_message() -> None:
    pieces = [chunk(b": a\n\nda"), chunk(b"ta: " + MESSAGE[:9]), chunk(MESSAGE[9:] + b"\n\n")]
    comment, message = read_chunks(b"".join(pieces))
    first, rest = pieces[0].split(b"da")
    assert shown(comment, first) == [
        ("chunk size", b"7"),
        ("end of the size line", b"\r\n"),
        ("comment", b": a"),
        ("line end", b"\n"),
        ("empty line", b"\n"),
    ]
    names = [name for name, _ in shown(message, b"da" + rest + pieces[1] + pieces[2])]
    wrap = ["end of the chunk", "chunk size", "end of the size line"]
    assert names == ["data", *wrap, "data", "message", *wrap, "message", "line end", "empty line", "end of the chunk"]
    assert message.messages == ("k3f9-43",)
    assert by_account(message.fields)[PAYLOAD] == len(MESSAGE)


def test_a_chunks_coding_belongs_to_the_first_block_that_ends_in_it() -> None:
    comment, message, gap = read_chunks(chunk(b": a\n\ndata: x\n\n") + chunk(b"event: gap\nid: a-1\ndata: y\n\n"))
    assert by_account(comment.fields) == {HEARTBEAT: len(b"e\r\n: a\n\n")}
    assert by_account(message.fields) == {FRAMING: len(b"data: \n\n"), PAYLOAD: 1, HEARTBEAT: len(b"\r\n")}
    assert list(by_account(gap.fields)) == ["handshake"]


def test_a_block_waits_for_the_end_of_its_chunk_and_no_longer() -> None:
    stream = EventStream()
    assert stream.feed(Piece(b"data: x\n\n"), at_chunk_end=True) == []
    [block] = stream.feed(Piece(fields=read_chunks(chunk(b"\n"))[0].fields[-1:], mark="end"), at_chunk_end=False)
    assert block.label == "event"
    assert stream.end() == []


def test_the_last_chunk_is_the_end_of_the_stream_and_a_block_before_it_stays_open() -> None:
    data = chunk(b"data: x\n") + b"0\r\nExpires: 0\r\n\r\n"
    cut, end = read_chunks(data)
    assert (cut.kind, cut.label, cut.whole) == ("event", "a block that does not end", False)
    assert (end.kind, end.label, end.whole) == ("body", "end of the stream", True)
    assert list(by_account((*cut.fields, *end.fields))) == ["framing"]


def test_what_waits_at_the_end_is_framing() -> None:
    [block] = read_chunks(b"9\r\n: a\ndata\r")
    assert not block.whole
    assert [field.kind.name for field in block.fields][-2:] == ["data", "line end"]
    [cut] = read_chunks(b"f;x")
    assert [field.kind.name for field in cut.fields] == ["cut off"]


def test_a_long_block_is_shown_in_parts_until_its_empty_line() -> None:
    text = b"data: " + b"x" * (LONGEST_BLOCK - 7) + b"\n"
    part, end, message = read(text, b"\n", b"data: x\n\n")
    assert [field.kind.name for field in (*part.fields, *end.fields)] == ["part of a long block"] * 2
    assert (part.label, end.label, message.label) == ("part of a long block", "end of a long block", "event")


@pytest.mark.parametrize(("line_end", "tail"), [(b"\r", b"\n\r\n"), (b"\r\n", b"\r\n"), (b"x\r", b"\r:")])
def test_a_long_block_may_be_cut_between_cr_and_lf(line_end: bytes, tail: bytes) -> None:
    text = b":" * (LONGEST_BLOCK - len(line_end)) + line_end
    labels = [block.label for block in read(text, tail + b"data: x\n\n")]
    assert labels[:2] == ["part of a long block", "end of a long block"]
    assert len(labels) == 3


def test_a_block_in_more_chunks_than_anybody_sends_is_long_too() -> None:
    data = b"data: " + b"x" * 1_000 + b"\n\ndata: y\n\n"
    blocks = read_chunks(b"".join(chunk(bytes([each])) for each in data))
    assert [block.label for block in blocks][0 :: len(blocks) - 1] == ["part of a long block", "event"]
    assert max(len(block.fields) for block in blocks) < 2 * MOST_CODING
    assert sum(field.length for block in blocks for field in block.fields) == 6 * len(data)


streams = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b":", b"a", b"data: ", b"id", b"\n\n"]))


@settings(max_examples=60, deadline=None)
@given(streams, st.integers(1, 9))
def test_blocks_are_those_that_the_benchmark_counts(parts: list[bytes], size: int) -> None:
    text = b"".join(parts)
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    whole = WholeBlocks()
    expected = [(block.size, block.is_comment) for piece in pieces for block in whole.feed(piece)]
    blocks = [(sum(field.length for field in block.fields), block) for block in read(*pieces)]
    assert [(length, block.kind == "comment") for length, block in blocks if block.whole] == expected
    assert sum(length for length, block in blocks if not block.whole) == whole.rest
