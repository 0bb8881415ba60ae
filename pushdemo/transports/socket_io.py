"""Socket.IO 5 over Engine.IO 4: rooms, events and acknowledgements over whatever the network lets through.

- **Who opens**: the client, by HTTP long polling, which passes everywhere; it then probes a WebSocket and upgrades.
  Where `Upgrade` is dropped on the way it stays with polling. (Either alone can be chosen too.)
- **Who waits**: over polling the server holds a GET; over WebSocket nobody.
- **On the wire**: Engine.IO packets (one character of type) around Socket.IO packets: `42["message",{…}]` is
  message, event. `join` enters a room and is acknowledged with a cursor; `publish` is acknowledged with the message.
  The server pings every 25 s; a client that does not answer in 20 s is gone.
- **How it resumes**: the library reconnects, but a session's messages are gone with it; our client joins again with
  the cursor of its last message.
- **What it costs**: three more requests to open, and some 15 bytes more than WebSocket per message.

    curl 'http://127.0.0.1:8000/socket.io/?EIO=4&transport=polling'  # the handshake; then it wants a client
"""

import asyncio
from typing import Any, NamedTuple

import msgspec
from engineio.packet import Packet as EnginePacket
from starlette.routing import BaseRoute, Mount

from pushdemo.exchange import client_address, place_after, seat_of
from pushdemo.feed import Feed
from pushdemo.following import Following, Start
from pushdemo.line import Words
from pushdemo.messages import Cursor, Draft, Message
from pushdemo.problems import Problem
from pushdemo.settings import Settings
from pushdemo.socketio_server import StrictServer, event_packet

PATH = "/socket.io"


class Join(msgspec.Struct):
    """What `join` carries."""

    room: str
    after: str | None = None


class Publish(Draft, frozen=True, kw_only=True):
    """What `publish` carries."""

    room: str


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the mount under which Engine.IO answers."""
    server = StrictServer(settings, feed.clock)
    _Sessions(server, feed, settings)
    return [Mount(PATH, app=server)]


class _Joined(NamedTuple):
    """A room that a session follows, and the task that pushes its messages."""

    following: Following
    task: asyncio.Task[None]

    def leave(self) -> None:
        """Push nothing more."""
        self.following.close()
        self.task.cancel()


class _Sessions:
    """The clients of one Socket.IO server and the rooms they follow."""

    def __init__(self, server: StrictServer, feed: Feed, settings: Settings) -> None:
        self._server = server
        self._feed = feed
        self._settings = settings
        self._following: dict[str, dict[str, _Joined]] = {}
        server.on("connect", self.connect)
        server.on("join", self.join)
        server.on("publish", self.publish)
        server.on("disconnect", self.disconnect)
        feed.when_stopping(server.stop)

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        if len(self._following) >= self._settings.max_connections:
            raise ConnectionRefusedError(
                f"This server holds {self._settings.max_connections:,} connections, and has them."
            )
        scope = environ["asgi.scope"]
        await self._server.save_session(sid, {"address": client_address(scope), "seat": seat_of(scope)})
        self._following[sid] = {}

    async def join(self, sid: str, *arguments: Any) -> dict[str, Any]:
        """Follow a room from now on; joining it again starts anew at the cursor given."""
        try:
            wish = _convert(arguments, Join)
            following = await self._enter(sid, wish.room, place_after(wish.after))
        except Problem as problem:
            return {"error": problem.details()}
        # The task runs when this handler has returned and its acknowledgement stands in the session's queue.
        task = asyncio.create_task(self._push(sid, wish.room, following))
        task.add_done_callback(lambda task: self._end(sid, task, following))
        former = self._following[sid].get(wish.room)
        self._following[sid][wish.room] = _Joined(following, task)
        if former is not None:
            former.leave()
        return {"cursor": str(following.cursor)}

    async def _enter(self, sid: str, room: str, start: Start) -> Following:
        """Register with the feed.

        Raises:
            Problem: 400 for the room, 503 when the server is full, 422 when the client is in too many rooms.
        """
        rooms = self._following.get(sid, {})
        if room not in rooms and len(rooms) >= self._settings.rooms_per_connection:
            raise Problem(422, f"One connection may join {self._settings.rooms_per_connection} rooms.")
        following = self._feed.follow(room, start, "socket-io")
        await following.open()
        if sid not in self._following:
            following.close()
            raise Problem(503, "The client has left.")
        return following

    async def _push(self, sid: str, room: str, following: Following) -> None:
        """Send the room's messages until the server stops or the session ends."""
        self._server.lend(sid, following, WORDS)
        async for batch in following:
            if batch.gap:
                await self._server.push(sid, gap_packet(room, batch.gap))
            for message in batch.messages:
                await self._server.push(sid, message.encoded(message_packet))

    def _end(self, sid: str, task: asyncio.Task[None], following: Following) -> None:
        """Leave the room; when it was for an error (the log cannot be read), end the session, which then resumes."""
        following.close()
        if not task.cancelled() and task.exception() is not None:
            self._server.end(sid)

    async def publish(self, sid: str, *arguments: Any) -> Any:
        """Publish a message; no need to have joined its room."""
        try:
            wish = _convert(arguments, Publish)
            session = await self._server.get_session(sid)
            draft = Draft(wish.sender, wish.text, wish.client_message_id)
            return (await self._feed.publish(wish.room, draft, session["address"], session["seat"])).message
        except Problem as problem:
            return {"error": problem.details()}

    async def disconnect(self, sid: str, reason: str) -> None:
        for joined in self._following.pop(sid, {}).values():
            joined.leave()


def _convert(arguments: tuple[Any, ...], kind: type[Any]) -> Any:
    """Return the one argument of an event as `kind`.

    Raises:
        Problem: 422, it is not that.
    """
    if len(arguments) != 1:
        raise Problem(422, f"Expected one object as argument; {len(arguments)} arguments came.")
    try:
        return msgspec.convert(arguments[0], kind)
    except msgspec.ValidationError as error:
        raise Problem(422, f"Expected an object with {', '.join(kind.__struct_fields__)}: {error}.") from None


def message_packet(message: Message) -> EnginePacket:
    """Return a message as the packet that every session is sent; encoded once."""
    return event_packet("message", message.json)


def message_text(message: Message) -> str:
    """Return the same packet as the text that a WebSocket carries."""
    text: str = message.encoded(message_packet).encode()
    return text


WORDS = Words(message_text)


def gap_packet(room: str, cursor: Cursor) -> EnginePacket:
    """Return the event that says messages of a room are gone, with the cursor from which it goes on."""
    return event_packet("gap", msgspec.json.encode({"room": room, "cursor": str(cursor)}))
