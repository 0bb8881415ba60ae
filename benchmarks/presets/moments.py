"""The model of long polling walked through the moments at which messages came; a formula knows only their rate."""

import math
from collections.abc import Sequence

from benchmarks.samples import NS_PER_MS, Samples


def published_ms(samples: Samples) -> list[float]:
    """Return when the messages of a run were to be published, those of them that were sent."""
    pairs = zip(samples.intended_ns, samples.sent_ns, strict=True)
    return [intended / NS_PER_MS for intended, sent in pairs if sent >= 0]


def mean_of_moments_ms(moments_ms: Sequence[float], transit_ms: float, gap_ms: float) -> float | None:
    """Return the mean latency by the model for messages published at these moments, in rising order.

    A message that finds the request pending is answered at once, and one that does not when the next request is there;
    that is G after the answer before.
    """
    total_ms, pending_from_ms, answered_ms = 0.0, -math.inf, -math.inf
    for at_ms in moments_ms:
        if at_ms > answered_ms:  # else it goes with that answer
            answered_ms = max(at_ms, pending_from_ms)
            pending_from_ms = answered_ms + gap_ms
        total_ms += answered_ms - at_ms + transit_ms
    return total_ms / len(moments_ms) if moments_ms else None
