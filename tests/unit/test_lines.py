"""Lines: connections that the fan-out writes to by itself, and what becomes of those that do not take it."""

import random

import pytest

from pushdemo.fanout import LATEST_MESSAGES, Fanout
from pushdemo.feed import Feed
from pushdemo.following import PIECE_MESSAGES, Following, Start
from pushdemo.line import Carried, Ending, Framing, Words
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, turn, until
from tests.unit.logs_that_meddle import MeddlingLog
from tests.unit.samples import cursor_at, feed_of, memory_log, messages, numbers, publish

WORDS = Words(lambda message: message, lambda cursor: cursor, heartbeat="beat")
STEPS = 200


def as_it_is(pieces: list[object]) -> list[object]:
    """Frame nothing, so that a test sees what was said."""
    return pieces


class FakeLine:
    """A connection that keeps what is written to it; `takes` says how many writes it takes before it is full."""

    framing: Framing = staticmethod(as_it_is)  # type: ignore[assignment]

    def __init__(self) -> None:
        self.writes: list[list[object]] = []
        self.takes = 1_000_000
        self.full = False
        self.reader: Carried | None = None
        self.ending: Ending | None = None

    @property
    def transport(self) -> "FakeLine":
        return self

    @property
    def takes_more(self) -> bool:
        return not self.full and self.ending is None

    def carry(self, reader: Carried) -> None:
        self.reader = reader

    def write(self, data: list[object]) -> None:
        self.writes.append(data)
        if len(self.writes) >= self.takes and not self.full:
            self.full = True
            if self.reader is not None:
                self.reader.paused()

    def empty(self, takes: int = 1_000_000) -> None:
        """Take what was written, and `takes` writes more."""
        self.takes = len(self.writes) + takes
        if self.full:
            self.full = False
            assert self.reader is not None
            self.reader.resumed()

    def end(self, ending: Ending) -> None:
        self.ending = ending

    @property
    def said(self) -> list[object]:
        """What was written, piece after piece."""
        return [piece for write in self.writes for piece in write]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the messages among it."""
        return numbers([piece for piece in self.said if isinstance(piece, Message)])


async def lined(feed: Feed, start: Start = "latest", takes: int = 1_000_000) -> FakeLine:
    """Return the line of a reader of the lobby."""
    line = FakeLine()
    line.takes = takes
    await handed_over(feed, line, start)
    return line


async def handed_over(feed: Feed, line: FakeLine, start: Start = "latest") -> Following:
    following = feed.follow("lobby", start, "sse")
    await following.open()
    await following.hand_over(line, WORDS)  # type: ignore[arg-type]
    return following


async def test_what_is_published_is_written_to_every_line_in_one_write_that_all_share() -> None:
    async with feed_of() as feed:
        lines = [await lined(feed) for _ in range(3)]
        (first,) = await publish(feed, 1)
        await turn()
        assert [line.said for line in lines] == [[first]] * 3
        assert lines[0].writes[0] is lines[1].writes[0] is lines[2].writes[0]
        assert feed.delivered["sse"] == 3


async def test_a_message_that_comes_alone_goes_out_in_the_next_turn_of_the_loop() -> None:
    async with feed_of() as feed:
        line = await lined(feed)
        for count in range(1, 4):
            await publish(feed, 1)
            await turn()
            assert len(line.writes) == count
            await turn()


async def test_messages_that_come_together_go_out_in_one_write() -> None:
    async with feed_of() as feed:
        line = await lined(feed)
        await publish(feed, 5)
        await until(lambda: line.numbers == [1, 2, 3, 4, 5])
        assert len(line.writes) == 1


async def test_who_joins_while_messages_wait_gets_only_those_after_its_place() -> None:
    async with feed_of() as feed:
        early = await lined(feed)
        await publish(feed, 2)  # waits for the next turn
        late = await lined(feed)
        await publish(feed, 1)
        await until(lambda: early.numbers == [1, 2, 3])
        assert late.numbers == [3]
        await publish(feed, 1)
        await until(lambda: late.numbers == [3, 4])
        assert early.numbers == [1, 2, 3, 4]


async def test_what_a_reader_has_not_got_is_written_before_the_fan_out_goes_on() -> None:
    async with feed_of() as feed:
        await publish(feed, PIECE_MESSAGES + 1)
        line = await lined(feed, await cursor_at(feed, 0))
        assert [len(write) for write in line.writes] == [PIECE_MESSAGES, 1]
        await publish(feed, 1)
        await turn()
        assert line.numbers == list(range(1, PIECE_MESSAGES + 3))


async def test_a_gap_is_told_first() -> None:
    async with feed_of() as feed:
        (message,) = await publish(feed, 1)
        line = await lined(feed, Cursor("zzzz", 7))
        assert line.said == [await cursor_at(feed, 0), message]


async def test_a_line_that_is_full_is_left_alone_and_gets_the_rest_from_the_log() -> None:
    async with feed_of() as feed:
        slow, brisk = await lined(feed, takes=1), await lined(feed)
        for _ in range(3):
            await publish(feed, 1)
            await turn()
            await turn()
        assert (slow.numbers, brisk.numbers) == ([1], [1, 2, 3])
        slow.empty()
        await until(lambda: slow.numbers == [1, 2, 3])
        await publish(feed, 1)
        await until(lambda: slow.numbers == [1, 2, 3, 4])


async def test_who_is_full_so_long_that_messages_are_trimmed_is_told_of_the_gap() -> None:
    async with feed_of(messages_kept=2) as feed:
        line = await lined(feed, takes=1)
        for _ in range(5):
            await publish(feed, 1)
            await turn()
            await turn()
        line.empty()
        await until(lambda: line.numbers == [1, 4, 5])
        assert line.said[1] == await cursor_at(feed, 3)


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_lines_do_nothing_is_lost_doubled_or_out_of_order(seed: int) -> None:
    draw = random.Random(seed)
    async with feed_of() as feed:
        lines: list[tuple[int, FakeLine]] = []
        published = 0
        for _ in range(STEPS):
            what = draw.randrange(5)
            if what == 0:
                published += len(await publish(feed, draw.randrange(1, 4)))
            elif what == 1 and len(lines) < 8:
                start = draw.randrange(published + 1)
                cursor = await cursor_at(feed, start)
                lines.append((start, await lined(feed, cursor, takes=draw.randrange(1, 4))))
            elif what == 2 and lines:
                draw.choice(lines)[1].empty(draw.randrange(1, 4))
            else:
                await turn()
        for _, line in lines:
            line.empty()
        await until(lambda: all(len(line.numbers) == published - start for start, line in lines))
        for start, line in lines:
            assert line.numbers == list(range(start + 1, published + 1))


async def test_a_heartbeat_goes_to_every_line_that_has_one() -> None:
    clock = FakeClock()
    async with feed_of(clock, sse_heartbeat_s=15) as feed:
        lines = [await lined(feed) for _ in range(2)]
        clock.advance(31)
        assert [line.said for line in lines] == [["beat", "beat"]] * 2
        for line in lines:
            assert line.reader is not None
            line.reader.lost()
        clock.advance(15)
        assert clock.pending == 0


async def test_when_the_feed_stops_lines_are_written_what_was_published_and_then_ended() -> None:
    async with feed_of() as feed:
        line = await lined(feed)
        await publish(feed, 1)
        feed.stop()
        assert line.numbers == [1]
        assert line.ending is Ending.STOPPING


async def test_a_line_that_is_handed_over_while_the_feed_stops_is_ended() -> None:
    async with feed_of() as feed:
        following = feed.follow("lobby", "latest", "sse")
        await following.open()
        feed.stop()
        line = FakeLine()
        await following.hand_over(line, WORDS)  # type: ignore[arg-type]
        assert line.ending is Ending.STOPPING


async def test_a_line_that_is_lost_is_forgotten() -> None:
    async with feed_of() as feed:
        line = await lined(feed)
        assert feed.waiting == 1
        assert line.reader is not None
        line.reader.lost()
        assert feed.waiting == 0
        await publish(feed, 1)
        await turn()
        assert line.writes == []


async def test_a_line_whose_log_cannot_be_read_is_ended_so_that_its_reader_comes_back() -> None:
    clock = FakeClock()
    log = MeddlingLog(memory_log(clock))
    async with feed_of(clock, log) as feed:
        await publish(feed, 1)

        async def fail() -> None:
            raise Problem(503, "The disk is gone.")

        log.meddle["after", "before"] = fail
        line = await lined(feed, await cursor_at(feed, 0))
        assert line.ending is Ending.LATER


async def test_a_number_that_the_log_knew_before_it_was_announced_is_not_written_twice() -> None:
    fanout, line = Fanout(clock=FakeClock()), FakeLine()
    subscriber = fanout.subscribe("lobby", "sse")
    subscriber.channel.newest = subscriber.position = 2
    fanout.join(subscriber, line, WORDS)  # type: ignore[arg-type]
    for number in (1, 2, 3):
        fanout.announce("lobby", messages(number, number))
    await until(lambda: line.numbers == [3])


class ClosedLine(FakeLine):
    """A connection that is closed, of which its reader has not heard yet."""

    def write(self, data: list[object]) -> None:
        raise RuntimeError("unable to perform operation; the handler is closed")


async def test_a_line_that_is_closed_in_the_middle_of_a_pass_takes_nothing_from_the_others() -> None:
    fanout = Fanout(clock=FakeClock())
    lines = [FakeLine(), ClosedLine(), FakeLine()]
    for line in lines:
        fanout.join(fanout.subscribe("lobby", "sse"), line, WORDS)  # type: ignore[arg-type]
    fanout.announce("lobby", messages(1, 1))  # to them as latecomers: there has been no pass
    await turn()
    fanout.announce("lobby", messages(2, 2))
    await turn()
    assert [line.numbers for line in lines] == [[1, 2], [], [1, 2]]


async def test_an_error_of_ours_while_a_reader_catches_up_ends_its_line_and_is_not_hidden() -> None:
    async with feed_of() as feed:
        start = await cursor_at(feed, 0)
        await publish(feed, 1)
        line = ClosedLine()
        with pytest.raises(RuntimeError, match="the handler is closed"):
            await handed_over(feed, line, start)
        assert line.ending is Ending.LATER


# --- polls, which leave after each answer and come again ---


class Polled:
    """The fan-out of a room that is polled, and readers that come with a number."""

    def __init__(self) -> None:
        self.fanout = Fanout(clock=FakeClock())
        self.fanout.keep(self.fanout.subscribe("lobby", "long-poll").channel)

    def comes(self, after: int) -> FakeLine | None:
        """Return the line of a reader that comes after a number; None where it has to read the log."""
        line = FakeLine()
        subscriber = self.fanout.subscribe("lobby", "long-poll")
        subscriber.position = after
        is_in = self.fanout.join(subscriber, line, WORDS)  # type: ignore[arg-type]
        return line if is_in else None

    def announce(self, first: int, last: int) -> None:
        self.fanout.announce("lobby", messages(first, last))


async def test_polls_that_come_again_after_a_pass_share_an_answer_with_all_they_missed() -> None:
    polled = Polled()
    polled.announce(1, 3)
    lines = [polled.comes(after) for after in (1, 1, 2, 3)]
    await turn()
    assert [line and line.numbers for line in lines] == [[2, 3], [2, 3], [3], []]
    assert lines[0] is not None
    assert lines[1] is not None
    assert lines[0].writes[0] is lines[1].writes[0]
    polled.announce(4, 4)
    await turn()
    assert [line and line.numbers for line in lines] == [[2, 3, 4], [2, 3, 4], [3, 4], [4]]


async def test_a_poll_behind_what_is_at_hand_reads_the_log() -> None:
    polled = Polled()
    polled.announce(1, LATEST_MESSAGES + 1)
    assert polled.comes(after=0) is None
    line = polled.comes(after=1)
    await turn()
    assert line is not None
    assert line.numbers == list(range(2, LATEST_MESSAGES + 2))


async def test_what_was_at_hand_for_polls_is_forgotten_with_the_last_of_them() -> None:
    polled = Polled()
    stays = polled.comes(after=0)
    assert stays is not None
    polled.announce(1, 2)
    await turn()
    channel = next(polled.fanout.subscribers()).channel
    polled.fanout.let_go(channel)
    assert polled.comes(after=1) is None
    polled.announce(3, 3)
    await turn()
    polled.fanout.keep(channel)
    polled.announce(4, 4)
    await turn()
    assert stays.numbers == [1, 2, 3, 4]


async def test_who_joined_before_the_first_poll_misses_nothing_that_waited_then() -> None:
    fanout, early = Fanout(clock=FakeClock()), FakeLine()
    subscriber = fanout.subscribe("lobby", "sse")
    fanout.join(subscriber, early, WORDS)  # type: ignore[arg-type]
    fanout.announce("lobby", messages(1, 1))
    late, subscriber = FakeLine(), fanout.subscribe("lobby", "sse")
    subscriber.position = 1
    fanout.join(subscriber, late, WORDS)  # type: ignore[arg-type]
    fanout.announce("lobby", messages(2, 2))
    fanout.keep(subscriber.channel)
    fanout.announce("lobby", messages(3, 3))
    await turn()
    assert early.numbers == [1, 2, 3]
    assert late.numbers == [2, 3]
