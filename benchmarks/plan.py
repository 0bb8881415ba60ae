"""What is to be measured: the options of a run, checked, with their units and defaults."""

import math
from typing import Literal

import msgspec

TECHNIQUES = ("short-poll", "long-poll", "sse", "websocket", "socket-io")

SWEPT = ("clients", "rate", "poll_interval_s", "delay_ms", "text_bytes")
"""What `--sweep` may go through."""

WHOLE = ("clients", "text_bytes")
"""Those of them that are whole numbers."""

LEAST_TEXT_BYTES = 12
"""A text begins with the message's number in the run, by which it is known when it arrives."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a run; with them and the same machine it can be repeated.

    Raises:
        ValueError: a value is outside what it can mean; the sentence names the option.
    """

    clients: int = 100
    rate: float = 2.0  # messages per second
    arrivals: Literal["periodic", "poisson"] = "periodic"
    duration_s: float = 10.0  # of publishing
    text_bytes: int = 120
    poll_interval_s: float = 1.0
    techniques: tuple[str, ...] = TECHNIQUES
    delay_ms: float = 0.0  # each way, between the clients and the server
    bandwidth_kbit: float | None = None  # each way and connection, in 1,000 bits per second
    deflate: bool = False
    browser_headers: bool = False  # let every request carry what a browser's carries
    log: Literal["memory", "sqlite"] = "memory"
    processes: int = 1  # of clients
    repeat: int = 1
    seed: int = 1
    url: str | None = None  # None: a fresh server of our own for each technique

    def __post_init__(self) -> None:
        for name, least, most in (
            ("clients", 1, 100_000),
            ("rate", 0, 10_000),
            ("duration_s", 0.1, 86_400),
            ("text_bytes", LEAST_TEXT_BYTES, 4_000),
            ("poll_interval_s", 0.01, 3_600),
            ("delay_ms", 0, 10_000),
            ("processes", 1, 64),
            ("repeat", 1, 1_000),
        ):
            value = getattr(self, name)
            if not least <= value <= most or not math.isfinite(value):
                raise ValueError(f"{name} is from {least:,} to {most:,}; this came: {value}")
        if self.bandwidth_kbit is not None and not 1 <= self.bandwidth_kbit <= 10_000_000:
            raise ValueError(f"bandwidth_kbit is from 1 to 10,000,000; this came: {self.bandwidth_kbit}")
        for technique in self.techniques:
            if technique not in TECHNIQUES:
                raise ValueError(f"techniques are {', '.join(TECHNIQUES)}; this came: {technique!r}")
        if not self.techniques or len(set(self.techniques)) < len(self.techniques):
            raise ValueError("techniques are named once each, and at least one of them")
