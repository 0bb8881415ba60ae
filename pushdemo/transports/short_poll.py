"""Short polling: ask every so often whether there is something new, and be answered at once.

- **Who opens**: the client, a request every interval T, whether there is news or not.
- **Who waits**: nobody at the server; the client waits for its next turn.
- **On the wire**: GET with the cursor; 200 with the messages after it, often none. With `If-None-Match` an answer
  that would say nothing is 304 and has no body.
- **How it resumes**: it does nothing else: each poll carries the cursor of the last.
- **What it costs**: 1/T requests a second and client, empty or not, and a delay of T/2 on average, T at most.

    curl -i 'http://127.0.0.1:8000/api/rooms/lobby/short-poll?after=latest'
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo.exchange import NO_STORE, parse_start, poll_answer
from pushdemo.feed import Feed
from pushdemo.settings import Settings


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route of the short poll."""

    async def short_poll(request: Request) -> Response:
        batch = await feed.after(request.path_params["room"], parse_start(request.query_params))
        entity_tag = f'"{batch.cursor}"'
        if not batch.more and not batch.gap and _matches(request.headers.get("if-none-match"), entity_tag):
            return Response(status_code=304, headers=NO_STORE | {"ETag": entity_tag})
        return poll_answer(batch, {"ETag": entity_tag})

    return [Route("/api/rooms/{room}/short-poll", short_poll, methods=["GET"])]


def _matches(if_none_match: str | None, entity_tag: str) -> bool:
    """Compare weakly, as RFC 9110 section 13.1.2 says; the field is a list, or `*`."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return entity_tag in tags or tags == ["*"]
