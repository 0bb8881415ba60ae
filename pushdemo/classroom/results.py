"""What a class takes home: a row for each phone, each stretch and each technique that it ran in it and reported of."""

from typing import NamedTuple

import msgspec

from pushdemo.classroom.figures import rounded
from pushdemo.classroom.measuring import Measuring, Phone
from pushdemo.classroom.seats import Seat


class Asked(NamedTuple):
    """The experiment that a stretch was of: what each seat predicted, and what was measured."""

    experiment: str
    predictions: dict[Seat, float]
    measured: float | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One phone in one stretch, by one technique.

    `prediction` and `measured` are of the experiment that the stretch was of.
    """

    stretch: int
    experiment: str | None
    seat: str
    name: str
    group: str
    technique: str
    samples: int
    median_ms: float | None
    p95_ms: float | None
    max_ms: float | None
    received: int
    lost: int
    doubled: int
    reordered: int
    late: int
    left_out: int
    clock_offset_ms: float | None
    clock_error_ms: float | None
    prediction: float | None
    measured: float | None


def rows_of(measuring: Measuring, asked: Asked | None) -> list[Row]:
    """Return the rows of a stretch, as it stands."""
    return [_row(measuring.stretch, seat, phone, asked) for (seat, _), phone in measuring.phones.items()]


def _row(stretch: int, seat: Seat, phone: Phone, asked: Asked | None) -> Row:
    report, samples = phone.report, phone.tally.samples
    assert report is not None  # a phone is known by its reports
    clock = report.clock
    return Row(
        stretch=stretch,
        seat=seat.id,
        name=seat.name,
        group=phone.group,
        technique=report.technique,
        experiment=asked and asked.experiment,
        samples=samples.count,
        median_ms=rounded(samples.percentile(50)),
        p95_ms=rounded(samples.percentile(95)),
        max_ms=rounded(samples.greatest),
        clock_offset_ms=None if clock is None else rounded(clock.offset_ms),
        clock_error_ms=None if clock is None else rounded(clock.error_ms),
        prediction=asked and asked.predictions.get(seat),
        measured=asked and rounded(asked.measured),
        **phone.tally.counts,
    )
