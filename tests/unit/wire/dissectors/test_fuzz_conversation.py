"""Whatever crosses a connection, however it is cut: nothing raised, every byte in one field, the same units."""

import random
from collections.abc import Iterator
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.fields import Direction, Unit
from tests.unit.wire.dissectors.conversations import ALL, Turns, units_of

MOST_WAITING = 65_536
DIRECTIONS: tuple[Direction, Direction] = ("up", "down")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Checked:
    """A conversation of which it is checked at every moment that all bytes are accounted for."""

    def __init__(self) -> None:
        self._conversation = Conversation()
        self.units: list[Unit] = []
        self._fed = {"up": 0, "down": 0}
        self._shown = {"up": 0, "down": 0}

    def feed(self, direction: Direction, data: bytes) -> None:
        self._fed[direction] += len(data)
        self._take(self._conversation.feed(direction, data))

    def skip(self, direction: Direction, count: int) -> None:
        self._fed[direction] += count
        self._take(self._conversation.skip(direction, count))

    def end(self) -> list[Unit]:
        for direction in DIRECTIONS:
            self._take(self._conversation.end(direction))
        assert self._conversation.waiting("up") == self._conversation.waiting("down") == 0
        numbers = sorted(unit.number for unit in self.units)
        assert numbers == list(range(1, len(numbers) + 1))
        return self.units

    def _take(self, units: list[Unit]) -> None:
        for unit in units:
            assert unit.offset == self._shown[unit.direction]
            assert unit.fields
            assert all(field.length > 0 for field in unit.fields)
            self._shown[unit.direction] += unit.size
        self.units += units
        for direction in DIRECTIONS:
            waiting = self._conversation.waiting(direction)
            assert self._shown[direction] + waiting == self._fed[direction]
            assert waiting <= MOST_WAITING


def read(turns: Turns) -> list[Unit]:
    checked = Checked()
    for direction, data in turns:
        checked.feed(direction, data)
    return checked.end()


def in_bytes(turns: Turns) -> Iterator[tuple[Direction, bytes]]:
    for direction, data in turns:
        yield from ((direction, data[place : place + 1]) for place in range(len(data)))


def in_pieces(turns: Turns, places: list[int]) -> Turns:
    """Return the turns cut at these places, each counted within its turn."""
    pieces: Turns = []
    for direction, data in turns:
        ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
        pieces += [(direction, data[start:end]) for start, end in pairwise(ends)]
    return pieces


def mutated(turns: Turns, changes: list[tuple[int, int, bytes]]) -> Turns:
    """Return the turns with bytes replaced: (where, how many, by what)."""
    changed = list(turns)
    for place, size, data in changes:
        turn = place % len(changed)
        direction, old = changed[turn]
        at = (place // len(changed)) % (len(old) + 1)
        changed[turn] = direction, old[:at] + data + old[at + size :]
    return changed


@pytest.mark.parametrize("turns", ALL.values(), ids=ALL)
def test_byte_for_byte_they_are_the_same_units(turns: Turns) -> None:
    assert read(list(in_bytes(turns))) == read(turns) == units_of(turns)


@pytest.mark.parametrize("turns", ALL.values(), ids=ALL)
def test_what_is_understood_has_no_unknown_byte(turns: Turns) -> None:
    assert all(unit.whole and "unknown" not in unit.accounts() for unit in read(turns))


places = st.lists(st.integers(0, 1_000), max_size=4)
changes = st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4)
some_turns = st.sampled_from(list(ALL.values()))
garbage = st.lists(st.tuples(st.sampled_from(DIRECTIONS), st.binary(max_size=200)), max_size=6)


def check_splits(turns: Turns, where: list[int]) -> None:
    assert read(in_pieces(turns, where)) == read(turns)


def check_mutation(turns: Turns, what: list[tuple[int, int, bytes]], where: list[int]) -> None:
    read(in_pieces(mutated(turns, what), where))


def check_garbage(turns: Turns, behind: Turns, kept: int, lost: int) -> None:
    """Feed the beginning of a conversation, then anything; then a gap, and anything again."""
    checked = Checked()
    for direction, data in turns[: kept % (len(turns) + 1)] + behind:
        checked.feed(direction, data)
    checked.skip("down" if lost % 2 else "up", lost)
    for direction, data in behind:
        checked.feed(direction, data)
    checked.end()


@QUICK
@given(some_turns, places)
def test_any_split_gives_the_same_units(turns: Turns, where: list[int]) -> None:
    check_splits(turns, where)


@QUICK
@given(some_turns, changes, places)
def test_no_byte_is_lost_of_what_is_damaged(turns: Turns, what: list[tuple[int, int, bytes]], where: list[int]) -> None:
    check_mutation(turns, what, where)


@QUICK
@given(some_turns, garbage, st.integers(0, 20), st.integers(0, 5))
def test_no_byte_is_lost_of_anything(turns: Turns, behind: Turns, kept: int, lost: int) -> None:
    check_garbage(turns, behind, kept, lost)


def truncated(turns: Turns, step: int) -> Iterator[Turns]:
    """Return the conversation ended at every so many bytes."""
    for turn, (direction, data) in enumerate(turns):
        for end in range(0, len(data), step):
            yield [*turns[:turn], (direction, data[:end])]


@pytest.mark.parametrize("turns", ALL.values(), ids=ALL)
def test_it_may_end_anywhere(turns: Turns) -> None:
    for cut in truncated(turns, step=41):
        read(cut)


@pytest.mark.long
@pytest.mark.parametrize("turns", ALL.values(), ids=ALL)
def test_it_may_end_at_any_byte(turns: Turns) -> None:
    for cut in truncated(turns, step=1):
        read(cut)


@pytest.mark.long
@LONG
@given(some_turns, places)
def test_any_split_of_many_gives_the_same_units(turns: Turns, where: list[int]) -> None:
    check_splits(turns, where)


@pytest.mark.long
@LONG
@given(some_turns, changes, places)
def test_no_byte_is_lost_of_all_that_is_damaged(
    turns: Turns, what: list[tuple[int, int, bytes]], where: list[int]
) -> None:
    check_mutation(turns, what, where)


@pytest.mark.long
@LONG
@given(some_turns, garbage, st.integers(0, 20), st.integers(0, 5))
def test_no_byte_is_lost_of_anything_at_all(turns: Turns, behind: Turns, kept: int, lost: int) -> None:
    check_garbage(turns, behind, kept, lost)


GET = b"GET /api/rooms/lobby/%s HTTP/1.1\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\n%s\r\n"
JSON = OK % (b"application/json", b"content-length: 100000000\r\n")
WORST: dict[str, tuple[bytes, bytes, bytes]] = {
    # what is asked, how the answer begins, and what comes then without an end
    "empty lines": (b"", b"", b"\r\n"),
    "letters for a status line": (b"", b"HTTP/1.1 200 ", b"a"),
    "headers": (b"", b"HTTP/1.1 200 OK\r\n", b"a:\r\n"),
    "a long header": (b"", b"HTTP/1.1 200 OK\r\n", b":"),
    "folded lines": (b"", b"HTTP/1.1 200 OK\r\nA: b\r\n", b" c\r\n"),
    "a long size line": (GET % b"sse", OK % (b"text/event-stream", b"transfer-encoding: chunked\r\n"), b"0"),
    "small chunks": (GET % b"sse", OK % (b"text/event-stream", b"transfer-encoding: chunked\r\n"), b"1\r\n:\r\n"),
    "trailers": (GET % b"sse", OK % (b"text/event-stream", b"transfer-encoding: chunked\r\n") + b"0\r\n", b"a:b\r\n"),
    "carriage returns": (GET % b"sse", OK % (b"text/event-stream", b""), b"\r"),
    "a long block": (GET % b"sse", OK % (b"text/event-stream", b""), b":"),
    "short lines": (GET % b"sse", OK % (b"text/event-stream", b""), b"a\r"),
    "data lines": (GET % b"sse", OK % (b"text/event-stream", b""), b"data\n"),
    "brackets": (GET % b"long-poll", JSON + b'{"messages":[', b"{"),
    "quotes": (GET % b"long-poll", JSON + b'{"messages":[', b'"'),
    "backslashes": (GET % b"long-poll", JSON + b'{"messages":["', b"\\"),
    "separators": (b"GET /socket.io/ HTTP/1.1\r\n\r\n", JSON, b"\x1e"),
    "not HTTP": (b"", b"", b"\x16"),
}


def seconds_for(case: tuple[bytes, bytes, bytes], size: int) -> float:
    """Return the processor's time for so many bytes, one by one."""
    asked, begun, worst = case
    conversation = Conversation()
    conversation.feed("up", asked)
    conversation.feed("down", begun)
    began = process_time()
    for place in range(size):
        conversation.feed("down", worst[place % len(worst) : place % len(worst) + 1])
    conversation.end("down")
    return process_time() - began


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", WORST.values(), ids=WORST)
def test_time_is_linear(case: tuple[bytes, bytes, bytes]) -> None:
    """A megabyte takes seconds; were it quadratic, it would take an hour."""
    assert seconds_for(case, 1_048_576) < 60


@pytest.mark.long
@pytest.mark.parametrize("case", WORST.values(), ids=WORST)
def test_the_worst_that_comes_waits_within_bounds(case: tuple[bytes, bytes, bytes]) -> None:
    asked, begun, worst = case
    length = 140_000
    read([("up", asked), ("down", begun), ("down", (worst * (length // len(worst)))), ("down", worst)])


def test_long_streams_are_cut_at_the_same_places_however_they_come() -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (size, b"d" * size) for size in (70_000, 3, 64_000))
    head = OK % (b"text/event-stream", b"transfer-encoding: chunked\r\n")
    turns: Turns = [("up", GET % b"sse"), ("down", head + chunks + b"4\r\n\n\n:a\r\n2\r\n\n\n\r\n0\r\n\r\n")]
    steps = random.Random(1)
    pieces = in_pieces(turns, [steps.randrange(140_000) for _ in range(200)])
    assert [unit[2:] for unit in read(pieces)] == [unit[2:] for unit in read(turns)]
    assert [unit.label for unit in read(turns)][-3:] == ["end of a long block", "heartbeat", "end of the stream"]
