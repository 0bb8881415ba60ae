"""HTTP/1.1 on the thin connection: one request after another, each answered before the next (httptools parses)."""

from collections.abc import Callable
from typing import NamedTuple

import httptools

from benchmarks.load.connection import Address, Connection
from benchmarks.load.tally import Kernel, Tally

BROWSER_FIELDS = (
    'sec-ch-ua-platform: "Linux"\r\n'
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36\r\n"
    'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"\r\n'
    "sec-ch-ua-mobile: ?0\r\n"
    "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9\r\n"
)
"""What Chromium adds to a page's own request, for `--browser-headers`."""


class Answer(NamedTuple):
    """A response: its status, its body, and the bytes that were not body."""

    status: int
    body: bytes
    head_bytes: int


def request_head(address: Address, method: str, target: str, fields: str = "") -> bytes:
    """Return the head of a request; `fields` are lines that end with CRLF."""
    return b"%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (method.encode(), target.encode(), address.name, fields.encode())


class Exchange(Connection):
    """A connection that asks; `answered` is called with each answer.

    Answers with Content-Length, as pushdemo's are, are counted exactly; the coding of a chunked one counts as head. An
    answer that does not come whole is framing.
    """

    __slots__ = ("_answered", "_begun", "_body", "_is_kept", "_is_whole", "_parser", "_size", "is_waiting")

    def __init__(self, tally: Tally, answered: Callable[[Answer], None], lost: Callable[[], None]) -> None:
        super().__init__(tally, self._take, lost)
        self._answered = answered
        self._parser = httptools.HttpResponseParser(self)
        self._size = 0
        self._body: list[bytes] = []
        self._begun = 0  # answers that have begun since the last request
        self._is_whole = False
        self._is_kept = True
        self.is_waiting = False

    def request(self, data: bytes) -> None:
        """Send a request, head and body."""
        self.is_waiting = True
        self._tally.requests += 1
        self.write(data)

    def _take(self, data: bytes) -> None:
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise ValueError(f"not the HTTP that was expected: {error}") from None
        if self._begun > 1 or not self.is_waiting:
            raise ValueError("an answer that nobody had asked for")
        if self._is_whole:
            self._finish()

    # The parser calls these; they note what it says, and everything else waits until it has returned.

    def on_message_begin(self) -> None:
        self._begun += 1

    def on_body(self, data: bytes) -> None:
        self._body.append(data)

    def on_message_complete(self) -> None:
        self._is_whole = True
        self._is_kept = self._parser.should_keep_alive()  # afterwards it does not know any more

    def _finish(self) -> None:
        body = b"".join(self._body)
        answer = Answer(self._parser.get_status_code(), body, self._size - len(body))
        self._size = self._begun = 0
        self._body = []
        self._is_whole = self.is_waiting = False
        if not self._is_kept:
            self.close()  # the server does so now; the next request takes another connection
        self._answered(answer)

    def _end(self, kernel: Kernel | None) -> None:
        self._tally.received.framing += self._size
        super()._end(kernel)

    def on(self, answered: Callable[[Answer], None], lost: Callable[[], None]) -> None:
        """Have the next answer, or the end, told to somebody else."""
        self._answered = answered
        self._lost = lost

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of an answer that has not ended."""
        return self._size
