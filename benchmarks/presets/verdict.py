"""Whether what was measured is what a model says, in words."""

from benchmarks.report.wording import number

WITHIN = 0.1
"""As a share of the model's figure."""


def off_by(ours: float | None, expected: float | None) -> float | None:
    """Return by what share ours is above what was expected; below it the share is negative."""
    return ours / expected - 1 if ours is not None and expected else None


def percent_off(ours: float | None, expected: float | None) -> str | None:
    """Write by how much ours is off: +1.2 %, -0.4 %."""
    off = off_by(ours, expected)
    return None if off is None else f"{100 * off:+.1f} %"


def verdict(ours: float | None, expected: float | None, chance: float | None = None) -> str | None:
    """Return `within 10 %`, `within chance` or `not within 10 %`; None where there is nothing to compare.

    Args:
        ours: what was measured.
        expected: what the model says.
        chance: two standard errors of ours, in its unit.
    """
    off = off_by(ours, expected)
    if off is None or ours is None or expected is None:
        return None
    share = f"{number(100 * WITHIN)} %"
    if abs(off) <= WITHIN:
        return f"within {share}"
    return "within chance" if chance is not None and abs(ours - expected) <= chance else f"not within {share}"


def in_words(ours: float | None, expected: float | None, chance: float | None = None) -> str:
    """Say whether ours is as expected: `Within 10 %: 1.2 % above.`"""
    off, said = off_by(ours, expected), verdict(ours, expected, chance)
    if off is None or said is None:
        return "Not measured." if ours is None else "Not judged."
    return f"{said[0].upper()}{said[1:]}: {100 * abs(off):.1f} % {'above' if off >= 0 else 'below'}."
