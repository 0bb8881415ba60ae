"""Cut the cable: who only listens notices nothing, no right client loses anything, and the wrong ones do."""

import re

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import SERVER_AWAY, Visits

CONSOLE = re.compile(f"{AXE_ASKS_FRAMES.pattern}|{SERVER_AWAY.pattern}")
RIGHT = ("short-poll", "long-poll", "sse", "websocket", "socket-io", "heartbeat")
UNAWARE = ("sse", "websocket")
NOTICED, LOST = 0, 4
"""Columns."""


@pytest.mark.long
def test_a_dead_network_is_noticed_by_who_asks_and_costs_who_forgets(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 7, allowed=CONSOLE)
    lab.predict(notice=5, heartbeat=40, lost=0, waiter=0)
    lab.play()
    kept = lab.kept(7)
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    theory = kept["theory"]
    cells = {
        key: lab.page.locator(f'[data-lane="{key}"] td').all_inner_texts()
        for key in (*RIGHT, "no-cursor", "late-waiter")
    }
    assert measured["notice"] == 3
    assert {key for key in RIGHT if cells[key][NOTICED] == "not at all"} == set(UNAWARE)
    assert {key: cells[key][LOST] for key in RIGHT} == dict.fromkeys(RIGHT, "0")
    assert 1 < measured["heartbeat"] < 2 * theory["heartbeat"]
    assert abs(measured["lost"] - theory["lost"]) < 4 * theory["lost"] ** 0.5, "a count varies by its square root"
    assert abs(measured["waiter"] - theory["waiter"]) < 8 + 4 * kept["measured"]["waiter"]["error"]
    notice, heartbeat, lost, waiter = lab.marks("mark")
    assert "silence looks like a room" in notice
    assert "After that long the server gives up" in heartbeat
    assert "with the cursor" in lost
    assert "Its network is whole" in waiter
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
