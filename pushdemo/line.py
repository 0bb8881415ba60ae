"""A line: the server's end of a connection to which the fan-out writes by itself, and what is said on it.

`protocols/` has the lines, the transports have their `Words`, and following.py has the readers who are told what
becomes of a line.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol

from pushdemo.messages import Cursor, Message

Framing = Callable[[list[Any]], bytes]
"""Joins pieces of `Words` into the bytes for a connection: events into one chunk, texts into WebSocket frames."""


class Words(NamedTuple):
    """How a technique puts messages, gaps and heartbeats, as pieces for the line's framing.

    For Server-Sent Events, `message` makes the bytes of an event, and `heartbeat` is a comment.
    """

    message: Callable[[Message], Any]
    gap: Callable[[Cursor], Any] | None = None
    heartbeat: Any = None

    def of(self, messages: list[Message], gap: Cursor | None = None) -> list[Any]:
        """Return the pieces for `messages`, each worded once for all readers, after what is said of a gap."""
        pieces = [message.encoded(self.message) for message in messages]
        return [self.gap(gap), *pieces] if gap and self.gap else pieces


class Ending(Enum):
    """Why a line is ended."""

    STOPPING = auto()
    LATER = auto()  # too slow, or the log cannot be read: come back by the cursor


class Carried(Protocol):
    """Whose line it is, and who is told what becomes of it."""

    def paused(self) -> None:
        """Hear that the client does not take what is written."""

    def resumed(self) -> None:
        """Hear that it has taken it."""

    def lost(self) -> None:
        """Hear that the connection is gone."""


class Transport(Protocol):
    """What the fan-out needs of a transport."""

    def write(self, data: bytes) -> None:
        """Send the bytes, without waiting."""


class Line(Protocol):
    """The server's end of a connection, to which the fan-out may write."""

    @property
    def transport(self) -> Transport:
        """Where to write."""

    @property
    def framing(self) -> Framing:
        """How what is written there is framed; the same for lines that are sent the same bytes."""

    @property
    def takes_more(self) -> bool:
        """Whether what was written is on its way, and the connection is not ending."""

    def carry(self, reader: Carried) -> None:
        """Tell `reader` from now on what becomes of the connection; it is handed over."""

    def end(self, ending: Ending) -> None:
        """End the connection as its protocol does, without waiting for the client."""
