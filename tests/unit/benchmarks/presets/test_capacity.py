"""The model of how many clients a core carries, and its constants."""

import pytest

from benchmarks.presets.capacity import (
    Constants,
    clients_by_cpu,
    clients_by_memory,
    counted_s,
    crossing_s,
    open_share,
    poll_us,
    polled_message_us,
    polling_us_per_s,
    polls_counted,
    rounded,
    stream_us_per_s,
    streamed_message_us,
    streaming_us_per_s,
)
from tests.unit.benchmarks.literal import run

CONSTANTS = Constants(
    kept_poll_us=100,
    new_poll_us=300,
    polled_message_us=50,
    stream_us_per_s=5,
    streamed_message_us=25,
    poll_kib=8,
    stream_kib=16,
)
SILENT = run("short-poll", clients=200, received=0, seconds=6.0, server_cpu_s=0.48)
FULL = run("short-poll", clients=100, received=600, seconds=5.9, server_cpu_s=0.09)
STREAMS = run("sse", clients=1_000, received=0, seconds=16.0, server_cpu_s=0.08)
SPOKEN = run("sse", clients=100, received=1_000, seconds=4.9, server_cpu_s=0.0275)

# --- from runs to constants ---


def test_polls_are_counted_from_a_moment_before_the_first_message() -> None:
    assert counted_s(SILENT) == 6.0
    assert counted_s(FULL) == pytest.approx(6.0)
    assert polls_counted(SILENT, 0.25) == 200 * 24
    assert polls_counted(FULL, 1.0) == pytest.approx(600)


def test_a_poll_costs_its_share_of_a_silent_run() -> None:
    assert poll_us(SILENT, 0.25) == pytest.approx(100)  # 0.48 s over 4,800 polls


def test_a_message_adds_what_the_polls_alone_do_not_explain() -> None:
    assert polled_message_us(FULL, 1.0, 100) == pytest.approx(50)  # 90,000 us, 60,000 of them for 600 polls
    assert polled_message_us(FULL, 1.0, 1_000) == 0  # never less than nothing


def test_a_stream_costs_its_share_of_a_silent_run_and_a_message_what_silence_does_not_explain() -> None:
    assert stream_us_per_s(STREAMS) == pytest.approx(5)  # 0.08 s over 1,000 streams and 16 s
    assert streamed_message_us(SPOKEN, 5) == pytest.approx(25)  # 27,500 us, 2,500 of them for 100 streams and 5 s


def test_what_was_not_measured_has_no_constant() -> None:
    unknown = run("sse", server_cpu_s=None)
    nothing = run("sse", received=0, seconds=0.0, server_cpu_s=0.1)
    for each in (unknown, nothing):
        assert poll_us(each, 1.0) is None
        assert polled_message_us(each, 1.0, 100) is None
        assert stream_us_per_s(each) is None
        assert streamed_message_us(each, 5) is None


# --- from constants to clients ---


def test_a_client_that_polls_pays_for_polls_by_its_delay_and_for_messages_by_their_period() -> None:
    assert polling_us_per_s(CONSTANTS, 2, 5) == 100 / 2 + 50 / 5
    assert polling_us_per_s(CONSTANTS, 10, 5) == 300 / 10 + 50 / 5


def test_from_the_keep_alive_time_on_each_poll_opens_a_connection() -> None:
    assert polling_us_per_s(CONSTANTS, 4.99, 5) < 31
    assert polling_us_per_s(CONSTANTS, 5, 5) == 300 / 5 + 50 / 5


def test_a_stream_costs_the_same_whatever_delay_is_tolerated() -> None:
    assert streaming_us_per_s(CONSTANTS, 5) == 5 + 25 / 5


def test_seven_tenths_of_a_core_are_shared_out() -> None:
    assert clients_by_cpu(10) == 70_000


def test_seven_tenths_of_the_memory_are_shared_out_among_open_connections() -> None:
    assert clients_by_memory(7, 1) == pytest.approx(0.1 * (1 << 20))
    assert clients_by_memory(7, 1, 0.5) == pytest.approx(0.2 * (1 << 20))
    assert clients_by_memory(None, 1) is None
    assert clients_by_memory(-0.5, 1) is None
    assert open_share(2) == 1
    assert open_share(20) == 0.25


def test_they_cross_where_a_poll_shared_among_the_seconds_costs_what_a_stream_does_more() -> None:
    dearer = CONSTANTS._replace(stream_us_per_s=35)  # 40 a second; less 10 for the messages of polls
    assert crossing_s(dearer, 5) == 10  # 300 / 30
    assert polling_us_per_s(dearer, 10, 5) == streaming_us_per_s(dearer, 5)


def test_below_the_keep_alive_time_they_cross_where_kept_polls_do() -> None:
    much_dearer = CONSTANTS._replace(stream_us_per_s=105)
    assert crossing_s(much_dearer, 5) == 1  # 100 / 100


def test_a_crossing_that_does_not_last_does_not_count() -> None:
    passing = CONSTANTS._replace(stream_us_per_s=30)  # kept polls would cross at 4 s, those that connect at 12 s
    assert crossing_s(passing, 5) == 12


def test_rare_polls_that_are_cheap_at_once_cross_at_the_keep_alive_time() -> None:
    odd = CONSTANTS._replace(kept_poll_us=600, new_poll_us=100, stream_us_per_s=105)
    assert crossing_s(odd, 5) == 5


def test_they_never_cross_where_the_messages_of_polls_alone_cost_more_than_a_stream() -> None:
    assert crossing_s(CONSTANTS, 5) is None


def test_two_digits_mean_something() -> None:
    assert [rounded(value) for value in (16_296, 55.486, 0.0804, 1.0, 0)] == [16_000, 55, 0.08, 1, 0]
