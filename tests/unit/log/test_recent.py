"""The newest messages in memory: a run without holes, bounded for each room and in all."""

from hypothesis import given
from hypothesis import strategies as st

from pushdemo.log.recent import RecentMessages
from tests.unit.samples import message, messages, numbers


def test_what_follows_a_number_is_found_up_to_the_limit() -> None:
    recent = RecentMessages()
    recent.add("lobby", messages(1, 10))
    assert numbers(recent.after("lobby", 0, 100) or []) == list(range(1, 11))
    assert numbers(recent.after("lobby", 7, 2) or []) == [8, 9]


def test_at_the_newest_number_there_is_nothing_and_that_is_known() -> None:
    recent = RecentMessages()
    recent.add("lobby", messages(1, 3))
    assert recent.after("lobby", 3, 100) == []


def test_of_a_room_never_heard_of_nothing_is_known() -> None:
    assert RecentMessages().after("lobby", 0, 100) is None


def test_a_run_that_does_not_reach_back_so_far_does_not_answer() -> None:
    recent = RecentMessages(per_room=3)
    recent.add("lobby", messages(1, 10))
    assert recent.after("lobby", 6, 100) is None
    assert numbers(recent.after("lobby", 7, 100) or []) == [8, 9, 10]


def test_a_run_begins_anew_after_a_hole() -> None:
    recent = RecentMessages()
    recent.add("lobby", messages(1, 3))
    recent.add("lobby", messages(5, 6))
    assert recent.after("lobby", 2, 100) is None
    assert numbers(recent.after("lobby", 4, 100) or []) == [5, 6]


def test_the_room_published_to_longest_ago_makes_way() -> None:
    size_bytes = len(message(1, "a", "x" * 100).json)
    recent = RecentMessages(total_bytes=2 * 4 * size_bytes)
    for room in ("a", "b", "a", "c"):
        number = len(recent.after(room, 0, 9) or []) + 1
        recent.add(room, [message(number, room, "x" * 100)])
        if room == "b":
            assert numbers(recent.after("a", 0, 9) or []) == [1]
    assert recent.after("b", 0, 9) is None
    assert numbers(recent.after("c", 0, 9) or []) == [1]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6), st.booleans()), max_size=40),
    st.integers(1, 5),
    st.integers(100, 8_000),
)
def test_it_answers_rightly_or_not_at_all_and_stays_within_its_bounds(
    adds: list[tuple[str, int, bool]], per_room: int, total_bytes: int
) -> None:
    recent = RecentMessages(per_room=per_room, total_bytes=total_bytes)
    newest = dict.fromkeys("abc", 0)
    for room, count, hole in adds:
        first = newest[room] + 1 + hole
        newest[room] = first + count - 1
        recent.add(room, messages(first, newest[room], room))
        held = [each for run in recent._rooms.values() for each in run]
        assert 4 * sum(len(each.json) for each in held) == recent._bytes <= total_bytes
        for name, last in newest.items():
            for number in range(last + 1):
                answer = recent.after(name, number, 4)
                if answer is not None:
                    assert answer == messages(number + 1, min(last, number + 4), name)
                    assert last - number <= per_room
