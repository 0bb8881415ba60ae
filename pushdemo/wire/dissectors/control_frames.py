"""What WebSocket's control frames say (RFC 6455 section 5.5): pings, pongs, and why a connection is closed.

The status codes of Close frames are those of RFC 6455 section 7.4 and of IANA's WebSocket Close Code Number Registry.
"""

from typing import NamedTuple

from pushdemo.wire.dissectors.fields import Account, Field, Kind, not_read
from pushdemo.wire.dissectors.frame_header import CLOSE, OPCODES, PING

STATUS_CODE = Kind("status code", "Why the connection is closed.", "RFC 6455 section 7.4.1")
REASON = Kind("reason", "More on why, for people.", "RFC 6455 section 7.1.6")
PING_DATA = Kind("application data", "Whatever the sender of a ping likes.", "RFC 6455 section 5.5.2")
PONG_DATA = Kind("application data", "The same that the ping had.", "RFC 6455 section 5.5.3")


class CloseCode(NamedTuple):
    """A status code's name, and what it says."""

    name: str
    meaning: str


CODES = {
    1000: CloseCode("normal closure", "all is done that the connection was for"),
    1001: CloseCode("going away", "the server goes down, or the browser leaves the page"),
    1002: CloseCode("protocol error", "the other side broke the protocol"),
    1003: CloseCode("unsupported data", "a kind of data came that is not taken, such as binary"),
    1004: CloseCode("reserved", "it has no meaning yet"),
    1005: CloseCode("no status received", "must not be sent; it stands for a Close frame without a code"),
    1006: CloseCode("abnormal closure", "must not be sent; it stands for an end without a Close frame"),
    1007: CloseCode("invalid payload data", "a message's data do not fit its type, such as text that is not UTF-8"),
    1008: CloseCode("policy violation", "a message is against the rules of this side"),
    1009: CloseCode("message too big", "a message is too long to be taken"),
    1010: CloseCode("mandatory extension", "the client needs an extension that the server did not accept"),
    1011: CloseCode("internal error", "something unforeseen keeps the server from going on"),
    1012: CloseCode("service restart", "the server starts anew; the client may come back at once"),
    1013: CloseCode("try again later", "the server has too much to do, or the client is too slow"),
    1014: CloseCode("bad gateway", "a server in between got no proper answer from the one behind it"),
    1015: CloseCode("TLS handshake", "must not be sent; it stands for a TLS handshake that failed"),
}


def close_code(code: int) -> CloseCode:
    """Return what is known of any status code."""
    if code in CODES:
        return CODES[code]
    if 3000 <= code <= 3999:
        return CloseCode("registered", "of a library or framework (RFC 6455 section 7.4.2)")
    if 4000 <= code <= 4999:
        return CloseCode("private", "of the application (RFC 6455 section 7.4.2)")
    if 1016 <= code <= 2999:
        return CloseCode("reserved", "for a later version of the protocol (RFC 6455 section 7.4.2)")
    return CloseCode("not a status code", "no such code may be used (RFC 6455 section 7.4.2)")


def control_payload(opcode: int, data: bytes) -> tuple[tuple[Field, ...], str]:
    """Return the fields of a control frame's unmasked payload, and a label for the frame."""
    if opcode == CLOSE:
        return _close(data)
    kind = PING_DATA if opcode == PING else PONG_DATA
    return (Field(kind, len(data), Account.HEARTBEAT),) if data else (), OPCODES[opcode]


def _close(data: bytes) -> tuple[tuple[Field, ...], str]:
    if not data:
        return (), "close, no code"
    if len(data) == 1:
        return (not_read(data, "expected two bytes of status code (RFC 6455 section 5.5.1)"),), "close, no code"
    code = int.from_bytes(data[:2], "big")
    name, meaning = close_code(code)
    value = f"{code}, {name}: {meaning}"
    fields = [Field(STATUS_CODE, 2, Account.FRAMING, value)]
    reason = data[2:]
    try:
        reason.decode()
    except UnicodeDecodeError as error:
        fields.append(not_read(reason, f"expected a reason in UTF-8 (RFC 6455 section 5.5.1): {error}"))
    else:
        if reason:
            fields.append(Field(REASON, len(reason), Account.FRAMING))
    return tuple(fields), f"close {code} ({name})"
