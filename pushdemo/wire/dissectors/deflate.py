"""permessage-deflate (RFC 7692): what was negotiated, and a message's text from its compressed bytes.

A message is deflated without the last four bytes, which are always 00 00 ff ff; the receiver puts them back. The
window of 32 KiB over which a text may repeat another goes on from message to message ("context takeover"), unless
that was negotiated away; so who reads the tenth message must have inflated the nine before it.
"""

import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from pushdemo.wire.dissectors.fields import Account, Field, Kind, by_account

TAIL = b"\x00\x00\xff\xff"
WINDOW_BITS = 15
"""The largest window reads what any smaller one has written, so the negotiated size is shown and not used."""
MOST_KEPT_BYTES = 65_536
MOST_FOLLOWED_BYTES = 1_048_576
"""So far a message is inflated to keep the window of those that follow; a bomb is more."""
MOST_STREAMS = 16
"""How often one message may end its DEFLATE stream and begin another (section 7.2.3.5); each costs some time."""

COMPRESSED = Kind(
    "compressed payload data",
    "The message's text by DEFLATE, without the four bytes 00 00 ff ff with which that always ends.",
    "RFC 7692 section 7.2.1",
)
COMPRESSED_FRAMING = Kind(
    "compressed payload data, framing",
    "What DEFLATE made one cannot be told apart; as many of its bytes count as framing as the text has around its "
    "message before it is compressed.",
    "RFC 7692 section 7.2.1",
)

_PARAMETER = re.compile(r"""\s*(?P<name>[a-z_]+)\s*(?:=\s*(?P<quote>"?)(?P<bits>[0-9]{1,2})(?P=quote)\s*)?""")


class Deflate(NamedTuple):
    """What client and server agreed on for permessage-deflate; the client's parameters are of what it sends."""

    client_no_context_takeover: bool = False
    server_no_context_takeover: bool = False
    client_max_window_bits: int = WINDOW_BITS
    server_max_window_bits: int = WINDOW_BITS


def negotiated(extensions: str) -> Deflate | None:
    """Read the value of Sec-WebSocket-Extensions in the response 101.

    Returns:
        None where permessage-deflate is not among the extensions, or with parameters that no server may answer.
    """
    for extension in extensions.split(","):
        name, *parameters = extension.split(";")
        if name.strip() == "permessage-deflate":
            return _agreed(parameters)
    return None


def _agreed(parameters: Iterable[str]) -> Deflate | None:
    agreed: dict[str, bool | int] = {}
    for text in parameters:
        match = _PARAMETER.fullmatch(text)
        if match is None or match["name"] in agreed:
            return None
        bits = match["bits"]
        match match["name"]:
            case "client_no_context_takeover" | "server_no_context_takeover" if bits is None:
                agreed[match["name"]] = True
            case "client_max_window_bits" | "server_max_window_bits" if bits is not None and 8 <= int(bits) <= 15:
                agreed[match["name"]] = int(bits)
            case _:
                return None
    return Deflate(**agreed)  # type: ignore[arg-type]


class Inflater:
    """Inflates the messages of one direction, piece by piece.

    Args:
        keeps_window: whether a message may repeat what stood in those before it.
    """

    def __init__(self, *, keeps_window: bool) -> None:
        self._keeps_window = keeps_window
        self._stream = zlib.decompressobj(-WINDOW_BITS)
        self._has_lost_window = False
        self.begin()

    def begin(self) -> None:
        """Hear that a new message begins."""
        self._why = ""
        if not self._keeps_window:
            self._stream = zlib.decompressobj(-WINDOW_BITS)
        elif self._has_lost_window:
            self._why = "an earlier message was not inflated, and the window is lost with it (RFC 7692 section 7.2.2)"
        self._inflated_bytes = 0
        self._streams = 1

    @property
    def why(self) -> str:
        """Why the message cannot be inflated further, or "" where it can."""
        return self._why

    @property
    def is_long(self) -> bool:
        """Whether the message has more text than is given out."""
        return self._inflated_bytes > MOST_KEPT_BYTES

    def inflate(self, data: bytes, *, is_last: bool) -> bytes:
        """Return the text in the next piece of the message, or as much as is left of its first 64 KiB."""
        text = bytearray()
        data += TAIL if is_last else b""
        while not self._why:
            try:
                piece = self._stream.decompress(data, MOST_KEPT_BYTES)
            except zlib.error as error:
                self._lose(f"not DEFLATE: {error}")
                break
            text += piece[: max(0, MOST_KEPT_BYTES - self._inflated_bytes)]
            self._inflated_bytes += len(piece)
            if self._inflated_bytes > MOST_FOLLOWED_BYTES:
                self._lose(f"it is more than {MOST_FOLLOWED_BYTES:,} bytes when inflated")
            elif self._stream.eof:
                data = self._stream.unused_data
                self._start_stream()
            else:
                data = self._stream.unconsumed_tail
                if not data and len(piece) < MOST_KEPT_BYTES:  # else some may be held back
                    break
        return bytes(text)

    def _start_stream(self) -> None:
        """Go on after a block that calls itself the last; what follows it is a stream of its own."""
        self._streams += 1
        self._stream = zlib.decompressobj(-WINDOW_BITS)
        if self._streams > MOST_STREAMS:
            self._lose(f"it has more than {MOST_STREAMS} streams of DEFLATE")

    def _lose(self, why: str) -> None:
        self._why = why
        self._has_lost_window = True


def compressed_fields(fields: tuple[Field, ...], size: int, text: str) -> tuple[Field, ...]:
    """Return the fields of the last `size` compressed bytes of a text that has those fields before it is compressed.

    What stands around a message counts in full, as in the benchmark; the message has what is left.
    """
    accounts = by_account(fields)
    around = sum(accounts.values()) - accounts.get(Account.PAYLOAD, 0)
    if Account.PAYLOAD not in accounts:
        account = max(accounts, key=lambda account: accounts[account], default=Account.FRAMING)
        return (Field(COMPRESSED, size, account, text),) if size else ()
    around = min(around, size)
    parts = (
        Field(COMPRESSED_FRAMING, around, Account.FRAMING),
        Field(COMPRESSED, size - around, Account.PAYLOAD, text),
    )
    return tuple(part for part in parts if part.length)
