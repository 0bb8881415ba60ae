"""When a message is meant to be published and when a poll is due: all known before the run begins (open model).

Latency counts from these times. A publisher that is late is late against them, so a stall of the server is charged to
every message that was due meanwhile (no coordinated omission).
"""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from benchmarks.plan import Plan

NS_PER_S = 1_000_000_000


def intended_times_ns(plan: Plan) -> "array[int]":
    """Return the intended publishing times, nanoseconds from the first moment of the run, in rising order.

    `periodic`: one at 0 and one every 1 / rate seconds. `poisson`: exponential gaps, the first one before the first
    message; the same seed gives the same times. Both end before `duration_s`; a rate of 0 gives no message.
    """
    if plan.rate == 0:
        return array("q")
    times = _periodic(plan) if plan.arrivals == "periodic" else _poisson(plan)
    return array("q", times)


def _periodic(plan: Plan) -> Iterator[int]:
    """Multiply rather than add, and in fractions: after a day at 0.3 per second the time is still right to the ns."""
    rate = Fraction(str(plan.rate))
    count = math.ceil(rate * Fraction(str(plan.duration_s)))
    numerator, denominator = rate.as_integer_ratio()
    return (k * NS_PER_S * denominator // numerator for k in range(count))


def _poisson(plan: Plan) -> Iterator[int]:
    random = Random(plan.seed)
    end_ns = plan.duration_s * NS_PER_S
    now_ns = 0.0
    while True:
        # Not expovariate: of the generator's methods, Python promises only random() to be the same in every version.
        now_ns -= math.log(1.0 - random.random()) / plan.rate * NS_PER_S
        if now_ns >= end_ns:
            return
        yield int(now_ns)


def poll_phases_s(clients: int, interval_s: float) -> list[float]:
    """Return when each short-polling client makes its first poll, spread evenly over one interval.

    Clients that start together would all see a periodic publisher at one and the same phase of their interval, and
    the latency measured would be that phase's, not the technique's.
    """
    return [client * interval_s / clients for client in range(clients)]
