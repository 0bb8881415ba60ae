"""Talking back: a frame has a fraction of a POST's bytes, a new connection takes a round trip more."""

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

ACKNOWLEDGED, REQUESTS, ON_CONNECTIONS = 4, 3, 6
"""Columns."""


@pytest.mark.long
def test_a_frame_is_lighter_than_a_post_and_a_new_connection_slower(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 10, seed=1, allowed=AXE_ASKS_FRAMES)
    lab.predict(post=1, frame=1, fresh=1, connections=1)
    lab.play()
    kept = lab.kept(10)
    theory = kept["theory"]
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    assert measured["frame"] == theory["frame"]
    assert measured["post"] > 3 * measured["frame"]
    assert theory["fresh"] <= measured["fresh"] < 1.5 * theory["fresh"], "two round trips, and what the machine takes"
    assert measured["connections"] == theory["connections"]
    cells = {
        key: lab.page.locator(f'[data-lane="{key}"] td').all_inner_texts()
        for key in ("kept", "fresh", "websocket", "socket-io")
    }
    assert {key: each[REQUESTS] for key, each in cells.items()} == {
        "kept": "1", "fresh": "1", "websocket": "0", "socket-io": "0",
    }  # fmt: skip
    for key in ("kept", "websocket", "socket-io"):
        ms = float(cells[key][ACKNOWLEDGED].removesuffix(" ms"))
        least = theory["fresh"] / 2
        assert least <= ms < 1.6 * least, key
    assert [cells[key][ON_CONNECTIONS] for key in ("websocket", "socket-io")] == ["1", "1"]
    assert "the stream keeps its connection to itself" in lab.marks("mark")[3]
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
