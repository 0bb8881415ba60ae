"""`pushdemo class` as a process: open to the network, and the sentence it ends with when it cannot begin."""

import socket
import sys

import pytest

from tests.support.in_class import Page, Student, as_teacher
from tests.support.reading import http_client
from tests.support.server import ClassServer, free_ports, run_pushdemo
from tests.support.until import until

needs_a_second_loopback = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere only 127.0.0.1 is this machine"
)


class OpenClassServer(ClassServer):
    """One that listens on all addresses, as a class does when it is not told otherwise."""

    HOST = ()


@needs_a_second_loopback
async def test_phones_join_and_speak_by_another_address_of_this_machine() -> None:
    with OpenClassServer() as server:
        assert server.base.startswith("http://127.0.0.1:")
        server.base = f"http://127.0.0.2:{server.port}"
        async with Student.join(server) as student, as_teacher(server) as teacher, student.page() as page:
            state = await page.shows("the student's state", role="student")
            base = f"http://127.0.0.2:{state['group']['port']}"
            async with http_client(base, headers={"Origin": base, **student.headers}) as phone:
                said = await phone.post(
                    f"/api/rooms/{state['class']['room']}/messages", json={"sender": student.name, "text": "hi"}
                )
                assert said.status_code == 201, said.text
            assert (await teacher.get("/api/class/teacher")).json()["class"]["people"] == 1


def test_what_it_prints_leads_everybody_to_the_right_place(class_server: ClassServer) -> None:
    base = class_server.base
    assert class_server.join_address == f"{base}/join"
    assert class_server.teacher_link == f"{base}/class#teacher={class_server.token}"
    assert f"the projector shows {base}/class/projector\n" in class_server.printed
    assert len(class_server.token) == 22


def test_without_ports_for_all_groups_it_ends_with_a_sentence() -> None:
    first = free_ports(5)
    with socket.create_server(("127.0.0.1", first + 2)):
        ports = ("--port", "0", "--lab-ports", f"{first}-{first + 4}", "--log", "memory")
        with run_pushdemo("class", "--host", "127.0.0.1", *ports) as process:
            printed, complained = process.communicate(timeout=20)
    assert process.returncode == 1
    assert printed == ""
    assert complained == f"pushdemo: No lab port is free (--lab-ports {first}-{first + 4}): 4 sessions have one.\n"


@pytest.mark.long
async def test_phones_that_nobody_holds_take_part_from_the_beginning_and_are_gone_at_the_end() -> None:
    with ClassServer("memory", "--simulate", "10") as server:
        async with Page.of_teacher(server) as console:

            def connected() -> int:
                return sum((console.state.get("simulated") or {"connected": {}})["connected"].values())

            await until(lambda: connected() == 10, "all ten read the class's room")
        assert await server.interrupted() < 3
