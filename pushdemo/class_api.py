"""The class's routes: what anybody may ask, what a student does, and what the teacher commands.

Who holds the cookie of a seat is that student; who knows the token that `pushdemo class` printed is the teacher. All
of it is at the server's main port alone: the network of a group, which a lab port stands for, must not be able to
carry the commands that break it, nor what runs there give any. Try it, with the token of a class on port 8000:

    curl http://127.0.0.1:8000/api/class
    curl -c jar -d '{"name": "Li"}' http://127.0.0.1:8000/api/class/seats
    curl -H 'Authorization: Bearer TOKEN' -d '{"text": "Good morning"}' http://127.0.0.1:8000/api/class/messages
    curl -H 'Authorization: Bearer TOKEN' -X PATCH -d '{"technique": "sse"}' http://127.0.0.1:8000/api/class/groups/A
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo import class_results
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.seats import Seat
from pushdemo.exchange import NO_STORE, SEAT_COOKIE, client_address, json_answer, read_body, seat_of
from pushdemo.feed import Feed, Technique
from pushdemo.network import qr_drawing
from pushdemo.problems import Problem
from pushdemo.rates import RateLimit
from pushdemo.real_peer import standing_of
from pushdemo.settings import Settings

PATH = "/api/class"
SEAT_LASTS_S = 12 * 3600
"""A browser that was closed in the break finds its seat again; tomorrow's class is another."""
SEATS_PER_S, SEATS_AT_ONCE = 0.2, 60
"""That one address may take or rename: a class may sit behind one, but not take all seats for a joke."""
MOST_SIMULATED = 2_000
NO_CLASS = "No class is on here: start one with `pushdemo class`."

Wanted = TypeVar("Wanted", bound=msgspec.Struct)
Answer = Callable[[Request], Awaitable[Response]]
Command = Callable[[Request, Classroom], Awaitable[Response]]


class SeatWanted(msgspec.Struct, frozen=True):
    """A student gives a name."""

    name: str


class TechniqueWanted(msgspec.Struct, frozen=True):
    """A student chooses."""

    technique: Technique


class Prediction(msgspec.Struct, frozen=True):
    """A student answers the experiment's question."""

    value: Annotated[float, Meta(ge=0, le=1e9)]


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


def routes(classroom: Classroom | None, feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the routes of the class; where none is on, each answers 404."""
    anybody = _Anybody(classroom)
    student = _Student(classroom, feed, settings)
    teacher = _Teacher(classroom, settings)
    by_teacher = teacher.commanded
    return [
        _route("", GET=anybody.info, PATCH=by_teacher(teacher.set_class)),
        _route("/qr.svg", GET=anybody.qr_code),
        _route("/seats", POST=student.take_seat),
        _route("/seats/mine", GET=student.show, DELETE=student.leave),
        _route("/seats/mine/technique", POST=student.choose),
        _route("/seats/mine/prediction", POST=student.predict),
        _route("/teacher", GET=by_teacher(teacher.state)),
        _route("/groups/{group}", PATCH=by_teacher(teacher.set_group)),
        _route("/groups/{group}/faults", POST=by_teacher(teacher.strike)),
        _route("/division", POST=by_teacher(teacher.divide)),
        _route("/seats/{seat}", PATCH=by_teacher(teacher.set_seat), DELETE=by_teacher(teacher.remove_seat)),
        _route("/messages", POST=by_teacher(teacher.say)),
        _route("/messages/{message}", DELETE=by_teacher(teacher.hide)),
        _route("/clear", POST=by_teacher(teacher.clear)),
        _route("/zero", POST=by_teacher(teacher.zero)),
        _route("/experiment", POST=by_teacher(teacher.begin), DELETE=by_teacher(teacher.end_experiment)),
        _route("/projector", POST=by_teacher(teacher.show)),
        _route("/simulated", POST=by_teacher(teacher.simulate)),
        _route("/end", POST=by_teacher(teacher.end)),
        _route("/results.json", GET=by_teacher(teacher.results_as_json)),
        _route("/results.csv", GET=by_teacher(teacher.results_as_csv)),
    ]


def _route(below: str, **by_method: Answer) -> Route:
    """Return one route for all methods of a path, so that 405 names all of them."""

    async def answer(request: Request) -> Response:
        return await by_method["GET" if request.method == "HEAD" else request.method](request)

    return Route(PATH + below, answer, methods=list(by_method))


def class_of(classroom: Classroom | None, connection: HTTPConnection) -> Classroom:
    """Return the class that is on.

    Raises:
        Problem: 404, none is; 503, nobody has opened it; 403, the request came through a lab port.
    """
    if classroom is None:
        raise Problem(404, NO_CLASS)
    if not classroom.groups:
        raise Problem(503, "The class was never opened: the application's lifespan does that.")
    if standing_of(connection.scope) is not None:
        raise Problem(403, "The class is at the server's main port, not behind a lab port.")
    return classroom


def check_token(given: str, token: str) -> None:
    """Refuse who does not know the teacher's token.

    Raises:
        Problem: 403.
    """
    if not secrets.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode()):
        raise Problem(403, "This is not the token of this class: `pushdemo class` printed the teacher's link.")


def read_as(data: bytes | str, kind: type[Wanted], expected: str) -> Wanted:
    """Return what a body or a message says.

    Raises:
        Problem: 400, it is not JSON; 422, it is something else than expected.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Problem(422, f"Expected {expected}: {error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Problem(400, f"Expected JSON in UTF-8: {error}.") from None


def _nothing() -> Response:
    return Response(status_code=204, headers=NO_STORE)


class _Anybody:
    """What everybody may ask."""

    def __init__(self, classroom: Classroom | None) -> None:
        self._classroom = classroom

    async def info(self, request: Request) -> Response:
        """Tell what class this is."""
        return json_answer(class_of(self._classroom, request).info())

    async def qr_code(self, request: Request) -> Response:
        """Draw the address at which students join."""
        classroom = class_of(self._classroom, request)
        drawing = qr_drawing(classroom.options.join_address)
        return Response(drawing, headers=NO_STORE, media_type="image/svg+xml")


class _Student:
    """What a student does; the cookie says which one."""

    def __init__(self, classroom: Classroom | None, feed: Feed, settings: Settings) -> None:
        self._classroom = classroom
        self._settings = settings
        rate = SEATS_PER_S if settings.publish_rate else 0  # which lifts all that is asked of an address
        self._by_address = RateLimit(rate, SEATS_AT_ONCE, feed.clock)

    def _seat(self, request: Request) -> tuple[Classroom, Seat]:
        classroom = class_of(self._classroom, request)
        seat = classroom.seat_by_token(seat_of(request.scope))
        if seat is None:
            raise Problem(404, "You have no seat in this class, or no longer: join it with a name.")
        return classroom, seat

    async def take_seat(self, request: Request) -> Response:
        """Give a seat to a new student, or another name to one who has a seat."""
        classroom = class_of(self._classroom, request)
        wanted = read_as(await read_body(request, self._settings), SeatWanted, "a name")
        wait_s = self._by_address.take(client_address(request.scope) or "")
        if wait_s:
            raise Problem(429, "So many have joined from this address that the next must wait.", retry_after_s=wait_s)
        seat, is_new = classroom.take_seat(wanted.name, seat_of(request.scope))
        response = json_answer(classroom.told_seat(seat), 201 if is_new else 200)
        _set_cookie(response, request, seat.token, SEAT_LASTS_S)
        return response

    async def show(self, request: Request) -> Response:
        """Tell a student of the own seat."""
        classroom, seat = self._seat(request)
        return json_answer(classroom.told_seat(seat))

    async def leave(self, request: Request) -> Response:
        """Free the seat of a student who leaves."""
        classroom, seat = self._seat(request)
        classroom.leave(seat)
        response = _nothing()
        _set_cookie(response, request, "", 0)
        return response

    async def choose(self, request: Request) -> Response:
        """Let a student choose the technique."""
        classroom, seat = self._seat(request)
        wanted = read_as(await read_body(request, self._settings), TechniqueWanted, "the name of a technique")
        classroom.choose_technique(seat, wanted.technique)
        return json_answer(classroom.told_seat(seat))

    async def predict(self, request: Request) -> Response:
        """Take a student's answer to the question."""
        classroom, seat = self._seat(request)
        wanted = read_as(await read_body(request, self._settings), Prediction, "a number as value")
        classroom.predict(seat, wanted.value)
        return _nothing()


def _set_cookie(response: Response, request: Request, token: str, lasts_s: int) -> None:
    """Have the browser keep a seat's token (RFC 6265); it keeps it from scripts and from requests of other sites."""
    path = f"{request.scope.get('root_path', '')}/"
    response.set_cookie(SEAT_COOKIE, token, max_age=lasts_s, path=path, httponly=True, samesite="strict")


class _Teacher:
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
        return _nothing()

    async def say(self, request: Request, classroom: Classroom) -> Response:
        """Publish what the teacher says."""
        words = await self._body(request, Words, "a text")
        message = await classroom.say(words.text)
        return Response(message.json, 201, NO_STORE, "application/json")

    async def hide(self, request: Request, classroom: Classroom) -> Response:
        """Have a message not shown any more."""
        classroom.hide(request.path_params["message"])
        return _nothing()

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
        return _nothing()

    async def end_experiment(self, request: Request, classroom: Classroom) -> Response:
        """Close the experiment."""
        await classroom.end_experiment()
        return _nothing()

    async def show(self, request: Request, classroom: Classroom) -> Response:
        """Choose what the projector shows."""
        view = await self._body(request, View, "what the projector shows")
        classroom.show(view.shows)
        return _nothing()

    async def simulate(self, request: Request, classroom: Classroom) -> Response:
        """Have so many phones that nobody holds."""
        wanted = await self._body(request, Simulation, f"how many clients, from 0 to {MOST_SIMULATED:,}")
        await classroom.simulate(wanted.clients)
        return _nothing()

    async def end(self, request: Request, classroom: Classroom) -> Response:
        """End the class."""
        await classroom.end()
        return json_answer(classroom.info())

    async def results_as_json(self, request: Request, classroom: Classroom) -> Response:
        """Give what was measured as JSON."""
        return _file(class_results.as_json(classroom), "json", "application/json")

    async def results_as_csv(self, request: Request, classroom: Classroom) -> Response:
        """Give what was measured as a table, a row for each phone and stretch."""
        return _file(class_results.as_csv(classroom.results()), "csv", "text/csv; charset=utf-8")


def _file(content: bytes, ending: str, media_type: str) -> Response:
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="pushdemo-class.{ending}"'}
    return Response(content, headers=headers | {"Content-Type": media_type})
