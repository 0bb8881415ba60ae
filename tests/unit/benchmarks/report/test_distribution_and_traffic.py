"""What is drawn of latency, bytes and rates, and what is said where there is nothing to draw."""

import msgspec
import pytest

from benchmarks.models import Expectation, Part
from benchmarks.plan import Plan
from benchmarks.report.charts.bars import BarChart
from benchmarks.report.charts.lines import LineChart
from benchmarks.report.distribution import distribution, scale_of_one, verdict
from benchmarks.report.groups import grouped
from benchmarks.report.rates import rates
from benchmarks.report.traffic import traffic
from benchmarks.results import Latency
from tests.unit.benchmarks.made_up import changed, made_up, only
from tests.unit.benchmarks.report.reading import line_charts, paragraphs, pictures
from tests.unit.benchmarks.report.test_sentences import nothing_measured

QUICK = Plan(clients=10, duration_s=4)


def test_each_technique_has_its_own_distribution_and_all_have_one_together() -> None:
    results, samples = made_up(QUICK)
    charts = line_charts(distribution(grouped(results), samples))
    assert len(charts) == 6
    assert [line.accent for line in charts[-1].series] == list(QUICK.techniques)
    assert [charts[-1].x.log, charts[0].x.log] == [True, False]
    assert all(chart.series[0].points[-1][1] == 100 for chart in charts)


def test_theory_is_drawn_over_each_distribution() -> None:
    results, samples = made_up(QUICK)
    chart = line_charts(distribution(grouped(results), samples))[0]
    (theory,) = chart.theory
    assert theory.points[0] == (0.0, 0.0)
    assert theory.points[-1][1] == 100


def test_distributions_of_nothing_say_so() -> None:
    results, samples = made_up(Plan(clients=2, duration_s=1, rate=0))
    assert paragraphs(distribution(grouped(results), samples)) == [
        "Nothing arrived, so there are no latencies to show."
    ]
    assert paragraphs(distribution(grouped(results), {})) == ["Nothing arrived, so there are no latencies to show."]


def test_a_technique_without_samples_is_named() -> None:
    results, samples = made_up(QUICK)
    del samples[1]
    assert "Of long polling there are no latencies." in paragraphs(distribution(grouped(results), samples))


def test_a_long_tail_is_cut_and_told() -> None:
    results, samples = made_up(Plan(clients=100, duration_s=4, techniques=("sse",)))
    samples[0].received_ns[-1] += 5_000_000_000
    (picture, *_) = pictures(list(distribution(grouped(results), samples).blocks))
    assert isinstance(picture.chart, LineChart)
    assert picture.chart.x.high is not None
    assert picture.chart.x.high < 100
    assert "Not on the scale: the slowest, up to 5,00" in picture.caption


def test_a_scale_begins_at_0_unless_all_is_far_from_there() -> None:
    low, high = scale_of_one([1.0, 9.0], None)
    assert low == 0
    assert 9 < high < 10
    low, high = scale_of_one([51.0, 55.0], Expectation((Part(1.0, 50.0, 53.0),)))
    assert 49 < low < 50
    assert 55 < high < 56


def test_the_verdict_is_told_with_both_means() -> None:
    results, _ = made_up(QUICK)
    theory = msgspec.structs.replace(results.runs[2].theory, latency_mean_ms=500.4, holds=True, tolerance_ms=50.0)
    latency = Latency(mean=503.1, p50=1.0, p90=1.0, p99=1.0, max=1.0, samples=80)
    run = changed(results, 2, theory=theory, latency_ms=latency).runs[2]
    assert verdict(run) == "theory: 500.4 ms, measured 503.1 ms: holds"
    run.theory = msgspec.structs.replace(theory, holds=False)
    assert verdict(run) == "theory: 500.4 ms, measured 503.1 ms: does not hold (tolerance 50.0 ms)"
    run.theory = msgspec.structs.replace(theory, latency_mean_ms=None, holds=None)
    assert verdict(run) == "measured 503.1 ms; theory says nothing of it"
    assert verdict(nothing_measured().runs[0]) == "nothing was measured"


def test_bars_of_a_direction_add_up_to_its_bytes() -> None:
    results, _ = made_up(QUICK)
    (picture, requests) = pictures(list(traffic(grouped(results)).blocks))
    assert isinstance(picture.chart, BarChart)
    for group, run in zip(picture.chart.groups, results.runs, strict=True):
        received, sent = group.bars
        assert run.tcp_ip_estimate is not None
        of_both = run.tcp_ip_estimate.received + run.bytes_received, run.tcp_ip_estimate.sent + run.bytes_sent
        assert (received.length, sent.length) == pytest.approx([each / run.received for each in of_both])
    assert isinstance(requests.chart, BarChart)
    assert [group.bars[0].length for group in requests.chart.groups] == pytest.approx(
        [run.requests / run.received for run in results.runs]
    )


def test_without_an_estimate_of_tcp_and_ip_none_is_drawn() -> None:
    results, _ = made_up(QUICK)
    (picture, _) = pictures(list(traffic(grouped(changed(results, 0, tcp_ip_estimate=None))).blocks))
    assert isinstance(picture.chart, BarChart)
    assert len(picture.chart.groups[0].bars[0].parts) == 5
    assert len(picture.chart.groups[1].bars[0].parts) == 6


def test_traffic_of_nothing_says_so() -> None:
    assert paragraphs(traffic(grouped(nothing_measured()))) == [
        "Nothing was delivered, so nothing can be shared among deliveries."
    ]


def test_rates_need_two_techniques() -> None:
    results, _ = made_up(QUICK)
    assert rates(grouped(only(results, ["sse"]))) is None
    section = rates(grouped(results))
    assert section is not None
    (chart,) = line_charts(section)
    assert next(dot.words for dot in chart.series[2].dots).startswith("SSE crosses short polling at 1")


def test_rates_without_short_polling_have_no_crossings() -> None:
    results, _ = made_up(QUICK)
    section = rates(grouped(only(results, ["sse", "websocket"])))
    assert section is not None
    assert not any(line.dots for chart in line_charts(section) for line in chart.series)
