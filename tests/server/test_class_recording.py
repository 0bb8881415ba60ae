"""A class that is recorded: what happened stands in the file, and nothing that only the teacher may know."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from tests.support.in_class import Page, Student, as_teacher
from tests.support.server import ClassServer, command, environment

PCAPNG = b"\x0a\x0d\x0d\x0a"


@pytest.mark.long
async def test_a_class_is_written_down_from_beginning_to_end(tmp_path: Path) -> None:
    path = tmp_path / "class.jsonl"
    with ClassServer("memory", "--record", str(path), "--title", "Push") as server:
        async with as_teacher(server) as teacher, Student.join(server, "Li Na") as student:
            async with student.page() as page, Page.of_teacher(server) as console:
                await page.shows("the seat", stretch=1)
                said = await teacher.post("/api/class/messages", json={"text": "welcome"})
                assert said.status_code == 201
                await teacher.post("/api/class/groups/all/faults", json={"fault": "cut"})
                await page.report(received=1, delays=[12.5])
                recording = (await console.shows("the file", role="teacher"))["recording"]
                assert (recording["path"], recording["failure"]) == (str(path), None)
            await server.interrupted()
        token = server.token
    head, first, *rest = [json.loads(line) for line in path.read_text().splitlines()]
    assert head["pushdemo_recording"] == 1
    assert first["state"]["class"]["title"] == "Push"
    changes = {name for line in rest for name, _ in line.get("set", [])}
    assert {"people", "fault", "class/people"} <= changes
    assert [line["message"]["text"] for line in rest if "message" in line] == ["welcome"]
    captures = {line["capture"]["group"]: line["capture"]["pcapng"] for line in rest if "capture" in line}
    assert sorted(captures) == ["A", "B", "C", "D", "E"]
    assert all(base64.b64decode(capture).startswith(PCAPNG) for capture in captures.values())
    assert token not in path.read_text()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "class.jsonl"
    path.write_text("another class")
    words = command(
        "class", "--host", "127.0.0.1", "--port", "0", "--lab-ports", "0", "--log", "memory", "--record", str(path)
    )
    run = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == f"pushdemo: {path} is there already; record into another file.\n"
    assert path.read_text() == "another class"
