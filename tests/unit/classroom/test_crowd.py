"""The simulated phones' process, whose place small programs take here."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from pushdemo.classroom import crowd as crowd_module
from pushdemo.classroom.crowd import Crowd
from pushdemo.problems import Problem
from tests.support.until import until

URL = "http://127.0.0.1:9"
ECHO = """
import json, sys
stretch, had = 0, sys.argv[1:]
def tell():
    told = {"stretch": stretch, "connected": {"sse": len(had)}, "figures": {"sse": {"said": had}}}
    print(json.dumps(told), flush=True)
tell()
for line in sys.stdin:
    stretch += "zero" in line
    had.append(line.strip())
    tell()
"""
"""Tells what it was given, and what was said to it since."""
SILENT = "import sys; sys.stdin.read()"
DEAF = "import time; print('{}', flush=True); time.sleep(60)"
FAILING = "import sys; sys.exit('Traceback of something\\nno more memory')"
LEAVING = "print('no news')"

Make = Callable[..., Crowd]


@pytest.fixture
async def news() -> list[None]:
    """One for each time that something was told."""
    return []


@pytest.fixture
async def make(news: list[None]) -> AsyncIterator[Make]:
    """Makes a crowd of a program; it is stopped at the end."""
    made: list[Crowd] = []

    def crowd(program: str, end_within_s: float = 10.0) -> Crowd:
        command = (sys.executable, "-c", program)
        made.append(Crowd(URL, "class-a", lambda: news.append(None), program=command, end_within_s=end_within_s))
        return made[-1]

    yield crowd
    for each in made:
        await each.stop()


def said(crowd: Crowd) -> list[str]:
    """Return what the program ECHO was given."""
    told = crowd.told()
    return told["figures"].get("sse", {}).get("said", []) if told else []


def state(crowd: Crowd) -> str | None:
    told = crowd.told()
    return told and told["state"]


async def test_a_process_is_started_with_address_room_and_number(make: Make, news: list[None]) -> None:
    crowd = make(ECHO)
    assert crowd.told() is None
    await crowd.start(970)
    assert crowd.told() == {
        "wanted": 970,
        "connected": {},
        "figures": {},
        "cpu": None,
        "state": "starting",
        "detail": "",
    }
    await until(lambda: state(crowd) == "running", "it has told something")
    assert said(crowd) == ["crowd", "--url", URL, "--room", "class-a", "--clients", "970"]
    assert len(news) >= 2


async def test_another_number_and_another_room_are_told_to_the_process_that_is_there(make: Make) -> None:
    crowd = make(ECHO)
    await crowd.start(5)
    await crowd.start(7)
    crowd.set_room("class-b")
    await until(lambda: len(said(crowd)) == 9, "both were said")
    assert said(crowd)[-2:] == ['{"clients":7}', '{"room":"class-b"}']
    told = crowd.told()
    assert told is not None and told["wanted"] == 7


async def test_a_process_that_is_started_later_begins_in_the_room_of_then(make: Make) -> None:
    crowd = make(ECHO)
    crowd.set_room("class-b")
    crowd.zero()
    await crowd.start(1)
    await until(lambda: said(crowd), "it has told something")
    assert said(crowd)[4] == "class-b"


async def test_a_room_that_changes_while_the_process_begins_is_told_to_it(make: Make) -> None:
    crowd = make(ECHO)
    starting = asyncio.create_task(crowd.start(7))
    await asyncio.sleep(0)
    crowd.set_room("class-b")
    await starting
    await until(lambda: '{"room":"class-b"}' in said(crowd), "the process is told of the room")


async def test_figures_of_before_the_zero_are_not_told_after_it(make: Make) -> None:
    crowd = make(ECHO)
    await crowd.start(1)
    await until(lambda: said(crowd), "it has told something")
    crowd.zero()
    assert said(crowd) == []
    await until(lambda: said(crowd), "it has told figures of the new stretch")
    assert said(crowd)[-1] == '{"zero":true}'


async def test_stopping_waits_until_the_process_is_gone(make: Make) -> None:
    crowd = make(SILENT)
    await crowd.start(1)
    process = crowd._process
    assert process is not None
    await crowd.stop()
    assert process.returncode == 0
    assert crowd.told() is None
    await crowd.stop()


async def test_a_process_that_does_not_end_is_killed_and_leaves_no_zombie(make: Make) -> None:
    crowd = make(DEAF, end_within_s=0.05)
    await crowd.start(1)
    process = crowd._process
    assert process is not None
    await crowd.stop()
    assert process.returncode == -9
    with pytest.raises(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)  # noqa: ASYNC222 - it does not wait


async def test_it_can_be_started_again(make: Make) -> None:
    crowd = make(ECHO)
    await crowd.start(1)
    await crowd.stop()
    await crowd.start(2)
    await until(lambda: said(crowd)[-1:] == ["2"], "another process tells")


@pytest.mark.parametrize(
    ("program", "ended", "sentence"),
    [
        (FAILING, "failed", "The simulated phones' process failed: no more memory"),
        ("import sys; sys.exit(3)", "failed", "The simulated phones' process failed: it ended with 3"),
        (LEAVING, "stopped", "The simulated phones' process was ended by somebody else."),
        ("import sys; sys.exit('x' * 5000)", "failed", "The simulated phones' process failed: " + "x" * 300),
    ],
)
async def test_why_a_process_has_ended_is_told_in_a_sentence(
    make: Make, program: str, ended: str, sentence: str
) -> None:
    crowd = make(program)
    await crowd.start(3)
    await until(lambda: state(crowd) == ended, "its end was noticed")
    told = crowd.told()
    assert told is not None and (told["wanted"], told["detail"]) == (3, sentence)


async def test_letting_go_ends_it_without_waiting(make: Make) -> None:
    crowd = make(SILENT)
    await crowd.start(1)
    process = crowd._process
    assert process is not None
    crowd.let_go()
    assert crowd.told() is None
    await until(lambda: process.returncode == 0, "it ended")


async def test_a_program_that_is_not_there_is_a_problem() -> None:
    crowd = Crowd(URL, "class-a", lambda: None, program=("/nowhere/python",))
    with pytest.raises(Problem, match="cannot be started: No such file or directory") as caught:
        await crowd.start(1)
    assert caught.value.status == 503
    assert state(crowd) == "failed"


# --- what it needs ---


def test_here_all_is_installed_that_it_needs() -> None:
    assert crowd_module.missing() is None


@pytest.mark.parametrize(
    ("program", "parts", "words"),
    [
        ("no_benchmarks_here", (), "need the benchmark, which is not installed with pushdemo itself"),
        ("asyncio", (), "need the benchmark"),
        ("benchmarks", ("no_such_a", "msgspec", "no_such_b"), r"need no_such_a and no_such_b: pip install"),
    ],
)
async def test_where_parts_are_missing_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, program: str, parts: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(crowd_module, "PROGRAM", program)
    monkeypatch.setattr(crowd_module, "PARTS", parts)
    crowd = Crowd(URL, "class-a", lambda: None)
    with pytest.raises(Problem, match=words):
        await crowd.start(1)
    told = crowd.told()
    assert told is not None and told["state"] == "failed" and told["detail"]


def test_the_process_finds_the_benchmark_wherever_the_server_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    first, second = crowd_module._environment()["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "benchmarks" / "crowd").is_dir()
    assert second == "/somewhere"
