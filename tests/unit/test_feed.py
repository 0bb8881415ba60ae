"""The feed: where reading starts, what a poll carries, and when there is a gap."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushdemo.feed import TECHNIQUES, Feed, RoomState
from pushdemo.following import Start, starting_place
from pushdemo.log import Appended, Span
from pushdemo.messages import Cursor, Draft
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock
from tests.unit.logs_that_meddle import MeddlingLog
from tests.unit.samples import cursor_at, draft, feed_of, memory_log, numbers, publish


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    async with feed_of(history_messages=3, poll_messages=4, messages_kept=10) as feed:
        yield feed


# --- where reading starts ---

KEPT_5_TO_9 = Span("e", 5, 9)
NEW_ROOM = Span("e", 1, 0)


@pytest.mark.parametrize(
    ("start", "span", "place"),
    [
        (None, KEPT_5_TO_9, (6, False)),
        (None, Span("e", 8, 9), (7, False)),  # fewer are kept than history would give
        (None, Span("e", 1, 2), (0, False)),
        (None, NEW_ROOM, (0, False)),
        ("latest", KEPT_5_TO_9, (9, False)),
        ("latest", NEW_ROOM, (0, False)),
        (Cursor("e", 9), KEPT_5_TO_9, (9, False)),
        (Cursor("e", 8), KEPT_5_TO_9, (8, False)),
        (Cursor("e", 5), KEPT_5_TO_9, (5, False)),
        (Cursor("e", 4), KEPT_5_TO_9, (4, False)),  # 5, the next, is still kept
        (Cursor("e", 3), KEPT_5_TO_9, (4, True)),  # 4, the next, is not
        (Cursor("e", 0), KEPT_5_TO_9, (4, True)),
        (Cursor("e", 10), KEPT_5_TO_9, (4, True)),  # above the newest
        (Cursor("e", 10**29), KEPT_5_TO_9, (4, True)),
        (Cursor("f", 9), KEPT_5_TO_9, (4, True)),  # of another epoch
        (Cursor("f", 0), KEPT_5_TO_9, (4, True)),
        (Cursor("e", 0), Span("e", 1, 9), (0, False)),
        (Cursor("e", 0), NEW_ROOM, (0, False)),
        (Cursor("e", 1), NEW_ROOM, (0, True)),
        (Cursor("f", 0), NEW_ROOM, (0, True)),
    ],
)
def test_reading_starts_at(start: Start, span: Span, place: tuple[int, bool]) -> None:
    assert starting_place(start, span, history=3) == place


@given(st.integers(0, 12), st.integers(1, 10), st.integers(-1, 5), st.sampled_from("ef"))
def test_there_is_a_gap_if_and_only_if_something_after_the_cursor_cannot_be_given(
    number: int, oldest: int, more: int, epoch: str
) -> None:
    newest = oldest + more
    place, gap = starting_place(Cursor(epoch, number), Span("e", oldest, newest), history=3)
    whole = epoch == "e" and (number == newest or oldest <= number + 1 <= newest)
    assert gap is not whole
    assert place == (number if whole else oldest - 1)


# --- looking once ---


async def test_without_a_cursor_the_last_messages_come_first(feed: Feed) -> None:
    await publish(feed, 5)
    batch = await feed.after("lobby", None)
    assert (numbers(batch.messages), batch.gap, batch.more) == ([3, 4, 5], None, False)
    assert str(batch.cursor) == batch.messages[-1].id


async def test_with_the_defaults_the_last_fifty_come_first() -> None:
    async with feed_of() as feed:
        await publish(feed, 60)
        assert numbers((await feed.after("lobby", None)).messages) == list(range(11, 61))


async def test_latest_gives_the_cursor_of_now_and_nothing_else(feed: Feed) -> None:
    await publish(feed, 2)
    batch = await feed.after("lobby", "latest")
    assert (batch.cursor.number, batch.messages, batch.gap, batch.more) == (2, [], None, False)


async def test_latest_of_a_room_that_is_not_there_is_before_everything_and_makes_no_room(feed: Feed) -> None:
    cursor = (await feed.after("nowhere", "latest")).cursor
    assert cursor.number == 0
    assert await feed.rooms() == []
    await publish(feed, 1, "nowhere")
    batch = await feed.after("nowhere", cursor)
    assert (numbers(batch.messages), batch.gap) == ([1], None)


async def test_the_cursor_is_that_of_the_last_message_in_the_answer(feed: Feed) -> None:
    await publish(feed, 7)
    batch = await feed.after("lobby", await cursor_at(feed, 1))
    assert (numbers(batch.messages), batch.cursor.number, batch.more) == ([2, 3, 4, 5], 5, True)
    batch = await feed.after("lobby", batch.cursor)
    assert (numbers(batch.messages), batch.cursor.number, batch.more) == ([6, 7], 7, False)
    batch = await feed.after("lobby", batch.cursor)
    assert (batch.messages, batch.cursor.number, batch.more) == ([], 7, False)


async def test_a_poll_that_carries_all_there_is_says_no_more(feed: Feed) -> None:
    await publish(feed, 4)
    batch = await feed.after("lobby", await cursor_at(feed, 0))
    assert (numbers(batch.messages), batch.more) == ([1, 2, 3, 4], False)


async def test_with_the_defaults_a_poll_carries_five_hundred() -> None:
    async with feed_of() as feed:
        await publish(feed, 501)
        batch = await feed.after("lobby", await cursor_at(feed, 0))
        assert (len(batch.messages), batch.more) == (500, True)


async def test_ones_own_messages_come_back(feed: Feed) -> None:
    published = (await feed.publish("lobby", draft("mine", "me"))).message
    assert (await feed.after("lobby", None)).messages == [published]


@pytest.mark.parametrize("place", ["trimmed", "above the newest", "another epoch", "another room"])
async def test_a_gap_is_told_and_everything_still_kept_follows(feed: Feed, place: str) -> None:
    await publish(feed, 12)
    await publish(feed, 3, "other")
    start = {
        "trimmed": await cursor_at(feed, 1),
        "above the newest": await cursor_at(feed, 13),
        "another epoch": Cursor("zzzzzzzz", 12),
        "another room": await cursor_at(feed, 3, "other"),
    }[place]
    here = await cursor_at(feed, 2)
    batch = await feed.after("lobby", start)
    assert batch.gap == here
    assert (numbers(batch.messages), batch.more) == ([3, 4, 5, 6], True)
    batch = await feed.after("lobby", batch.cursor)
    assert (batch.gap, numbers(batch.messages)) == (None, [7, 8, 9, 10])


async def test_the_oldest_place_that_can_be_resumed_is_no_gap(feed: Feed) -> None:
    await publish(feed, 12)
    batch = await feed.after("lobby", await cursor_at(feed, 2))
    assert (batch.gap, numbers(batch.messages)) == (None, [3, 4, 5, 6])


async def test_in_an_empty_room_a_foreign_cursor_is_a_gap_with_nothing_after_it(feed: Feed) -> None:
    batch = await feed.after("nowhere", Cursor("zzzzzzzz", 4))
    assert batch.gap == batch.cursor == await cursor_at(feed, 0, "nowhere")
    assert batch.messages == []


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_what_is_trimmed_while_a_poll_reads_is_a_gap(moment: str) -> None:
    log = MeddlingLog(memory_log(messages_kept=3))
    async with feed_of(log=log) as feed:
        await publish(feed, 3)
        start = await cursor_at(feed, 0)
        log.meddle["after", moment] = lambda: publish(feed, 2)
        batch = await feed.after("lobby", start)
        if moment == "before":
            assert (batch.gap, numbers(batch.messages)) == (Cursor(start.epoch, 2), [3, 4, 5])
        else:
            assert (batch.gap, numbers(batch.messages)) == (None, [1, 2, 3])


# --- who may ask what ---


@pytest.mark.parametrize("room", ["", "a b", "x" * 65])
async def test_a_bad_rooms_name_is_refused_however_it_is_asked_for(feed: Feed, room: str) -> None:
    for asking in (feed.after(room, None), feed.wait_after(room, None, 1), feed.follow(room, None, "sse").open()):
        with pytest.raises(Problem, match=r"^A room's name has") as refusal:
            await asking
        assert refusal.value.status == 400
    with pytest.raises(Problem, match=r"^A room's name has"):
        await feed.publish(room, draft())
    assert feed.waiting == 0


async def test_a_feed_that_is_not_open_refuses_everything_with_503() -> None:
    feed = feed_of()
    for again in (False, True):
        for asking in (
            feed.after("lobby", None),
            feed.wait_after("lobby", None, 1),
            feed.follow("lobby", None, "sse").open(),
            feed.publish("lobby", draft()),
        ):
            with pytest.raises(Problem) as refusal:
                await asking
            assert (refusal.value.status, refusal.value.retry_after_s) == (503, 1)
        if not again:
            async with feed:
                await feed.publish("lobby", draft())


# --- what it tells of itself ---


async def test_rooms_tells_names_counts_and_readers(feed: Feed) -> None:
    await publish(feed, 12, "busy")
    await publish(feed, 1, "a-room")
    async with (
        feed.follow("busy", None, "sse"),
        feed.follow("busy", None, "sse"),
        feed.follow("empty", None, "websocket"),
    ):
        nobody = dict.fromkeys(TECHNIQUES, 0)
        assert await feed.rooms() == [RoomState("a-room", 1, nobody), RoomState("busy", 10, nobody | {"sse": 2})]
        assert feed.subscribers() == nobody | {"sse": 2, "websocket": 1}
        assert feed.waiting == 3
    assert feed.waiting == 0


async def test_it_counts_what_was_published_refused_and_delivered(feed: Feed) -> None:
    await feed.publish("lobby", draft("hi", key="c-1"))
    await feed.publish("lobby", draft("hi", key="c-1"))
    for bad in (draft("ho", key="c-1"), draft(""), draft("x" * 4_001)):
        with pytest.raises(Problem):
            await feed.publish("lobby", bad)
    await feed.after("lobby", None)
    await feed.wait_after("lobby", None, 1)
    async with feed.follow("lobby", None, "sse") as following:
        await anext(following)
    assert (feed.published, feed.refused) == (1, 3)
    assert dict(feed.delivered) == dict.fromkeys(TECHNIQUES, 0) | {"short-poll": 1, "long-poll": 1, "sse": 1}


async def test_a_repeated_publish_is_answered_with_the_first_message(feed: Feed) -> None:
    first = await feed.publish("lobby", draft("hi", key="c-1"))
    again = await feed.publish("lobby", draft("hi", key="c-1"))
    assert (first.created, again.created, again.message) == (True, False, first.message)


# --- limits ---


async def test_too_many_from_one_address_are_429_and_may_come_again_later() -> None:
    clock = FakeClock()
    async with feed_of(clock, publish_rate=5, sender_rate=0) as feed:
        for number in range(5):
            await feed.publish("lobby", draft(str(number)), "192.0.2.7")
        with pytest.raises(Problem) as refusal:
            await feed.publish("lobby", draft("6"), "192.0.2.7")
        assert (refusal.value.status, refusal.value.retry_after_s) == (429, 1)
        assert refusal.value.detail == "This address may publish 5 messages a second."
        await feed.publish("lobby", draft("of another"), "192.0.2.8")
        await feed.publish("lobby", draft("of nobody knows whom"))
        clock.advance(1)
        await feed.publish("lobby", draft("7"), "192.0.2.7")
        assert (feed.published, feed.refused) == (8, 1)


async def test_too_many_of_one_sender_are_429_and_may_come_again_later() -> None:
    clock = FakeClock()
    async with feed_of(clock, publish_rate=200) as feed:
        for number in range(30):
            await feed.publish("lobby", draft(str(number)), "192.0.2.7")
        with pytest.raises(Problem) as refusal:
            await feed.publish("lobby", draft("31"), "192.0.2.7")
        assert (refusal.value.status, refusal.value.retry_after_s) == (429, 1)
        assert refusal.value.detail == ("One sender may publish 10 messages a second, and 30 at once after a silence.")
        await feed.publish("lobby", draft("of another", "mo"), "192.0.2.7")
        await feed.publish("other-room", draft("elsewhere"), "192.0.2.7")
        clock.advance(0.5)
        for number in range(5):
            await feed.publish("lobby", draft(str(number)), "192.0.2.7")
        with pytest.raises(Problem, match="^One sender may publish"):
            await feed.publish("lobby", draft("too soon"), "192.0.2.7")


async def test_publish_rate_0_lifts_both_limits() -> None:
    async with feed_of(publish_rate=0) as feed:
        for number in range(1_000):
            await feed.publish("lobby", draft(str(number)), "192.0.2.7")
        assert feed.published == 1_000


async def test_a_reader_too_many_is_503_until_another_leaves() -> None:
    async with feed_of(max_connections=2) as feed, feed.follow("a", None, "sse"):
        async with feed.follow("b", None, "websocket"):
            for asking in (feed.wait_after("c", None, 1), feed.follow("c", None, "sse").open()):
                with pytest.raises(Problem) as refusal:
                    await asking
                assert (refusal.value.status, refusal.value.retry_after_s) == (503, 5)
                assert refusal.value.detail == "This server holds 2 connections, and has them."
            assert (await feed.after("c", None)).messages == []  # a short poll holds none
        async with feed.follow("c", None, "sse"):
            assert feed.waiting == 2


async def test_of_the_feeds_own_limits_drafts_are_held_to() -> None:
    async with feed_of(sender_characters=3, text_characters=5) as feed:
        await feed.publish("lobby", draft("12345", "abc"))
        with pytest.raises(Problem, match="^text has 1 to 5 characters; this one has 6"):
            await feed.publish("lobby", draft("123456", "abc"))
        with pytest.raises(Problem, match="^sender has 1 to 3 characters; this one has 4"):
            await feed.publish("lobby", draft("12345", "abcd"))


# --- what the fan-out knows of publishing ---


async def test_while_a_message_is_being_kept_passes_know_of_it() -> None:
    log = MeddlingLog(memory_log())
    under_way: list[int] = []

    class Watched(MeddlingLog):
        async def append(self, room: str, draft: Draft) -> Appended:
            under_way.append(feed._fanout._rhythm._publishing)
            return await super().append(room, draft)

    async with feed_of(log=Watched(log)) as feed:
        await publish(feed, 2)
        under_way.append(feed._fanout._rhythm._publishing)
    assert under_way == [1, 1, 0]
