"""The fan-out: a future for each subscriber, the same list for all, and none for who is behind."""

import asyncio

import pytest

from pushdemo.fanout import Fanout, Subscriber
from pushdemo.messages import Message
from tests.support.fake_clock import turn
from tests.unit.samples import message, messages


def subscribed(fanout: Fanout, room: str = "lobby", position: int = 0, newest: int = 0) -> Subscriber:
    subscriber = fanout.subscribe(room, "sse")
    subscriber.channel.newest = newest
    subscriber.position = position
    return subscriber


async def waiting(*subscribers: Subscriber) -> list["asyncio.Task[list[Message]]"]:
    tasks = [asyncio.create_task(subscriber.wait()) for subscriber in subscribers]
    await turn()
    assert not any(task.done() for task in tasks)
    return tasks


async def test_who_waits_at_the_newest_place_is_handed_what_is_new() -> None:
    fanout = Fanout()
    (task,) = await waiting(subscribed(fanout))
    new = messages(1, 3)
    fanout.announce("lobby", new)
    assert await task is new


async def test_all_are_handed_the_same_list() -> None:
    fanout = Fanout()
    tasks = await waiting(*(subscribed(fanout) for _ in range(100)))
    new = messages(1, 1)
    fanout.announce("lobby", new)
    assert all(given is new for given in await asyncio.gather(*tasks))


async def test_one_of_a_thousand_that_is_cancelled_takes_nobody_with_it() -> None:
    fanout = Fanout()
    subscribers = [subscribed(fanout) for _ in range(1_000)]
    tasks = await waiting(*subscribers)
    tasks[500].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[500]
    assert sum(not task.done() for task in tasks) == 999
    new = messages(1, 1)
    fanout.announce("lobby", new)
    given = await asyncio.gather(*tasks[:500], *tasks[501:])
    assert len(given) == 999
    assert all(each is new for each in given)


async def test_who_is_cancelled_can_wait_again() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    (task,) = await waiting(subscriber)
    task.cancel()
    await asyncio.wait([task])
    (task,) = await waiting(subscriber)
    fanout.announce("lobby", messages(1, 1))
    assert await task == messages(1, 1)


async def test_other_rooms_hear_nothing() -> None:
    fanout = Fanout()
    here, there = subscribed(fanout, "here"), subscribed(fanout, "there")
    task_here, task_there = await waiting(here, there)
    fanout.announce("here", messages(1, 1, "here"))
    assert len(await task_here) == 1
    await turn()
    assert not task_there.done()
    there.stop()
    assert await task_there == []


async def test_who_is_behind_does_not_wait_and_has_to_read_the_log() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    fanout.announce("lobby", messages(1, 2))
    assert subscriber.behind
    assert await subscriber.wait() == []
    subscriber.position = 2
    assert not subscriber.behind


async def test_messages_that_do_not_follow_its_place_are_not_handed_over() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout, position=4, newest=4)
    (task,) = await waiting(subscriber)
    fanout.announce("lobby", messages(6, 7))
    assert await task == []
    assert subscriber.behind


async def test_what_is_announced_twice_before_a_reader_runs_is_handed_over_once_and_the_rest_is_for_the_log() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    (task,) = await waiting(subscriber)
    fanout.announce("lobby", [message(1)])
    fanout.announce("lobby", [message(2)])
    assert await task == [message(1)]
    subscriber.position = 1
    assert subscriber.behind


async def test_a_stopped_reader_waits_no_more() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    (task,) = await waiting(subscriber)
    subscriber.stop()
    assert await task == []
    assert await subscriber.wait() == []


async def test_news_that_came_before_the_stop_are_still_handed_over() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    (task,) = await waiting(subscriber)
    fanout.announce("lobby", messages(1, 1))
    subscriber.stop()
    assert await task == messages(1, 1)


async def test_a_reader_that_left_is_counted_no_more_and_leaving_twice_does_no_harm() -> None:
    fanout = Fanout()
    first, second = subscribed(fanout), subscribed(fanout)
    assert fanout.count == 2
    fanout.unsubscribe(first)
    fanout.unsubscribe(first)
    assert fanout.count == 1
    assert list(fanout.subscribers()) == [second]


async def test_nothing_is_kept_of_a_room_that_nobody_reads() -> None:
    fanout = Fanout()
    subscriber = subscribed(fanout)
    fanout.unsubscribe(subscriber)
    fanout.announce("lobby", messages(1, 1))
    assert fanout._channels == {}
    assert list(fanout.subscribers()) == []


async def test_readers_may_leave_while_all_are_gone_through() -> None:
    fanout = Fanout()
    for room in ("a", "a", "b"):
        subscribed(fanout, room)
    for subscriber in fanout.subscribers():
        fanout.unsubscribe(subscriber)
    assert fanout.count == 0
