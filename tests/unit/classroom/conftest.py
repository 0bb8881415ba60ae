"""A class on a clock that the test winds, whose groups' ports lead nowhere."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.options import ClassOptions
from pushdemo.feed import Feed
from pushdemo.lab.sessions import Lab
from tests.support.fake_clock import FakeClock
from tests.unit.samples import feed_of

OPTIONS = ClassOptions(address="192.0.2.7", port=9, token="secret", title="Push")


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def feed(clock: FakeClock) -> AsyncIterator[Feed]:
    async with feed_of(clock, lab_ports="0") as feed:
        yield feed


@pytest.fixture
async def lab(feed: Feed, clock: FakeClock) -> AsyncIterator[Lab]:
    lab = Lab(feed.settings, clock)
    yield lab
    await lab.close()


@pytest.fixture
async def classroom(feed: Feed, lab: Lab) -> AsyncIterator[Classroom]:
    """A class with its five groups, and nobody in it."""
    classroom = Classroom(feed, lab, OPTIONS, random=Random(1))
    await classroom.open()
    yield classroom
    await classroom.close()
