"""The closed loop: when the next message is published, and what is known of every delivery."""

import pytest

from benchmarks.fanout import broadcasts as module
from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.marks import digits_of


def loop_of(readers: int) -> tuple[Broadcasts, list[int]]:
    posted: list[int] = []
    broadcasts = Broadcasts(readers)
    broadcasts.post = posted.append
    return broadcasts, posted


def start(broadcasts: Broadcasts, under_way: int) -> None:
    """Publish so many messages, and give them their places."""
    broadcasts.start(under_way)
    broadcasts.give_places([digits_of(number) for number in range(under_way)])


async def test_so_many_are_under_way_and_the_next_follows_when_one_has_reached_all() -> None:
    broadcasts, posted = loop_of(2)
    start(broadcasts, 3)
    assert posted == [0, 1, 2]
    broadcasts.note(0, 2)
    assert posted == [0, 1, 2]
    broadcasts.note(0, 1)
    assert posted == [0, 1, 2, 3]


async def test_drained_nothing_more_is_published_and_nothing_is_lost() -> None:
    broadcasts, posted = loop_of(1)
    start(broadcasts, 2)
    broadcasts._goes_on = False
    broadcasts.note(0, 2)
    await broadcasts.drain()
    assert (posted, broadcasts.lost) == ([0, 1], 0)


async def test_what_does_not_come_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0)
    broadcasts, _ = loop_of(3)
    start(broadcasts, 2)
    broadcasts.note(0, 2)
    broadcasts.note(0, 1)
    await broadcasts.drain()
    assert broadcasts.lost == 3


async def test_what_nobody_gets_is_lost_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0)
    broadcasts, _ = loop_of(3)
    broadcasts.start(2)
    await broadcasts.drain()
    assert broadcasts.lost == 6


async def test_whoever_gives_up_ends_the_waiting_and_the_first_reason_counts() -> None:
    broadcasts, _ = loop_of(1)
    broadcasts.start(1)
    broadcasts.give_up("gone")
    broadcasts.give_up("gone, too")
    await broadcasts.drain()
    assert broadcasts.trouble == "gone"
    assert broadcasts.broken.is_set()


async def test_each_message_of_a_read_has_a_latency_of_its_own() -> None:
    broadcasts, _ = loop_of(10)
    start(broadcasts, 3)
    broadcasts.sent_ns[:] = [1_000_000, 2_000_000, 3_000_000]
    broadcasts.note(0, 1)
    broadcasts.note(1, 3)
    broadcasts.note(0, 3)
    broadcasts.at_ns[0], broadcasts.at_ns[1], broadcasts.at_ns[2] = 5_000_000, 6_000_000, 9_000_000
    assert broadcasts.deliveries(0, 3) == 6
    assert sorted(broadcasts.latencies_ms(0, 3)) == [3, 4, 4, 6, 7, 8]
    assert sorted(broadcasts.latencies_ms(0, 1)) == [4]
    assert broadcasts.latencies_ms(0, 0) == []
