"""The lab's routes: open a session, break its network, watch what crosses, take it home.

Try it, with `pushdemo` on port 8000; the first line answers with the ID:

    curl -X POST http://127.0.0.1:8000/api/lab/sessions
    curl -d '{"delay_ms": 200}' http://127.0.0.1:8000/api/lab/sessions/ID/network
    curl -d '{"fault": "stall", "seconds": 5}' http://127.0.0.1:8000/api/lab/sessions/ID/faults
    curl -O -J http://127.0.0.1:8000/api/lab/sessions/ID/capture.pcapng
"""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import WS_1000_NORMAL_CLOSURE, WS_1012_SERVICE_RESTART, WS_1013_TRY_AGAIN_LATER
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.exchange import NO_STORE, first_done, json_answer, problem_answer, read_body
from pushdemo.lab import capture_json, pcapng
from pushdemo.lab.faults import Fault
from pushdemo.lab.sessions import Lab, Session
from pushdemo.lab.told import unit_in_full, unit_in_short
from pushdemo.lab.view import DIRECTIONS
from pushdemo.problems import Problem, shown
from pushdemo.real_peer import own_address, standing_of
from pushdemo.settings import Settings

PATH = "/api/lab/sessions"
ONE = PATH + "/{session}"
MOST_DIGITS = 15
"""Of the number of a connection or a unit."""

encode = msgspec.json.Encoder().encode


def routes(lab: Lab, settings: Settings) -> list[BaseRoute]:
    """Return the routes of the lab."""
    answers = _Answers(lab, settings)
    return [
        Route(PATH, answers.open_session, methods=["POST"]),
        Route(ONE, answers.show, methods=["GET"]),
        Route(ONE, answers.end, methods=["DELETE"]),
        Route(ONE + "/network", answers.network, methods=["POST"]),
        Route(ONE + "/faults", answers.faults, methods=["POST"]),
        Route(ONE + "/connections/{connection}/units/{unit}", answers.unit, methods=["GET"]),
        Route(ONE + "/capture.json", answers.as_json, methods=["GET"]),
        Route(ONE + "/capture.pcapng", answers.as_pcapng, methods=["GET"]),
        WebSocketRoute(ONE + "/live", answers.live),
    ]


class _Answers:
    """What is answered to requests of the lab."""

    def __init__(self, lab: Lab, settings: Settings) -> None:
        self._lab = lab
        self._settings = settings

    def _session(self, request: Request) -> Session:
        return self._lab.find(request.path_params["session"])

    async def open_session(self, request: Request) -> Response:
        """Open a session and tell its id and port."""
        main = own_address(request.scope)
        if standing_of(request.scope) is not None or main is None:
            raise Problem(403, "A lab session is opened at the server's main port, not through a lab port.")
        session, passed_over = await self._lab.open(main)
        return json_answer(state(session) | {"passed_over": passed_over}, 201)

    async def show(self, request: Request) -> Response:
        """Tell what a session is set to."""
        return json_answer(state(self._session(request)))

    async def end(self, request: Request) -> Response:
        """End a session."""
        await self._lab.end(self._session(request))
        return Response(status_code=204, headers=NO_STORE)

    async def network(self, request: Request) -> Response:
        """Set the network anew."""
        session = self._session(request)
        changes = await read_body(request, self._settings)  # meanwhile, somebody else may have changed the network
        session.set_network(session.network.changed(changes))
        return json_answer(state(session))

    async def faults(self, request: Request) -> Response:
        """Break the network in one way."""
        session = self._session(request)
        done = session.break_by(Fault.parse(await read_body(request, self._settings)))
        return json_answer(state(session) | {"done": done})

    async def unit(self, request: Request) -> Response:
        """Show a unit with all its bytes and fields."""
        session = self._session(request)
        wanted = _number(request, "connection"), _number(request, "unit")
        crossed = session.view.find(*wanted)
        if crossed is None:
            raise Problem(404, f"Unit {wanted[1]} of connection {wanted[0]} is no longer kept, or never was.")
        unit = crossed.unit
        data = session.capture.data(crossed.connection, unit.direction == "up", unit.offset, unit.size)
        return json_answer({"unit": unit_in_short(crossed), **unit_in_full(unit, data)})

    async def as_json(self, request: Request) -> Response:
        """Give the capture as JSON."""
        session = self._session(request)
        return Response(capture_json.write(session.capture), headers=_file(session, "json", "application/json"))

    async def as_pcapng(self, request: Request) -> Response:
        """Give the capture as a file for Wireshark."""
        session = self._session(request)
        content = pcapng.write(session.capture)
        return StreamingResponse(content, headers=_file(session, "pcapng", "application/x-pcapng"))

    async def live(self, socket: WebSocket) -> None:
        """Tell what crosses, as it does."""
        try:
            session = self._lab.find(socket.path_params["session"])
        except Problem as problem:
            await socket.send_denial_response(problem_answer(problem))
            return
        await socket.accept()
        try:
            with session.watched() as news:
                code = await first_done(_tell(socket, self._lab, session, news), _hear(socket))
        except Problem:
            code = WS_1013_TRY_AGAIN_LATER
        except (WebSocketDisconnect, TimeoutError):
            code = None
        if code is not None:
            with suppress(WebSocketDisconnect):
                await socket.close(code)


def _number(request: Request, name: str) -> int:
    """Return a number in the path. (Starlette's own convertor fails at one of thousands of digits.)

    Raises:
        Problem: 404, it is none that can be.
    """
    text: str = request.path_params[name]
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Problem(404, f"Expected the number of a {name}; this came: {shown(text)}.")
    return int(text)


def _file(session: Session, ending: str, media_type: str) -> dict[str, str]:
    name = f"pushdemo-lab-{session.port}.{ending}"
    return NO_STORE | {"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'}


def state(session: Session) -> dict[str, Any]:
    """Return what a session is set to; moments are in ms since 1970, None where they are past."""
    relay = session.relay
    now = relay.clock.monotonic()

    def to_come(at: float) -> float | None:
        return round(session.capture.wall_ms(at)) if at > now else None

    return {
        "id": session.id,
        "port": session.port,
        "network": session.network,
        "vanished": relay.vanished,
        "stalled_until": to_come(relay.stalled_until),
        "refusing_until": to_come(relay.refusing_until),
    }


class _Reading:
    """How far one watcher has been told."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._units = 0
        self._remarks = 0
        self._connections: dict[int, object] = {}
        self._state: dict[str, Any] | None = None

    def news(self) -> dict[str, Any]:
        """Return what there is to tell since the last time."""
        view = self._session.view
        units, missed = view.units_since(self._units)
        remarks = view.remarks_since(self._remarks)
        self._units, self._remarks = view.units_so_far, view.remarks_so_far
        now = state(self._session)
        is_news, self._state = now != self._state, now
        return {
            "now": self._session.capture.wall_ms(self._session.relay.clock.monotonic()),
            "units": [unit_in_short(each) for each in units],
            "missed": missed,
            "remarks": [each._asdict() for each in remarks],
            "connections": self._changed(),
            "size": {"up": self._session.capture.bytes_up, "down": self._session.capture.bytes_down},
            "techniques": {name: sums.told() for name, sums in view.techniques.items()},
        } | ({"session": now} if is_news else {})

    def _changed(self) -> list[dict[str, Any]]:
        changed = []
        marks: dict[int, object] = {}
        for number, watched in self._session.view.connections.items():
            marks[number] = (watched.closed_at, watched.units, *(watched.pieces[way].size for way in DIRECTIONS))
            if self._connections.get(number) != marks[number]:
                changed.append(watched.told())
        self._connections = marks
        return changed


async def _tell(socket: WebSocket, lab: Lab, session: Session, news: asyncio.Event) -> int | None:
    """Tell what crosses until the session ends.

    Raises:
        TimeoutError: the page takes nothing.
    """
    reading = _Reading(session)
    while session.is_open and lab.is_open:
        news.clear()
        async with asyncio.timeout(lab.settings.slow_reader_s):
            await socket.send_text(encode(reading.news()).decode())
        await news.wait()
    return WS_1000_NORMAL_CLOSURE if lab.is_open else WS_1012_SERVICE_RESTART


async def _hear(socket: WebSocket) -> int | None:
    """Return when the page is gone; what it says here means nothing."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    return None
