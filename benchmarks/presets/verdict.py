"""Whether what was measured is what a model says, in words."""

from benchmarks.models import TOLERATED_ERRORS, TOLERATED_MS, TOLERATED_SHARE
from benchmarks.report.wording import number
from benchmarks.samples import Samples
from benchmarks.statistics import standard_error


def chance_ms(samples: Samples) -> float | None:
    """Return two standard errors of the mean latency, with the messages as groups; None for fewer than two of them."""
    error_ms = standard_error(samples.latencies_ms(), samples.message)
    return None if error_ms is None else TOLERATED_ERRORS * error_ms


def off_by(ours: float | None, expected: float | None) -> float | None:
    """Return by what share ours is above what was expected; below it the share is negative."""
    return ours / expected - 1 if ours is not None and expected else None


def percent_off(ours: float | None, expected: float | None) -> str | None:
    """Write by how much ours is off: +1.2 %, -0.4 %."""
    off = off_by(ours, expected)
    return None if off is None else f"{100 * off:+.1f} %"


def verdict(ours: float | None, expected: float | None, chance: float | None = None, least: float = 0) -> str | None:
    """Return `within 10 %`, `within 2 ms`, `within chance` or `not within 10 %`; None where nothing is to be compared.

    Args:
        ours: what was measured.
        expected: what the model says.
        chance: two standard errors of ours, in its unit.
        least: what is tolerated even where it is more than the share, in milliseconds.
    """
    if ours is None or not expected:
        return None
    off, share = abs(ours - expected), f"{number(100 * TOLERATED_SHARE)} %"
    if off <= TOLERATED_SHARE * expected:
        return f"within {share}"
    if off <= least:
        return f"within {number(least)} ms"
    return "within chance" if chance is not None and off <= chance else f"not within {share}"


def verdict_ms(ours: float | None, expected: float | None, chance: float | None = None) -> str | None:
    """Return the verdict on milliseconds, of which timers and a loopback cost some at any delay."""
    return verdict(ours, expected, chance, TOLERATED_MS)


def in_words(ours: float | None, expected: float | None, said: str | None) -> str:
    """Say a verdict, and by how much ours is off: `Within 10 %: 1.2 % above.`"""
    off = off_by(ours, expected)
    if off is None or said is None:
        return "Not measured." if ours is None else "Not judged."
    return f"{said[0].upper()}{said[1:]}: {100 * abs(off):.1f} % {'above' if off >= 0 else 'below'}."
