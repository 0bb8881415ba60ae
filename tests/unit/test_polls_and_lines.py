"""Held polls and lines in one room: whatever they do, and whenever, everybody gets everything once and in order."""

import asyncio
import random
import re
from typing import Any

import pytest
from starlette.responses import Response

from pushdemo.fanout import LATEST_BYTES, LATEST_MESSAGES, Fanout
from pushdemo.feed import Feed
from pushdemo.line import Ending, Framing
from pushdemo.messages import Cursor
from pushdemo.protocols.held_poll import HeldPoll, poll_framing
from tests.support.fake_clock import FakeClock, turn
from tests.unit.logs_that_meddle import SlowLog
from tests.unit.samples import cursor_at, feed_of, memory_log, message, messages, numbers, publish
from tests.unit.test_lines import WORDS, FakeLine, handed_over

ID, CURSOR = (re.compile(rb'"%b":"[^"]+-([0-9]+)"' % name) for name in (b"id", b"cursor"))
STEPS = 200
CLIENTS = 6
FRAMING = poll_framing(500, lambda response: bytes(response.body))


class Polling:
    """A connection that polls: what it got, and where it stands; `moves_on`: another request waits behind its poll."""

    timeout_keep_alive = 60

    def __init__(self, feed: Feed, cursor: Cursor, *, moves_on: bool = False) -> None:
        self.loop = asyncio.get_running_loop()
        self._cursor = cursor
        self._moves_on = moves_on
        self.start = self.at = cursor.number
        self.got: list[int] = []
        self.is_gone = False
        self._feed = feed

    async def begin(self) -> "Polling":
        following = self._feed.follow("lobby", self._cursor, "long-poll")
        await following.open()
        self.poll = HeldPoll(self, following, 10_000, self._request())
        return self

    def _request(self) -> bytes:
        after = Cursor(self._cursor.epoch, self.at)
        return f"GET /api/rooms/lobby/long-poll?after={after} HTTP/1.1\r\nHost: here\r\n\r\n".encode()

    @property
    def poll_framing(self) -> Framing:
        return FRAMING

    def response_bytes(self, response: Response) -> bytes:
        return bytes(response.body)

    def timeout_keep_alive_handler(self) -> None:
        raise AssertionError

    def answer(self, response: bytes) -> None:
        self.got += [int(number) for number in ID.findall(response)]
        found = CURSOR.search(response)
        assert found is not None
        self.at = int(found[1])
        if self._moves_on:
            self.leave()

    def ask_again(self) -> None:
        if not self.is_gone and not self.poll.is_held:
            assert self.poll.again(self._request())

    def leave(self) -> None:
        if not self.is_gone:
            self.is_gone = True
            self.poll.lost()


class Lobby:
    """A room with clients that come, read, leave and publish at random."""

    def __init__(self, feed: Feed, draw: random.Random, clock: FakeClock, epoch: str) -> None:
        self.feed = feed
        self.draw = draw
        self.clock = clock
        self.epoch = epoch
        self.published = 0
        self.polls: list[Polling] = []
        self.lines: list[tuple[int, FakeLine]] = []

    async def step(self) -> None:
        draw = self.draw
        match draw.randrange(8):
            case 0 | 1:
                self.published += len(await publish(self.feed, draw.choice((1, 1, 2, 3, LATEST_MESSAGES + 8))))
            case 2 if len(self.polls) < CLIENTS:
                newest = Cursor(self.epoch, self.published)
                self.polls.append(await Polling(self.feed, newest, moves_on=draw.random() < 0.3).begin())
            case 3 | 4 if self.polls:
                draw.choice(self.polls).ask_again()
            case 5 if len(self.lines) < CLIENTS:
                start, line = draw.randrange(max(0, self.published - 5), self.published + 1), FakeLine()
                line.takes = draw.randrange(1, 4)
                self.lines.append((start, line))
                await handed_over(self.feed, line, Cursor(self.epoch, start))
            case 6 if self.lines:
                draw.choice(self.lines)[1].empty(draw.randrange(1, 4))
            case 7 if self.polls and draw.random() < 0.5:
                polling = draw.choice(self.polls)
                if draw.random() < 0.5:
                    polling.poll.end(Ending.LATER)
                else:
                    polling.leave()
            case _:
                await turn(draw.randrange(1, 4))
                self.clock.advance(0.001)

    async def end(self) -> None:
        """Let everybody take what is left."""
        for _ in range(10):
            for polling in self.polls:
                if polling.at < self.published:
                    polling.ask_again()
            for _, line in self.lines:
                line.empty()
            await turn(20)
            self.clock.advance(1)


@pytest.mark.parametrize("seed", range(30))
async def test_whatever_polls_and_lines_do_nothing_is_lost_doubled_or_out_of_order(seed: int) -> None:
    draw, clock = random.Random(seed), FakeClock()
    log = memory_log(clock)
    slow = SlowLog(log, lambda: draw.randrange(3)) if draw.random() < 0.5 else log
    async with feed_of(clock, slow) as feed:
        lobby = Lobby(feed, draw, clock, (await cursor_at(feed, 0)).epoch)
        for _ in range(STEPS):
            await lobby.step()
        await lobby.end()
        for polling in lobby.polls:
            last = polling.at if polling.is_gone else lobby.published
            assert polling.got == list(range(polling.start + 1, last + 1))
        for start, line in lobby.lines:
            assert line.numbers == list(range(start + 1, lobby.published + 1))


async def test_a_poll_that_leaves_in_the_middle_of_a_pass_takes_nothing_from_the_others() -> None:
    async with feed_of() as feed:
        start = await cursor_at(feed, 0)
        await Polling(feed, start, moves_on=True).begin()
        line = FakeLine()
        await handed_over(feed, line, start)
        for _ in range(3):
            await publish(feed, 1)
        await turn()
        await publish(feed, 1)
        await turn()
        assert line.numbers == [1, 2, 3, 4]


async def test_a_poll_far_behind_is_answered_from_the_log() -> None:
    async with feed_of() as feed:
        start = await cursor_at(feed, 0)
        polling = await Polling(feed, start).begin()
        await publish(feed, 1)
        await turn()
        assert polling.got == [1]
        await publish(feed, LATEST_MESSAGES + 1)
        await turn()
        polling.ask_again()
        await turn()
        assert polling.got == list(range(1, LATEST_MESSAGES + 3))


class Waiting:
    """A log whose reads end when they are let."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self.let = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def after(self, *arguments: Any) -> Any:
        await self.let.wait()
        return await self._log.after(*arguments)


async def test_a_read_that_ends_after_its_poll_has_come_again_is_not_taken_for_the_new_one() -> None:
    clock = FakeClock()
    log = Waiting(memory_log(clock))
    async with feed_of(clock, log) as feed:  # type: ignore[arg-type]
        start = await cursor_at(feed, 0)
        polling = await Polling(feed, start).begin()
        polling.poll.end(Ending.LATER)
        await publish(feed, LATEST_MESSAGES + 8)
        await turn()
        polling.ask_again()
        await turn()
        assert polling.poll.is_held
        polling.poll.end(Ending.LATER)  # its time is up while the log is read
        log.let.set()
        polling.ask_again()
        await turn()
        assert polling.got == list(range(1, LATEST_MESSAGES + 9))


# --- what is kept at hand for polls ---


def kept_channel(fanout: Fanout) -> Any:
    channel = fanout.subscribe("lobby", "long-poll").channel
    fanout.keep(channel)
    return channel


@pytest.mark.parametrize("has_lines", [False, True])
async def test_what_is_kept_at_hand_is_bounded_in_number(has_lines: bool) -> None:
    fanout = Fanout(clock=FakeClock())
    channel = kept_channel(fanout)
    if has_lines:
        fanout.join(fanout.subscribe("lobby", "sse"), FakeLine(), WORDS)  # type: ignore[arg-type]
    for first in range(1, 200, 10):
        fanout.announce("lobby", messages(first, first + 9))
        await turn()
    assert numbers(channel.latest) == list(range(201 - LATEST_MESSAGES, 201))


async def test_what_is_kept_at_hand_is_bounded_in_bytes() -> None:
    fanout = Fanout(clock=FakeClock())
    channel = kept_channel(fanout)
    for number in range(1, 20):
        fanout.announce("lobby", [message(number, text="x" * (LATEST_BYTES // 4))])
    assert numbers(channel.latest) == [17, 18, 19]
    fanout.announce("lobby", [message(20, text="x" * LATEST_BYTES)])
    assert channel.latest == []
