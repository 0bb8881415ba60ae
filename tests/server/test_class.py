"""The class over HTTP: joining it, commanding it, and what it gives to take home."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator

import httpx
import pytest
import segno
from starlette.routing import Route

from pushdemo.app import create_app
from pushdemo.class_requests import NO_CLASS
from tests.support.in_class import COOKIE, Student, as_teacher, fresh_name
from tests.support.reading import http_client
from tests.support.server import ClassServer, Server

ROUTES = [
    (method, route.path.format(group="A", seat="mine2", message="e-1"))
    for route in create_app().routes
    if isinstance(route, Route) and f"{route.path}/".startswith("/api/class/") and "live" not in route.path
    for method in sorted((route.methods or set()) - {"HEAD"})
]
OPEN_TO_ALL = {("GET", "/api/class"), ("GET", "/api/class/qr.svg")}
STUDENTS = {(method, path) for method, path in ROUTES if path.startswith("/api/class/seats") and "mine2" not in path}
TEACHERS = [each for each in ROUTES if each not in OPEN_TO_ALL | STUDENTS]


@pytest.fixture
async def anybody(class_server: ClassServer) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a seat."""
    async with http_client(class_server.base) as http:
        yield http


def refused(answer: httpx.Response, status: int) -> str:
    """Return the sentence of a refusal with that status."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    return str(answer.json()["detail"])


# --- what anybody may ask ---


async def test_everybody_may_ask_what_class_is_on(class_server: ClassServer, anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/api/class")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert set(told) == {"title", "room", "state", "people", "address", "seat"}
    assert told["seat"] is None
    assert (told["title"], told["state"]) == ("Push", "open")
    assert told["address"] == class_server.join_address == f"{class_server.base}/join"
    assert class_server.token not in answer.text


async def test_a_class_is_told_of_beside_the_rooms_and_nothing_secret_with_it(
    class_server: ClassServer, anybody: httpx.AsyncClient
) -> None:
    told = (await anybody.get("/api/rooms")).json()["class"]
    assert told == {"title": "Push", "address": class_server.join_address, "state": "open"}


async def test_without_a_class_none_is_told_of_beside_the_rooms(server: Server) -> None:
    async with http_client(server.base) as http:
        assert (await http.get("/api/rooms")).json()["class"] is None


async def test_the_qr_code_is_of_the_address_to_join_at(class_server: ClassServer, anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/api/class/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    drawing = ET.fromstring(answer.text)
    (path,) = drawing
    assert path.attrib["stroke"] == "currentColor"
    modules = segno.make(class_server.join_address, micro=False)
    assert drawing.attrib["viewBox"].split()[2:] == [str(size) for size in modules.symbol_size()]
    first_row = bytes(modules.matrix[0])
    assert path.attrib["d"].startswith("M4 4.5h7"), "the finder pattern begins after a quiet zone of four modules"
    assert first_row[:8] == bytes([1] * 7 + [0])


# --- students ---


async def test_a_student_joins_with_a_name_and_is_found_again_by_the_cookie(
    class_server: ClassServer, anybody: httpx.AsyncClient
) -> None:
    name = fresh_name("  李雷 ")
    joined = await anybody.post("/api/class/seats", json={"name": name})
    assert joined.status_code == 201
    seat = joined.json()
    assert set(seat) == {"id", "name", "group", "technique", "may_choose", "muted"}
    assert seat["name"] == " ".join(name.split())
    attributes = {part.strip().lower() for part in joined.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} < attributes
    assert anybody.cookies[COOKIE] not in joined.text
    assert (await anybody.get("/api/class/seats/mine")).json() == seat
    await anybody.delete("/api/class/seats/mine")


async def test_who_joins_again_keeps_the_seat_and_has_the_new_name(student: Student) -> None:
    cookie, name = student.headers, fresh_name("Han")
    again = await student.http.post("/api/class/seats", json={"name": name})
    assert (again.status_code, again.json()) == (200, student.seat | {"name": name})
    assert student.headers == cookie


async def test_who_leaves_has_no_seat_and_the_name_is_free(class_server: ClassServer, student: Student) -> None:
    left = await student.http.delete("/api/class/seats/mine")
    assert (left.status_code, left.content) == (204, b"")
    assert COOKIE not in student.http.cookies
    assert "join it with a name" in refused(await student.http.get("/api/class/seats/mine"), 404)
    async with Student.join(class_server, student.name) as another:
        assert another.id != student.id


async def test_a_name_that_somebody_has_is_refused_whatever_its_case(
    student: Student, anybody: httpx.AsyncClient
) -> None:
    answer = await anybody.post("/api/class/seats", json={"name": student.name.upper()})
    assert "Please take another name" in refused(answer, 409)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 400, "Expected JSON"),
        (b"{", 400, "Expected JSON"),
        (b'{"name": "\xff"}', 400, "Expected JSON"),
        (b'{"name": "\\ud800"}', 400, "Expected JSON"),
        (b"[]", 422, "Expected a name"),
        (b"{}", 422, "Expected a name"),
        (b'{"name": 7}', 422, "Expected a name"),
        (b'{"name": ""}', 422, "1 to 24 characters"),
        (b'{"name": "aaaaaaaaaaaaaaaaaaaaaaaaa"}', 422, "1 to 24 characters; this one has 25"),
        (b'{"name": "Teacher"}', 422, "take another name"),
        (b'{"name": "a\\u202eb"}', 422, "letters that can be seen"),
        (b'{"more": ' + b"[" * 60_000, 400, "Expected JSON"),
        (b" " * 65_537, 413, "65,536 bytes at most"),
    ],
)
async def test_what_is_no_name_is_refused_with_a_sentence(
    anybody: httpx.AsyncClient, body: bytes, status: int, sentence: str
) -> None:
    assert sentence in refused(await anybody.post("/api/class/seats", content=body), status)


async def test_a_student_chooses_the_technique_only_where_the_group_leaves_it_open(
    student: Student, teacher: httpx.AsyncClient
) -> None:
    group = f"/api/class/groups/{student.seat['group']}"
    await teacher.patch(group, json={"technique": "sse"})
    chosen = {"technique": "websocket"}
    path = "/api/class/seats/mine/technique"
    assert "teacher has chosen" in refused(await student.http.post(path, json=chosen), 409)
    await teacher.patch(group, json={"technique": None})
    answer = await student.http.post(path, json=chosen)
    assert (answer.json()["technique"], answer.json()["may_choose"]) == ("websocket", True)
    refused(await student.http.post(path, json={"technique": "flash"}), 422)
    await teacher.patch(group, json={"technique": "sse"})


async def test_a_prediction_is_taken_while_the_question_is_asked(student: Student, teacher: httpx.AsyncClient) -> None:
    path = "/api/class/seats/mine/prediction"
    refused(await student.http.post(path, json={"value": 50}), 409)
    await teacher.post("/api/class/experiment", json={"name": "waste", "phase": "asked"})
    assert (await student.http.post(path, json={"value": 61.5})).status_code == 204
    for value in (-1, "many", None, 1e300):
        refused(await student.http.post(path, json={"value": value}), 422)
    experiment = (await teacher.get("/api/class/teacher")).json()["experiment"]
    assert (experiment["phase"], experiment["predictions"]) == ("asked", {"count": 1, "values": [61.5]})
    assert (await teacher.delete("/api/class/experiment")).status_code == 204
    assert (await teacher.get("/api/class/teacher")).json()["experiment"] is None


@pytest.mark.parametrize(("method", "path"), sorted(STUDENTS - {("POST", "/api/class/seats")}))
async def test_without_a_seat_there_is_nothing_to_ask(anybody: httpx.AsyncClient, method: str, path: str) -> None:
    body = {"technique": "sse", "value": 1}
    refused(await anybody.request(method, path, json=body if method == "POST" else None), 404)


# --- the teacher ---


@pytest.mark.parametrize(("method", "path"), TEACHERS)
async def test_only_who_knows_the_token_commands(
    anybody: httpx.AsyncClient, student: Student, method: str, path: str
) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}):
        for http in (anybody, student.http):
            answer = await http.request(method, path, headers=headers)
            assert "Authorization: Bearer TOKEN" in refused(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
    wrong = [("Authorization", "Bearer AAAAAAAAAAAAAAAAAAAAAA"), (b"Authorization", b"Bearer \xc3\xbc\xff")]
    for field in wrong:
        refused(await anybody.request(method, path, headers=[field]), 403)  # type: ignore[arg-type]


async def test_the_teacher_is_told_all(student: Student, teacher: httpx.AsyncClient) -> None:
    told = (await teacher.get("/api/class/teacher")).json()
    assert told["role"] == "teacher"
    assert [seat["name"] for seat in told["seats"] if seat["id"] == student.id] == [student.name]


async def test_a_group_is_set_and_broken_by_its_name(student: Student, teacher: httpx.AsyncClient) -> None:
    path = "/api/class/groups/A"
    answer = await teacher.patch(path, json={"interval_ms": 500, "network": {"delay_ms": 20}})
    (group,) = answer.json()["groups"]
    assert (group["name"], group["interval_ms"], group["network"]["delay_ms"]) == ("A", 500, 20)
    struck = await teacher.post(f"{path}/faults", json={"fault": "cut"})
    assert set(struck.json()["done"]) == {"A"}
    everywhere = await teacher.post("/api/class/groups/all/faults", json={"fault": "cut"})
    assert list(everywhere.json()["done"]) == ["A", "B", "C", "D", "E"]
    await teacher.patch(path, json={"interval_ms": 2_000, "network": {"delay_ms": 0}})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "", b"{", 400),
        ("PATCH", "", b'{"rate": 101}', 422),
        ("PATCH", "", b'{"colour": "red"}', 422),
        ("PATCH", "/groups/Z", b"{}", 404),
        ("PATCH", "/groups/a", b"{}", 404),
        ("PATCH", "/groups/A", b"[]", 400),
        ("PATCH", "/groups/A", b'{"interval_ms": 99}', 422),
        ("PATCH", "/groups/all", b'{"technique": "flash"}', 422),
        ("PATCH", "/groups/A", b'{"network": {"delay_ms": -1}}', 422),
        ("POST", "/groups/Z/faults", b'{"fault": "cut"}', 404),
        ("POST", "/groups/A/faults", b'{"fault": "earthquake"}', 422),
        ("POST", "/division", b'{"groups": 0}', 422),
        ("POST", "/division", b'{"groups": 9}', 422),
        ("POST", "/division", b'{"groups": "many"}', 422),
        ("PATCH", "/seats/nobody", b'{"muted": true}', 404),
        ("PATCH", "/seats/nobody", b'{"name": "x"}', 422),
        ("DELETE", "/seats/nobody", b"", 404),
        ("POST", "/messages", b'{"text": ""}', 422),
        ("POST", "/messages", b"{}", 422),
        ("DELETE", "/messages/first", b"", 400),
        ("POST", "/experiment", b'{"name": "alchemy", "phase": "asked"}', 422),
        ("POST", "/experiment", b'{"name": "waste", "phase": "soon"}', 422),
        ("POST", "/projector", b'{"shows": "<b>"}', 422),
        ("POST", "/projector", b'{"shows": 7}', 422),
        ("POST", "/simulated", b'{"clients": 2001}', 422),
        ("POST", "/simulated", b"\xff", 400),
    ],
)
async def test_a_command_that_cannot_be_is_refused_with_a_sentence(
    teacher: httpx.AsyncClient, method: str, path: str, body: bytes, status: int
) -> None:
    assert refused(await teacher.request(method, f"/api/class{path}", content=body), status).endswith(".")


async def test_the_class_is_divided_into_as_many_groups_as_wanted(teacher: httpx.AsyncClient) -> None:
    names = [
        "".join(group["name"] for group in (await teacher.post("/api/class/division", json=wanted)).json()["groups"])
        for wanted in ({"groups": 2}, {"groups": 8}, {"groups": 5})
    ]
    assert names == ["AB", "ABCDEFGH", "ABCDE"]


async def test_a_student_is_moved_muted_and_sent_out(
    student: Student, teacher: httpx.AsyncClient, anybody: httpx.AsyncClient
) -> None:
    path = f"/api/class/seats/{student.id}"
    moved = (await teacher.patch(path, json={"group": "C", "muted": True})).json()
    assert (moved["group"], moved["muted"]) == ("C", True)
    refused(await teacher.patch(path, json={"group": "Z"}), 404)
    assert (await teacher.delete(path)).status_code == 204
    refused(await student.http.get("/api/class/seats/mine"), 404)
    answer = await anybody.post("/api/class/seats", json={"name": student.name})
    assert "taken the name" in refused(answer, 403)


async def test_the_teacher_speaks_hides_and_clears(teacher: httpx.AsyncClient) -> None:
    room = (await teacher.get("/api/class")).json()["room"]
    said = await teacher.post("/api/class/messages", json={"text": "Good morning, 同学们"})
    assert (said.status_code, said.json()["sender"], said.json()["room"]) == (201, "teacher", room)
    read = (await teacher.get(f"/api/rooms/{room}/short-poll")).json()
    assert read["messages"][-1] == said.json()
    assert (await teacher.delete(f"/api/class/messages/{said.json()['id']}")).status_code == 204
    assert said.json()["id"] in (await teacher.get("/api/class/teacher")).json()["hidden"]
    cleared = (await teacher.post("/api/class/clear")).json()
    assert cleared["room"] != room
    assert (await teacher.get(f"/api/rooms/{cleared['room']}/short-poll")).json()["messages"] == []


async def test_a_stretch_begins_and_the_projector_shows_what_is_chosen(teacher: httpx.AsyncClient) -> None:
    before = (await teacher.get("/api/class/teacher")).json()["stretch"]
    assert (await teacher.post("/api/class/zero")).json() == {"stretch": before + 1}
    assert (await teacher.post("/api/class/projector", json={"shows": "chat"})).status_code == 204
    assert (await teacher.patch("/api/class", json={"title": "推送", "rate": 0})).json()["title"] == "推送"
    told = (await teacher.get("/api/class/teacher")).json()
    assert (told["shows"], told["class"]["title"]) == ("chat", "推送")
    await teacher.patch("/api/class", json={"title": "Push"})


async def test_a_method_that_a_path_has_not_is_405_with_those_it_has(teacher: httpx.AsyncClient) -> None:
    answer = await teacher.put("/api/class/seats/mine")
    refused(answer, 405)
    assert set(answer.headers["allow"].split(", ")) == {"DELETE", "GET", "HEAD"}
    refused(await teacher.get("/api/class/nothing"), 404)
    assert (await teacher.head("/api/class")).content == b""


# --- to take home ---


async def test_results_are_given_for_a_spreadsheet_and_as_json(class_server: ClassServer) -> None:
    name = fresh_name("=1+1")
    async with Student.join(class_server, name) as student, as_teacher(class_server) as teacher:
        async with student.page() as page:
            await page.shows("the student's state", role="student")
            await page.report(received=3, delays=[1.0, 2.0, 6.0])
            await page.socket.send("{}")  # what is answered to it comes after the report was taken
            await page.refused()
        table = await teacher.get("/api/class/results.csv")
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        assert table.headers["content-disposition"] == 'attachment; filename="pushdemo-class.csv"'
        assert table.content.startswith("\ufeff".encode())
        rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
        (row,) = [row for row in rows if row["name"] == f"'{name}"]
        assert (row["group"], row["technique"], row["received"]) == (student.seat["group"], "sse", "3")
        content = (await teacher.get("/api/class/results.json")).json()
        (same,) = [each for each in content["rows"] if each["name"] == name]
        assert {key: "" if value is None else str(value) for key, value in same.items()} == row | {"name": name}
        assert {"class", "groups", "figures", "by_group"} < set(content)


# --- no class ---


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_class_every_path_says_so(server: Server, method: str, path: str) -> None:
    async with http_client(server.base) as http:
        assert refused(await http.request(method, path), 404) == NO_CLASS


async def test_without_a_class_its_pages_are_there_all_the_same(server: Server) -> None:
    async with http_client(server.base) as http:
        for path in ("/join", "/class", "/class/projector"):
            assert (await http.get(path)).status_code == 200
