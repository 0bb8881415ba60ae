"""What all requests of the class's pages have in common: which class is asked for, who asks, and what is wanted."""

import secrets
from typing import TypeVar

import msgspec
from starlette.requests import HTTPConnection
from starlette.responses import Response

from pushdemo.classroom.classroom import Classroom
from pushdemo.exchange import NO_STORE
from pushdemo.problems import Problem
from pushdemo.real_peer import standing_of

PATH = "/api/class"
NO_CLASS = "No class is on here: start one with `pushdemo class`."

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


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


def nothing() -> Response:
    """Return the answer to a command that has none."""
    return Response(status_code=204, headers=NO_STORE)
