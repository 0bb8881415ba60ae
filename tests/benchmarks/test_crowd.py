"""The crowd: its figures, its phones' places, and `python -m benchmarks crowd` as a program."""

import asyncio
import json
import math
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from benchmarks import cli
from benchmarks.crowd.delays import Delays
from benchmarks.crowd.phones import USER_AGENT, Phones
from benchmarks.crowd.program import obey
from benchmarks.crowd.watch import MOST_MISSING, Watch
from benchmarks.load.client import Target
from benchmarks.load.connection import Address
from benchmarks.load.tally import Tally
from benchmarks.plan import TECHNIQUES
from tests.benchmarks.test_command_line import command
from tests.support.reading import check, http_client
from tests.support.server import ROOT, Server, environment
from tests.support.until import until

NS_PER_MS = 1_000_000
WALL_MS = 1_763_791_234_000
"""The wall clock when `perf_counter_ns` says 0."""


def message(number: int, sent_ms: float = 0, epoch: str = "k3f9") -> bytes:
    """Return a message that was sent so long after the clock's 0."""
    return msgspec.json.encode({"id": f"{epoch}-{number}", "text": "hi", "sent_at": WALL_MS + sent_ms})


@pytest.fixture
def watch() -> Watch:
    return Watch(lambda: WALL_MS * NS_PER_MS)


def read(watch: Watch, *numbers: int, client: int = 0) -> None:
    for number in numbers:
        watch.add(client, message(number), 0)


def counts(watch: Watch) -> dict[str, int]:
    return {name: getattr(watch, name) for name in ("received", "lost", "doubled", "reordered")}


# --- delays ---


def test_nothing_measured_is_none_and_not_0() -> None:
    delays = Delays()
    assert (delays.count, delays.percentile(50), delays.percentile(95), delays.max) == (0, None, None, None)


def test_percentiles_are_right_to_half_a_percent() -> None:
    delays = Delays()
    for value in range(1, 10_001):
        delays.add(value / 10)
    for percent in (1, 50, 95, 100):
        assert delays.percentile(percent) == pytest.approx(percent * 10, rel=0.0051)
    assert delays.max == 1000


@pytest.mark.parametrize("delay_ms", [0.0, 0.003, 0.01, 7.0, 123_456.0])
def test_equal_delays_are_told_exactly(delay_ms: float) -> None:
    delays = Delays()
    for _ in range(3):
        delays.add(delay_ms)
    assert (delays.percentile(50), delays.percentile(95), delays.max) == (delay_ms, delay_ms, delay_ms)


def test_a_delay_of_less_than_nothing_counts_as_nothing() -> None:
    delays = Delays()
    delays.add(-5)
    assert (delays.count, delays.percentile(50)) == (1, 0)


# --- what arrives ---


def test_a_delay_is_the_arrival_by_the_wall_clock_minus_the_moment_of_sending(watch: Watch) -> None:
    assert watch.add(0, message(1, sent_ms=1_000), 1_012 * NS_PER_MS) == "k3f9-1"
    assert watch.delays.max == pytest.approx(12)


def test_a_clock_that_was_set_counts_from_the_next_look() -> None:
    clock = iter((WALL_MS, WALL_MS + 500))
    watch = Watch(lambda: next(clock) * NS_PER_MS)
    watch.look_at_clock()
    watch.add(0, message(1, sent_ms=500), 3 * NS_PER_MS)
    assert watch.delays.max == pytest.approx(3)


@pytest.mark.parametrize(
    ("numbers", "lost", "doubled", "reordered"),
    [
        ((1, 2, 3), 0, 0, 0),
        ((7, 8), 0, 0, 0),
        ((1, 4), 2, 0, 0),
        ((1, 1, 2, 2), 0, 2, 0),
        ((1, 3, 2), 0, 0, 1),
        ((1, 4, 3, 3), 1, 1, 1),
        ((1, 5_000, 2, 4_999), 4_997, 1, 1),
    ],
)
def test_what_fails_comes_twice_or_late_is_counted(
    watch: Watch, numbers: tuple[int, ...], lost: int, doubled: int, reordered: int
) -> None:
    assert MOST_MISSING < 4_000
    read(watch, *numbers)
    received = len(numbers) - doubled
    assert counts(watch) == {"received": received, "lost": lost, "doubled": doubled, "reordered": reordered}
    assert watch.delays.count == received


def test_what_a_reader_misses_before_its_first_message_is_lost_too(watch: Watch) -> None:
    watch.joined(0, "k3f9-4")
    read(watch, 7)
    assert watch.lost == 2


def test_that_a_reader_joins_is_old_news_when_messages_have_come(watch: Watch) -> None:
    read(watch, 5)
    watch.joined(0, "k3f9-5")
    read(watch, 6)
    assert counts(watch) == {"received": 2, "lost": 0, "doubled": 0, "reordered": 0}


def test_readers_are_told_apart_and_another_epoch_begins_anew(watch: Watch) -> None:
    read(watch, 5, client=0)
    read(watch, 5, client=1)
    watch.add(0, message(1, epoch="zz"), 0)
    watch.forget(1)
    read(watch, 9, client=1)
    assert counts(watch) == {"received": 4, "lost": 0, "doubled": 0, "reordered": 0}


@pytest.mark.parametrize("wrong", [b"{}", b"[]", b"\xff", b'{"id":"k3f9-x","sent_at":1}', b'{"id":"7"}'])
def test_what_is_no_message_is_refused_and_not_counted(watch: Watch, wrong: bytes) -> None:
    with pytest.raises(ValueError):
        watch.add(0, wrong, 0)
    assert watch.received == watch.delays.count == 0


def test_a_stretch_counts_what_was_sent_and_crossed_since_it_began(watch: Watch) -> None:
    tally = Tally(requests=5)
    tally.sent.http_headers, tally.received.payload = 100, 1_000
    watch.add(0, message(1, sent_ms=0), 3 * NS_PER_MS)
    watch.begin_stretch_at(10 * NS_PER_MS, tally)
    watch.add(0, message(2, sent_ms=9), 11 * NS_PER_MS)
    watch.add(0, message(3, sent_ms=10), 14 * NS_PER_MS)
    tally.requests, tally.sent.http_headers, tally.received.framing = 7, 130, 9
    assert watch.told(tally) == {
        "samples": 1,
        "median": 4.0,
        "p95": 4.0,
        "max": 4.0,
        "received": 1,
        "lost": 0,
        "doubled": 0,
        "reordered": 0,
        "requests": 2,
        "bytes_up": 30,
        "bytes_down": 9,
    }


# --- commands ---


class Heard:
    """Stands for the phones, and keeps what is asked of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *values: self.asked.append((name, *values))


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (b'{"clients":7}', [("want", 7)]),
        (b'{"room":"class-b"}', [("go_to", "class-b")]),
        (b'{"zero":true}', [("zero",)]),
        (b'{"interval_s":0.5}', [("poll_every", 0.5)]),
        (b'{"clients":0,"room":"b","zero":true}', [("go_to", "b"), ("zero",), ("want", 0)]),
        (b"{}", []),
    ],
)
def test_a_line_is_a_command(line: bytes, asked: list[tuple[Any, ...]]) -> None:
    heard: Any = Heard()
    obey(heard, line)
    assert heard.asked == asked


@pytest.mark.parametrize(
    "line",
    [b"", b"no", b"7", b'{"clients":-1}', b'{"clients":1e9}', b'{"room":"a b"}', b'{"interval_s":0}', b'{"x":1}'],
)
def test_what_is_no_command_does_nothing(line: bytes) -> None:
    heard: Any = Heard()
    with pytest.raises(ValueError):
        obey(heard, line)
    assert heard.asked == []


# --- phones ---


async def test_short_polls_are_spread_evenly_over_their_interval_however_many_there_are() -> None:
    phones = Phones(Target(Address("127.0.0.1", 9, b"h"), "room", poll_interval_s=1_000), ["short-poll"])
    loop = asyncio.get_running_loop()
    for count in (10, 33, 100):
        for number in range(count):
            if number not in phones._coming:
                phones._come(number)
        moments = sorted((timer.when() - loop.time()) % 1_000 for timer in phones._coming.values())
        gaps = [b - a for a, b in zip(moments, [*moments[1:], moments[0] + 1_000], strict=True)]
        assert max(gaps) < 2 * 1_000 / count
        assert min(gaps) > 0.3 * 1_000 / count
    phones.stop()
    assert phones._coming == {}


# --- the program ---


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(cli.main, ["crowd", *arguments])
    assert result.exit_code == 2
    return " ".join(result.output.replace("│", " ").split())


def test_what_it_cannot_read_it_refuses() -> None:
    assert "http://HOST:PORT" in refused("--url", "https://x", "--room", "a")
    assert "this came: carrier-pigeon" in refused(
        "--url", "http://127.0.0.1:9", "--room", "a", "--techniques", "sse,carrier-pigeon"
    )
    assert "--room" in refused("--url", "http://127.0.0.1:9")


class Running:
    """The program: `told` are the lines that it has printed."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []
        assert process.stdout is not None
        self._out = process.stdout

    async def next(self) -> dict[str, Any]:
        """Wait for the next line."""
        self.told.append(json.loads(await asyncio.to_thread(self._out.readline)))
        return self.told[-1]

    async def tells(self, fact: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Wait for a line of which this is true."""

        async def found() -> Any:
            told = await self.next()
            return told if fact(told) else None

        return dict(await until(found, "the crowd tells it"))

    def say(self, **words: Any) -> None:
        """Write a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, bytes]:
        """Close stdin, and return exit code and what it complained of."""
        _, complaints = self.process.communicate(timeout=10)
        return self.process.returncode, complaints


@contextmanager
def crowd(url: str, *arguments: str) -> Iterator[Running]:
    pipes: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    words = command("crowd", "--url", url, *arguments)
    with subprocess.Popen(words, cwd=ROOT, env=environment(), **pipes) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def all_read(each: int) -> Callable[[dict[str, Any]], bool]:
    return lambda told: bool(told["connected"] == dict.fromkeys(TECHNIQUES, each))


@pytest.mark.long
async def test_it_reads_by_all_techniques_obeys_and_ends_with_its_stdin(server: Server, room: str) -> None:
    with crowd(server.base, "--room", room, "--clients", "10", "--interval", "0.2") as running:
        await running.tells(all_read(2))
        async with http_client(server.base) as http:
            for text in ("one", "two"):
                check(await http.post(f"/api/rooms/{room}/messages", json={"sender": "li", "text": text}), 201)
        told = await running.tells(lambda told: all(each["received"] == 4 for each in told["figures"].values()))
        assert told["stretch"] == 0 and 0 <= told["cpu"] < 2
        for technique, figures in told["figures"].items():
            assert figures["samples"] == 4 and figures["lost"] == figures["doubled"] == 0, technique
            assert figures["bytes_up"] > 0 and not math.isnan(figures["max"])
        running.say(clients=5, zero=True, room=room + "-b")
        told = await running.tells(all_read(1))
        assert told["stretch"] == 1 and told["figures"]["sse"]["received"] == 0
        running.say(nonsense=1)
        code, complaints = running.end()
    assert (code, complaints.decode()) == (0, "not a command: Object contains unknown field `nonsense`\n")


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_waits_for_a_server_that_is_not_there_and_ends_quietly_by_a_signal(number: signal.Signals) -> None:
    with crowd("http://127.0.0.1:9", "--room", "a", "--clients", "5") as running:
        assert all_read(0)(await running.next())
        running.process.send_signal(number)
        assert await asyncio.to_thread(running.end) == (0, b"")


def test_its_requests_say_who_they_are() -> None:
    assert USER_AGENT == "User-Agent: pushdemo-crowd\r\n"
