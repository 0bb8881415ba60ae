"""The class's live socket: who is told what, how soon, and who is shown out."""

import json
import time
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pushdemo import class_live
from tests.support.in_class import Page, Student, as_teacher
from tests.support.reading import http_client
from tests.support.server import ClassServer, Server
from tests.support.until import until

TEACHER_ONLY = {"seats", "settings", "links", "experiments", "recording"}


# --- who is told what ---


async def test_a_student_is_told_of_the_own_seat_and_group_at_once(student: Student) -> None:
    async with student.page() as page:
        state = await page.shows("the student's state", role="student", seat=student.seat)
        assert state["group"]["name"] == student.seat["group"]
        assert set(state) == {
            *("role", "now", "class", "seat", "group", "stretch", "fault", "hidden", "rate", "experiment")
        }


async def test_the_projector_is_told_nothing_that_is_the_teachers(class_server: ClassServer, student: Student) -> None:
    async with Page.open(class_server, {"role": "projector"}) as projector, Page.of_teacher(class_server) as console:
        shown = await projector.shows("the projector's state", role="projector")
        told = await console.shows("the teacher's state", role="teacher")
        assert set(told) - set(shown) == TEACHER_ONLY
        everything = json.dumps([*projector.states, *console.states])
        assert class_server.token not in everything
        assert student.headers["Cookie"].partition("=")[2] not in everything


async def test_a_command_to_a_group_reaches_its_students_and_no_others(
    class_server: ClassServer, student: Student, teacher: httpx.AsyncClient
) -> None:
    async with Student.join(class_server) as other, student.page() as page, other.page() as others:
        assert other.seat["group"] != student.seat["group"]
        await page.shows("the student's state", role="student")
        before = await others.shows("the other's state", role="student")
        interval = page.state["group"]["interval_ms"] + 100
        await teacher.patch(f"/api/class/groups/{student.seat['group']}", json={"interval_ms": interval})
        await until(lambda: page.state["group"]["interval_ms"] == interval, "the student is told of the interval")
        await teacher.patch(f"/api/class/seats/{other.id}", json={"muted": True})
        await until(lambda: others.state["seat"]["muted"], "the other is told of the mute")
        assert others.states[-1]["group"] == before["group"]
        assert len(others.states) == 2, "nothing but the mute was news to the other"


async def test_the_teacher_sees_who_is_there_and_what_the_phones_report(
    class_server: ClassServer, student: Student
) -> None:
    async with Page.of_teacher(class_server) as console:

        def seen() -> dict[str, Any]:
            return next((each for each in console.state.get("seats", []) if each["id"] == student.id), {})

        await until(lambda: seen().get("connected") is False, "the student is seen, without a page")
        async with student.page() as page:
            await page.shows("the student's state", role="student")
            await page.report(state="open", received=3, delays=[1.0, 2.0, 6.0])
            await until(lambda: seen()["connected"], "the student's page is seen")
            await until(lambda: (seen()["report"] or {}).get("received") == 3, "the report is seen")
            assert "delays" not in seen()["report"]
            assert seen()["median"] == 2


async def test_figures_are_told_twice_a_second_at_most(class_server: ClassServer, teacher: httpx.AsyncClient) -> None:
    async with Page.of_teacher(class_server) as console:
        await console.shows("the teacher's state", role="teacher")
        begun, told = time.monotonic(), len(console.states)
        for number in range(30):
            await teacher.patch("/api/class", json={"title": f"Push {number}"})
        await until(lambda: console.state["class"]["title"] == "Push 29", "the last title is told")
        took = time.monotonic() - begun
        assert len(console.states) - told <= 2 + took / class_live.GATHER_OTHERS_S
    await teacher.patch("/api/class", json={"title": "Push"})


# --- who is shown out ---


@pytest.mark.parametrize(
    ("hello", "code", "status"),
    [
        ({"role": "teacher"}, 1008, 403),
        ({"role": "teacher", "token": "AAAAAAAAAAAAAAAAAAAAAA"}, 1008, 403),
        ({"role": "teacher", "token": "老师"}, 1008, 403),
        ({"role": "student"}, 1008, 404),
        ({"role": "headmaster"}, 1008, 422),
        ({}, 1008, 422),
        ("hello", 1008, 400),
        ("[" * 10_000, 1008, 422),
        (b'{"role": "projector"}', 1003, 415),
        ('{"role": "projector", "more": "' + "x" * class_live.MOST_BYTES + '"}', 1009, 413),
    ],
)
async def test_who_does_not_say_who_it_is_is_shown_out_with_a_sentence(
    class_server: ClassServer, hello: Any, code: int, status: int
) -> None:
    async with Page.open(class_server, hello) as page:
        assert await page.closed() == (code, [status])
        assert page.states == []


@pytest.mark.long
async def test_who_says_nothing_is_shown_out_after_five_seconds(class_server: ClassServer) -> None:
    async with Page.open(class_server, None) as page:
        assert await page.closed() == (1008, [408])


async def test_a_bad_report_is_answered_and_the_page_goes_on(student: Student) -> None:
    async with student.page() as page:
        await page.shows("the student's state", role="student")
        for said, status in (("{}", 422), ('{"report": {}}', 422), ('{"report": ', 400), ("7", 422)):
            await page.socket.send(said)
            assert (await page.refused())["status"] == status
        await page.report(received=1)
        assert page.code is None


@pytest.mark.parametrize(
    ("said", "code", "status"),
    [(b"{}", 1003, 415), ('{"report": "' + "学" * (class_live.MOST_BYTES // 3) + '"}', 1009, 413)],
)
async def test_a_report_that_is_binary_or_too_long_ends_it(
    student: Student, said: str | bytes, code: int, status: int
) -> None:
    async with student.page() as page:
        await page.shows("the student's state", role="student")
        await page.socket.send(said)
        assert await page.closed() == (code, [status])


async def test_who_reports_without_end_is_shown_out_of_the_next_page_too(student: Student) -> None:
    for more in (50, 0):
        async with student.page() as page:
            await page.shows("the student's state", role="student")
            with suppress(ConnectionClosed):  # as soon as it was too many
                for _ in range(class_live.REPORTS_AT_ONCE + more):
                    await page.report()
            assert await page.closed() == (1008, [429])


async def test_one_student_has_eight_pages_at_most(student: Student) -> None:
    async with AsyncExitStack() as pages:
        for _ in range(class_live.MOST_OF_A_SEAT):
            page = await pages.enter_async_context(student.page())
            await page.shows("the student's state", role="student")
        async with student.page() as one_too_many:
            assert await one_too_many.closed() == (1013, [503])


async def test_who_is_sent_out_is_told_so(student: Student, teacher: httpx.AsyncClient) -> None:
    async with student.page() as page:
        await page.shows("the student's state", role="student")
        await teacher.delete(f"/api/class/seats/{student.id}")
        assert await page.closed() == (1008, [403])


@pytest.mark.long
async def test_when_the_class_ends_students_are_told_and_let_go_and_the_others_stay() -> None:
    with ClassServer() as server:
        async with (
            Student.join(server) as student,
            as_teacher(server) as teacher,
            student.page() as page,
            Page.open(server, {"role": "projector"}) as projector,
        ):
            await page.shows("the student's state", role="student")
            await projector.shows("the projector's state", role="projector")
            await teacher.post("/api/class/end")
            assert await page.closed() == (1000, [])
            assert page.state["class"]["state"] == "ended"
            await until(lambda: projector.state["class"]["state"] == "ended", "the projector is told")
            await teacher.post("/api/class/projector", json={"shows": "results"})
            await projector.shows("what the teacher chose after the end", shows="results")
            await server.interrupted()
            assert await projector.closed() == (1012, [])


async def test_when_the_server_stops_all_pages_are_closed_for_a_restart() -> None:
    with ClassServer() as server:
        async with (
            Student.join(server) as student,
            student.page() as page,
            Page.of_teacher(server) as console,
        ):
            await page.shows("the student's state", role="student")
            await console.shows("the teacher's state", role="teacher")
            assert await server.interrupted() < 2
            assert await page.closed() == (1012, [])
            assert await console.closed() == (1012, [])


# --- where it is not ---


async def test_without_a_class_the_handshake_is_denied(server: Server) -> None:
    with pytest.raises(InvalidStatus) as denied:
        async with Page.open(server, None):
            pass
    assert denied.value.response.status_code == 404
    assert b"No class is on here" in denied.value.response.body


async def test_who_asks_for_no_upgrade_is_told_to(class_server: ClassServer) -> None:
    async with http_client(class_server.base) as http:
        assert (await http.get("/api/class/live")).status_code == 426


@pytest.mark.long
async def test_who_looks_on_cannot_keep_the_class_out() -> None:
    with ClassServer() as server:
        async with AsyncExitStack() as pages:
            for _ in range(class_live.MOST_PROJECTORS):
                page = await pages.enter_async_context(Page.open(server, {"role": "projector"}))
                await page.shows("the projector's state", role="projector")
            async with Page.open(server, {"role": "projector"}) as one_too_many:
                assert await one_too_many.closed() == (1013, [503])
            async with Student.join(server) as student, student.page() as phone, Page.of_teacher(server) as console:
                await phone.shows("the student's state", role="student")
                await console.shows("the teacher's state", role="teacher")
