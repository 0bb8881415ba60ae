"""Long polling: held until there is a message, and let go of when the client leaves."""

import asyncio
import time

import httpx
import pytest

from tests.server.conftest import Publish
from tests.support.server import Server
from tests.support.until import until


@pytest.fixture
def url(room: str) -> str:
    return f"/api/rooms/{room}/long-poll"


async def readers(http: httpx.AsyncClient, room: str, technique: str) -> int:
    """Return how many read `room` by `technique`, as the server tells."""
    rooms = (await http.get("/api/rooms")).json()["rooms"]
    return next((each["subscribers"][technique] for each in rooms if each["name"] == room), 0)


async def test_it_is_held_until_a_message_comes_and_then_answered_at_once(
    http: httpx.AsyncClient, url: str, room: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    held = asyncio.create_task(http.get(url, params={"after": cursor, "timeout": 55}))
    await until(lambda: readers(http, room, "long-poll"), "the poll is held")
    assert not held.done()
    message = await post("two")
    async with asyncio.timeout(5):
        answer = await held
    assert answer.content == b'{"cursor":"%s","messages":[%s]}' % (message.json()["id"].encode(), message.content)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    await until(lambda: _nobody(http, room), "no reader is left")


async def test_what_is_there_already_is_answered_at_once(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    message = (await post("one")).json()
    async with asyncio.timeout(5):
        answer = await http.get(url, params={"timeout": 55})
    assert answer.json() == {"cursor": message["id"], "messages": [message]}


@pytest.mark.parametrize("after", ["latest", "zzzz-1"])
async def test_latest_and_a_gap_are_answered_at_once(
    after: str, http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    async with asyncio.timeout(5):
        answer = await http.get(url, params={"after": after, "timeout": 55})
    assert answer.json()["messages"] == []
    assert answer.json()["cursor"] == (await post("one")).json()["id"].replace("-1", "-0")


async def test_after_the_timeout_it_is_answered_empty_with_the_same_cursor(
    http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    asked = time.monotonic()
    answer = await http.get(url, params={"after": cursor, "timeout": 1})
    assert answer.json() == {"cursor": cursor, "messages": []}
    assert time.monotonic() - asked >= 1


@pytest.mark.parametrize("timeout", ["0", "56", "-1", "1.5", "", "abc", "+5", " 5", "５", "1e1", "9" * 5_000])
async def test_a_timeout_that_is_no_whole_number_from_1_to_55_is_400(
    timeout: str, http: httpx.AsyncClient, url: str
) -> None:
    answer = await http.get(url, params={"timeout": timeout})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("timeout is a whole number of seconds from 1 to 55; this came: ")


@pytest.mark.parametrize("timeout", ["1", "55"])
async def test_the_shortest_and_the_longest_timeout_are_accepted(
    timeout: str, http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    await post("one")
    assert (await http.get(url, params={"timeout": timeout})).status_code == 200


async def test_100_clients_that_hang_up_leave_no_handler_behind(
    server: Server, http: httpx.AsyncClient, url: str, room: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    request = f"GET {url}?timeout=55&after={cursor} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    writers = []
    for _ in range(100):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request)
        writers.append(writer)
    await until(lambda: _held(http, room, 100), "100 polls are held")
    for number, writer in enumerate(writers):
        writer.transport.abort() if number % 2 else writer.close()
    await until(lambda: _nobody(http, room), "no reader is left")


async def test_a_poll_that_is_answered_many_at_once_serves_each_of_them(
    http: httpx.AsyncClient, url: str, room: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    held = [asyncio.create_task(http.get(url, params={"after": cursor})) for _ in range(50)]
    await until(lambda: _held(http, room, 50), "50 polls are held")
    held[0].cancel()
    await until(lambda: _held(http, room, 49), "49 polls are held")
    message = await post("two")
    answers = await asyncio.gather(*held[1:])
    assert {answer.content for answer in answers} == {
        b'{"cursor":"%s","messages":[%s]}' % (message.json()["id"].encode(), message.content)
    }


async def test_head_answers_the_head_only_and_is_not_held(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    cursor = (await post("one")).json()["id"]
    async with asyncio.timeout(5):
        answer = await http.head(url, params={"after": cursor, "timeout": 55})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/json"


async def _held(http: httpx.AsyncClient, room: str, count: int) -> bool:
    return await readers(http, room, "long-poll") == count


async def _nobody(http: httpx.AsyncClient, room: str) -> bool:
    return await _held(http, room, 0)
