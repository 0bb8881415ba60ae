"""The capture as JSON, field by field, as its module's docstring promises."""

import json
from typing import Any

from pushdemo import __version__
from pushdemo.lab import capture_json
from pushdemo.lab.capture import Capture

CLIENT, RELAY = ("127.0.0.1", 50_001), ("127.0.0.1", 8_001)
MS_1970 = 1_763_791_234_567.0


def written(capture: Capture) -> dict[str, Any]:
    file: dict[str, Any] = json.loads(capture_json.write(capture))
    return file


def test_it_says_all_of_a_connection_and_its_records() -> None:
    some = Capture((100.0, MS_1970))
    some.opened(1, CLIENT, RELAY, 100.0)
    some.passed(1, True, b"\xff\xfe", 100.25, 100.5)
    some.told(1, "für immer", 100.75)
    some.passed(1, True, b"GET", 101.0, 101.5)
    some.passed(1, False, b"200", 101.5, 102.0)
    some.ended(1, False, 103.0)
    some.reset(1, 104.0)
    some.closed(1, 105.0)
    assert written(some) == {
        "schema": 1,
        "application": f"pushdemo {__version__}",
        "opened": 1,
        "bytes_up": 5,
        "bytes_down": 3,
        "records_gone": 0,
        "connections": [
            {
                "number": 1,
                "client": ["127.0.0.1", 50_001],
                "relay": ["127.0.0.1", 8_001],
                "opened_at": MS_1970,
                "closed_at": MS_1970 + 5_000,
                "bytes_up": 5,
                "bytes_down": 3,
                "kept_from_up": 0,
                "kept_from_down": 0,
            }
        ],
        "records": [
            {"connection": 1, "what": "opened", "at": MS_1970},
            {
                "connection": 1,
                "what": "data",
                "at": MS_1970 + 500,
                "direction": "up",
                "came_at": MS_1970 + 250,
                "offset": 0,
                "data": "//4=",
            },
            {"connection": 1, "what": "told", "at": MS_1970 + 750, "text": "für immer"},
            {
                "connection": 1,
                "what": "data",
                "at": MS_1970 + 1_500,
                "direction": "up",
                "came_at": MS_1970 + 1_000,
                "offset": 2,
                "data": "R0VU",
            },
            {
                "connection": 1,
                "what": "data",
                "at": MS_1970 + 2_000,
                "direction": "down",
                "came_at": MS_1970 + 1_500,
                "offset": 0,
                "data": "MjAw",
            },
            {"connection": 1, "what": "ended", "at": MS_1970 + 3_000, "direction": "down"},
            {"connection": 1, "what": "reset", "at": MS_1970 + 4_000},
            {"connection": 1, "what": "closed", "at": MS_1970 + 5_000},
        ],
    }


def test_what_is_gone_is_counted_and_offsets_count_it() -> None:
    some = Capture((100.0, MS_1970), most_records=2)
    some.opened(1, CLIENT, RELAY, 100.0)
    for data in (b"gone", b"kept", b"too"):
        some.passed(1, False, data, 101.0, 101.0)
    file = written(some)
    assert file["records_gone"] == 2
    assert (file["connections"][0]["kept_from_up"], file["connections"][0]["kept_from_down"]) == (0, 4)
    assert file["connections"][0]["closed_at"] is None
    assert [record["offset"] for record in file["records"]] == [4, 8]


def test_a_forgotten_connection_counts_in_the_totals() -> None:
    some = Capture((100.0, MS_1970), most_records=1)
    some.opened(1, CLIENT, RELAY, 100.0)
    some.passed(1, False, b"1234", 101.0, 101.0)
    some.closed(1, 102.0)
    some.opened(2, CLIENT, RELAY, 103.0)
    file = written(some)
    assert (file["opened"], file["bytes_up"], file["bytes_down"]) == (2, 0, 4)
    assert [connection["number"] for connection in file["connections"]] == [2]


def test_times_have_no_more_than_the_three_digits_that_a_double_holds() -> None:
    some = Capture((100.0, MS_1970))
    some.opened(1, CLIENT, RELAY, 100.000_250_3)
    assert b'"opened_at":1763791234567.25,' in capture_json.write(some)
