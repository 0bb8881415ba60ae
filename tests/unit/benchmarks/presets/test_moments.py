"""Long polling from message to message: waits that can be counted on one's fingers."""

import pytest

from benchmarks.presets.moments import mean_of_moments_ms, published_ms
from benchmarks.samples import NS_PER_MS, Samples

D, G = 50.0, 100.0


@pytest.mark.parametrize(
    ("moments", "latencies"),
    [
        ([0], [50]),
        ([0, 40], [50, 60 + 50]),  # the next request is there at 100
        ([0, 40, 99], [50, 110, 51]),  # both go with that answer
        ([0, 100], [50, 50]),  # it is there just in time
        ([0, 40, 100], [50, 110, 50]),  # and so does what comes as it is answered
        ([0, 40, 101], [50, 110, 149]),  # the longest: d + G, but for a millisecond
        ([0, 40, 300], [50, 110, 50]),  # after a silence a request is pending again
    ],
)
def test_a_message_waits_for_the_next_request_if_none_is_pending(moments: list[float], latencies: list[float]) -> None:
    assert mean_of_moments_ms(moments, D, G) == pytest.approx(sum(latencies) / len(latencies))


def test_where_the_gap_is_a_little_longer_than_the_period_each_message_waits_longer_than_the_one_before() -> None:
    assert mean_of_moments_ms([0, 250, 500, 750], 125, 252) == pytest.approx(125 + (0 + 2 + 4 + 6) / 4)


def test_of_no_messages_there_is_no_mean() -> None:
    assert mean_of_moments_ms([], D, G) is None


def test_messages_that_were_never_sent_do_not_count() -> None:
    samples = Samples(1, [0, 5 * NS_PER_MS, 7 * NS_PER_MS], [10, -1, 7 * NS_PER_MS])
    assert published_ms(samples) == [0, 7]
