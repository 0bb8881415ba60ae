"""Results that nobody measured, with figures such as a quiet laptop gives: the same for the same arguments."""

import random
from collections.abc import Sequence
from typing import Any

import msgspec

from benchmarks.accounts import Accounts, BothWays
from benchmarks.models import expect, judge
from benchmarks.plan import Plan
from benchmarks.report.groups import settings_at
from benchmarks.results import Estimate, Latency, Results, Run, Sending, Theory
from benchmarks.samples import NS_PER_MS, Samples
from benchmarks.statistics import summarize

NS_PER_S = 1_000_000_000
PAYLOAD = 218
HEARTBEAT_BYTES = {"sse": 17, "websocket": 8, "socket-io": 10}
HEARTBEAT_S = {"sse": 15.0, "websocket": 20.0, "socket-io": 25.0}
POLL_SENT, POLL_HEAD, POLL_ENVELOPE = 196, 148, 40
FRAMING = {"short-poll": 1, "long-poll": 40, "sse": 38, "websocket": 4, "socket-io": 16}
OPENING = {"sse": (212, 402), "websocket": (262, 231), "socket-io": (1_104, 921)}
CPU_US = {"short-poll": 88.0, "long-poll": 46.0, "sse": 3.9, "websocket": 3.7, "socket-io": 5.2}
KIB = {"short-poll": 6.1, "long-poll": 9.4, "sse": 11.8, "websocket": 13.2, "socket-io": 22.6}

METADATA: dict[str, Any] = {
    "created": "2026-11-24T09:12:44+00:00",
    "pushdemo": "0.1.0",
    "commit": "0123456789ab",
    "machine": {"cpu": "made up", "cores": 2, "memory_gib": 8.0, "system": "Linux 6.12 x86_64"},
    "software": {"python": "3.11.2", "starlette": "1.10.0", "uvicorn": "0.54.0", "event_loop": "uvloop"},
    "clock": {"name": "perf_counter", "resolution_ns": 1},
    "load_before": [0.1, 0.2, 0.3],
}


def made_up(
    settings: Plan | None = None,
    *,
    sweep: dict[str, list[float]] | None = None,
    seed: int = 1,
    **changed: Any,
) -> tuple[Results, dict[int, Samples]]:
    """Make up results and samples for a plan, at each point of a sweep, each as often as the plan repeats.

    `changed` are fields of every run that are to be otherwise, such as `lost=3`.
    """
    settings = settings or Plan()
    generator = random.Random(seed)
    runs: list[Run] = []
    samples: dict[int, Samples] = {}
    for point in _points(sweep or {}):
        at = settings_at(settings, tuple(point.items()))
        for technique in at.techniques:
            for repeat in range(at.repeat):
                found = arrivals(technique, at, generator)
                samples[len(runs)] = found
                run = run_of(technique, at, found, generator)
                fields = {"repeat": repeat, "point": point, **changed}
                runs.append(msgspec.structs.replace(run, **fields))
    return Results(metadata=dict(METADATA), settings=settings, sweep=sweep or {}, runs=runs), samples


def _points(sweep: dict[str, list[float]]) -> list[dict[str, float]]:
    if not sweep:
        return [{}]
    return [{option: value} for option, values in sweep.items() for value in values]


def arrivals(technique: str, plan: Plan, generator: random.Random) -> Samples:
    """Make up when each message arrived at each client."""
    count = max(int(plan.rate * plan.duration_s), 0)
    intended = [int(number / plan.rate * NS_PER_S) for number in range(count)]
    sent = [at + int(generator.uniform(0.05, 0.4) * NS_PER_MS) for at in intended]
    samples = Samples(plan.clients, intended, sent)
    interval_ns = int(plan.poll_interval_s * NS_PER_S)
    for message, at in enumerate(intended):
        for client in range(plan.clients):
            transit = int((plan.delay_ms + generator.lognormvariate(-0.2, 0.5)) * NS_PER_MS)
            transit += int(generator.random() * plan.clients * CPU_US[technique] * 900)
            if technique == "short-poll":
                phase = client * interval_ns // plan.clients
                wait = (phase - (at + transit)) % interval_ns
                samples.add(client, message, at + wait + transit)
            else:
                again = technique == "long-poll" and generator.random() < plan.rate * 3 * plan.delay_ms / 1_000
                extra = int(generator.uniform(0, 2 * plan.delay_ms) * NS_PER_MS) if again else 0
                samples.add(client, message, at + transit + extra)
    return samples


def run_of(technique: str, plan: Plan, samples: Samples, generator: random.Random) -> Run:
    """Make up a run around its samples."""
    published, received = len(samples.intended_ns), len(samples)
    seconds = plan.duration_s + 0.4
    latency = summarize(samples.latencies_ms())
    requests = _requests(technique, plan, published, seconds)
    accounts = _accounts(technique, plan, requests, received, seconds)
    wobble = generator.uniform(0.95, 1.05)
    return Run(
        technique=technique,
        clients=plan.clients,
        seconds=seconds,
        published=published,
        acknowledged=published,
        expected=published * plan.clients,
        received=received,
        lost=0,
        lost_acknowledged=0,
        duplicated=0,
        reordered=0,
        requests=requests,
        empty_answers=max(requests - received, 0) if technique == "short-poll" else 0,
        connections_opened=plan.clients * (2 if technique == "socket-io" else 1),
        latency_ms=latency,
        latency_from_sending_ms=summarize(samples.latencies_from_sending_ms()),
        bytes_sent=accounts.sent.total,
        bytes_received=accounts.received.total,
        accounts=accounts,
        tcp_ip_estimate=Estimate(52 * (requests + received), 52 * (requests + received)),
        tcp_info_agrees=True,
        server_cpu_us_per_delivery=CPU_US[technique] * wobble,
        server_kib_per_client=KIB[technique] * wobble,
        client_cpu_us_per_delivery=(60.0 if technique == "short-poll" else 9.0) * wobble,
        client_cpu_share=0.31 * wobble,
        theory=_theory(technique, plan, latency, requests),
        sending=_sending(technique, generator),
    )


def _requests(technique: str, plan: Plan, published: int, seconds: float) -> int:
    if technique == "short-poll":
        return int(plan.clients * seconds / plan.poll_interval_s)
    if technique == "long-poll":
        return plan.clients * (published + 1)
    return plan.clients * (5 if technique == "socket-io" else 1)


def _accounts(technique: str, plan: Plan, requests: int, received: int, seconds: float) -> BothWays:
    framing = FRAMING[technique] * received
    payload = PAYLOAD * received
    if technique in ("short-poll", "long-poll"):
        envelopes = POLL_ENVELOPE * requests
        return BothWays(
            Accounts(http_headers=POLL_SENT * requests),
            Accounts(payload=payload, http_headers=POLL_HEAD * requests, framing=envelopes + framing),
        )
    up, down = OPENING[technique]
    beats = int(seconds / HEARTBEAT_S[technique]) * plan.clients
    heartbeat = HEARTBEAT_BYTES[technique] * beats
    pong = 0 if technique == "sse" else heartbeat + 4 * beats
    return BothWays(
        Accounts(handshake=up * plan.clients, heartbeat=pong),
        Accounts(payload=payload, framing=framing, handshake=down * plan.clients, heartbeat=heartbeat),
    )


def _theory(technique: str, plan: Plan, latency: Latency, requests: int) -> Theory:
    spread = 0 if technique == "short-poll" else plan.clients * CPU_US[technique] * 0.9 / 1_000
    transit, gap = plan.delay_ms + 0.93, 2 * plan.delay_ms + 1.2
    expectation = expect(
        technique,
        rate=plan.rate,
        arrivals=plan.arrivals,
        poll_interval_s=plan.poll_interval_s,
        transit_ms=transit,
        gap_ms=gap,
        spread_ms=spread,
    )
    verdict = judge(latency, expectation, None)
    return Theory(
        latency_mean_ms=expectation.mean_ms,
        requests=float(requests),
        holds=verdict.holds,
        transit_ms=transit,
        gap_ms=gap,
        spread_ms=spread,
        tolerance_ms=verdict.tolerance_ms,
    )


def _sending(technique: str, generator: random.Random) -> Sending:
    frame = technique in ("websocket", "socket-io")
    messages = 200
    latencies = [generator.lognormvariate(0.2 if frame else 0.9, 0.3) for _ in range(messages)]
    head = 12 if technique == "websocket" else 24
    sent = Accounts(
        payload=150 * messages,
        http_headers=0 if frame else 250 * messages,
        framing=head * messages if frame else 0,
        handshake=260 if frame else 0,
    )
    received = Accounts(
        payload=0 if frame else PAYLOAD * messages,
        http_headers=0 if frame else 150 * messages,
        framing=70 * messages if frame else 0,
        handshake=230 if frame else 0,
    )
    return Sending(
        way="frame" if frame else "POST",
        messages=messages,
        acknowledged=messages,
        requests=0 if frame else messages,
        latency_ms=summarize(latencies),
        bytes_sent=sent.total,
        bytes_received=received.total,
        accounts=BothWays(sent, received),
        server_cpu_us_per_message=180.0 if frame else 420.0,
    )


def changed(results: Results, index: int, **fields: Any) -> Results:
    """Return the results with one run changed."""
    runs = list(results.runs)
    runs[index] = msgspec.structs.replace(runs[index], **fields)
    return msgspec.structs.replace(results, runs=runs)


def only(results: Results, techniques: Sequence[str]) -> Results:
    """Return the results with the runs of some techniques."""
    return msgspec.structs.replace(results, runs=[run for run in results.runs if run.technique in techniques])
