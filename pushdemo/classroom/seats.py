"""The students' seats: a name, a group, and the secret in the student's cookie by which a reload finds it again."""

import secrets
from collections.abc import Iterator
from random import Random

from pushdemo.classroom.names import check_name, key_of
from pushdemo.classroom.reports import Report
from pushdemo.feed import Technique
from pushdemo.problems import Problem

MOST_SEATS = 300
ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that one reads for another."""


class Seat:
    """One student.

    Attributes:
        id: short, and known to all.
        token: the secret in the student's cookie.
        group: the name of the student's group.
        choice: the technique that the student chose, where the group leaves it open.
        connections: how many live sockets are open, one for each tab.
        away_since: when the last of them closed, in ms since 1970; None while one is open.
        prediction: the student's answer to the experiment's question.
        report: the last that came, whatever its stretch.
        removed: the teacher has sent the student out.
    """

    def __init__(self, seat_id: str, name: str, group: str, now_ms: float) -> None:
        self.id = seat_id
        self.token = secrets.token_urlsafe(24)
        self.name = name
        self.group = group
        self.choice: Technique | None = None
        self.muted = False
        self.connections = 0
        self.away_since: float | None = now_ms
        self.prediction: float | None = None
        self.report: Report | None = None
        self.removed = False


class Seats:
    """All seats of a class, and the names that are barred from it."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_id: dict[str, Seat] = {}
        self._by_token: dict[str, Seat] = {}
        self._by_name: dict[str, Seat] = {}
        self._barred: set[str] = set()

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def take(self, name: str, group: str, now_ms: float) -> Seat:
        """Give a seat to somebody new.

        Raises:
            Problem: 422, 409 or 403 for the name; 503, all seats are taken.
        """
        name = self._free_name(name, None)
        if len(self) >= MOST_SEATS:
            raise Problem(503, f"The class is full: it has {MOST_SEATS} seats.")
        seat = Seat(self._new_id(), name, group, now_ms)
        self._by_id[seat.id] = self._by_token[seat.token] = self._by_name[key_of(name)] = seat
        return seat

    def rename(self, seat: Seat, name: str) -> None:
        """Give a seat another name.

        Raises:
            Problem: 422, 409 or 403 for the name.
        """
        name = self._free_name(name, seat)
        del self._by_name[key_of(seat.name)]
        seat.name = name
        self._by_name[key_of(name)] = seat

    def by_token(self, token: str | None) -> Seat | None:
        """Return the seat of a cookie."""
        return None if token is None else self._by_token.get(token)

    def by_id(self, seat_id: str) -> Seat:
        """Return a seat.

        Raises:
            Problem: 404, there is none of that id.
        """
        seat = self._by_id.get(seat_id)
        if seat is None:
            raise Problem(404, "There is no such seat in the class; whoever had it may have left.")
        return seat

    def __contains__(self, seat: Seat) -> bool:
        return self._by_id.get(seat.id) is seat

    def free(self, seat: Seat) -> None:
        """Take a seat away; somebody else may have its name."""
        if seat in self:
            del self._by_id[seat.id], self._by_token[seat.token], self._by_name[key_of(seat.name)]

    def remove(self, seat: Seat) -> None:
        """Take a seat away; nobody may have its name again."""
        self.free(seat)
        seat.removed = True
        self._barred.add(key_of(seat.name))

    def _free_name(self, name: str, own: Seat | None) -> str:
        name = check_name(name)
        if key_of(name) in self._barred:
            raise Problem(403, f"The teacher has taken the name {name} out of the class. Please take another.")
        if self._by_name.get(key_of(name), own) is not own:
            raise Problem(409, f"Somebody in the class is called {name} already. Please take another name.")
        return name

    def _new_id(self) -> str:
        while True:
            seat_id = "".join(self._random.choices(ID_LETTERS, k=5))
            if seat_id not in self._by_id:
                return seat_id
