"""Proxies: without Upgrade WebSocket alone is silent, and Socket.IO polls; behind a buffer SSE alone is late."""

import re

import pytest

from tests.browser.test_labs import AXE_ASKS_FRAMES, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import SERVER_AWAY, Visits

CONSOLE = re.compile(f"{AXE_ASKS_FRAMES.pattern}|{SERVER_AWAY.pattern}")
VERDICTS = {
    "strip": {"websocket": "is silent"},
    "buffer": {"sse": "is late"},
}
TECHNIQUES = ("short-poll", "long-poll", "sse", "websocket", "socket-io")
EACH_OF_100 = range(70, 131)
"""Requests: some messages share an answer on a busy machine, and a heartbeat needs some of its own."""


@pytest.mark.long
def test_one_technique_fails_behind_each_proxy_and_socket_io_falls_back(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, 8, allowed=CONSOLE)
    lab.predict(strip=3, buffer=5, late=100, polling=0)
    lab.play()
    kept = lab.kept(8)
    measured = {key: each["value"] for key, each in kept["measured"].items()}
    assert (measured["strip"], measured["buffer"]) == (4, 4)
    assert 0.6 * kept["theory"]["late"] < measured["late"] < 1.4 * kept["theory"]["late"]
    assert round(measured["polling"]) in EACH_OF_100
    for proxy, others in VERDICTS.items():
        for technique in TECHNIQUES:
            verdict = lab.page.locator(f'[data-lane="{technique}.{proxy}"] td').first.inner_text()
            assert verdict == others.get(technique, "delivers"), (technique, proxy)
    strip, buffer, _, polling = lab.marks("mark")
    assert "when its upgrade fails it just goes on so" in strip
    assert "an SSE response never ends" in buffer
    assert "By polling, each message needs a request" in polling
    assert violations(lab.page) == []
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
