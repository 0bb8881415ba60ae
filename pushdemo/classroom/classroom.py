"""The class as it is commanded: what students and the teacher may do, and what each page is told.

Every command checks what it is given and raises a Problem where it cannot be done. Commands that open or close the
groups' ports are asynchronous.
"""

import re
from random import Random
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pushdemo.classroom import told
from pushdemo.classroom.groups import AT_FIRST, Changes, Groups
from pushdemo.classroom.hall import Crowd, Hall
from pushdemo.classroom.metronome import Beat
from pushdemo.classroom.options import ClassOptions
from pushdemo.classroom.recording import Recording
from pushdemo.classroom.results import Row
from pushdemo.classroom.seats import Seat, Seats
from pushdemo.classroom.students_side import StudentsSide
from pushdemo.clock import Clock
from pushdemo.feed import Feed
from pushdemo.lab.faults import Fault
from pushdemo.lab.network import decode_object
from pushdemo.lab.sessions import Lab
from pushdemo.messages import Cursor, Draft, Message
from pushdemo.problems import Problem, shown

TEACHER = "teacher"
SHOWS = re.compile(r"[a-z][a-z0-9-]{0,39}")
MOST_HIDDEN = 500
MOST_SIMULATED = 2_000

Title = Annotated[str, Meta(max_length=80)]


class Classroom(StudentsSide):
    """One class.

    Args:
        feed: has the class's room; is open when the class opens.
        lab: has the groups' sessions.
        options: with what it was started.
        clock: the feed's if not given.
        random: makes what nobody has to guess: the room's name, the seats' ids.

    Attributes:
        recording: the file that keeps what happens, where one does.
    """

    def __init__(
        self, feed: Feed, lab: Lab, options: ClassOptions, clock: Clock | None = None, random: Random | None = None
    ) -> None:
        super().__init__(Hall(feed, lab, options, clock or feed.clock, random or Random()))
        self.options = options
        self.recording: Recording | None = None
        self.watched = self.hall.watched
        feed.when_published(self._record)

    async def open(self) -> None:
        """Open the groups' ports, and begin the recording.

        Raises:
            Problem: 503, there are not enough; or there can be no simulated phones.
            RecordingError: it cannot be written.
        """
        await self.hall.divide(AT_FIRST)
        if self.options.record is not None:
            seed = self.hall.metronome.beat.seed
            self.recording = Recording(self.options.record, self.told_projector, self.hall.clock, seed)
            self.recording.start()
        if self.options.simulate:
            await self.simulate(self.options.simulate)

    async def close(self) -> None:
        """End all that runs, the recording too, and close the groups' ports."""
        if self.recording is not None:
            self.recording.stop({group.name: group.session.capture for group in self.groups})
        await self.trials.close()
        if self.crowd is not None:
            await self.crowd.stop()
        await self.hall.close()

    @property
    def crowd(self) -> Crowd | None:
        """The simulated phones, where the class can have them."""
        return self.hall.crowd

    @crowd.setter
    def crowd(self, crowd: Crowd | None) -> None:
        self.hall.crowd = crowd

    @property
    def seats(self) -> Seats:
        """The students."""
        return self.hall.seats

    @property
    def groups(self) -> Groups:
        """The groups."""
        return self.hall.groups

    @property
    def is_open(self) -> bool:
        """Whether the class has not ended."""
        return self.hall.is_open

    # --- what pages are told ---

    def info(self) -> dict[str, Any]:
        """Return what everybody may know of the class."""
        return told.info(self.hall)

    def told_seat(self, seat: Seat) -> dict[str, Any]:
        """Return a seat as all may know it."""
        return told.seat(self.hall, seat)

    def told_student(self, seat: Seat) -> dict[str, Any]:
        """Return what a student's page shows."""
        return told.student(self.hall, self.trials, seat)

    def told_projector(self) -> dict[str, Any]:
        """Return what the projector shows."""
        return told.projector(self.hall, self.trials, self._told_crowd())

    def told_teacher(self) -> dict[str, Any]:
        """Return what the teacher's console shows."""
        recording = None if self.recording is None else self.recording.told()
        return told.teacher(self.hall, self.trials, self._told_crowd(), recording)

    def _record(self, message: Message) -> None:
        if self.recording is not None and message.room == self.hall.room:
            self.recording.message(message)

    def _told_crowd(self) -> dict[str, Any] | None:
        return None if self.crowd is None else self.crowd.told()

    def results(self) -> list[Row]:
        """Return the results: a row for each phone, stretch and technique."""
        return [*self.hall.rows, *self.hall.rows_now()]

    # --- what the teacher does ---

    def set_class(self, changes: bytes) -> None:
        """Change the title and the metronome: title, rate, at_random, text_bytes, seed.

        Raises:
            Problem: 400 or 422, it is not that; 409, an experiment has the metronome.
        """
        wanted = decode_object(changes)
        try:
            title = msgspec.convert(wanted.pop("title", self.hall.title), type=Title)
            beat = msgspec.convert(msgspec.structs.asdict(self.hall.metronome.beat) | wanted, type=Beat)
        except msgspec.ValidationError as error:
            names = ", ".join(("title", *Beat.__struct_fields__))
            raise Problem(422, f"A class has {names}: {error}.") from None
        if beat != self.hall.metronome.beat:
            self.trials.check_not_running()
        self.hall.title = title
        if self.is_open:
            self.hall.metronome.set(beat)
        self.hall.changed()

    def set_group(self, name: str, changes: bytes) -> None:
        """Change the settings of a group, or of all.

        Raises:
            Problem: 400 or 422, it is not that; 404, there is no such group; 409, an experiment runs.
        """
        wanted = Changes.parse(changes)
        groups = self.groups.meant(name)
        self.trials.check_not_running()
        for group in groups:
            group.change(wanted)
        self.hall.changed()

    def strike(self, name: str, fault: bytes) -> dict[str, Any]:
        """Do something to the network of a group, or of all; return what was done to each, in words.

        Raises:
            Problem: 400 or 422, it is no fault; 404, there is no such group; 409, an experiment runs.
        """
        wanted = Fault.parse(fault)
        self.trials.check_not_running()
        done = self.hall.strike(name, wanted)
        return {"done": done}

    async def divide(self, count: int) -> None:
        """Have so many groups; students are spread evenly where groups come or go.

        Raises:
            Problem: 422, it is not 1 to 8; 503, no port is free for a group; 409, an experiment runs.
        """
        self.trials.check_not_running()
        await self.hall.divide(count)

    def set_seat(self, seat_id: str, *, muted: bool | None = None, group: str | None = None) -> Seat:
        """Mute a student, or move one to another group.

        Raises:
            Problem: 404, there is no such seat or group.
        """
        seat = self.seats.by_id(seat_id)
        if group is not None:
            seat.group = self.groups.named(group).name
        if muted is not None:
            seat.muted = muted
        self.hall.changed(seat)
        return seat

    def remove_seat(self, seat_id: str) -> None:
        """Send a student out; nobody may take that name again.

        Raises:
            Problem: 404, there is no such seat.
        """
        self.seats.remove(self.seats.by_id(seat_id))
        self.hall.changed()

    async def say(self, text: str) -> Message:
        """Publish what the teacher says.

        Raises:
            Problem: 422, the text is empty or too long; 403, the class has ended; 503, the log cannot keep it.
        """
        self.check_open()
        return (await self.hall.feed.publish(self.hall.room, Draft(TEACHER, text), limited=False)).message

    def hide(self, message_id: str) -> None:
        """Have a message of the class not shown any more.

        Raises:
            Problem: 400, it is no message's id.
        """
        message_id = str(Cursor.parse(message_id))
        if message_id not in self.hall.hidden:
            self.hall.hidden = [*self.hall.hidden, message_id][-MOST_HIDDEN:]
        self.hall.changed()

    def clear(self) -> None:
        """Go on in another room, in which nothing has been said."""
        self.hall.change_room()
        self.hall.changed()

    def zero(self) -> None:
        """Begin another stretch of measuring.

        Raises:
            Problem: 409, an experiment measures.
        """
        self.trials.check_not_running()
        self.hall.begin_stretch()
        self.hall.changed()

    async def begin_experiment(self, name: str, phase: str) -> None:
        """Ask the question of an experiment, run it, or explain what came of it.

        Raises:
            Problem: 422, there is no such experiment or phase; 409, it runs already, or the class has ended; 503, no
                port is free for a group.
        """
        if not self.is_open:
            raise Problem(409, "The class has ended.")
        await self.trials.begin(name, phase)

    async def end_experiment(self) -> None:
        """Close the experiment."""
        await self.trials.end()

    def show(self, what: str) -> None:
        """Choose what the projector shows, by its name.

        Raises:
            Problem: 422, it is no name.
        """
        if SHOWS.fullmatch(what) is None:
            raise Problem(
                422, f"The projector shows what has a name such as address or delays; this came: {shown(what)}."
            )
        self.hall.shows = what
        self.hall.changed()

    async def simulate(self, clients: int) -> None:
        """Have so many phones that nobody holds.

        Raises:
            Problem: 422, it is no such number; 503, this class can have none; 403, the class has ended.
        """
        if not 0 <= clients <= MOST_SIMULATED:
            raise Problem(422, f"There may be 0 to {MOST_SIMULATED:,} simulated phones; this came: {clients}.")
        if self.crowd is None:
            raise Problem(503, "This class has no simulated phones.")
        if clients:
            self.check_open()
            await self.crowd.start(clients)
        else:
            await self.crowd.stop()
        self.hall.changed()

    async def end(self) -> None:
        """End the class: nobody joins any more, and nothing more is said."""
        self.hall.is_open = False
        self.hall.metronome.stop()
        if self.trials.is_running:
            await self.trials.end()
        self.hall.metronome.set(Beat())
        if self.crowd is not None:
            await self.crowd.stop()
        self.hall.changed()
