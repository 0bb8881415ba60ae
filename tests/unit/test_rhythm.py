"""When a pass is made: a message that comes alone goes out at once, under load several go together."""

import asyncio

import pytest

from pushdemo.rhythm import GATHER, Rhythm
from tests.support.fake_clock import FakeClock, turn

TAKES_S = 2.0


class Passes:
    """What passes on: how many messages there were at each pass, and when it ended; each takes `TAKES_S`."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rhythm = Rhythm(self._make, self.clock)
        self.messages = 0
        self.made: list[tuple[int, float]] = []
        self.meanwhile = 0

    def announce(self, messages: int = 1) -> None:
        self.messages += messages
        self.rhythm.ask()

    def _make(self) -> int:
        messages, self.messages = self.messages, 0
        self.clock.advance(TAKES_S)
        self.made.append((messages, self.clock.monotonic()))
        if self.meanwhile:
            self.announce(self.meanwhile)
            self.meanwhile = 0
        return messages


@pytest.fixture
def passes() -> Passes:
    return Passes()


async def test_a_message_that_comes_alone_goes_out_in_the_next_turn(passes: Passes) -> None:
    for number in range(1, 4):
        passes.announce()
        assert len(passes.made) == number - 1
        await turn()
        assert passes.made[-1] == (1, number * TAKES_S)


async def test_after_a_pass_with_several_messages_the_next_rests(passes: Passes) -> None:
    passes.announce(2)
    await turn()
    passes.announce()
    await turn()
    passes.clock.advance(GATHER * TAKES_S * 0.9)
    passes.announce()
    await turn()
    assert passes.made == [(2, TAKES_S)]
    passes.clock.advance(GATHER * TAKES_S)
    assert passes.made[1:] == [(2, pytest.approx(2 * TAKES_S + GATHER * TAKES_S))]


async def test_when_the_rest_is_over_a_message_goes_out_at_once_again(passes: Passes) -> None:
    passes.announce(2)
    await turn()
    passes.clock.advance(GATHER * TAKES_S)
    passes.announce()
    await turn()
    assert [messages for messages, _ in passes.made] == [2, 1]


async def test_what_comes_during_a_pass_waits_for_the_rest(passes: Passes) -> None:
    passes.meanwhile = 3
    passes.announce()
    await turn()
    assert passes.made == [(1, TAKES_S)]
    passes.clock.advance(GATHER * TAKES_S)
    assert [messages for messages, _ in passes.made] == [1, 3]


async def test_a_pass_waits_for_what_is_being_published_and_no_longer(passes: Passes) -> None:
    passes.announce()
    await turn()
    with passes.rhythm.publishing():
        passes.announce()
        await turn()
        passes.announce()
        passes.clock.advance(TAKES_S / 2)
        assert len(passes.made) == 1
    assert len(passes.made) == 1
    await turn()
    assert passes.made[1:] == [(2, 2.5 * TAKES_S)]


async def test_a_pass_waits_for_the_last_of_several_that_publish(passes: Passes) -> None:
    passes.announce()
    await turn()
    with passes.rhythm.publishing():
        with passes.rhythm.publishing():
            passes.announce()
            await turn()
            passes.clock.advance(TAKES_S / 4)
        await turn()
        assert len(passes.made) == 1
        passes.announce()
    await turn()
    assert [messages for messages, _ in passes.made] == [1, 2]


async def test_it_waits_at_most_as_long_as_the_last_pass_took(passes: Passes) -> None:
    passes.announce()
    await turn()
    with passes.rhythm.publishing():
        passes.announce()
        await turn()
        passes.clock.advance(TAKES_S * 0.99)
        assert len(passes.made) == 1
        passes.clock.advance(TAKES_S * 0.01)
        assert [messages for messages, _ in passes.made] == [1, 1]


async def test_an_idle_server_waits_for_nobody(passes: Passes) -> None:
    with passes.rhythm.publishing():
        passes.announce()
        await turn()
        passes.clock.advance(TAKES_S)
        passes.announce()
        await turn()
    assert [messages for messages, _ in passes.made] == [1, 1]


async def test_a_pass_that_fails_is_not_the_last() -> None:
    outcomes = iter([RuntimeError("a line of ours"), 1])

    def make() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, RuntimeError):
            raise outcome
        return outcome

    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(str(context["exception"])))
    rhythm = Rhythm(make, FakeClock())
    rhythm.ask()
    await turn()
    assert told == ["a line of ours"]
    rhythm.ask()
    await turn()
    assert next(outcomes, None) is None
