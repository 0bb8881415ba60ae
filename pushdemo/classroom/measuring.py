"""What all phones have measured in the present stretch, by technique, by group and by phone."""

from collections.abc import Iterable
from typing import Any

from pushdemo.classroom.figures import KEPT_FOR_SEAT, Tally, news_of
from pushdemo.classroom.reports import Report
from pushdemo.classroom.seats import Seat
from pushdemo.feed import Technique

MOST_PHONES = 1_000
"""In one stretch: who leaves and comes again has another seat."""
MOST_PAGES = 8
"""Of one seat, whose counts are remembered."""


class Phone:
    """What one seat has reported in this stretch of one technique, and in which group it was last."""

    def __init__(self, group: str) -> None:
        self.tally = Tally(KEPT_FOR_SEAT)
        self.group = group
        self.report: Report | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether its page was not to be seen when it reported last."""
        return self.report is not None and self.report.hidden

    @property
    def clock_error_ms(self) -> float | None:
        """By how much its delays may be wrong."""
        return None if self.report is None or self.report.clock is None else self.report.clock.error_ms


class Pages:
    """What each of a seat's pages said last in this stretch; each counts for itself, whatever it runs."""

    def __init__(self) -> None:
        self._last: dict[str, Report] = {}

    def take(self, report: Report) -> Report | None:
        """Keep a report, and return the last one before it of the same page."""
        former = self._last.pop(report.page, None)
        self._last[report.page] = report
        if len(self._last) > MOST_PAGES:
            del self._last[next(iter(self._last))]
        return former


class Measuring:
    """One stretch of measuring.

    Attributes:
        stretch: its number, from 1.
        phones: by seat and technique: who is told to run another one has measured with both.
    """

    def __init__(self, stretch: int) -> None:
        self.stretch = stretch
        self.by_technique: dict[Technique, Tally] = {}
        self.by_group: dict[str, Tally] = {}
        self.phones: dict[tuple[Seat, Technique], Phone] = {}
        self._now: dict[Seat, Phone] = {}
        self._pages: dict[Seat, Pages] = {}

    def take(self, seat: Seat, report: Report) -> None:
        """Take a report; what is of another stretch came late, or from a page that has not heard of this one yet."""
        if report.stretch != self.stretch or (seat not in self._pages and len(self._pages) >= MOST_PHONES):
            return
        phone = self._now[seat] = self.phones.setdefault((seat, report.technique), Phone(seat.group))
        delays, more = news_of(report, self._pages.setdefault(seat, Pages()).take(report))
        phone.report = report
        phone.group = seat.group
        for tally in (
            phone.tally,
            self.by_technique.setdefault(report.technique, Tally()),
            self.by_group.setdefault(seat.group, Tally()),
        ):
            tally.add(delays, more)

    def phone(self, seat: Seat) -> Phone:
        """Return what a seat has reported of the technique that it reported of last."""
        return self._now.get(seat) or Phone(seat.group)

    def told(self, tally: Tally | None, seats: Iterable[Seat]) -> dict[str, Any]:
        """Return the figures of some seats, of a technique or a group, and of all that was measured in it."""
        phones = [self.phone(seat) for seat in seats]
        errors = [phone.clock_error_ms for phone in phones if phone.clock_error_ms is not None]
        return {
            "people": len(phones),
            "counted": sum(not phone.is_hidden and phone.tally.samples.count > 0 for phone in phones),
            "hidden": sum(phone.is_hidden for phone in phones),
            **(tally or Tally(0)).told(),
            "clock_error_ms": max(errors, default=None),
        }
