"""Reading parameters and bodies, answering polls, and racing a handler against its client."""

import asyncio

import anyio
import pytest
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request

from pushdemo.exchange import (
    UNREAD,
    client_address,
    client_left,
    first_done,
    parse_start,
    parse_timeout,
    poll_answer,
    problem_answer,
    read_json_body,
)
from pushdemo.following import Batch, Start
from pushdemo.messages import Cursor
from pushdemo.problems import Problem
from pushdemo.settings import Settings
from tests.support.fake_clock import turn
from tests.unit.asgi import http_scope
from tests.unit.samples import messages

JSON = ("Content-Type", "application/json")


def request(*parts: bytes, fields: tuple[tuple[str, str], ...] = (JSON,), leaves: bool = False) -> Request:
    """Return a POST whose body comes in `parts`; a client that `leaves` never sends the last of them."""
    events = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    events.append({"type": "http.disconnect"} if leaves else {"type": "http.request"})

    async def receive() -> dict[str, object]:
        return events.pop(0)

    made = Request(http_scope("POST", "/x", fields), receive)  # type: ignore[arg-type]
    made.scope["events"] = events
    return made


# --- where reading starts ---


@pytest.mark.parametrize(
    ("query", "last_event_id", "start"),
    [
        ("", None, None),
        ("other=1", None, None),
        ("after=latest", None, "latest"),
        ("after=e-7", None, Cursor("e", 7)),
        ("", "e-8", Cursor("e", 8)),
        ("after=e-7", "e-8", Cursor("e", 8)),
        ("after=latest", "e-8", Cursor("e", 8)),
        ("after=nonsense", "e-8", Cursor("e", 8)),
        ("after=e-7", "", Cursor("e", 7)),
    ],
)
def test_reading_starts_at_last_event_id_or_else_after(query: str, last_event_id: str | None, start: Start) -> None:
    headers = Headers({} if last_event_id is None else {"Last-Event-ID": last_event_id})
    assert parse_start(QueryParams(query), headers) == start


@pytest.mark.parametrize("query", ["after=", "after=LATEST", "after=e-07", "after=e", "after=e-1%0A", "after=e-%D9%A1"])
def test_a_malformed_cursor_is_400(query: str) -> None:
    with pytest.raises(Problem, match=r"^A cursor is") as refusal:
        parse_start(QueryParams(query))
    assert refusal.value.status == 400


def test_a_malformed_last_event_id_is_400_though_after_is_right() -> None:
    with pytest.raises(Problem, match=r"^A cursor is"):
        parse_start(QueryParams("after=e-1"), Headers({"Last-Event-ID": "latest"}))


@pytest.mark.parametrize(("query", "timeout_s"), [("", 25), ("timeout=1", 1), ("timeout=55", 55), ("timeout=007", 7)])
def test_a_timeout_is_whole_seconds(query: str, timeout_s: int) -> None:
    assert parse_timeout(QueryParams(query), Settings()) == timeout_s


@pytest.mark.parametrize("text", ["", "0", "56", "-1", "1.5", "1e1", "%2B5", " 5", "5 ", "five", "%D9%A5", "9" * 5_000])
def test_another_timeout_is_400_and_says_the_range(text: str) -> None:
    with pytest.raises(Problem, match=r"^timeout is a whole number of seconds from 1 to 55; this came: '") as refusal:
        parse_timeout(QueryParams(f"timeout={text}"), Settings())
    assert refusal.value.status == 400


# --- bodies ---

SHORT = Settings(body_bytes=100)


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
async def test_a_body_is_read_to_its_end_in_however_many_parts(media_type: str) -> None:
    fields = (("Content-Type", media_type),)
    assert await read_json_body(request(b'{"a"', b":", b"1}", fields=fields), SHORT) == b'{"a":1}'


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ((), "'none'"),
        ((("Content-Type", "text/plain"),), "'text/plain'"),
        ((("Content-Type", "application/x-www-form-urlencoded"),), "'application/x-www-form-urlencoded'"),
        ((("Content-Type", "application/json5"),), "'application/json5'"),
        ((("Content-Type", ";application/json"),), "'none'"),
    ],
)
async def test_another_media_type_is_415_and_named(fields: tuple[tuple[str, str], ...], shown: str) -> None:
    with pytest.raises(Problem) as refusal:
        await read_json_body(request(b"{}", fields=fields), SHORT)
    assert (refusal.value.status, refusal.value.detail) == (
        415,
        f"Expected Content-Type: application/json; this came: {shown}.",
    )


async def test_a_body_of_just_the_limit_is_read() -> None:
    assert len(await read_json_body(request(b"x" * 60, b"x" * 40), SHORT)) == 100


async def test_a_body_above_the_limit_is_413_and_not_read_any_further() -> None:
    made = request(b"x" * 60, b"x" * 41, b"x" * 60, b"x" * 60)
    with pytest.raises(Problem) as refusal:
        await read_json_body(made, SHORT)
    assert (refusal.value.status, refusal.value.detail) == (413, "A body has 100 bytes at most; this one has more.")
    assert len(made.scope["events"]) == 3


async def test_a_body_that_says_it_is_above_the_limit_is_413_before_it_is_read() -> None:
    made = request(b"x", fields=(JSON, ("Content-Length", "101")))
    with pytest.raises(Problem, match="A body has 100 bytes at most"):
        await read_json_body(made, SHORT)
    assert len(made.scope["events"]) == 2


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_not_waited_for() -> None:
    with pytest.raises(Problem, match=r"^The client left in the middle of the body\.$"):
        await read_json_body(request(b'{"sender"', leaves=True), SHORT)


# --- answers ---


def test_a_polls_answer_is_the_contracts_to_the_byte() -> None:
    answer = poll_answer(Batch(Cursor("e", 2), messages(1, 2)))
    assert answer.body == (
        b'{"cursor":"e-2","messages":['
        b'{"id":"e-1","room":"lobby","sender":"li","text":"text 1","sent_at":1763791234567},'
        b'{"id":"e-2","room":"lobby","sender":"li","text":"text 2","sent_at":1763791234567}]}'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("batch", "body"),
    [
        (Batch(Cursor("e", 0), []), b'{"cursor":"e-0","messages":[]}'),
        (Batch(Cursor("e", 4), [], gap=Cursor("e", 4)), b'{"cursor":"e-4","messages":[],"gap":true}'),
        (
            Batch(Cursor("e", 4), [], gap=Cursor("e", 4), more=True),
            b'{"cursor":"e-4","messages":[],"gap":true,"more":true}',
        ),
    ],
)
def test_gap_and_more_stand_in_a_polls_answer_only_where_they_hold(batch: Batch, body: bytes) -> None:
    assert poll_answer(batch).body == body


def test_a_refusal_is_problem_json_that_is_not_stored() -> None:
    answer = problem_answer(Problem(429, "Too many.", retry_after_s=3))
    assert answer.body == (
        b'{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"Too many.","retry_after":3}'
    )
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "3"
    assert answer.headers["cache-control"] == "no-store"
    assert "connection" not in answer.headers


def test_after_a_body_that_was_not_read_the_connection_closes() -> None:
    assert problem_answer(Problem(413, "Too long.", headers=UNREAD)).headers["connection"] == "close"


def test_the_clients_address_is_what_the_server_says() -> None:
    assert client_address({"client": ("192.0.2.7", 40_000)}) == "192.0.2.7"
    assert client_address({"client": None}) is None
    assert client_address({}) is None


# --- racing ---


class Waits:
    """Something that waits, and remembers that it was ended."""

    def __init__(self) -> None:
        self.ended = False

    async def __call__(self) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True
        raise AssertionError


async def test_the_first_to_end_gives_the_result_and_the_others_are_ended() -> None:
    async def first() -> str:
        await turn(3)
        return "first"

    waits = Waits()
    assert await first_done(waits(), first()) == "first"
    assert waits.ended


async def test_an_error_of_the_first_is_raised_and_the_others_are_ended() -> None:
    async def fail() -> str:
        raise Problem(400, "No.")

    waits = Waits()
    with pytest.raises(Problem, match="No"):
        await first_done(waits(), fail())
    assert waits.ended


async def test_an_error_of_another_that_is_being_ended_is_not_heard_of() -> None:
    async def first() -> str:
        await turn(3)
        return "first"

    async def fails_at_the_end() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("never heard of")

    assert await first_done(fails_at_the_end(), first()) == "first"


async def test_who_races_and_is_cancelled_leaves_nothing_running() -> None:
    one, other = Waits(), Waits()
    task = asyncio.create_task(first_done(one(), other()))
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (one.ended, other.ended) == (True, True)


async def test_who_races_within_a_scope_that_is_cancelled_ends_with_the_scope() -> None:
    async def first() -> str:
        return "first"

    async def ends_slowly() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            scope.cancel()  # the first is done, and the race waits for this one to end
            await turn(20)
        raise AssertionError

    with anyio.CancelScope() as scope:
        await first_done(ends_slowly(), first())
    assert scope.cancelled_caught


async def test_a_client_has_left_when_the_server_says_so_and_not_at_the_end_of_its_body() -> None:
    made = request(b"a", b"b")
    made.scope["events"].append({"type": "http.disconnect"})
    await client_left(made)
    assert made.scope["events"] == []
