"""Where theory does not hold: what may have been the limit instead of the technique."""

from collections.abc import Iterator

from benchmarks.report.figures import server_cpu_share
from benchmarks.report.wording import ms, percent
from benchmarks.results import Run

BUSY_CLIENTS = 0.8
"""Of one core: from here on a client process answers late because it has no time."""

BUSY_SERVER = 0.7
"""Of one core: from here on queues grow in the server, which the models know nothing of."""

FEW_SAMPLES = 30
"""With fewer, chance alone moves a mean."""

LATE_PART = 0.25
"""Of the difference between theory and measurement: if publishing late explains as much, it is named."""


def suspects(run: Run) -> list[str]:
    """Return what to suspect where the mean that was measured is not that of theory: what warned, else what is seen."""
    found = [_within_a_sentence(warning) for warning in run.warnings] or list(_seen(run))
    if 0 < run.latency_ms.samples < FEW_SAMPLES:
        found.append(f"only {run.latency_ms.samples} deliveries were measured")
    if found:
        return found
    return ["other load on this machine while it was measured, or a network that the model does not know"]


def _within_a_sentence(warning: str) -> str:
    words = warning.rstrip(". ")
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _seen(run: Run) -> Iterator[str]:
    if run.client_cpu_share is not None and run.client_cpu_share >= BUSY_CLIENTS:
        yield f"the clients were the limit: the busiest process used {percent(run.client_cpu_share)} of a core"
    share = server_cpu_share(run)
    if share is not None and share >= BUSY_SERVER:
        yield f"the server was near its limit: it used {percent(share)} of a core"
    late = _late_ms(run)
    if late is not None:
        yield f"messages were published {ms(late)} ms late on average"
    if run.lost:
        yield "deliveries were lost, and the slowest are the likeliest to be"


def _late_ms(run: Run) -> float | None:
    """Return how late publishing was, where that is a good part of what theory and measurement differ by."""
    intended, sending, theory = run.latency_ms.mean, run.latency_from_sending_ms.mean, run.theory.latency_mean_ms
    if intended is None or sending is None or theory is None:
        return None
    late = intended - sending
    return late if late > 0 and late >= LATE_PART * (intended - theory) > 0 else None
