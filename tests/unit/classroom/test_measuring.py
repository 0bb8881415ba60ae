"""What the projector is told of the phones' reports, of the groups' ports, and of the server."""

from typing import Any

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.load import ServerLoad
from pushdemo.classroom.measuring import MOST_PAGES, MOST_PHONES, Measuring, Pages
from pushdemo.classroom.reports import parse_report
from pushdemo.classroom.seats import Seat
from pushdemo.feed import TECHNIQUES, Feed
from tests.support.fake_clock import FakeClock
from tests.unit.classroom.phones import crossed, join, measure, report
from tests.unit.samples import publish


def figures(classroom: Classroom, technique: str) -> Any:
    return classroom.told_projector()["figures"][technique]


async def test_before_anything_is_measured_nothing_is_said_to_be_0(classroom: Classroom) -> None:
    told = classroom.told_projector()
    assert list(told["figures"]) == list(TECHNIQUES)
    assert list(told["by_group"]) == list("ABCDE")
    nothing = told["figures"]["sse"]
    assert (nothing["people"], nothing["counted"], nothing["samples"], nothing["received"]) == (0, 0, 0, 0)
    for unknown in ("median", "p95", "max", "mean", "clock_error_ms", "requests", "empty", "bytes"):
        assert nothing[unknown] is None


async def test_delays_are_of_the_technique_that_the_phone_ran_and_of_its_group(classroom: Classroom) -> None:
    seats = join(classroom, *"abcdef")
    measure(classroom, seats[0], 900, 1_100)
    measure(classroom, seats[5], 1_000)
    measure(classroom, seats[2], 5, 7, 6)
    told = classroom.told_projector()
    assert (told["figures"]["short-poll"]["samples"], told["figures"]["short-poll"]["median"]) == (3, 1_000)
    assert (told["figures"]["sse"]["median"], told["figures"]["sse"]["max"]) == (6, 7)
    assert told["figures"]["websocket"]["samples"] == 0
    assert (told["by_group"]["A"]["samples"], told["by_group"]["C"]["mean"]) == (3, 6)
    assert sum(told["figures"]["sse"]["histogram"]["counts"]) == 3


async def test_who_measures_is_counted_and_who_is_hidden_is_left_out(classroom: Classroom) -> None:
    await classroom.divide(1)
    a, b, c = join(classroom, *"abc")
    measure(classroom, a, 5, clock={"offset_ms": 3, "error_ms": 0.5})
    measure(classroom, b, 70, 80, hidden=True, left_out=1, clock={"offset_ms": 3, "error_ms": 2})
    told = classroom.told_projector()["by_group"]["A"]
    assert (told["people"], told["counted"], told["hidden"]) == (3, 1, 1)
    assert (told["samples"], told["left_out"], told["clock_error_ms"]) == (1, 3, 2)
    measure(classroom, c, 6)
    assert classroom.told_projector()["by_group"]["A"]["counted"] == 2


async def test_counts_add_up_over_phones_and_reports(classroom: Classroom) -> None:
    await classroom.divide(1)
    a, b = join(classroom, *"ab")
    measure(classroom, a, received=10, lost=1)
    measure(classroom, a, received=12, lost=1, doubled=2)
    measure(classroom, b, received=5, reordered=3)
    told = figures(classroom, "short-poll")
    assert [told[name] for name in ("received", "lost", "doubled", "reordered")] == [17, 1, 2, 3]


async def test_two_pages_of_one_seat_count_each_for_itself(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    for more in range(3):
        measure(classroom, a, page="one", received=100 + more)
        measure(classroom, a, page="two", received=5 + more)
    measure(classroom, a, page="three", received=200)  # loaded again, and has received more than either by now
    assert figures(classroom, "short-poll")["received"] == 102 + 7 + 200


def test_pages_of_a_seat_that_are_remembered_are_bounded() -> None:
    pages = Pages()
    for number in range(MOST_PAGES + 1):
        assert pages.take(parse_report(report(page=f"{number}"))) is None
    assert pages.take(parse_report(report(page="0"))) is None  # the oldest had to go
    assert pages.take(parse_report(report(page=f"{MOST_PAGES}"))) is not None


async def test_who_runs_two_techniques_in_a_stretch_has_figures_of_each(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    measure(classroom, a, 1_000, 2_000, technique="short-poll", received=2, requests=9)
    measure(classroom, a, 4, technique="sse", received=3, requests=10)
    rows = {row.technique: (row.samples, row.max_ms, row.received) for row in classroom.results()}
    assert rows == {"short-poll": (2, 2_000, 2), "sse": (1, 4, 1)}
    assert classroom.told_teacher()["seats"][0]["median"] == 4


async def test_a_report_of_another_stretch_says_how_the_phone_is_but_not_what_it_measured(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    classroom.zero()
    classroom.report(a, report(1, "short-poll", delays=[5], received=9))
    assert figures(classroom, "short-poll")["samples"] == 0
    assert classroom.told_teacher()["seats"][0]["state"] == "open"


async def test_another_stretch_begins_at_nothing(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    measure(classroom, a, 5, received=9)
    crossed(classroom, "A", "short-poll", requests=7, empty=3, up=100, down=50)
    classroom.zero()
    told = figures(classroom, "short-poll")
    assert (told["samples"], told["received"], told["requests"], told["empty"]) == (0, 0, 0, 0)
    assert told["bytes"] == {"up": {"payload": 0}, "down": {"payload": 0}}
    assert classroom.told_student(a)["stretch"] == 2


async def test_bytes_and_requests_are_those_of_the_groups_ports_since_the_stretch_began(classroom: Classroom) -> None:
    crossed(classroom, "A", "short-poll", requests=100, up=1_000)
    classroom.zero()
    crossed(classroom, "A", "short-poll", requests=7, empty=3, messages=2, up=100, down=50)
    crossed(classroom, "B", "short-poll", requests=2, up=10)
    crossed(classroom, "B", "sse", requests=1, down=5)
    crossed(classroom, "B", "page", requests=50, down=5_000)
    crossed(classroom, "B", "publish", requests=9, down=900)
    told = classroom.told_projector()
    assert (told["figures"]["short-poll"]["requests"], told["figures"]["short-poll"]["empty"]) == (9, 3)
    assert told["figures"]["short-poll"]["bytes"] == {"up": {"payload": 110}, "down": {"payload": 50}}
    assert told["by_group"]["B"]["requests"] == 3
    assert told["by_group"]["B"]["bytes"] == {"up": {"payload": 10}, "down": {"payload": 5}}


async def test_what_crossed_a_port_that_is_opened_later_counts_from_its_first_byte(classroom: Classroom) -> None:
    classroom.zero()
    await classroom.divide(6)
    crossed(classroom, "F", "sse", requests=4)
    assert classroom.told_projector()["by_group"]["F"]["requests"] == 4


async def test_the_teacher_sees_each_phone_s_last_report_without_its_delays(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a", "b")
    measure(classroom, a, 5, 9, 7, state="catching up", received=4)
    first, second = classroom.told_teacher()["seats"]
    assert (first["median"], first["state"], first["report"]["received"]) == (7, "catching up", 4)
    assert "delays" not in first["report"]
    assert (second["median"], second["state"], second["report"]) == (None, None, None)


def test_phones_that_are_remembered_are_bounded() -> None:
    measuring = Measuring(1)
    seats = [Seat(f"{number}", "x", "A", 0) for number in range(MOST_PHONES + 1)]
    for seat in seats:
        measuring.take(seat, parse_report(report(delays=[1])))
    assert len(measuring.phones) == MOST_PHONES
    measuring.take(seats[0], parse_report(report(delays=[1])))
    assert measuring.by_technique["sse"].samples.count == MOST_PHONES + 1


# --- the server ---


async def test_the_server_s_load_is_that_since_the_last_telling(feed: Feed, clock: FakeClock) -> None:
    busy_s = iter([10.0, 10.0, 10.5, 10.6, 11.5])
    load = ServerLoad(feed, clock, lambda: next(busy_s))
    assert load.told() == {"cpu": None, "connections": 0, "published": None}
    clock.advance(2)
    await publish(feed, 6)
    assert load.told() == {"cpu": 0.25, "connections": 0, "published": 3.0}
    clock.advance(0.1)  # another page is told
    assert load.told() == {"cpu": 0.25, "connections": 0, "published": 3.0}
    clock.advance(0.9)
    async with feed.follow("lobby", "latest", "sse"):
        assert load.told() == {"cpu": 1.0, "connections": 1, "published": 0.0}


@pytest.mark.parametrize("role", ["projector", "student"])
async def test_no_token_is_told(classroom: Classroom, role: str) -> None:
    (a,) = join(classroom, "a")
    told = classroom.told_projector() if role == "projector" else classroom.told_student(a)
    assert a.token not in repr(told) and "secret" not in repr(told)
