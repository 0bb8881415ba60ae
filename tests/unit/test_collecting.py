"""What Python's collector of cycles goes through while the server runs."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from pushdemo.collecting import MOST_LEFT, Collector


class Tied:
    """Something that holds itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    with collector.at_work():
        yield collector


def test_what_stays_is_put_aside_and_goes_when_enough_connections_have_left(collector: Collector) -> None:
    tied = Tied()
    seen = weakref.ref(tied)
    gc.collect()
    del tied
    for _ in range(MOST_LEFT - 1):
        collector.left()
    gc.collect()
    assert seen() is not None, "it was put aside, and is not looked at"
    collector.left()
    gc.collect()
    assert seen() is None


def test_what_is_not_there_any_more_when_the_collector_comes_goes_at_once(collector: Collector) -> None:
    seen = weakref.ref(Tied())
    gc.collect()
    assert seen() is None


def test_the_young_are_not_put_aside(collector: Collector) -> None:
    before = gc.get_freeze_count()
    tied = Tied()
    gc.collect(1)
    assert gc.get_freeze_count() == before
    assert gc.is_tracked(tied)


def test_at_the_end_the_process_is_as_it_was() -> None:
    callbacks = list(gc.callbacks)
    with Collector().at_work():
        assert gc.get_freeze_count()
    assert gc.callbacks == callbacks
    assert gc.get_freeze_count() == 0
