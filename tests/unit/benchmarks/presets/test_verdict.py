"""Verdicts on a figure, in words."""

import pytest

from benchmarks.presets.verdict import chance_ms, in_words, off_by, percent_off, verdict, verdict_ms
from benchmarks.samples import NS_PER_MS, Samples


@pytest.mark.parametrize(
    ("ours", "chance", "said"),
    [
        (100.0, None, "within 10 %"),
        (110.0, None, "within 10 %"),
        (90.0, None, "within 10 %"),
        (111.0, None, "not within 10 %"),
        (111.0, 12.0, "within chance"),
        (89.0, 10.0, "not within 10 %"),
        (105.0, 20.0, "within 10 %"),
    ],
)
def test_a_tenth_is_tolerated_and_what_chance_explains(ours: float, chance: float | None, said: str) -> None:
    assert verdict(ours, 100.0, chance) == said


def test_of_milliseconds_two_are_tolerated() -> None:
    assert (verdict_ms(12.0, 10.0), verdict(12.0, 10.0)) == ("within 2 ms", "not within 10 %")
    assert verdict_ms(12.5, 10.0) == "not within 10 %"


@pytest.mark.parametrize(("ours", "expected"), [(None, 100.0), (100.0, None), (None, None), (5.0, 0.0)])
def test_without_two_figures_there_is_no_verdict(ours: float | None, expected: float | None) -> None:
    assert verdict(ours, expected) is None
    assert percent_off(ours, expected) is None
    assert in_words(ours, expected, verdict(ours, expected)) == ("Not measured." if ours is None else "Not judged.")


def test_a_verdict_says_by_how_much_and_where() -> None:
    assert in_words(101.2, 100.0, "within 10 %") == "Within 10 %: 1.2 % above."
    assert in_words(75.0, 100.0, "not within 10 %") == "Not within 10 %: 25.0 % below."


def test_what_a_figure_is_off_by_has_a_sign() -> None:
    assert off_by(110.0, 100.0) == pytest.approx(0.1)
    assert (percent_off(101.25, 100.0), percent_off(90.0, 100.0)) == ("+1.2 %", "-10.0 %")


def test_chance_is_two_standard_errors_with_the_deliveries_of_a_message_as_one() -> None:
    samples = Samples(2, [0, 0], [0, 0])
    for client in (0, 1):
        samples.add(client, 0, 10 * NS_PER_MS)
        samples.add(client, 1, 14 * NS_PER_MS)
    assert chance_ms(samples) == pytest.approx(2 * 2)  # means of 10 and 14: s = 2.83, by the root of 2
    assert chance_ms(Samples(1)) is None
