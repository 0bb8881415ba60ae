"""The recorded class that ships with the project: it is one, it is small, and it says nothing of where it was made."""

import base64
import json
import re
from itertools import pairwise
from typing import Any

import pytest

from tests.support.server import ROOT

PATH = ROOT / "static" / "recordings" / "class.jsonl"
MOST_BYTES = 1_500_000
PCAPNG = b"\x0a\x0d\x0d\x0a"
OF_A_MACHINE = re.compile(rb"Bearer|teacher=|\"token\"|/(home|root|tmp|work|Users)/|localhost|https://")
SENDERS = {"Ming", "Оля", "Ana", "يوسف", "小雨", "Zoë", "さくら", "지우", "teacher", "metronome"}


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PATH.read_text().splitlines()]


@pytest.fixture(scope="module")
def changes(lines: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for line in lines for name, value in line.get("set", [])]


def captures(lines: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return the bytes of each group."""
    found = [line["capture"] for line in lines if "capture" in line]
    return {each["group"]: base64.b64decode(each["pcapng"], validate=True) for each in found}


def test_its_first_line_says_what_it_is_and_on_what_it_was_made(lines: list[dict[str, Any]]) -> None:
    assert set(lines[0]) == {"pushdemo_recording", "made_at", "pushdemo", "machine", "seed"}
    assert lines[0]["pushdemo_recording"] == 1
    assert re.fullmatch(r"\w+ \w+, Python 3\.\d+\.\d+", lines[0]["machine"])
    assert lines[1]["state"]["class"]["address"].startswith("http://127.0.0.1:")


def test_it_is_small_enough_to_come_along() -> None:
    assert PATH.stat().st_size <= MOST_BYTES


def test_its_lines_are_in_order_and_of_the_known_kinds(lines: list[dict[str, Any]]) -> None:
    assert all(len(line) == 2 and set(line) < {"at", "state", "set", "message", "capture"} for line in lines[1:])
    assert all(one["at"] <= other["at"] for one, other in pairwise(lines[1:]))
    assert 180_000 < lines[-1]["at"] < 360_000


def test_it_holds_three_experiments_faults_views_and_a_conversation(
    lines: list[dict[str, Any]], changes: list[tuple[str, Any]]
) -> None:
    began = [value["name"] for name, value in changes if name == "experiment" and value is not None]
    went_over = [value for name, value in changes if name == "experiment/name"]  # within the second
    assert {*began, *went_over} == {"waste", "gap", "cut"}
    assert {value["fault"] for name, value in changes if name == "fault" and value is not None} >= {"cut", "vanish"}
    views = {value for name, value in changes if name == "shows"}
    assert views == {"people", "chat", "delays", "bytes", "faults", "experiment"}
    assert {line["message"]["sender"] for line in lines if "message" in line} <= SENDERS
    assert sorted(captures(lines)) == ["A", "B", "C", "D", "E"]
    assert all(capture.startswith(PCAPNG) for capture in captures(lines).values())


def test_it_tells_no_secret_and_nothing_of_the_machine_where_it_was_made(lines: list[dict[str, Any]]) -> None:
    for content in (PATH.read_bytes(), *captures(lines).values()):
        assert OF_A_MACHINE.findall(content) == []
    for content in captures(lines).values():
        hosts = set(re.findall(rb"\r\nHost: ([^\r]*)", content))
        assert all(re.fullmatch(rb"127\.0\.0\.1:\d+", host) for host in hosts)
