"""One response, many events: a cut stream resumes by its last event ID, and of many streams six are asked for."""

import re

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import SERVER_AWAY, Visits

CONSOLE = re.compile(f"{AXE_ASKS_FRAMES.pattern}|{SERVER_AWAY.pattern}")
LOST, ANSWERED = 5, 6
"""Columns."""


@pytest.mark.long
def test_a_stream_resumes_and_a_seventh_waits(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 3, seed=1, allowed=CONSOLE)
    lab.predict(open=1, framing=0, id=0, late=0)
    lab.play()
    kept = lab.kept(3)
    theory = kept["theory"]
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    assert measured["open"] == 6
    assert abs(measured["framing"] - theory["framing"]) < 4
    assert abs(measured["id"] - theory["id"]) <= 3
    assert 1 < measured["late"] < 4, "the reconnection time, about"
    own, many = (lab.page.locator(f'[data-lane="{key}"] td').all_inner_texts() for key in ("own", "many"))
    assert (own[LOST], many[LOST]) == ("0", "0")
    assert 5 < float(many[ANSWERED].removesuffix(" s")) < 10, "until streams were closed"
    assert "It does send one" in lab.marks("mark")[2]
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
