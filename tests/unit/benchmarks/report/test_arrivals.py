"""The first seconds: which messages, which clients, how long."""

import pytest

from benchmarks.plan import Plan
from benchmarks.report.arrivals import chosen_clients, first_seconds
from benchmarks.report.blocks import Section
from benchmarks.report.charts.timeline import Timeline
from benchmarks.report.groups import grouped
from benchmarks.samples import Samples
from tests.unit.benchmarks.made_up import made_up
from tests.unit.benchmarks.report.reading import paragraphs, pictures


def timeline(section: Section) -> Timeline:
    (picture,) = pictures(list(section.blocks))
    assert isinstance(picture.chart, Timeline)
    return picture.chart


def test_the_first_seven_messages_are_shown() -> None:
    results, samples = made_up(Plan(clients=30, duration_s=30, rate=2))
    chart = timeline(first_seconds(grouped(results), samples))
    assert chart.until_s == pytest.approx(3.5)
    assert chart.published_s == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert {lane.rows for lane in chart.lanes} == {20}


def test_two_polls_are_shown_unless_that_were_too_many_messages() -> None:
    for rate, until_s in ((5.0, 2.0), (100.0, 1.39)):
        results, samples = made_up(Plan(clients=2, duration_s=4, rate=rate, techniques=("short-poll",)))
        assert timeline(first_seconds(grouped(results), samples)).until_s == pytest.approx(until_s)


def test_one_message_has_a_timeline_too() -> None:
    results, samples = made_up(Plan(clients=2, duration_s=1, rate=1))
    assert timeline(first_seconds(grouped(results), samples)).until_s == 1


def test_messages_that_were_never_sent_have_no_tick() -> None:
    results, _ = made_up(Plan(clients=1, duration_s=2, rate=1, techniques=("sse",)))
    samples = Samples(1, [0, 1_000_000_000], [0, -1])
    samples.add(0, 0, 2_000_000)
    assert timeline(first_seconds(grouped(results), {0: samples})).published_s == [0]


def test_clients_are_chosen_from_all_phases() -> None:
    assert chosen_clients(100) == list(range(0, 100, 5))
    assert chosen_clients(3) == [0, 1, 2]


def test_without_arrivals_there_is_no_timeline() -> None:
    results, samples = made_up(Plan(clients=2, duration_s=1, rate=0))
    assert paragraphs(first_seconds(grouped(results), samples)) == ["Nothing arrived, so there is no timeline."]
