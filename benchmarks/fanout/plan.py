"""What is to be measured: the options of `fanout`, checked, and the order in which it is done."""

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.peers.peer import PEERS
from benchmarks.plan import Plan

FANNED_OUT = ("sse", "websocket", "socket-io", "long-poll")
"""By short polling nothing is fanned out: the server waits for nobody."""
MOST_CLIENTS = 10_000
"""Connections to one port that every server and system takes as it comes."""
MOST_UNDER_WAY = 100
"""Messages that every server keeps for a poll that is behind."""


class Step(NamedTuple):
    """One server, to be measured by one technique."""

    repeat: int
    technique: str
    peer: str


class FanoutPlan(NamedTuple):
    """The settings.

    Args:
        settings: those that every measurement has.
        under_way: numbers of broadcasts under way, each measured on each server, in this order.
        peers: names of the servers.
        are_named: they were asked for by name, so that it is a failure when one is not installed.
    """

    settings: Plan
    under_way: tuple[int, ...]
    peers: tuple[str, ...]
    are_named: bool = False

    @classmethod
    def parse(cls, techniques: str, under_way: str, peers: str | None, **values: int | float) -> "FanoutPlan":
        """Return the plan of what was asked for on the command line.

        Args:
            techniques: with commas between.
            under_way: whole numbers with commas between.
            peers: names with commas between; None: all there are.
            values: fields of `Plan`.

        Raises:
            ValueError: a value is outside what it can mean; the sentence names the option.
        """
        clients = values["clients"]
        if not 1 <= clients <= MOST_CLIENTS:
            raise ValueError(f"--clients is from 1 to {MOST_CLIENTS:,}; this came: {clients:,}")
        chosen_techniques = _chosen("--techniques", techniques, FANNED_OUT)
        chosen_peers = _chosen("--peers", peers, tuple(PEERS)) if peers is not None else tuple(PEERS)
        plan = cls(
            Plan(techniques=chosen_techniques, rate=0, **values),  # type: ignore[arg-type]
            _whole_numbers("--under-way", under_way),
            chosen_peers,
            peers is not None,
        )
        if not plan.steps():
            raise ValueError(f"none of the servers {', '.join(chosen_peers)} knows {', '.join(chosen_techniques)}")
        return plan

    def steps(self) -> list[Step]:
        """Return what is to be done, in order: all servers before another technique, all techniques before a repeat.

        So a machine whose speed drifts favours nobody.
        """
        return list(self._steps())

    def _steps(self) -> Iterator[Step]:
        for repeat in range(self.settings.repeat):
            for technique in self.settings.techniques:
                for peer in self.peers:
                    if technique in PEERS[peer].techniques:
                        yield Step(repeat, technique, peer)


def _chosen(option: str, text: str, among: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(","))
    for name in found:
        if name not in among:
            raise ValueError(f"{option} are of {', '.join(among)}; this came: {name!r}")
    _check_once(option, found)
    return found


def _whole_numbers(option: str, text: str) -> tuple[int, ...]:
    found = []
    for part in text.split(","):
        number = int(part) if part.strip().isascii() and part.strip().isdigit() else 0
        if not 1 <= number <= MOST_UNDER_WAY:
            raise ValueError(f"{option} are whole numbers from 1 to {MOST_UNDER_WAY}; this came: {part.strip()!r}")
        found.append(number)
    _check_once(option, found)
    return tuple(found)


def _check_once(option: str, found: list[int] | tuple[str, ...]) -> None:
    if len(set(found)) < len(found):
        raise ValueError(f"{option} are named once each; this came: {', '.join(map(str, found))}")
