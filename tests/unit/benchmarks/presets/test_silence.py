"""Silence for each client and hour, from runs with round figures."""

import msgspec
import pytest

from benchmarks.accounts import Accounts, BothWays
from benchmarks.presets.silence import (
    HEARTBEATS,
    PING,
    Silence,
    cpu_ms_per_hour,
    predicted_requests,
    silence_of,
    silent_s,
)
from benchmarks.results import Run
from tests.unit.benchmarks.literal import nothing_measured

HOUR = 3_600


def silent_run(technique: str, **changed: object) -> Run:
    """Return a run of 10 clients who read for a tenth of an hour, and in which nothing was published."""
    made = msgspec.structs.replace(
        nothing_measured(technique),
        published=0,
        expected=0,
        lost=0,
        clients=10,
        seconds=359.0,
        read_s=360.0,
        requests=10,
    )
    return msgspec.structs.replace(made, **changed)


def of(run: Run, poll_interval_s: float = 1.0) -> Silence:
    found = silence_of(run, poll_interval_s)
    assert found is not None
    return found


def test_a_stream_is_silent_but_for_heartbeats_and_what_wraps_them() -> None:
    accounts = BothWays(
        Accounts(handshake=2_000, heartbeat=100), Accounts(http_headers=500, handshake=1_500, heartbeat=300, framing=20)
    )
    found = of(silent_run("websocket", accounts=accounts))
    assert (found.sent_bytes, found.received_bytes) == (
        100,
        320,
    )  # of 10 clients in a tenth of an hour: one client-hour
    assert found.received["heartbeat"] == 300
    assert (found.opening_sent, found.opening_received) == (200, 200)
    assert found.requests == 0
    assert found.opening_in_minutes == pytest.approx(60 * 400 / 420)


def test_the_first_short_poll_of_each_client_is_its_opening() -> None:
    accounts = BothWays(Accounts(http_headers=3_700 * 100), Accounts(http_headers=3_700 * 150, framing=3_700 * 40))
    run = silent_run("short-poll", requests=3_700, read_s=361.0, accounts=accounts)
    found = of(run)
    assert silent_s(run, 1.0) == 360
    assert found.requests == pytest.approx(3_690)
    assert found.sent == {"http_headers": pytest.approx(3_690 * 100)}
    assert found.received == {"http_headers": pytest.approx(3_690 * 150), "framing": pytest.approx(3_690 * 40)}
    assert [found.opening_sent, found.opening_received] == pytest.approx([100, 190])


def test_of_a_long_poll_the_first_and_the_pending_request_are_the_opening_and_one_answer() -> None:
    asked, answered = 10 * (2 + 14), 10 * (1 + 14)
    accounts = BothWays(
        Accounts(http_headers=asked * 100), Accounts(http_headers=answered * 150, framing=answered * 40)
    )
    found = of(silent_run("long-poll", requests=asked, accounts=accounts))
    assert found.requests == 140
    assert found.sent_bytes == pytest.approx(140 * 100)
    assert found.received_bytes == pytest.approx(140 * 190)
    assert [found.opening_sent, found.opening_received] == pytest.approx([200, 190])


def test_polls_that_were_never_answered_have_no_silence_to_tell_of() -> None:
    accounts = BothWays(Accounts(http_headers=2_000), Accounts(http_headers=1_500))
    found = of(silent_run("long-poll", requests=20, accounts=accounts))
    assert (found.requests, found.total, found.opening_in_minutes) == (0, 0, None)
    assert (found.opening_sent, found.opening_received) == (200, 150)
    nobody = of(silent_run("long-poll", requests=10, accounts=accounts))
    assert nobody.total == 0


@pytest.mark.parametrize(
    ("technique", "interval_s"),
    [("short-poll", 2.0 + 2.0), ("long-poll", 25.0), ("sse", 15.0), ("websocket", 20.0), ("socket-io", 25.0)],
)
def test_a_run_that_ended_before_anything_had_to_happen_tells_nothing(technique: str, interval_s: float) -> None:
    assert silence_of(silent_run(technique, read_s=interval_s - 0.1), 2.0) is None
    assert silence_of(silent_run(technique, read_s=interval_s), 2.0) is not None


def test_without_the_time_of_reading_that_of_the_run_counts() -> None:
    assert silent_s(silent_run("sse", read_s=None, seconds=44.0), 1.0) == 44


def test_requests_are_predicted_by_the_interval_or_by_how_long_one_is_held() -> None:
    assert predicted_requests("short-poll", 2.0, 100) == 1_800
    assert predicted_requests("long-poll", 2.0, 0) == 144
    assert predicted_requests("long-poll", 2.0, 1_000) == pytest.approx(HOUR / 26)
    assert predicted_requests("sse", 2.0, 100) == 0


def test_socket_io_is_pinged_by_both_of_its_layers() -> None:
    assert PING in HEARTBEATS["socket-io"]
    assert [beat.each_hour for beat in HEARTBEATS["socket-io"]] == [180, 144]
    assert HEARTBEATS["sse"][0].each_hour == 240


def test_what_the_server_uses_for_itself_is_taken_off() -> None:
    lone = silent_run("sse", clients=1, seconds=100.0, server_cpu_s=0.2)
    many = silent_run("websocket", clients=101, seconds=50.0, server_cpu_s=0.15)
    assert cpu_ms_per_hour(many, lone) == pytest.approx(0.001 * HOUR * 1_000 / 100)


@pytest.mark.parametrize(
    ("many", "lone"),
    [
        ({"server_cpu_s": None}, {}),
        ({}, {"server_cpu_s": None}),
        ({}, {"seconds": 0.0}),
        ({"clients": 1}, {}),
        ({"server_cpu_s": 0.1}, {"server_cpu_s": 0.2}),  # less than for one: it cannot be told apart
    ],
)
def test_cpu_that_is_not_known_or_not_to_be_told_apart_is_none(
    many: dict[str, object], lone: dict[str, object]
) -> None:
    base = {"server_cpu_s": 1.0, "seconds": 10.0}
    assert cpu_ms_per_hour(silent_run("sse", **base | many), silent_run("sse", **base | {"clients": 1} | lone)) is None


def test_without_the_lone_client_no_cpu_is_told() -> None:
    assert cpu_ms_per_hour(silent_run("sse", server_cpu_s=1.0), None) is None
