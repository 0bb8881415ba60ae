"""The seat that a browser's cookie names goes along with what is published, by each way of publishing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pushdemo.app import create_app
from pushdemo.exchange import seat_of
from pushdemo.feed import Feed
from pushdemo.messages import Draft
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, turn
from tests.unit.asgi import Exchange, ask, http_scope, websocket_scope
from tests.unit.samples import feed_of

COOKIE = ("Cookie", "theme=dark; pushdemo-seat=abc-_1; x=y")
DRAFT = {"sender": "li", "text": "hi"}


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    """A feed whose lobby has a gate that lets one seat in."""

    def gate(draft: Draft, seat: str | None) -> None:
        if seat != "abc-_1":
            raise Problem(403, "No seat.")

    async with feed_of(FakeClock()) as feed:
        feed.guard("lobby", gate)
        yield feed


@pytest.fixture
def app(feed: Feed) -> Any:
    return create_app(feed)


@pytest.mark.parametrize(
    ("cookie", "seat"),
    [
        ("pushdemo-seat=abc", "abc"),
        ("a=b; pushdemo-seat=abc", "abc"),
        ("a=b;pushdemo-seat=abc ;c=d", "abc"),
        ("pushdemo-seat=", None),
        ("pushdemo-seat=a b", None),
        ("pushdemo-seat=\xe4", None),
        ("pushdemo-seat=" + "a" * 65, None),
        ("Pushdemo-Seat=abc", None),
        ("not-pushdemo-seat=abc", None),
        ("pushdemo-seat", None),
        ("", None),
    ],
)
def test_the_seat_is_the_value_of_its_cookie(cookie: str, seat: str | None) -> None:
    assert seat_of(http_scope("GET", "/", [("Cookie", cookie)])) == seat
    assert seat_of(websocket_scope("/", [("Cookie", cookie)])) == seat


def test_cookies_may_come_in_several_fields_or_not_at_all() -> None:
    assert seat_of(http_scope("GET", "/", [("Cookie", "a=b"), COOKIE])) == "abc-_1"  # as HTTP/2 splits them
    assert seat_of(http_scope("GET", "/")) is None


@pytest.mark.parametrize(("fields", "status"), [([COOKIE], 201), ([], 403)])
async def test_what_is_posted_bears_the_seat(app: Any, fields: list[tuple[str, str]], status: int) -> None:
    scope = http_scope("POST", "/api/rooms/lobby/messages", [*fields, ("Content-Type", "application/json")])
    assert (await ask(app, scope, json.dumps(DRAFT).encode())).status == status


@pytest.mark.parametrize(("fields", "control"), [([COOKIE], "ack"), ([], "error")])
async def test_what_a_websocket_says_bears_the_seat(app: Any, fields: list[tuple[str, str]], control: str) -> None:
    exchange = Exchange(app, websocket_scope("/api/rooms/lobby/ws", fields))
    exchange.hear({"type": "websocket.connect"})
    await exchange.until_sent(2)
    exchange.hear({"type": "websocket.receive", "text": json.dumps(DRAFT)})
    await exchange.until_sent(3)
    controls = [json.loads(event["text"]).get("control") for event in exchange.sent[1:]]
    assert control in controls
    exchange.hear({"type": "websocket.disconnect"})
    await exchange.end()


@pytest.mark.parametrize(("fields", "published"), [([COOKIE], 1), ([], 0)])
async def test_what_socket_io_publishes_bears_the_seat(
    app: Any, feed: Feed, fields: list[tuple[str, str]], published: int
) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    opening = await ask(app, http_scope("GET", path, fields))
    path += f"&sid={json.loads(opening.content[1:])['sid']}"
    publish = "421" + json.dumps(["publish", {"room": "lobby"} | DRAFT])
    await ask(app, http_scope("POST", path, fields), f"40\x1e{publish}".encode())
    await turn(50)
    assert feed.published == published
    assert feed.refused == 1 - published
