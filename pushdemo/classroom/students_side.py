"""What students do in a class: take a seat and leave it, choose, predict, and report what they measure."""

from collections.abc import Iterator
from contextlib import contextmanager

from pushdemo.classroom.hall import Hall
from pushdemo.classroom.reports import parse_report
from pushdemo.classroom.seats import Seat
from pushdemo.classroom.trials import Trials
from pushdemo.feed import TECHNIQUES, Technique
from pushdemo.problems import Problem, shown


class StudentsSide:
    """The students' part of a classroom.

    Args:
        hall: of the class.
    """

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.trials = Trials(hall)

    def take_seat(self, name: str, token: str | None = None) -> tuple[Seat, bool]:
        """Return the seat of a student who gives a name, and whether it is a new one.

        Args:
            name: is checked.
            token: of the cookie; the seat that it has is renamed.

        Raises:
            Problem: 422, 409 or 403 for the name; 403, the class has ended; 503, it is full.
        """
        self.check_open()
        seat = self.hall.seats.by_token(token)
        is_new = seat is None
        if seat is None:
            seat = self.hall.seats.take(name, self.hall.smallest_group().name, self.hall.clock.wall_ms())
        else:
            self.hall.seats.rename(seat, name)
        self.hall.changed()
        return seat, is_new

    def check_open(self) -> None:
        """Raise a Problem, 403, when the class has ended."""
        if not self.hall.is_open:
            raise Problem(403, "The class has ended.")

    def seat_by_token(self, token: str | None) -> Seat | None:
        """Return the seat that a cookie has; None if it has none, or none any more."""
        return self.hall.seats.by_token(token)

    def leave(self, seat: Seat) -> None:
        """Free the seat of a student who leaves; somebody else may take the name."""
        self.hall.seats.free(seat)
        self.hall.changed()

    def choose_technique(self, seat: Seat, technique: Technique) -> None:
        """Let a student choose, where the group leaves it open.

        Raises:
            Problem: 409, it does not; 422, it is no technique.
        """
        if technique not in TECHNIQUES:
            raise Problem(422, f"The techniques are {', '.join(TECHNIQUES)}; this came: {shown(technique)}.")
        if self.hall.groups.named(seat.group).settings.technique is not None:
            raise Problem(409, "The teacher has chosen the technique of your group.")
        seat.choice = technique
        self.hall.changed(seat)

    def predict(self, seat: Seat, value: float) -> None:
        """Take a student's answer to the experiment's question.

        Raises:
            Problem: 409, nothing is asked; 422, it is no number that could be meant.
        """
        self.trials.predict(seat, value)

    @contextmanager
    def connected(self, seat: Seat) -> Iterator[None]:
        """Know that a student's page has its live socket open."""
        seat.connections += 1
        seat.away_since = None
        self.hall.measured()
        try:
            yield
        finally:
            seat.connections -= 1
            seat.away_since = None if seat.connections else self.hall.clock.wall_ms()
            self.hall.measured()

    def report(self, seat: Seat, data: bytes | str) -> None:
        """Take what a phone says of itself.

        Raises:
            Problem: 400 or 422, it is not a report.
        """
        report = parse_report(data)
        seat.report = report
        self.hall.measuring.take(seat, report)
        if self.hall.outcome is not None and report.stretch == self.hall.stretch:  # else it was mended meanwhile
            self.hall.outcome.take(seat, report.fault, is_hidden=report.hidden)
        self.hall.measured()
