"""Who may publish in the class's room."""

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.feed import Feed
from pushdemo.problems import Problem
from tests.unit.classroom.phones import join
from tests.unit.samples import draft


async def refusal(feed: Feed, classroom: Classroom, sender: str, token: str | None, room: str | None = None) -> str:
    before = feed.published
    with pytest.raises(Problem) as refused:
        await feed.publish(room or classroom.hall.room, draft(sender=sender), seat=token)
    assert refused.value.status == 403
    assert feed.published == before
    return refused.value.detail


async def test_a_student_speaks_under_the_own_name(feed: Feed, classroom: Classroom) -> None:
    (li,) = join(classroom, "Li")
    published = await feed.publish(classroom.hall.room, draft(sender="Li"), seat=li.token)
    assert published.message.sender == "Li"


async def test_nobody_speaks_without_a_seat_or_as_somebody_else(feed: Feed, classroom: Classroom) -> None:
    li, _ = join(classroom, "Li", "Wang")
    assert "Only who has a seat" in await refusal(feed, classroom, "Li", None)
    assert "Only who has a seat" in await refusal(feed, classroom, "Li", "guessed")
    assert "you are Li; the sender that came is 'Wang'" in await refusal(feed, classroom, "Wang", li.token)
    assert "you are Li" in await refusal(feed, classroom, "teacher", li.token)


async def test_who_is_muted_says_nothing_until_unmuted(feed: Feed, classroom: Classroom) -> None:
    (li,) = join(classroom, "Li")
    classroom.set_seat(li.id, muted=True)
    assert "has muted you" in await refusal(feed, classroom, "Li", li.token)
    classroom.set_seat(li.id, muted=False)
    await feed.publish(classroom.hall.room, draft(sender="Li"), seat=li.token)


async def test_who_is_sent_out_says_nothing_more(feed: Feed, classroom: Classroom) -> None:
    (li,) = join(classroom, "Li")
    classroom.remove_seat(li.id)
    assert "Only who has a seat" in await refusal(feed, classroom, "Li", li.token)


async def test_when_the_class_has_ended_nobody_speaks(feed: Feed, classroom: Classroom) -> None:
    (li,) = join(classroom, "Li")
    await classroom.end()
    assert "The class has ended" in await refusal(feed, classroom, "Li", li.token)
    with pytest.raises(Problem, match="The class has ended"):
        await classroom.say("bye")


async def test_the_room_that_was_left_is_shut_and_the_new_one_has_the_gate(feed: Feed, classroom: Classroom) -> None:
    (li,) = join(classroom, "Li")
    old = classroom.hall.room
    classroom.clear()
    assert classroom.info()["room"] != old
    assert "gone on in another room" in await refusal(feed, classroom, "Li", li.token, old)
    await feed.publish(classroom.hall.room, draft(sender="Li"), seat=li.token)
    await refusal(feed, classroom, "Li", None)


async def test_other_rooms_are_everybody_s_and_so_is_the_class_s_when_the_server_forgets_it(
    feed: Feed, classroom: Classroom
) -> None:
    await feed.publish("lobby", draft(sender="Li"))
    room = classroom.hall.room
    await classroom.close()
    await feed.publish(room, draft(sender="Li"))


async def test_the_teacher_speaks_whatever_the_gate_says(feed: Feed, classroom: Classroom) -> None:
    message = await classroom.say("good morning")
    assert (message.sender, message.text, message.room) == ("teacher", "good morning", classroom.hall.room)
    with pytest.raises(Problem) as refused:
        await classroom.say("")
    assert refused.value.status == 422
