"""Where the class takes place: its parts, and what ties them together. Commands and tellings are made of this."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, Protocol

from pushdemo.classroom.experiments import Seen
from pushdemo.classroom.figures import Tally
from pushdemo.classroom.gate import gate, shut
from pushdemo.classroom.groups import ALL, Group, Groups
from pushdemo.classroom.load import ServerLoad
from pushdemo.classroom.measuring import Measuring
from pushdemo.classroom.metronome import Metronome
from pushdemo.classroom.options import ClassOptions
from pushdemo.classroom.outcomes import Outcome, Struck, Witness
from pushdemo.classroom.results import Asked, Row, rows_of
from pushdemo.classroom.seats import Seat, Seats
from pushdemo.classroom.traffic import NOTHING, Traffic
from pushdemo.clock import Clock, Timer
from pushdemo.feed import Feed, Technique
from pushdemo.lab.faults import Fault
from pushdemo.lab.sessions import Lab
from pushdemo.messages import Draft
from pushdemo.network import LOOPBACK

ROOM_LETTERS = "abcdefghijkmnpqrstuvwxyz"
EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}
"""Where a server is reached from its own machine that listens on all addresses."""
MOST_ROWS = 20_000
"""Of results that are kept: a hundred students, two hundred stretches."""


class Crowd(Protocol):
    """Phones that nobody holds."""

    async def start(self, clients: int) -> None:
        """Have so many."""

    def set_room(self, room: str) -> None:
        """Have them read another room."""

    def zero(self) -> None:
        """Have them measure from nothing."""

    async def stop(self) -> None:
        """Have none."""

    def told(self) -> dict[str, Any] | None:
        """Return what they measure; None where there are none."""


class Hall:
    """The class, without its commands.

    Args:
        feed: has the class's room.
        lab: has the groups' sessions.
        options: with what the class was started.
        clock: for all that takes time.
        random: makes what nobody has to guess: the room's name, the seats' ids.

    Attributes:
        crowd: the simulated phones, where the class can have them.
        shows: what the projector shows, by its name.
        hidden: ids of the messages that no page of the class shows any more.
        outcome: of what was done to the network last, in this stretch.
    """

    def __init__(self, feed: Feed, lab: Lab, options: ClassOptions, clock: Clock, random: Random) -> None:
        self.feed = feed
        self.options = options
        self.clock = clock
        self.title = options.title
        self.is_open = True
        self.crowd: Crowd | None = None
        self.shows = "address"
        self.hidden: list[str] = []
        self.seats = Seats(random)
        host = lab.settings.host
        self.groups = Groups(lab, (EVERYWHERE.get(host, host), options.port))
        self.metronome = Metronome(self._publish, clock)
        self.load = ServerLoad(feed, clock)
        self.measuring = Measuring(1)
        self.traffic = Traffic(())
        self.outcome: Outcome | None = None
        self.rows: list[Row] = []  # of former stretches
        self._random = random
        self._faults = 0
        self._rooms: list[str] = []
        self._timers: deque[Timer] = deque(maxlen=100)
        self._student_events: dict[asyncio.Event, Seat] = {}
        self._events: set[asyncio.Event] = set()
        self.change_room()

    @property
    def room(self) -> str:
        """The room of the feed that the class is in."""
        return self._rooms[-1]

    @property
    def stretch(self) -> int:
        """The number of the present stretch of measuring."""
        return self.measuring.stretch

    async def close(self) -> None:
        """End all that runs by itself, and close the groups' ports."""
        await self.metronome.close()
        for timer in self._timers:
            timer.cancel()
        await self.groups.close()
        for room in self._rooms:
            self.feed.unguard(room)

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

    def changed(self, seat: Seat | None = None) -> None:
        """Have all pages look for what is new; of the students', only those of `seat` where it is given."""
        for event, whose in self._student_events.items():
            if seat is None or whose is seat:
                event.set()
        self.measured()

    def measured(self) -> None:
        """Have the teacher's pages and the projector look for what is new; it is nothing to the students' pages."""
        for event in self._events:
            event.set()

    # --- the room ---

    def change_room(self) -> None:
        """Go on in another room, in which nothing has been said."""
        if self._rooms:
            self.feed.guard(self.room, shut)
        self._rooms.append("class-" + "".join(self._random.choices(ROOM_LETTERS, k=6)))
        self.feed.guard(self.room, gate(self.seats.by_token, lambda: self.is_open))
        self.hidden = []
        if self.crowd is not None:
            self.crowd.set_room(self.room)

    async def _publish(self, draft: Draft) -> None:
        if not self.is_open:  # a tick that was due as the class ended
            return
        await self.feed.publish(self.room, draft, limited=False)

    # --- who is where ---

    def smallest_group(self) -> Group:
        """Return the group for the next student: the first of those with the fewest."""
        people = self.people()
        return min(self.groups, key=lambda group: people[group.name])

    def people(self) -> Counter[str]:
        """Return how many students each group has."""
        return Counter(seat.group for seat in self.seats)

    def technique_of(self, seat: Seat) -> Technique | None:
        """Return what a student's phone should run: what the group is set to, or else the student's own choice."""
        return self.groups.named(seat.group).settings.technique or seat.choice

    async def divide(self, count: int) -> None:
        """Have so many groups, with the students spread evenly where groups came or went.

        Raises:
            Problem: 422, it is no such number; 503, no port is free for a new group.
        """
        before = len(self.groups)
        await self.groups.divide(count, lambda: self._spread(even=count > before))
        self.changed()

    def _spread(self, *, even: bool) -> None:
        """Give the seats of groups that are gone to others; for new groups take of the largest, who came last first."""
        names = {group.name for group in self.groups}
        for seat in self.seats:
            if seat.group not in names:
                seat.group = self.smallest_group().name
        while even:
            people = self.people()
            largest, least = max(people.values(), default=0), self.smallest_group()
            if largest - people[least.name] <= 1:
                break
            movable = [seat for seat in self.seats if people[seat.group] == largest]
            movable[-1].group = least.name

    # --- measuring ---

    def begin_stretch(self, asked: Asked | None = None, *, keep_outcome: bool = False) -> None:
        """Keep what was measured, and measure from nothing.

        Args:
            asked: the experiment that the stretch was of which ends.
            keep_outcome: of the last fault; the experiment that it was part of is still to be talked about.
        """
        self.rows = [*self.rows, *self.rows_now(asked)][-MOST_ROWS:]
        self.measuring = Measuring(self.stretch + 1)
        self.traffic = Traffic(self.groups)
        self.outcome = self.outcome if keep_outcome else None
        for group in self.groups:
            group.struck = None
        self.metronome.begin_stretch(self.stretch)
        if self.crowd is not None:
            self.crowd.zero()

    def rows_now(self, asked: Asked | None = None) -> list[Row]:
        """Return the results of the present stretch so far."""
        return rows_of(self.measuring, asked)

    def seen(self, group: Group, technique: Technique) -> Seen:
        """Return what was measured in a group so far."""
        tally = self.measuring.by_group.get(group.name) or Tally(0)
        crossed = self.traffic.of(group).get(technique, NOTHING)
        if self.outcome is None:
            return Seen(tally, crossed, [], 0)
        return Seen(tally, crossed, self.outcome.noticed_ms(group.name), self.outcome.heard_from(group.name))

    # --- faults ---

    def strike(self, name: str, fault: Fault) -> dict[str, str]:
        """Do one thing to the network of the groups meant; return what was done to each, in words.

        That a network comes back is the end of a fault, not another one.

        Raises:
            Problem: 404, there is no such group.
        """
        groups = self.groups.meant(name)
        done = {group.name: group.session.break_by(fault) for group in groups}
        if fault.fault != "come_back":
            self._faults += 1
            struck = Struck(self._faults, self.clock.wall_ms(), fault.fault, fault.seconds, name)
            self.outcome = Outcome(struck, self._witnesses(groups))
            for group in groups:
                group.struck = struck
        if fault.seconds is not None:
            self._timers.append(self.clock.call_later(fault.seconds, self.changed))
        self.changed()
        return done

    def strike_all(self, fault: Fault) -> None:
        """Do one thing to all networks."""
        self.strike(ALL, fault)

    def _witnesses(self, groups: list[Group]) -> list[Witness]:
        names = {group.name for group in groups}
        return [Witness(seat, seat.group, self.technique_of(seat)) for seat in self.seats if seat.group in names]
