"""Every delivery that was expected, and when: the samples behind the figures.

In memory they are columns; on disk, `samples.csv.gz`, one row for each expected delivery, empty where it never came:

    run,client,message,intended_ms,sent_ms,received_ms

`run` is the index in `results.json`; milliseconds count from the first intended publishing time of that run.
"""

import csv
import gzip
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("run", "client", "message", "intended_ms", "sent_ms", "received_ms")
NS_PER_MS = 1_000_000


class Delivery(NamedTuple):
    """One arrival: who, which message of the run, and when, in nanoseconds of the run."""

    client: int
    message: int
    received_ns: int


class Samples:
    """The publishing times of a run, message by message, and all its arrivals in the order they came.

    Times are nanoseconds since the first intended publishing time. `intended_ns[m]` and `sent_ns[m]` belong to
    message m; what was never sent has -1. `client`, `message` and `received_ns` belong to one arrival each.
    """

    def __init__(self, clients: int, intended_ns: Iterable[int] = (), sent_ns: Iterable[int] = ()) -> None:
        self.clients = clients
        self.intended_ns = array("q", intended_ns)
        self.sent_ns = array("q", sent_ns)
        self.client = array("I")
        self.message = array("I")
        self.received_ns = array("q")

    def __len__(self) -> int:
        return len(self.received_ns)

    def add(self, client: int, message: int, received_ns: int) -> None:
        """Note an arrival."""
        self.client.append(client)
        self.message.append(message)
        self.received_ns.append(received_ns)

    def deliveries(self) -> Iterator[Delivery]:
        """Go through the arrivals."""
        return map(Delivery, self.client, self.message, self.received_ns)

    def latencies_ms(self) -> list[float]:
        """Return how long each arrival took from its intended publishing time."""
        intended = self.intended_ns
        pairs = zip(self.message, self.received_ns, strict=True)
        return [(received - intended[message]) / NS_PER_MS for message, received in pairs]

    def latencies_from_sending_ms(self) -> list[float]:
        """Return how long each arrival took from the moment its message was really sent."""
        sent = self.sent_ns
        pairs = zip(self.message, self.received_ns, strict=True)
        return [(received - sent[message]) / NS_PER_MS for message, received in pairs if sent[message] >= 0]


def write(runs: Iterable[Samples], path: Path) -> None:
    """Write the samples of all runs."""
    with gzip.open(path, "wt", compresslevel=5, newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        for number, samples in enumerate(runs):
            out.writerows(_rows(number, samples))


def _rows(run: int, samples: Samples) -> Iterator[tuple[object, ...]]:
    arrived = set()
    times = [(_ms(samples.intended_ns[m]), _ms(sent)) for m, sent in enumerate(samples.sent_ns)]
    for client, message, received_ns in samples.deliveries():
        arrived.add((client, message))
        yield run, client, message, *times[message], _ms(received_ns)
    for message, sent_ns in enumerate(samples.sent_ns):
        if sent_ns < 0:
            continue
        for client in range(samples.clients):
            if (client, message) not in arrived:
                yield run, client, message, *times[message], ""


def _ms(ns: int) -> str:
    return "" if ns < 0 else f"{ns / NS_PER_MS:.3f}"


def read(path: Path) -> dict[int, Samples]:
    """Read the samples of all runs, by the run's index.

    Raises:
        ValueError: the file is not there or not of this form; the sentence names it.
    """
    try:
        with gzip.open(path, "rt", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != COLUMNS:
                raise ValueError(f"{path} does not begin with the columns {', '.join(COLUMNS)}")
            return _collect(rows)
    except (OSError, EOFError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None


def _collect(rows: Iterator[list[str]]) -> dict[int, Samples]:
    runs: dict[int, Samples] = {}
    for run, client, message, intended_ms, sent_ms, received_ms in rows:
        samples = runs.setdefault(int(run), Samples(0))
        samples.clients = max(samples.clients, int(client) + 1)
        number = int(message)
        for column in (samples.intended_ns, samples.sent_ns):
            column.extend([-1] * (number + 1 - len(column)))
        samples.intended_ns[number] = _ns(intended_ms)
        samples.sent_ns[number] = _ns(sent_ms)
        if received_ms:
            samples.add(int(client), number, _ns(received_ms))
    return runs


def _ns(ms: str) -> int:
    return round(float(ms) * NS_PER_MS) if ms else -1
