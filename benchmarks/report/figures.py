"""The figures of a run that are shown, each with its name, its unit and how it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.report.groups import Get, Group
from benchmarks.report.wording import measured, ms, percent, whole
from benchmarks.results import Run


@dataclass(frozen=True, slots=True)
class Figure:
    """What is told of a run: where it comes from, its unit, and how it is written."""

    name: str
    unit: str
    get: Get
    write: Callable[[float | None], str]

    def of(self, group: Group) -> str:
        """Return the median of the group, written."""
        return self.write(group.median(self.get))

    def range_of(self, group: Group) -> str:
        """Return least to most of the group's runs, written; nothing for a single run, or where all are the same."""
        ends = group.range(self.get)
        least, most = (self.write(ends[0]), self.write(ends[1])) if ends else ("", "")
        return f"{least} to {most}" if least != most else ""


def per_delivery(total: float, run: Run) -> float | None:
    """Share a total among the deliveries; None where there was none."""
    return total / run.received if run.received else None


def mean_ms(run: Run) -> float | None:
    """Mean latency from the intended publishing time."""
    return run.latency_ms.mean


def bytes_per_delivery(run: Run) -> float | None:
    """Bytes both ways for each delivered message."""
    return per_delivery(run.bytes_sent + run.bytes_received, run)


def overhead_per_delivery(run: Run) -> float | None:
    """Bytes both ways, without payload, for each delivered message."""
    accounts = run.accounts.sent + run.accounts.received
    return per_delivery(accounts.total - accounts.payload, run)


def payload_per_delivery(run: Run) -> float | None:
    """Bytes of payload for each delivered message."""
    return per_delivery(run.accounts.sent.payload + run.accounts.received.payload, run)


def overhead_share(run: Run) -> float | None:
    """Bytes both ways without payload, as a share of all."""
    total = run.bytes_sent + run.bytes_received
    overhead = overhead_per_delivery(run)
    return None if overhead is None or not total else overhead * run.received / total


def requests_per_delivery(run: Run) -> float | None:
    """Requests of the readers for each delivered message."""
    return per_delivery(run.requests, run)


def empty_share(run: Run) -> float | None:
    """Answers without a message, as a share of the polls; None for streams."""
    polls = run.technique in ("short-poll", "long-poll")
    return run.empty_answers / run.requests if polls and run.requests else None


def server_cpu_share(run: Run) -> float | None:
    """What the server used of one core, from its CPU per delivery and the deliveries of a second."""
    if run.server_cpu_us_per_delivery is None or run.seconds <= 0:
        return None
    return run.server_cpu_us_per_delivery * run.received / run.seconds / 1_000_000


def _by_server_clock(run: Run) -> float | None:
    return None if run.latency_from_sent_at_ms is None else run.latency_from_sent_at_ms.mean


def _tcp_ip(run: Run) -> float | None:
    estimate = run.tcp_ip_estimate
    return None if estimate is None else per_delivery(estimate.sent + estimate.received, run)


LATENCY = (
    Figure("mean", "ms", mean_ms, ms),
    Figure("mean, by theory", "ms", lambda run: run.theory.latency_mean_ms, ms),
    Figure("median", "ms", lambda run: run.latency_ms.p50, ms),
    Figure("90 % within", "ms", lambda run: run.latency_ms.p90, ms),
    Figure("99 % within", "ms", lambda run: run.latency_ms.p99, ms),
    Figure("longest", "ms", lambda run: run.latency_ms.max, ms),
    Figure("mean, from sending", "ms", lambda run: run.latency_from_sending_ms.mean, ms),
)

BY_SERVER_CLOCK = Figure("mean, by the server's clock", "ms", _by_server_clock, ms)

CLOCK = (
    BY_SERVER_CLOCK,
    Figure("the server's clock is ahead by", "ms", lambda run: run.clock_offset_ms, ms),
    Figure("which may be wrong by", "ms", lambda run: run.clock_error_ms, ms),
)
"""With --url only."""

REQUESTS = (
    Figure("requests", "", lambda run: run.requests, whole),
    Figure("requests, by theory", "", lambda run: run.theory.requests, whole),
    Figure("answers without a message", "", empty_share, percent),
    Figure("connections opened", "", lambda run: run.connections_opened, whole),
)

PER_DELIVERY = (
    Figure("requests", "", requests_per_delivery, measured),
    Figure("received", "B", lambda run: per_delivery(run.bytes_received, run), whole),
    Figure("sent", "B", lambda run: per_delivery(run.bytes_sent, run), whole),
    Figure("payload, both ways", "B", payload_per_delivery, whole),
    Figure("all else, both ways", "B", overhead_per_delivery, whole),
    Figure("all else, of all bytes", "", overhead_share, percent),
    Figure("TCP and IP, estimated", "B", _tcp_ip, whole),
    Figure("server CPU", "µs", lambda run: run.server_cpu_us_per_delivery, measured),
    Figure("client CPU", "µs", lambda run: run.client_cpu_us_per_delivery, measured),
)

MACHINE = (
    Figure("server memory per client", "KiB", lambda run: run.server_kib_per_client, measured),
    Figure("server, of one core", "", server_cpu_share, percent),
    Figure("busiest client process, of one core", "", lambda run: run.client_cpu_share, percent),
)

OUTCOME = (
    Figure("deliveries", "", lambda run: run.received, whole),
    Figure("lost", "", lambda run: run.lost, whole),
    Figure("came twice", "", lambda run: run.duplicated, whole),
    Figure("came out of order", "", lambda run: run.reordered, whole),
)
