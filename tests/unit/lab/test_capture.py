"""What the capture keeps, what it lets go first, and what stays known of that."""

import pytest

from pushdemo.lab.capture import MOST_TOLD, Capture, Captured, Kept, Record
from pushdemo.lab.connection import Watcher

CLIENT = ("127.0.0.1", 50_001)
RELAY = ("127.0.0.1", 8_001)
MS_1970 = 1_763_791_234_567.0


def capture(most_bytes: int = 1_000, most_records: int = 100) -> Capture:
    """A capture of a relay whose clock said 100 s at `MS_1970`."""
    return Capture((100.0, MS_1970), most_bytes=most_bytes, most_records=most_records)


def opened(most_bytes: int = 1_000, most_records: int = 100) -> Capture:
    """The same, and connection 1 is open."""
    some = capture(most_bytes, most_records)
    watcher: Watcher = some
    watcher.opened(1, CLIENT, RELAY, 101.0)
    return some


def up(some: Capture, data: bytes, at: float = 102.0) -> None:
    some.passed(1, True, data, at, at)


def test_it_keeps_all_that_is_told_in_its_order() -> None:
    some = opened()
    some.passed(1, True, b"ask", 101.5, 102.0)
    some.told(1, "held back: 6 bytes", 102.5)
    some.passed(1, False, b"answer", 102.25, 103.0)
    some.ended(1, True, 104.0)
    some.ended(1, False, 105.0)
    some.reset(1, 106.0)
    some.closed(1, 107.0)
    assert some.since(0).records == [
        Record(1, "opened", False, 101.0, 101.0, b""),
        Record(1, "data", True, 101.5, 102.0, b"ask"),
        Record(1, "told", False, 102.5, 102.5, b"held back: 6 bytes"),
        Record(1, "data", False, 102.25, 103.0, b"answer"),
        Record(1, "ended", True, 104.0, 104.0, b""),
        Record(1, "ended", False, 105.0, 105.0, b""),
        Record(1, "reset", False, 106.0, 106.0, b""),
        Record(1, "closed", False, 107.0, 107.0, b""),
    ]


def test_a_connection_says_who_when_and_how_much() -> None:
    some = opened()
    up(some, b"ask")
    some.passed(1, False, b"answer", 102.5, 103.0)
    one = some.connections[1]
    assert (one.number, one.client, one.relay, one.opened_at, one.closed_at) == (1, CLIENT, RELAY, 101.0, None)
    assert (one.bytes_up, one.bytes_down, one.kept) == (3, 6, Kept(up=0, down=0, opening=True))
    some.closed(1, 107.0)
    assert one.closed_at == 107.0


def test_when_the_bytes_are_too_many_the_oldest_go_first() -> None:
    some = opened(most_bytes=10)
    for data in (b"1234", b"56", b"7890"):
        up(some, data)
    assert some.connections[1].kept == Kept(0, 0, True), "exactly full is not too full"
    up(some, b"a")
    assert [record.data for record in some.since(0).records] == [b"56", b"7890", b"a"]
    assert some.connections[1].kept == Kept(up=4, down=0, opening=False)


def test_when_the_records_are_too_many_the_oldest_go_first() -> None:
    some = opened(most_records=2)
    up(some, b"1234")
    some.passed(1, False, b"a", 103.0, 103.0)
    some.passed(1, False, b"bc", 103.0, 103.0)
    assert [record.data for record in some.since(0).records] == [b"a", b"bc"]
    assert some.connections[1].kept == Kept(up=4, down=0, opening=False)


def test_a_piece_larger_than_all_the_room_goes_as_it_comes_and_all_before_it() -> None:
    some = opened(most_bytes=4)
    up(some, b"12")
    up(some, b"34567")
    up(some, b"89")
    assert [record.data for record in some.since(0).records] == [b"89"]
    assert some.connections[1].kept.up == 7


def test_a_remark_takes_room_and_is_cut_where_it_is_long() -> None:
    some = opened(most_bytes=MOST_TOLD)
    up(some, b"1")
    some.told(1, "x" * (MOST_TOLD + 5), 103.0)
    assert [record.data for record in some.since(0).records] == [b"x" * MOST_TOLD]


def test_totals_do_not_shrink() -> None:
    some = opened(most_bytes=2)
    up(some, b"12")
    up(some, b"34")
    some.passed(1, False, b"567", 103.0, 103.0)
    assert (some.connections[1].bytes_up, some.connections[1].bytes_down) == (4, 3)
    assert (some.opened_in_all, some.bytes_up, some.bytes_down, some.seen) == (1, 4, 3, 4)


def test_a_closed_connection_without_records_is_forgotten_but_for_the_totals() -> None:
    some = opened(most_records=2)
    up(some, b"12")
    some.closed(1, 103.0)
    some.opened(2, CLIENT, RELAY, 104.0)
    assert set(some.connections) == {1, 2}, "the record of its end is kept"
    some.passed(2, True, b"345", 105.0, 105.0)
    assert set(some.connections) == {2}
    assert (some.opened_in_all, some.bytes_up, some.bytes_down) == (2, 5, 0)
    assert some.data(1, True, 0, 2) is None


def test_an_open_connection_without_records_stays_known() -> None:
    some = opened(most_records=1)
    some.opened(2, CLIENT, RELAY, 104.0)
    assert isinstance(some.connections[1], Captured)
    assert some.connections[1].kept == Kept(0, 0, opening=False)
    up(some, b"12")
    assert some.data(1, True, 0, 2) == b"12"


def test_what_is_told_of_a_forgotten_connection_is_not_kept() -> None:
    some = opened(most_records=1)
    some.closed(1, 103.0)
    some.opened(2, CLIENT, RELAY, 104.0)
    some.told(1, "too late", 105.0)
    some.closed(1, 105.0)
    assert [record.what for record in some.since(0).records] == ["opened"]
    assert set(some.connections) == {2}


@pytest.mark.parametrize(
    ("offset", "size", "data"),
    [
        (0, 10, b"0123456789"),
        (0, 4, b"0123"),
        (4, 2, b"45"),
        (1, 2, b"12"),
        (3, 2, b"34"),
        (3, 5, b"34567"),
        (9, 1, b"9"),
        (5, 0, b""),
        (10, 0, b""),
        (9, 2, None),
        (10, 1, None),
    ],
)
def test_a_range_of_bytes_is_found_over_the_pieces_it_came_in(offset: int, size: int, data: bytes | None) -> None:
    some = opened()
    for piece in (b"0123", b"45", b"6789"):
        up(some, piece)
        some.passed(1, False, b"other way", 102.0, 102.0)
    assert some.data(1, True, offset, size) == data


def test_a_range_of_which_a_byte_is_gone_is_not_returned() -> None:
    some = opened(most_bytes=6)
    for piece in (b"0123", b"45", b"6789"):
        up(some, piece)
    assert some.data(1, True, 4, 6) == b"456789"
    assert some.data(1, True, 3, 2) is None


def test_a_connection_that_never_was_has_no_bytes_and_no_times() -> None:
    assert capture().data(7, True, 0, 1) is None
    assert capture().times(7, True, 0) is None


def test_the_times_of_a_byte_are_those_of_its_piece_and_none_once_it_is_gone() -> None:
    some = opened(most_bytes=3)
    some.passed(1, False, b"01", 102.0, 102.5)
    some.passed(1, False, b"2", 103.0, 103.5)
    assert [some.times(1, False, offset) for offset in range(4)] == [
        (102.0, 102.5), (102.0, 102.5), (103.0, 103.5), None,
    ]  # fmt: skip
    some.passed(1, False, b"3", 104.0, 104.5)
    assert [some.times(1, False, offset) for offset in range(4)] == [
        None, None, (103.0, 103.5), (104.0, 104.5),
    ]  # fmt: skip


def test_many_pieces_are_found_while_the_oldest_of_them_go() -> None:
    some = opened(most_records=50)
    for number in range(1_000):
        up(some, f"{number:04}".encode(), at=200.0 + number)
        first = some.connections[1].kept.up
        assert first == 4 * max(number - 49, 0)
        assert some.data(1, True, first + 1, 3) == f"{first // 4:04}".encode()[1:]
        assert some.times(1, True, 4 * number) == (200.0 + number, 200.0 + number)
    assert some.data(1, True, 3_800, 200) == b"".join(b"%04d" % number for number in range(950, 1_000))


def test_a_reader_goes_on_where_it_was() -> None:
    some = opened()
    up(some, b"one")
    news = some.since(0)
    assert ([record.what for record in news.records], news.missed) == (["opened", "data"], 0)
    assert some.since(news.seen) == ([], 0, news.seen)
    up(some, b"two")
    assert [record.data for record in some.since(news.seen).records] == [b"two"]


def test_a_reader_that_is_too_slow_learns_how_much_it_missed_and_where_the_rest_begins() -> None:
    some = opened(most_records=2)
    seen = some.since(0).seen
    for piece in (b"one", b"three", b"seven", b"nine"):
        up(some, piece)
    news = some.since(seen)
    assert ([record.data for record in news.records], news.missed) == ([b"seven", b"nine"], 2)
    assert some.connections[1].kept.up == 8
    assert some.since(news.seen).missed == 0


def test_moments_of_the_relays_clock_are_told_in_milliseconds_since_1970() -> None:
    assert capture().wall_ms(100.0) == MS_1970
    assert capture().wall_ms(101.25) == MS_1970 + 1_250
    assert capture().wall_ms(99.5) == MS_1970 - 500
