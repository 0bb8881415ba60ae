"""Engine.IO 4 and Socket.IO 5 packets as a client may send them, taken apart strictly.

An Engine.IO packet is one character of type and its data; over polling several stand in one payload, separated by
the character U+001E. A Socket.IO packet is the data of an Engine.IO `message`: type, number of attachments and `-`,
namespace and `,`, acknowledgement id, JSON; all but the type are optional. Source: the protocol documents at
socket.io/docs/v4/engine-io-protocol and socket.io/docs/v4/socket-io-protocol.

python-socketio is lenient where Node's server closes the connection, and trusts event names that are reserved, so
what arrives is checked here first. Attachments (binary events) are refused: this feed is text.
"""

import json
import re
from typing import Any, NamedTuple

SEPARATOR = "\x1e"
MESSAGE = "4"
RESERVED_EVENTS = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)
"""Names the libraries use for their own events; a client that sends one wants to be taken for the server."""

_ENGINE_PACKET = re.compile(r"1|[23](probe)?|5|6|4(?P<message>.+)", re.DOTALL)
_SOCKET_PACKET = re.compile(
    r"(?P<type>[0-6])((?P<attachments>[0-9]+)-)?((?P<namespace>/[^,]*)(,|$))?(?P<id>[0-9]{1,15})?(?P<json>.*)",
    re.DOTALL,
)
_NOTHING = object()


class Malformed(ValueError):
    """A packet that no client of the protocol sends; the connection it came on is to be closed."""


class SocketPacket(NamedTuple):
    """A Socket.IO packet. `data` is the JSON value, or None when there is none."""

    type: str
    namespace: str
    id: int | None
    data: Any


def parse_payload(payload: str, most: int) -> list[SocketPacket | None]:
    """Take apart the body of a polling POST; None stands for a packet that carries no Socket.IO packet.

    Args:
        payload: the body, decoded.
        most: how many packets it may hold.

    Raises:
        Malformed: one of them is, or they are too many.
    """
    packets = payload.split(SEPARATOR)
    if len(packets) > most:
        raise Malformed(f"a payload of {len(packets)} packets; at most {most} may come at once")
    return [parse_packet(packet) for packet in packets]


def parse_packet(packet: str | bytes) -> SocketPacket | None:
    """Take apart one Engine.IO packet, and what it carries.

    Raises:
        Malformed: it is not a packet that a client may send.
    """
    if not isinstance(packet, str):
        raise Malformed("a binary packet; this server speaks text")
    match = _ENGINE_PACKET.fullmatch(packet)
    if match is None:
        raise Malformed(f"not an Engine.IO packet of a client: {packet[:40]!a}")
    return None if match["message"] is None else parse_socket_packet(match["message"])


def parse_socket_packet(text: str) -> SocketPacket:
    """Take apart a Socket.IO packet.

    Raises:
        Malformed: the type is unknown or the server's, the JSON is broken, or the data do not fit the type.
    """
    match = _SOCKET_PACKET.fullmatch(text)
    if match is None or match["attachments"] is not None:
        raise Malformed(f"not a Socket.IO packet without attachments: {text[:40]!a}")
    data = _NOTHING
    if match["json"]:
        try:
            data = json.loads(match["json"], parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise Malformed(f"broken JSON in a Socket.IO packet: {match['json'][:40]!a}") from None
    if not _fits(match["type"], match["id"], data):
        raise Malformed(f"data that do not fit the packet's type: {text[:40]!a}")
    return SocketPacket(
        match["type"],
        match["namespace"] or "/",
        None if match["id"] is None else int(match["id"]),
        None if data is _NOTHING else data,
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON, though Python reads it")


def _fits(kind: str, packet_id: str | None, data: Any) -> bool:
    """Return whether a client may send `data` in a packet of that type."""
    match kind:
        case "0":  # CONNECT, perhaps with what the client wants to authenticate by
            return packet_id is None and (data is _NOTHING or isinstance(data, dict))
        case "1":  # DISCONNECT
            return packet_id is None and data is _NOTHING
        case "2":  # EVENT: its name and arguments
            return (
                isinstance(data, list) and len(data) > 0 and isinstance(data[0], str) and data[0] not in RESERVED_EVENTS
            )
        case "3":  # ACK
            return packet_id is not None and isinstance(data, list)
    return False  # CONNECT_ERROR is the server's, and the binary types need attachments
