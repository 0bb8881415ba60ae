"""WebSocket (RFC 6455): one handshake, then frames both ways on the same TCP connection.

- **Who opens**: the client, by an HTTP request with `Upgrade: websocket`; the server answers 101.
- **Who waits**: nobody. Either side sends when it has something to say.
- **On the wire**: text messages of JSON. The server sends `{"control":"joined","cursor":…}`, then message after
  message, 2 to 4 bytes of frame header each; the client sends what it publishes, with 4 bytes of mask more, and gets
  `{"control":"ack",…}`. Pings and pongs find out a dead peer.
- **How it resumes**: not at all by itself. The client opens another connection with the cursor of its last message.
- **What it costs**: a connection per client, and next to nothing per message.

Browsers apply no same-origin policy to WebSocket: the server checks Origin before it accepts (admission.py).

    python -m websockets 'ws://127.0.0.1:8000/api/rooms/lobby/ws'
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import msgspec
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import (
    WS_1003_UNSUPPORTED_DATA,
    WS_1012_SERVICE_RESTART,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.types import Message as Event
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.exchange import (
    client_address,
    conversing,
    first_done,
    parse_start,
    problem_answer,
    seat_of,
    upgrade_required,
)
from pushdemo.feed import Feed, Published
from pushdemo.following import Following
from pushdemo.line import Words
from pushdemo.messages import Cursor, Draft, Message, check_room, parse_client_message_id, parse_draft
from pushdemo.problems import Problem
from pushdemo.settings import Settings

PATH = "/api/rooms/{room}/ws"
SUBPROTOCOL = "pushdemo.v1"

Answer = Callable[[Event], Awaitable[str | int]]
Publish = Callable[[Draft], Awaitable[Published]]


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the WebSocket."""

    async def websocket(socket: WebSocket) -> None:
        try:
            room, start = check_room(socket.path_params["room"]), parse_start(socket.query_params)
        except Problem as problem:
            await socket.send_denial_response(problem_answer(problem))
            return
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope["subprotocols"] else None)
        publish = partial(feed.publish, room, address=client_address(socket.scope), seat=seat_of(socket.scope))
        answer = partial(_answer, publish)
        try:
            async with feed.follow(room, start, "websocket") as following:
                await _send(socket, control("joined", cursor=str(following.cursor)), settings.slow_reader_s)
                if await conversing(socket, following, WORDS, answer):  # True under `pushdemo`
                    return
                code = await first_done(
                    _push(socket, following, settings.slow_reader_s),
                    _receive(socket, answer, settings.slow_reader_s),
                )
        except TimeoutError:  # the client has taken nothing for too long
            code = WS_1013_TRY_AGAIN_LATER
        except WebSocketDisconnect:
            code = None
        except Problem:  # full or stopping; accepted first, because browsers show a refused handshake only as 1006
            code = WS_1013_TRY_AGAIN_LATER if feed.is_open else WS_1012_SERVICE_RESTART
        if code is not None:
            with suppress(WebSocketDisconnect):  # gone before it could be told
                await socket.close(code)

    return [WebSocketRoute(PATH, websocket), Route(PATH, upgrade_required, methods=["GET"])]


async def _push(socket: WebSocket, following: Following, slow_reader_s: float) -> int | None:
    """Send the room's messages until the server stops (1012)."""
    async for batch in following:
        for text in WORDS.of(batch.messages, batch.gap):
            await _send(socket, text, slow_reader_s)
    return WS_1012_SERVICE_RESTART


async def _receive(socket: WebSocket, answer: Answer, slow_reader_s: float) -> int | None:
    """Answer what the client sends, until it leaves or must."""
    while True:
        event = await socket.receive()
        if event["type"] == "websocket.disconnect":
            return None
        text = await answer(event)
        if isinstance(text, int):
            return text
        await _send(socket, text, slow_reader_s)


async def _answer(publish: Publish, event: Event) -> str | int:
    """Publish what a message of the client says; return what to answer, or the code to close with for binary (1003)."""
    if event.get("text") is None:
        return WS_1003_UNSUPPORTED_DATA
    return await _publish(publish, event["text"])


async def _send(socket: WebSocket, text: str, slow_reader_s: float) -> None:
    """Send one text message.

    Raises:
        TimeoutError: the client has taken nothing for so long that no more fits on the way to it.
        WebSocketDisconnect: it is gone.
    """
    async with asyncio.timeout(slow_reader_s):
        await socket.send_text(text)


async def _publish(publish: Publish, text: str) -> str:
    """Publish one text message of the client and return what to answer; bad content leaves the connection open."""
    try:
        draft = parse_draft(text)
        message, _ = await publish(draft)
    except Problem as problem:
        return control("error", problem=problem.details(), client_message_id=parse_client_message_id(text))
    return control("ack", id=message.id, client_message_id=draft.client_message_id)


def control(kind: str, **fields: object) -> str:
    """Return a message about the connection rather than of the room."""
    return msgspec.json.encode({"control": kind} | fields).decode()


def message_text(message: Message) -> str:
    """Return a message as the text that goes into a frame; made once and sent to every connection."""
    return message.json.decode()


def gap_text(cursor: Cursor) -> str:
    """Return the text that says messages are gone, with the cursor from which it goes on."""
    return control("gap", cursor=str(cursor))


WORDS = Words(message_text, gap_text)
