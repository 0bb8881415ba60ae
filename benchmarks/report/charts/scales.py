"""From values to places in a drawing, and which values to mark: linear and logarithmic.

A step between marks is 1, 2 or 5 times a power of ten; a logarithmic scale marks powers of ten, and where they are few
their double and fivefold too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

SPAN_FOR_LOG = 10
"""A range whose end is at least this many times its beginning is drawn on a logarithmic scale."""

_NEARLY = 1e-9
"""Tolerance for sums of steps such as 0.1, in parts of a step."""


def step_for(span: float, most: int) -> float:
    """Return the smallest step of 1, 2 or 5 times a power of ten that goes into `span` at most `most` times.

    Raises:
        ValueError: there is no span, or no step wanted.
    """
    if not (span > 0 and most >= 1):
        raise ValueError(f"a step is for a span above 0 and at least one step; this came: {span}, {most}")
    power = 10.0 ** math.floor(math.log10(span / most))
    for factor in (1, 2, 5, 10):
        if span / (power * factor) <= most * (1 + _NEARLY):
            return power * factor
    return power * 20  # pragma: no cover: span / most is below 10 powers, so 10 was enough


@dataclass(frozen=True, slots=True)
class Linear:
    """Values from `low` to `high` on places from `start` to `end`, which may run backwards (SVG's y does)."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"a scale goes from less to more; this came: {self.low} to {self.high}")

    def __call__(self, value: float) -> float:
        """Return the place of a value; beyond the scale's ends it is beyond the places' ends."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Return the values to mark: multiples of one step within the scale, with `most` steps at most."""
        step = step_for(self.high - self.low, most)
        first = math.ceil(self.low / step - _NEARLY)
        last = math.floor(self.high / step + _NEARLY)
        return [_clean(number * step) for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Log:
    """Values from `low` to `high`, both above 0: equal factors take equal room."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high:
            raise ValueError(f"a logarithmic scale goes from above 0 to more; this came: {self.low} to {self.high}")

    def __call__(self, value: float) -> float:
        """Return the place of a value; what is not above the scale's beginning is at its beginning."""
        ratio = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self.start + ratio * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Return the values to mark: 1, 2 and 5 times powers of ten, only powers, or every nth, as `most` allows."""
        for factors in ((1, 2, 5), (1,)):
            found = self._multiples(factors)
            if len(found) <= most and (len(found) > 1 or factors == (1,)):
                return found
        powers = self._multiples((1,))
        return powers[:: math.ceil(len(powers) / most)]

    def minor(self) -> list[float]:
        """Return the values for faint lines: 2 to 9 times powers of ten."""
        return self._multiples(range(2, 10))

    def _multiples(self, factors: Sequence[int]) -> list[float]:
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        values = [_clean(factor * 10.0**exponent) for exponent in exponents for factor in factors]
        return [value for value in values if self.low * (1 - _NEARLY) <= value <= self.high * (1 + _NEARLY)]


Scale = Linear | Log


def spans_widely(values: Sequence[float]) -> bool:
    """Say whether values are better drawn on a logarithmic scale: all above 0, and far apart."""
    return bool(values) and min(values) > 0 and max(values) >= SPAN_FOR_LOG * min(values)


def scale_for(
    values: Sequence[float], start: float, end: float, *, log: bool = False, from_zero: bool = True, steps: int = 0
) -> Scale:
    """Return a scale that holds all values, with ends that are good to read.

    Args:
        values: finite; none at all makes a scale from 0 to 1.
        start: place of the low end.
        end: place of the high end.
        log: whether equal factors take equal room; values not above 0 then do not count.
        from_zero: whether a linear scale begins at 0, where no value is below.
        steps: if not 0, a linear scale is widened so that it ends on a mark when it has this many steps.
    """
    if log:
        positive = [value for value in values if value > 0] or [1.0]
        return Log(*_log_ends(min(positive), max(positive)), start, end)
    low, high = min(values, default=0.0), max(values, default=1.0)
    if from_zero:
        low = min(low, 0.0)
    if low == high:
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    if steps:
        step = step_for(high - low, steps)
        low, high = math.floor(low / step + _NEARLY) * step, math.ceil(high / step - _NEARLY) * step
    return Linear(_clean(low), _clean(high), start, end)


def _log_ends(low: float, high: float) -> tuple[float, float]:
    """Widen a range to the next 1, 2 or 5 times a power of ten."""
    if low == high:
        low, high = low / 2, high * 2
    marks = [factor * 10.0**exponent for exponent in range(-12, 13) for factor in (1, 2, 5)]
    below = [*takewhile(lambda mark: mark <= low * (1 + _NEARLY), marks)][-1]
    above = next(mark for mark in marks if mark >= high * (1 - _NEARLY))
    return _clean(below), _clean(above)


def _clean(value: float) -> float:
    """Drop what binary fractions add: 0.30000000000000004 is 0.3."""
    return float(f"{value:.12g}")
