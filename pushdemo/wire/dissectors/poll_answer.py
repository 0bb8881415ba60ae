"""The body of a poll's answer, `{"cursor":…,"messages":[…]}` with `gap` and `more`, as fields: its very bytes.

Each message is payload, and what stands around them is the envelope, which is framing: as the benchmark counts them
(benchmarks/load/polling.py). The answer may come in parts, and a part may end anywhere, even within a message.
"""

import json
import re

from pushdemo.wire.dissectors.feed_texts import message_id
from pushdemo.wire.dissectors.fields import Account, Content, Field, Kind

LONGEST_MESSAGE = 65_536
"""Bytes that are kept of a message that came in parts, to find its id."""

SOURCE = "openapi.yaml"
MESSAGE = Kind("message", "A message of the room, as JSON; the same bytes on every technique.", SOURCE)
CURSOR = Kind("cursor", "How far the client has read with this answer; the next poll goes on from here.", SOURCE)
MESSAGES = Kind("messages", "The list of messages begins.", SOURCE)
MESSAGES_END = Kind("end of the messages", "The list is over.", SOURCE)
GAP = Kind("gap", "Messages that the client has not seen are no longer kept.", SOURCE)
MORE = Kind("more", "There are more messages, and the next poll brings them at once.", SOURCE)
OTHER_MEMBER = Kind("another member", "Something that an answer to a poll does not have.", SOURCE)
OPENING = Kind("start of the answer", "The answer is one JSON object.", "RFC 8259 section 4")
CLOSING = Kind("end of the answer", "The object is over.", "RFC 8259 section 4")
SEPARATOR = Kind("separator", "It stands between two parts.", "RFC 8259 section 2")
OTHER_BODY = Kind("another body", "Not what a poll is answered with.", SOURCE)

_MEMBERS = {"cursor": CURSOR, "messages": MESSAGES, "gap": GAP, "more": MORE}
# A string may go on in the next part, and a backslash at its end then escapes the first byte there.
_STRING = rb'(?:[^"\\]++|\\.)*+(?P<end>["\\]?)'
_REST_OF_STRING = re.compile(_STRING, re.DOTALL)
_TOKEN = re.compile(rb'"' + _STRING + rb'|[ \t\r\n]++|[{}\[\],:]|[^"{}\[\],: \t\r\n]++', re.DOTALL)


class PollAnswer:
    """Takes the body of one answer, whole or in parts."""

    def __init__(self) -> None:
        self._is_other = False
        self._in_string = self._is_escaped = False  # the last part ended in a string, with a backslash
        self._key = bytearray()  # the name of a member, while it comes
        self._member: Kind | None = None  # whose value this is
        self._is_list = False  # in the list of messages
        self._message: bytearray | None = None  # while it comes
        self._depth = 0  # brackets open within the value or the message
        self._fields: list[Field] = []
        self._ids: list[str] = []
        self._messages = 0  # that ended in this part
        self._said: set[Kind] = set()

    def __call__(self, data: bytes, *, first: bool, last: bool) -> Content:
        """Take the next part apart; where it is the only one, it is checked first."""
        if first:
            self._is_other = not (_is_answer(data) if last else data.startswith(b'{"'))
        if self._is_other:
            fields = (Field(OTHER_BODY, len(data), Account.FRAMING),) if data else ()
            return Content(fields, "another body" if first else "more of it")
        self._fields, self._ids, self._messages = [], [], 0
        self._scan(data)
        is_empty = last and first and not self._messages
        return Content(tuple(self._fields), self._label(first=first, last=last), tuple(self._ids), is_empty)

    def _label(self, *, first: bool, last: bool) -> str:
        if len(self._ids) == self._messages == 1:
            label = f"message {self._ids[0]}"
        elif self._messages or not (first and last):
            label = f"{self._messages:,} message{'' if self._messages == 1 else 's'}"
        else:
            label = "nothing new"
        before = "gap, " if GAP in self._said else ""
        behind = ", more to come" if MORE in self._said else ""
        return f"{before}{label}{behind}" + ("" if last else ", in part")

    # --- the text, token by token ---

    def _scan(self, data: bytes) -> None:
        place = 0
        while place < len(data):
            if self._is_escaped:
                self._is_escaped = False
                token = data[place : place + 1]
            else:
                match = (_REST_OF_STRING if self._in_string else _TOKEN).match(data, place)
                assert match is not None  # one of the alternatives takes any byte
                token = match[0]
                if self._in_string or token.startswith(b'"'):
                    self._in_string = match["end"] != b'"'
                    self._is_escaped = match["end"] == b"\\"
            place += len(token)
            self._take(token)

    def _take(self, token: bytes) -> None:
        """Take a string, a number or word, some white space, or one of `{}[],:`; perhaps not to its end."""
        if self._message is not None:
            self._take_message(token)
        elif self._is_list:
            self._take_in_list(token)
        elif self._member is not None:
            self._take_value(token)
        elif self._key or token.startswith(b'"'):
            self._take_key(token)
        elif token in (b"{", b"}"):
            self._add(OPENING if token == b"{" else CLOSING, token)
        else:
            self._add(SEPARATOR, token)

    def _take_key(self, token: bytes) -> None:
        self._key += token
        if self._in_string:
            self._add(OTHER_MEMBER, token)
            return
        name = self._key[1:-1].decode(errors="replace")
        self._key = bytearray()
        self._member = _MEMBERS.get(name, OTHER_MEMBER)
        self._add(self._member, token)

    def _take_value(self, token: bytes) -> None:
        assert self._member is not None
        is_over = not self._depth and not self._in_string and token in (b",", b"}")
        self._nest(token)
        if is_over:
            self._add(SEPARATOR if token == b"," else CLOSING, token)
            self._member = None
            self._depth = 0
            return
        self._add(self._member, token)
        if self._member is MESSAGES and self._depth == 1 and token == b"[":
            self._is_list = True
            self._depth = 0

    def _take_in_list(self, token: bytes) -> None:
        if token == b"]":
            self._add(MESSAGES_END, token)
            self._is_list = False
            self._member = None
        elif token == b"," or token.isspace():
            self._add(SEPARATOR, token)
        else:
            self._message = bytearray()
            self._take_message(token)

    def _take_message(self, token: bytes) -> None:
        assert self._message is not None
        self._add(MESSAGE, token)
        self._message += token[: LONGEST_MESSAGE - len(self._message)]
        self._nest(token)
        if self._depth or self._in_string:
            return
        if found := message_id(bytes(self._message)):
            self._ids.append(found)
        self._messages += 1
        self._message = None

    def _nest(self, token: bytes) -> None:
        """Follow the brackets that are not in a string."""
        if self._in_string:
            return
        if token in (b"{", b"["):
            self._depth += 1
        elif token in (b"}", b"]"):
            self._depth = max(0, self._depth - 1)

    def _add(self, kind: Kind, token: bytes) -> None:
        """Add a token to the field before where that is of the same kind, or as a field of its own."""
        self._said.add(kind)
        if self._fields and self._fields[-1].kind is kind:
            self._fields[-1] = self._fields[-1]._replace(length=self._fields[-1].length + len(token))
        else:
            self._fields.append(Field(kind, len(token), Account.PAYLOAD if kind is MESSAGE else Account.FRAMING))


def _is_answer(data: bytes) -> bool:
    """Return whether `data` is JSON of the form that polls are answered with."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and isinstance(value.get("messages"), list)
