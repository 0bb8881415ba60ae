"""Fixtures of the tests against a real server."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.support.clients import CLIENTS
from tests.support.in_class import Student, as_teacher
from tests.support.reading import Client, draft, http_client
from tests.support.server import ClassServer, Server

Publish = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture(params=CLIENTS)
def client_class(request: pytest.FixtureRequest) -> type[Client]:
    """Each technique's client in turn; Socket.IO in its three ways."""
    return CLIENTS[request.param]


@pytest.fixture
async def http(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the shared server."""
    async with http_client(server.base) as client:
        yield client


@pytest.fixture
def post(http: httpx.AsyncClient, room: str) -> Publish:
    """Publish to the test's own room by POST: `await post("text")`."""

    async def publish(text: str, sender: str = "li", client_message_id: str | None = None) -> httpx.Response:
        return await http.post(f"/api/rooms/{room}/messages", json=draft(sender, text, client_message_id))

    return publish


@pytest.fixture
async def teacher(class_server: ClassServer) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the shared class's teacher."""
    async with as_teacher(class_server) as http:
        yield http


@pytest.fixture
async def student(class_server: ClassServer) -> AsyncIterator[Student]:
    """Somebody who has a seat in the shared class."""
    async with Student.join(class_server) as student:
        yield student
