"""WebSocket: an opening handshake, then frames (websockets' sans-I/O protocol parses them)."""

import logging
from collections.abc import Callable, Sequence
from time import perf_counter_ns
from typing import NamedTuple

import msgspec
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.typing import ExtensionParameter, Subprotocol
from websockets.uri import parse_uri

from benchmarks.load.client import Client, Target
from benchmarks.load.connection import MALFORMED, Connection, Over
from benchmarks.load.sse import END_OF_HEAD
from benchmarks.load.tally import Tally

WHOLE_TEXT = 0x81
"""The first byte of a frame with FIN set, no reserved bit, and the opcode of text (RFC 6455 section 5.2)."""
SUBPROTOCOL = Subprotocol("pushdemo.v1")
USUAL_ENDS = (CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.SERVICE_RESTART)
"""Close codes of a server that stops; any other is a refusal, such as 1013 of one that is full."""

_quiet = logging.getLogger("benchmarks.websocket")
_quiet.setLevel(logging.CRITICAL)


def header_bytes(payload_bytes: int) -> int:
    """Return the length of an unmasked frame's header (RFC 6455 section 5.2)."""
    return 2 if payload_bytes < 126 else 4 if payload_bytes < 65_536 else 10


class _Deflate(ClientPerMessageDeflateFactory):
    """permessage-deflate that remembers how many bytes a frame had before it was inflated."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__(client_max_window_bits=True)
        self._sizes = sizes

    def process_response_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> PerMessageDeflate:
        extension = super().process_response_params(params, accepted_extensions)
        inflate, sizes = extension.decode, self._sizes

        def decode(frame: Frame, *, max_size: int | None = None) -> Frame:
            sizes.append(len(frame.data))
            return inflate(frame, max_size=max_size)

        extension.decode = decode  # type: ignore[method-assign]
        return extension


class Incoming(NamedTuple):
    """A text message: its text, and the bytes it had on the wire, as payload and as frame headers."""

    text: bytes
    payload_bytes: int
    header_bytes: int


class Socket:
    """One WebSocket connection, whose handshake and control frames it accounts for itself.

    Args:
        target: where to, and whether to offer permessage-deflate.
        tally: takes the counts.
        resource: path and query.
        subprotocols: what to offer.
        opened: called when the handshake is done.
        message: called with each text message, for which the callee accounts before it raises anything.
        lost: called when it has ended, unless `close` was called; with the reason where it was refused or went wrong.
    """

    def __init__(
        self,
        target: Target,
        tally: Tally,
        resource: str,
        *,
        subprotocols: list[Subprotocol] | None = None,
        opened: Callable[[], None],
        message: Callable[[Incoming], None],
        lost: Callable[[str], None],
    ) -> None:
        self._target = target
        self._tally = tally
        self._opened = opened
        self._message = message
        self._lost = lost
        self._inflated: list[int] = []
        self._head = b""  # of the response, until it is whole
        self._is_open = False
        self._fragments: list[Incoming] = []
        self._unfinished_bytes = 0
        self.connection = Connection(tally, self._receive, self._ended)
        self._protocol = ClientProtocol(
            parse_uri(f"ws://{target.address.name.decode()}{resource}"),
            subprotocols=subprotocols,
            extensions=[_Deflate(self._inflated)] if target.deflate else None,
            max_size=None,
            logger=_quiet,
        )

    def ask(self) -> None:
        """Send the handshake; the connection must have been made."""
        request = self._protocol.connect()
        request.headers.update(_fields(self._target.extra_fields))
        self._protocol.send_request(request)
        self._tally.requests += 1
        self._tally.sent.handshake += self._flush()

    def send_text(self, text: bytes) -> int:
        """Send a text message, and return how many bytes its frame had."""
        self._protocol.send_text(text)
        return self._flush()

    def _flush(self) -> int:
        data = b"".join(self._protocol.data_to_send())
        if data:
            self.connection.write(data)
        return len(data)

    def _receive(self, data: bytes) -> None:
        if not self._is_open:
            self._head += data
            head, end, data = self._head.partition(END_OF_HEAD)
            if not end:
                return
            self._take_response(head + end)
            self._head = b""
            self._tally.received.handshake += len(head) + len(end)
            self._is_open = True
            self._opened()
        if not self._unfinished_bytes and not self._fragments and not self._target.deflate:
            data = self._take_whole_texts(data)
            if not data:
                return
        self._unfinished_bytes += len(data)
        self._protocol.receive_data(data)
        for frame in self._protocol.events_received():
            assert isinstance(frame, Frame)
            self._take(frame)
        if self._protocol.parser_exc is not None:
            raise ValueError(f"not a WebSocket frame: {self._protocol.parser_exc}")
        self._tally.sent.heartbeat += self._flush()  # a pong

    def _take_whole_texts(self, data: bytes) -> bytes:
        """Take whole, unmasked text messages from the beginning of `data`, the usual case, and return the rest.

        To let websockets parse them as well costs a third of what this client may cost.
        """
        start = end = 0
        stop = len(data)
        try:
            while stop - start >= 2 and data[start] == WHOLE_TEXT:
                size = data[start + 1]
                header = 2
                if size == 126 and stop - start >= 4:
                    size = data[start + 2] << 8 | data[start + 3]
                    header = 4
                elif size >= 126:
                    break
                end = start + header + size
                if end > stop:
                    break
                self._message(Incoming(data[start + header : end], size, header))
                start = end
        except (Over, *MALFORMED):
            self._unfinished_bytes = stop - end
            raise
        return data[start:] if start else data

    def _take_response(self, head: bytes) -> None:
        self._protocol.receive_data(head)
        if self._protocol.state is not State.OPEN:
            status = head.partition(b"\r\n")[0].decode(errors="replace")
            error = self._protocol.handshake_exc  # not yet known where a body would follow
            raise Over(f"the WebSocket handshake was answered: {status}" + (f" ({error})" if error else ""))
        self._protocol.events_received()

    def _take(self, frame: Frame) -> None:
        size = self._inflated.pop(0) if self._inflated else len(frame.data)
        header = header_bytes(size)
        self._unfinished_bytes -= header + size
        is_text = frame.opcode in (Opcode.TEXT, Opcode.CONT)  # a binary message does not come to its second frame
        if frame.opcode is Opcode.TEXT and frame.fin:
            self._message(Incoming(bytes(frame.data), size, header))
        elif is_text:
            self._fragments.append(Incoming(bytes(frame.data), size, header))
            if frame.fin:
                texts, sizes, headers = zip(*self._fragments, strict=True)
                self._fragments = []
                self._message(Incoming(b"".join(texts), sum(sizes), sum(headers)))
        elif frame.opcode in (Opcode.PING, Opcode.PONG):
            self._tally.received.heartbeat += header + size
        else:
            self._tally.received.framing += header + size
            if frame.opcode is not Opcode.CLOSE:
                raise ValueError("a binary message")
            close = Close.parse(frame.data)
            raise Over("" if close.code in USUAL_ENDS else f"the server closed the WebSocket with {close}")

    def _ended(self) -> None:
        self._account_for_the_rest()
        self._lost(self.connection.why or ("" if self._is_open else "the WebSocket handshake was not answered"))

    def close(self) -> None:
        """End the connection at once, without a Close frame: who counts bytes to the last delivery wants no more."""
        if self.connection.is_open:
            self._account_for_the_rest()
            self.connection.close()

    def _account_for_the_rest(self) -> None:
        """Bytes of a message, or of a response, that never ended."""
        self._tally.received.handshake += len(self._head)
        self._tally.received.framing += self._unfinished_bytes
        self._tally.received.framing += sum(part.payload_bytes + part.header_bytes for part in self._fragments)
        self._head, self._fragments, self._unfinished_bytes = b"", [], 0


def _fields(lines: str) -> Headers:
    headers = Headers()
    for line in lines.splitlines():
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    return headers


class Control(msgspec.Struct):
    """A message about the connection; `cursor` stands in the first, `client_message_id` in an acknowledgement."""

    control: str
    cursor: str | None = None
    client_message_id: str | None = None


decode_control = msgspec.json.Decoder(Control).decode
CONTROL = b'{"control"'


class WebSocket(Client):
    """Reads by WebSocket, and comes back with its cursor in `after`."""

    technique = "websocket"
    _socket: Socket | None = None

    def connect(self) -> None:
        self._socket = Socket(
            self.target,
            self.tally,
            f"/api/rooms/{self.target.room}/ws?after={self.cursor}",
            subprotocols=[SUBPROTOCOL],
            opened=lambda: None,
            message=self._message,
            lost=self.lost,
        )
        self.dial(self._socket.connection, self._socket.ask)

    def _message(self, message: Incoming) -> None:
        received = self.tally.received
        if not message.text.startswith(CONTROL):
            received.payload += message.payload_bytes
            received.framing += message.header_bytes
            self.arrived(message.text, perf_counter_ns())
            return
        size = message.payload_bytes + message.header_bytes
        received.framing += size
        control = decode_control(message.text)
        if control.control == "joined" and control.cursor is not None:
            received.framing -= size
            received.handshake += size
            self.opened(control.cursor)
        elif control.control != "gap":
            raise Over(f"the server said: {message.text[:200].decode(errors='replace')}")

    def hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
