"""Faults of the groups' networks, and what each phone went through."""

from typing import Any

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock
from tests.unit.classroom.phones import join, measure

CUT = b'{"fault": "cut"}'
VANISH = b'{"fault": "vanish"}'
COME_BACK = b'{"fault": "come_back"}'
STALL = b'{"fault": "stall", "seconds": 5}'


def outcome(classroom: Classroom) -> Any:
    return classroom.told_projector()["fault"]


async def test_a_fault_strikes_all_groups_or_one(classroom: Classroom, clock: FakeClock) -> None:
    assert classroom.strike("all", VANISH)["done"].keys() == set("ABCDE")
    assert all(group.told()["vanished"] for group in classroom.groups)
    classroom.strike("B", COME_BACK)
    assert [group.told()["vanished"] for group in classroom.groups] == [True, False, True, True, True]


async def test_the_students_whom_it_struck_are_told_of_it(classroom: Classroom, clock: FakeClock) -> None:
    a, b = join(classroom, "a", "b")
    clock.advance(2)
    classroom.strike("B", STALL)
    assert classroom.told_student(a)["fault"] is None
    struck = {"number": 1, "at": clock.wall_ms(), "fault": "stall", "seconds": 5}
    assert classroom.told_student(b)["fault"] == struck
    classroom.strike("A", CUT)
    assert classroom.told_student(a)["fault"]["number"] == 2
    assert classroom.told_student(b)["fault"] == struck


async def test_that_a_network_comes_back_is_the_end_of_a_fault_and_not_another(classroom: Classroom) -> None:
    (a,) = join(classroom, "a")
    classroom.strike("all", VANISH)
    classroom.strike("all", COME_BACK)
    told = classroom.told_student(a)
    assert (told["fault"]["fault"], told["fault"]["number"], told["group"]["vanished"]) == ("vanish", 1, False)
    assert outcome(classroom)["fault"] == "vanish"


async def test_when_a_stall_is_over_the_pages_are_told(classroom: Classroom, clock: FakeClock) -> None:
    (a,) = join(classroom, "a")
    classroom.strike("A", STALL)
    assert classroom.told_student(a)["group"]["stalled_until"] == round(clock.wall_ms() + 5_000)
    with classroom.watched(a) as news:
        clock.advance(4.9)
        assert not news.is_set()
        clock.advance(0.2)
        assert news.is_set()
    assert classroom.told_student(a)["group"]["stalled_until"] is None


async def test_the_outcome_has_a_line_for_each_phone_that_was_there(classroom: Classroom) -> None:
    a, b, c = join(classroom, "a", "b", "c")
    classroom.strike("all", CUT)
    join(classroom, "late")
    measure(classroom, a, fault={"number": 1, "noticed_ms": 12, "back_ms": 2_300, "late": 4, "lost": 1})
    measure(classroom, b, fault={"number": 0, "noticed_ms": 1})  # of another fault
    classroom.leave(c)
    told = outcome(classroom)
    assert (told["number"], told["fault"], told["seconds"], told["group"]) == (1, "cut", None, "all")
    assert told["people"][0] == {
        "id": a.id,
        "name": "a",
        "group": "A",
        "technique": "short-poll",
        "noticed_ms": 12,
        "back_ms": 2_300,
        "late": 4,
        "lost": 1,
        "told": True,
    }
    assert [(each["name"], each["told"], each["noticed_ms"]) for each in told["people"]][1:] == [
        ("b", False, None),
        ("c", False, None),
    ]


async def test_what_was_said_last_holds(classroom: Classroom) -> None:
    (a,) = join(classroom, "a")
    classroom.strike("A", CUT)
    measure(classroom, a, fault={"number": 1, "noticed_ms": 12})
    measure(classroom, a, fault={"number": 1, "noticed_ms": 12, "back_ms": 50})
    measure(classroom, a)
    assert outcome(classroom)["people"][0]["back_ms"] == 50


async def test_what_a_hidden_page_noticed_says_nothing_of_its_technique(classroom: Classroom) -> None:
    (a,) = join(classroom, "a")
    classroom.strike("A", CUT)
    measure(classroom, a, hidden=True, fault={"number": 1, "noticed_ms": 60_000})
    assert not outcome(classroom)["people"][0]["told"]


async def test_what_a_page_noticed_while_it_was_hidden_says_nothing_later_either(classroom: Classroom) -> None:
    a, b, *_ = join(classroom, "a", "b")
    classroom.strike("all", CUT)
    measure(classroom, a, fault={"number": 1})
    measure(classroom, b, fault={"number": 1, "noticed_ms": 12, "back_ms": 50})
    measure(classroom, a, hidden=True, fault={"number": 1, "hidden": True})
    measure(classroom, b, hidden=True, fault={"number": 1, "noticed_ms": 12, "back_ms": 50})
    measure(classroom, a, fault={"number": 1, "noticed_ms": 60_000, "back_ms": 60_010, "hidden": True})
    assert [(each["told"], each["back_ms"]) for each in outcome(classroom)["people"]] == [(False, None), (True, 50)]


async def test_the_witnesses_of_one_group_s_fault_are_its_own(classroom: Classroom) -> None:
    join(classroom, "a", "b", "c")
    classroom.strike("B", CUT)
    assert [each["name"] for each in outcome(classroom)["people"]] == ["b"]


async def test_another_stretch_forgets_the_fault_but_not_its_number(classroom: Classroom) -> None:
    (a,) = join(classroom, "a")
    classroom.strike("all", CUT)
    classroom.zero()
    assert outcome(classroom) is None
    assert classroom.told_student(a)["fault"] is None
    classroom.strike("all", CUT)
    assert outcome(classroom)["number"] == 2


@pytest.mark.parametrize(
    ("name", "fault", "status"),
    [("all", b'{"fault": "flood"}', 422), ("all", b'{"fault": "stall"}', 422), ("Z", CUT, 404), ("all", b"[]", 400)],
)
async def test_what_is_no_fault_does_nothing(classroom: Classroom, name: str, fault: bytes, status: int) -> None:
    with pytest.raises(Problem) as refused:
        classroom.strike(name, fault)
    assert refused.value.status == status
    assert outcome(classroom) is None
