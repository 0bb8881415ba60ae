"""The groups of a class: what their phones run, and the network between them and the server, a lab session for each."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pushdemo.classroom.outcomes import Struck
from pushdemo.feed import TECHNIQUES, Technique
from pushdemo.lab.network import Network, decode_object
from pushdemo.lab.peers import Address
from pushdemo.lab.sessions import Lab, Session
from pushdemo.problems import Problem, shown

NAMES = "ABCDEFGH"
ALL = "all"
AT_FIRST = 5
MOST_CONNECTIONS = 2_000
"""Through one group's port at a time: simulated phones may come that way, too."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the phones of a group are set to.

    Attributes:
        technique: which they run; None where each student chooses.
        interval_ms: between the polls of short polling.
        timeout_s: for which a long poll is held.
        posts_per_minute: which each phone publishes by itself.
    """

    technique: Technique | None = None
    interval_ms: Annotated[int, Meta(ge=100, le=60_000)] = 2_000
    timeout_s: Annotated[int, Meta(ge=1, le=55)] = 25
    posts_per_minute: Annotated[float, Meta(ge=0, le=60)] = 0


class Changes(msgspec.Struct, frozen=True):
    """What is to be different in a group; checked, but for what only the group itself can tell."""

    settings: dict[str, Any]
    network: msgspec.Raw | None = None

    @classmethod
    def parse(cls, data: bytes) -> "Changes":
        """Read an object with some of a group's settings.

        Raises:
            Problem: 400, it is no JSON object; 422, a setting is unknown, or outside what it can mean.
        """
        changes = decode_object(data)
        network = changes.pop("network", None)
        try:
            msgspec.convert(changes, type=Settings)
        except msgspec.ValidationError as error:
            names = ", ".join((*Settings.__struct_fields__, "network"))
            raise Problem(422, f"A group has {names}: {error}.") from None
        raw = None if network is None else msgspec.Raw(msgspec.json.encode(network))
        if raw is not None:
            Network().changed(bytes(raw))
        return cls(changes, raw)


class Group:
    """One group."""

    def __init__(self, name: str, session: Session, settings: Settings) -> None:
        self.name = name
        self.session = session
        self.settings = settings
        self.struck: Struck | None = None  # what was done to its network last, in this stretch

    def change(self, changes: Changes) -> None:
        """Set what is to be different."""
        self.settings = msgspec.convert(msgspec.structs.asdict(self.settings) | changes.settings, type=Settings)
        if changes.network is not None:
            self.session.set_network(self.session.network.changed(bytes(changes.network)))

    def told(self) -> dict[str, Any]:
        """Return the group as the pages get it; moments are in ms since 1970, None where they are past."""
        relay, capture = self.session.relay, self.session.capture
        now = relay.clock.monotonic()

        def to_come(at: float) -> float | None:
            return round(capture.wall_ms(at)) if at > now else None

        return {
            "name": self.name,
            "port": self.session.port,
            **msgspec.structs.asdict(self.settings),
            "network": msgspec.to_builtins(self.session.network),
            "vanished": relay.vanished,
            "stalled_until": to_come(relay.stalled_until),
            "refusing_until": to_come(relay.refusing_until),
        }


class Groups:
    """All groups of a class, 1 to 8.

    Args:
        lab: opens a session for each.
        to: where the server listens.
    """

    def __init__(self, lab: Lab, to: Address) -> None:
        self._lab = lab
        self.to = to
        self._groups: list[Group] = []
        self._dividing = asyncio.Lock()
        self._is_closed = False

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)

    def named(self, name: str) -> Group:
        """Return one group.

        Raises:
            Problem: 404, there is none of that name.
        """
        for group in self._groups:
            if group.name == name:
                return group
        names = ", ".join(group.name for group in self._groups)
        raise Problem(404, f"The class has the groups {names}; this came: {shown(name)}.")

    def meant(self, name: str) -> list[Group]:
        """Return the groups that a command means: one, or all of them.

        Raises:
            Problem: 404, there is none of that name.
        """
        return list(self._groups) if name == ALL else [self.named(name)]

    async def divide(self, count: int, before_close: Callable[[], None] = lambda: None) -> None:
        """Have so many groups: new ones run the next technique, those that are too many go.

        Args:
            count: 1 to 8.
            before_close: is called when the groups are others, and before the ports of those that are gone close.

        Raises:
            Problem: 422, it is no such number; 503, no port is free for a new group, and all stays as it was.
        """
        if not 1 <= count <= len(NAMES):
            raise Problem(422, f"A class has 1 to {len(NAMES)} groups; this came: {count}.")
        async with self._dividing:
            if self._is_closed:
                return
            new = await self._open(count - len(self._groups))
            for session in new:
                number = len(self._groups)
                settings = Settings(technique=TECHNIQUES[number % len(TECHNIQUES)])
                self._groups.append(Group(NAMES[number], session, settings))
            gone = self._groups[count:]
            del self._groups[count:]
            before_close()
            for group in gone:
                await self._lab.end(group.session)

    async def _open(self, count: int) -> list[Session]:
        """Open so many sessions, or none."""
        opened: list[Session] = []
        try:
            while len(opened) < count:
                session, _ = await self._lab.open(self.to, MOST_CONNECTIONS)
                session.keep()
                opened.append(session)
        except Problem:
            for session in opened:
                await self._lab.end(session)
            raise
        return opened

    async def close(self) -> None:
        """End all sessions."""
        async with self._dividing:
            self._is_closed = True
            for group in self._groups:
                await self._lab.end(group.session)
