"""What students and the teacher do, and who is told of it."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from pushdemo.classroom.classroom import MOST_HIDDEN, Classroom, Crowd
from pushdemo.classroom.options import ClassOptions
from pushdemo.feed import Feed
from pushdemo.lab.sessions import Lab
from pushdemo.problems import Problem
from pushdemo.settings import Settings
from tests.support.fake_clock import FakeClock, turn
from tests.unit.classroom.conftest import OPTIONS
from tests.unit.classroom.phones import join, measure


async def spoken(feed: Feed, classroom: Classroom) -> list[str]:
    batch = await feed.after(classroom.info()["room"], None)
    return [message.text for message in batch.messages]


# --- joining and leaving ---


async def test_the_class_says_where_it_is(classroom: Classroom) -> None:
    room = classroom.info().pop("room")
    assert room.startswith("class-") and len(room) == 12
    assert classroom.info() == {
        "title": "Push",
        "room": room,
        "state": "open",
        "people": 0,
        "address": "http://192.0.2.7:9/join",
    }


@pytest.mark.parametrize(
    ("address", "join_address"),
    [
        ("192.168.1.5", "http://192.168.1.5:8000/join"),
        ("fe80::1", "http://[fe80::1]:8000/join"),
        ("https://demo.example/push", "https://demo.example/push/join"),
        ("https://demo.example/", "https://demo.example/join"),
    ],
)
def test_the_address_to_join_is_the_one_that_phones_reach(address: str, join_address: str) -> None:
    options = ClassOptions(address=address, port=8000, token="secret")
    assert options.join_address == join_address
    assert "secret" not in repr(options)


async def test_a_student_takes_a_seat_and_with_its_token_another_name(classroom: Classroom) -> None:
    seat, is_new = classroom.take_seat("Li")
    assert is_new
    assert classroom.told_seat(seat) == {
        "id": seat.id,
        "name": "Li",
        "group": "A",
        "technique": "short-poll",
        "may_choose": False,
        "muted": False,
    }
    assert classroom.take_seat("Na", seat.token) == (seat, False)
    assert (seat.name, classroom.info()["people"]) == ("Na", 1)
    other, is_new = classroom.take_seat("Wang", "a token of yesterday")
    assert is_new and other is not seat


async def test_who_leaves_is_gone(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Li")
    classroom.leave(seat)
    classroom.leave(seat)
    assert classroom.seat_by_token(seat.token) is None
    assert classroom.told_projector()["people"] == []


async def test_when_the_class_has_ended_nobody_joins_and_who_is_there_is_told(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Li")
    classroom.set_class(b'{"rate": 5}')
    await classroom.end()
    assert not classroom.is_open
    assert classroom.told_student(seat)["class"]["state"] == "ended"
    for token in (None, seat.token):
        with pytest.raises(Problem, match="The class has ended") as refused:
            classroom.take_seat("Na", token)
        assert refused.value.status == 403
    classroom.set_class(b'{"rate": 5}')
    assert classroom.told_student(seat)["rate"] == 0


async def test_a_student_chooses_where_the_group_leaves_it_open(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Li")
    with pytest.raises(Problem, match="The teacher has chosen") as refused:
        classroom.choose_technique(seat, "sse")
    assert refused.value.status == 409
    classroom.set_group("A", b'{"technique": null}')
    told = classroom.told_student(seat)
    assert (told["seat"]["technique"], told["seat"]["may_choose"], told["group"]["technique"]) == (None, True, None)
    classroom.choose_technique(seat, "sse")
    assert classroom.told_student(seat)["seat"]["technique"] == "sse"
    assert classroom.told_projector()["figures"]["sse"]["people"] == 1
    with pytest.raises(Problem, match="The techniques are"):
        classroom.choose_technique(seat, "pigeon")  # type: ignore[arg-type]
    classroom.set_group("A", b'{"technique": "long-poll"}')
    assert classroom.told_student(seat)["seat"]["technique"] == "long-poll"


async def test_a_student_is_there_as_long_as_one_page_is(classroom: Classroom, clock: FakeClock) -> None:
    seat, _ = classroom.take_seat("Li")

    def is_there() -> tuple[bool, float | None]:
        told = classroom.told_teacher()["seats"][0]
        assert classroom.told_projector()["people"][0]["connected"] == told["connected"]
        return told["connected"], told["away_since"]

    joined = clock.wall_ms()
    clock.advance(1)
    assert is_there() == (False, joined)
    with classroom.connected(seat):
        with classroom.connected(seat):
            assert is_there() == (True, None)
        assert is_there() == (True, None)
        clock.advance(1)
    assert is_there() == (False, clock.wall_ms())


# --- the teacher ---


async def test_the_teacher_sets_the_title_and_the_metronome(classroom: Classroom, clock: FakeClock, feed: Feed) -> None:
    classroom.set_class(b'{"title": "Push", "rate": 2, "at_random": false, "text_bytes": 20, "seed": 7}')
    classroom.set_class(b'{"rate": 4}')
    settings = classroom.told_teacher()["settings"]
    assert settings == {"title": "Push", "rate": 4, "at_random": False, "text_bytes": 20, "seed": 7}
    for _ in range(4):
        clock.advance(0.25)
        await turn()
    assert len(await spoken(feed, classroom)) == 4
    assert classroom.told_projector()["rate"] == 4


@pytest.mark.parametrize(
    "changes",
    [b'{"rate": 101}', b'{"text_bytes": 9}', b'{"colour": 1}', b'{"title": 5}', b'{"rate": 1, "seed": -1}', b"[]"],
)
async def test_what_the_class_cannot_be_set_to_changes_nothing(classroom: Classroom, changes: bytes) -> None:
    before = classroom.told_teacher()["settings"]
    with pytest.raises(Problem) as refused:
        classroom.set_class(changes)
    assert refused.value.status in (400, 422)
    assert classroom.told_teacher()["settings"] == before


async def test_a_student_is_moved_and_muted(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Li")
    classroom.set_seat(seat.id, group="D")
    classroom.set_seat(seat.id, muted=True)
    told = classroom.told_student(seat)
    assert (told["seat"]["group"], told["seat"]["muted"], told["group"]["name"]) == ("D", True, "D")
    assert (told["seat"]["technique"], told["seat"]["may_choose"]) == ("websocket", False)
    with pytest.raises(Problem, match="no such seat"):
        classroom.set_seat("nobody", muted=True)


async def test_who_is_sent_out_is_told_so_and_not_let_in_by_that_name(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Rude")
    classroom.remove_seat(seat.id)
    assert seat.removed and seat not in classroom.seats
    with pytest.raises(Problem) as refused:
        classroom.take_seat("rude", seat.token)
    assert refused.value.status == 403


async def test_a_message_is_hidden_on_all_pages(classroom: Classroom) -> None:
    seat, _ = classroom.take_seat("Li")
    message = await classroom.say("oops")
    classroom.hide(message.id)
    classroom.hide(message.id)
    assert classroom.told_student(seat)["hidden"] == [message.id]
    assert classroom.told_projector()["hidden"] == [message.id]
    with pytest.raises(Problem) as refused:
        classroom.hide("not an id")
    assert refused.value.status == 400
    for number in range(MOST_HIDDEN):
        classroom.hide(f"e-{number}")
    assert len(classroom.told_student(seat)["hidden"]) == MOST_HIDDEN
    classroom.clear()
    assert classroom.told_student(seat)["hidden"] == []


async def test_the_projector_shows_what_the_teacher_chooses(classroom: Classroom) -> None:
    assert classroom.told_projector()["shows"] == "address"
    classroom.show("delays-by-group")
    assert classroom.told_projector()["shows"] == "delays-by-group"
    for wrong in ("", "Delays", "x" * 41, "<b>"):
        with pytest.raises(Problem) as refused:
            classroom.show(wrong)
        assert refused.value.status == 422


async def test_the_teacher_is_told_what_there_is(classroom: Classroom) -> None:
    told = classroom.told_teacher()
    assert told["role"] == "teacher"
    assert told["links"] == {
        "join": "http://192.0.2.7:9/join",
        "projector": "http://192.0.2.7:9/class/projector",
    }
    assert told["experiments"][0] == {"name": "waste", "lab": 1, "unit": "%", "seconds": 60}
    assert set(classroom.told_projector()) < set(told)


# --- who is told ---

Command = Callable[[Classroom, str], Any]


OF_ALL: dict[str, Command] = {
    "set class": lambda classroom, seat: classroom.set_class(b'{"rate": 1}'),
    "set group": lambda classroom, seat: classroom.set_group("B", b'{"timeout_s": 5}'),
    "strike": lambda classroom, seat: classroom.strike("A", b'{"fault": "cut"}'),
    "take seat": lambda classroom, seat: classroom.take_seat("another"),
    "remove seat": lambda classroom, seat: classroom.remove_seat(seat),
    "hide": lambda classroom, seat: classroom.hide("e-1"),
    "clear": lambda classroom, seat: classroom.clear(),
    "zero": lambda classroom, seat: classroom.zero(),
    "end": lambda classroom, seat: classroom.end(),
    "divide": lambda classroom, seat: classroom.divide(2),
    "ask": lambda classroom, seat: classroom.begin_experiment("gap", "asked"),
    "run": lambda classroom, seat: classroom.begin_experiment("gap", "running"),
    "end experiment": lambda classroom, seat: classroom.end_experiment(),
}


@pytest.mark.parametrize("name", OF_ALL)
async def test_a_command_wakes_all_pages(classroom: Classroom, name: str) -> None:
    a, b = join(classroom, "a", "b")
    with classroom.watched(a) as one, classroom.watched(b) as other, classroom.watched() as projector:
        done = OF_ALL[name](classroom, b.id)
        if done is not None and hasattr(done, "__await__"):
            await done
        assert one.is_set() and other.is_set() and projector.is_set()


OF_ONE: dict[str, Command] = {
    "set seat": lambda classroom, seat: classroom.set_seat(seat, muted=True),
    "choose technique": lambda classroom, seat: classroom.choose_technique(classroom.seats.by_id(seat), "sse"),
    "predict": lambda classroom, seat: classroom.predict(classroom.seats.by_id(seat), 5),
}


@pytest.mark.parametrize("name", OF_ONE)
async def test_what_is_one_student_s_own_affair_wakes_no_other(classroom: Classroom, name: str) -> None:
    a, b = join(classroom, "a", "b")
    classroom.set_group("all", b'{"technique": null}')
    await classroom.begin_experiment("gap", "asked")
    with classroom.watched(a) as one, classroom.watched(b) as other, classroom.watched() as projector:
        OF_ONE[name](classroom, b.id)
        assert (one.is_set(), other.is_set(), projector.is_set()) == (False, True, True)


async def test_what_is_measured_wakes_no_student(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    with classroom.watched(a) as student, classroom.watched() as projector:
        measure(classroom, a, 5)
        with classroom.connected(a):
            pass
        assert projector.is_set() and not student.is_set()


async def test_who_watches_no_longer_is_not_woken(classroom: Classroom) -> None:
    a, *_ = join(classroom, "a")
    with classroom.watched(a) as student, classroom.watched() as projector:
        pass
    classroom.zero()
    assert not student.is_set() and not projector.is_set()


# --- simulated phones ---


class Extras:
    """Simulated phones that only count."""

    def __init__(self) -> None:
        self.clients = self.zeroed = 0
        self.room = ""

    async def start(self, clients: int) -> None:
        self.clients = clients

    def set_room(self, room: str) -> None:
        self.room = room

    def zero(self) -> None:
        self.zeroed += 1

    async def stop(self) -> None:
        self.clients = 0

    def told(self) -> dict[str, Any] | None:
        return {"wanted": self.clients} if self.clients else None


async def test_simulated_phones_come_and_go(classroom: Classroom) -> None:
    with pytest.raises(Problem, match="no simulated phones"):
        await classroom.simulate(5)
    crowd: Crowd = Extras()
    classroom.crowd = crowd
    await classroom.simulate(970)
    assert classroom.told_projector()["simulated"] == {"wanted": 970}
    for wrong in (-1, 2_001):
        with pytest.raises(Problem, match="0 to 2,000"):
            await classroom.simulate(wrong)
    await classroom.simulate(0)
    assert classroom.told_projector()["simulated"] is None
    await classroom.simulate(3)
    await classroom.end()
    assert classroom.told_projector()["simulated"] is None
    with pytest.raises(Problem, match="has ended"):
        await classroom.simulate(1)


async def test_they_may_be_there_from_the_beginning(feed: Feed, lab: Lab) -> None:
    classroom = Classroom(feed, lab, ClassOptions(address="192.0.2.7", port=9, token="secret", simulate=12))
    extras = classroom.crowd = Extras()
    await classroom.open()
    assert extras.clients == 12
    await classroom.close()
    assert extras.clients == 0


async def test_simulated_phones_go_along_to_another_room_and_measure_each_stretch_from_nothing(
    classroom: Classroom,
) -> None:
    classroom.crowd = crowd = Extras()
    classroom.clear()
    assert crowd.room == classroom.info()["room"]
    assert crowd.zeroed == 0
    classroom.zero()
    assert crowd.zeroed == 1


# --- where it listens ---


@pytest.mark.parametrize(
    ("host", "dialed"),
    [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("127.0.0.1", "127.0.0.1"), ("192.0.2.7", "192.0.2.7")],
)
async def test_the_groups_relays_dial_the_server_s_own_address(
    feed: Feed, clock: FakeClock, host: str, dialed: str
) -> None:
    classroom = Classroom(feed, Lab(Settings(host=host), clock), OPTIONS, random=Random(1))
    assert classroom.groups.to == (dialed, OPTIONS.port)
