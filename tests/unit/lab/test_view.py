"""What crossed, taken apart a little at a time: sums that add up whatever the ring had to drop, and bounded memory."""

import pytest

from pushdemo.lab import view as view_module
from pushdemo.lab.capture import MOST_BYTES, Capture
from pushdemo.lab.view import STEP_BYTES, UNITS_KEPT, View

CLIENT, RELAY = ("127.0.0.1", 50_000), ("127.0.0.1", 8001)
GET = b"GET / HTTP/1.1\r\n\r\n"
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Told:
    """A capture that a test tells of connections, and the view of it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.capture = Capture((0.0, 1_000_000.0), most_bytes=most_bytes)
        self.view = View(self.capture.wall_ms)
        self._seen = 0

    def connect(self, number: int, *sent: bytes, at: float = 1.0) -> None:
        self.capture.opened(number, CLIENT, RELAY, at)
        for data in sent:
            self.capture.passed(number, True, data, at, at)

    def look(self) -> int:
        """Take apart what is there, and return in how many steps."""
        steps = sum(1 for _ in self.view.take(self.capture, self._seen))
        self._seen = self.capture.seen
        return steps

    @property
    def accounted(self) -> int:
        """All bytes to the server, as the accounts and what is under way add up to."""
        by_account = sum(sum(each.bytes["up"].values()) for each in self.view.techniques.values())
        return by_account + sum(each.conversation.waiting("up") for each in self.view.connections.values())


def test_what_is_long_is_taken_apart_in_many_steps() -> None:
    told = Told()
    told.connect(1, bytes(10 * STEP_BYTES))
    assert told.look() >= 10
    assert told.accounted == told.capture.bytes_up


def test_what_comes_in_the_middle_of_the_steps_waits_for_the_next_look() -> None:
    told = Told()
    told.connect(1, GET, GET)
    steps = told.view.take(told.capture, 0)
    next(steps)
    seen = told.capture.seen
    told.capture.passed(1, True, GET, 2.0, 2.0)
    assert sum(1 for _ in steps) == 2  # it begins with the opening
    assert told.view.units_so_far == 2
    assert sum(1 for _ in told.view.take(told.capture, seen)) == 1
    assert told.view.units_so_far == 3


def test_bytes_that_were_dropped_before_they_could_be_seen_are_unknown() -> None:
    told = Told(most_bytes=100)
    told.connect(1, GET)
    told.look()
    told.capture.passed(1, True, bytes(90), 2.0, 2.0)
    told.capture.passed(1, True, bytes(90), 2.0, 2.0)
    told.look()
    assert told.accounted == told.capture.bytes_up == len(GET) + 180
    assert [unit.unit.label for unit in told.view.units][1:] == ["lost to view", "not understood"]


def test_so_are_those_of_connections_that_came_or_went_and_of_which_nothing_is_kept() -> None:
    told = Told(most_bytes=100)
    told.connect(1, b"GET / HT")
    told.look()
    told.capture.passed(1, True, bytes(50), 2.0, 2.0)
    told.capture.closed(1, 3.0)
    told.connect(2, bytes(90), at=4.0)
    told.capture.closed(2, 5.0)
    told.connect(3, bytes(95), at=6.0)
    told.look()
    assert told.accounted == told.capture.bytes_up == 8 + 50 + 90 + 95
    assert told.view.connections[1].closed_at == 1_005_000.0  # no later than that; it is not known any more
    told.look()
    assert told.accounted == told.capture.bytes_up


def test_a_piece_that_is_larger_than_all_the_room_is_unknown_too() -> None:
    told = Told(most_bytes=100)
    told.connect(1, GET)
    told.look()
    told.capture.closed(1, 2.0)
    told.connect(2, bytes(1_000), at=7.0)
    told.capture.closed(2, 7.0)
    told.connect(3, bytes(101), at=8.0)
    told.look()
    assert told.accounted == told.capture.bytes_up
    assert told.view.connections[1].closed_at == 1_008_000.0


@pytest.mark.parametrize("kept_bytes", [1 << 40, 30_000])
def test_units_are_kept_as_long_as_there_is_room(kept_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_module, "UNITS_KEPT", 100)
    monkeypatch.setattr(view_module, "KEPT_BYTES", kept_bytes)
    told = Told()
    told.connect(1)
    for _ in range(150):
        told.capture.passed(1, True, GET, 1.0, 1.0)
        told.capture.passed(1, False, ANSWER, 1.0, 1.0)
    told.look()
    units, missed = told.view.units_since(0)
    assert told.view.units_so_far == missed + len(units) == 300
    assert 50 < len(units) < 100 if kept_bytes == 30_000 else len(units) == 100
    assert units[-1].unit.number == 300


def test_of_a_closed_connection_only_its_sums_are_kept() -> None:
    told = Told()
    told.connect(1, GET, GET, GET[:5])
    told.look()
    while_open = told.view.connections[1].conversation
    told.capture.closed(1, 2.0)
    told.look()
    assert told.view.connections[1].conversation is not while_open
    assert told.view.connections[1].told()["waiting"] == {"up": 0, "down": 0}
    assert told.accounted == told.capture.bytes_up


def test_one_unit_is_kept_however_large_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_module, "KEPT_BYTES", 1)
    told = Told()
    told.connect(1, GET, GET)
    told.look()
    assert [crossed.unit.number for crossed in told.view.units] == [2]


def test_there_is_room_for_all_units_of_a_browsers_polls() -> None:
    headers = b"".join(b"X-Header-%d: some value that a browser sends\r\n" % number for number in range(15))
    told = Told()
    told.connect(1)
    for _ in range(50):
        told.capture.passed(1, True, GET[:-2] + headers + b"\r\n", 1.0, 1.0)
        told.capture.passed(1, False, ANSWER, 1.0, 1.0)
    told.look()
    assert told.view._kept_bytes / 100 * UNITS_KEPT < view_module.KEPT_BYTES / 2
