"""How numbers are written: thousands separated, three or four digits that mean something, n/a where nothing is."""

import math

NOT_AVAILABLE = "n/a"


def plain(value: float) -> str:
    """Write a round number of an axis: 0.5, 20, 10,000."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.10g}"


def number(value: float | None) -> str:
    """Write a number with three digits or more, unless it is whole: 0.412, 4.12, 41.2, 412.3, 4,123; 7; None: n/a."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    size = abs(value)
    if size >= 1_000:
        return f"{value:,.0f}"
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.{3 if size < 1 else 2 if size < 10 else 1}f}"


def measured(value: float | None) -> str:
    """Write what was measured as `number` does, but whole values too with three digits: 7.00 beside 7.04."""
    if value is None or not math.isfinite(value) or value == 0 or abs(value) >= 1_000:
        return number(value)
    return f"{value:.{3 if abs(value) < 1 else 2 if abs(value) < 10 else 1}f}"


def ms(value: float | None) -> str:
    """Write milliseconds: 0.41, 4.12, 41.2, 503.1, 1,004."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 1_000 else f"{value:,.0f}"


def whole(value: float | None) -> str:
    """Write a count, or bytes: 1,234; below 10 with one digit after the point where there is one."""
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    if abs(value) < 10 and abs(value - round(value)) >= 0.05:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def times(ratio: float) -> str:
    """Write a ratio: 1.3 times, 44 times, 1,200 times."""
    return f"{ratio:.1f} times" if ratio < 9.95 else f"{ratio:,.0f} times"


def ratio(value: float) -> str:
    """Write a ratio that may be small: 0.023, 0.52, 1.20, 12.8, 163."""
    return (
        f"{value:.3f}"
        if value < 0.1
        else f"{value:.2f}"
        if value < 10
        else f"{value:.1f}"
        if value < 100
        else whole(value)
    )


def percent(share: float | None) -> str:
    """Write a share of 1 in percent."""
    if share is None or not math.isfinite(share):
        return NOT_AVAILABLE
    value = 100 * share
    return f"{value:.1f} %" if 0.05 <= value < 9.95 or 99 <= value < 99.95 else f"{value:.0f} %"


def listed(parts: list[str]) -> str:
    """Join words as a sentence does: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def counted(count: float, one: str, many: str | None = None) -> str:
    """Write a count with its noun: 1 client, 100 clients."""
    return f"{whole(count)} {one if count == 1 else many or one + 's'}"
