"""Constants from runs, and where the costs of two techniques cross: answers that are arithmetic."""

import math

import msgspec
import pytest

from benchmarks.accounts import Accounts, BothWays
from benchmarks.plan import Plan
from benchmarks.report.costs import (
    Constants,
    crossings,
    interval_where_polling_is_cheaper,
    measured_constants,
    sign_changes,
)
from benchmarks.report.crossovers import constants_in_words, crossovers, rate_in_words
from benchmarks.report.groups import grouped
from tests.unit.benchmarks.made_up import changed, made_up, only


def constants(technique: str, **fields: float) -> Constants:
    usual = {"each_request": 0.0, "each_message": 200.0, "payload": 200.0, "opening": 0.0, "heartbeat_per_s": 0.0}
    return Constants(technique, **{**usual, "interval_s": 1.0, "gap_s": 0.0, **fields})


POLLING = constants("short-poll", each_request=400.0)
STREAM = constants("sse", each_message=240.0)


def test_polling_costs_its_polls_and_the_messages() -> None:
    assert POLLING.bytes_per_s(2) == 400 + 2 * 200


def test_a_stream_costs_its_messages_and_heartbeats() -> None:
    assert constants("sse", each_message=240.0, heartbeat_per_s=1.5).bytes_per_s(2) == 481.5


def test_long_polling_costs_a_request_for_each_message_and_the_empty_ones() -> None:
    long = constants("long-poll", each_request=400.0)
    assert long.bytes_per_s(1) == pytest.approx(600, rel=1e-6)
    assert long.bytes_per_s(1 / 3_600) == pytest.approx(400 / 25, rel=0.05)  # a time-out every 25 s


def test_polling_and_a_stream_cross_where_h_over_t_is_lambda_f() -> None:
    (found,) = crossings(POLLING, STREAM)
    assert (found.cheaper, found.dearer) == ("short-poll", "sse")
    assert found.rate == pytest.approx(10)


def test_no_crossing_is_told_where_a_poll_would_have_to_carry_more_than_it_can() -> None:
    slow = constants("short-poll", each_request=400.0, interval_s=60.0)
    assert crossings(slow, constants("websocket", each_message=200.5)) == []


def test_heartbeats_make_a_seldom_poll_cheaper_when_all_is_silent() -> None:
    seldom = constants("short-poll", each_request=400.0, interval_s=400.0)
    beating = constants("websocket", each_message=201.0, heartbeat_per_s=2.0)
    assert crossings(seldom, beating) == []  # cheaper at every rate
    assert seldom.bytes_per_s(0.01) < beating.bytes_per_s(0.01)


def test_a_slow_poll_is_dearer_than_long_polling_in_silence_only_if_it_is_faster_than_the_time_out() -> None:
    polling = constants("short-poll", each_request=400.0, interval_s=5.0)
    (found,) = crossings(polling, constants("long-poll", each_request=400.0))
    assert (found.cheaper, found.dearer) == ("short-poll", "long-poll")
    assert found.rate == pytest.approx(0.2, rel=0.01)


def test_the_interval_of_equal_cost_is_h_over_lambda_f() -> None:
    assert interval_where_polling_is_cheaper(POLLING, STREAM, 2) == pytest.approx(400 / (2 * 40))


@pytest.mark.parametrize(
    ("other", "rate"),
    [
        (constants("sse", each_message=200.0), 2.0),  # no framing: never
        (constants("sse", each_message=200.001), 2.0),  # after more than an hour
        (constants("sse", each_message=240.0), 20.0),  # cheaper already
        (constants("websocket", each_message=200.5), 100.0),  # a poll cannot carry so many
    ],
)
def test_no_interval_is_told_where_there_is_none(other: Constants, rate: float) -> None:
    assert interval_where_polling_is_cheaper(POLLING, other, rate) is None


def test_a_change_of_sign_is_found_to_many_digits() -> None:
    assert sign_changes(lambda x: x * x - 2, 0.1, 10) == [pytest.approx(math.sqrt(2), rel=1e-9)]
    assert sign_changes(lambda x: (x - 1) * (x - 5), 0.1, 10) == [pytest.approx(1), pytest.approx(5)]
    assert sign_changes(lambda x: x, 0.1, 10) == []
    assert sign_changes(lambda x: x - 1, 2, 1) == []


def test_constants_come_from_the_accounts() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=10, rate=2))
    found = {each.technique: each for each in measured_constants(grouped(results))}
    assert found["sse"].overhead_of_message == pytest.approx(38)
    assert found["sse"].opening == pytest.approx(212 + 402)
    assert found["short-poll"].each_request == pytest.approx(196 + 148 + 40, abs=3)
    assert found["short-poll"].overhead_of_message == 0
    assert found["short-poll"].opening == 0


def test_rooms_of_other_names_do_not_make_one_technique_dearer() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=10, techniques=("short-poll", "sse")))
    accounts = results.runs[1].accounts
    longer = Accounts(payload=accounts.received.payload + 10 * results.runs[1].received, framing=38 * 200)
    found = measured_constants(grouped(changed(results, 1, accounts=BothWays(accounts.sent, longer))))
    assert found[0].payload == found[1].payload == 218 + 5
    assert found[1].overhead_of_message == pytest.approx(38)


def test_compressed_payload_is_each_techniques_own() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=10, techniques=("short-poll", "websocket"), deflate=True))
    accounts = results.runs[1].accounts
    deflated = Accounts(payload=100 * results.runs[1].received)
    found = measured_constants(grouped(changed(results, 1, accounts=BothWays(accounts.sent, deflated))))
    assert [each.payload for each in found] == [218, 100]


def test_nothing_delivered_has_no_constants() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=1, techniques=("sse",)))
    assert measured_constants(grouped(changed(results, 0, received=0))) == []


def said(**settings: object) -> list[str]:
    results, _ = made_up(Plan(clients=10, duration_s=10, **settings))  # type: ignore[arg-type]  # made of names
    return [sentence.text for sentence in crossovers(grouped(results))]


def test_sentences_name_rates_intervals_and_openings() -> None:
    by_rate, by_interval, openings = said(rate=2)
    assert by_rate.startswith("With a poll every 1 s short polling costs fewer bytes than long polling above 0.9")
    assert "(one every 1.09 s)" in by_rate
    assert "SSE above 10.2" in by_rate
    assert by_interval.startswith(
        "At 2 messages per second, as here, short polling would have to ask no more often than every 5."
    )
    assert "to cost less than SSE (mean latency 2." in by_interval
    assert "1.28 by WebSocket, 1.59 by SSE and 5.25 by Socket.IO" in openings


def test_at_a_rate_of_nothing_no_interval_is_told() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=10, rate=2))
    silent = msgspec.structs.replace(results, settings=Plan(rate=0))
    assert len(crossovers(grouped(results))) == 3
    assert [each.text for each in crossovers(grouped(silent)) if "as here" in each.text] == []


def test_without_short_polling_nothing_is_told() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=2))
    for techniques in (("sse", "websocket"), ("short-poll",)):
        groups = grouped(only(results, techniques))
        assert crossovers(groups) == []
        assert constants_in_words(groups) == ""


def test_the_formula_is_told_with_its_constants() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=60, rate=2))
    text = constants_in_words(grouped(results))
    assert text.startswith("Short polling costs H / T in a second, a stream λ f + b at λ messages per second: H is 38")
    assert "f, besides the payload, 38 by SSE, 4 by WebSocket and 16 by Socket.IO" in text
    assert "b, for heartbeats, 1.13 by SSE" in text


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (2, "2 messages per second"),
        (1, "1 message per second"),
        (10.5, "10.5 messages per second"),
        (1 / 6, "one message every 6.00 s"),
    ],
)
def test_rates_are_said_as_one_says_them(rate: float, words: str) -> None:
    assert rate_in_words(rate) in (words, words.replace("6.00", "6"))


def test_heartbeats_and_compression_make_polling_dearer_only_from_some_rate_on() -> None:
    plan = Plan(
        clients=1_000,
        duration_s=30,
        rate=0.1,
        poll_interval_s=1_000,
        deflate=True,
        techniques=("short-poll", "websocket"),
    )
    results, _ = made_up(plan)
    run = results.runs[1]
    received = msgspec.structs.replace(run.accounts.received, payload=100 * run.received)
    results = changed(results, 1, accounts=BothWays(run.accounts.sent, received))
    first, *_ = [sentence.text for sentence in crossovers(grouped(results))]
    assert first.startswith("With a poll every 1,000 s short polling costs more bytes than WebSocket above 0.00")
    assert first.endswith("messages per second, and fewer below.")


def test_a_run_without_bytes_has_no_crossings() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=2, techniques=("short-poll", "sse")))
    nothing = BothWays(Accounts(), Accounts())
    for index in range(2):
        results = changed(results, index, accounts=nothing)
    assert crossovers(grouped(results)) == []


def test_heartbeats_are_shared_among_the_seconds_of_reading() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=60, techniques=("sse",)))
    results = changed(results, 0, read_s=100.0)
    (found,) = measured_constants(grouped(results))
    assert found.heartbeat_per_s == pytest.approx(results.runs[0].accounts.received.heartbeat / (10 * 100))
