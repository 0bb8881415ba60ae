"""What a technique costs in bytes at any rate, from constants that were measured; and where two techniques cross.

Per client and second, at lambda messages per second:

- short polling: H / T + lambda f, with H bytes for each poll and f for each message, at one poll every T seconds;
- long polling: lambda (r H + f), with r requests per message by the model (benchmarks/models.py), for messages that
  come at random;
- a stream: lambda f + b, with b bytes of heartbeats per second. What the opening costs is paid once, and is not in it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from benchmarks.models import long_polling_requests_per_message
from benchmarks.report.groups import Group
from benchmarks.results import Run

LEAST_RATE, MOST_RATE = 1 / 3_600, 1_000.0
"""Messages per second between which crossings are looked for: one an hour, and more than anybody reads."""

MOST_INTERVAL_S = 3_600.0
MESSAGES_PER_ANSWER = 500
"""A poll carries no more; at more the formula of short polling ends."""

POLLS = ("short-poll", "long-poll")
_GRID = 240
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Constants:
    """What was measured of a technique: bytes both ways. `payload` is the part of `each_message` that all have."""

    technique: str
    each_request: float
    each_message: float
    payload: float
    opening: float
    heartbeat_per_s: float
    interval_s: float
    gap_s: float

    @property
    def overhead_of_message(self) -> float:
        """Bytes that each message costs besides its payload."""
        return self.each_message - self.payload

    def bytes_per_s(self, rate: float) -> float:
        """Return the bytes per client and second, at a rate of messages per second above 0."""
        if self.technique == "short-poll":
            return self.each_request / self.interval_s + rate * self.each_message
        if self.technique == "long-poll":
            requests = long_polling_requests_per_message("poisson", rate, self.gap_s)
            return rate * (requests * self.each_request + self.each_message)
        return rate * self.each_message + self.heartbeat_per_s


def constants_of(group: Group) -> Constants | None:
    """Return the constants of the first run of a group; None where it delivered nothing, or made no request."""
    run = group.runs[0]
    if not (run.received and run.requests and run.clients and run.seconds > 0):
        return None
    both = run.accounts.sent + run.accounts.received
    polls = run.technique in POLLS
    return Constants(
        technique=run.technique,
        each_request=(both.http_headers + both.framing) / run.requests if polls else 0.0,
        each_message=(both.payload if polls else both.payload + both.framing) / run.received,
        payload=both.payload / run.received,
        opening=_opening(run),
        heartbeat_per_s=0.0 if polls else both.heartbeat / (run.clients * (run.read_s or run.seconds)),
        interval_s=group.settings.poll_interval_s,
        gap_s=run.theory.gap_ms / 1_000,
    )


def _opening(run: Run) -> float:
    if run.technique in POLLS:
        return 0.0
    both = run.accounts.sent + run.accounts.received
    return (both.handshake + both.http_headers) / run.clients


@dataclass(frozen=True, slots=True)
class Crossing:
    """From `rate` messages per second on, `cheaper` costs fewer bytes; below it, the other."""

    rate: float
    cheaper: str
    dearer: str


def crossings(one: Constants, other: Constants) -> list[Crossing]:
    """Return where two techniques cost the same, from the lowest rate to the highest that both formulas hold for."""
    most = min(_most_rate(one), _most_rate(other))

    def difference(rate: float) -> float:
        return one.bytes_per_s(rate) - other.bytes_per_s(rate)

    found = []
    for rate in sign_changes(difference, LEAST_RATE, most):
        rising = difference(rate * 1.01) > 0
        pair = (other, one) if rising else (one, other)
        found.append(Crossing(rate, pair[0].technique, pair[1].technique))
    return found


def _most_rate(constants: Constants) -> float:
    if constants.technique == "short-poll":
        return min(MOST_RATE, MESSAGES_PER_ANSWER / constants.interval_s)
    return MOST_RATE


def sign_changes(function: Callable[[float], float], low: float, high: float) -> list[float]:
    """Return where a function changes its sign between two values above 0, looking at equal factors between them."""
    if not 0 < low < high:
        return []
    places = [low * (high / low) ** (number / _GRID) for number in range(_GRID + 1)]
    signs = [(place, function(place) > 0) for place in places]
    return [_between(function, before, after) for (before, was), (after, is_) in pairwise(signs) if was != is_]


def _between(function: Callable[[float], float], low: float, high: float) -> float:
    positive = function(low) > 0
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if (function(middle) > 0) == positive:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def interval_where_polling_is_cheaper(polling: Constants, other: Constants, rate: float) -> float | None:
    """Return T in seconds, from which on short polling costs fewer bytes than `other` at this rate.

    H / T + lambda f = the other's bytes per second. None where there is no such interval up to an hour, where it
    would ask a poll to carry more than it can, or where polling as often as was measured costs fewer already.
    """
    left = other.bytes_per_s(rate) - rate * polling.each_message
    if left <= 0:
        return None
    interval_s = polling.each_request / left
    if not polling.interval_s < interval_s <= min(MOST_INTERVAL_S, MESSAGES_PER_ANSWER / rate):
        return None
    return interval_s


def measured_constants(groups: Sequence[Group]) -> list[Constants]:
    """Return the constants of each technique that has them.

    The payload is that of all in the mean, for it is the same message: what differs by a few bytes are the names of
    the rooms. Only where some compress it, each keeps its own.
    """
    found = [constants for group in groups if (constants := constants_of(group)) is not None]
    if not found or any(group.settings.deflate for group in groups):
        return found
    payload = sum(each.payload for each in found) / len(found)
    return [replace(each, payload=payload, each_message=each.overhead_of_message + payload) for each in found]
