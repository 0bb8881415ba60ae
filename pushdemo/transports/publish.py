r"""Publishing by POST: how a message enters the room from short polling, long polling and Server-Sent Events.

None of these three can carry anything from the client to the server but a request of its own. (WebSocket and
Socket.IO send on the connection they already have.)

- **Who opens**: the client, one request for each message.
- **On the wire**: `{"sender", "text", "client_message_id"?}` as JSON; 201 and the message as the feed has it.
- **If the answer is lost**: send it again with the same `client_message_id`. The feed remembers the key as long as
  the message and answers 200 with the first one, so nothing is said twice.
- **Costs**: the head of a request and of a response for every message, some hundred bytes each.

    curl -d '{"sender": "li", "text": "hello"}' -H 'Content-Type: application/json' \
        http://127.0.0.1:8000/api/rooms/lobby/messages
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo.exchange import NO_STORE, client_address, read_json_body, seat_of
from pushdemo.feed import Feed
from pushdemo.messages import parse_draft
from pushdemo.settings import Settings


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the route that publishes."""

    async def publish(request: Request) -> Response:
        draft = parse_draft(await read_json_body(request, settings))
        address, seat = client_address(request.scope), seat_of(request.scope)
        message, created = await feed.publish(request.path_params["room"], draft, address, seat)
        return Response(message.json, 201 if created else 200, NO_STORE, "application/json")

    return [Route("/api/rooms/{room}/messages", publish, methods=["POST"])]
