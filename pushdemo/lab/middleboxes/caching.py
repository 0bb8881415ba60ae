"""A cache that answers a GET from its store, whatever the server says about storing.

In the real world: a company's proxy, a CDN or a reverse proxy set up by somebody who wanted it fast ("cache everything
for ten seconds", nginx's `proxy_cache_valid` together with `proxy_ignore_headers Cache-Control`), and software that
reads the fields wrongly. A cache that follows RFC 9111 stores nothing that says `no-store`.

It breaks short polling: the same URL gets the same answer until it has become old, so new messages are as late as the
store is long. A client that asks with `If-None-Match` gets a whole old answer in place of 304: the cache takes the
condition out, for it wants something to store (nginx does so as well). It delays the first
long poll of whoever asks from the same cursor; every later one has a cursor of its own. It does not touch SSE, whose
answer never ends, nor WebSocket, nor what is sent by POST.

Real ones differ: they heed `Vary`, `Authorization` and `Range` and store far more. The name of the field in which they
say so differs too (`X-Cache`, `CF-Cache-Status`); `Age` is the standard's.
"""

from functools import partial
from typing import NamedTuple

from pushdemo.lab.middlebox import BoxMaker, Middlebox, Ways
from pushdemo.lab.middleboxes.http_messages import End, Head, Part, Requests, Responses, Tunnel

MOST_ENTRIES = 100
MOST_BYTES = 64 << 10
"""Of one answer, head and body."""
CONDITIONS = (b"if-none-match", b"if-modified-since")
SHOWN = 200
"""Characters of a target in a remark."""


class Stored(NamedTuple):
    """An answer: when it was stored, its head without the empty line, and its body with any coding."""

    at: float
    head: bytes
    body: bytes


class Store:
    """The answers that the boxes of one relay keep together, by `key`, for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._entries: dict[bytes, Stored] = {}

    def find(self, key: bytes, now: float) -> Stored | None:
        """Return what is stored and not too old."""
        stored = self._entries.get(key)
        return stored if stored is not None and now < stored.at + self.seconds else None

    def keep(self, key: bytes, stored: Stored) -> None:
        """Store an answer in place of an older one; when there are too many, the oldest goes."""
        self._entries.pop(key, None)
        self._entries[key] = stored
        if len(self._entries) > MOST_ENTRIES:
            del self._entries[next(iter(self._entries))]


class Caching(Middlebox):
    """Answers the requests of one connection from the store, and fills it with what the server answers."""

    def __init__(self, ways: Ways, store: Store) -> None:
        super().__init__(ways)
        self._store = store
        self._requests = Requests()
        self._responses = Responses(self._requests)
        self._copy: list[Part] | None = None  # of the answer that passes, if it is to be stored
        self._copied_bytes = 0

    def from_client(self, data: bytes) -> None:
        for part in self._requests.feed(data):
            if not isinstance(part, Head):
                self.ways.to_server(part.raw)
            elif not self._answer(part):
                self.ways.to_server(unconditional(part) if is_plain_get(part) else part.raw)

    def client_ended(self) -> None:
        for part in self._requests.end():
            self.ways.to_server(part.raw)
        super().client_ended()

    def from_server(self, data: bytes) -> None:
        for part in self._responses.feed(data):
            self._note(part)
            if part.raw:
                self.ways.to_client(part.raw)

    def server_ended(self) -> None:
        for part in self._responses.end():
            if part.raw:
                self.ways.to_client(part.raw)
        super().server_ended()

    def _answer(self, request: Head) -> bool:
        """Answer a request from the store, if the answer is there and no other answer is still to come before it."""
        if not is_plain_get(request) or len(self._requests.unanswered) > 1 or self._responses.is_under_way:
            return False
        stored = self._store.find(key_of(request), self.ways.now())
        if stored is None:
            return False
        self._requests.unanswered.pop()
        age_s = int(self.ways.now() - stored.at)
        self.ways.tell(f"answered GET {request.target.decode('latin-1')[:SHOWN]} from the store")
        self.ways.to_client(b"%b\r\nAge: %d\r\nX-Cache: HIT\r\n\r\n%b" % (stored.head, age_s, stored.body))
        return True

    def _note(self, part: Part) -> None:
        """Copy an answer that may be stored, as it passes, and store it when it is complete."""
        if isinstance(part, Head):
            self._copy = [] if self._may_be_stored(part) else None
            self._copied_bytes = 0
        if self._copy is None:
            return
        self._copy.append(part)
        self._copied_bytes += len(part.raw)
        request = self._responses.answered
        if isinstance(part, Tunnel) or self._copied_bytes > MOST_BYTES:
            self._copy = None
        elif isinstance(part, End) and request is not None:
            head, *body = (each.raw for each in self._copy)
            stored = Stored(self.ways.now(), head.removesuffix(b"\r\n\r\n"), b"".join(body))
            self._store.keep(key_of(request), stored)
            self._copy = None

    def _may_be_stored(self, response: Head) -> bool:
        request = self._responses.answered
        return (
            response.status == 200
            and request is not None
            and is_plain_get(request)
            and not (response.value(b"content-type") or b"").startswith(b"text/event-stream")
            and (response.value(b"content-length") is not None or response.value(b"transfer-encoding") is not None)
        )


def unconditional(request: Head) -> bytes:
    """Return a request's head without its conditions, as caches do who want a whole answer to store, and no 304."""
    lines = [request.raw.partition(b"\r\n")[0]]
    lines += [name + b": " + value for name, value in request.fields if name.lower() not in CONDITIONS]
    return b"\r\n".join([*lines, b"", b""])


def key_of(request: Head) -> bytes:
    """Return under what its answer is stored: the whole URI, as RFC 9111 section 2 wants.

    Without the host in it, a page whose name was made to point at this machine (DNS rebinding) would be given here what
    the server, which checks Host, refuses it.
    """
    return (request.value(b"host") or b"") + b" " + request.target


def is_plain_get(request: Head) -> bool:
    """Whether it is a GET without a body, of the whole."""
    unusual = (b"content-length", b"transfer-encoding", b"range", b"upgrade")
    return request.method == b"GET" and all(request.value(name) is None for name in unusual)


def caching(seconds: float = 10.0) -> BoxMaker:
    """Make a box for each connection that answers from one store, for so long."""
    return partial(Caching, store=Store(seconds))
