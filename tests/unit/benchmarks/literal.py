"""Results with round figures, so that what is made of them can be written down in a test."""

from typing import Any

import msgspec

from benchmarks.accounts import Accounts, BothWays
from benchmarks.plan import Plan
from benchmarks.results import Estimate, Latency, Results, Run, Sending, Theory

NOTHING = Latency(mean=None, p50=None, p90=None, p99=None, max=None, samples=0)

LATENCY = Latency(mean=51.5, p50=51.0, p90=61.0, p99=1_234.0, max=2_345.0, samples=2_000)

SENDING = Sending(
    way="POST",
    messages=50,
    acknowledged=49,
    requests=50,
    latency_ms=Latency(mean=2.5, p50=2.25, p90=3.5, p99=7.75, max=8.5, samples=49),
    bytes_sent=20_000,
    bytes_received=15_000,
    accounts=BothWays(
        Accounts(payload=5_000, http_headers=15_000), Accounts(payload=7_500, http_headers=7_000, framing=500)
    ),
    server_cpu_us_per_message=321.0,
)

METADATA: dict[str, Any] = {
    "created": "2026-11-24T09:12:44Z",
    "pushdemo": "0.1.0",
    "commit": None,
    "machine": {"cpu": "made up", "cores": 2, "memory_gib": 8.0, "system": "Linux 6.12"},
    "software": {"python": "3.11.2", "uvicorn": "0.54.0", "uvloop": None, "event_loop": "asyncio"},
    "clock": {"name": "perf_counter", "resolution_ns": 1},
}


def run(technique: str = "sse", **changed: Any) -> Run:
    """Return a run of 100 clients that got 20 messages each, with some fields changed."""
    made = Run(
        technique=technique,
        clients=100,
        seconds=10.5,
        published=20,
        acknowledged=20,
        expected=2_000,
        received=2_000,
        lost=0,
        lost_acknowledged=0,
        duplicated=0,
        reordered=0,
        requests=1_100,
        empty_answers=80,
        connections_opened=100,
        latency_ms=LATENCY,
        latency_from_sending_ms=LATENCY,
        bytes_sent=220_000,
        bytes_received=800_000,
        accounts=BothWays(
            Accounts(http_headers=220_000), Accounts(payload=408_000, http_headers=200_000, framing=192_000)
        ),
        tcp_ip_estimate=Estimate(sent=104_000, received=104_000),
        tcp_info_agrees=True,
        server_cpu_us_per_delivery=4.25,
        server_kib_per_client=11.5,
        client_cpu_us_per_delivery=9.5,
        client_cpu_share=0.25,
        theory=Theory(
            latency_mean_ms=50.25,
            requests=1_000.0,
            holds=True,
            transit_ms=50.0,
            gap_ms=100.5,
            spread_ms=0.5,
            tolerance_ms=5.025,
        ),
    )
    return msgspec.structs.replace(made, **changed)


def judged(holds: bool | None) -> Theory:
    """Return a theory with this verdict."""
    return msgspec.structs.replace(run().theory, holds=holds)


def nothing_measured(technique: str = "sse") -> Run:
    """Return a run in which nothing arrived."""
    return run(
        technique,
        received=0,
        lost=2_000,
        latency_ms=NOTHING,
        latency_from_sending_ms=NOTHING,
        bytes_received=0,
        tcp_ip_estimate=None,
        tcp_info_agrees=None,
        server_cpu_us_per_delivery=None,
        server_kib_per_client=None,
        client_cpu_us_per_delivery=None,
        client_cpu_share=None,
        theory=judged(None),
    )


def results(*runs: Run, **changed: Any) -> Results:
    """Return results of these runs."""
    made = Results(metadata=METADATA, settings=Plan(), runs=list(runs))
    return msgspec.structs.replace(made, **changed)
