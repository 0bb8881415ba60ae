"""The closed loop: what was published, when, whom it has not reached yet, and every read that brought some of it."""

import asyncio
from array import array
from collections.abc import Callable
from itertools import compress
from operator import sub
from time import perf_counter_ns

from benchmarks.fanout.marks import digits_of

NS_PER_MS = 1_000_000
STALLED_S = 5.0
"""When nothing has come for so long, nothing will."""


def _to_nobody(number: int) -> None:
    pass


class Broadcasts:
    """Publishes the next message when one has reached every reader.

    Args:
        readers: how many there are.

    `post` is to send the message of a number, at once. Several publishers are under way at a time, so the server says
    in which order messages come: the first reader that gets one shows its place, and all others have to get it there.

    `order`, `left` and `sent_ns` belong to one message each, by its place: its digits, how many readers it has not
    reached, and when it was sent. `at_ns`, `newest` and `count` belong to one read each: when it was, the place of the
    last message in it, and how many messages it brought, one behind the other. Times are `perf_counter_ns`.
    """

    def __init__(self, readers: int) -> None:
        self.readers = readers
        self.post: Callable[[int], None] = _to_nobody
        self.published = 0
        self.order: list[bytes] = []
        self.left: list[int] = []
        self.sent_ns: list[int] = []
        self.places: dict[bytes, int] = {}
        self._unseen: dict[bytes, int] = {}
        self.at_ns: array[int] = array("q")
        self.newest: array[int] = array("q")
        self.count: array[int] = array("l")
        self.doubled = 0
        self.reordered = 0
        self.trouble = ""
        self.broken = asyncio.Event()
        self._goes_on = False
        self._under_way = 0
        self._reached_all = asyncio.Event()

    def start(self, under_way: int) -> None:
        """Have so many broadcasts under way from now on."""
        self._goes_on = True
        for _ in range(under_way):
            self._publish()

    def _publish(self) -> None:
        number = self.published
        self.published += 1
        self._under_way += 1
        self._reached_all.clear()
        self._unseen[digits_of(number)] = perf_counter_ns()
        self.post(number)

    def give_places(self, found: list[bytes]) -> None:
        """Give those messages that nobody has got before the next places, in this order."""
        for digits in found:
            sent_ns = self._unseen.pop(digits, None)
            if sent_ns is not None:
                self.places[digits] = len(self.order)
                self.order.append(digits)
                self.left.append(self.readers)
                self.sent_ns.append(sent_ns)

    def note(self, first: int, behind: int) -> None:
        """Note a read that brought one reader the messages from the place `first` up to the one before `behind`."""
        self.at_ns.append(perf_counter_ns())
        self.newest.append(behind - 1)
        self.count.append(behind - first)
        left = self.left
        for place in range(first, behind):
            left[place] -= 1
            if not left[place]:
                self._arrived_everywhere()

    def _arrived_everywhere(self) -> None:
        self._under_way -= 1
        if self._goes_on:
            self._publish()
        elif not self._under_way:
            self._reached_all.set()

    async def drain(self) -> None:
        """Publish no more, and wait until everything has arrived, or nothing does any more."""
        self._goes_on = False
        before = -1
        while self._under_way and not self.trouble and before < len(self.at_ns):
            before = len(self.at_ns)
            try:
                async with asyncio.timeout(STALLED_S):
                    await self._reached_all.wait()
            except TimeoutError:
                pass

    def give_up(self, trouble: str) -> None:
        """Note that it cannot go on, and why; the first reason counts."""
        self.trouble = self.trouble or trouble
        self._goes_on = False
        self.broken.set()
        self._reached_all.set()

    @property
    def lost(self) -> int:
        """How many deliveries have not come."""
        return sum(self.left) + self.readers * len(self._unseen)

    def deliveries(self, first: int, behind: int) -> int:
        """Return how many deliveries came with the reads from `first` up to the one before `behind`."""
        return sum(self.count[first:behind])

    def latencies_ms(self, first: int, behind: int) -> list[float]:
        """Return the latency of every delivery that came with these reads, from the POST to the arrival.

        First of the last message of each read, then of the one before it where the read brought two, and so on: whole
        columns at a time, for there are millions.
        """
        at_ns, newest, count = (list(column[first:behind]) for column in (self.at_ns, self.newest, self.count))
        found: list[int] = []
        sent_ns = self.sent_ns.__getitem__
        while at_ns:
            found.extend(map(sub, at_ns, map(sent_ns, newest)))
            has_more = [each > 1 for each in count]
            at_ns = list(compress(at_ns, has_more))
            newest = [place - 1 for place in compress(newest, has_more)]
            count = [each - 1 for each in compress(count, has_more)]
        return [ns / NS_PER_MS for ns in found]
