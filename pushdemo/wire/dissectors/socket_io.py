"""Socket.IO packets (protocol 5): what an Engine.IO `message` carries, taken apart.

    <type>[<attachments>-][<namespace>,][<acknowledgement id>][<JSON>]

Of an event, the JSON is an array of its name and its arguments; of an acknowledgement, of arguments. The accounts are
the benchmark's (benchmarks/load/socket_io.py): `join` and its acknowledgement are handshake, a gap and other
acknowledgements framing; of other events the arguments are payload, and what stands around them framing.
"""

import json
import re
from typing import Any, NamedTuple

from pushdemo.wire.dissectors.feed_texts import message_id
from pushdemo.wire.dissectors.fields import Account, Content, Direction, Field, Kind, not_read

SOURCE = "socket.io/docs/v4/socket-io-protocol"
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = "0123456"
TYPES = {
    CONNECT: "CONNECT",
    DISCONNECT: "DISCONNECT",
    EVENT: "EVENT",
    ACK: "ACK",
    CONNECT_ERROR: "CONNECT_ERROR",
    BINARY_EVENT: "BINARY_EVENT",
    BINARY_ACK: "BINARY_ACK",
}

TYPE = Kind("Socket.IO packet type", "What the packet is for.", SOURCE)
ATTACHMENTS = Kind("number of attachments", "How many binary packets belong to this one and follow it.", SOURCE)
NAMESPACE = Kind("namespace", "Which of the conversations on this connection it belongs to; without it, `/`.", SOURCE)
WANTED_ID = Kind("acknowledgement id", "The sender asks for an acknowledgement, which will bear this number.", SOURCE)
ANSWERED_ID = Kind("acknowledgement id", "The number of the event that this acknowledges.", SOURCE)
EVENT_NAME = Kind("event name", "Which handler of the other side is called.", SOURCE)
ARGUMENT = Kind("argument", "What the handler is called with, as JSON.", SOURCE)
MESSAGE = Kind("message", "A message of the room, as JSON; the same bytes on every technique.", "openapi.yaml")
TO_PUBLISH = Kind("text to publish", "What the client wants to publish, as JSON.", "openapi.yaml")
PLACE = Kind("room and cursor", "Which room the client follows, and from where on.", "openapi.yaml")
JOINED = Kind(
    "answer to join",
    "The cursor from which on the client follows the room. An acknowledgement with a cursor and without a text can "
    "only answer `join`.",
    "openapi.yaml",
)
ANSWER = Kind("answer", "What came of the event: the message as published, or an error.", "openapi.yaml")
GAP = Kind("gap", "Messages of this room are gone; from this cursor on it continues.", "openapi.yaml")
DATA = Kind("data", "What the packet says besides, as JSON.", SOURCE)
SEPARATOR = Kind("separator", "It stands between two parts.", SOURCE)

MOST_ELEMENTS = 1_000
"""Of an array that are taken apart; the last is all the rest."""

_HEAD = re.compile(
    r"(?P<type>[0-6])((?P<attachments>[0-9]+)(?P<dash>-))?((?P<namespace>/[^,]*)(?P<comma>,|$))?(?P<id>[0-9]+)?"
)
_WHITE_SPACE = re.compile(r"[ \t\r\n]*")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_read_value = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode


class _Element(NamedTuple):
    """An element of an array, and where in the text it stands."""

    value: Any
    start: int
    end: int


class _Builder:
    """The fields of a text, one after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fields: list[Field] = []
        self._end = 0

    def add(self, kind: Kind, end: int, account: Account, value: str = "") -> None:
        """Add the field that ends before character `end`, unless it has no bytes."""
        if size := len(self.text[self._end : end].encode()):
            self.fields.append(Field(kind, size, account, value))
        self._end = end

    def give_up(self, why: str) -> None:
        """Add all that is left as not understood."""
        if rest := self.text[self._end :].encode():
            self.fields.append(not_read(rest, why))
        self._end = len(self.text)


class _Sense(NamedTuple):
    """What a packet is for, and its parts' kinds and accounts."""

    label: str
    around: Account
    argument: Kind
    argument_account: Account
    messages: tuple[str, ...] = ()


def packet(text: str, direction: Direction) -> tuple[Content, Account]:
    """Take a Socket.IO packet apart.

    Returns:
        What it says, and the account of what wraps it.
    """
    match = _HEAD.match(text)
    builder = _Builder(text)
    if match is None:
        builder.give_up(f"expected a Socket.IO packet type, 0 to 6 ({SOURCE})")
        return Content(tuple(builder.fields), "no Socket.IO packet"), Account.FRAMING
    try:
        sense, elements = _read(match, text, direction)
    except (ValueError, RecursionError) as error:
        _add_head(builder, match, Account.FRAMING)
        builder.give_up(f"{error} ({SOURCE})")
        return Content(tuple(builder.fields), f"Socket.IO {TYPES[match['type']]}, not understood"), Account.FRAMING
    _add_head(builder, match, sense.around)
    for number, element in enumerate(elements):
        is_name = number == 0 and match["type"] in (EVENT, BINARY_EVENT)
        builder.add(SEPARATOR, element.start, sense.around)
        kind, account = (EVENT_NAME, sense.around) if is_name else (sense.argument, sense.argument_account)
        builder.add(kind, element.end, account)
    builder.add(SEPARATOR, len(text), sense.around)
    return Content(tuple(builder.fields), sense.label, sense.messages), sense.around


def _add_head(builder: _Builder, match: re.Match[str], account: Account) -> None:
    name = TYPES[match["type"]]
    kinds = {
        "type": TYPE,
        "attachments": ATTACHMENTS,
        "dash": SEPARATOR,
        "namespace": NAMESPACE,
        "comma": SEPARATOR,
        "id": WANTED_ID if match["type"] in (EVENT, BINARY_EVENT) else ANSWERED_ID,
    }
    for group, kind in kinds.items():
        if match[group] is not None:
            builder.add(kind, match.end(group), account, f"{match['type']}, {name}" if group == "type" else "")


def _read(match: re.Match[str], text: str, direction: Direction) -> tuple[_Sense, list[_Element]]:
    """Return what a packet is for, and the parts of its JSON.

    Raises:
        ValueError: its data are no JSON, or do not fit its type.
    """
    match match["type"], match["id"]:
        case (("2" | "5"), wanted):
            elements = _elements(text, match.end())
            if not elements or not isinstance(elements[0].value, str):
                raise ValueError("expected an array that begins with the event's name")
            return _event(elements, text, direction, wanted), elements
        case (("3" | "6"), str(answered)):
            elements = _elements(text, match.end())
            return _ack(elements, answered), elements
        case (("3" | "6"), None):
            raise ValueError("expected the id of the event that is acknowledged")
    is_opening = match["type"] == CONNECT
    account = Account.HANDSHAKE if is_opening else Account.FRAMING
    sense = _Sense(f"Socket.IO {TYPES[match['type']]}", account, DATA, account)
    return sense, [_value(text, match.end())] if match.end() < len(text) else []


def _event(elements: list[_Element], text: str, direction: Direction, wanted: str | None) -> _Sense:
    name: str = elements[0].value
    shown = name[:40].encode(errors="replace").decode()  # JSON may hold half a surrogate pair, which UTF-8 cannot
    label = f"event {shown}" + (f", ack {wanted[:20]} wanted" if wanted else "")
    match direction, name:
        case "up", "join":
            return _Sense(label, Account.HANDSHAKE, PLACE, Account.HANDSHAKE)
        case "up", "publish":
            return _Sense(label, Account.FRAMING, TO_PUBLISH, Account.PAYLOAD)
        case "down", "gap":
            return _Sense(label, Account.FRAMING, GAP, Account.FRAMING)
        case "down", "message" if len(elements) == 2:
            found = message_id(text[elements[1].start : elements[1].end].encode())
            if found is not None:
                return _Sense(f"message {found}", Account.FRAMING, MESSAGE, Account.PAYLOAD, (found,))
    return _Sense(label, Account.FRAMING, ARGUMENT, Account.PAYLOAD)


def _ack(elements: list[_Element], answered: str) -> _Sense:
    answer = elements[0].value if elements else None
    is_joined = isinstance(answer, dict) and "cursor" in answer and "text" not in answer
    account = Account.HANDSHAKE if is_joined else Account.FRAMING
    return _Sense(f"ack {answered[:20]}", account, JOINED if is_joined else ANSWER, account)


# --- JSON, with the places of its parts ---


def _value(text: str, start: int) -> _Element:
    """Return the one value that `text` holds from `start` on.

    Raises:
        ValueError: there is none, or more.
    """
    start = _after_space(text, start)
    value, end = _read_value(text, start)
    if _after_space(text, end) != len(text):
        raise ValueError(f"expected nothing after the JSON; this came: {text[end : end + 20]!a}")
    return _Element(value, start, end)


def _elements(text: str, start: int) -> list[_Element]:
    """Return the elements of the array that `text` holds from `start` on.

    Raises:
        ValueError: there is no array, or something else besides it.
    """
    if not isinstance(_value(text, start).value, list):
        raise ValueError("expected an array")
    elements: list[_Element] = []
    place = _after_space(text, _after_space(text, start) + 1)
    while text[place] != "]":
        if len(elements) == MOST_ELEMENTS - 1:
            elements.append(_Element(None, place, text.rindex("]")))
            break
        value, end = _read_value(text, place)
        elements.append(_Element(value, place, end))
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)
    return elements


def _after_space(text: str, start: int) -> int:
    match = _WHITE_SPACE.match(text, start)
    assert match is not None
    return match.end()
