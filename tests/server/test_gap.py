"""A gap is told if and only if messages after the cursor are gone or the cursor was never known."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.fixtures import FEW
from tests.support.reading import Client, http_client
from tests.support.server import Server
from tests.support.web_socket import publish_many

PUBLISHED = 60
OLDEST = PUBLISHED - FEW + 1
KEPT = list(range(OLDEST, PUBLISHED + 1))

WITH_GAP: dict[str, Callable[[str], str]] = {
    "of another epoch": lambda epoch: "zzzz-3",
    "of another epoch, though its number would do": lambda epoch: f"zzzz-{OLDEST}",
    "one above the newest": lambda epoch: f"{epoch}-{PUBLISHED + 1}",
    "far above the newest": lambda epoch: f"{epoch}-{'9' * 30}",
    "two before the oldest": lambda epoch: f"{epoch}-{OLDEST - 2}",
    "before everything": lambda epoch: f"{epoch}-0",
}
WITHOUT_GAP: dict[str, tuple[Callable[[str], str | None], list[int]]] = {
    "just before the oldest": (lambda epoch: f"{epoch}-{OLDEST - 1}", KEPT),
    "at the oldest": (lambda epoch: f"{epoch}-{OLDEST}", KEPT[1:]),
    "at the newest": (lambda epoch: f"{epoch}-{PUBLISHED}", []),
    "latest": (lambda epoch: "latest", []),
    "not given": (lambda epoch: None, KEPT),
}


@pytest.mark.parametrize("cursor", WITH_GAP.values(), ids=WITH_GAP)
async def test_a_gap_is_told_and_everything_still_kept_follows(
    cursor: Callable[[str], str], client_class: type[Client], few_kept_server: Server, room: str
) -> None:
    epoch = await _fill(few_kept_server, room)
    async with client_class(few_kept_server.base, room, cursor(epoch)) as client:
        received = await client.take(FEW)
        await client.publish("li", "news")
        received += await client.take(1)
    assert [message.number for message in received] == [*KEPT, PUBLISHED + 1]
    assert client.gaps == [f"{epoch}-{OLDEST - 1}"]


@pytest.mark.parametrize(("cursor", "expected"), WITHOUT_GAP.values(), ids=WITHOUT_GAP)
async def test_no_gap_is_told_when_nothing_after_the_cursor_is_gone(
    cursor: Callable[[str], str | None],
    expected: list[int],
    client_class: type[Client],
    few_kept_server: Server,
    room: str,
) -> None:
    epoch = await _fill(few_kept_server, room)
    async with client_class(few_kept_server.base, room, cursor(epoch)) as client:
        received = await client.take(len(expected))
        await client.publish("li", "news")
        received += await client.take(1)
    assert [message.number for message in received] == [*expected, PUBLISHED + 1]
    assert client.gaps == []


async def test_a_cursor_of_another_room_is_a_gap(client_class: type[Client], server: Server, room: str) -> None:
    [cursor] = await publish_many(server.base, f"{room}-other", 1)
    [first, _] = await publish_many(server.base, room, 2)
    async with client_class(server.base, room, cursor) as client:
        received = await client.take(2)
    assert [message.number for message in received] == [1, 2]
    assert client.gaps == [first.replace("-1", "-0")]


async def test_an_unknown_cursor_in_an_empty_room_is_a_gap_too(
    client_class: type[Client], server: Server, room: str
) -> None:
    async with client_class(server.base, room, "zzzz-7") as client:
        message_id = await client.publish("li", "the first")
        received = await client.take(1)
    assert [message.id for message in received] == [message_id]
    assert client.gaps == [message_id.replace("-1", "-0")]


async def test_who_reads_on_after_a_gap_is_told_of_it_once(
    client_class: type[Client], few_kept_server: Server, room: str
) -> None:
    await _fill(few_kept_server, room)
    async with client_class(few_kept_server.base, room, "zzzz-1") as client:
        await client.take(FEW)
        cursor = client.cursor
    async with client_class(few_kept_server.base, room, cursor) as again:
        await again.publish("li", "news")
        received = await again.take(1)
    assert [message.number for message in received] == [PUBLISHED + 1]
    assert len(client.gaps) == 1
    assert again.gaps == []


@pytest.mark.parametrize("technique", ["short-poll", "long-poll"])
async def test_a_poll_says_gap_true_and_otherwise_nothing_of_it(
    technique: str, few_kept_server: Server, room: str
) -> None:
    epoch = await _fill(few_kept_server, room)
    async with http_client(few_kept_server.base) as http:
        gone = await _poll(http, room, technique, f"{epoch}-1")
        kept = await _poll(http, room, technique, f"{epoch}-{PUBLISHED - 1}")
    assert gone.json()["gap"] is True
    assert gone.json()["cursor"] == f"{epoch}-{PUBLISHED}"
    assert set(kept.json()) == {"cursor", "messages"}


async def _poll(http: httpx.AsyncClient, room: str, technique: str, after: str) -> httpx.Response:
    return await http.get(f"/api/rooms/{room}/{technique}", params={"after": after})


async def _fill(server: Server, room: str) -> str:
    """Publish `PUBLISHED` messages and return the epoch."""
    ids = await publish_many(server.base, room, PUBLISHED)
    return ids[-1].partition("-")[0]
