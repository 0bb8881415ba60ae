"""The header of a WebSocket frame (RFC 6455 section 5.2): read, and shown bit by bit.

0                   1                   2                   3
F R R R opcode  M payload length   extended payload length (0, 16 or 64 bits)   masking key (0 or 32 bits)
"""

from typing import NamedTuple

from pushdemo.wire.dissectors.fields import Account, Bits, Direction, Field, Kind

CONTINUATION, TEXT, BINARY = 0x0, 0x1, 0x2
CLOSE, PING, PONG = 0x8, 0x9, 0xA
OPCODES = {CONTINUATION: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong"}
MOST_IN_CONTROL_BYTES = 125
LONGEST_HEADER_BYTES = 14

SOURCE = "RFC 6455 section 5.2"
FIRST_BYTE = Kind("FIN, RSV, opcode", "What the frame is, and whether its message ends with it.", SOURCE)
SECOND_BYTE = Kind("MASK, payload length", "Whether the payload is masked, and how long it is.", SOURCE)
EXTENDED_LENGTH = Kind(
    "extended payload length", "The payload's length, where seven bits are too few; the first byte weighs most.", SOURCE
)
MASKING_KEY = Kind(
    "masking key",
    "Four random bytes; each byte of the payload is combined with one of them, in turn, by exclusive or, so that "
    "a page cannot choose the bytes that a proxy sees.",
    "RFC 6455 section 5.3",
)


class Header(NamedTuple):
    """A frame's header as it was read.

    Attributes:
        size: of the header, in bytes.
        fin: the frame is the last of its message.
        reserved: the three bits RSV1 to RSV3.
        opcode: what the frame is.
        seven_bits: the length as it stands in the second byte; 126 and 127 say that it follows.
        length: of the payload, in bytes.
        key: the masking key, or b"".
        is_masked: the payload is masked.
    """

    size: int
    fin: bool
    reserved: tuple[bool, bool, bool]
    opcode: int
    seven_bits: int
    length: int
    key: bytes
    is_masked: bool

    @property
    def is_control(self) -> bool:
        """Whether it is a control frame, known or not."""
        return self.opcode >= CLOSE

    @property
    def has_no_end(self) -> bool:
        """Whether its length is none, so that nobody can say where the next frame begins."""
        return self.length >> 63 == 1

    @property
    def fault(self) -> str:
        """Why this is no frame, or "" where it is one; what is wrong with its bits only is said there."""
        if self.has_no_end:
            return "the first of the 64 bits of a length must be 0 (RFC 6455 section 5.2)"
        if self.opcode not in OPCODES:
            return f"opcode {self.opcode} is reserved (RFC 6455 section 5.2)"
        if self.is_control and not self.fin:
            return "a control frame must not be fragmented (RFC 6455 section 5.5)"
        if self.is_control and self.length > MOST_IN_CONTROL_BYTES:
            return f"a control frame has 125 bytes at most, not {self.length:,} (RFC 6455 section 5.5)"
        return ""


def read_header(data: bytes) -> Header | None:
    """Read the header with which `data` begins; None where it is not all there."""
    if len(data) < 2:
        return None
    seven_bits, is_masked = data[1] & 0x7F, bool(data[1] & 0x80)
    end_of_length = 2 + _extended_bytes(seven_bits)
    size = end_of_length + (4 if is_masked else 0)
    if len(data) < size:
        return None
    length = int.from_bytes(data[2:end_of_length], "big") if end_of_length > 2 else seven_bits
    reserved = (bool(data[0] & 0x40), bool(data[0] & 0x20), bool(data[0] & 0x10))
    return Header(
        size, bool(data[0] & 0x80), reserved, data[0] & 0x0F, seven_bits, length, data[end_of_length:size], is_masked
    )


def _extended_bytes(seven_bits: int) -> int:
    return {126: 2, 127: 8}.get(seven_bits, 0)


def header_fields(
    header: Header, direction: Direction, account: Account, *, rsv1: str = "", place: str = ""
) -> tuple[Field, ...]:
    """Return the fields of a header.

    Args:
        header: what was read.
        direction: which decides whether the payload must be masked.
        account: of its bytes.
        rsv1: what RSV1 means here where it is 1; "" where no extension gives it a meaning.
        place: what is wrong with a frame of this opcode at this place; "" where nothing is.
    """
    fields = [
        Field(FIRST_BYTE, 1, account, bits=_first_bits(header, rsv1, place)),
        Field(SECOND_BYTE, 1, account, bits=_second_bits(header, direction)),
    ]
    if extended := _extended_bytes(header.seven_bits):
        fields.append(Field(EXTENDED_LENGTH, extended, account, _length_in_words(header)))
    if header.is_masked:
        fields.append(Field(MASKING_KEY, 4, account, header.key.hex(" ")))
    return tuple(fields)


def _first_bits(header: Header, rsv1: str, place: str) -> tuple[Bits, ...]:
    unused = "1, but no extension that uses it was negotiated (section 5.2)"
    first, *others = header.reserved
    name = OPCODES.get(header.opcode, "reserved")
    return (
        Bits(1, "FIN", "1, the last fragment" if header.fin else "0, more fragments follow"),
        Bits(1, "RSV1", "0" if not first else f"1, {rsv1}" if rsv1 else unused),
        *(Bits(1, f"RSV{number}", unused if is_set else "0") for number, is_set in enumerate(others, 2)),
        Bits(4, "opcode", f"{header.opcode}, {name}" + (f": {place}" if place else "")),
    )


def _second_bits(header: Header, direction: Direction) -> tuple[Bits, ...]:
    match direction, header.is_masked:
        case "up", True:
            mask = "1, masked"
        case "up", False:
            mask = "0: a client must mask (section 5.1)"
        case _, True:
            mask = "1: a server must not mask (section 5.1)"
        case _:
            mask = "0, not masked"
    if extended := _extended_bytes(header.seven_bits):
        length = f"{header.seven_bits}: the length stands in the next {extended} bytes"
    else:
        length = f"{header.seven_bits} bytes"
    return (Bits(1, "MASK", mask), Bits(7, "payload length", length))


def _length_in_words(header: Header) -> str:
    if header.has_no_end:
        return f"{header.length:,}: the first bit must be 0 (section 5.2)"
    is_short = header.length <= 125 or (header.seven_bits == 127 and header.length <= 0xFFFF)
    return f"{header.length:,} bytes" + (": a shorter form must be used (section 5.2)" if is_short else "")
