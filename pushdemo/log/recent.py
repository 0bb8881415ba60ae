"""The newest messages of the busiest rooms, kept in memory so that who reads along needs no disk."""

from collections import OrderedDict, deque
from itertools import islice

from pushdemo.messages import Message

ENCODINGS = 4
"""A message keeps its JSON and, once they are asked for, what SSE, WebSocket and Socket.IO make of it."""


class RecentMessages:
    """For each room a run of its newest messages without holes.

    The rooms that were published to longest ago are let go first.

    Args:
        per_room: messages kept of one room at most.
        total_bytes: what the encodings of all of them may take together, counted as `ENCODINGS` times their JSON.
    """

    def __init__(self, *, per_room: int = 1_024, total_bytes: int = 64 * 1024 * 1024) -> None:
        self._per_room = per_room
        self._total_bytes = total_bytes
        self._bytes = 0
        self._rooms: OrderedDict[str, deque[Message]] = OrderedDict()

    def add(self, room: str, messages: list[Message]) -> None:
        """Add the newest messages of `room`; a hole before them lets go of what was there."""
        run = self._rooms.setdefault(room, deque())
        self._rooms.move_to_end(room)
        for message in messages:
            if run and run[-1].number + 1 != message.number:
                self._drop(run, len(run))
            run.append(message)
            self._bytes += ENCODINGS * len(message.json)
        self._drop(run, len(run) - self._per_room)
        while self._bytes > self._total_bytes:
            _, oldest_run = self._rooms.popitem(last=False)
            self._drop(oldest_run, len(oldest_run))

    def _drop(self, run: deque[Message], count: int) -> None:
        for _ in range(count):
            self._bytes -= ENCODINGS * len(run.popleft().json)

    def after(self, room: str, number: int, limit: int) -> list[Message] | None:
        """Return what follows `number`, at most `limit`, or None when the run does not reach back so far."""
        run = self._rooms.get(room)
        if not run or run[0].number > number + 1:
            return None
        skipped = number + 1 - run[0].number
        return list(islice(run, skipped, skipped + limit))
