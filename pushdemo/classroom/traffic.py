"""What crossed the groups' ports since the stretch began: the sums of their lab sessions, less what they were then.

A session takes apart what crossed a tenth of a second later, so the sums are read when they are wanted.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pushdemo.classroom.groups import Group
from pushdemo.feed import TECHNIQUES
from pushdemo.lab.sessions import Session
from pushdemo.lab.view import DIRECTIONS
from pushdemo.wire.dissectors.fields import Direction


class Crossed(NamedTuple):
    """Bytes by direction and account, requests, answers that brought nothing, and messages that came to the phones."""

    bytes: dict[Direction, dict[str, int]]
    requests: int
    empty: int
    messages: int

    def told(self) -> dict[str, Any]:
        """Return it as the pages get it."""
        return {"requests": self.requests, "empty": self.empty, "messages": self.messages, "bytes": self.bytes}

    @property
    def size(self) -> int:
        """All bytes, both ways."""
        return sum(count for way in self.bytes.values() for count in way.values())


NOTHING = Crossed({"up": {}, "down": {}}, 0, 0, 0)
UNKNOWN: dict[str, Any] = {"requests": None, "empty": None, "messages": None, "bytes": None}
"""What is told where no group has such phones."""


def _now(session: Session) -> dict[str, Crossed]:
    return {
        name: Crossed(
            {way: {str(account): count for account, count in sums.bytes[way].items()} for way in DIRECTIONS},
            sums.requests,
            sums.empty,
            sums.messages,
        )
        for name, sums in session.view.techniques.items()
        if name in TECHNIQUES
    }


def _less(now: Crossed, then: Crossed) -> Crossed:
    ways: dict[Direction, dict[str, int]] = {
        way: {account: count - then.bytes[way].get(account, 0) for account, count in now.bytes[way].items()}
        for way in DIRECTIONS
    }
    return Crossed(ways, now.requests - then.requests, now.empty - then.empty, now.messages - then.messages)


def together(parts: Iterable[Crossed]) -> Crossed:
    """Return the sum."""
    ways: dict[Direction, dict[str, int]] = {"up": {}, "down": {}}
    requests = empty = messages = 0
    for part in parts:
        requests, empty, messages = requests + part.requests, empty + part.empty, messages + part.messages
        for way, accounts in part.bytes.items():
            for account, count in accounts.items():
                ways[way][account] = ways[way].get(account, 0) + count
    return Crossed(ways, requests, empty, messages)


class Traffic:
    """What has crossed since a stretch began.

    Args:
        groups: there are then; those that are opened later began at nothing.
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        self._then = {group.session: _now(group.session) for group in groups}

    def of(self, group: Group) -> dict[str, Crossed]:
        """Return what crossed a group's port, by technique."""
        then = self._then.get(group.session, {})
        return {name: _less(now, then.get(name, NOTHING)) for name, now in _now(group.session).items()}
