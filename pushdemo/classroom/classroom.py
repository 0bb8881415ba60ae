"""The class as a whole: who is in it, what it does, and what each page of it is told."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from pushdemo.classroom.groups import Changes, Groups
from pushdemo.classroom.options import ClassOptions
from pushdemo.classroom.reports import parse_report
from pushdemo.classroom.seats import Seat, Seats
from pushdemo.clock import Clock
from pushdemo.feed import Feed, Technique
from pushdemo.lab.faults import Fault
from pushdemo.lab.sessions import Lab
from pushdemo.messages import Draft, Message
from pushdemo.network import LOOPBACK
from pushdemo.problems import Problem


class Classroom:
    """One class.

    Args:
        feed: has the class's room.
        lab: has the groups' sessions.
        options: with what it was started.
        clock: the feed's if not given.
        random: makes what nobody has to guess: the room's name, the seats' ids.
    """

    def __init__(
        self, feed: Feed, lab: Lab, options: ClassOptions, clock: Clock | None = None, random: Random | None = None
    ) -> None:
        self.feed = feed
        self.options = options
        self.clock = clock or feed.clock
        self._random = random or Random()
        self.title = options.title
        self.room = self._new_room()
        self.is_open = True
        self.stretch = 1
        self.shows: Any = "join"
        self.hidden: list[str] = []
        self.seats = Seats(self._random)
        host = lab.settings.host
        self.groups = Groups(lab, (LOOPBACK if host == "0.0.0.0" else host, options.port))
        self.crowd: Any = None
        self._student_events: dict[asyncio.Event, Seat] = {}
        self._events: set[asyncio.Event] = set()

    async def open(self) -> None:
        """Open the groups' ports, and begin."""
        await self.groups.divide(5)

    async def close(self) -> None:
        """End all that runs, and close the groups' ports."""
        await self.groups.close()

    # --- who is told ---

    @contextmanager
    def watched(self, seat: Seat | None = None) -> Iterator[asyncio.Event]:
        """Have an event that is set whenever what a page is told may have changed.

        Args:
            seat: whose page it is; None for the teacher's and the projector's, which are told more, and of all.
        """
        event = asyncio.Event()
        if seat is None:
            self._events.add(event)
        else:
            self._student_events[event] = seat
        try:
            yield event
        finally:
            self._events.discard(event)
            self._student_events.pop(event, None)

    def _changed(self, seat: Seat | None = None) -> None:
        """Have all pages look for what is new; of the students', only those of `seat` where it is given."""
        for event, whose in self._student_events.items():
            if seat is None or whose is seat:
                event.set()
        self._measured()

    def _measured(self) -> None:
        """Have the teacher and the projector look for what is new."""
        for event in self._events:
            event.set()

    def told_seat(self, seat: Seat) -> dict[str, Any]:
        """Return a seat as all may know it."""
        group = self.groups.named(seat.group)
        return {
            "id": seat.id,
            "name": seat.name,
            "group": seat.group,
            "technique": group.settings.technique or seat.choice,
            "may_choose": group.settings.technique is None,
            "muted": seat.muted,
        }

    def info(self) -> dict[str, Any]:
        """Return what everybody may know of the class."""
        return {
            "title": self.title,
            "room": self.room,
            "state": "open" if self.is_open else "ended",
            "people": len(self.seats),
            "address": self.options.join_address,
        }

    def told_student(self, seat: Seat) -> dict[str, Any]:
        """Return what a student's page shows."""
        return {
            "role": "student",
            "now": self.clock.wall_ms(),
            "class": self.info(),
            "seat": self.told_seat(seat),
            "group": self.groups.named(seat.group).told(),
            "stretch": self.stretch,
            "fault": None,
            "hidden": self.hidden,
            "rate": 0,
            "experiment": None,
        }

    def told_projector(self) -> dict[str, Any]:
        """Return what the projector shows."""
        people = Counter(seat.group for seat in self.seats)
        return {
            "role": "projector",
            "now": self.clock.wall_ms(),
            "class": self.info(),
            "shows": self.shows,
            "people": [
                {key: told[key] for key in ("id", "name", "group", "technique")} | {"connected": seat.connections > 0}
                for seat in self.seats
                for told in (self.told_seat(seat),)
            ],
            "groups": [group.told() | {"people": people[group.name]} for group in self.groups],
            "rate": 0,
            "at_random": False,
            "text_bytes": 100,
            "stretch": self.stretch,
            "figures": {},
            "by_group": {},
            "server": {"cpu": None, "connections": 0, "published": 0},
            "simulated": None,
            "fault": None,
            "experiment": None,
            "hidden": self.hidden,
        }

    def told_teacher(self) -> dict[str, Any]:
        """Return what the teacher's console shows: what the projector does, and more."""
        return self.told_projector() | {
            "role": "teacher",
            "seats": [self.told_seat(seat) | {"connected": seat.connections > 0} for seat in self.seats],
            "settings": {},
            "links": {"join": self.options.join_address, "projector": self.options.base + "class/projector"},
            "experiments": [],
            "recording": None,
        }

    # --- students ---

    def take_seat(self, name: str, token: str | None = None) -> tuple[Seat, bool]:
        """Return the seat of a student who gives a name, and whether it is a new one.

        Args:
            name: is checked.
            token: of the cookie; the seat that it has is renamed.

        Raises:
            Problem: 422, 409 or 403 for the name; 403, the class has ended; 503, it is full.
        """
        self._check_open()
        seat = self.seats.by_token(token)
        if seat is not None:
            self.seats.rename(seat, name)
            self._changed()
            return seat, False
        people = Counter(each.group for each in self.seats)
        group = min(self.groups, key=lambda group: people[group.name])
        seat = self.seats.take(name, group.name, self.clock.wall_ms())
        self._changed()
        return seat, True

    def _check_open(self) -> None:
        if not self.is_open:
            raise Problem(403, "The class has ended.")

    def seat_by_token(self, token: str | None) -> Seat | None:
        """Return the seat that a cookie has; None if it has none (any more)."""
        return self.seats.by_token(token)

    def leave(self, seat: Seat) -> None:
        """Free the seat of a student who leaves."""
        self.seats.free(seat)
        self._changed()

    def choose_technique(self, seat: Seat, technique: Technique) -> None:
        """Let a student choose, where the group leaves it open.

        Raises:
            Problem: 409, it does not.
        """
        if self.groups.named(seat.group).settings.technique is not None:
            raise Problem(409, "The teacher has chosen the technique of your group.")
        seat.choice = technique
        self._changed(seat)

    def predict(self, seat: Seat, value: float) -> None:
        """Take a student's answer to the experiment's question."""
        raise Problem(409, "No question is asked just now.")

    @contextmanager
    def connected(self, seat: Seat) -> Iterator[None]:
        """Know that a student's page has its live socket open."""
        seat.connections += 1
        seat.away_since = None
        self._measured()
        try:
            yield
        finally:
            seat.connections -= 1
            seat.away_since = None if seat.connections else self.clock.wall_ms()
            self._measured()

    def report(self, seat: Seat, data: bytes | str) -> None:
        """Take what a phone says of itself.

        Raises:
            Problem: 400 or 422, it is not a report.
        """
        seat.report = parse_report(data)
        self._measured()

    # --- the teacher's commands ---

    def set_class(self, changes: bytes) -> None:
        """Change the class's settings."""
        self._changed()

    def set_group(self, name: str, changes: bytes) -> None:
        """Change the settings of a group, or of all."""
        wanted = Changes.parse(changes)
        for group in self.groups.meant(name):
            group.change(wanted)
        self._changed()

    def strike(self, name: str, fault: bytes) -> dict[str, Any]:
        """Do something to the network of a group, or of all; return what was done to each, in words."""
        done = self.groups.strike(name, Fault.parse(fault))
        self._changed()
        return {"done": done}

    async def divide(self, count: int) -> None:
        """Have so many groups; the seats of those that go are spread."""
        await self.groups.divide(count, self._spread)
        self._changed()

    def _spread(self) -> None:
        names = {group.name for group in self.groups}
        for seat in self.seats:
            if seat.group not in names:
                people = Counter(each.group for each in self.seats)
                seat.group = min(self.groups, key=lambda group: people[group.name]).name

    def set_seat(self, seat_id: str, *, muted: bool | None = None, group: str | None = None) -> Seat:
        """Mute a student, or move one to another group."""
        seat = self.seats.by_id(seat_id)
        if group is not None:
            seat.group = self.groups.named(group).name
        if muted is not None:
            seat.muted = muted
        self._changed(seat)
        return seat

    def remove_seat(self, seat_id: str) -> None:
        """Send a student out; nobody may take that name again."""
        self.seats.remove(self.seats.by_id(seat_id))
        self._changed()

    async def say(self, text: str) -> Message:
        """Publish what the teacher says."""
        return (await self.feed.publish(self.room, Draft("teacher", text), limited=False)).message

    def hide(self, message_id: str) -> None:
        """Have a message of the class not shown any more."""
        self.hidden = [*self.hidden, message_id]
        self._changed()

    def clear(self) -> None:
        """Go on in another room, in which nothing has been said."""
        self.room = self._new_room()
        self.hidden = []
        self._changed()

    def _new_room(self) -> str:
        return "class-" + "".join(self._random.choices("abcdefghijkmnpqrstuvwxyz", k=6))

    def zero(self) -> None:
        """Begin another stretch of measuring."""
        self.stretch += 1
        self._changed()

    async def begin_experiment(self, name: str, phase: str) -> None:
        """Ask the question of an experiment, run it, or explain what came of it."""

    async def end_experiment(self) -> None:
        """Close the experiment."""

    def show(self, what: Any) -> None:
        """Choose what the projector shows."""
        self.shows = what
        self._changed()

    async def simulate(self, clients: int) -> None:
        """Have so many phones that nobody holds."""

    async def end(self) -> None:
        """End the class: nobody joins any more, and nothing more is said."""
        self.is_open = False
        self._changed()
