"""What was last done to the network, and what each phone went through then."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from pushdemo.classroom.reports import FaultReport
from pushdemo.classroom.seats import Seat
from pushdemo.feed import Technique
from pushdemo.lab.faults import Name


class Struck(msgspec.Struct, frozen=True):
    """A fault as the pages know it: `at` is in ms since 1970, `group` is one's name, or all."""

    number: int
    at: float
    fault: Name
    seconds: float | None
    group: str


class Witness(NamedTuple):
    """A phone that was there: the seat, and what it was in then."""

    seat: Seat
    group: str
    technique: Technique | None


class Outcome:
    """One fault and its witnesses."""

    def __init__(self, struck: Struck, witnesses: Iterable[Witness]) -> None:
        self.struck = struck
        self.witnesses = list(witnesses)
        self._told: dict[Seat, FaultReport] = {}

    def take(self, seat: Seat, report: FaultReport | None, *, is_hidden: bool) -> None:
        """Take what a phone says of a fault, if it is this one.

        A hidden page's timers are slowed, and so is what it notices. That counts for nothing, nor does what it said
        before it was hidden, if it was not back by then.
        """
        if report is None or report.number != self.struck.number:
            return
        if report.hidden:
            self._told.pop(seat, None)
        elif not is_hidden:
            self._told[seat] = report

    def noticed_ms(self, group: str) -> list[float]:
        """Return after how long the phones of a group noticed, of those that did."""
        reports = (self._told.get(witness.seat) for witness in self.witnesses if witness.group == group)
        return [report.noticed_ms for report in reports if report is not None and report.noticed_ms is not None]

    def heard_from(self, group: str) -> int:
        """Return how many phones of a group have said something of it."""
        return sum(witness.group == group and witness.seat in self._told for witness in self.witnesses)

    def told(self) -> dict[str, Any]:
        """Return it as the pages get it."""
        return msgspec.structs.asdict(self.struck) | {"people": [self._of(witness) for witness in self.witnesses]}

    def _of(self, witness: Witness) -> dict[str, Any]:
        report = self._told.get(witness.seat)
        return {
            "id": witness.seat.id,
            "name": witness.seat.name,
            "group": witness.group,
            "technique": witness.technique,
            "noticed_ms": report and report.noticed_ms,
            "back_ms": report and report.back_ms,
            "late": report.late if report else 0,
            "lost": report.lost if report else 0,
            "told": report is not None,
        }
