"""The live socket of the class's pages: each is told its state whole, at once and whenever it has changed.

The client's first message says who it is: `{"role":"teacher","token":…}`, `{"role":"student"}`, whose seat the cookie
tells, or `{"role":"projector"}`. Then come `{"state":…}` messages, gathered for 50 ms for a student, who waits for a
command, and for half a second for the others, who look at figures. A student's page sends `{"report":…}` about once a
second. Refused: `{"problem":…}` and close code 1008. Close codes: 1000 the class has ended, 1003 binary, 1009 a
report of more than 16 KiB, 1012 the server restarts, 1013 too slow or too many.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import (
    WS_1000_NORMAL_CLOSURE,
    WS_1003_UNSUPPORTED_DATA,
    WS_1008_POLICY_VIOLATION,
    WS_1009_MESSAGE_TOO_BIG,
    WS_1012_SERVICE_RESTART,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.class_requests import PATH, check_token, class_of, read_as
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.seats import Seat
from pushdemo.exchange import first_done, problem_answer, seat_of, upgrade_required
from pushdemo.feed import Feed
from pushdemo.problems import Problem
from pushdemo.rates import RateLimit
from pushdemo.settings import Settings

HELLO_WITHIN_S = 5.0
GATHER_STUDENT_S = 0.05
GATHER_OTHERS_S = 0.5
LOOK_EVERY_S = 1.0
"""What the teacher and the projector see changes with time, too, and nobody tells of it."""
MOST_BYTES = 16 << 10
"""Of a message: 200 delays and a few counts take less than 4 KiB."""
MOST_SOCKETS = 400
MOST_OF_A_SEAT = 8
KEPT_FOR_TEACHER = 10
"""Sockets beyond the most, so that a crowd cannot keep the teacher out."""
MOST_PROJECTORS = 50
"""Each is told all figures twice a second, and anybody may open one: they are to leave the students time and room."""
REPORTS_PER_S, REPORTS_AT_ONCE = 10, 60
"""Of all pages of a seat. Each sends one a second; after a pause of its network, all of them at once."""

encode = msgspec.json.Encoder().encode


class Hello(msgspec.Struct, frozen=True):
    """A page's first message."""

    role: Literal["teacher", "student", "projector"]
    token: str = ""


class Said(msgspec.Struct, frozen=True):
    """What a student's page says later."""

    report: msgspec.Raw


def routes(classroom: Classroom | None, feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the live socket."""

    async def not_upgraded(request: Request) -> Response:
        class_of(classroom, request)
        return await upgrade_required(request)

    return [
        WebSocketRoute(PATH + "/live", _Live(classroom, feed, settings).answer),
        Route(PATH + "/live", not_upgraded, methods=["GET"]),
    ]


class _Closing(Exception):
    """The socket is to be closed: with a code, and a problem to tell before."""

    def __init__(self, code: int, problem: Problem | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.problem = problem


class _Live:
    """All live sockets of a class."""

    def __init__(self, classroom: Classroom | None, feed: Feed, settings: Settings) -> None:
        self._classroom = classroom
        self._feed = feed
        self._slow_s = settings.slow_reader_s
        self._sockets = 0
        self._projectors = 0
        self._by_seat: Counter[str] = Counter()
        self._reports = RateLimit(REPORTS_PER_S, REPORTS_AT_ONCE, feed.clock)
        self._events: set[asyncio.Event] = set()
        feed.when_stopping(self._stop)

    def _stop(self) -> None:
        for event in self._events:
            event.set()

    async def answer(self, socket: WebSocket) -> None:
        """Tell a page of the class until either goes."""
        try:
            classroom = class_of(self._classroom, socket)
        except Problem as problem:
            await socket.send_denial_response(problem_answer(problem))
            return
        await socket.accept()
        try:
            with self._counted():
                code = await self._serve(socket, classroom)
        except _Closing as closing:
            code = closing.code
            if closing.problem is not None:
                with suppress(WebSocketDisconnect, TimeoutError):
                    await self._send(socket, {"problem": closing.problem.details()})
        except (WebSocketDisconnect, TimeoutError):
            return
        if code is not None:
            with suppress(WebSocketDisconnect):
                await socket.close(code)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._sockets >= MOST_SOCKETS + KEPT_FOR_TEACHER:
            raise _too_many()
        self._sockets += 1
        try:
            yield
        finally:
            self._sockets -= 1

    async def _serve(self, socket: WebSocket, classroom: Classroom) -> int | None:
        hello = await _first_message(socket)
        if hello.role == "teacher":
            try:
                check_token(hello.token, classroom.options.token)
            except Problem as problem:
                raise _Closing(WS_1008_POLICY_VIOLATION, problem) from None
        elif self._sockets > MOST_SOCKETS:
            raise _too_many()
        if hello.role == "student":
            return await self._serve_student(socket, classroom)
        if hello.role == "teacher":
            return await self._serve_looker(socket, classroom, classroom.told_teacher)
        if self._projectors >= MOST_PROJECTORS:
            raise _too_many()
        self._projectors += 1
        try:
            return await self._serve_looker(socket, classroom, classroom.told_projector)
        finally:
            self._projectors -= 1

    async def _serve_looker(
        self, socket: WebSocket, classroom: Classroom, told: Callable[[], dict[str, Any]]
    ) -> int | None:
        with self._watched(classroom) as news:
            return await first_done(self._tell(socket, told, news), _hear(socket))

    async def _serve_student(self, socket: WebSocket, classroom: Classroom) -> int | None:
        seat = classroom.seat_by_token(seat_of(socket.scope))
        if seat is None:
            sentence = "Expected the cookie of a seat in this class: join it with a name."
            raise _Closing(WS_1008_POLICY_VIOLATION, Problem(404, sentence))
        if self._by_seat[seat.id] >= MOST_OF_A_SEAT:
            raise _too_many()
        self._by_seat[seat.id] += 1
        try:
            with classroom.connected(seat), self._watched(classroom, seat) as news:
                told = self._tell_student(socket, classroom, seat, news)
                return await first_done(told, self._hear_student(socket, classroom, seat))
        finally:
            self._by_seat[seat.id] -= 1

    @contextmanager
    def _watched(self, classroom: Classroom, seat: Seat | None = None) -> Iterator[asyncio.Event]:
        with classroom.watched(seat) as news:
            self._events.add(news)
            try:
                yield news
            finally:
                self._events.discard(news)

    async def _send(self, socket: WebSocket, content: dict[str, Any]) -> None:
        """Send to a page.

        Raises:
            TimeoutError: it takes nothing.
        """
        async with asyncio.timeout(self._slow_s):
            await socket.send_text(encode(content).decode())

    # --- telling ---

    async def _tell(self, socket: WebSocket, told: Callable[[], dict[str, Any]], news: asyncio.Event) -> int | None:
        """Tell the teacher or the projector, also when the class has ended: there is something to look at."""
        reading = _Reading(told)
        while self._feed.is_open:
            news.clear()
            await self._tell_changed(socket, reading)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await news.wait()
            if self._feed.is_open:
                await asyncio.sleep(GATHER_OTHERS_S)
        return WS_1012_SERVICE_RESTART

    async def _tell_student(
        self, socket: WebSocket, classroom: Classroom, seat: Seat, news: asyncio.Event
    ) -> int | None:
        """Tell a student's page, until the seat is gone or the class has ended."""
        reading = _Reading(lambda: classroom.told_student(seat))
        while self._feed.is_open:
            news.clear()
            if classroom.seat_by_token(seat.token) is not seat:
                sentence = "Your seat is gone: you left the class, or the teacher took you out of it."
                raise _Closing(WS_1008_POLICY_VIOLATION, Problem(403, sentence))
            is_open = classroom.is_open
            await self._tell_changed(socket, reading)
            if not is_open:
                return WS_1000_NORMAL_CLOSURE
            await news.wait()
            if self._feed.is_open:
                await asyncio.sleep(GATHER_STUDENT_S)
        return WS_1012_SERVICE_RESTART

    async def _tell_changed(self, socket: WebSocket, reading: "_Reading") -> None:
        state = reading.news()
        if state is not None:
            await self._send(socket, {"state": state})

    # --- hearing ---

    async def _hear_student(self, socket: WebSocket, classroom: Classroom, seat: Seat) -> int | None:
        """Take in a page's reports until it is gone; one that is malformed is answered, and the page may go on."""
        while (text := await _received(socket)) is not None:
            if self._reports.take(seat.id):
                sentence = f"The pages of a seat report at most {REPORTS_PER_S} times a second."
                raise _Closing(WS_1008_POLICY_VIOLATION, Problem(429, sentence))
            try:
                classroom.report(seat, bytes(read_as(text, Said, "a report").report))
            except Problem as problem:
                await self._send(socket, {"problem": problem.details()})
        return None


class _Reading:
    """What one page was told last."""

    def __init__(self, told: Callable[[], dict[str, Any]]) -> None:
        self._told = told
        self._last: bytes | None = None

    def news(self) -> dict[str, Any] | None:
        """Return the state if it is another than that of the last time; that time went on does not count."""
        state = self._told()
        now = encode({**state, "now": None})
        is_news, self._last = now != self._last, now
        return state if is_news else None


def _too_many() -> _Closing:
    sentence = (
        f"{MOST_SOCKETS} pages of this class are open already, or {MOST_PROJECTORS} projectors, "
        f"or {MOST_OF_A_SEAT} of one student."
    )
    return _Closing(WS_1013_TRY_AGAIN_LATER, Problem(503, sentence, retry_after_s=5))


async def _first_message(socket: WebSocket) -> Hello:
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            text = await _received(socket)
    except TimeoutError:
        late = Problem(408, f"Expected who you are within {HELLO_WITHIN_S:g} s; nothing came.")
        raise _Closing(WS_1008_POLICY_VIOLATION, late) from None
    if text is None:
        raise WebSocketDisconnect
    try:
        return read_as(text, Hello, 'a role, "teacher", "student" or "projector"')
    except Problem as problem:
        raise _Closing(WS_1008_POLICY_VIOLATION, problem) from None


async def _hear(socket: WebSocket) -> int | None:
    """Return when the page is gone; what it says means nothing."""
    while await _received(socket) is not None:
        pass
    return None


async def _received(socket: WebSocket) -> str | None:
    """Return the next text message; None when the page is gone."""
    event = await socket.receive()
    if event["type"] == "websocket.disconnect":
        return None
    text: str | None = event.get("text")
    if text is None:
        raise _Closing(WS_1003_UNSUPPORTED_DATA, Problem(415, "Expected text messages; a binary one came."))
    if len(text) > MOST_BYTES or len(text.encode()) > MOST_BYTES:
        raise _Closing(WS_1009_MESSAGE_TOO_BIG, Problem(413, f"A message has at most {MOST_BYTES:,} bytes."))
    return text
