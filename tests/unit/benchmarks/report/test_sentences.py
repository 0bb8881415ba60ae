"""Conclusions follow from the numbers, and where there are none nothing is said."""

from typing import Any

import msgspec
import pytest

from benchmarks.plan import Plan
from benchmarks.report.doubts import suspects
from benchmarks.report.groups import grouped
from benchmarks.report.sentences import Sentence, conclusions
from benchmarks.results import Latency, Results, Run
from tests.unit.benchmarks.made_up import changed, made_up, only

QUICK = Plan(clients=10, duration_s=4)


def with_means(**means: float | None) -> Results:
    """Return results whose means are these; techniques that are not named are left out."""
    results, _ = made_up(QUICK)
    results = only(results, [name.replace("_", "-") for name in means])
    for index, run in enumerate(results.runs):
        mean = means[run.technique.replace("-", "_")]
        results = changed(results, index, latency_ms=msgspec.structs.replace(run.latency_ms, mean=mean))
    return results


def about(results: Results, topic: str) -> list[str]:
    return [sentence.text for sentence in conclusions(grouped(results)) if sentence.topic == topic]


def test_the_fastest_is_named_and_the_others_are_compared_with_it() -> None:
    assert about(with_means(short_poll=500.0, sse=2.0), "Latency") == [
        "SSE delivered fastest: 2.00 ms on average from the intended publishing time.",
        "Short polling took 500.0 ms, 250 times as long.",
    ]


def test_means_less_than_a_tenth_apart_are_called_equal() -> None:
    (text,) = about(with_means(sse=2.0, websocket=2.1), "Latency")
    assert text == (
        "SSE and WebSocket delivered equally fast: 2.00 to 2.10 ms on average from the intended publishing time, "
        "less than a tenth apart."
    )


def test_one_technique_alone_is_not_called_fastest() -> None:
    (text,) = about(with_means(long_poll=3.0), "Latency")
    assert text == "Long polling delivered 3.00 ms on average from the intended publishing time."


def test_without_latencies_nothing_is_said_of_them() -> None:
    assert about(with_means(sse=None), "Latency") == []


def test_overhead_is_told_from_the_least_to_the_most() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=100))
    first, second = about(results, "Bytes")
    assert first.startswith("Besides its payload of 218 bytes a delivered message cost, in bytes both ways: ")
    assert first.index("by WebSocket") < first.index("by SSE") < first.index("by long polling")
    assert second.startswith("The most, by long polling, is ")


def test_equal_costs_have_no_ratio() -> None:
    results, _ = made_up(QUICK)
    for index, value in enumerate((90.0, 45.0, 4.0, 4.1, 8.0)):
        results = changed(results, index, server_cpu_us_per_delivery=value)
    cpu, _ = about(results, "Server")
    assert cpu == (
        "A delivery took the server 4.00 to 4.10 µs of CPU by SSE and WebSocket; 8.00 by Socket.IO (2.0 times); "
        "45.0 by long polling (11 times); 90.0 by short polling (22 times)."
    )


def test_empty_answers_are_told_of_polling_alone() -> None:
    results, _ = made_up(Plan(clients=10, duration_s=10, rate=0.5))
    short, long = about(results, "Requests")
    assert short == "Short polling sent 2.08 requests for each delivered message; 52 % of the answers were empty."
    assert long == "Long polling sent 1.20 requests for each delivered message; no answer was empty."


def test_sending_by_frame_is_compared_with_post() -> None:
    results, _ = made_up(QUICK)
    (text,) = about(results, "Sending")
    assert text.startswith("By POST a message cost 768 bytes both ways and was acknowledged after 2.")
    assert "in a frame by WebSocket 232 bytes (30 % of that) and was acknowledged after 1." in text


@pytest.mark.parametrize("techniques", [("sse",), ("websocket", "socket-io")])
def test_without_both_ways_of_sending_they_are_not_compared(techniques: tuple[str, ...]) -> None:
    results, _ = made_up(QUICK)
    assert about(only(results, techniques), "Sending") == []


def test_when_all_came_it_is_said() -> None:
    results, _ = made_up(QUICK)
    assert about(results, "Deliveries") == [
        "Of 400 expected deliveries 400 came: nothing was lost, came twice or out of order."
    ]


def test_what_was_lost_is_told_run_by_run() -> None:
    results, _ = made_up(QUICK)
    results = changed(results, 2, lost=3, lost_acknowledged=2, received=77, reordered=1)
    (found,) = [each for each in conclusions(grouped(results)) if each.topic == "Deliveries"]
    assert found == Sentence(
        "Deliveries",
        "SSE: of 80 expected deliveries 3 never came, 2 of these of messages that the server had acknowledged; "
        "1 came out of order.",
        bad=True,
    )


def test_theory_that_holds_is_one_sentence() -> None:
    results, _ = made_up(QUICK)
    assert about(results, "Theory") == ["Every mean that was measured agrees with the model of its technique."]


def failed(**fields: Any) -> Results:
    """Return results in which theory does not hold of long polling."""
    results, _ = made_up(QUICK)
    theory = msgspec.structs.replace(results.runs[1].theory, latency_mean_ms=3.0, holds=False, tolerance_ms=2.0)
    latency = Latency(mean=30.0, p50=30.0, p90=30.0, p99=30.0, max=30.0, samples=80)
    usual = {"theory": theory, "latency_ms": latency, "latency_from_sending_ms": latency}
    return changed(results, 1, **{**usual, **fields})


def test_theory_that_does_not_hold_is_told_with_what_to_suspect() -> None:
    first, second = about(failed(), "Theory")
    assert first == "4 of 5 means agree with the model of their technique."
    assert second == (
        "Long polling does not: theory says 3.00 ms, 30.0 ms were measured (tolerance 2.00 ms). To suspect: other load "
        "on this machine while it was measured, or a network that the model does not know."
    )


@pytest.mark.parametrize(
    ("fields", "suspect"),
    [
        ({"client_cpu_share": 0.93}, "the clients were the limit: the busiest process used 93 % of a core"),
        (
            {"server_cpu_us_per_delivery": 50_000.0, "received": 80, "seconds": 5.0},
            "the server was near its limit: it used 80 % of a core",
        ),
        ({"lost": 1}, "deliveries were lost, and the slowest are the likeliest to be"),
        ({"warnings": ["The machine was not quiet."]}, "the machine was not quiet"),
        ({"warnings": ["SSE is odd."]}, "SSE is odd"),
        (
            {"latency_from_sending_ms": Latency(mean=10.0, p50=10.0, p90=10.0, p99=10.0, max=10.0, samples=80)},
            "messages were published 20.0 ms late on average",
        ),
        (
            {"latency_ms": Latency(mean=30.0, p50=30.0, p90=30.0, p99=30.0, max=30.0, samples=8)},
            "only 8 deliveries were measured",
        ),
    ],
)
def test_what_to_suspect_is_read_from_the_figures(fields: dict[str, Any], suspect: str) -> None:
    assert suspects(failed(**fields).runs[1]) == [suspect]


def test_a_little_lateness_is_not_suspected() -> None:
    late = Latency(mean=29.0, p50=29.0, p90=29.0, p99=29.0, max=29.0, samples=80)
    assert "late" not in " ".join(suspects(failed(latency_from_sending_ms=late).runs[1]))


def test_of_runs_without_any_figure_nothing_is_concluded() -> None:
    assert conclusions(grouped(nothing_measured())) == []


def nothing_measured() -> Results:
    """Return runs in which nothing was published, and nothing else was measured."""
    results, _ = made_up(Plan(clients=2, duration_s=1, rate=0))
    runs: list[Run] = []
    for run in results.runs:
        theory = msgspec.structs.replace(run.theory, latency_mean_ms=None, requests=None, holds=None)
        none = {"tcp_ip_estimate", "tcp_info_agrees", "server_cpu_us_per_delivery", "server_kib_per_client"}
        none |= {"client_cpu_us_per_delivery", "client_cpu_share", "sending"}
        runs.append(msgspec.structs.replace(run, theory=theory, requests=0, **dict.fromkeys(none)))
    return msgspec.structs.replace(results, runs=runs)


def test_sending_of_which_no_latency_is_known_is_told_without_it() -> None:
    results, _ = made_up(QUICK)
    for index, run in enumerate(results.runs):
        assert run.sending is not None
        latency = Latency(mean=None, p50=None, p90=None, p99=None, max=None, samples=0)
        results = changed(results, index, sending=msgspec.structs.replace(run.sending, latency_ms=latency))
    (text,) = about(results, "Sending")
    assert text.startswith(
        "By POST a message cost 768 bytes both ways; in a frame by WebSocket 232 bytes (30 % of that);"
    )


def test_twice_and_out_of_order_are_told_without_losses() -> None:
    results, _ = made_up(QUICK)
    (text,) = about(changed(results, 4, duplicated=2, reordered=1), "Deliveries")
    assert text == "Socket.IO: of 80 expected deliveries 2 came twice; 1 came out of order."
