"""The teacher's commands over HTTP: who knows the token that `pushdemo class` printed may give them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from pushdemo import class_results
from pushdemo.class_requests import Wanted, check_token, class_of, nothing, read_as
from pushdemo.classroom.classroom import MOST_SIMULATED, Classroom
from pushdemo.exchange import NO_STORE, json_answer, read_body
from pushdemo.problems import Problem
from pushdemo.settings import Settings

Answer = Callable[[Request], Awaitable[Response]]
Command = Callable[[Request, Classroom], Awaitable[Response]]


class Division(msgspec.Struct, frozen=True):
    """How many groups the class is to have."""

    groups: Annotated[int, Meta(ge=1, le=8)]


class SeatChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different of one seat."""

    muted: bool | None = None
    group: str | None = None


class Words(msgspec.Struct, frozen=True):
    """What the teacher says."""

    text: str


class ExperimentWanted(msgspec.Struct, frozen=True):
    """Which experiment is to be in which phase."""

    name: str
    phase: Literal["asked", "running", "explained"]


class View(msgspec.Struct, frozen=True):
    """What the projector is to show."""

    shows: str


class Simulation(msgspec.Struct, frozen=True):
    """How many phones there are that nobody holds."""

    clients: Annotated[int, Meta(ge=0, le=MOST_SIMULATED)]


class Teacher:
    """What the teacher commands."""

    def __init__(self, classroom: Classroom | None, settings: Settings) -> None:
        self._classroom = classroom
        self._settings = settings

    def commanded(self, command: Command) -> Answer:
        """Return what answers a request: the command, where the teacher gives it."""

        async def answer(request: Request) -> Response:
            classroom = class_of(self._classroom, request)
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not given.strip():
                asked = {"WWW-Authenticate": "Bearer"}
                raise Problem(401, "Expected the teacher's token, as Authorization: Bearer TOKEN.", headers=asked)
            check_token(given.strip(), classroom.options.token)
            return await command(request, classroom)

        return answer

    async def _body(self, request: Request, kind: type[Wanted], expected: str) -> Wanted:
        return read_as(await read_body(request, self._settings), kind, expected)

    async def state(self, request: Request, classroom: Classroom) -> Response:
        """Tell all there is."""
        return json_answer(classroom.told_teacher())

    async def set_class(self, request: Request, classroom: Classroom) -> Response:
        """Change the class's settings."""
        classroom.set_class(await read_body(request, self._settings))
        return json_answer(classroom.info())

    async def set_group(self, request: Request, classroom: Classroom) -> Response:
        """Change the settings of a group, or of all."""
        name = request.path_params["group"]
        classroom.set_group(name, await read_body(request, self._settings))
        return json_answer({"groups": [group.told() for group in classroom.groups.meant(name)]})

    async def strike(self, request: Request, classroom: Classroom) -> Response:
        """Do something to the network of a group, or of all."""
        fault = await read_body(request, self._settings)
        return json_answer(classroom.strike(request.path_params["group"], fault))

    async def divide(self, request: Request, classroom: Classroom) -> Response:
        """Divide the class into so many groups."""
        wanted = await self._body(request, Division, "how many groups, from 1 to 8")
        await classroom.divide(wanted.groups)
        return json_answer({"groups": [group.told() for group in classroom.groups]})

    async def set_seat(self, request: Request, classroom: Classroom) -> Response:
        """Mute a student, or move one to another group."""
        wanted = await self._body(request, SeatChanges, "muted or group")
        seat = classroom.set_seat(request.path_params["seat"], muted=wanted.muted, group=wanted.group)
        return json_answer(classroom.told_seat(seat))

    async def remove_seat(self, request: Request, classroom: Classroom) -> Response:
        """Send a student out."""
        classroom.remove_seat(request.path_params["seat"])
        return nothing()

    async def say(self, request: Request, classroom: Classroom) -> Response:
        """Publish what the teacher says."""
        words = await self._body(request, Words, "a text")
        message = await classroom.say(words.text)
        return Response(message.json, 201, NO_STORE, "application/json")

    async def hide(self, request: Request, classroom: Classroom) -> Response:
        """Have a message not shown any more."""
        classroom.hide(request.path_params["message"])
        return nothing()

    async def clear(self, request: Request, classroom: Classroom) -> Response:
        """Go on in an empty room."""
        classroom.clear()
        return json_answer(classroom.info())

    async def zero(self, request: Request, classroom: Classroom) -> Response:
        """Begin another stretch of measuring."""
        classroom.zero()
        return json_answer({"stretch": classroom.hall.stretch})

    async def begin(self, request: Request, classroom: Classroom) -> Response:
        """Ask the question of an experiment, run it, or explain what came of it."""
        wanted = await self._body(request, ExperimentWanted, "the name of an experiment and a phase")
        await classroom.begin_experiment(wanted.name, wanted.phase)
        return nothing()

    async def end_experiment(self, request: Request, classroom: Classroom) -> Response:
        """Close the experiment."""
        await classroom.end_experiment()
        return nothing()

    async def show(self, request: Request, classroom: Classroom) -> Response:
        """Choose what the projector shows."""
        view = await self._body(request, View, "what the projector shows")
        classroom.show(view.shows)
        return nothing()

    async def simulate(self, request: Request, classroom: Classroom) -> Response:
        """Have so many phones that nobody holds."""
        wanted = await self._body(request, Simulation, f"how many clients, from 0 to {MOST_SIMULATED:,}")
        await classroom.simulate(wanted.clients)
        return nothing()

    async def end(self, request: Request, classroom: Classroom) -> Response:
        """End the class."""
        await classroom.end()
        return json_answer(classroom.info())

    async def results_as_json(self, request: Request, classroom: Classroom) -> Response:
        """Give what was measured as JSON."""
        return _file(class_results.as_json(classroom), "json", "application/json")

    async def results_as_csv(self, request: Request, classroom: Classroom) -> Response:
        """Give what was measured as a table, a row for each phone, stretch and technique."""
        return _file(class_results.as_csv(classroom.results()), "csv", "text/csv; charset=utf-8")


def _file(content: bytes, ending: str, media_type: str) -> Response:
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="pushdemo-class.{ending}"'}
    return Response(content, headers=headers | {"Content-Type": media_type})
