"""The class within the application: opened and closed with it, and mounted in another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from pushdemo import class_api, class_results
from pushdemo.app import create_app
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.options import ClassOptions
from pushdemo.classroom.results import Row
from pushdemo.feed import Feed
from pushdemo.settings import Settings
from tests.support.fake_clock import FakeClock
from tests.unit.asgi import ask, http_scope
from tests.unit.samples import memory_log

OPTIONS = ClassOptions(address="127.0.0.1", port=8000, token="secret")
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def feed() -> Feed:
    return Feed(memory_log(), Settings(lab_ports="0"), FakeClock())


@pytest.fixture
def app(feed: Feed) -> Starlette:
    return create_app(feed, classroom=OPTIONS)


async def test_the_class_is_open_as_long_as_the_application_lives(app: Starlette) -> None:
    classroom: Classroom = app.state.classroom
    async with app.router.lifespan_context(app):
        relays = [group.session for group in classroom.groups]
        assert [group.name for group in classroom.groups] == list("ABCDE")
        assert all(session.is_open for session in relays)
    assert not any(session.is_open for session in relays)


async def test_a_class_that_is_open_already_is_not_opened_again(app: Starlette, feed: Feed) -> None:
    classroom: Classroom = app.state.classroom
    async with feed:
        await classroom.open()
        sessions = [group.session for group in classroom.groups]
        async with app.router.lifespan_context(app):
            assert [group.session for group in classroom.groups] == sessions


async def test_a_class_that_nobody_opened_says_so(app: Starlette) -> None:
    exchange = await ask(app, http_scope("GET", "/api/class"))
    assert exchange.status == 503
    assert msgspec.json.decode(exchange.content)["detail"].startswith("The class was never opened")


def test_in_another_application_the_cookie_is_for_what_is_mounted_alone(app: Starlette) -> None:
    @asynccontextmanager
    async def lifespan(outer: Starlette) -> AsyncIterator[None]:
        async with app.router.lifespan_context(app):
            yield

    with TestClient(Starlette(routes=[Mount("/push", app)], lifespan=lifespan), base_url=BASE) as client:
        joined = client.post("/push/api/class/seats", json={"name": "Li"})
        assert joined.status_code == 201
        assert "Path=/push/" in joined.headers["set-cookie"]
        assert client.get("/push/api/class/seats/mine").json() == joined.json()
        room = client.get("/push/api/class").json()["room"]
        said = client.post(f"/push/api/rooms/{room}/messages", json={"sender": "Li", "text": "hi"})
        assert said.status_code == 201


def test_one_address_does_not_take_all_seats(app: Starlette, feed: Feed) -> None:
    with TestClient(app, base_url=BASE) as client:

        def joins(number: int) -> int:
            client.cookies.clear()
            return client.post("/api/class/seats", json={"name": f"Li {number}"}).status_code

        assert {joins(number) for number in range(class_api.SEATS_AT_ONCE)} == {201}
        assert joins(61) == 429
        assert isinstance(feed.clock, FakeClock)
        feed.clock.advance(1 / class_api.SEATS_PER_S)
        assert (joins(61), joins(62)) == (201, 429)


def test_when_the_class_has_ended_nobody_joins_or_speaks(app: Starlette) -> None:
    teacher = {"Authorization": f"Bearer {OPTIONS.token}"}
    with TestClient(app, base_url=BASE) as client:
        client.post("/api/class/seats", json={"name": "Li"})
        ended = client.post("/api/class/end", headers=teacher).json()
        assert ended["state"] == "ended"
        said = {"sender": "Li", "text": "bye"}
        for path, body in (
            ("/api/class/seats", {"name": "Han"}),
            (f"/api/rooms/{ended['room']}/messages", said),
            ("/api/class/messages", said),
        ):
            answer = client.post(path, json=body, headers=teacher)
            assert (answer.status_code, "ended" in answer.json()["detail"]) == (403, True), path
        assert client.get("/api/class/results.csv", headers=teacher).status_code == 200


async def test_a_class_without_results_has_a_table_with_a_head_alone(app: Starlette) -> None:
    table = class_results.as_csv([]).decode("utf-8-sig")
    assert table == ",".join(Row.__struct_fields__) + "\r\n"
    async with app.router.lifespan_context(app):
        content = msgspec.json.decode(class_results.as_json(app.state.classroom))
    assert content["rows"] == []
    assert "token" not in content


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    values = dict.fromkeys(Row.__struct_fields__) | {"name": name}
    table = class_results.as_csv([Row(**values)])  # type: ignore[arg-type]
    assert f",'{name}," in table.decode("utf-8-sig")
