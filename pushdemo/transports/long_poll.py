"""Long polling (RFC 6202 section 2): ask, and be answered when there is something to say.

- **Who opens**: the client; after each answer it asks again at once.
- **Who waits**: the server. It holds the request ("pending request") until a message comes or the timeout is up.
- **On the wire**: the same request and body as a short poll; only the moment of the answer differs.
- **How it resumes**: each poll carries the cursor of the last answer, so messages that come between two polls wait.
- **What it costs**: a request and a response per message (fewer when messages come faster than polls turn around),
  and a held connection for every client. A message that comes just after an answer waits for the next poll: up to
  three transits instead of one.

    curl 'http://127.0.0.1:8000/api/rooms/lobby/long-poll?timeout=25&after=CURSOR'
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo.exchange import client_left, first_done, held, parse_start, parse_timeout, poll_answer
from pushdemo.feed import Feed
from pushdemo.following import Batch
from pushdemo.settings import Settings


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the long poll."""

    async def long_poll(request: Request) -> Response:
        room, start = request.path_params["room"], parse_start(request.query_params)
        timeout_s = parse_timeout(request.query_params, settings)
        if request.method == "HEAD":  # asks for the head alone, so there is nothing to wait for
            return poll_answer(await feed.after(room, start))
        if answer := await held(request, feed, room, start, timeout_s):  # if it has to wait, under `pushdemo`
            return answer
        batch = await first_done(feed.wait_after(room, start, timeout_s), _until_left(request))
        return Response() if batch is None else poll_answer(batch)

    return [Route("/api/rooms/{room}/long-poll", long_poll, methods=["GET"])]


async def _until_left(request: Request) -> Batch | None:
    """Wait until the client is gone; its held poll must not stay behind."""
    await client_left(request)
    return None
