"""Runs of a fan-out with round figures, and a transport that keeps what a reader writes."""

import asyncio
from typing import Any

import msgspec

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import draft_around_digits
from benchmarks.fanout.readers import Reader
from benchmarks.plan import Plan
from benchmarks.results import FANOUT, FanoutRun, Latency, Results
from tests.unit.benchmarks.literal import METADATA

PORT = 8000
LATENCY = Latency(mean=5.0, p50=4.0, p90=8.0, p99=12.5, max=20.0, samples=100_000)


class KeptTransport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_aborted = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def write(self, data: Any) -> None:
        self.written += data

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        self.is_aborted = True

    def take(self) -> bytes:
        """Return what was written since it was last asked for."""
        written, self.written = self.written, b""
        return written


def connected(kind: type[Reader], broadcasts: Broadcasts) -> tuple[Reader, KeptTransport]:
    """Return a reader that is connected, and the other end."""
    reader, transport = kind(PORT, broadcasts), KeptTransport()
    reader.connection_made(transport)
    return reader, transport


def text(number: int) -> bytes:
    """Return the JSON of message `number`, as a server passes it on."""
    before, behind = draft_around_digits(40, 1)
    return b'{"id":"k3f9-%d",%b%010d%b,"sent_at":1}' % (number + 1, before[1:], number, behind[:-1])


def run(peer: str = "pushdemo", technique: str = "sse", under_way: int = 1, **changed: Any) -> FanoutRun:
    """Return a run of 1,000 clients, with some fields changed."""
    made = FanoutRun(
        peer=peer,
        technique=technique,
        under_way=under_way,
        repeat=0,
        clients=1_000,
        text_bytes=100,
        messages=100,
        deliveries=100_000,
        seconds=2.0,
        server_cpu_us_per_delivery=5.0,
        latency_ms=LATENCY,
        deliveries_per_s=50_000.0,
        server_kib_per_client=7.5,
        generator_cpu_us_per_delivery=4.5,
        generator_cpu_share=0.5,
        lost=0,
        doubled=0,
        reordered=0,
    )
    return msgspec.structs.replace(made, **changed)


def results(*runs: FanoutRun, **changed: Any) -> Results:
    """Return the results of these runs."""
    techniques = tuple(dict.fromkeys(each.technique for each in runs)) or ("sse",)
    made = Results(
        kind=FANOUT,
        metadata=METADATA,
        settings=Plan(clients=1_000, rate=0, duration_s=2, text_bytes=100, techniques=techniques),
        sweep={"under_way": [1.0, 4.0]},
        fanout=list(runs),
    )
    return msgspec.structs.replace(made, **changed)
