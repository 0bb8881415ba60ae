"""The class's live socket, where a page takes nothing or says nothing."""

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette

from pushdemo import class_live
from pushdemo.app import create_app
from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.options import ClassOptions
from pushdemo.feed import Feed
from pushdemo.settings import Settings
from tests.support.until import until
from tests.unit.asgi import Exchange, websocket_scope
from tests.unit.samples import memory_log

PATH = "/api/class/live"
CONNECT = {"type": "websocket.connect"}


@pytest.fixture
def app() -> Starlette:
    settings = Settings(lab_ports="0", slow_reader_s=0.05)
    return create_app(Feed(memory_log(), settings), classroom=ClassOptions(address="127.0.0.1", port=1, token="secret"))


def says(**values: Any) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": json.dumps(values)}


async def test_a_page_that_takes_nothing_is_let_go(app: Starlette) -> None:
    classroom: Classroom = app.state.classroom
    events = iter([CONNECT, says(role="student")])
    stuck = asyncio.Event()

    async def receive() -> dict[str, Any]:
        return next(events, None) or await asyncio.Future()

    async def send(event: Any) -> None:
        if event["type"] == "websocket.send":
            stuck.set()
            await asyncio.Future()

    async with app.router.lifespan_context(app), asyncio.timeout(5):
        seat, _ = classroom.take_seat("Li")
        cookie = [("Cookie", f"pushdemo-seat={seat.token}")]
        task = asyncio.create_task(app(websocket_scope(PATH, cookie), receive, send))  # type: ignore[arg-type]
        await stuck.wait()
        assert seat.connections == 1
        await task
        assert seat.connections == 0


async def test_a_page_that_does_not_say_who_it_is_is_shown_out(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_live, "HELLO_WITHIN_S", 0.01)
    async with app.router.lifespan_context(app):
        page = Exchange(app, websocket_scope(PATH))
        page.hear(CONNECT)
        await page.end()
    accepted, told, closed = page.sent
    assert accepted["type"] == "websocket.accept"
    problem = json.loads(told["text"])["problem"]
    assert (problem["status"], problem["detail"]) == (408, "Expected who you are within 0.01 s; nothing came.")
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


async def test_where_the_most_pages_are_open_the_teacher_comes_in_all_the_same(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_live, "MOST_SOCKETS", 2)
    async with app.router.lifespan_context(app):
        pages = [Exchange(app, websocket_scope(PATH)) for _ in range(4)]
        hellos = [{"role": "projector"}] * 3 + [{"role": "teacher", "token": "secret"}]
        for page, hello in zip(pages, hellos, strict=True):
            page.hear(CONNECT)
            page.hear(says(**hello))
            await page.until_sent(2)
        *_, one_too_many, console = pages
        await one_too_many.end()
        assert [event.get("code") for event in one_too_many.sent] == [None, None, 1013]
        assert json.loads(console.sent[1]["text"])["state"]["role"] == "teacher"
        for page in (*pages[:2], console):
            page.hear({"type": "websocket.disconnect", "code": 1001})
            await page.end()


async def test_a_page_that_goes_before_it_says_who_it_is_leaves_nothing_behind(app: Starlette) -> None:
    async with app.router.lifespan_context(app):
        page = Exchange(app, websocket_scope(PATH))
        page.hear(CONNECT)
        page.hear({"type": "websocket.disconnect", "code": 1001})
        await page.end()
    assert [event["type"] for event in page.sent] == ["websocket.accept"]


async def test_what_is_not_another_state_is_not_told_again(app: Starlette) -> None:
    classroom: Classroom = app.state.classroom
    async with app.router.lifespan_context(app):
        seat, _ = classroom.take_seat("Li")
        page = Exchange(app, websocket_scope(PATH, [("Cookie", f"pushdemo-seat={seat.token}")]))
        page.hear(CONNECT)
        page.hear(says(role="student"))
        await page.until_sent(2)
        classroom.hall.changed()  # and yet nothing is different but the time
        seat.muted = True
        classroom.hall.changed()
        await until(lambda: len(page.sent) == 3, "the mute is told")
        page.hear({"type": "websocket.disconnect", "code": 1001})
        await page.end()
    told = [json.loads(event["text"])["state"] for event in page.sent[1:]]
    assert [state["seat"]["muted"] for state in told] == [False, True]


async def test_when_the_class_ends_a_student_is_told_so_and_let_go(app: Starlette) -> None:
    classroom: Classroom = app.state.classroom
    async with app.router.lifespan_context(app):
        seat, _ = classroom.take_seat("Li")
        page = Exchange(app, websocket_scope(PATH, [("Cookie", f"pushdemo-seat={seat.token}")]))
        page.hear(CONNECT)
        page.hear(says(role="student"))
        await page.until_sent(2)
        await classroom.end()
        await page.end()
    *_, told, closed = page.sent
    assert json.loads(told["text"])["state"]["class"]["state"] == "ended"
    assert (closed["type"], closed["code"]) == ("websocket.close", 1000)
