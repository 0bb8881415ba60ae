"""From what was noted in a run to its figures; nothing here does any I/O."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.accounts import BothWays
from benchmarks.calibration import Clock, Network
from benchmarks.ledger import Ledger, settle
from benchmarks.load.client import Notes
from benchmarks.load.publisher import NOT_YET, Published
from benchmarks.load.tally import SEGMENT_OVERHEAD_BYTES, Tally
from benchmarks.models import expect, expected_requests, judge
from benchmarks.plan import Plan
from benchmarks.results import Estimate, Latency, Run, Sending, Theory
from benchmarks.samples import Samples
from benchmarks.site import Usage
from benchmarks.statistics import percentile, standard_error, summarize

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
US_PER_S = 1_000_000
BUSY_SHARE = 0.8
"""Of a core: above it a process is likely to be what is measured."""
LATE_MS = 10.0
OTHERS_SHARE = 0.25
"""Of a core: what else ran on the machine, above which figures are to be doubted."""


@dataclass
class Finding:
    """What one run has brought to light, before it is reckoned.

    `usage` and `client_cpu_s` are of the time from before the first publishing to the last delivery; `memory_kib` is
    before and after the clients connected; `read_s` is how long they read.
    """

    plan: Plan
    technique: str
    network: Network
    clock: Clock | None
    usage: tuple[Usage, Usage]
    client_cpu_s: list[float]
    memory_kib: tuple[float | None, float | None]
    read_s: float
    published: Published
    notes: Notes
    ended: str | None

    @property
    def seconds(self) -> float:
        """How long `usage` spans."""
        before, after = self.usage
        return after.at_s - before.at_s


def run_of(finding: Finding, samples: Samples) -> Run:
    """Return the figures of a run."""
    tally, plan = finding.notes.tally, finding.plan
    ledger = settle(samples, finding.published.acknowledged, finding.published.feed_numbers)
    cpu_s = _used_s(finding.usage)
    cpu_us = per(cpu_s, len(samples))
    return Run(
        technique=finding.technique,
        clients=plan.clients,
        seconds=max(samples.received_ns, default=0) / NS_PER_S if len(samples) else finding.seconds,
        read_s=finding.read_s,
        **ledger._asdict(),
        requests=tally.requests,
        empty_answers=tally.empty_answers,
        connections_opened=tally.connections_opened,
        latency_ms=summarize(samples.latencies_ms()),
        latency_from_sending_ms=summarize(samples.latencies_from_sending_ms()),
        latency_from_sent_at_ms=latency_from_sent_at(finding),
        clock_offset_ms=finding.clock.offset_ms if finding.clock else None,
        clock_error_ms=finding.clock.error_ms if finding.clock else None,
        bytes_sent=tally.bytes_sent,
        bytes_received=tally.bytes_received,
        accounts=BothWays(tally.sent, tally.received),
        tcp_ip_estimate=estimate(tally),
        tcp_info_agrees=tcp_info_agrees(tally),
        server_cpu_s=cpu_s,
        server_cpu_us_per_delivery=cpu_us,
        server_kib_per_client=kib_per_client(finding.memory_kib, plan.clients),
        client_cpu_us_per_delivery=per(sum(finding.client_cpu_s), len(samples)),
        client_cpu_share=max(finding.client_cpu_s) / finding.seconds if finding.seconds else None,
        theory=theory_of(finding, samples, ledger, cpu_us),
        warnings=warnings(finding, ledger, samples),
    )


def latency_from_sent_at(finding: Finding) -> Latency | None:
    """Return the latency from the server's own time of each message, by its clock; only where that was compared."""
    clock, sent_at_ms = finding.clock, finding.published.sent_at_ms
    if clock is None:
        return None
    arrivals = finding.notes.arrivals
    pairs = zip(arrivals.message, arrivals.at_ns, strict=True)
    return summarize(
        at_ns / NS_PER_MS + clock.from_monotonic_ms - sent_at_ms[message]
        for message, at_ns in pairs
        if sent_at_ms[message] != NOT_YET
    )


def _used_s(usage: tuple[Usage, Usage]) -> float | None:
    before, after = usage
    if before.server_s is None or after.server_s is None:
        return None
    return after.server_s - before.server_s


def per(seconds: float | None, count: int) -> float | None:
    """Return microseconds for each of `count`."""
    return None if seconds is None or count == 0 else seconds * US_PER_S / count


def kib_per_client(memory_kib: tuple[float | None, float | None], clients: int) -> float | None:
    """Return what the server's memory grew by for each client."""
    before, after = memory_kib
    return None if before is None or after is None else (after - before) / clients


def estimate(tally: Tally) -> Estimate | None:
    """Return the bytes of TCP and IP headers, where the kernel told of all connections."""
    if tally.kernel_unknown or not tally.segments_out:
        return None
    return Estimate(tally.segments_out * SEGMENT_OVERHEAD_BYTES, tally.segments_in * SEGMENT_OVERHEAD_BYTES)


def tcp_info_agrees(tally: Tally) -> bool | None:
    """Return whether the kernel counted the same bytes on every connection it told of; None: it told of none."""
    if not tally.kernel_agrees and not tally.kernel_differs:
        return None
    return tally.kernel_differs == 0


def theory_of(finding: Finding, samples: Samples, ledger: Ledger, cpu_us: float | None) -> Theory:
    """Return what the model says, and whether the run bears it out; of latency nothing, where no message is to come."""
    plan, network = finding.plan, finding.network
    spread_ms = 0.0 if finding.technique == "short-poll" else (cpu_us or 0.0) * plan.clients / 1_000
    expected = expect(
        finding.technique,
        rate=plan.rate,
        arrivals=plan.arrivals,
        poll_interval_s=plan.poll_interval_s,
        transit_ms=network.transit_ms,
        gap_ms=network.gap_ms,
        spread_ms=spread_ms,
    )
    latencies = samples.latencies_ms()
    error_ms = standard_error(latencies, samples.message) if latencies else None
    verdict = judge(summarize(latencies), expected, error_ms, spread_ms)
    requests = expected_requests(
        finding.technique,
        clients=plan.clients,
        messages=ledger.published,
        seconds=finding.read_s,
        rate=plan.rate,
        arrivals=plan.arrivals,
        poll_interval_s=plan.poll_interval_s,
        gap_ms=network.gap_ms,
    )
    return Theory(
        latency_mean_ms=expected.mean_ms if plan.rate else None,
        requests=requests,
        holds=verdict.holds,
        transit_ms=network.transit_ms,
        gap_ms=network.gap_ms,
        spread_ms=spread_ms,
        tolerance_ms=verdict.tolerance_ms,
    )


def warnings(finding: Finding, ledger: Ledger, samples: Samples) -> list[str]:
    """Return what makes the figures of a run doubtful, a sentence each."""
    return [
        *_limits(finding),
        *_lateness(finding.published),
        *_losses(finding, ledger),
        *_oddities(finding.notes),
        *(["Nothing arrived, so there is no latency."] if ledger.published and not len(samples) else []),
    ]


def _limits(finding: Finding) -> list[str]:
    found = []
    share = max(finding.client_cpu_s) / finding.seconds
    if share > BUSY_SHARE:
        found.append(
            f"The client, not the server, was the limit: a process of clients used {share:.0%} of a core. "
            "Use more with --processes, or fewer clients."
        )
    before, after = finding.usage
    server_s = _used_s(finding.usage)
    if server_s is not None and server_s / finding.seconds > BUSY_SHARE:
        found.append(f"The server was at its limit: it used {server_s / finding.seconds:.0%} of a core.")
    relay_s = (after.relay_s or 0.0) - (before.relay_s or 0.0)
    if relay_s / finding.seconds > BUSY_SHARE:
        found.append(f"The relay was the limit: it used {relay_s / finding.seconds:.0%} of a core.")
    others_s = after.machine_s - before.machine_s - sum(finding.client_cpu_s) - (server_s or 0.0) - relay_s
    if others_s / finding.seconds > OTHERS_SHARE:
        found.append(f"The machine was not quiet: something else used {others_s / finding.seconds:.0%} of a core.")
    return found


def _lateness(published: Published) -> list[str]:
    late_ms = sorted(published.lateness_ms())
    if late_ms and percentile(late_ms, 99) > LATE_MS:
        late = f"p99 {percentile(late_ms, 99):.1f} ms, at most {late_ms[-1]:.1f} ms late"
        return [f"Publishing ran behind its schedule: {late}. The client, not the server, was the limit there."]
    return []


def _losses(finding: Finding, ledger: Ledger) -> list[str]:
    found = []
    if finding.ended is not None:
        found.append(finding.ended)
    refusals = finding.published.refusals
    if refusals:
        found.append(f"{len(refusals)} of {ledger.published} messages were not acknowledged; the first: {refusals[0]}")
    if ledger.lost:
        found.append(
            f"{ledger.lost} of {ledger.expected} deliveries never came, "
            f"{ledger.lost_acknowledged} of them of acknowledged messages."
        )
    if ledger.duplicated or ledger.reordered:
        found.append(f"{ledger.duplicated} deliveries came twice, {ledger.reordered} out of order.")
    return found


def _oddities(notes: Notes) -> list[str]:
    found = []
    if notes.refusals:
        found.append(f"Clients were refused {len(notes.refusals)} times; the first: {notes.refusals[0]}")
    if notes.breaks:
        found.append(f"Connections broke {len(notes.breaks)} times, and were opened again.")
    if notes.tally.malformed:
        found.append(f"{notes.tally.malformed} connections were given up, for the server sent what it should not.")
    if notes.arrivals.foreign:
        found.append(f"Somebody else wrote into the room: {notes.arrivals.foreign} messages were passed over.")
    if notes.tally.kernel_differs:
        found.append(f"On {notes.tally.kernel_differs} connections the kernel counted other bytes than we did.")
    out_of_sums = (
        notes.tally.sent.total - notes.tally.bytes_sent,
        notes.tally.received.total - notes.tally.bytes_received,
    )
    if any(out_of_sums):
        found.append(
            f"The accounts differ from the bytes counted, by {out_of_sums[0]} sent and {out_of_sums[1]} received."
        )
    return found


def sending_of(
    way: Literal["POST", "frame"], tally: Tally, published: Published, usage: tuple[Usage, Usage]
) -> Sending:
    """Return the figures of the client that sent."""
    pairs = zip(published.intended_ns, published.acknowledged_ns, strict=True)
    latencies = [(done - intended) / NS_PER_MS for intended, done in pairs if done != NOT_YET]
    return Sending(
        way=way,
        messages=published.sent,
        acknowledged=len(latencies),
        requests=tally.requests,
        latency_ms=summarize(latencies),
        bytes_sent=tally.bytes_sent,
        bytes_received=tally.bytes_received,
        accounts=BothWays(tally.sent, tally.received),
        server_cpu_us_per_message=per(_used_s(usage), published.sent),
    )
