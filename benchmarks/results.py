"""What was measured, as it stands in `results.json` (schema 1; docs/results.md describes it).

A figure that was not measured is None (`null`, and `n/a` where it is shown), never 0.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec

from benchmarks.accounts import BothWays
from benchmarks.plan import Plan

SCHEMA = 1
FANOUT = "fanout"
"""The kind of a result that holds `fanout` instead of `runs`."""


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds, over every sample there is; percentiles by nearest rank."""

    mean: float | None
    p50: float | None
    p90: float | None
    p99: float | None
    max: float | None
    samples: int


class Theory(msgspec.Struct, frozen=True):
    """What the model of the technique says of this run (benchmarks/models.py).

    `transit_ms` and `gap_ms` were measured on the idle server before the run: d, from the publisher by the server to a
    reader, and G, from an answer to the arrival of the next request. `spread_ms` is how long the server takes to serve
    all readers of one message, from its CPU per delivery. `holds` is None where nothing arrived, or too little to
    tell; `tolerance_ms` is how far the mean may be off.
    """

    latency_mean_ms: float | None
    requests: float | None
    holds: bool | None
    transit_ms: float
    gap_ms: float
    spread_ms: float
    tolerance_ms: float


class Estimate(msgspec.Struct, frozen=True):
    """Bytes that TCP and IP add, from the segments counted by the kernel: 52 each (20 IP, 20 TCP, 12 timestamps)."""

    sent: int
    received: int


class Sending(msgspec.Struct, frozen=True):
    """One client that sends, in the technique's own way; nobody reads. Latency: from intended to acknowledged."""

    way: Literal["POST", "frame"]
    messages: int
    acknowledged: int
    requests: int
    latency_ms: Latency
    bytes_sent: int
    bytes_received: int
    accounts: BothWays
    server_cpu_us_per_message: float | None


class Run(msgspec.Struct, kw_only=True):
    """One technique, once.

    Bytes, requests and connections are those of the reading clients from their connect to the last delivery.
    `published` counts the messages that were sent to the server, `acknowledged` those of them it answered with 201,
    `expected` is published times clients. `seconds` is from the first intended publishing time to the last delivery;
    where nothing arrived, as long as was read after the clients had come. `read_s` is how long they read: from the
    first one's connect until all was counted.
    """

    technique: str
    repeat: int = 0
    point: dict[str, float] = {}  # the swept option and its value here
    clients: int
    seconds: float
    published: int
    acknowledged: int
    expected: int
    received: int
    lost: int
    lost_acknowledged: int
    duplicated: int
    reordered: int
    read_s: float | None = None
    requests: int
    empty_answers: int
    connections_opened: int
    latency_ms: Latency
    latency_from_sending_ms: Latency
    latency_from_sent_at_ms: Latency | None = None  # with --url: from `sent_at`, the server's clock, to the arrival
    clock_offset_ms: float | None = None  # the server's wall clock minus ours
    clock_error_ms: float | None = None  # by how much that may be wrong
    bytes_sent: int
    bytes_received: int
    accounts: BothWays
    tcp_ip_estimate: Estimate | None
    tcp_info_agrees: bool | None  # with the bytes counted here; None where the system does not tell
    server_cpu_s: float | None = None  # from before the first publishing to the last delivery
    server_cpu_us_per_delivery: float | None
    server_kib_per_client: float | None
    client_cpu_us_per_delivery: float | None
    client_cpu_share: float | None  # of one core, the busiest client process
    theory: Theory
    sending: Sending | None = None
    warnings: list[str] = []


class Beside(msgspec.Struct, frozen=True):
    """A published figure beside ours, and why they differ; None where there is none, or nothing was measured."""

    what: str
    unit: str
    published: float | None
    ours: float | None
    reason: str


class FanoutRun(msgspec.Struct, kw_only=True):
    """One server that fans out by one technique, with so many broadcasts under way; a closed loop.

    `messages` were published in the `seconds` that were measured, `deliveries` arrived in them. `lost`, `doubled` and
    `reordered` count over everything that was published, before and after it too.
    """

    peer: str
    technique: str
    under_way: int
    repeat: int
    clients: int
    text_bytes: int
    messages: int
    deliveries: int
    seconds: float
    server_cpu_us_per_delivery: float | None
    latency_ms: Latency  # from the POST to the arrival
    deliveries_per_s: float
    server_kib_per_client: float | None  # of a subscriber to whom nothing was sent yet
    generator_cpu_us_per_delivery: float | None
    generator_cpu_share: float  # of one core
    lost: int
    doubled: int
    reordered: int


class Results(msgspec.Struct, kw_only=True):
    """All runs of one call. `metadata`: versions, machine, clock, time; `kind`: `run`, `fanout`, or a preset's name."""

    schema: int = SCHEMA
    kind: str = "run"
    metadata: dict[str, Any]
    settings: Plan
    sweep: dict[str, list[float]] = {}
    interrupted: bool = False
    failures: list[str] = []  # techniques that could not be measured at all, and why
    notes: list[str] = []  # what is to be known of the measurement, and is no failure
    beside: list[Beside] = []  # of a preset
    runs: list[Run] = []
    fanout: list[FanoutRun] = []  # of `fanout`, which has no runs


def write(results: Results, path: Path) -> None:
    """Write `results.json`."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def read(path: Path) -> Results:
    """Read `results.json`.

    Raises:
        ValueError: it is not one, or of another schema; the sentence names the file.
    """
    try:
        data = path.read_bytes()
        found = msgspec.json.decode(data)
        if isinstance(found, dict) and found.get("schema") != SCHEMA:
            raise ValueError(f"{path} has schema {found.get('schema')!r}; this version reads {SCHEMA}")
        return msgspec.json.decode(data, type=Results)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} is not a results.json: {error}") from None
