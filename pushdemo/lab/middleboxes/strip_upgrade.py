"""A proxy that takes `Upgrade` out of requests, because it was told nothing else.

In the real world: a reverse proxy as it is installed. `Upgrade` and what `Connection` names are meant for the next hop
alone, and a proxy does not forward them (RFC 9110 section 7.6.1); one that should let WebSocket through has to be
configured to (nginx: `proxy_http_version 1.1` and `proxy_set_header` for both fields).

It breaks the opening handshake of WebSocket: the server sees an ordinary GET of a URL that is no page, and answers
with an error instead of 101. It does not break polling or SSE, nor Socket.IO, which goes on polling when its upgrade
fails.

Real ones differ: nginx also speaks HTTP/1.0 to the server and says `Connection: close`, unless told otherwise; here
all else of the request stays as it came. What no proxy can read it cannot strip: with TLS up to the server,
`wss://` gets through.
"""

from pushdemo.lab.middlebox import BoxMaker, Middlebox, Ways
from pushdemo.lab.middleboxes.http_messages import Head, Part, Requests


class StripUpgrade(Middlebox):
    """Takes it out of each request of one connection."""

    def __init__(self, ways: Ways) -> None:
        super().__init__(ways)
        self._requests = Requests()

    def from_client(self, data: bytes) -> None:
        for part in self._requests.feed(data):
            self._pass_on(part)

    def client_ended(self) -> None:
        for part in self._requests.end():
            self._pass_on(part)
        super().client_ended()

    def from_server(self, data: bytes) -> None:
        self._requests.unanswered.clear()  # answers are not this box's business
        super().from_server(data)

    def _pass_on(self, part: Part) -> None:
        if isinstance(part, Head) and part.value(b"upgrade") is not None:
            self.ways.tell("took Upgrade out of a request")
            self.ways.to_server(without_upgrade(part))
        else:
            self.ways.to_server(part.raw)


def without_upgrade(head: Head) -> bytes:
    """Return a head without the field, and without its name in `Connection`, which keeps its other options."""
    lines = [head.raw.partition(b"\r\n")[0]]
    for name, value in head.fields:
        if name.lower() == b"connection":
            options = [each.strip() for each in value.split(b",")]
            kept = b", ".join(each for each in options if each and each.lower() != b"upgrade")
            if kept:
                lines.append(name + b": " + kept)
        elif name.lower() != b"upgrade":
            lines.append(name + b": " + value)
    return b"\r\n".join([*lines, b"", b""])


def strip_upgrade() -> BoxMaker:
    """Make a box for each connection that takes `Upgrade` out of requests."""
    return StripUpgrade
