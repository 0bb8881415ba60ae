"""Short and long polling: ask with a cursor, and again.

The first poll asks after `latest` and is answered at once with the cursor of now; from then on each carries the
cursor of the last answer. The connection is kept; where the server has closed it meanwhile another one is opened.
"""

import asyncio
from abc import abstractmethod
from time import perf_counter, perf_counter_ns

import msgspec

from benchmarks.load.client import Client
from benchmarks.load.http import Answer, Exchange, request_head


class Polled(msgspec.Struct):
    """The body of an answer; the messages stay as they came, so that their bytes can be counted."""

    cursor: str
    messages: list[msgspec.Raw]
    more: bool = False


decode = msgspec.json.Decoder(Polled).decode


class Polling(Client):
    """What the two have in common; they differ in when they ask."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._exchange: Exchange | None = None
        self._is_reused = False
        address, room = self.target.address, self.target.room
        head = request_head(address, "GET", self.resource(room), f"Accept: */*\r\n{self.target.extra_fields}")
        self._before, self._behind = head.split(b"CURSOR")

    def resource(self, room: str) -> str:
        """Return what is asked for, with CURSOR where the cursor belongs."""
        return f"/api/rooms/{room}/{self.technique}?after=CURSOR"

    def poll(self) -> None:
        """Ask, on the connection there is or on another."""
        if self._exchange is None or not self._exchange.is_open:
            self._is_reused = False
            self._exchange = Exchange(self.tally, self._answered, self._lost)
            self.dial(self._exchange, self._ask)
        else:
            self._is_reused = True
            self._ask()

    def _ask(self) -> None:
        assert self._exchange is not None
        request = b"%s%s%s" % (self._before, self.cursor.encode(), self._behind)
        self.tally.sent.http_headers += len(request)
        self._exchange.request(request)

    def _answered(self, answer: Answer) -> None:
        at_ns = perf_counter_ns()
        received = self.tally.received
        received.http_headers += answer.head_bytes
        received.framing += len(answer.body)
        if answer.status != 200:
            self.refused(f"{answer.status}: {answer.body[:200].decode(errors='replace')}")
            return
        polled = decode(answer.body)
        for message in polled.messages:
            received.payload += len(message)
            received.framing -= len(message)
            self.arrived(message, at_ns)
        if not polled.messages:
            self.tally.empty_answers += 1
        if self.is_ready:
            self.cursor = polled.cursor
        else:
            self.opened(polled.cursor)
        if not self.is_stopped:
            self.answered(polled.more)

    @abstractmethod
    def answered(self, more: bool) -> None:
        """Decide when to ask again; `more` says that messages are waiting already."""

    def _lost(self) -> None:
        exchange = self._exchange
        self._exchange = None
        assert exchange is not None
        if exchange.why:
            self.refused(exchange.why)
        elif not exchange.is_waiting:
            return  # idle for too long: the server closed it, and the next poll opens another
        elif self._is_reused and not exchange.unfinished_bytes:
            # A kept connection may have been closed just as we asked: any HTTP client asks again at once, by itself.
            # So do browsers with a poll that was held for long, and the page that made it does not hear of it.
            self.note_loss()
            self.poll()
        else:
            self.broken()

    def hang_up(self) -> None:
        if self._exchange is not None:
            self._exchange.close()

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is to come."""
        return self._exchange is not None and self._exchange.is_waiting


class ShortPoll(Polling):
    """Asks every T seconds; a poll that is still under way when the next is due is followed by it at once."""

    technique = "short-poll"
    _due_s = 0.0
    _is_overdue = False

    def connect(self) -> None:
        self._due_s = perf_counter()
        self._poll_when_due()

    def _poll_when_due(self) -> None:
        self._due_s += self.target.poll_interval_s
        self._timer = asyncio.get_running_loop().call_later(self._due_s - perf_counter(), self._poll_when_due)
        if self.is_waiting or (self._dialling is not None and not self._dialling.done()):
            self._is_overdue = True
        else:
            self.poll()

    def answered(self, more: bool) -> None:
        if more or self._is_overdue:
            self._is_overdue = False
            self.poll()

    def broken(self) -> None:
        """The next poll comes when it is due anyway."""
        self._is_overdue = False
        self.note_loss()

    @property
    def is_idle(self) -> bool:
        return not self.is_waiting

    def finish(self) -> None:
        """Ask no more."""
        if self._timer is not None:
            self._timer.cancel()


class LongPoll(Polling):
    """Asks again as soon as it is answered; the server holds the request until there is a message."""

    technique = "long-poll"

    def resource(self, room: str) -> str:
        return f"/api/rooms/{room}/long-poll?timeout={self.target.long_poll_timeout_s}&after=CURSOR"

    def connect(self) -> None:
        self.poll()

    def answered(self, more: bool) -> None:
        self.poll()
