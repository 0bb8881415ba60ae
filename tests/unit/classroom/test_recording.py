"""The recording of a class: what changed and when, the messages, and at last the bytes."""

import base64
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pushdemo.classroom.recording import Recording, RecordingError, differences
from pushdemo.lab.capture import Capture
from pushdemo.messages import Message
from tests.support.fake_clock import FakeClock

MESSAGE = Message("k3f9-1", "class-x", "li", "“hi”", 5)


class Class:
    """A class that is told what to tell."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"role": "projector", "now": 1, "rate": 0, "figures": {"sse": {"median": None}}}

    def told(self) -> dict[str, Any]:
        return json.loads(json.dumps(self.state))  # type: ignore[no-any-return]


class FullDisk(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


@contextmanager
def begun(path: Path, clock: FakeClock) -> Iterator[tuple[Recording, Class]]:
    taught = Class()
    recording = Recording(path, taught.told, clock, seed=7)
    recording.start()
    yield recording, taught
    recording.stop({})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_it_begins_with_what_it_is_and_the_whole_state(tmp_path: Path) -> None:
    with begun(tmp_path / "class.jsonl", FakeClock()):
        head, first = lines(tmp_path / "class.jsonl")
    assert (head["pushdemo_recording"], head["seed"], head["made_at"]) == (1, 7, 1_763_791_234_567)
    assert first == {"at": 0, "state": {"rate": 0, "figures": {"sse": {"median": None}}}}


def test_each_second_has_a_line_for_what_changed_and_none_where_nothing_did(tmp_path: Path) -> None:
    clock = FakeClock()
    with begun(tmp_path / "class.jsonl", clock) as (_, taught):
        clock.advance(2.5)
        taught.state |= {"rate": 2, "now": 2}
        taught.state["figures"]["sse"]["median"] = 12.5
        clock.advance(3)
    assert lines(tmp_path / "class.jsonl")[2:] == [{"at": 3000, "set": [["rate", 2], ["figures/sse/median", 12.5]]}]


def test_a_message_stands_at_its_moment_as_the_feed_has_it(tmp_path: Path) -> None:
    clock = FakeClock()
    with begun(tmp_path / "class.jsonl", clock) as (recording, _):
        clock.advance(0.25)
        recording.message(MESSAGE)
    line = lines(tmp_path / "class.jsonl")[-1]
    assert line["at"] == 250
    assert line["message"] == {"id": "k3f9-1", "room": "class-x", "sender": "li", "text": "“hi”", "sent_at": 5}


def test_it_ends_with_the_bytes_of_each_group_and_then_nothing_is_written(tmp_path: Path) -> None:
    clock = FakeClock()
    with begun(tmp_path / "class.jsonl", clock) as (recording, taught):
        taught.state["rate"] = 5
        recording.stop({"A": Capture((0.0, 0.0), most_bytes=1_024)})
        taught.state["rate"] = 6
        clock.advance(10)
    change, capture = lines(tmp_path / "class.jsonl")[2:]
    assert change["set"] == [["rate", 5]]
    assert capture["capture"]["group"] == "A"
    assert base64.b64decode(capture["capture"]["pcapng"])[:4] == b"\x0a\x0d\x0d\x0a"


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "class.jsonl").write_text("another class")
    with pytest.raises(RecordingError, match=r"class\.jsonl is there already"):
        Recording(tmp_path / "class.jsonl", Class().told, FakeClock(), seed=1)
    with pytest.raises(RecordingError, match="No such file or directory"):
        Recording(tmp_path / "nowhere" / "class.jsonl", Class().told, FakeClock(), seed=1)
    assert (tmp_path / "class.jsonl").read_text() == "another class"


def test_a_full_disk_ends_the_recording_and_not_the_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    with begun(tmp_path / "class.jsonl", clock) as (recording, taught):
        with monkeypatch.context() as patched:
            patched.setattr(recording, "_file", FullDisk())
            taught.state["rate"] = 1
            clock.advance(3)
        assert recording.told()["failure"] == "Nothing more is recorded: No space left on device."


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 3, "d": 2}}}, [("a/b/c", 3)]),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, [("a", {"c": 1})]),
        ({"a": {"b": 1}}, {"a": None}, [("a", None)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a", [1, 3])]),
        ({}, {"a": 0}, [("a", 0)]),
    ],
)
def test_differences(before: dict[str, Any], after: dict[str, Any], changes: list[tuple[str, Any]]) -> None:
    assert list(differences(before, after)) == changes
