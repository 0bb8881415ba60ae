"""What theory says of each technique: closed forms for latency and requests, to be drawn over what was measured.

The words are RFC 6202's. d is the transit, one way; T the poll interval; lambda the rate of messages and P = 1 / lambda
their period; G the gap of long polling, from the answer leaving the server to the next long poll request arriving there
(two transits and the client's turn-around); S the spread, in which the server serves all readers of one message one
after another; H how long the server holds a pending request in silence.

Latency counts from a message's publishing to its arrival. The models know nothing of a server that cannot keep up.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from benchmarks.results import Latency
from benchmarks.schedule import poll_phases_s

MS_PER_S = 1_000
LONG_POLL_TIMEOUT_S = 25.0
"""H: what a long poll asks for if it does not say; RFC 6202 section 5.5 calls 30 s safe."""

OPENING_REQUESTS = {"sse": 1, "websocket": 1, "socket-io": 4}
"""Per client, and no more follow. Socket.IO: Engine.IO's opening GET, the POST that carries CONNECT, the GET that
brings its answer, and the upgrade to WebSocket."""


class Part(NamedTuple):
    """A share of the messages, whose latency lies evenly between two values, or is one value where they are equal."""

    share: float
    least_ms: float
    most_ms: float


class Expectation(NamedTuple):
    """The distribution of latencies that a model expects."""

    parts: tuple[Part, ...]

    @property
    def mean_ms(self) -> float:
        """The mean latency."""
        return math.fsum(part.share * (part.least_ms + part.most_ms) / 2 for part in self.parts)

    @property
    def max_ms(self) -> float:
        """The maximal latency (RFC 6202 section 2.2)."""
        return max(part.most_ms for part in self.parts)

    def cdf(self, x_ms: float) -> float:
        """Return the share of messages that arrive within `x_ms`."""
        return math.fsum(part.share * _uniform_cdf(x_ms, part.least_ms, part.most_ms) for part in self.parts)


def _uniform_cdf(x: float, least: float, most: float) -> float:
    if x >= most:
        return 1.0
    return (x - least) / (most - least) if x > least else 0.0


# --- short polling (RFC 6202 section 2) ---


def short_polling(interval_ms: float, transit_ms: float) -> Expectation:
    """Return the latency of short polling: evenly between d and T + d, T / 2 + d in the mean.

    A message finds the next poll anywhere in its interval: so for Poisson arrivals, and for periodic ones over all
    clients, where their phases are spread.
    """
    return Expectation((Part(1.0, transit_ms, interval_ms + transit_ms),))


def share_of_empty_answers(arrivals: str, rate: float, interval_s: float) -> float:
    """Return the share of short polls that are answered with nothing.

    Poisson arrivals leave an interval without a message in e^(-lambda T) of cases. A periodic publisher with P > T
    fills one poll in P / T, which leaves 1 - T / P; with P <= T each poll finds something.
    """
    if arrivals == "poisson":
        return math.exp(-rate * interval_s)
    return max(0.0, 1.0 - interval_s * rate)


def short_polling_requests(phases_s: Sequence[float], interval_s: float, end_s: float) -> int:
    """Return how many polls are sent before `end_s` by clients that send one at their phase and every T from there.

    Exact: each decimal is taken for what it says, so that 0.3 s hold three intervals of 0.1 s and not 2.99.
    """
    interval, end = Fraction(str(interval_s)), Fraction(str(end_s))
    return sum(max(0, math.ceil((end - Fraction(str(phase))) / interval)) for phase in phases_s)


# --- long polling (RFC 6202 sections 2.1 and 2.2) ---


def long_polling(arrivals: str, rate: float, transit_ms: float, gap_ms: float, spread_ms: float = 0.0) -> Expectation:
    """Return the latency of long polling.

    A message that finds a pending request takes d. One that comes in the gap waits for the next request, and then
    takes d; those that wait do so evenly between 0 and G. RFC 6202: the mean is about one transit, the maximum, d + G,
    over three.

    - Poisson: between two answers lie a gap, with lambda G messages in it, and, if there were none (e^(-lambda G)),
      one message that finds the request pending. So e^(-lambda G) / (lambda G + e^(-lambda G)) of the messages take d,
      and the mean is d + (lambda G^2 / 2) / (lambda G + e^(-lambda G)).
    - Periodic, P > G: the request is back before the next message; all take d.
    - Periodic, P <= G: something always waits, so requests come every G and all messages wait, evenly over the
      phases between the two rhythms: d + G / 2 in the mean.

    Readers of one message are served within S as those of a stream are. To those who waited S is added by making
    their range wider, [d, d + G + S]: mean and ends are those of the sum, only its slopes are left out.
    """
    share = _share_pending(arrivals, rate, gap_ms / MS_PER_S)
    pending = Part(share, transit_ms, transit_ms + spread_ms)
    waiting = Part(1.0 - share, transit_ms, transit_ms + gap_ms + spread_ms)
    return Expectation(tuple(part for part in (pending, waiting) if part.share > 0))


def _share_pending(arrivals: str, rate: float, gap_s: float) -> float:
    """Return the share of messages that find a pending request."""
    if arrivals == "poisson":
        silent = math.exp(-rate * gap_s)
        return silent / (rate * gap_s + silent)
    return 1.0 if rate * gap_s < 1 else 0.0


def long_polling_requests_per_message(
    arrivals: str, rate: float, gap_s: float, timeout_s: float = LONG_POLL_TIMEOUT_S
) -> float:
    """Return how many long poll requests are answered for each message, the empty answers included.

    Poisson: 1 / (lambda G + e^(-lambda G)); below 1, for answers gather what came in the gap. A request pending for H
    in silence is answered empty, which a request that found nothing meets in e^(-lambda H) of cases: with p for
    e^(-lambda G), it brings lambda G + p (1 - e^(-lambda H)) messages in the mean.

    Periodic: 1 for P > G, and one more for each G + H that P holds; P / G for P <= G.

    Raises:
        ValueError: the rate is 0, and there are no messages to count by.
    """
    if rate <= 0:
        raise ValueError(f"requests per message need a rate above 0; this came: {rate}")
    if arrivals == "poisson":
        return 1 / (rate * gap_s - math.exp(-rate * gap_s) * math.expm1(-rate * timeout_s))
    period_s = 1 / rate
    if period_s <= gap_s:
        return period_s / gap_s
    return 1.0 + _silent_answers(period_s, gap_s, timeout_s)


def _silent_answers(silence_s: float, gap_s: float, timeout_s: float) -> int:
    """Return how many pending requests time out, one after another, in a silence that began with an answer."""
    return math.floor(silence_s / (gap_s + timeout_s))


# --- streams: SSE, WebSocket, Socket.IO (RFC 6202 section 3: HTTP streaming) ---


def stream(transit_ms: float, spread_ms: float = 0.0) -> Expectation:
    """Return the latency of a stream: d, or evenly between d and d + S, d + S / 2 in the mean."""
    return Expectation((Part(1.0, transit_ms, transit_ms + spread_ms),))


# --- all of them ---


def expect(
    technique: str,
    *,
    rate: float,
    arrivals: str,
    poll_interval_s: float,
    transit_ms: float,
    gap_ms: float,
    spread_ms: float,
) -> Expectation:
    """Return the latency that the model of a technique expects.

    Args:
        technique: one of `plan.TECHNIQUES`.
        rate: lambda, messages per second.
        arrivals: `periodic` or `poisson`.
        poll_interval_s: T.
        transit_ms: d.
        gap_ms: G; only long polling has one.
        spread_ms: S; 0 for short polling, whose clients do not come all at once.
    """
    if technique == "short-poll":
        return short_polling(poll_interval_s * MS_PER_S, transit_ms)
    if technique == "long-poll":
        return long_polling(arrivals, rate, transit_ms, gap_ms, spread_ms)
    return stream(transit_ms, spread_ms)


def expected_requests(
    technique: str,
    *,
    clients: int,
    messages: int,
    seconds: float,
    rate: float,
    arrivals: str,
    poll_interval_s: float,
    gap_ms: float,
    timeout_s: float = LONG_POLL_TIMEOUT_S,
) -> float:
    """Return how many requests the model expects of all reading clients in a run.

    Args:
        technique: one of `plan.TECHNIQUES`.
        clients: N; where they poll at intervals, client k begins k T / N after the first.
        messages: how many were published.
        seconds: from the first client's first request to the last delivery.
        rate: lambda, messages per second.
        arrivals: `periodic` or `poisson`.
        poll_interval_s: T.
        gap_ms: G.
        timeout_s: H.
    """
    if technique == "short-poll":
        return short_polling_requests(poll_phases_s(clients, poll_interval_s), poll_interval_s, seconds)
    if technique == "long-poll":
        gap_s = gap_ms / MS_PER_S
        if messages and rate:
            answers = messages * long_polling_requests_per_message(arrivals, rate, gap_s, timeout_s)
        else:
            answers = float(_silent_answers(seconds, gap_s, timeout_s))
        # One asks where the feed is, and is answered at once; one is pending, and is sent again after each answer.
        return clients * (2 + answers)
    return clients * OPENING_REQUESTS[technique]


class Verdict(NamedTuple):
    """Whether the mean that was measured is within the tolerance of theory's.

    None where that cannot be said: nothing was measured, or too little for chance to be told from a difference.
    """

    holds: bool | None
    tolerance_ms: float


TOLERATED_SHARE = 0.1
TOLERATED_ERRORS = 2
TOLERATED_MS = 2.0
"""How rough a loopback and the timers of an event loop are."""
MOST_ERROR_SHARE = 0.25
"""Of theory's mean: where two standard errors are more than this, they excuse nothing."""


def judge(
    latency: Latency, expectation: Expectation, standard_error_ms: float | None, spread_ms: float = 0.0
) -> Verdict:
    """Hold the mean that was measured against theory's.

    The tolerance is the largest of 10 % of theory, 2 ms, half the spread, and 2 standard errors of what was measured,
    these up to a quarter of theory. Half the spread: that the readers of a message are served within S is known, but
    not whether most of them are served early or, where a server writes after it has gone through all, late.
    Where the errors are larger still, a mean beyond the tolerance proves nothing.

    Args:
        latency: what was measured, from the intended publishing times.
        expectation: what the model expects.
        standard_error_ms: of the mean that was measured (`statistics.standard_error`, with the messages as groups);
            None where there is none.
        spread_ms: S, as it went into the expectation.
    """
    theory_ms = expectation.mean_ms
    errors_ms = TOLERATED_ERRORS * (standard_error_ms or 0.0)
    chance_rules = errors_ms > MOST_ERROR_SHARE * theory_ms
    rough_ms = max(TOLERATED_SHARE * theory_ms, TOLERATED_MS, spread_ms / 2)
    tolerance_ms = rough_ms if chance_rules else max(rough_ms, errors_ms)
    if latency.mean is None:
        return Verdict(None, tolerance_ms)
    off_ms = abs(latency.mean - theory_ms)
    if off_ms > tolerance_ms and chance_rules and off_ms <= errors_ms:
        return Verdict(None, tolerance_ms)
    return Verdict(off_ms <= tolerance_ms, tolerance_ms)
