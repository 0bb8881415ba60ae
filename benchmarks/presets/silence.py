"""What a silent connection costs: from a run without messages to bytes, requests and CPU for each client and hour.

Two things are told apart. The opening is paid once: for streams what stands in the account of the handshake, with the
heads of the one request that an event stream needs; for a short poll its first request, which asks where the feed is;
for a long poll that one and the request that is pending from then on. All else is silence, and goes on: heartbeats, and
polls that are answered with nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.accounts import NAMES, Accounts
from benchmarks.models import LONG_POLL_TIMEOUT_S
from benchmarks.results import Run

SECONDS_PER_HOUR = 3_600
MS_PER_S = 1_000
OPENING_POLLS = {"short-poll": 1, "long-poll": 2}
"""Requests of a client that are no part of the silence; of a long poll's two, one is answered."""


class Piece(NamedTuple):
    """One way of a heartbeat: its bytes, and what they are."""

    size: int
    what: str


@dataclass(frozen=True)
class Heartbeat:
    """What crosses an idle stream every `interval_s`, to the client and from it."""

    interval_s: float
    received: Piece
    sent: Piece

    @property
    def each_hour(self) -> float:
        """How many there are in an hour."""
        return SECONDS_PER_HOUR / self.interval_s


COMMENT = Heartbeat(
    15, Piece(18, "`: heartbeat` and an empty line, 13 bytes in a chunk of 5"), Piece(0, "a reader says nothing")
)
PING = Heartbeat(
    20, Piece(6, "a Ping with 4 bytes in a frame of 2"), Piece(10, "a Pong with the same 4 bytes in a frame of 6")
)
ENGINE_IO_PING = Heartbeat(
    25,
    Piece(3, "Engine.IO's ping, one character in a text frame of 2"),
    Piece(7, "its pong, one character in a text frame of 6"),
)
HEARTBEATS = {"sse": (COMMENT,), "websocket": (PING,), "socket-io": (PING, ENGINE_IO_PING)}
"""Intervals as in pushdemo/settings.py; frames by RFC 6455 section 5.2. Socket.IO's WebSocket is pinged twice over."""


@dataclass(frozen=True)
class Silence:
    """A technique's silence for each client and hour, and its opening; bytes, in silence by account."""

    run: Run
    requests: float
    sent: dict[str, float]
    received: dict[str, float]
    opening_sent: float
    opening_received: float

    @property
    def sent_bytes(self) -> float:
        """Bytes that a client sends in an hour."""
        return sum(self.sent.values())

    @property
    def received_bytes(self) -> float:
        """Bytes that a client receives in an hour."""
        return sum(self.received.values())

    @property
    def total(self) -> float:
        """Bytes both ways."""
        return self.sent_bytes + self.received_bytes

    @property
    def opening_in_minutes(self) -> float | None:
        """How long a client is silent for as many bytes as its opening took."""
        return 60 * (self.opening_sent + self.opening_received) / self.total if self.total else None


def longest_interval_s(technique: str, poll_interval_s: float) -> float:
    """Return after how many seconds all that happens in silence has happened once."""
    if technique in HEARTBEATS:
        return max(each.interval_s for each in HEARTBEATS[technique])
    return poll_interval_s if technique == "short-poll" else LONG_POLL_TIMEOUT_S


def silence_of(run: Run, poll_interval_s: float) -> Silence | None:
    """Return what a run without messages tells of silence; None where it ended before anything had to happen."""
    seconds = silent_s(run, poll_interval_s)
    if seconds < longest_interval_s(run.technique, poll_interval_s):
        return None
    hours = run.clients * seconds / SECONDS_PER_HOUR
    opened = run.clients * OPENING_POLLS.get(run.technique, 0)
    requests = max(0, run.requests - opened) if run.technique in OPENING_POLLS else 0
    pending = run.clients if run.technique == "long-poll" else 0
    sent = _silent(run, run.accounts.sent, requests, run.requests)
    received = _silent(run, run.accounts.received, requests, run.requests - pending)
    return Silence(
        run=run,
        requests=requests / hours,
        sent={name: value / hours for name, value in sent.items()},
        received={name: value / hours for name, value in received.items()},
        opening_sent=(run.accounts.sent.total - sum(sent.values())) / run.clients,
        opening_received=(run.accounts.received.total - sum(received.values())) / run.clients,
    )


def silent_s(run: Run, poll_interval_s: float) -> float:
    """Return how long silence was counted: as long as was read, but for the T in which short polls are let in.

    Client k of N sends its first poll k T / N after the first; those are openings, and what is sent after T is not.
    """
    read_s = run.read_s or run.seconds
    return read_s - poll_interval_s if run.technique == "short-poll" else read_s


def _silent(run: Run, accounts: Accounts, silent: int, of: int) -> dict[str, float]:
    """Return the bytes of one direction that are silence: heartbeats, or of so many polls, all as long, the share."""
    if run.technique not in OPENING_POLLS:
        return {"framing": accounts.framing, "heartbeat": accounts.heartbeat}
    share = silent / of if of > 0 else 0.0
    return {name: value * share for name, value in zip(NAMES, accounts.values(), strict=True) if value}


def predicted_requests(technique: str, poll_interval_s: float, gap_ms: float) -> float:
    """Return the requests of one client in an hour: one every T, or one every G + H, as long as a request is held."""
    if technique == "short-poll":
        return SECONDS_PER_HOUR / poll_interval_s
    if technique == "long-poll":
        return SECONDS_PER_HOUR / (LONG_POLL_TIMEOUT_S + gap_ms / MS_PER_S)
    return 0.0


def cpu_ms_per_hour(run: Run, lone: Run | None) -> float | None:
    """Return the server's CPU for each client and hour, without what it uses for itself.

    Args:
        run: of many clients.
        lone: of one client, whose server does little but wait.

    Returns:
        Milliseconds; None where it is not known, or too little to be told from what the server uses anyway.
    """
    if lone is None or lone.server_cpu_s is None or run.server_cpu_s is None or run.clients <= lone.clients:
        return None
    if not lone.seconds or not run.seconds:
        return None
    more_s = run.server_cpu_s / run.seconds - lone.server_cpu_s / lone.seconds
    if more_s <= 0:
        return None
    return more_s * SECONDS_PER_HOUR * MS_PER_S / (run.clients - lone.clients)
