"""What a message costs: the bytes that the experiment measures are those that the standards say."""

import re

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, WITHIN_MS, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

TECHNIQUES = ("short-poll", "long-poll", "sse", "websocket", "socket-io")
WITHIN_PERCENT = 4
"""What other ids, other sentences and another zlib may make of it."""


@pytest.mark.long
def test_a_message_costs_what_the_standards_say(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 5, allowed=AXE_ASKS_FRAMES)
    lab.predict(frame=8, headers=1, deflate=28.8, base64=92)
    lab.play()
    kept = lab.kept(5)
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    assert measured["frame"] == kept["theory"]["frame"] == 4
    assert measured["base64"] == kept["theory"]["base64"] == 138
    assert abs(measured["deflate"] - kept["theory"]["deflate"]) < WITHIN_PERCENT
    reasons = lab.marks("mark")
    assert "a mask of 4 bytes comes on top" in reasons[0]
    assert "asked was what remains" in reasons[2]
    assert "That is the binary frame" in reasons[3]
    cells = {name: lane_cells(lab.page.locator(f"[data-lane={name}] td").all_inner_texts()) for name in TECHNIQUES}
    assert len({payload for payload, *_ in cells.values()}) == 1, "the same bytes by each technique"
    total = {name: each[4] for name, each in cells.items()}
    assert total["websocket"] < total["sse"] < total["long-poll"] < total["short-poll"]
    assert cells["short-poll"][2] > 2 * 300, "two polls for each message, some hundred bytes each"
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size


def lane_cells(texts: list[str]) -> list[float]:
    """Return the figures of a row of the table."""
    return [float(re.sub(r"[^0-9.]", "", text)) for text in texts]


@pytest.mark.long
def test_a_browser_that_cannot_compress_says_so_and_the_rest_is_measured(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 5)
    lab.page.add_init_script("delete globalThis.CompressionStream")
    lab.page.reload()
    lab.predict(frame=4, headers=1, deflate=70, base64=138)
    lab.hook("run").click()
    lab.hook("marks").wait_for(timeout=WITHIN_MS)
    assert "has no CompressionStream" in lab.hook("deflate-source").inner_text()
    kept = lab.kept(5)
    assert kept["measured"]["deflate"] is None
    assert kept["marks"]["frame"]["right"] is True
    assert lab.marks("mark")[2] == "Not marked. Nothing was measured."
