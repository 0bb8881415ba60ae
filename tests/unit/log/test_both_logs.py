"""What every log promises, over each of them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pushdemo.log import MessageLog, Span, epoch_of
from pushdemo.messages import Cursor
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock
from tests.unit.log.conftest import Announced
from tests.unit.samples import draft, numbers

Open = Callable[..., Any]


async def fill(log: MessageLog, count: int, room: str = "lobby") -> None:
    await asyncio.gather(*(log.append(room, draft(f"text {number}")) for number in range(count)))


# --- numbers ---


async def test_numbers_count_from_1_without_holes_in_each_room(open_log: Open) -> None:
    log = await open_log()
    found = [(await log.append(room, draft())).message.number for room in ("a", "b", "a", "a", "b")]
    assert found == [1, 1, 2, 3, 2]


async def test_many_at_once_get_numbers_without_holes(open_log: Open) -> None:
    log = await open_log()
    found = await asyncio.gather(*(log.append("lobby", draft(str(number))) for number in range(500)))
    assert [outcome.message.number for outcome in found] == list(range(1, 501))
    assert [outcome.message.text for outcome in found] == [str(number) for number in range(500)]


async def test_a_message_holds_what_was_given_and_the_moment_it_was_kept(open_log: Open) -> None:
    clock = FakeClock(wall_ms=1_763_791_234_567.89)
    log = await open_log(clock)
    kept = (await log.append("lobby", draft("שלום 😀\x00", "李", "c-1"))).message
    epoch = (await log.span("lobby")).epoch
    assert kept.id == str(Cursor(epoch, 1))
    assert (kept.room, kept.sender, kept.text, kept.client_message_id) == ("lobby", "李", "שלום 😀\x00", "c-1")
    assert kept.sent_at == 1_763_791_234_567
    assert await log.after("lobby", 0, 10) == [kept]


async def test_what_is_read_back_has_the_same_bytes(open_log: Open) -> None:
    log = await open_log(messages_kept=3_000)
    await fill(log, 1_500)  # more than are kept in memory beside the disk
    first = (await log.after("lobby", 0, 1))[0]
    assert first.json == (
        b'{"id":"%s","room":"lobby","sender":"li","text":"text 0","sent_at":1763791234567}' % first.id.encode()
    )


# --- spans ---


async def test_a_room_never_published_to_has_an_epoch_and_holds_nothing(open_log: Open) -> None:
    log = await open_log()
    span = await log.span("nowhere")
    assert span == Span(span.epoch, 1, 0)
    assert Cursor.parse(f"{span.epoch}-0")
    assert await log.rooms() == {}


async def test_the_epoch_of_a_room_is_the_same_before_and_after_its_first_message(open_log: Open) -> None:
    log = await open_log()
    before = await log.span("lobby")
    message = (await log.append("lobby", draft())).message
    after = await log.span("lobby")
    assert before.epoch == after.epoch == Cursor.parse(message.id).epoch
    assert after == Span(before.epoch, 1, 1)


async def test_no_two_rooms_have_the_same_epoch(open_log: Open) -> None:
    log = await open_log()
    epochs = {(await log.span(f"room-{number}")).epoch for number in range(1_000)}
    assert len(epochs) == 1_000


def test_an_epoch_is_short_and_depends_on_life_and_room() -> None:
    assert epoch_of("life", "lobby") == epoch_of("life", "lobby")
    assert len({epoch_of(life, room) for life in ("a", "b") for room in ("x", "y")}) == 4
    assert len(epoch_of("life", "lobby")) == 8


async def test_rooms_lists_what_was_published_to(open_log: Open) -> None:
    log = await open_log()
    await fill(log, 3, "b")
    await fill(log, 1, "a")
    await log.span("only-read")
    spans = await log.rooms()
    assert {name: (span.oldest, span.newest) for name, span in spans.items()} == {"a": (1, 1), "b": (1, 3)}


# --- reading ---


async def test_after_at_all_its_edges(open_log: Open) -> None:
    log = await open_log(messages_kept=4)
    await fill(log, 10)
    assert await log.span("lobby") == Span((await log.span("lobby")).epoch, 7, 10)
    table = {
        (0, 100): [7, 8, 9, 10],
        (5, 100): [7, 8, 9, 10],
        (6, 100): [7, 8, 9, 10],
        (7, 100): [8, 9, 10],
        (9, 100): [10],
        (10, 100): [],
        (11, 100): [],
        (10**29, 100): [],
        (0, 2): [7, 8],
        (6, 1): [7],
        (7, 3): [8, 9, 10],
        (8, 1): [9],
        (9, 1): [10],
    }
    found = {(number, limit): numbers(await log.after("lobby", number, limit)) for number, limit in table}
    assert found == table


async def test_after_in_a_room_that_is_not_there_gives_nothing(open_log: Open) -> None:
    log = await open_log()
    assert await log.after("nowhere", 0, 10) == []


async def test_from_every_place_the_next_ones_follow(open_log: Open) -> None:
    log = await open_log()
    await fill(log, 2_000)
    for number in (0, 1, 100, 975, 976, 977, 1_983, 1_984, 1_990, 1_999, 2_000):
        for limit in (1, 16, 17, 500):
            expected = list(range(number + 1, min(2_000, number + limit) + 1))
            assert numbers(await log.after("lobby", number, limit)) == expected


async def test_what_was_read_does_not_change_when_more_is_published(open_log: Open) -> None:
    log = await open_log(messages_kept=3)
    await fill(log, 3)
    found = await log.after("lobby", 0, 10)
    await fill(log, 3)
    assert numbers(found) == [1, 2, 3]


# --- retention ---


async def test_of_each_room_the_newest_are_kept(open_log: Open) -> None:
    log = await open_log(messages_kept=3)
    await fill(log, 5, "busy")
    await fill(log, 2, "quiet")
    assert numbers(await log.after("busy", 0, 10)) == [3, 4, 5]
    assert numbers(await log.after("quiet", 0, 10)) == [1, 2]


async def test_one_message_can_be_all_that_is_kept(open_log: Open) -> None:
    log = await open_log(messages_kept=1)
    await fill(log, 3)
    assert numbers(await log.after("lobby", 0, 10)) == [3]
    span = await log.span("lobby")
    assert (span.oldest, span.newest) == (3, 3)


# --- idempotency ---


async def test_the_same_key_gives_the_first_message_again(open_log: Open, announced: Announced) -> None:
    log = await open_log()
    first = await log.append("lobby", draft("hi", key="c-1"))
    again = await log.append("lobby", draft("hi", key="c-1"))
    assert (first.created, again.created) == (True, False)
    assert again.message == first.message
    assert announced == [("lobby", 1)]
    assert (await log.append("lobby", draft("next"))).message.number == 2


async def test_another_text_under_the_same_key_is_409_and_names_the_first(open_log: Open) -> None:
    log = await open_log()
    first = (await log.append("lobby", draft("hi", key="c-1"))).message
    with pytest.raises(Problem) as refusal:
        await log.append("lobby", draft("ho", key="c-1"))
    assert (refusal.value.status, refusal.value.detail) == (
        409,
        f"client_message_id 'c-1' of this sender already stands for another text, that of message {first.id}.",
    )
    assert numbers(await log.after("lobby", 0, 10)) == [1]


async def test_a_key_is_of_one_room_and_one_sender(open_log: Open) -> None:
    log = await open_log()
    outcomes = [
        await log.append("a", draft("1", "li", "c-1")),
        await log.append("b", draft("2", "li", "c-1")),
        await log.append("a", draft("3", "mo", "c-1")),
        await log.append("a", draft("4", "li", "C-1")),
    ]
    assert all(outcome.created for outcome in outcomes)


async def test_without_a_key_the_same_text_is_another_message(open_log: Open) -> None:
    log = await open_log()
    outcomes = [await log.append("lobby", draft("hi")) for _ in range(3)]
    assert [outcome.message.number for outcome in outcomes] == [1, 2, 3]


async def test_two_at_once_under_one_key_give_one_message(open_log: Open, announced: Announced) -> None:
    log = await open_log()
    outcomes = await asyncio.gather(*(log.append("lobby", draft("hi", key="c-1")) for _ in range(20)))
    assert [outcome.created for outcome in outcomes] == [True] + [False] * 19
    assert {outcome.message.id for outcome in outcomes} == {outcomes[0].message.id}
    assert announced == [("lobby", 1)]


async def test_two_texts_at_once_under_one_key_give_one_message_and_one_409(open_log: Open) -> None:
    log = await open_log()
    first, second = await asyncio.gather(
        log.append("lobby", draft("hi", key="c-1")),
        log.append("lobby", draft("ho", key="c-1")),
        return_exceptions=True,
    )
    assert first.created
    assert isinstance(second, Problem)
    assert second.status == 409


async def test_the_key_goes_with_its_message(open_log: Open) -> None:
    log = await open_log(messages_kept=2)
    await log.append("lobby", draft("hi", key="c-1"))
    await log.append("lobby", draft("second"))
    assert not (await log.append("lobby", draft("hi", key="c-1"))).created
    await log.append("lobby", draft("third"))  # now the first is gone
    again = await log.append("lobby", draft("other text", key="c-1"))
    assert again.created
    assert again.message.number == 4


# --- room limit ---


async def test_a_room_too_many_is_503_and_the_others_go_on(open_log: Open, announced: Announced) -> None:
    log = await open_log(max_rooms=2)
    for room in ("a", "b"):
        await log.append(room, draft())
    with pytest.raises(Problem) as refusal:
        await log.append("c", draft())
    assert (refusal.value.status, refusal.value.detail) == (
        503,
        "This server keeps 2 rooms at most, and there are so many; publish to one of them.",
    )
    assert (await log.append("a", draft())).message.number == 2
    assert set(await log.rooms()) == {"a", "b"}
    assert await log.after("c", 0, 10) == []
    assert announced.of("c") == []


async def test_of_too_many_rooms_at_once_as_many_are_made_as_may_be(open_log: Open) -> None:
    log = await open_log(max_rooms=3)
    outcomes = await asyncio.gather(
        *(log.append(f"room-{number}", draft()) for number in range(10)), return_exceptions=True
    )
    assert [isinstance(outcome, Problem) for outcome in outcomes] == [False] * 3 + [True] * 7
    assert len(await log.rooms()) == 3


# --- announcements ---


async def test_every_message_is_announced_once_and_in_order(open_log: Open, announced: Announced) -> None:
    log = await open_log()
    await asyncio.gather(*(log.append("ab"[number % 2], draft(str(number))) for number in range(200)))
    assert announced.of("a") == list(range(1, 101))
    assert announced.of("b") == list(range(1, 101))


async def test_a_message_is_announced_before_its_publisher_is_answered(open_log: Open, announced: Announced) -> None:
    log = await open_log()

    async def append() -> bool:
        message = (await log.append("lobby", draft())).message
        return ("lobby", message.number) in announced

    assert all(await asyncio.gather(*(append() for _ in range(50))))


async def test_when_a_message_is_announced_the_log_already_holds_it(
    make_log: Callable[..., MessageLog],
) -> None:
    log, seen = make_log(), []

    async def look(number: int) -> None:
        seen.append((number, (await log.span("lobby")).newest >= number, numbers(await log.after("lobby", 0, 99))))

    looks: list[asyncio.Task[None]] = []
    await log.open(lambda room, messages: looks.extend(asyncio.create_task(look(m.number)) for m in messages))
    await fill(log, 5)
    await asyncio.gather(*looks)
    await log.close()
    assert [number for number, *_ in seen] == [1, 2, 3, 4, 5]
    assert all(known and number in held for number, known, held in seen)


async def test_a_publisher_that_is_cancelled_does_not_undo_what_was_kept(open_log: Open, announced: Announced) -> None:
    log = await open_log()
    task = asyncio.create_task(log.append("lobby", draft("first")))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    second = (await log.append("lobby", draft("second"))).message
    assert second.number == 2
    assert announced == [("lobby", 1), ("lobby", 2)]
