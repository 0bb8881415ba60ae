"""Keep-alive: polling below the server's limit has one connection, above it one for each question."""

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits


@pytest.mark.long
def test_polling_opens_connections_only_above_the_limit(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 6, allowed=AXE_ASKS_FRAMES)
    lab.predict(below=15, above=1, socket=1, wait=160)
    lab.play()
    kept = lab.kept(6)
    theory = kept["theory"]
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    assert (measured["below"], measured["socket"]) == (1, 1)
    assert abs(measured["above"] - theory["above"]) <= 1
    assert theory["wait"] <= measured["wait"] < 1.5 * theory["wait"], "two round trips, and what the machine takes"
    below, above, socket, wait = lab.marks("mark")
    assert "each request opened one" in below
    assert "closes what has been idle for 5 s" in above
    assert socket.startswith("Right.")
    assert "on a connection that stands" in wait
    bars = [lab.page.locator(f"[data-testid=lifeline-{key}] rect").count() for key in ("below", "above", "websocket")]
    assert bars == [1, measured["above"], 1]
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
