"""`wait_after` and `follow`: readers that stay, by a clock that stands still and at moments that are chosen."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pushdemo.feed import Feed, Technique
from pushdemo.following import Batch, Following
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, turn, until
from tests.unit.logs_that_meddle import MeddlingLog
from tests.unit.samples import cursor_at, draft, feed_of, memory_log, numbers, publish


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def feed(clock: FakeClock) -> AsyncIterator[Feed]:
    async with feed_of(clock, poll_messages=4, messages_kept=10) as feed:
        yield feed


async def held(feed: Feed, start: Cursor, timeout_s: float = 25) -> "asyncio.Task[Batch]":
    """Return a poll that waits."""
    before = feed.waiting
    task = asyncio.create_task(feed.wait_after("lobby", start, timeout_s))
    await until(lambda: feed.waiting == before + 1)
    await turn()
    assert not task.done()
    return task


# --- wait_after ---


async def test_a_poll_is_held_to_the_very_end_of_its_time_and_then_answered_empty(feed: Feed, clock: FakeClock) -> None:
    await publish(feed, 3)
    start = await cursor_at(feed, 3)
    task = await held(feed, start, 25)
    clock.advance(24.999)
    await turn()
    assert not task.done()
    clock.advance(0.001)
    assert await task == Batch(start, [])
    assert (feed.waiting, clock.pending) == (0, 0)


async def test_a_held_poll_is_answered_by_the_next_message_and_its_timer_is_gone(feed: Feed, clock: FakeClock) -> None:
    task = await held(feed, await cursor_at(feed, 0))
    (message,) = await publish(feed, 1)
    batch = await task
    assert (batch.messages, str(batch.cursor), batch.gap, batch.more) == ([message], message.id, None, False)
    assert (feed.waiting, clock.pending) == (0, 0)


async def test_a_poll_whose_message_and_end_come_together_has_the_message(feed: Feed, clock: FakeClock) -> None:
    for first, second in (("message", "time"), ("time", "message")):
        task = await held(feed, (await feed.after("lobby", "latest")).cursor, 25)
        for event in (first, second):
            if event == "message":
                await feed._log.append("lobby", draft())  # announced within this turn
            else:
                clock.advance(25)
        assert len((await task).messages) == 1


async def test_a_message_of_another_room_answers_no_poll(feed: Feed, clock: FakeClock) -> None:
    task = await held(feed, await cursor_at(feed, 0))
    await publish(feed, 1, "other")
    await turn()
    assert not task.done()
    clock.advance(25)
    assert (await task).messages == []


@pytest.mark.parametrize("history", [True, False])
async def test_what_is_already_there_is_answered_at_once(feed: Feed, clock: FakeClock, history: bool) -> None:
    await publish(feed, 3)
    batch = await feed.wait_after("lobby", None if history else await cursor_at(feed, 1), 25)
    assert numbers(batch.messages) == ([1, 2, 3] if history else [2, 3])
    assert (feed.waiting, clock.pending) == (0, 0)


async def test_without_a_cursor_an_empty_room_is_waited_in(feed: Feed) -> None:
    task = asyncio.create_task(feed.wait_after("lobby", None, 25))
    await until(lambda: feed.waiting == 1)
    await publish(feed, 1)
    assert numbers((await task).messages) == [1]


async def test_latest_is_answered_at_once_with_the_cursor_of_now(feed: Feed, clock: FakeClock) -> None:
    await publish(feed, 2)
    assert await feed.wait_after("lobby", "latest", 25) == Batch(await cursor_at(feed, 2), [])
    assert (feed.waiting, clock.pending) == (0, 0)


@pytest.mark.parametrize("start", [Cursor("zzzzzzzz", 3), "trimmed", "above"])
async def test_a_gap_is_answered_at_once(feed: Feed, clock: FakeClock, start: Cursor | str) -> None:
    await publish(feed, 13)
    if isinstance(start, str):
        start = await cursor_at(feed, {"trimmed": 2, "above": 14}[start])
    here = await cursor_at(feed, 3)
    batch = await feed.wait_after("lobby", start, 25)
    assert (batch.gap, numbers(batch.messages), batch.more) == (here, [4, 5, 6, 7], True)
    assert (feed.waiting, clock.pending) == (0, 0)


async def test_a_gap_before_an_empty_room_is_answered_at_once(feed: Feed) -> None:
    batch = await feed.wait_after("lobby", Cursor("zzzzzzzz", 3), 25)
    assert (batch.gap, batch.messages) == (await cursor_at(feed, 0), [])


async def test_a_poll_carries_no_more_than_a_poll_may(feed: Feed) -> None:
    await publish(feed, 6)
    batch = await feed.wait_after("lobby", await cursor_at(feed, 0), 25)
    assert (numbers(batch.messages), batch.cursor.number, batch.more) == ([1, 2, 3, 4], 4, True)


async def test_a_held_poll_that_is_handed_too_much_is_cut_and_says_more(feed: Feed) -> None:
    task = await held(feed, await cursor_at(feed, 0))
    epoch = (await cursor_at(feed, 0)).epoch
    new = [(await feed._log.append("elsewhere", draft(str(number)))).message for number in range(6)]
    renumbered = [type(each)(f"{epoch}-{each.number}", "lobby", each.sender, each.text, each.sent_at) for each in new]
    feed._fanout.announce("lobby", renumbered)  # as a log does that commits many together
    batch = await task
    assert (numbers(batch.messages), batch.cursor, batch.more) == ([1, 2, 3, 4], Cursor(epoch, 4), True)
    assert feed.delivered["long-poll"] == 4


async def test_a_poll_that_is_cancelled_leaves_nobody_registered_and_no_timer(feed: Feed, clock: FakeClock) -> None:
    task = await held(feed, await cursor_at(feed, 0))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (feed.waiting, clock.pending, feed._fanout._channels) == (0, 0, {})


async def test_of_a_hundred_held_polls_those_that_stay_are_answered_when_half_of_them_leave(feed: Feed) -> None:
    tasks = [await held(feed, await cursor_at(feed, 0)) for _ in range(100)]
    for task in tasks[::2]:
        task.cancel()
    await until(lambda: feed.waiting == 50)
    await publish(feed, 1)
    assert [numbers((await task).messages) for task in tasks[1::2]] == [[1]] * 50
    assert feed.waiting == 0


# --- the moment between registering and reading ---


async def received(following: Following, newest: int) -> list[int]:
    """Read until message `newest`; return all numbers in the order they came."""
    found: list[int] = []
    async with asyncio.timeout(5):
        async for batch in following:
            assert batch.gap is None
            found += numbers(batch.messages)
            assert batch.cursor.number == found[-1]
            if found[-1] >= newest:
                return found
    raise AssertionError(f"it ended after {found}")


@pytest.mark.parametrize("method", ["span", "after"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("count", [1, 3])
async def test_what_is_published_while_a_reader_opens_or_reads_is_neither_lost_nor_doubled(
    method: str, moment: str, count: int
) -> None:
    log = MeddlingLog(memory_log())
    async with feed_of(log=log) as feed:
        await publish(feed, 2)
        start = await cursor_at(feed, 0)
        log.meddle[method, moment] = lambda: publish(feed, count)
        async with feed.follow("lobby", start, "sse") as following:
            assert await received(following, 2 + count) == list(range(1, 3 + count))
        assert log.meddle == {}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_what_is_published_while_a_reader_of_the_newest_place_opens_reaches_it(moment: str) -> None:
    log = MeddlingLog(memory_log())
    async with feed_of(log=log) as feed:
        await publish(feed, 2)
        start = await cursor_at(feed, 2)
        log.meddle["span", moment] = lambda: publish(feed, 1)
        async with feed.follow("lobby", start, "sse") as following:
            assert await received(following, 3) == [3]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_what_is_published_while_a_poll_opens_is_its_answer(moment: str) -> None:
    log = MeddlingLog(memory_log())
    async with feed_of(log=log) as feed:
        log.meddle["span", moment] = lambda: publish(feed, 1)
        async with asyncio.timeout(5):
            batch = await feed.wait_after("lobby", Cursor((await log.log.span("lobby")).epoch, 0), 25)
        assert numbers(batch.messages) == [1]


async def test_a_reader_that_cannot_look_is_not_left_registered() -> None:
    async def fail() -> None:
        raise Problem(503, "The disk is gone.")

    log = MeddlingLog(memory_log())
    async with feed_of(log=log) as feed:
        log.meddle["span", "after"] = fail
        with pytest.raises(Problem, match="The disk is gone"):
            await feed.follow("lobby", None, "sse").open()
        assert (feed.waiting, feed._fanout._channels) == (0, {})


async def test_a_reader_cancelled_while_it_opens_is_not_left_registered() -> None:
    log = MeddlingLog(memory_log())
    async with feed_of(log=log) as feed:
        log.meddle["span", "after"] = asyncio.Event().wait
        task = asyncio.create_task(feed.follow("lobby", None, "sse").open())
        await until(lambda: feed.waiting == 1)
        task.cancel()
        await asyncio.wait([task])
        assert feed.waiting == 0


# --- follow ---


async def test_it_starts_with_history_and_goes_on_with_what_is_new(feed: Feed) -> None:
    await publish(feed, 2)
    async with feed.follow("lobby", None, "sse") as following:
        assert numbers((await anext(following)).messages) == [1, 2]
        for number in (3, 4):
            (message,) = await publish(feed, 1)
            batch = await anext(following)
            assert (batch.messages, str(batch.cursor), batch.gap) == ([message], message.id, None)
            assert batch.cursor.number == number


async def test_from_latest_only_what_is_new_comes(feed: Feed) -> None:
    await publish(feed, 2)
    async with feed.follow("lobby", "latest", "sse") as following:
        assert (following.cursor.number, following.gap) == (2, False)
        await publish(feed, 1)
        assert numbers((await anext(following)).messages) == [3]


async def test_a_gap_is_the_first_thing_told_and_is_told_once(feed: Feed) -> None:
    await publish(feed, 12)
    async with feed.follow("lobby", await cursor_at(feed, 0), "sse") as following:
        assert following.gap
        batch = await anext(following)
        assert batch.gap == await cursor_at(feed, 2)
        told = [batch, await anext(following), await anext(following)]
        while told[-1].cursor.number < 12:
            told.append(await anext(following))
        assert [number for batch in told for number in numbers(batch.messages)] == list(range(3, 13))
        assert [batch.gap for batch in told[1:]] == [None] * (len(told) - 1)


@pytest.mark.parametrize("start", [Cursor("zzzzzzzz", 3), 0, 13])
async def test_a_reader_that_is_cut_off_before_it_hears_of_a_gap_hears_of_it_when_it_comes_back(
    feed: Feed, start: Cursor | int
) -> None:
    await publish(feed, 12)
    own = await cursor_at(feed, start) if isinstance(start, int) else start
    async with feed.follow("lobby", own, "sse") as following:
        assert following.cursor == own
    async with feed.follow("lobby", following.cursor, "websocket") as following:
        assert (await anext(following)).gap == await cursor_at(feed, 2)
        assert following.cursor == await cursor_at(feed, 6)
    batch = await feed.wait_after("lobby", own, 25)
    assert batch.gap == await cursor_at(feed, 2)


async def test_a_gap_with_nothing_after_it_is_told_at_once(feed: Feed) -> None:
    async with feed.follow("lobby", Cursor("zzzzzzzz", 3), "sse") as following:
        batch = await asyncio.wait_for(anext(following), 5)
        assert (batch.gap, batch.messages) == (await cursor_at(feed, 0), [])
        await publish(feed, 1)
        assert numbers((await anext(following)).messages) == [1]


async def test_a_reader_that_fell_behind_reads_on_from_the_log(feed: Feed) -> None:
    async with feed.follow("lobby", "latest", "sse") as following:
        await publish(feed, 9)
        batches = [await anext(following) for _ in range(3)]
        assert [numbers(batch.messages) for batch in batches] == [[1, 2, 3, 4], [5, 6, 7, 8], [9]]
        assert [(batch.gap, batch.more) for batch in batches] == [(None, True), (None, True), (None, False)]


async def test_a_reader_that_fell_behind_retention_is_told_of_the_gap(feed: Feed) -> None:
    async with feed.follow("lobby", "latest", "sse") as following:
        await publish(feed, 2)
        assert numbers((await anext(following)).messages) == [1, 2]
        await publish(feed, 12)  # 5 to 14 are kept
        batch = await anext(following)
        assert (batch.gap, numbers(batch.messages)) == (await cursor_at(feed, 4), [5, 6, 7, 8])
        assert (await anext(following)).gap is None


class ForgetfulLog(MeddlingLog):
    """A log that cannot find what it announced, and counts how often it was asked."""

    asked = 0

    async def after(self, room: str, number: int, limit: int) -> list[Message]:
        self.asked += 1
        assert self.asked < 10, "it asks again and again"
        return []


@pytest.mark.parametrize("technique", ["sse", "long-poll"])
async def test_what_the_log_has_lost_is_a_gap_and_what_is_published_later_follows(technique: Technique) -> None:
    log = ForgetfulLog(memory_log())
    async with feed_of(log=log) as feed, feed.follow("lobby", "latest", technique) as following:
        await publish(feed, 3)
        assert await anext(following) == Batch(await cursor_at(feed, 3), [], gap=await cursor_at(feed, 3))
        later = asyncio.create_task(anext(following))
        await turn()
        (message,) = await publish(feed, 1)
        assert (await later).messages == [message]
        assert log.asked == 1


async def test_the_places_of_readers_are_their_own(feed: Feed) -> None:
    async with feed.follow("lobby", "latest", "sse") as quick, feed.follow("lobby", "latest", "websocket") as slow:
        for _ in range(3):
            await publish(feed, 1)
            assert len((await anext(quick)).messages) == 1
        assert numbers((await anext(slow)).messages) == [1, 2, 3]


async def test_stop_ends_streams_and_answers_polls_and_admits_nobody_more(feed: Feed, clock: FakeClock) -> None:
    async def read() -> list[Batch]:
        async with feed.follow("lobby", "latest", "sse") as following:
            return [batch async for batch in following]

    told: list[str] = []
    feed.when_stopping(lambda: told.append("stopping"))
    streams = [asyncio.create_task(read()) for _ in range(3)]
    await until(lambda: feed.waiting == 3)
    poll = await held(feed, await cursor_at(feed, 0))
    start = await cursor_at(feed, 0)
    feed.stop()
    feed.stop()
    assert [await stream for stream in streams] == [[], [], []]
    assert await poll == Batch(start, [])
    assert (feed.waiting, clock.pending, told) == (0, 0, ["stopping"])
    with pytest.raises(Problem) as refusal:
        await feed.follow("lobby", None, "sse").open()
    assert refusal.value.status == 503


async def test_a_reader_that_opens_while_the_feed_stops_is_let_go(feed: Feed) -> None:
    log = MeddlingLog(memory_log())

    async def stop() -> None:
        feed.stop()

    async with feed_of(log=log) as feed:
        log.meddle["span", "after"] = stop
        async with feed.follow("lobby", None, "sse") as following:
            with pytest.raises(StopAsyncIteration):
                await asyncio.wait_for(anext(following), 5)


async def test_a_reader_that_left_may_leave_again(feed: Feed) -> None:
    following = feed.follow("lobby", None, "sse")
    await following.open()
    following.close()
    following.close()
    assert feed.waiting == 0
    with pytest.raises(StopAsyncIteration):
        await anext(following)
