"""Groups: how many there are, what they are set to, and who is in which."""

import json
from typing import Any

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.groups import MOST_CONNECTIONS
from pushdemo.feed import TECHNIQUES
from pushdemo.lab.sessions import Lab
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock
from tests.unit.classroom.phones import join


def names(classroom: Classroom) -> str:
    return "".join(group.name for group in classroom.groups)


def places(classroom: Classroom) -> str:
    return "".join(seat.group for seat in classroom.seats)


async def test_at_first_there_are_five_with_a_technique_and_a_port_each(classroom: Classroom) -> None:
    told = [group.told() for group in classroom.groups]
    assert names(classroom) == "ABCDE"
    assert [group["technique"] for group in told] == list(TECHNIQUES)
    assert len({group["port"] for group in told}) == 5 and all(group["port"] for group in told)
    assert told[0] == {
        "name": "A",
        "port": told[0]["port"],
        "technique": "short-poll",
        "interval_ms": 2_000,
        "timeout_s": 25,
        "posts_per_minute": 0,
        "network": told[0]["network"],
        "vanished": False,
        "stalled_until": None,
        "refusing_until": None,
    }
    assert told[0]["network"]["delay_ms"] == 0


async def test_a_group_s_port_is_kept_though_nobody_watches_it_and_holds_a_class(
    classroom: Classroom, clock: FakeClock, lab: Lab
) -> None:
    clock.advance(10 * lab.settings.lab_grace_s)
    sessions = [group.session for group in classroom.groups]
    with sessions[0].watched():
        pass
    clock.advance(10 * lab.settings.lab_grace_s)
    assert all(session.is_open and lab.find(session.id) is session for session in sessions)
    assert sessions[0].relay.most_connections == MOST_CONNECTIONS


async def test_who_joins_goes_to_the_smallest_group(classroom: Classroom) -> None:
    seats = join(classroom, *"abcdefg")
    assert places(classroom) == "ABCDEAB"
    classroom.leave(seats[3])
    assert join(classroom, "h")[0].group == "D"


async def test_new_groups_run_the_next_technique_and_take_of_the_largest(classroom: Classroom) -> None:
    await classroom.divide(1)
    join(classroom, *"abcde")
    await classroom.divide(7)
    assert [group.settings.technique for group in classroom.groups] == [*TECHNIQUES, *TECHNIQUES[:2]]
    assert sorted(places(classroom)) == list("ABCDE")


async def test_groups_that_stay_keep_what_they_are_set_to(classroom: Classroom) -> None:
    classroom.set_group("B", b'{"interval_ms": 700, "network": {"delay_ms": 40}}')
    port = classroom.groups.named("B").session.port
    await classroom.divide(2)
    await classroom.divide(5)
    told = classroom.groups.named("B").told()
    assert (told["interval_ms"], told["network"]["delay_ms"], told["port"]) == (700, 40, port)


async def test_the_students_of_groups_that_go_are_spread_and_the_ports_closed(classroom: Classroom, lab: Lab) -> None:
    join(classroom, *"abcdefghij")
    gone = [group.session for group in classroom.groups][2:]
    await classroom.divide(2)
    assert names(classroom) == "AB"
    assert sorted(places(classroom)) == list("AAAAABBBBB")
    assert not any(session.is_open for session in gone)


async def test_the_same_number_again_moves_nobody(classroom: Classroom) -> None:
    seats = join(classroom, "a", "b", "c")
    for seat in seats:
        classroom.set_seat(seat.id, group="C")
    await classroom.divide(5)
    assert places(classroom) == "CCC"


@pytest.mark.parametrize("count", [0, 9, -1])
async def test_there_are_1_to_8(classroom: Classroom, count: int) -> None:
    with pytest.raises(Problem, match="A class has 1 to 8 groups"):
        await classroom.divide(count)


async def test_where_no_port_is_free_all_stays_as_it_was(classroom: Classroom, lab: Lab) -> None:
    lab._ports = []
    with pytest.raises(Problem) as refused:
        await classroom.divide(8)
    assert refused.value.status == 503
    assert names(classroom) == "ABCDE"


async def test_of_ports_that_are_too_few_none_is_kept(classroom: Classroom, lab: Lab, monkeypatch: Any) -> None:
    monkeypatch.setattr("pushdemo.lab.sessions.MOST_SESSIONS", 7)
    with pytest.raises(Problem):
        await classroom.divide(8)
    assert names(classroom) == "ABCDE"
    assert len(lab._sessions) == 5


async def test_the_class_closes_its_ports(classroom: Classroom) -> None:
    sessions = [group.session for group in classroom.groups]
    await classroom.close()
    assert not any(session.is_open for session in sessions)
    await classroom.divide(8)  # too late
    assert len(classroom.groups) == 5


# --- settings ---


async def test_one_group_is_set_or_all(classroom: Classroom) -> None:
    classroom.set_group("C", b'{"technique": null, "posts_per_minute": 2.5}')
    classroom.set_group("all", b'{"timeout_s": 9, "network": {"strip_upgrade": true}}')
    told = {group.name: group.told() for group in classroom.groups}
    assert (told["C"]["technique"], told["C"]["posts_per_minute"]) == (None, 2.5)
    assert told["A"]["technique"] == "short-poll"
    assert all(group["timeout_s"] == 9 and group["network"]["strip_upgrade"] for group in told.values())


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"technique": "pigeon"}, 422),
        ({"interval_ms": 99}, 422),
        ({"interval_ms": 60_001}, 422),
        ({"timeout_s": 56}, 422),
        ({"posts_per_minute": 61}, 422),
        ({"colour": "red"}, 422),
        ({"network": {"delay_ms": -1}}, 422),
        ({"network": {"colour": 1}}, 422),
        ({"network": 5}, 400),
        ([], 400),
    ],
)
async def test_what_a_group_cannot_be_set_to_changes_nothing(classroom: Classroom, changes: Any, status: int) -> None:
    before = [group.told() for group in classroom.groups]
    both = changes | {"timeout_s": changes.get("timeout_s", 7)} if isinstance(changes, dict) else changes
    with pytest.raises(Problem) as refused:
        classroom.set_group("all", json.dumps(both).encode())
    assert refused.value.status == status
    assert [group.told() for group in classroom.groups] == before


async def test_a_group_that_is_not_there_is_named_with_those_that_are(classroom: Classroom) -> None:
    with pytest.raises(Problem, match="the groups A, B, C, D, E; this came: 'F'") as refused:
        classroom.set_group("F", b"{}")
    assert refused.value.status == 404
    (seat,) = join(classroom, "a")
    with pytest.raises(Problem):
        classroom.set_seat(seat.id, group="F")
    assert seat.group == "A"
