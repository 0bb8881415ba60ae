"""Runs are put together by technique and point; figures are medians."""

import pytest

from benchmarks.plan import Plan
from benchmarks.report.figures import LATENCY, mean_ms, overhead_share, server_cpu_share
from benchmarks.report.groups import grouped, in_a_sentence, in_detail, point_in_words, settings_at, span_in_words
from tests.unit.benchmarks.made_up import changed, made_up

QUICK = Plan(clients=4, duration_s=2, repeat=3)


def test_repeated_runs_are_one_group_and_know_their_indexes() -> None:
    results, _ = made_up(QUICK)
    groups = grouped(results)
    assert [group.technique for group in groups] == list(QUICK.techniques)
    assert groups[1].indexes == (3, 4, 5)


def test_a_groups_figure_is_the_median_of_those_that_have_it() -> None:
    results, _ = made_up(QUICK)
    for index, value in enumerate((1.0, None, 5.0)):
        results = changed(results, index, server_kib_per_client=value)
    group = grouped(results)[0]
    assert group.median(lambda run: run.server_kib_per_client) == 3
    assert group.range(lambda run: run.server_kib_per_client) == (1, 5)


def test_one_run_has_no_range() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=1))
    assert grouped(results)[0].range(mean_ms) is None
    assert LATENCY[0].range_of(grouped(results)[0]) == ""


def test_techniques_stand_in_their_order_at_every_point() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=1, techniques=("sse", "short-poll")), sweep={"rate": [4, 2]})
    found = [(group.technique, dict(group.point)["rate"]) for group in grouped(results)]
    assert found == [("short-poll", 4), ("sse", 4), ("short-poll", 2), ("sse", 2)]


def test_a_point_changes_the_settings_of_its_groups() -> None:
    assert settings_at(Plan(), (("clients", 7.0),)).clients == 7
    assert settings_at(Plan(), (("poll_interval_s", 0.5),)).poll_interval_s == 0.5
    assert settings_at(Plan(), (("moons", 2.0),)) == Plan()


@pytest.mark.parametrize(("values", "chosen"), [([1.0, 2.0, 4.0], 2.0), ([10.0, 20.0, 40.0], 20.0), ([5.0], 5.0)])
def test_in_detail_is_the_point_of_the_settings_or_the_one_in_the_middle(values: list[float], chosen: float) -> None:
    settings = Plan(clients=2, duration_s=1, rate=2)
    results, _ = made_up(settings, sweep={"rate": values})
    assert {dict(group.point)["rate"] for group in in_detail(grouped(results), settings)} == {chosen}


def test_without_runs_there_is_nothing_in_detail() -> None:
    assert in_detail([], Plan()) == []


def test_points_are_said_with_their_units() -> None:
    assert point_in_words((("rate", 1.0),)) == "1 message per second"
    assert point_in_words((("clients", 10.0), ("delay_ms", 50.0))) == "10 clients, 50 ms of delay each way"
    assert span_in_words("clients", 10, 1_000) == "10 to 1,000 clients"


def test_within_a_sentence_names_are_as_the_standards_write_them() -> None:
    names = [in_a_sentence(technique) for technique in ("long-poll", "sse", "websocket", "carrier-pigeon")]
    assert names == ["long polling", "SSE", "WebSocket", "carrier-pigeon"]


def test_the_servers_share_of_a_core_is_reckoned_from_its_cpu_per_delivery() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=1))
    busy = changed(results, 0, server_cpu_us_per_delivery=500.0, received=4_000, seconds=4.0).runs[0]
    assert server_cpu_share(busy) == 0.5
    assert server_cpu_share(changed(results, 0, seconds=0.0).runs[0]) is None


def test_overhead_is_what_is_not_payload() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=1))
    run = results.runs[2]
    payload = run.accounts.received.payload
    total = run.bytes_sent + run.bytes_received
    assert overhead_share(run) == pytest.approx(1 - payload / total)
    assert overhead_share(changed(results, 2, received=0).runs[2]) is None
