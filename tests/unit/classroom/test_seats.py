"""Seats: who has which name, found by the secret in the cookie."""

from random import Random

import pytest

from pushdemo.classroom.seats import MOST_SEATS, Seats
from pushdemo.problems import Problem


@pytest.fixture
def seats() -> Seats:
    return Seats(Random(1))


def test_a_seat_is_found_by_its_token_and_by_its_id(seats: Seats) -> None:
    seat = seats.take(" Li  Na ", "A", 5.0)
    assert (seat.name, seat.group, seat.away_since) == ("Li Na", "A", 5.0)
    assert seats.by_token(seat.token) is seat
    assert seats.by_id(seat.id) is seat
    assert list(seats) == [seat] and seat in seats


def test_no_token_and_a_wrong_one_have_no_seat(seats: Seats) -> None:
    seat = seats.take("Li", "A", 0)
    assert seats.by_token(None) is None
    assert seats.by_token(seat.id) is None
    with pytest.raises(Problem, match="no such seat") as refused:
        seats.by_id(seat.token)
    assert refused.value.status == 404


def test_two_seats_have_ids_and_tokens_of_their_own(seats: Seats) -> None:
    one, other = seats.take("Li", "A", 0), seats.take("Wang", "A", 0)
    assert one.id != other.id and one.token != other.token
    assert len(one.token) >= 32


def test_a_token_does_not_follow_from_the_class_s_random_numbers() -> None:
    assert Seats(Random(1)).take("Li", "A", 0).token != Seats(Random(1)).take("Li", "A", 0).token


def test_a_name_that_looks_the_same_is_taken(seats: Seats) -> None:
    seats.take("Li", "A", 0)
    with pytest.raises(Problem, match="Somebody in the class is called ＬＩ already") as refused:
        seats.take("ＬＩ", "A", 0)
    assert refused.value.status == 409
    assert len(seats) == 1


def test_who_is_renamed_frees_the_former_name(seats: Seats) -> None:
    seat = seats.take("Li", "A", 0)
    seats.rename(seat, "Na")
    assert seat.name == "Na"
    assert seats.take("Li", "A", 0) is not seat


def test_who_is_renamed_may_keep_the_name_or_write_it_otherwise(seats: Seats) -> None:
    seat = seats.take("Li", "A", 0)
    seats.rename(seat, "Li")
    seats.rename(seat, "LI")
    assert seat.name == "LI"


def test_who_cannot_be_renamed_keeps_the_name(seats: Seats) -> None:
    seats.take("Wang", "A", 0)
    seat = seats.take("Li", "A", 0)
    with pytest.raises(Problem):
        seats.rename(seat, "wang")
    assert seat.name == "Li"
    with pytest.raises(Problem, match="Li already"):
        seats.take("Li", "A", 0)


def test_who_leaves_frees_the_name_and_loses_the_seat(seats: Seats) -> None:
    seat = seats.take("Li", "A", 0)
    seats.free(seat)
    assert seats.by_token(seat.token) is None
    assert seat not in seats and not seat.removed
    assert seats.take("Li", "A", 0) is not seat


def test_the_name_of_who_was_sent_out_stays_barred(seats: Seats) -> None:
    seat = seats.take("Rude", "A", 0)
    seats.remove(seat)
    assert seat.removed and seat not in seats
    with pytest.raises(Problem, match="The teacher has taken the name rude out of the class") as refused:
        seats.take("rude", "A", 0)
    assert refused.value.status == 403
    other = seats.take("Nice", "A", 0)
    with pytest.raises(Problem, match="taken the name RUDE"):
        seats.rename(other, "RUDE")


def test_the_class_is_full_at_some_point(seats: Seats) -> None:
    taken = [seats.take(f"Li {number}", "A", 0) for number in range(MOST_SEATS)]
    assert len({seat.id for seat in taken}) == MOST_SEATS
    with pytest.raises(Problem, match=f"it has {MOST_SEATS} seats") as refused:
        seats.take("one more", "A", 0)
    assert refused.value.status == 503
    seats.free(taken[0])
    seats.take("one more", "A", 0)
