"""Medians over repeats, and ratios of what was measured in the same repeat."""

from collections.abc import Sequence

import pytest

from benchmarks.fanout.figures import Fanout, Key, Spread, verdict
from benchmarks.report.wording import ratio
from tests.unit.benchmarks.fanout.made_up import run


def repeats(peer: str, *costs: float | None, technique: str = "sse") -> list[object]:
    return [
        run(peer, technique, repeat=repeat, server_cpu_us_per_delivery=cost, server_kib_per_client=cost)
        for repeat, cost in enumerate(costs)
    ]


def found(*runs: Sequence[object]) -> Fanout:
    return Fanout([each for some in runs for each in some])  # type: ignore[misc]


def test_a_figure_is_the_median_with_its_range() -> None:
    fanout = found(repeats("pushdemo", 3.0, 9.0, 4.0))
    assert fanout.cpu(Key("pushdemo", "sse", 1)) == Spread(4.0, 3.0, 9.0, 3)
    assert fanout.memory("pushdemo", "sse") == Spread(4.0, 3.0, 9.0, 3)


def test_floors_are_reckoned_repeat_by_repeat() -> None:
    fanout = found(repeats("pushdemo", 4.0, 8.0, 3.0), repeats("floor", 4.0, 16.0, 2.0))
    assert fanout.floors(Key("pushdemo", "sse", 1)) == Spread(1.0, 0.5, 1.5, 3)


def test_only_repeats_that_both_have_count() -> None:
    fanout = found(repeats("pushdemo", 4.0, 8.0, None), repeats("floor", 2.0, None, 2.0))
    assert fanout.ratios(Key("pushdemo", "sse", 1), Key("floor", "sse", 1)) == [2.0]


@pytest.mark.parametrize("technique", ["socket-io", "long-poll", "websocket"])
def test_the_unit_of_what_the_floor_does_not_write_is_its_websocket(technique: str) -> None:
    fanout = found(
        repeats("pushdemo", 12.0, technique=technique),
        repeats("floor", 4.0, technique="websocket"),
        repeats("floor", 3.0, technique="sse"),
    )
    assert fanout.floors(Key("pushdemo", technique, 1)) == Spread(3.0, 3.0, 3.0, 1)


def test_without_a_floor_there_are_no_floors() -> None:
    assert found(repeats("pushdemo", 4.0)).floors(Key("pushdemo", "sse", 1)) is None
    assert found(repeats("pushdemo", None)).cpu(Key("pushdemo", "sse", 1)) is None


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ([0.5, 0.6, 0.8], "less"),
        ([1.2, 1.5, 1.9], "more"),
        ([0.5, 0.6, 1.1], "about as much"),
        ([0.95, 0.96, 0.97], "about as much"),
        ([0.9, 1.4, 1.5], "about as much"),
        ([], "about as much"),
    ],
)
def test_one_is_less_than_another_only_where_it_was_so_every_time(ratios: list[float], words: str) -> None:
    assert verdict(ratios) == words


@pytest.mark.parametrize(
    ("value", "text"), [(0.0234, "0.023"), (0.523, "0.52"), (1.2, "1.20"), (12.81, "12.8"), (163.2, "163")]
)
def test_a_ratio_is_written_with_the_digits_that_mean_something(value: float, text: str) -> None:
    assert ratio(value) == text
