"""How many clients a server core carries, by short polling and by server-sent events: a model, and its constants.

A client that polls every L seconds learns of a change L seconds late at most; so L is the latency it tolerates. With a
message every P seconds it costs the server

    short polling:  c / L + m / P      c: a poll that finds nothing; m: what each message adds to an answer
    SSE:            s + e / P          s: a stream kept open, heartbeats included; e: each message

in CPU per second. c is dearer where L is as long as the server keeps an idle connection, or longer: then each poll
opens another connection. Memory is the other limit: each open connection takes some.
"""

import math
from typing import NamedTuple

from benchmarks.results import Run

US_PER_S = 1_000_000
KIB_PER_GIB = 1 << 20

KEEP_ALIVE_S = 5.0
"""How long the server keeps an idle connection: its default, and uvicorn's."""

CORE_SHARE = 0.7
"""Of a core, and of the machine's memory: more would leave nothing for the moment when much comes at once."""

LEAD_S = 0.1
"""How long before the first message the server's CPU begins to be counted (benchmarks/run.py)."""


class Constants(NamedTuple):
    """What was measured: microseconds of server CPU, and KiB of server memory for each client; None: not measured."""

    kept_poll_us: float
    new_poll_us: float
    polled_message_us: float
    stream_us_per_s: float
    streamed_message_us: float
    poll_kib: float | None
    stream_kib: float | None


# --- from runs to constants ---


def polls_counted(run: Run, interval_s: float) -> float:
    """Return how many polls fell into the time in which the server's CPU was counted: each client's, every T."""
    return run.clients * counted_s(run) / interval_s


def counted_s(run: Run) -> float:
    """Return how long the server's CPU was counted: the whole run, and where messages came a moment before it too."""
    return run.seconds + (LEAD_S if run.received else 0.0)


def poll_us(silent: Run, interval_s: float) -> float | None:
    """Return what a poll costs that finds nothing, from a run without messages."""
    polls = polls_counted(silent, interval_s)
    return None if silent.server_cpu_s is None or not polls else silent.server_cpu_s * US_PER_S / polls


def polled_message_us(full: Run, interval_s: float, each_poll_us: float) -> float | None:
    """Return what a message adds to a poll, from a run with many messages and the cost of a poll without."""
    if full.server_cpu_s is None or not full.received:
        return None
    rest_us = full.server_cpu_s * US_PER_S - polls_counted(full, interval_s) * each_poll_us
    return max(rest_us, 0.0) / full.received


def stream_us_per_s(silent: Run) -> float | None:
    """Return what a stream costs each second while nothing is said, from a run without messages."""
    if silent.server_cpu_s is None or not silent.seconds:
        return None
    return silent.server_cpu_s * US_PER_S / silent.clients / silent.seconds


def streamed_message_us(spoken: Run, silence_us_per_s: float) -> float | None:
    """Return what a message costs by SSE, from a run with many and the cost of silence."""
    if spoken.server_cpu_s is None or not spoken.received:
        return None
    rest_us = spoken.server_cpu_s * US_PER_S - spoken.clients * counted_s(spoken) * silence_us_per_s
    return max(rest_us, 0.0) / spoken.received


# --- from constants to clients ---


def polling_us_per_s(constants: Constants, tolerance_s: float, period_s: float) -> float:
    """Return what a client that polls every `tolerance_s` costs each second, in microseconds of CPU."""
    is_kept = tolerance_s < KEEP_ALIVE_S
    each_us = constants.kept_poll_us if is_kept else constants.new_poll_us
    return each_us / tolerance_s + constants.polled_message_us / period_s


def streaming_us_per_s(constants: Constants, period_s: float) -> float:
    """Return what a client with a stream costs each second, in microseconds of CPU."""
    return constants.stream_us_per_s + constants.streamed_message_us / period_s


def clients_by_cpu(us_per_s: float) -> float:
    """Return how many clients a core carries, each of which costs so many microseconds of CPU a second."""
    return CORE_SHARE * US_PER_S / us_per_s


def clients_by_memory(kib: float | None, memory_gib: float, open_share: float = 1.0) -> float | None:
    """Return how many clients the memory carries; None where what each takes was not measured.

    Args:
        kib: what an open connection takes.
        memory_gib: of the machine.
        open_share: the share of the time for which a client's connection is open.
    """
    if kib is None or kib <= 0:
        return None
    return CORE_SHARE * memory_gib * KIB_PER_GIB / (kib * open_share)


def open_share(tolerance_s: float) -> float:
    """Return for which share of the time a client that polls every `tolerance_s` has a connection."""
    return min(1.0, KEEP_ALIVE_S / tolerance_s)


def crossing_s(constants: Constants, period_s: float) -> float | None:
    """Return from which tolerable delay on short polling carries more clients than SSE; None: from none.

    Where polls are so rare that each opens a connection they cost more, so there may be a delay below that from which
    on polling is cheaper for a while; it does not count.
    """
    margin = streaming_us_per_s(constants, period_s) - constants.polled_message_us / period_s
    if margin <= 0:
        return None
    rare, frequent = constants.new_poll_us / margin, constants.kept_poll_us / margin
    return rare if rare >= KEEP_ALIVE_S else min(frequent, KEEP_ALIVE_S)


def rounded(value: float) -> float:
    """Return a figure that was worked out, with the two digits that mean something."""
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else value
