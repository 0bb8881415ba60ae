"""Server-Sent Events (WHATWG HTML, "Server-sent events"): one response that does not end.

- **Who opens**: the client, one request; EventSource opens it again by itself when it breaks.
- **Who waits**: nobody asks any more. The server writes an event whenever there is a message.
- **On the wire**: an endless body of `text/event-stream`: `id:` (the cursor) and `data:` (the message) per event,
  chunked in HTTP/1.1, and a comment as heartbeat so that proxies see life. First of all come `retry:`, the
  reconnection time, and an `id:` alone, so that there is a cursor before the first message.
- **How it resumes**: the browser sends the last id back as `Last-Event-ID`.
- **What it costs**: a connection per client (a browser has six per host in HTTP/1.1), and around each message some
  20 bytes and the cursor once more. One way only: what the client says goes by POST.

    curl -N 'http://127.0.0.1:8000/api/rooms/lobby/sse'
"""

from collections.abc import AsyncIterator
from contextlib import suppress

from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from pushdemo.exchange import break_off, parse_start, streamed
from pushdemo.feed import Feed
from pushdemo.following import Following
from pushdemo.line import Words
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem
from pushdemo.settings import Settings

LINE_END = "\n"
EVENTS_PER_WRITE = 32
"""Who catches up gets them in pieces, each of which must get through before a reader counts as too slow."""
HEARTBEAT = ServerSentEvent(comment="heartbeat", sep=LINE_END)


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the event stream."""

    async def sse(request: Request) -> Response:
        start = parse_start(request.query_params, request.headers)
        return EventStream(feed.follow(request.path_params["room"], start, "sse"), settings)

    return [Route("/api/rooms/{room}/sse", sse, methods=["GET"])]


def message_event(message: Message) -> bytes:
    """Return a message as an event block; encoded once and written to every stream."""
    return ServerSentEvent(message.json.decode(), id=message.id, sep=LINE_END).encode()


def opening(cursor: Cursor, retry_ms: int) -> bytes:
    """Return what an event stream begins with: the reconnection time, and the cursor as an id without data."""
    return (
        ServerSentEvent(retry=retry_ms, sep=LINE_END).encode() + ServerSentEvent(id=str(cursor), sep=LINE_END).encode()
    )


def gap_event(cursor: Cursor) -> bytes:
    """Return the event that says messages are gone; it has data, for without them a browser drops an event."""
    return ServerSentEvent(f'{{"cursor":"{cursor}"}}', event="gap", id=str(cursor), sep=LINE_END).encode()


WORDS = Words(message_event, gap_event, heartbeat=HEARTBEAT.encode())


class EventStream(EventSourceResponse):
    """The response that stays open while its reader follows the room."""

    def __init__(self, following: Following, settings: Settings) -> None:
        self._following = following
        self._retry_ms = settings.sse_retry_ms
        super().__init__(
            self._blocks(),
            ping=settings.sse_heartbeat_s,
            ping_message_factory=lambda: HEARTBEAT,
            send_timeout=settings.slow_reader_s,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._following as following:  # before the head is sent: a refusal still has its own status
                opens = opening(following.cursor, self._retry_ms)
                if not await streamed(self, opens, following, WORDS, scope, send):  # True under `pushdemo`
                    await super().__call__(scope, receive, send)
        except SendTimeoutError:
            await break_off(scope, receive)  # it took nothing for too long, and may resume by its cursor

    async def _blocks(self) -> AsyncIterator[bytes]:
        yield opening(self._following.cursor, self._retry_ms)
        with suppress(Problem):  # the log cannot be read at the moment: the stream ends, and resumes by its cursor
            async for batch in self._following:
                blocks = WORDS.of(batch.messages, batch.gap)
                for first in range(0, len(blocks), EVENTS_PER_WRITE):
                    yield b"".join(blocks[first : first + EVENTS_PER_WRITE])
