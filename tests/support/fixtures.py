"""Servers for tests to use, as fixtures."""

import itertools
import re
from collections.abc import Iterator

import pytest

from tests.support.server import Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _shared_server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(_shared_server: Server) -> Iterator[Server]:
    """The server in memory that all tests share which need no more than rooms of their own."""
    yield _shared_server
    assert _shared_server.running, "the server ended during this test"
    assert _shared_server.complaints() == ""


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """The name of a room that no other test uses."""
    return fresh_room(request.function.__name__)


def fresh_room(like: str = "room") -> str:
    """Return the name of a room that was not used yet."""
    return f"{re.sub('[^A-Za-z0-9_-]', '-', like)[:50]}-{next(_numbers)}"
