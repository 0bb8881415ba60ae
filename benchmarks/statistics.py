"""Figures from samples: all of them are kept, none is estimated, and of nothing there is no figure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from benchmarks.results import Latency


def percentile(sorted_values: Sequence[float], q: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least q % of the values do not exceed.

    It is always a value that was measured, never one between two. The rank, ceil(q / 100 * n), is reckoned in
    fractions: in floats, 99.9 % of 1,000 comes to a little more than 999, and the ceiling to the next value.

    Args:
        sorted_values: at least one, in rising order.
        q: percent, from 0 (the smallest) to 100 (the largest).

    Raises:
        ValueError: there are no values, or q is no percentage.
    """
    if not 0 <= q <= 100:
        raise ValueError(f"a percentile is from 0 to 100; this came: {q}")
    if not sorted_values:
        raise ValueError("a percentile needs at least one value")
    rank = math.ceil(Fraction(str(q)) * len(sorted_values) / 100)
    return sorted_values[max(rank, 1) - 1]


def summarize(values: Iterable[float]) -> Latency:
    """Return mean, percentiles and maximum of latencies in milliseconds; all None where nothing was measured."""
    found = sorted(values)
    if not found:
        return Latency(mean=None, p50=None, p90=None, p99=None, max=None, samples=0)
    return Latency(
        mean=math.fsum(found) / len(found),
        p50=percentile(found, 50),
        p90=percentile(found, 90),
        p99=percentile(found, 99),
        max=found[-1],
        samples=len(found),
    )


def median(values: Iterable[float | None]) -> float | None:
    """Return the middle of what was measured, or the mean of the two in the middle; None where nothing was."""
    found = sorted(value for value in values if value is not None)
    if not found:
        return None
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


def standard_error(values: Sequence[float], groups: Sequence[int] | None = None) -> float | None:
    """Return the standard error of the mean; None where there are fewer than two independent samples.

    Args:
        values: the samples.
        groups: the group of each sample, where samples of one group depend on each other: the thousand deliveries
            of one message that the network held up are one piece of evidence, not a thousand. Without groups each
            sample stands for itself.

    The estimator for cluster samples: deviations from the mean are summed by group before they are squared. For
    groups of one it is the usual s / sqrt(n), for groups of equal size the standard error of the groups' means.
    """
    if groups is None:
        groups = range(len(values))
    mean = math.fsum(values) / len(values) if values else 0.0
    deviations: defaultdict[int, float] = defaultdict(float)
    for value, group in zip(values, groups, strict=True):
        deviations[group] += value - mean
    count = len(deviations)
    if count < 2:
        return None
    squares = math.fsum(deviation * deviation for deviation in deviations.values())
    return math.sqrt(squares * count / (count - 1)) / len(values)


def cdf_points(values: Iterable[float], most: int = 400) -> list[tuple[float, float]]:
    """Return the empirical distribution as points (value, share of the values up to it), for a curve of steps.

    The smallest and the largest value are always among them. Where there are more values than `most`, the points
    stand at even distances of rank, so that no share on the curve is off by more than 1 / (most - 1).

    Args:
        values: the samples, in any order.
        most: how many points at most; at least 2.
    """
    found = sorted(values)
    if len(found) <= most:
        chosen = found
    else:
        chosen = [found[place * (len(found) - 1) // (most - 1)] for place in range(most)]
    return _with_shares(chosen, found)


def _with_shares(chosen: Sequence[float], found: Sequence[float]) -> list[tuple[float, float]]:
    """Return each value that was chosen, once, with the share of those found that do not exceed it; both sorted."""
    points, rank = [], 0
    for value in dict.fromkeys(chosen):
        while rank < len(found) and found[rank] <= value:
            rank += 1
        points.append((value, rank / len(found)))
    return points
