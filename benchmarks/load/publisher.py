"""Publishing by POST, at times that were laid down beforehand, whatever becomes of the messages (an open model).

A POST does not wait for the answer to the one before: where no connection is free, another is opened. So a server
that falls behind meets the same load as one that keeps up, and its delay is measured, not avoided.
"""

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from benchmarks.load.arrivals import now_ns
from benchmarks.load.client import Target
from benchmarks.load.connection import dial
from benchmarks.load.http import Answer, Exchange, request_head
from benchmarks.load.metronome import call_at
from benchmarks.load.tally import Tally
from benchmarks.load.texts import text_of

NOT_YET = -1
ANSWER_WITHIN_S = 10.0
"""A POST that is not answered by then is given up."""
SENDERS = 20
"""Names to publish under: a server elsewhere allows each only so many messages a second."""


class Accepted(msgspec.Struct):
    """What is read of the answer to a POST."""

    id: str
    sent_at: int


decode = msgspec.json.Decoder(Accepted).decode


@dataclass
class Published:
    """What became of each message, by its number; times are `perf_counter_ns`, -1 where it did not happen.

    `base_ns` is the moment from which intended times were reckoned; `sent_at_ms` and `feed_numbers` are what the
    server's answer says: its wall clock, and the number it gave the message. `refusals` tell of answers that were not
    201, and of those that did not come.
    """

    base_ns: int
    intended_ns: "array[int]"
    sent_ns: "array[int]"
    acknowledged_ns: "array[int]"
    sent_at_ms: "array[int]"
    feed_numbers: "array[int]"
    refusals: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, base_ns: int, offsets_ns: Sequence[int]) -> "Published":
        """Return the record of messages of which none is sent yet, each due so long after `base_ns`."""
        none = [NOT_YET] * len(offsets_ns)
        intended_ns = array("q", (base_ns + offset_ns for offset_ns in offsets_ns))
        return cls(base_ns, intended_ns, array("q", none), array("q", none), array("q", none), array("q", none))

    @property
    def acknowledged(self) -> set[int]:
        """The numbers of the messages that the server answered with 201."""
        return {number for number, at_ns in enumerate(self.acknowledged_ns) if at_ns != NOT_YET}

    @property
    def sent(self) -> int:
        """How many were sent."""
        return sum(at_ns != NOT_YET for at_ns in self.sent_ns)

    def lateness_ms(self) -> list[float]:
        """Return how long after its intended time each was sent."""
        pairs = zip(self.intended_ns, self.sent_ns, strict=True)
        return [(sent - intended) / 1e6 for intended, sent in pairs if sent != NOT_YET]


class Poster:
    """Sends messages by POST, on as many kept connections as are under way at once."""

    def __init__(self, target: Target, tally: Tally) -> None:
        self.target = target
        self.tally = tally
        self._free: list[Exchange] = []
        self._all: set[Exchange] = set()

    async def post(self, body: bytes) -> Answer | None:
        """Send a message and return the answer, or None when the connection broke or was refused."""
        fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{self.target.extra_fields}"
        head = request_head(self.target.address, "POST", f"/api/rooms/{self.target.room}/messages", fields)
        for _ in range(2):
            exchange, is_reused = await self._exchange()
            if exchange is None:
                return None
            received = exchange.bytes_received
            try:
                answer = await self._ask(exchange, head, body)
            except TimeoutError:
                return None
            if answer is not None or not is_reused or exchange.bytes_received > received:
                return answer
            # Closed by the server just as we wrote on it, idle for longer than it keeps one: nobody has read this.
        return None

    async def _exchange(self) -> tuple[Exchange | None, bool]:
        while self._free:
            exchange = self._free.pop()
            if exchange.is_open:
                return exchange, True
        exchange = Exchange(self.tally, lambda answer: None, lambda: None)
        try:
            await dial(self.target.address, exchange)
        except OSError:
            return None, False
        if not exchange.is_open:  # lost again at once
            return None, False
        self._all.add(exchange)
        return exchange, False

    async def _ask(self, exchange: Exchange, head: bytes, body: bytes) -> Answer | None:
        done: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def settle(answer: Answer | None = None) -> None:
            if not done.done():  # else it ended after its answer, idle for longer than the server keeps it
                done.set_result(answer)

        exchange.on(settle, settle)
        self.tally.sent.http_headers += len(head)
        self.tally.sent.payload += len(body)
        exchange.request(head + body)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                answer = await done
        except TimeoutError:
            self._all.discard(exchange)
            exchange.close()
            raise
        if answer is None:
            self._all.discard(exchange)
            return None
        self.tally.received.http_headers += answer.head_bytes
        self.tally.received.framing += len(answer.body)
        self._free.append(exchange)
        return answer

    async def open(self, count: int = 2) -> None:
        """Have some connections ready, so that the first messages need not wait for theirs."""
        made = [await self._exchange() for _ in range(count)]
        self._free += [exchange for exchange, _ in made if exchange is not None]

    def close(self) -> None:
        """Close all connections."""
        for exchange in self._all:
            exchange.close()


def sender_of(number: int) -> str:
    """Return the name under which message `number` is published."""
    return f"bench-{number % SENDERS}"


def draft(number: int, text_bytes: int, seed: int) -> bytes:
    """Return the body of a POST."""
    return msgspec.json.encode({"sender": sender_of(number), "text": text_of(number, text_bytes, seed)})


async def publish(poster: Poster, published: Published, bodies: Sequence[bytes], interrupted: asyncio.Event) -> None:
    """Send each message at its intended time, until `interrupted`; return when all are answered or given up."""
    async with asyncio.TaskGroup() as group:

        def send(number: int) -> None:
            group.create_task(_post(poster, published, number, bodies[number]))

        await call_at(published.intended_ns, send, interrupted)


async def _post(poster: Poster, published: Published, number: int, body: bytes) -> None:
    published.sent_ns[number] = now_ns()
    answer = await poster.post(body)
    if answer is None:
        published.refusals.append("not answered")
    elif answer.status == 201:
        published.acknowledged_ns[number] = now_ns()
        try:
            accepted = decode(answer.body)
            published.feed_numbers[number] = int(accepted.id.rpartition("-")[2])
        except ValueError as error:
            published.refusals.append(f"201, but not with the message: {error}")
        else:
            published.sent_at_ms[number] = accepted.sent_at
    else:
        published.refusals.append(f"{answer.status}: {answer.body[:200].decode(errors='replace')}")
