"""What the transports share of an HTTP exchange: parameters, body, the answer of a poll, a problem."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from pushdemo.feed import Feed
from pushdemo.following import Batch, Following, Start
from pushdemo.line import Words
from pushdemo.messages import LATEST, Cursor
from pushdemo.problems import MEDIA_TYPE, Problem, shown
from pushdemo.settings import Settings

Result = TypeVar("Result")

NO_STORE = {"Cache-Control": "no-store"}
"""Polls are cacheable unless told otherwise, and a cached answer is old news."""

UNREAD = {"Connection": "close"}
"""After a body that was not read to its end no other request can follow."""

SEAT_COOKIE = "pushdemo-seat"
"""Holds the token of a student's seat in the class. A browser sends it to all ports of a host: on every technique."""
SEAT_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

TRANSPORT_EXTENSION = "pushdemo.transport"
"""An ASGI extension of our own, under which the server gives `{"transport": …}` of the connection.

With `"line"` in it, a `Line`, the connection may be handed over to the fan-out, and the application returns.
"""


def parse_start(query: QueryParams, headers: Headers | None = None) -> Start:
    """Return where reading starts: `Last-Event-ID` wins over `after`; None when neither is given.

    Raises:
        Problem: 400, a cursor is malformed.
    """
    last_event_id = headers.get("last-event-id") if headers is not None else None
    if last_event_id:
        return Cursor.parse(last_event_id)
    return place_after(query.get("after"))


def place_after(after: str | None) -> Start:
    """Return where reading starts for what a client gave as `after`.

    Raises:
        Problem: 400, it is malformed.
    """
    if after is None:
        return None
    if after == LATEST:
        return "latest"
    try:
        return Cursor.parse(after)
    except Problem as problem:
        raise Problem(400, f"{problem.detail} The word {LATEST} stands for now.") from None


def parse_timeout(query: QueryParams, settings: Settings) -> int:
    """Return the seconds a long poll may be held.

    Raises:
        Problem: 400, not a whole number of seconds in the range.
    """
    text = query.get("timeout")
    if text is None:
        return settings.long_poll_timeout_s
    most = settings.long_poll_max_timeout_s
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most):
        raise Problem(400, f"timeout is a whole number of seconds from 1 to {most}; this came: {shown(text)}.")
    return int(text)


async def read_json_body(request: Request, settings: Settings) -> bytes:
    """Return the body of a request that says it is JSON.

    Raises:
        Problem: 415, another media type; 413, too long; 400, the client left before the end.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, f"Expected Content-Type: application/json; this came: {shown(media_type or 'none')}.")
    return await read_body(request, settings)


async def read_body(request: Request, settings: Settings) -> bytes:
    """Return the body of a request, as long and as late as it may be.

    Raises:
        Problem: 413, too long; 400, it did not come in time, or the client left before its end.
    """
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            return await _read_whole(request, settings.body_bytes)
    except TimeoutError:
        late = f"The body did not come within {settings.body_timeout_s:g} s."
        raise Problem(400, late, headers=UNREAD) from None


async def _read_whole(request: Request, most: int) -> bytes:
    body = bytearray()
    too_long = int(request.headers.get("content-length", "0")) > most
    while not too_long:
        event = await request.receive()
        if event["type"] != "http.request":
            raise Problem(400, "The client left in the middle of the body.")
        body += event.get("body", b"")
        too_long = len(body) > most
        if not event.get("more_body", False):
            break
    if too_long:
        raise Problem(413, f"A body has {most:,} bytes at most; this one has more.", headers=UNREAD)
    return bytes(body)


def client_address(scope: Scope) -> str | None:
    """Return the address the request came from, as the server knows it; headers of a trusted proxy are in it."""
    client = scope.get("client")
    return client[0] if client else None


def seat_of(scope: Scope) -> str | None:
    """Return the token of the seat that the request's cookie names (RFC 6265 section 4.2); None where there is none."""
    for line in Headers(scope=scope).getlist("cookie"):
        for pair in line.split(";"):
            name, _, token = pair.strip().partition("=")
            if name == SEAT_COOKIE and SEAT_TOKEN.fullmatch(token):
                return token
    return None


def poll_answer(batch: Batch, headers: dict[str, str] | None = None) -> Response:
    """Return what both polls answer: `{"cursor":…,"messages":[…]}`, with `gap` and `more` where they hold."""
    body = b'{"cursor":"%s","messages":[%s]%s%s}' % (
        str(batch.cursor).encode(),
        b",".join([message.json for message in batch.messages]),
        b',"gap":true' if batch.gap else b"",
        b',"more":true' if batch.more else b"",
    )
    return Response(body, media_type="application/json", headers=NO_STORE | (headers or {}))


def json_answer(content: Any, status: int = 200) -> Response:
    """Return `content` as JSON that is not to be stored."""
    return Response(msgspec.json.encode(content), status, NO_STORE, "application/json")


def problem_answer(problem: Problem) -> Response:
    """Return a refusal as RFC 9457 wants it."""
    return Response(msgspec.json.encode(problem.details()), problem.status, NO_STORE | problem.headers, MEDIA_TYPE)


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the problem: a response, which for a WebSocket handshake denies it."""
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(problem_answer(problem))
    else:
        await problem_answer(problem)(scope, receive, send)


async def first_done(*coroutines: Coroutine[Any, Any, Result]) -> Result:
    """Run all until the first ends, end the others, and return the first's result or raise its error."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        first = next(task for task in tasks if task.done())
    finally:
        for task in tasks:
            task.add_done_callback(_pass_over)
            task.cancel()
        await asyncio.wait(tasks)  # not gather, which forgets by whom it is cancelled; anyio's scopes need to know
    return first.result()


def _pass_over(task: "asyncio.Task[Any]") -> None:
    """Take note of how a task ended that nobody asks for, so that asyncio does not complain of its error."""
    if not task.cancelled():
        task.exception()


async def break_off(scope: Scope, receive: Receive) -> None:
    """End the connection of a client that takes nothing, and with it what still waits to be sent to it.

    ASGI has no word for it; where the server is not ours the response just stays unfinished.
    """
    extension = scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
    if extension is not None:
        extension["transport"].abort()
        await client_left(Request(scope, receive))


def line_of(scope: Scope) -> Any:
    """Return the `Line` of the connection where the server gives one that can carry an endless answer, else None."""
    return scope.get("extensions", {}).get(TRANSPORT_EXTENSION, {}).get("line")


async def streamed(
    response: Response, opening: bytes, following: Following, words: Words, scope: Scope, send: Send
) -> bool:
    """Begin the response and hand its connection over to the fan-out; False where the server has no line for it."""
    line = line_of(scope)
    if line is None:
        return False
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": opening, "more_body": True})
    await following.hand_over(line, words)
    return True


async def conversing(
    socket: WebSocket, following: Following, words: Words, answer: Callable[[Message], Awaitable[str | int]]
) -> bool:
    """Hand a WebSocket over to the fan-out; False where the server has no line for it.

    `answer` is asked what to send to an event that comes from the client, or which code to close with.
    """
    line = line_of(socket.scope)
    if line is None:
        return False
    line.answer = answer
    await following.hand_over(line, words)
    return True


async def held(request: Request, feed: Feed, room: str, start: Start, timeout_s: float) -> Response | None:
    """Have a poll held by the server's connection, and return a response that says nothing more.

    None where the server has no line for it, or there is something to answer at once.
    """
    line = line_of(request.scope)
    if line is None or start == "latest" or "origin" in request.headers:  # CORS fields are added on ASGI's way
        return None
    following = feed.follow(room, start, "long-poll")
    await following.open()
    if following.gap or following.subscriber.behind or following.subscriber.stopped:
        following.close()
        return None
    if not line.hold(following, timeout_s):
        following.close()
        return None
    return _Unsaid()


class _Unsaid(Response):
    """Stands for the response that the connection gives by itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pass


async def upgrade_required(request: Request) -> Response:
    """Refuse a request that does not ask for the upgrade (RFC 9110 section 15.5.22).

    Raises:
        Problem: 426, always.
    """
    expected = "Expected a handshake, with Upgrade: websocket and Connection: Upgrade (RFC 6455 section 4.1)."
    raise Problem(426, expected, headers={"Upgrade": "websocket", "Connection": "Upgrade"})


async def client_left(request: Request) -> None:
    """Return when the client has closed the connection. (uvicorn cancels no handler because of it.)"""
    while (await request.receive())["type"] != "http.disconnect":
        pass
