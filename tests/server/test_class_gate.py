"""Who may speak in the class's room, by every technique; and which pages may speak for a student or the teacher."""

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.in_class import COOKIE, Student
from tests.support.reading import Client, Refused, http_client
from tests.support.server import ClassServer

EVIL = "http://evil.example"


@pytest.fixture
async def room(teacher: httpx.AsyncClient) -> str:
    """The class's room, with nothing said in it yet."""
    return str((await teacher.post("/api/class/clear")).json()["room"])


@pytest.fixture(params=["the main port", "a lab port"])
async def base(request: pytest.FixtureRequest, class_server: ClassServer, teacher: httpx.AsyncClient) -> str:
    """Where the phone's technique runs: the cookie goes to all ports of a host."""
    return class_server.base if request.param == "the main port" else await lab_base(class_server, teacher)


async def lab_base(server: ClassServer, teacher: httpx.AsyncClient) -> str:
    """Return where the first group's port is."""
    (group, *_) = (await teacher.get("/api/class/teacher")).json()["groups"]
    return f"{server.base.rpartition(':')[0]}:{group['port']}"


async def said_in(server: ClassServer, room: str) -> list[tuple[str, str]]:
    """Return who said what."""
    async with http_client(server.base) as http:
        answer = await http.get(f"/api/rooms/{room}/short-poll")
        return [(message["sender"], message["text"]) for message in answer.json()["messages"]]


# --- the gate ---


async def test_a_student_speaks_under_the_own_name_by_every_technique(
    client_class: type[Client], base: str, class_server: ClassServer, student: Student, room: str
) -> None:
    async with client_class(base, room, "latest", headers=student.headers) as client:
        sent = await client.publish(student.name, "hello", "key-1")
        (heard,) = await client.take(1)
        assert (heard.id, heard.fields["sender"]) == (sent, student.name)
        assert await client.publish(student.name, "hello", "key-1") == sent
    assert await said_in(class_server, room) == [(student.name, "hello")]


async def test_nobody_speaks_under_another_name_without_a_seat_or_muted(
    client_class: type[Client],
    base: str,
    class_server: ClassServer,
    student: Student,
    teacher: httpx.AsyncClient,
    room: str,
) -> None:
    async with client_class(base, room, "latest", headers=student.headers) as client:
        for name in ("teacher", "metronome", student.name.upper(), f"{student.name} "):
            with pytest.raises(Refused, match=f"^403: In this class you are {student.name}"):
                await client.publish(name, "I am not")
        await teacher.patch(f"/api/class/seats/{student.id}", json={"muted": True})
        with pytest.raises(Refused, match="^403: The teacher has muted you"):
            await client.publish(student.name, "but")
    for headers in ({}, {"Cookie": f"{COOKIE}=AAAAAAAA"}, {"Cookie": f"{COOKIE}={student.id}"}, {"Cookie": COOKIE}):
        async with client_class(base, room, "latest", headers=headers) as client:
            with pytest.raises(Refused, match="^403: Only who has a seat in the class may speak here"):
                await client.publish(student.name, "me, too")
    assert await said_in(class_server, room) == []


async def test_who_was_sent_out_and_a_room_that_the_class_has_left_are_silent(
    client_class: type[Client], class_server: ClassServer, student: Student, teacher: httpx.AsyncClient, room: str
) -> None:
    async with client_class(class_server.base, room, "latest", headers=student.headers) as client:
        await teacher.post("/api/class/clear")
        with pytest.raises(Refused, match="^403: The class has gone on in another room"):
            await client.publish(student.name, "is anybody there?")
        await teacher.delete(f"/api/class/seats/{student.id}")
    now = (await teacher.get("/api/class")).json()["room"]
    async with client_class(class_server.base, now, "latest", headers=student.headers) as client:
        with pytest.raises(Refused, match="^403: Only who has a seat"):
            await client.publish(student.name, "let me in")
    assert await said_in(class_server, room) == await said_in(class_server, now) == []


async def test_other_rooms_are_as_open_as_ever(class_server: ClassServer) -> None:
    async with http_client(class_server.base) as http:
        answer = await http.post("/api/rooms/lobby/messages", json={"sender": "anybody", "text": "hello"})
        assert answer.status_code == 201


# --- whose page ---


async def origins(server: ClassServer, teacher: httpx.AsyncClient) -> list[str]:
    """Return the origins of pages that must do nothing: of another site, of none, and at a group's lab port."""
    return [EVIL, "null", await lab_base(server, teacher)]


async def test_a_page_of_another_origin_takes_no_seat_and_commands_nothing_whatever_it_knows(
    class_server: ClassServer, student: Student, teacher: httpx.AsyncClient
) -> None:
    before = (await teacher.get("/api/class/teacher")).json()
    for origin in await origins(class_server, teacher):
        headers = {"Origin": origin, **student.headers}
        for http, method, path in (
            (student.http, "POST", "/api/class/seats"),
            (student.http, "DELETE", "/api/class/seats/mine"),
            (student.http, "POST", f"/api/rooms/{before['class']['room']}/messages"),
            (teacher, "POST", "/api/class/clear"),
            (teacher, "PATCH", "/api/class/groups/A"),
            (teacher, "DELETE", f"/api/class/seats/{student.id}"),
        ):
            body = {"name": "Mallory", "sender": student.name, "text": "hi", "technique": "sse"}
            answer = await http.request(method, path, headers=headers, json=body)
            assert (answer.status_code, "Origin" in answer.json()["detail"]) == (403, True), (origin, method, path)
            assert "access-control-allow-origin" not in answer.headers
    assert (await student.http.get("/api/class/seats/mine")).json() == student.seat
    now = (await teacher.get("/api/class/teacher")).json()
    assert (now["groups"], now["class"], now["seats"]) == (before["groups"], before["class"], before["seats"])


async def test_a_page_of_another_origin_may_not_even_ask_whether_it_may(
    class_server: ClassServer, teacher: httpx.AsyncClient
) -> None:
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}
    for origin in await origins(class_server, teacher):
        answer = await teacher.options("/api/class/groups/A", headers={"Origin": origin, **asked})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_a_page_of_another_origin_gets_no_live_socket(
    class_server: ClassServer, student: Student, teacher: httpx.AsyncClient
) -> None:
    address = f"{class_server.base.replace('http', 'ws', 1)}/api/class/live"
    for origin in await origins(class_server, teacher):
        with pytest.raises(InvalidStatus) as denied:
            await connect(address, origin=origin, additional_headers=student.headers, proxy=None)  # type: ignore[arg-type]
        assert denied.value.response.status_code == 403


async def test_what_comes_through_a_lab_port_is_not_the_teacher_nor_a_student_who_joins(
    class_server: ClassServer, student: Student, teacher: httpx.AsyncClient
) -> None:
    base = await lab_base(class_server, teacher)
    async with http_client(base, headers={**student.headers, **teacher.headers}) as through:
        for origin in ({}, {"Origin": base}):
            for method, path in (
                ("POST", "/api/class/seats"),
                ("GET", "/api/class/seats/mine"),
                ("DELETE", "/api/class/seats/mine"),
                ("GET", "/api/class/teacher"),
                ("PATCH", "/api/class/groups/all"),
                ("GET", "/api/class/results.csv"),
            ):
                body = {"name": "Mallory"} if method == "POST" else None
                answer = await through.request(method, path, headers=origin, json=body)
                assert answer.status_code == 403, (method, path)
                assert answer.json()["detail"] == "The class is at the server's main port, not behind a lab port."
    with pytest.raises(InvalidStatus) as denied:
        await connect(f"{base.replace('http', 'ws', 1)}/api/class/live", additional_headers=student.headers, proxy=None)
    assert denied.value.response.status_code == 403
    assert (await student.http.get("/api/class/seats/mine")).json() == student.seat
