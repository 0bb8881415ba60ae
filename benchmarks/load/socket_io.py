"""Socket.IO: Engine.IO opens by HTTP long polling and is upgraded to a WebSocket, then the room is joined.

One after another, what socket.io-client does side by side: the handshake by GET, CONNECT by POST, its answer by GET,
then the WebSocket with its probe, the upgrade, and `join`. All of that is handshake. After it, a message is an
Engine.IO `4`, a Socket.IO `2` and the event's name around the payload; `2` from the server is a ping, `3` our pong.
"""

from collections.abc import Callable
from time import perf_counter_ns

import msgspec

from benchmarks.load.client import Client, Target
from benchmarks.load.connection import Over
from benchmarks.load.http import Answer, Exchange, request_head
from benchmarks.load.tally import Tally
from benchmarks.load.websocket import Incoming, Socket
from pushdemo.wire.engineio import SEPARATOR, SocketPacket, parse_packet

RESOURCE = "/socket.io/?EIO=4&transport="
MESSAGE, MESSAGE_END = b'42["message",', b"]"
PING, PONG = b"2", b"3"
PROBE, PROBED, UPGRADE = b"2probe", b"3probe", b"5"
CONNECT = b"40"
ENGINE_OPEN, ENGINE_CLOSE = b"0", b"1"
CONNECTED, DISCONNECT, ACK = "0", "1", "3"
"""Types of Socket.IO packets, as `SocketPacket` has them."""


class Handshake(msgspec.Struct):
    """What is read of Engine.IO's `open` packet."""

    sid: str


decode_handshake = msgspec.json.Decoder(Handshake).decode


def read_packet(text: bytes) -> SocketPacket | None:
    """Return the Socket.IO packet in an Engine.IO packet of the server, or None where there is none.

    Raises:
        Over: the server ends the session, or refuses it.
        Malformed: it is no packet.
    """
    if text == ENGINE_CLOSE or text.startswith(b"44"):
        raise Over(f"the server ended the session: {text[:200].decode(errors='replace')}")
    packet = parse_packet(text.decode())
    if packet is not None and packet.type == DISCONNECT:
        raise Over("the server ended the session: Socket.IO disconnected")
    return packet


def answer_in(packet: SocketPacket) -> dict[str, object]:
    """Return what an acknowledgement says.

    Raises:
        ValueError: it says nothing.
    """
    answer = packet.data[0] if packet.data else None
    if not isinstance(answer, dict):
        raise ValueError(f"expected an acknowledgement with an object; this came: {packet.data!a:.200}")
    return answer


class Session:
    """One Engine.IO session with a connected Socket.IO client, upgraded to a WebSocket.

    Args:
        target: where to.
        tally: takes the counts.
        connected: called when events may be emitted.
        packet: called with each packet that comes after that and is no ping; the callee accounts for it before it
            raises anything.
        lost: called when it has ended, unless `close` was called; with the reason where it was refused or went wrong.
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
        self._steps = iter((self._post_connect, self._get_answer, self._upgrade))  # each takes an answer
        self._sid = ""
        self._is_upgraded = False
        self._socket: Socket | None = None
        self.polling = Exchange(tally, self._answered, self._polling_lost)

    # --- opening ---

    def ask(self) -> None:
        """Send the handshake; the polling connection must have been made."""
        self._request("GET")

    def _request(self, method: str, body: bytes = b"") -> None:
        if not self.polling.is_open:
            raise Over("the server closed the connection in the middle of Engine.IO's opening")
        sid = f"&sid={self._sid}" if self._sid else ""
        length = f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n" if body else ""
        fields = f"Accept: */*\r\n{length}{self._target.extra_fields}"
        request = request_head(self._target.address, method, f"{RESOURCE}polling{sid}", fields) + body
        self._tally.sent.handshake += len(request)
        self.polling.request(request)

    def _answered(self, answer: Answer) -> None:
        self._tally.received.handshake += answer.head_bytes + len(answer.body)
        if answer.status != 200:
            raise Over(f"Engine.IO answered {answer.status}: {answer.body[:200].decode(errors='replace')}")
        next(self._steps)(answer.body)

    def _post_connect(self, body: bytes) -> None:
        self._sid = decode_handshake(body.removeprefix(ENGINE_OPEN)).sid
        self._request("POST", CONNECT)

    def _get_answer(self, body: bytes) -> None:
        self._request("GET")

    def _upgrade(self, body: bytes) -> None:
        packets = [read_packet(packet) for packet in body.split(SEPARATOR.encode())]
        if not any(packet is not None and packet.type == CONNECTED for packet in packets):
            raise ValueError(f"expected the answer to Socket.IO's CONNECT; this came: {body[:40]!a}")
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
            if message.text != PROBED:
                raise ValueError(f"expected {PROBED!a} after the probe; this came: {message.text[:40]!a}")
            self._send_handshake(UPGRADE)
            self._is_upgraded = True
            self._connected()

    def emit(self, packet: bytes) -> int:
        """Send a packet, and return the bytes of its frame, for which the caller accounts."""
        assert self._socket is not None
        return self._socket.send_text(packet)

    # --- the end ---

    def _polling_lost(self) -> None:
        self._lost(self.polling.why)

    def close(self) -> None:
        """End it at once."""
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
            lost=self.lost,
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
            self._take_other(text)
        else:
            received.framing += packet.payload_bytes + packet.header_bytes
            self._take_other(text)

    def _take_other(self, text: bytes) -> None:
        """Take a packet that is no message: the answer to `join`, or a gap, or what Engine.IO says to itself."""
        packet = read_packet(text)
        if packet is None or packet.type != ACK:
            return
        cursor = answer_in(packet).get("cursor")
        if not isinstance(cursor, str):
            raise Over(f"join was refused: {packet.data[0]}")
        self.opened(cursor)

    def hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
