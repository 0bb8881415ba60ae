"""The application: the one place that knows all its parts.

from pushdemo.app import create_app

app = create_app()                                  # settings and log as they come
outer = Starlette(routes=[Mount("/push", app)])     # or mounted, with `async with feed:` in the outer lifespan
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from pushdemo import about, by_hand, class_api, class_live, handshake, lab_api, pages, report_page, whose_page
from pushdemo.admission import Admission
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.crowd import Crowd
from pushdemo.classroom.options import ClassOptions
from pushdemo.clock import SystemClock
from pushdemo.exchange import problem_answer
from pushdemo.feed import Feed
from pushdemo.lab.sessions import Lab
from pushdemo.log.memory import MemoryLog
from pushdemo.network import url
from pushdemo.problems import Problem
from pushdemo.real_peer import RealPeer
from pushdemo.settings import Settings
from pushdemo.transports import long_poll, publish, short_poll, socket_io, sse, websocket


def create_app(
    feed: Feed | None = None,
    settings: Settings | None = None,
    report: Path | None = None,
    classroom: ClassOptions | None = None,
) -> Starlette:
    """Return the application over `feed`, to be served by any ASGI server or mounted in another application.

    Args:
        feed: opened by the application's lifespan if it is not open yet; without one, a feed in memory.
        settings: limits and intervals; those of `feed` if not given.
        report: the file that /report shows; where the benchmark leaves it, in the data folder, if not given.
        classroom: what a class is made of, which is then on as long as the application lives.
    """
    settings = settings or (feed.settings if feed else Settings())
    if feed is None:
        clock = SystemClock()
        log = MemoryLog(clock, messages_kept=settings.messages_kept, max_rooms=settings.max_rooms)
        feed = Feed(log, settings, clock)
    lab = Lab(settings, feed.clock)
    feed.when_stopping(lab.stop)
    room = None if classroom is None else _classroom(feed, lab, classroom)
    transports = (publish, short_poll, long_poll, sse, websocket, socket_io)
    handlers: dict[Any, Any] = {
        Problem: _answer_problem,
        HTTPException: _answer_http_exception,
        Exception: _answer_failure,
    }
    app = Starlette(
        routes=[
            *(route for transport in transports for route in transport.routes(feed, settings)),
            *about.routes(feed, None if room is None else room.info),
            *lab_api.routes(lab, settings),
            *class_api.routes(room, feed, settings),
            *class_live.routes(room, feed, settings),
            *handshake.routes(feed, settings),
            *by_hand.routes(lab.peers, feed, settings),
            *whose_page.routes(feed, settings),
            *pages.routes(),
            *report_page.routes(report),
        ],
        middleware=[
            Middleware(RealPeer, peers=lab.peers),
            Middleware(
                Admission,
                settings=settings,
                origin_paths=(socket_io.PATH,),
                owns=lab.owns,
                unchecked=(whose_page.UNCHECKED,),
            ),
        ],
        exception_handlers=handlers,
        lifespan=_lifespan(feed, lab, room),
    )
    app.router.redirect_slashes = False
    app.router.default = _not_found
    app.state.feed = feed
    app.state.lab = lab
    app.state.classroom = room
    return app


def _classroom(feed: Feed, lab: Lab, options: ClassOptions) -> Classroom:
    """Return a class that can have simulated phones; they end when the server begins to."""
    room = Classroom(feed, lab, options)
    room.crowd = crowd = Crowd(url(*room.groups.to), room.hall.room, room.hall.measured)
    feed.when_stopping(crowd.let_go)
    return room


def _lifespan(feed: Feed, lab: Lab, room: Classroom | None) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if not feed.is_open:  # else who made it has opened it, and will close it too
                await stack.enter_async_context(feed)
            stack.push_async_callback(lab.close)
            if room is not None:
                stack.push_async_callback(room.close)
                if not room.groups:  # else who serves it has opened it
                    await room.open()
            yield

    return lifespan


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_answer(error)


async def _answer_http_exception(request: HTTPConnection, error: Exception) -> Response | None:
    """Answer what Starlette refused by itself: a path it does not know, a method the path has not."""
    assert isinstance(error, HTTPException)
    detail = error.detail
    if error.status_code == 404 and detail == "Not Found":
        detail = f"There is nothing at {request.url.path}."
    if isinstance(request, WebSocket):
        await request.send_denial_response(problem_answer(Problem(error.status_code, detail)))
        return None
    assert isinstance(request, Request)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        detail = f"{request.method} is not a method of {request.url.path}; it has {allowed}."
    response = problem_answer(Problem(error.status_code, detail))
    response.headers.update(error.headers or {})
    return response


async def _answer_failure(request: Request, error: Exception) -> Response:
    """Answer an error of ours; the server logs it."""
    return problem_answer(Problem(500, "The server failed at this request; its log says why."))


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a path that is not here; a WebSocket handshake is denied with 404, where Starlette would say 403."""
    problem = Problem(404, f"There is nothing at {scope['path']}.")
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(problem_answer(problem))
    elif scope["type"] == "http":
        await problem_answer(problem)(scope, receive, send)
