"""WebSocket frames (RFC 6455 section 5) as they come, each taken apart to the bit, and the texts in them.

A frame waits until it is whole. One of more than 64 KiB is shown in pieces of 64 KiB, the last shorter. What is in a
message is known when it ends: then the last fragment gets the label and the ids of the whole. What the frames are
accounted for is the benchmark's (benchmarks/load/websocket.py).
"""

from collections.abc import Callable
from typing import NamedTuple

from pushdemo.wire.dissectors.control_frames import control_payload
from pushdemo.wire.dissectors.deflate import COMPRESSED, Deflate, Inflater, compressed_fields, negotiated
from pushdemo.wire.dissectors.fields import NOT_READ, Account, Content, Direction, Field, Kind, not_read
from pushdemo.wire.dissectors.frame_header import (
    BINARY,
    CLOSE,
    CONTINUATION,
    LONGEST_HEADER_BYTES,
    OPCODES,
    TEXT,
    Header,
    header_fields,
    read_header,
)

__all__ = ["Deflate", "Frame", "FrameReader", "negotiated"]

LONGEST_BYTES = 65_536
"""A longer frame is shown in pieces of so many bytes, and of a longer message only so much is read."""
SHOWN_CHARACTERS = 200
"""So much is shown of a text that inflates to more than is kept."""

DATA = "RFC 6455 section 5.6"
PAYLOAD_DATA = Kind("payload data", "A piece of a message's text.", "RFC 6455 section 5.4")
BINARY_DATA = Kind("payload data", "Bytes that mean what the application says they do.", DATA)


class Frame(NamedTuple):
    """A frame, or a piece of one that is long.

    Attributes:
        fields: all of its bytes.
        label: some words for a list, such as "text frame: message k3f9-42".
        messages: the ids of the feed's messages in it; of a fragmented message, at its last fragment.
        is_control: it is a Close, a ping or a pong.
    """

    fields: tuple[Field, ...]
    label: str
    messages: tuple[str, ...]
    is_control: bool


class _Message:
    """A message whose fragments are coming."""

    def __init__(self, opcode: int, *, is_compressed: bool) -> None:
        self.opcode = opcode
        self.is_compressed = is_compressed
        self.text = bytearray()  # its beginning, inflated
        self.is_long = False  # it has more text than that

    def add(self, text: bytes) -> None:
        """Keep the next piece of its text."""
        self.text += text[: LONGEST_BYTES - len(self.text)]
        self.is_long = self.is_long or len(self.text) == LONGEST_BYTES


class _Long(NamedTuple):
    """A frame that is shown in pieces: its header, and how much of the payload has been shown."""

    header: Header
    label: str
    shown_bytes: int


class FrameReader:
    """Takes the frames of one direction as they come, in pieces of any size.

    Args:
        direction: which way they go.
        read_text: takes the text of a message apart.
        deflate: what was agreed on for permessage-deflate, if it was.
    """

    def __init__(
        self, direction: Direction, read_text: Callable[[bytes, Direction], Content], deflate: Deflate | None
    ) -> None:
        self._direction = direction
        self._read_text = read_text
        self._inflater: Inflater | None = None
        if deflate is not None:
            is_up = direction == "up"
            forgets = deflate.client_no_context_takeover if is_up else deflate.server_no_context_takeover
            self._inflater = Inflater(keeps_window=not forgets)
        self._rest = bytearray()
        self._message: _Message | None = None
        self._long: _Long | None = None

    @property
    def rest(self) -> bytes:
        """The bytes that wait for the end of their frame, or for the next 64 KiB of one that is long."""
        return bytes(self._rest)

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames, and pieces of long ones, that end within `data`."""
        self._rest += data
        frames = []
        start = 0
        while (found := self._take(start)) is not None:
            frame, size = found
            frames.append(frame)
            start += size
        del self._rest[:start]
        return frames

    def _take(self, start: int) -> tuple[Frame, int] | None:
        """Return the next frame or piece among the bytes that wait, and its size."""
        if self._long is not None:
            size = min(LONGEST_BYTES, self._long.header.length - self._long.shown_bytes)
            data = bytes(self._rest[start : start + size])
            return (self._go_on(self._long, data), size) if len(data) == size else None
        header = read_header(bytes(self._rest[start : start + LONGEST_HEADER_BYTES]))
        if header is None:
            return None
        size = header.size if header.has_no_end else min(LONGEST_BYTES, header.size + header.length)
        if len(self._rest) < start + size:
            return None
        return self._begin(header, bytes(self._rest[start + header.size : start + size])), size

    def _begin(self, header: Header, data: bytes) -> Frame:
        """Return the frame with that header and payload, or its first piece."""
        is_cut = len(data) < header.length and not header.has_no_end
        if header.fault:
            frame = self._no_frame(header, data)
        elif header.is_control:
            frame = self._control(header, _unmask(data, header.key))
        else:
            frame = self._data(header, _unmask(data, header.key))
        if is_cut:
            self._long = _Long(header, frame.label, len(data))
            frame = frame._replace(label=f"{frame.label}, the first {len(data):,} of {header.length:,} bytes")
        return frame

    def _go_on(self, long: _Long, data: bytes) -> Frame:
        """Return the next piece of a long frame."""
        shown = long.shown_bytes + len(data)
        is_whole = shown == long.header.length
        self._long = None if is_whole else long._replace(shown_bytes=shown)
        label = f"{long.label}, more of the payload"
        if long.header.fault:
            return Frame((not_read(data, long.header.fault),), label, (), long.header.is_control)
        offset = long.shown_bytes % 4
        data = _unmask(data, long.header.key[offset:] + long.header.key[:offset])
        fields, content = self._payload(long.header, data, is_last=is_whole and long.header.fin)
        return _labelled(fields, label, content)

    def _no_frame(self, header: Header, data: bytes) -> Frame:
        fields = header_fields(header, self._direction, Account.UNKNOWN)
        if data:
            fields += (not_read(data, header.fault),)
        return Frame(fields, f"no frame: {header.fault}", (), header.is_control)

    # --- control frames ---

    def _control(self, header: Header, data: bytes) -> Frame:
        account = Account.FRAMING if header.opcode == CLOSE else Account.HEARTBEAT
        fields, label = control_payload(header.opcode, data)
        rsv1 = self._not_here("a control frame is never compressed (RFC 7692 section 6.1)")
        head = header_fields(header, self._direction, account, rsv1=rsv1)
        return Frame(head + self._shown(fields, data, header), label, (), True)

    def _not_here(self, why: str) -> str:
        return "" if self._inflater is None else f"but {why}"

    # --- data frames ---

    def _data(self, header: Header, data: bytes) -> Frame:
        rsv1, place = self._enter(header)
        is_cut = len(data) < header.length
        fields, content = self._payload(header, data, is_last=header.fin and not is_cut)
        head = header_fields(header, self._direction, _account_around(fields), rsv1=rsv1, place=place)
        return _labelled(head + fields, self._label(header), content)

    def _enter(self, header: Header) -> tuple[str, str]:
        """Begin a message, or go on with the one that is coming; return what is to be said of RSV1 and the opcode."""
        if header.opcode == CONTINUATION:
            rsv1 = self._not_here("only a message's first frame says so (RFC 7692 section 6.1)")
            if self._message is not None:
                return rsv1, ""
            self._message = _Message(CONTINUATION, is_compressed=False)
            return rsv1, "but no message has begun (section 5.4)"
        place = "" if self._message is None else "but the message before has not ended (section 5.4)"
        self._message = _Message(header.opcode, is_compressed=header.reserved[0] and self._inflater is not None)
        if self._inflater is None or not self._message.is_compressed:
            return "", place
        self._inflater.begin()
        return "compressed (RFC 7692 section 6)", place

    def _label(self, header: Header) -> str:
        label = f"{OPCODES[header.opcode]} frame"
        if header.opcode != CONTINUATION:
            is_compressed = header.reserved[0] and self._inflater is not None
            return label + (", compressed" if is_compressed else "") + ("" if header.fin else ", first fragment")
        return label + (", last fragment" if header.fin else "")

    def _payload(self, header: Header, data: bytes, *, is_last: bool) -> tuple[tuple[Field, ...], Content | None]:
        """Return the fields of the next unmasked piece of a message, and what the whole says where it ends.

        `data` has the piece's length on the wire.
        """
        message = self._message
        assert message is not None
        if is_last:
            self._message = None
        if message.is_compressed:
            return self._compressed(message, data, is_last=is_last)
        message.add(data)
        content = self._read(message) if is_last else None
        if message.opcode == BINARY:
            fields = _field(BINARY_DATA, data, Account.PAYLOAD)
        elif content is None or message.is_long or message.opcode != TEXT:
            fields = _field(PAYLOAD_DATA, data, Account.PAYLOAD)
        else:
            fields = _last_of(content.fields, len(data))
        return self._shown(fields, data, header), content

    def _read(self, message: _Message) -> Content:
        """Return what a whole message says."""
        if message.is_long:
            return Content((), f"more than {LONGEST_BYTES - 1:,} bytes")
        text = bytes(message.text)
        return self._read_text(text, self._direction) if message.opcode == TEXT else Content((), f"{len(text):,} bytes")

    def _compressed(self, message: _Message, data: bytes, *, is_last: bool) -> tuple[tuple[Field, ...], Content | None]:
        assert self._inflater is not None
        text = self._inflater.inflate(data, is_last=is_last)
        message.add(text)
        message.is_long = message.is_long or self._inflater.is_long
        if self._inflater.why and not message.is_long:
            field = not_read(data, f"it cannot be inflated: {self._inflater.why}")
            return (field,) if data else (), Content((), "not inflated") if is_last else None
        content = self._read(message) if is_last else None
        shown = text.decode(errors="replace")
        if message.is_long:
            shown = f"more than {LONGEST_BYTES - 1:,} bytes when inflated: {shown[:SHOWN_CHARACTERS]}…"
        elif content is not None and message.opcode == TEXT:
            return compressed_fields(content.fields, len(data), shown), content
        return _field(COMPRESSED, data, Account.PAYLOAD, shown), content

    def _shown(self, fields: tuple[Field, ...], unmasked: bytes, header: Header) -> tuple[Field, ...]:
        """Return fields of a masked payload with their text as their value, because the bytes do not show it."""
        if not header.is_masked:
            return fields
        shown = []
        start = 0
        for field in fields:
            text = unmasked[start : start + field.length].decode(errors="replace")
            value = f"{field.value}; unmasked: {text}" if field.kind is NOT_READ else field.value or text
            shown.append(field._replace(value=value))
            start += field.length
        return tuple(shown)


def _labelled(fields: tuple[Field, ...], label: str, content: Content | None) -> Frame:
    if content is None:
        return Frame(fields, label, (), False)
    return Frame(fields, f"{label}: {content.label}", content.messages, False)


def _unmask(data: bytes, key: bytes) -> bytes:
    """Apply a masking key, or none (RFC 6455 section 5.3)."""
    if not key:
        return data
    mask = key * (len(data) // 4 + 1)
    size = len(data)
    return (int.from_bytes(data, "big") ^ int.from_bytes(mask[:size], "big")).to_bytes(size, "big")


def _field(kind: Kind, data: bytes, account: Account, value: str = "") -> tuple[Field, ...]:
    return (Field(kind, len(data), account, value),) if data else ()


def _account_around(fields: tuple[Field, ...]) -> Account:
    """Return the account of what wraps such fields."""
    accounts = {field.account for field in fields}
    return accounts.pop() if accounts in ({Account.HANDSHAKE}, {Account.HEARTBEAT}) else Account.FRAMING


def _last_of(fields: tuple[Field, ...], size: int) -> tuple[Field, ...]:
    """Return the fields that cover the last `size` of the bytes that `fields` cover."""
    taken: list[Field] = []
    for field in reversed(fields):
        length = min(size, field.length)
        if length:
            taken.append(field._replace(length=length))
        size -= length
    return tuple(reversed(taken))
