"""Socket.IO: Engine.IO opens by HTTP long polling and is upgraded to a WebSocket, then the room is joined.

One after another, what socket.io-client does side by side: the handshake by GET, CONNECT by POST, its answer by GET,
then the WebSocket with its probe, the upgrade, and `join`. All of that is handshake. After it, a message is an
Engine.IO `4`, a Socket.IO `2` and the event's name around the payload; `2` from the server is a ping, `3` our pong.
"""

from collections.abc import Callable
from time import perf_counter_ns

import msgspec
from socketio.packet import ACK
from socketio.packet import Packet as SocketPacket

from benchmarks.load.client import Client, Target
from benchmarks.load.http import Answer, Exchange, request_head
from benchmarks.load.tally import Tally
from benchmarks.load.websocket import Incoming, Socket

RESOURCE = "/socket.io/?EIO=4&transport="
MESSAGE, MESSAGE_END = b'42["message",', b"]"
PING, PONG = b"2", b"3"
PROBE, PROBED, UPGRADE = b"2probe", b"3probe", b"5"
CONNECT = b"40"


class Session:
    """One Engine.IO session with a connected Socket.IO client, upgraded to a WebSocket.

    Args:
        target: where to.
        tally: takes the counts.
        connected: called when events may be emitted.
        packet: called with each packet that comes after that and is no ping; the callee accounts for it.
        lost: called when it has ended, unless `close` was called; with the reason where it was refused.
        dial: called when the WebSocket is to be connected; it then lets it `ask`.
    """

    def __init__(
        self,
        target: Target,
        tally: Tally,
        *,
        connected: Callable[[], None],
        packet: Callable[[Incoming], None],
        lost: Callable[[str], None],
        dial: Callable[[Socket], None],
    ) -> None:
        self._target = target
        self._tally = tally
        self._connected = connected
        self._packet = packet
        self._lost = lost
        self._dial = dial
        self._steps = iter((self._post_connect, self._get_answer, self._upgrade))
        self._sid = ""
        self._is_upgraded = False
        self._socket: Socket | None = None
        self.polling = Exchange(tally, self._answered, self._polling_lost)

    # --- opening ---

    def ask(self) -> None:
        """Send the handshake; the polling connection must have been made."""
        self._request("GET")

    def _request(self, method: str, body: bytes = b"") -> None:
        sid = f"&sid={self._sid}" if self._sid else ""
        length = f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n" if body else ""
        fields = f"Accept: */*\r\n{length}{self._target.extra_fields}"
        request = request_head(self._target.address, method, f"{RESOURCE}polling{sid}", fields) + body
        self._tally.sent.handshake += len(request)
        self.polling.request(request)

    def _answered(self, answer: Answer) -> None:
        self._tally.received.handshake += answer.head_bytes + len(answer.body)
        if answer.status != 200:
            self.close()
            self._lost(f"Engine.IO answered {answer.status}: {answer.body[:200].decode(errors='replace')}")
            return
        if not self._sid:
            self._sid = msgspec.json.decode(answer.body[1:])["sid"]
        next(self._steps)()

    def _post_connect(self) -> None:
        self._request("POST", CONNECT)

    def _get_answer(self) -> None:
        self._request("GET")

    def _upgrade(self) -> None:
        self.polling.close()
        self._socket = Socket(
            self._target,
            self._tally,
            f"{RESOURCE}websocket&sid={self._sid}",
            opened=self._probe,
            message=self._receive,
            lost=self._lost,
        )
        self._dial(self._socket)

    def _probe(self) -> None:
        self._send_handshake(PROBE)

    def _send_handshake(self, packet: bytes) -> None:
        assert self._socket is not None
        self._tally.sent.handshake += self._socket.send_text(packet)

    # --- packets ---

    def _receive(self, message: Incoming) -> None:
        size = message.payload_bytes + message.header_bytes
        if message.text == PING:
            self._tally.received.heartbeat += size
            self._tally.sent.heartbeat += self.emit(PONG)
        elif self._is_upgraded:
            self._packet(message)
        else:
            self._tally.received.handshake += size
            if message.text == PROBED:
                self._send_handshake(UPGRADE)
                self._is_upgraded = True
                self._connected()

    def emit(self, packet: bytes) -> int:
        """Send a packet, and return the bytes of its frame, for which the caller accounts."""
        assert self._socket is not None
        return self._socket.send_text(packet)

    # --- the end ---

    def _polling_lost(self) -> None:
        self._tally.received.handshake += self.polling.unfinished_bytes
        self._lost("")

    def close(self) -> None:
        """End it at once."""
        if self.polling.is_open:
            self._tally.received.handshake += self.polling.unfinished_bytes
            self.polling.close()
        if self._socket is not None:
            self._socket.close()


class SocketIo(Client):
    """Joins a room, and joins it again with its cursor after a break."""

    technique = "socket-io"
    _session: Session | None = None

    def connect(self) -> None:
        session = Session(
            self.target,
            self.tally,
            connected=self._join,
            packet=self._packet,
            lost=self._lost,
            dial=lambda socket: self.dial(socket.connection, socket.ask),
        )
        self._session = session
        self.dial(session.polling, session.ask)

    def _join(self) -> None:
        assert self._session is not None
        place = msgspec.json.encode({"room": self.target.room, "after": self.cursor})
        self.tally.sent.handshake += self._session.emit(b'420["join",%s]' % place)

    def _packet(self, packet: Incoming) -> None:
        received = self.tally.received
        text = packet.text
        if text.startswith(MESSAGE):
            payload = text[len(MESSAGE) : -len(MESSAGE_END)]
            overhead = len(text) - len(payload)
            carried = max(0, packet.payload_bytes - overhead)  # fewer than that, where it was compressed
            received.payload += carried
            received.framing += packet.payload_bytes - carried + packet.header_bytes
            self.arrived(payload, perf_counter_ns())
        elif not self.is_ready:
            received.handshake += packet.payload_bytes + packet.header_bytes
            self._joined(text)
        else:
            received.framing += packet.payload_bytes + packet.header_bytes

    def _joined(self, text: bytes) -> None:
        packet = SocketPacket(encoded_packet=text[1:].decode())
        if packet.packet_type != ACK:
            return
        answer = packet.data[0]
        if "cursor" in answer:
            self.opened(answer["cursor"])
        else:
            self.hang_up()
            self.refused(f"join was refused: {answer}")

    def _lost(self, why: str) -> None:
        if why:
            self.refused(why)
        else:
            self.broken()

    def hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
