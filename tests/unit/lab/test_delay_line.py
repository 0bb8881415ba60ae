"""What a line does, by arithmetic: seconds are numbers here, and nothing waits."""

import math
import random
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.lab.delay_line import EOF, LINE_BYTES, PIECE_BYTES, QUEUE_BYTES, UNHINDERED, Conditions, DelayLine

MEGABIT = Conditions(bandwidth_kbit=1_000)  # 125,000 bytes per second


def line(seed: object = 1, opens_at: float = 0.0) -> DelayLine:
    return DelayLine(random.Random(f"{seed}"), opens_at)


def come_out(line: DelayLine) -> list[tuple[float, bytes]]:
    """Take everything, each piece at the moment it is due."""
    pieces = []
    while (due := line.next_due) < math.inf:
        assert line.take(math.nextafter(due, -math.inf)) is None, "it came out before it was due"
        piece = line.take(due)
        assert piece is not None
        assert piece.due == due
        pieces.append((due, piece.data))
    return pieces


def test_without_conditions_bytes_come_out_when_they_came() -> None:
    empty = line()
    empty.put(b"hello", 7.0, UNHINDERED)
    assert come_out(empty) == [(7.0, b"hello")]


def test_bytes_come_out_later_by_the_delay() -> None:
    slow = line()
    slow.put(b"one", 1.0, Conditions(delay_ms=250))
    slow.put(b"two", 1.125, Conditions(delay_ms=250))
    assert come_out(slow) == [(1.25, b"one"), (1.375, b"two")]


def test_each_piece_remembers_when_it_came_however_long_it_waited() -> None:
    slow = line(opens_at=2.0)
    slow.put(bytes(2 * PIECE_BYTES), 1.0, MEGABIT)
    slow.put(EOF, 1.5, MEGABIT)
    slow.freeze(1.75, 10.0)
    pieces = [slow.take(100.0) for _ in range(3)]
    assert [piece and piece.came_at for piece in pieces] == [1.0, 1.0, 1.5]


def test_nothing_comes_out_of_an_empty_line() -> None:
    assert line().take(1_000.0) is None
    assert line().next_due == math.inf


def test_the_end_comes_out_behind_the_bytes_before_it_and_waits_as_they_do() -> None:
    for conditions in (Conditions(delay_ms=250), Conditions(delay_ms=250, bandwidth_kbit=1_000)):
        slow = line()
        slow.put(b"last", 0.0, conditions)
        slow.put(EOF, 0.0, conditions)
        (_, last), (due, end) = come_out(slow)
        assert (last, end) == (b"last", EOF)
        assert due >= 0.25


def test_a_line_that_opens_later_lets_the_first_bytes_wait_and_later_ones_not() -> None:
    late = line(opens_at=2.0)
    assert not late.free(1.0)
    late.put(b"first", 1.0, Conditions(delay_ms=500))
    late.put(b"later", 3.0, Conditions(delay_ms=500))
    assert come_out(late) == [(2.5, b"first"), (3.5, b"later")]
    assert late.free(3.0)


def test_bytes_leave_one_after_another_as_the_bandwidth_lets_them() -> None:
    narrow = line()
    narrow.put(bytes(1_250), 0.0, MEGABIT)  # takes 10 ms
    narrow.put(bytes(250), 0.004, MEGABIT)  # waits for it, and takes 2 ms
    narrow.put(bytes(125), 1.0, MEGABIT)  # finds it idle, and takes 1 ms
    assert [due for due, _ in come_out(narrow)] == pytest.approx([0.010, 0.012, 1.001])


def test_much_at_once_trickles_out_in_pieces() -> None:
    narrow = line()
    narrow.put(bytes(125_000), 0.0, MEGABIT)
    pieces = come_out(narrow)
    assert {len(piece) for _, piece in pieces[:-1]} == {PIECE_BYTES}
    assert [due for due, _ in pieces] == pytest.approx([sent / 125_000 for sent in sums(pieces)])
    assert pieces[-1][0] == pytest.approx(1.0)


def test_with_a_high_bandwidth_a_piece_is_what_passes_in_five_milliseconds() -> None:
    wide = line()
    wide.put(bytes(1_000_000), 0.0, Conditions(bandwidth_kbit=100_000))
    assert [len(piece) for _, piece in come_out(wide)] == [62_500] * 16


def test_the_delay_comes_after_the_bandwidth() -> None:
    narrow = line()
    narrow.put(bytes(1_250), 0.0, Conditions(delay_ms=50, bandwidth_kbit=1_000))
    assert [due for due, _ in come_out(narrow)] == pytest.approx([0.060])


def sums(pieces: list[tuple[float, bytes]]) -> list[int]:
    """How many bytes have come out with each piece and those before it."""
    return list(accumulate(len(piece) for _, piece in pieces))


def jittered(seed: object) -> list[float]:
    shaky = line(seed)
    for number in range(200):
        shaky.put(b"%d" % number, number / 1_000, Conditions(delay_ms=50, jitter_ms=20))
    return [due - number / 1_000 for number, (due, _) in enumerate(come_out(shaky))]


def test_jitter_is_added_to_the_delay_and_differs_from_piece_to_piece() -> None:
    waits = jittered("a")
    assert min(waits) >= 0.05
    assert max(waits) <= 0.07
    assert len({round(wait, 6) for wait in waits}) > 50


def test_the_same_seed_gives_the_same_jitter_and_another_gives_another() -> None:
    assert jittered("a") == jittered("a")
    assert jittered("a") != jittered("b")


def test_conditions_apply_to_what_comes_from_then_on_and_nothing_is_overtaken() -> None:
    changing = line()
    changing.put(b"slow", 0.0, Conditions(delay_ms=1_000))
    changing.put(b"fast, behind the slow", 0.5, UNHINDERED)
    changing.put(b"fast", 2.0, UNHINDERED)
    assert come_out(changing) == [(1.0, b"slow"), (1.0, b"fast, behind the slow"), (2.0, b"fast")]


def test_a_freeze_puts_off_what_is_under_way_and_what_comes_meanwhile() -> None:
    frozen = line()
    frozen.put(b"under way", 0.0, Conditions(delay_ms=500))
    frozen.freeze(0.25, 10.0)
    assert not frozen.free(5.0)
    frozen.put(b"meanwhile", 5.0, Conditions(delay_ms=500))
    frozen.put(b"afterwards", 11.0, Conditions(delay_ms=500))
    assert come_out(frozen) == [(10.5, b"under way"), (10.75, b"meanwhile"), (11.5, b"afterwards")]


def test_a_freeze_keeps_even_what_is_overdue() -> None:
    frozen = line()
    frozen.put(b"the receiver took nothing", 0.0, UNHINDERED)
    frozen.freeze(8.0, 1.0)
    assert come_out(frozen) == [(9.0, b"the receiver took nothing")]


def test_after_a_freeze_the_bandwidth_is_no_higher_than_before() -> None:
    frozen = line()
    frozen.put(bytes(12_600), 0.0, MEGABIT)
    before = [due for due, _ in come_out(frozen)]
    frozen = line()
    frozen.put(bytes(12_600), 0.0, MEGABIT)
    frozen.freeze(0.0, 2.0)
    assert [due - 2 for due, _ in come_out(frozen)] == pytest.approx(before)


def test_it_knows_how_much_it_holds() -> None:
    narrow = line()
    narrow.put(bytes(3_000), 0.0, MEGABIT)
    narrow.put(EOF, 0.0, MEGABIT)
    assert narrow.size_bytes == 3_000
    narrow.take(1.0)
    assert narrow.size_bytes == 3_000 - PIECE_BYTES
    narrow.drop()
    assert narrow.size_bytes == 0
    assert narrow.next_due == math.inf


@pytest.mark.parametrize(
    ("conditions", "bound"),
    [
        (UNHINDERED, LINE_BYTES),
        (Conditions(delay_ms=10_000), LINE_BYTES),
        (Conditions(bandwidth_kbit=1_000), QUEUE_BYTES),
        (Conditions(bandwidth_kbit=1_000_000, delay_ms=50), QUEUE_BYTES + 6_250_000),
        (Conditions(bandwidth_kbit=8_000, delay_ms=40, jitter_ms=60), QUEUE_BYTES + 100_000),
    ],
)
def test_a_line_may_hold_what_is_under_way_at_its_bandwidth_and_some_that_waits(
    conditions: Conditions, bound: int
) -> None:
    assert conditions.line_bytes == bound


@pytest.mark.parametrize(
    ("name", "value", "range_"),
    [
        ("delay_ms", -1, "0 to 10,000"),
        ("delay_ms", 10_001, "0 to 10,000"),
        ("delay_ms", math.nan, "0 to 10,000"),
        ("jitter_ms", math.inf, "0 to 10,000"),
        ("bandwidth_kbit", 0, "1 to 10,000,000"),
        ("bandwidth_kbit", 10_000_001, "1 to 10,000,000"),
    ],
)
def test_impossible_conditions_are_refused_with_the_reason(name: str, value: float, range_: str) -> None:
    with pytest.raises(ValueError) as error:
        Conditions(**{name: value})
    assert str(error.value) == f"{name} is from {range_}; this came: {value}"


CONDITIONS = st.builds(
    Conditions,
    delay_ms=st.integers(0, 1_000),
    jitter_ms=st.integers(0, 1_000),
    bandwidth_kbit=st.none() | st.integers(100, 100_000),
)


@given(st.lists(st.tuples(CONDITIONS, st.binary(max_size=5_000), st.floats(0, 0.1), st.sampled_from([0.0, 0.5]))))
def test_whatever_happens_all_bytes_come_out_once_in_order_and_never_too_early(
    steps: list[tuple[Conditions, bytes, float, float]],
) -> None:
    restless, now = line(), 0.0
    came: list[tuple[float, int]] = []  # the earliest moment for all bytes up to this count
    for conditions, data, pause_s, freeze_s in steps:
        now += pause_s
        restless.put(data, now, conditions)
        came.append((now + conditions.delay_s, len(data)))
        if freeze_s:
            restless.freeze(now, freeze_s)
    pieces = come_out(restless)
    assert b"".join(piece for _, piece in pieces) == b"".join(data for _, data, _, _ in steps)
    assert all(former <= latter for (former, _), (latter, _) in pairwise(pieces))
    earliest = [moment for moment, size in came for _ in range(size)]
    for (due, _), size in zip(pieces, sums(pieces), strict=True):
        assert size == 0 or due >= earliest[size - 1] - 1e-9


@given(st.lists(st.tuples(st.floats(0, 0.2), st.integers(0, 40_000)), max_size=20), st.integers(100, 50_000))
def test_never_does_more_pass_than_the_bandwidth_allows(bursts: list[tuple[float, int]], kbit: int) -> None:
    narrow, now, began = line(), 0.0, bursts[0][0] if bursts else 0.0
    for pause_s, size in bursts:
        now += pause_s
        narrow.put(bytes(size), now, Conditions(bandwidth_kbit=kbit))
    pieces = come_out(narrow)
    for (due, _), size in zip(pieces, sums(pieces), strict=True):
        assert size <= (due - began) * kbit * 125 + 1e-3


def test_bytes_that_come_one_by_one_count_for_more_than_they_are() -> None:
    line = DelayLine(random.Random(1))
    line.put(bytes(1_000), 0.0, Conditions(delay_ms=1))
    assert line.load_bytes == line.size_bytes == 1_000
    for _ in range(99):
        line.put(b"x", 0.0, Conditions(delay_ms=1))
    assert (line.size_bytes, line.load_bytes) == (1_099, 6_400)
