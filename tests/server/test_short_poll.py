"""Short polling: at once, with a validator."""

import httpx
import pytest

from tests.server.conftest import Publish


@pytest.fixture
def url(room: str) -> str:
    return f"/api/rooms/{room}/short-poll"


async def test_the_answer_is_the_cursor_and_the_messages(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    first, second = await post("one"), await post("two")
    answer = await http.get(url)
    cursor = second.json()["id"].encode()
    assert answer.status_code == 200
    assert answer.content == b'{"cursor":"%s","messages":[%s,%s]}' % (cursor, first.content, second.content)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_entity_tag_is_the_cursor(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    cursor = (await post("one")).json()["id"]
    for after in ({}, {"after": "latest"}, {"after": cursor}, {"after": "zzzz-1"}):
        answer = await http.get(url, params=after)
        assert answer.headers["etag"] == f'"{cursor}"'
        assert answer.json()["cursor"] == cursor


async def test_the_cursor_is_that_of_the_last_message_in_this_answer(
    http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    epoch = (await post("one")).json()["id"].partition("-")[0]
    empty = await http.get(url, params={"after": f"{epoch}-1"})
    await post("two")
    full = await http.get(url, params={"after": f"{epoch}-1"})
    assert empty.json() == {"cursor": f"{epoch}-1", "messages": []}
    assert full.json()["cursor"] == f"{epoch}-2"


async def test_a_room_without_messages_has_a_cursor_already(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    before = (await http.get(url)).json()
    message = (await post("the first")).json()
    after = (await http.get(url, params={"after": before["cursor"]})).json()
    assert before["messages"] == []
    assert before["cursor"] == message["id"].replace("-1", "-0")
    assert after == {"cursor": message["id"], "messages": [message]}


MATCHING = ['"{}"', 'W/"{}"', '"other-1", "{}"', '"other-1",W/"{}" , "third-2"', "*"]


@pytest.mark.parametrize("tags", MATCHING)
async def test_nothing_new_under_a_matching_tag_is_304_without_a_body(
    tags: str, http: httpx.AsyncClient, url: str, post: Publish
) -> None:
    cursor = (await post("one")).json()["id"]
    answer = await http.get(url, params={"after": cursor}, headers={"If-None-Match": tags.format(cursor)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == f'"{cursor}"'
    assert answer.headers["cache-control"] == "no-store"


NOT_MATCHING = ["{}", '"other-1"', '"{}', "'{}'", '"{}-1"', 'w/"{}"', ""]


@pytest.mark.parametrize("tags", NOT_MATCHING)
async def test_under_another_tag_it_is_200(tags: str, http: httpx.AsyncClient, url: str, post: Publish) -> None:
    cursor = (await post("one")).json()["id"]
    answer = await http.get(url, params={"after": cursor}, headers={"If-None-Match": tags.format(cursor)})
    assert answer.status_code == 200
    assert answer.json() == {"cursor": cursor, "messages": []}


async def test_a_new_message_is_200_under_the_old_tag(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    cursor = (await post("one")).json()["id"]
    message = (await post("two")).json()
    answer = await http.get(url, params={"after": cursor}, headers={"If-None-Match": f'"{cursor}"'})
    assert answer.json()["messages"] == [message]


async def test_a_gap_is_never_hidden_by_304(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    cursor = (await post("one")).json()["id"]
    answer = await http.get(url, params={"after": "zzzz-1"}, headers={"If-None-Match": f'"{cursor}"'})
    assert answer.status_code == 200
    assert answer.json()["gap"] is True


async def test_head_answers_the_head_only(http: httpx.AsyncClient, url: str, post: Publish) -> None:
    await post("one")
    head, get = await http.head(url), await http.get(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]
