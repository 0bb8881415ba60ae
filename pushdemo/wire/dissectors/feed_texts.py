"""The texts of the feed's own WebSocket, subprotocol `pushdemo.v1`.

The server sends control messages, `{"control":"joined","cursor":…}` first, and the room's messages; the client sends
what it publishes. Their accounts are the benchmark's (benchmarks/load/websocket.py): what is joined is handshake,
other control messages are framing, all else is payload.
"""

from typing import Any

import msgspec

from pushdemo.messages import CURSOR
from pushdemo.wire.dissectors.fields import Account, Content, Direction, Field, Kind, not_read

SOURCE = "pushdemo.v1, openapi.yaml"

MESSAGE = Kind("message", "A message of the room, as JSON; the same bytes on every technique.", SOURCE)
TO_PUBLISH = Kind("text to publish", "What the client wants to publish, as JSON.", SOURCE)
TEXT = Kind("text", "A text message, of which no more is known here.", "RFC 6455 section 5.6")
OTHER_CONTROL = Kind("control message", "Something about the connection rather than of the room.", SOURCE)
CONTROLS = {
    "joined": (
        Kind("joined", "The server's first message: the client follows the room from this cursor on.", SOURCE),
        Account.HANDSHAKE,
    ),
    "ack": (Kind("ack", "What the client sent is published, under this id.", SOURCE), Account.FRAMING),
    "gap": (Kind("gap", "Messages are gone; from this cursor on it continues.", SOURCE), Account.FRAMING),
    "error": (Kind("error", "What the client sent is not published, for this reason.", SOURCE), Account.FRAMING),
}


class _Message(msgspec.Struct):
    id: str
    room: str
    sender: str
    text: str


def read_text(text: bytes, direction: Direction) -> Content:
    """Take one text message of the subprotocol apart, which is one field."""
    if not text:
        return Content((), "empty text")
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Content((not_read(text, f"expected JSON in UTF-8: {error}"),), "a text that is no JSON")
    return _sent(text, value) if direction == "up" else _received(text, value)


def _sent(text: bytes, value: Any) -> Content:
    if isinstance(value, dict) and isinstance(value.get("text"), str) and isinstance(value.get("sender"), str):
        return Content((Field(TO_PUBLISH, len(text), Account.PAYLOAD),), "publish")
    return plain(text, "up")


def _received(text: bytes, value: Any) -> Content:
    control = value.get("control") if isinstance(value, dict) else None
    if isinstance(control, str):
        kind, account = CONTROLS.get(control, (OTHER_CONTROL, Account.FRAMING))
        return Content((Field(kind, len(text), account),), _label_of_control(control, value))
    found = message_id(text)
    if found is None:
        return plain(text, "down")
    return Content((Field(MESSAGE, len(text), Account.PAYLOAD),), f"message {found}", (found,))


def _label_of_control(control: str, value: dict[str, Any]) -> str:
    if control not in CONTROLS:
        return "control message"
    place = value.get("id" if control == "ack" else "cursor")
    return f"{control} {place}" if isinstance(place, str) and CURSOR.fullmatch(place) else control


def plain(text: bytes, direction: Direction) -> Content:
    """Return a text of a protocol that is not known here; `direction` makes no difference."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return Content((not_read(text, f"expected UTF-8 (RFC 6455 section 8.1): {error}"),), "a text that is no UTF-8")
    return Content((Field(TEXT, len(text), Account.PAYLOAD),) if text else (), f"{len(text):,} bytes of text")


def message_id(data: bytes) -> str | None:
    """Return the id of a message of the feed, or None where `data` is none."""
    try:
        found = msgspec.json.decode(data, type=_Message).id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found if CURSOR.fullmatch(found) else None
