"""What a phone says of itself, and what is not a report."""

import json
from typing import Any

import pytest

from pushdemo.classroom.reports import MOST_DELAYS, Clock, FaultReport, parse_report
from pushdemo.problems import Problem
from tests.unit.classroom.phones import report

WHOLE = {
    "cursor": "k3f9-42",
    "delays": [12.3, -0.4],
    "left_out": 1,
    "received": 30,
    "lost": 2,
    "doubled": 3,
    "reordered": 4,
    "late": 5,
    "requests": 12,
    "clock": {"offset_ms": -3.2, "error_ms": 1.1},
    "hidden": True,
    "fault": {"number": 2, "noticed_ms": 810, "back_ms": None, "late": 4, "lost": 0},
}


def test_a_report_is_read_whole() -> None:
    read = parse_report(report(3, "websocket", **WHOLE))
    assert (read.stretch, read.technique, read.state, read.delays) == (3, "websocket", "open", [12.3, -0.4])
    assert read.clock == Clock(-3.2, 1.1)
    assert read.fault == FaultReport(2, 810, None, 4, 0)
    assert (read.received, read.left_out, read.hidden, read.cursor) == (30, 1, True, "k3f9-42")


def test_what_is_not_said_is_nothing() -> None:
    read = parse_report(report())
    assert (read.delays, read.received, read.clock, read.fault, read.hidden) == ([], 0, None, None, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stretch": -1},
        {"stretch": "1"},
        {"technique": "pigeon"},
        {"state": "x" * 65},
        {"cursor": "x" * 65},
        {"delays": [1] * (MOST_DELAYS + 1)},
        {"delays": ["1"]},
        {"delays": [1e12]},
        {"received": 1.5},
        {"received": 10**12},
        {"clock": {"offset_ms": 1}},
        {"clock": {"offset_ms": 1, "error_ms": -1}},
        {"fault": {"number": 1, "noticed_ms": -1}},
        {"hidden": 1},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="Expected a report: ") as refused:
        parse_report(json.dumps(json.loads(report()) | wrong))
    assert refused.value.status == 422


@pytest.mark.parametrize("data", [b"{", b"\xff", b'{"clock":' * 100_000, '{"stretch": NaN}'])
def test_what_is_no_json_is_refused(data: bytes | str) -> None:
    with pytest.raises(Problem, match="Expected") as refused:
        parse_report(data)
    assert refused.value.status == 400
