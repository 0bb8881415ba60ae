"""The class's routes: what anybody may ask, what a student does, and what the teacher commands.

Who holds the cookie of a seat is that student; who knows the token that `pushdemo class` printed is the teacher. All
of it is at the server's main port alone: the network of a group, which a lab port stands for, must not be able to
carry the commands that break it, nor what runs there give any. Try it, with the token of a class on port 8000:

    curl http://127.0.0.1:8000/api/class
    curl -c jar -d '{"name": "Li"}' http://127.0.0.1:8000/api/class/seats
    curl -H 'Authorization: Bearer TOKEN' -d '{"text": "Good morning"}' http://127.0.0.1:8000/api/class/messages
    curl -H 'Authorization: Bearer TOKEN' -X PATCH -d '{"technique": "sse"}' http://127.0.0.1:8000/api/class/groups/A
"""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo.class_commands import Answer, Teacher
from pushdemo.class_requests import PATH, class_of, nothing, read_as
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.seats import Seat
from pushdemo.exchange import NO_STORE, SEAT_COOKIE, client_address, json_answer, read_body, seat_of
from pushdemo.feed import Feed, Technique
from pushdemo.network import qr_drawing
from pushdemo.problems import Problem
from pushdemo.rates import RateLimit
from pushdemo.settings import Settings

SEAT_LASTS_S = 12 * 3600
"""A browser that was closed in the break finds its seat again; tomorrow's class is another."""
SEATS_PER_S, SEATS_AT_ONCE = 0.2, 60
"""That one address may take or rename: a class may sit behind one, but not take all seats for a joke."""


class SeatWanted(msgspec.Struct, frozen=True):
    """A student gives a name."""

    name: str


class TechniqueWanted(msgspec.Struct, frozen=True):
    """A student chooses."""

    technique: Technique


class Prediction(msgspec.Struct, frozen=True):
    """A student answers the experiment's question."""

    value: Annotated[float, Meta(ge=0, le=1e9)]


def routes(classroom: Classroom | None, feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the routes of the class; where none is on, each answers 404."""
    anybody = _Anybody(classroom)
    student = _Student(classroom, feed, settings)
    teacher = Teacher(classroom, settings)
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


class _Anybody:
    """What everybody may ask."""

    def __init__(self, classroom: Classroom | None) -> None:
        self._classroom = classroom

    async def info(self, request: Request) -> Response:
        """Tell what class this is, and which seat in it the asking browser has."""
        classroom = class_of(self._classroom, request)
        seat = classroom.seat_by_token(seat_of(request.scope))
        return json_answer(classroom.info() | {"seat": None if seat is None else classroom.told_seat(seat)})

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
        response = nothing()
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
        return nothing()


def _set_cookie(response: Response, request: Request, token: str, lasts_s: int) -> None:
    """Have the browser keep a seat's token (RFC 6265); it keeps it from scripts and from requests of other sites."""
    path = f"{request.scope.get('root_path', '')}/"
    response.set_cookie(SEAT_COOKIE, token, max_age=lasts_s, path=path, httponly=True, samesite="strict")
