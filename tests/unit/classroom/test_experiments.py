"""What the class's experiments set, and what theory says of them: the values that FACTS' models give."""

import pytest

from pushdemo.classroom.experiments import (
    DELIVERED_MS,
    EXPERIMENTS,
    GAP,
    GROUPS,
    PROXIES,
    WASTE,
    Row,
    empty_polls_percent,
    long_poll_mean_ms,
)
from pushdemo.classroom.groups import Settings
from pushdemo.classroom.metronome import Beat
from pushdemo.feed import TECHNIQUES
from pushdemo.lab.network import Network


def test_there_are_five() -> None:
    assert list(EXPERIMENTS) == ["waste", "gap", "weight", "cut", "proxies"]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_has_a_row_for_every_group_and_takes_about_a_minute(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert len(experiment.rows) == GROUPS
    assert 40 <= experiment.seconds <= 60
    assert experiment.beat.rate > 0
    assert experiment.asked_row is None or experiment.asked_row < GROUPS
    assert (experiment.count is not None) == (experiment.asked_row is None)
    assert all(row.settings.posts_per_minute == 0 for row in experiment.rows)
    assert all(strike.after_s < experiment.seconds for strike in experiment.strikes)


@pytest.mark.parametrize("name", ["weight", "cut", "proxies"])
def test_where_techniques_are_compared_each_has_its_row(name: str) -> None:
    assert [row.technique for row in EXPERIMENTS[name].rows] == list(TECHNIQUES)


def test_of_polls_every_2_s_for_a_message_every_4_s_61_of_100_are_empty() -> None:
    theory = [round(empty_polls_percent(row, WASTE.beat), 1) for row in WASTE.rows]
    assert theory == [88.2, 77.9, 60.7, 36.8, 13.5]
    assert WASTE.asked_row == 2 and WASTE.settings == {"interval_s": 2, "every_s": 4}


@pytest.mark.parametrize(("rate", "mean_ms"), [(0.1, 50.5), (1, 55.0), (4, 68.6), (20, 96.8), (200, 100.0)])
def test_the_mean_delay_of_long_polling_at_50_ms_is_that_of_the_simulation(rate: float, mean_ms: float) -> None:
    row = Row(Settings(technique="long-poll"), Network(delay_ms=50))
    assert long_poll_mean_ms(row, Beat(rate=rate)) == pytest.approx(mean_ms, abs=0.1)


def test_the_gap_without_a_way_is_no_gap() -> None:
    theory = [round(long_poll_mean_ms(row, GAP.beat)) for row in GAP.rows]
    assert theory[0] == 0
    assert theory == sorted(theory)
    assert all(
        row.network.delay_ms <= mean <= 2 * row.network.delay_ms for row, mean in zip(GAP.rows, theory, strict=True)
    )


def test_what_delivers_within_3_s_is_counted() -> None:
    assert PROXIES.count is not None
    assert PROXIES.count([5.0, None, DELIVERED_MS, DELIVERED_MS + 0.1, 20]) == 3
    assert PROXIES.count([None] * GROUPS) == 0
