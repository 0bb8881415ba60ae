"""Engine.IO packets (protocol 4), as they stand in WebSocket texts and in the bodies of polls, taken apart.

A packet is one character of type and its data. In the body of a poll, or of a POST, several may stand, separated by
the character U+001E.
"""

from pushdemo.wire.dissectors.fields import Account, Content, Direction, Field, Kind, not_read
from pushdemo.wire.dissectors.socket_io import packet as socket_packet

SEPARATOR = b"\x1e"
CLOSE, NOOP = "1", "6"
TYPES = {
    "0": "open",
    CLOSE: "close",
    "2": "ping",
    "3": "pong",
    "4": "message",
    "5": "upgrade",
    NOOP: "noop",
}
MOST_PACKETS = 1_000
"""Of a body that are taken apart."""
OK = b"ok"
"""The server's answer to a POST."""

SOURCE = "socket.io/docs/v4/engine-io-protocol"
TYPE = Kind("Engine.IO packet type", "What the packet is for.", SOURCE)
HANDSHAKE = Kind(
    "handshake", "The session's id, what it can be upgraded to, and how often the server pings, as JSON.", SOURCE
)
PROBE_DATA = Kind("probe", "It tries out whether packets cross the WebSocket before all is moved to it.", SOURCE)
DATA = Kind("data", "What the packet carries.", SOURCE)
BINARY_TYPE = Kind("binary message", "The rest is binary, written in Base64 because this is text.", SOURCE)
BINARY_DATA = Kind("Base64", "Bytes, four characters for three.", "RFC 4648 section 4")
RECORD_SEPARATOR = Kind("separator", "The character U+001E stands between two packets of a body.", SOURCE)
MORE_PACKETS = Kind("more packets", "Packets that are not taken apart, because nobody sends so many.", SOURCE)
RECEIPT = Kind("ok", "The server has taken what was posted.", SOURCE)


def payload(body: bytes, direction: Direction) -> Content:
    """Take the body of a poll's answer or of a POST apart."""
    if not body:
        return Content((), "no packets", empty=True)
    if direction == "down" and body == OK:
        return Content((Field(RECEIPT, len(OK), Account.FRAMING),), "ok")
    texts = body.split(SEPARATOR, MOST_PACKETS)
    more = texts.pop() if len(texts) > MOST_PACKETS else None
    packets = [packet(text, direction) for text in texts]
    fields = list(packets[0].fields)
    for each in packets[1:]:
        fields += (Field(RECORD_SEPARATOR, len(SEPARATOR), Account.FRAMING), *each.fields)
    if more is not None:
        fields.append(Field(MORE_PACKETS, len(SEPARATOR) + len(more), Account.FRAMING))
    messages = tuple(message for each in packets for message in each.messages)
    is_empty = more is None and all(each.empty for each in packets)
    return Content(tuple(fields), _label(packets), messages, is_empty)


def _label(packets: list[Content]) -> str:
    if len(packets) > 2 and all(each.messages for each in packets):
        return f"messages {packets[0].messages[0]} to {packets[-1].messages[-1]}"
    label = "; ".join(each.label for each in packets[:2])
    return f"{label}; {len(packets) - 2:,} more" if len(packets) > 2 else label


def packet(text: bytes, direction: Direction) -> Content:
    """Take one packet apart."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        return Content((not_read(text, f"expected UTF-8: {error}"),), "a packet that is no UTF-8")
    kind, data = decoded[:1], decoded[1:]
    match kind, data:
        case "0", _:
            return _packet(kind, "Engine.IO open", Account.HANDSHAKE, HANDSHAKE, data)
        case (("2" | "3"), "probe"):
            return _packet(kind, f"{TYPES[kind]} probe", Account.HANDSHAKE, PROBE_DATA, data)
        case (("2" | "3"), _):
            return _packet(kind, TYPES[kind], Account.HEARTBEAT, DATA, data)
        case "4", _:
            content, account = socket_packet(data, direction)
            return content._replace(fields=(_type(kind, account), *content.fields))
        case (("1" | "5" | "6"), ""):
            account = Account.FRAMING if kind == CLOSE else Account.HANDSHAKE
            return _packet(kind, f"Engine.IO {TYPES[kind]}", account)._replace(empty=kind == NOOP)
        case "b", _:
            size = len(data.encode())
            fields = (Field(BINARY_TYPE, 1, Account.FRAMING), Field(BINARY_DATA, size, Account.PAYLOAD))
            return Content(fields[: 2 if size else 1], "binary message")
        case "", _:
            return Content((), "empty packet")
    return _malformed(text, kind)


def _packet(kind: str, label: str, account: Account, data_kind: Kind = DATA, data: str = "") -> Content:
    """Return a packet whose bytes all belong to one account."""
    fields = [_type(kind, account)]
    if size := len(data.encode()):
        fields.append(Field(data_kind, size, account))
    return Content(tuple(fields), label)


def _type(kind: str, account: Account) -> Field:
    return Field(TYPE, 1, account, f"{kind}, {TYPES[kind]}")


def _malformed(text: bytes, kind: str) -> Content:
    if kind in TYPES:
        why = f"expected no data in a packet of this type ({SOURCE})"
        return Content((_type(kind, Account.FRAMING), not_read(text[1:], why)), f"{TYPES[kind]}, with data")
    why = f"expected a packet type, 0 to 6 ({SOURCE}); this came: {kind!a}"
    return Content((not_read(text, why),), "no Engine.IO packet")
