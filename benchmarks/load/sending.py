"""One client that sends, in the technique's own way: a POST each, or a frame on the connection it has.

Latency counts from the intended time to the acknowledgement (201, `ack`, or Socket.IO's own). The drafts are the
payload that was sent; acknowledgements are framing. A WebSocket is always a reader too, so its own messages come back
on it, as payload that was received; the POST and Socket.IO's client have not joined the room.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import Literal

import msgspec

from benchmarks.load.arrivals import now_ns
from benchmarks.load.client import Target
from benchmarks.load.connection import dial
from benchmarks.load.metronome import call_at
from benchmarks.load.publisher import NOT_YET, Poster, Published, draft, publish, sender_of
from benchmarks.load.socket_io import ACK, Session, answer_in, read_packet
from benchmarks.load.tally import Tally
from benchmarks.load.texts import text_of
from benchmarks.load.websocket import CONTROL, SUBPROTOCOL, Incoming, Socket, decode_control

ACK_WITHIN_S = 5.0


class Sender(ABC):
    """A client that sends messages at their intended times."""

    way: Literal["POST", "frame"]

    def __init__(self, target: Target, tally: Tally) -> None:
        self.target = target
        self.tally = tally

    @abstractmethod
    async def open(self) -> None:
        """Connect, so that messages may be sent.

        Raises:
            OSError: the server does not let it.
        """

    @abstractmethod
    async def send(self, published: Published, interrupted: asyncio.Event, *, text_bytes: int, seed: int) -> None:
        """Send until `interrupted`, wait for the acknowledgements, close."""


class PostSender(Sender):
    """Sends by POST, as short polling, long polling and Server-Sent Events must."""

    way = "POST"

    async def open(self) -> None:
        self._poster = Poster(self.target, self.tally)
        await self._poster.open(1)

    async def send(self, published: Published, interrupted: asyncio.Event, *, text_bytes: int, seed: int) -> None:
        bodies = [draft(number, text_bytes, seed) for number in range(len(published.intended_ns))]
        await publish(self._poster, published, bodies, interrupted)
        self._poster.close()


class FrameSender(Sender):
    """What WebSocket and Socket.IO have in common: one connection, on which acknowledgements come back."""

    way = "frame"

    async def open(self) -> None:
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._done = asyncio.Event()
        self._published = Published.of(0, [])
        self._left = 0
        try:
            async with asyncio.timeout(ACK_WITHIN_S):
                await self.connect()
                await self._open
        except OSError:  # a TimeoutError is one
            self.close()
            raise

    async def send(self, published: Published, interrupted: asyncio.Event, *, text_bytes: int, seed: int) -> None:
        self._published = published
        self._left = len(published.intended_ns)
        texts = [text_of(number, text_bytes, seed) for number in range(self._left)]

        def send(number: int) -> None:
            if not self._done.is_set():  # or the connection is gone
                published.sent_ns[number] = now_ns()
                self.emit(number, texts[number])

        try:
            await call_at(published.intended_ns, send, interrupted)
            self._left -= len(texts) - published.sent  # those that Ctrl-C came before
            if self._left > 0:
                async with asyncio.timeout(ACK_WITHIN_S):
                    await self._done.wait()
        except TimeoutError:
            published.refusals.append(f"not acknowledged within {ACK_WITHIN_S:g} s")
        finally:
            self.close()

    @abstractmethod
    async def connect(self) -> None:
        """Connect; `opened` is called when messages may be sent."""

    @abstractmethod
    def emit(self, number: int, text: str) -> None:
        """Send message `number`."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""

    def opened(self) -> None:
        """Note that messages may be sent."""
        if not self._open.done():
            self._open.set_result(None)

    def lost(self, why: str) -> None:
        """Note that the connection is gone."""
        why = why or "the connection was lost"
        if not self._open.done():
            self._open.set_exception(ConnectionError(why))
        elif self._left > 0:
            self._published.refusals.append(why)
        self._done.set()

    def acknowledged(self, number: int) -> None:
        """Note that the server has message `number`.

        Raises:
            ValueError: there is no such message, or it was acknowledged before.
        """
        acknowledged_ns = self._published.acknowledged_ns
        if not 0 <= number < len(acknowledged_ns) or acknowledged_ns[number] != NOT_YET:
            raise ValueError(f"an acknowledgement that nothing was left for: {number}")
        acknowledged_ns[number] = now_ns()
        self._settled()

    def refused(self, why: str) -> None:
        """Note that the server does not take a message."""
        self._published.refusals.append(why)
        self._settled()

    def _settled(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._done.set()


class WebSocketSender(FrameSender):
    """Sends text messages; each comes back to it as a delivery, beside its `ack`."""

    async def connect(self) -> None:
        resource = f"/api/rooms/{self.target.room}/ws?after=latest"
        self._socket = Socket(
            self.target,
            self.tally,
            resource,
            subprotocols=[SUBPROTOCOL],
            opened=self.opened,
            message=self._message,
            lost=self.lost,
        )
        await dial(self.target.address, self._socket.connection, self._socket.ask)

    def emit(self, number: int, text: str) -> None:
        body = msgspec.json.encode({"text": text, "sender": sender_of(number), "client_message_id": str(number)})
        frame_bytes = self._socket.send_text(body)
        payload_bytes = min(len(body), frame_bytes)  # fewer where it was compressed
        self.tally.sent.payload += payload_bytes
        self.tally.sent.framing += frame_bytes - payload_bytes

    def _message(self, message: Incoming) -> None:
        received = self.tally.received
        received.framing += message.header_bytes
        if not message.text.startswith(CONTROL):
            received.payload += message.payload_bytes
            return
        received.framing += message.payload_bytes
        control = decode_control(message.text)
        if control.control == "ack":
            self.acknowledged(int(control.client_message_id or ""))
        elif control.control == "error":
            self.refused(message.text.decode())

    def close(self) -> None:
        self._socket.close()


class SocketIoSender(FrameSender):
    """Emits `publish`, which is acknowledged with the message; there is no need to join the room."""

    async def connect(self) -> None:
        self._session = Session(
            self.target, self.tally, connected=self.opened, packet=self._packet, lost=self.lost, dial=self._dial
        )
        await dial(self.target.address, self._session.polling, self._session.ask)

    def _dial(self, socket: Socket) -> None:
        self._dialling = asyncio.create_task(self._open_socket(socket))

    async def _open_socket(self, socket: Socket) -> None:
        try:
            await dial(self.target.address, socket.connection, socket.ask)
        except OSError as error:
            self.lost(str(error))

    def emit(self, number: int, text: str) -> None:
        fields = {"room": self.target.room, "sender": sender_of(number), "text": text}
        body = msgspec.json.encode(fields)
        frame_bytes = self._session.emit(b'42%d["publish",%s]' % (number, body))
        payload_bytes = min(len(body), frame_bytes)
        self.tally.sent.payload += payload_bytes
        self.tally.sent.framing += frame_bytes - payload_bytes

    def _packet(self, message: Incoming) -> None:
        self.tally.received.framing += message.payload_bytes + message.header_bytes
        packet = read_packet(message.text)
        if packet is None or packet.type != ACK:
            return
        answer = answer_in(packet)
        if "error" in answer:
            self.refused(str(answer["error"]))
        else:
            assert packet.id is not None  # or it were malformed
            self.acknowledged(packet.id)

    def close(self) -> None:
        self._session.close()


SENDERS: dict[str, type[Sender]] = {
    "short-poll": PostSender,
    "long-poll": PostSender,
    "sse": PostSender,
    "websocket": WebSocketSender,
    "socket-io": SocketIoSender,
}
