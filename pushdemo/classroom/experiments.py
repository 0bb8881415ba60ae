"""The experiments that a whole class makes at once: what each sets, what is measured, and what theory says of it.

Each has five rows, one for each of five groups. Theory is of FACTS' models: T is the interval of the polls, lambda the
rate of the messages, d the way in one direction; the turn-around of client and server is left out.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pushdemo.classroom.figures import Tally
from pushdemo.classroom.groups import Settings
from pushdemo.classroom.metronome import Beat
from pushdemo.classroom.traffic import Crossed
from pushdemo.feed import TECHNIQUES, Technique
from pushdemo.lab.faults import Fault
from pushdemo.lab.network import Network

Unit = Literal["%", "ms", "s", "B", "techniques"]
GROUPS = 5
DELIVERED_MS = 3_000
"""A technique whose messages come within so long still delivers, in `proxies`."""


class Row(NamedTuple):
    """What one group is set to."""

    settings: Settings
    network: Network = Network()

    @property
    def technique(self) -> Technique:
        """The technique, which every experiment sets."""
        assert self.settings.technique is not None
        return self.settings.technique


class Seen(NamedTuple):
    """What was measured in one group.

    Attributes:
        tally: of the phones' reports.
        crossed: at the group's port, by the row's technique.
        noticed_ms: after how long phones noticed the fault, of those that did.
        witnesses: phones that said something of the fault.
    """

    tally: Tally
    crossed: Crossed
    noticed_ms: list[float]
    witnesses: int


class Measured(NamedTuple):
    """A figure, and of how many samples it is."""

    value: float | None
    samples: int


class Strike(NamedTuple):
    """What is done to all groups' networks, so many seconds after the start."""

    after_s: float
    fault: Fault


def _nothing(row: Row, beat: Beat) -> float | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment.

    Attributes:
        lab: the number of the lab in which a student makes it alone.
        unit: of the prediction.
        row_unit: of the figures of the rows, where it is another.
        asked_row: of which row the question is; None where it is of all.
        settings: numbers that the question's text needs.
        measure: makes a row's figure of what was seen.
        theory: says what it should be; None where nothing says so.
        count: makes the answer of all rows' figures, where the question is of all.
        count_theory: says what that should be.
    """

    name: str
    lab: int
    unit: Unit
    seconds: int
    beat: Beat
    rows: tuple[Row, ...]
    asked_row: int | None
    settings: dict[str, float]
    measure: Callable[[Seen], Measured]
    theory: Callable[[Row, Beat], float | None] = _nothing
    strikes: tuple[Strike, ...] = ()
    row_unit: Unit | None = None
    count: Callable[[list[float | None]], int] | None = None
    count_theory: float | None = None

    def told(self) -> dict[str, Any]:
        """Return it as the teacher's list has it."""
        return {"name": self.name, "lab": self.lab, "unit": self.unit, "seconds": self.seconds}


# --- what is measured ---


def _empty_share(seen: Seen) -> Measured:
    requests = seen.crossed.requests
    return Measured(100 * seen.crossed.empty / requests if requests else None, requests)


def _mean_delay(seen: Seen) -> Measured:
    return Measured(seen.tally.samples.mean, seen.tally.samples.count)


def _median_delay(seen: Seen) -> Measured:
    return Measured(seen.tally.samples.percentile(50), seen.tally.samples.count)


def _bytes_per_message(seen: Seen) -> Measured:
    messages = seen.crossed.messages
    return Measured(seen.crossed.size / messages if messages else None, messages)


def _seconds_to_notice(seen: Seen) -> Measured:
    """Return the median of all that said something; who has not noticed comes last, and counts as well."""
    noticed = sorted(seen.noticed_ms)
    middle = max(0, seen.witnesses - 1) // 2
    return Measured(noticed[middle] / 1_000 if middle < len(noticed) else None, seen.witnesses)


def _still_delivering(figures: list[float | None]) -> int:
    return sum(figure is not None and figure <= DELIVERED_MS for figure in figures)


# --- theory ---


def empty_polls_percent(row: Row, beat: Beat) -> float:
    """Return how many of 100 polls find nothing, where messages come at random: e^(-lambda T)."""
    return 100 * math.exp(-beat.rate * row.settings.interval_ms / 1_000)


def long_poll_mean_ms(row: Row, beat: Beat) -> float:
    """Return the mean delay of long polling, where messages come at random.

    A message that comes while no poll is held waits for the next one: gap G = 2 d, in which lambda G come.
    """
    way_s = row.network.delay_ms / 1_000
    gap_s = 2 * way_s
    in_gap = beat.rate * gap_s
    return 1_000 * (way_s + (in_gap * gap_s / 2) / (in_gap + math.exp(-in_gap)))


# --- the five ---

INTERVALS_MS = (500, 1_000, 2_000, 4_000, 8_000)
DELAYS_MS = (0, 25, 50, 100, 200)
EACH_TECHNIQUE = tuple(Row(Settings(technique=technique, interval_ms=1_000)) for technique in TECHNIQUES)
BAD_PROXIES = Network(strip_upgrade=True, buffer_bytes=16_384)

WASTE = Experiment(
    name="waste",
    lab=1,
    unit="%",
    seconds=60,
    beat=Beat(rate=0.25, at_random=True),
    rows=tuple(Row(Settings(technique="short-poll", interval_ms=each)) for each in INTERVALS_MS),
    asked_row=2,
    settings={"interval_s": 2, "every_s": 4},
    measure=_empty_share,
    theory=empty_polls_percent,
)
GAP = Experiment(
    name="gap",
    lab=2,
    unit="ms",
    seconds=45,
    beat=Beat(rate=4, at_random=True),
    rows=tuple(Row(Settings(technique="long-poll"), Network(delay_ms=each)) for each in DELAYS_MS),
    asked_row=3,
    settings={"delay_ms": 100, "rate": 4},
    measure=_mean_delay,
    theory=long_poll_mean_ms,
)
WEIGHT = Experiment(
    name="weight",
    lab=5,
    unit="B",
    seconds=40,
    beat=Beat(rate=1, text_bytes=100),
    rows=EACH_TECHNIQUE,
    asked_row=0,
    settings={"rate": 1, "text_bytes": 100, "interval_s": 1},
    measure=_bytes_per_message,  # no theory: how long the heads are is each browser's affair
)
CUT = Experiment(
    name="cut",
    lab=7,
    unit="s",
    seconds=50,
    beat=Beat(rate=2),
    rows=EACH_TECHNIQUE,
    asked_row=TECHNIQUES.index("websocket"),
    settings={"rate": 2, "after_s": 5, "gone_s": 20},
    measure=_seconds_to_notice,
    strikes=(Strike(5, Fault("vanish")), Strike(25, Fault("come_back"))),
)
PROXIES = Experiment(
    name="proxies",
    lab=8,
    unit="techniques",
    seconds=45,
    beat=Beat(rate=2),
    rows=tuple(Row(row.settings, BAD_PROXIES) for row in EACH_TECHNIQUE),
    asked_row=None,
    settings={"rate": 2, "buffer_bytes": 16_384, "within_s": 3},
    measure=_median_delay,
    strikes=(Strike(0, Fault("cut")),),
    row_unit="ms",
    count=_still_delivering,
    count_theory=3,  # both pollings, and Socket.IO, which stays with polling
)
EXPERIMENTS = {each.name: each for each in (WASTE, GAP, WEIGHT, CUT, PROXIES)}
