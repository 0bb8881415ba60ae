"""Servers for tests to use, as fixtures."""

import itertools
import re
from collections.abc import Iterator
from typing import TypeVar

import pytest

from tests.support.server import ClassServer, Server

AnyServer = TypeVar("AnyServer", bound=Server)

FEW = 20
_numbers = itertools.count(1)


def watched(server: AnyServer) -> Iterator[AnyServer]:
    """Give `server` to a test, and hold it to running on, with nothing to complain of."""
    yield server
    assert server.running, "the server ended during this test"
    assert server.complaints() == ""


@pytest.fixture(scope="session")
def _shared_server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(_shared_server: Server) -> Iterator[Server]:
    """The server in memory that all tests share which need no more than rooms of their own."""
    yield from watched(_shared_server)


@pytest.fixture(scope="session", params=["memory", "sqlite"])
def _few_kept_servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = "memory" if request.param == "memory" else f"sqlite:{tmp_path_factory.mktemp('few') / 'feed.sqlite'}"
    with Server(log, "--messages-kept", str(FEW)) as server:
        yield server


@pytest.fixture
def few_kept_server(_few_kept_servers: Server) -> Iterator[Server]:
    """A server that keeps the newest `FEW` messages of each room: once in memory, once in SQLite."""
    yield from watched(_few_kept_servers)


@pytest.fixture(scope="session")
def _shared_class_server() -> Iterator[ClassServer]:
    with ClassServer("memory", "--title", "Push", "--sender-rate", "0") as server:
        yield server


@pytest.fixture
def class_server(_shared_class_server: ClassServer) -> Iterator[ClassServer]:
    """A server with a class on, for tests that need no more of it than students of their own."""
    yield from watched(_shared_class_server)


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """The name of a room that no other test uses."""
    return fresh_room(request.function.__name__)


def fresh_room(like: str = "room") -> str:
    """Return the name of a room that was not used yet."""
    return f"{re.sub('[^A-Za-z0-9_-]', '-', like)[:50]}-{next(_numbers)}"
