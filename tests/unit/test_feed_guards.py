"""The gates of rooms, and what the server says itself."""

import pytest

from pushdemo.feed import Feed
from pushdemo.messages import Draft
from pushdemo.problems import Problem
from tests.unit.samples import draft, feed_of


def only_seats(asked: Draft, seat: str | None) -> None:
    if seat != "s":
        raise Problem(403, f"not {asked.sender}")


async def refused(feed: Feed, room: str, **more: str) -> str:
    with pytest.raises(Problem) as problem:
        await feed.publish(room, draft(), **more)
    return problem.value.detail


async def test_the_gate_of_a_room_is_asked_with_the_draft_and_the_seat() -> None:
    async with feed_of() as feed:
        feed.guard("lobby", only_seats)
        assert await refused(feed, "lobby") == "not li"
        assert await refused(feed, "lobby", seat="t") == "not li"
        assert (feed.refused, feed.published) == (2, 0)
        await feed.publish("lobby", draft(), seat="s")
        await feed.publish("elsewhere", draft())
        assert feed.published == 2


async def test_what_is_malformed_does_not_come_before_the_gate() -> None:
    async with feed_of() as feed:
        feed.guard("lobby", only_seats)
        with pytest.raises(Problem) as problem:
            await feed.publish("lobby", draft(""))
        assert problem.value.status == 422


async def test_a_room_without_its_gate_is_everybodys_again() -> None:
    async with feed_of() as feed:
        feed.guard("lobby", only_seats)
        feed.unguard("lobby")
        feed.unguard("lobby")
        await feed.publish("lobby", draft())


async def test_the_server_itself_needs_no_seat_and_is_not_too_fast() -> None:
    async with feed_of(publish_rate=1, sender_rate=1, sender_burst=1) as feed:
        feed.guard("lobby", only_seats)
        for number in range(5):
            await feed.publish("lobby", draft(f"{number}"), "192.0.2.1", limited=False)
        assert feed.published == 5


async def test_who_is_kept_out_uses_up_nothing_of_what_the_sender_may_send() -> None:
    async with feed_of(publish_rate=100, sender_rate=1, sender_burst=1) as feed:
        feed.guard("lobby", only_seats)
        for _ in range(3):
            assert await refused(feed, "lobby") == "not li"
        await feed.publish("lobby", draft(), seat="s")
        assert "One sender may publish" in await refused(feed, "lobby", seat="s")
