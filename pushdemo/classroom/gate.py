"""Who may publish in the class's room: the students, each under the own name, while the class is on and unmuted."""

from collections.abc import Callable

from pushdemo.classroom.seats import Seat
from pushdemo.messages import Draft
from pushdemo.problems import Problem, shown


def gate(seat_by_token: Callable[[str | None], Seat | None], is_open: Callable[[], bool]) -> Callable[..., None]:
    """Return the gate of the room that the class is in."""

    def check(draft: Draft, token: str | None) -> None:
        if not is_open():
            raise Problem(403, "The class has ended; nothing more is said here.")
        seat = seat_by_token(token)
        if seat is None:
            raise Problem(403, "Only who has a seat in the class may speak here; take one at /join.")
        if draft.sender != seat.name:
            raise Problem(403, f"In this class you are {seat.name}; the sender that came is {shown(draft.sender)}.")
        if seat.muted:
            raise Problem(403, "The teacher has muted you; you go on hearing the class.")

    return check


def shut(draft: Draft, token: str | None) -> None:
    """Keep everybody out of a room that the class has left.

    Raises:
        Problem: 403, always.
    """
    raise Problem(403, "The class has gone on in another room.")
