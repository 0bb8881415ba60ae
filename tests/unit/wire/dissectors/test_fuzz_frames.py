"""Whatever bytes come, in whatever pieces: no exception, every byte in a field, and the same frames."""

import random
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame as Written
from websockets.frames import Opcode

from pushdemo.messages import Message
from pushdemo.transports import socket_io
from pushdemo.transports.websocket import control
from pushdemo.wire.dissectors import engineio, feed_texts
from pushdemo.wire.dissectors.fields import Content, Direction, Field
from pushdemo.wire.dissectors.websocket import Deflate, Frame, FrameReader

ReadText = Callable[[bytes, Direction], Content]
MESSAGE = Message("k3f9-42", "lobby", "李", "hi", 1_763_791_234_567)
TEXTS = [
    MESSAGE.json,
    control("joined", cursor="k3f9-41").encode(),
    b'{"text":"hi","sender":"li"}',
    socket_io.message_text(MESSAGE).encode(),
    b'420["join",{"room":"lobby"}]',
    b'42/a,1[ "publish" , {"text":"\\ud800"} ]',
    b'430[{"cursor":"k3f9-41"}]',
    b'40{"sid":"x"}\x1e2\x1e6',
    b"2probe",
    b"\xff\xfe",
    b"",
    b'{"' * 100,
]
CODES = st.integers(0, 65_535).map(lambda code: code.to_bytes(2, "big") + b"bye")
SEEDS = st.integers(0, 2**32)
READERS = st.sampled_from([feed_texts.read_text, feed_texts.plain, engineio.packet, engineio.payload])
AGREED = st.sampled_from([None, Deflate(), Deflate(True, True)])


def written(opcode: int, fin: bool, reserved: int, masked: bool, text: bytes, *, deflated: bool) -> bytes:
    """Return a frame, right or wrong."""
    extensions = [PerMessageDeflate(False, False, 15, 15)] if deflated and opcode == Opcode.TEXT else []
    usual = Written(Opcode.TEXT, text, fin).serialize(mask=masked, extensions=extensions)
    first = opcode | 0x80 * fin | reserved << 4 | (usual[0] & 0x40)
    return bytes([first]) + usual[1:]


FRAMES = st.builds(
    written,
    st.sampled_from([0, 0, 1, 1, 1, 2, 3, 8, 9, 10, 11]),
    st.booleans(),
    st.sampled_from([0, 0, 0, 0, 4, 1]),
    st.booleans(),
    st.sampled_from(TEXTS) | st.binary(max_size=200) | CODES,
    deflated=st.booleans(),
)
STREAMS = st.lists(FRAMES, max_size=6).map(b"".join)


def mutated(data: bytes, seed: int) -> bytes:
    """Return `data` with some bytes changed, cut off or put in."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(changed) + 1)
        changed[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    return bytes(changed[: chance.randrange(len(changed) + 1)]) if chance.random() < 0.3 else bytes(changed)


def pieces(data: bytes, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    start = 0
    while start < len(data):
        size = chance.choice([1, 2, 10, 1_000, 100_000])
        yield data[start : start + size]
        start += size


def read(pieces: Iterable[bytes], direction: Direction, read_text: ReadText, deflate: Deflate | None) -> list[Frame]:
    """Return the frames, having checked that all bytes are in them or wait."""
    reader = FrameReader(direction, read_text, deflate)
    fed = b""
    frames: list[Frame] = []
    for piece in pieces:
        fed += piece
        frames += reader.feed(piece)
        size = sum(field.length for frame in frames for field in frame.fields)
        assert len(reader.rest) <= 65_536
        assert size + len(reader.rest) == len(fed)
        assert fed.endswith(reader.rest)
    for frame in frames:
        check(frame.fields, frame.label)
    return frames


def check(fields: Iterable[Field], label: str) -> None:
    """Check what holds of all fields: they have bytes, bits that fill them, and words that can be sent."""
    label.encode()
    for field in fields:
        assert field.length > 0
        assert not field.bits or sum(bits.width for bits in field.bits) == 8 * field.length
        field.value.encode()


def hold(data: bytes, direction: Direction, read_text: ReadText, deflate: Deflate | None, seed: int) -> None:
    """Check that a stream is read the same whole, in pieces, and changed or cut off somewhere."""
    for stream in (data, mutated(data, seed)):
        whole = read([stream], direction, read_text, deflate)
        assert read(pieces(stream, seed), direction, read_text, deflate) == whole
        if len(stream) < 1_000:
            assert read((stream[at : at + 1] for at in range(len(stream))), direction, read_text, deflate) == whole


@settings(max_examples=60)
@given(STREAMS, st.sampled_from(["up", "down"]), READERS, AGREED, SEEDS)
def test_frames_are_the_same_however_they_are_split(
    data: bytes, direction: Direction, read_text: ReadText, deflate: Deflate | None, seed: int
) -> None:
    hold(data, direction, read_text, deflate, seed)


@settings(max_examples=60)
@given(st.sampled_from(TEXTS) | st.binary(max_size=100), st.sampled_from(["up", "down"]), READERS, SEEDS)
def test_fields_of_a_text_have_its_length(text: bytes, direction: Direction, read_text: ReadText, seed: int) -> None:
    for each in (text, mutated(text, seed)):
        content = read_text(each, direction)
        check(content.fields, content.label)
        assert sum(field.length for field in content.fields) == len(each)


LONG_FRAMES = st.builds(
    written,
    st.sampled_from([0, 1, 1, 2, 3, 9]),
    st.booleans(),
    st.sampled_from([0, 0, 0, 4]),
    st.booleans(),
    st.sampled_from([65_500, 65_528, 65_532, 65_536, 65_537, 140_000]).map(lambda size: b"\xe6\x9d\x8e" * (size // 3)),
    deflated=st.booleans(),
)


@pytest.mark.long
@settings(max_examples=3_000, derandomize=False, deadline=None)
@given(STREAMS, st.sampled_from(["up", "down"]), READERS, AGREED, SEEDS)
def test_frames_are_the_same_however_they_are_split_at_length(
    data: bytes, direction: Direction, read_text: ReadText, deflate: Deflate | None, seed: int
) -> None:
    hold(data, direction, read_text, deflate, seed)


@pytest.mark.long
@settings(max_examples=60, derandomize=False, deadline=None)
@given(
    st.lists(LONG_FRAMES | FRAMES, max_size=4).map(b"".join), st.sampled_from(["up", "down"]), READERS, AGREED, SEEDS
)
def test_long_frames_are_the_same_however_they_are_split(
    data: bytes, direction: Direction, read_text: ReadText, deflate: Deflate | None, seed: int
) -> None:
    hold(data, direction, read_text, deflate, seed)
