"""The experiment "the handshake by hand": computed, sent, and marked against what the server really answers."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_labs import WITHIN_MS, LabPage, open_lab
from tests.support.accessibility import SIZES, overflow, violations
from tests.support.server import Server
from tests.support.visits import Visits

NUMBER = 4
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def own_key(lab: LabPage) -> str:
    """Return the key that stands in the request."""
    match = re.search(r"Sec-WebSocket-Key: (\S+)", lab.hook("own-request").input_value())
    assert match is not None
    return match[1]


def accept_of(key: str) -> str:
    """Return the accept value by another implementation than the page's."""
    return base64.b64encode(hashlib.sha1(f"{key}{GUID}".encode()).digest()).decode()


@pytest.mark.long
def test_the_server_answers_what_was_computed_by_hand(visits: Visits, server: Server) -> None:
    lab = open_lab(visits, server, NUMBER)
    lab.predict(accept=20, answer=160, up=2, down=2)
    expect(lab.hook("digest")).to_be_visible()
    key = own_key(lab)
    right = lab.hook("own-request").input_value()
    lab.hook("own-accept").fill(key)
    lab.hook("own-request").fill(right.replace("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 7"))
    lab.hook("run").click()
    expect(lab.hook("run-state")).to_contain_text("it answers 4", timeout=WITHIN_MS)
    expect(lab.hook("step-explain")).to_have_attribute("data-state", "closed")
    lab.hook("own-request").fill(right.replace(key, "dGhlIHNhbXBsZSBub25jZQ=="))
    lab.hook("run").click()
    expect(lab.hook("run-state")).to_contain_text("not marked", timeout=WITHIN_MS)
    lab.hook("right-again").click()
    lab.play()
    expect(lab.hook("accept-came")).to_have_text(accept_of(key))
    expect(lab.hook("accept-mark")).to_contain_text("That is the key itself")
    kept = lab.kept(NUMBER)
    measured = {name: each["value"] for name, each in kept["measured"].items()}
    theory = kept["theory"]
    assert {name: measured[name] - theory[name] for name in ("accept", "up", "down")} == {
        "accept": 0,
        "up": 0,
        "down": 0,
    }
    assert measured["answer"] == theory["answer"] + len("date: Tue, 24 Nov 2026 20:51:10 GMT\r\n")
    assert kept["marks"]["accept"]["mistake"] == "digest"
    assert kept["marks"]["up"]["mistake"] == "unmasked"
    rows = lab.hook("answer-lines").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("HTTP/1.1 101 Switching Protocols")
    expect(rows.filter(has_text="together")).to_contain_text(str(measured["answer"]))
    expect(rows.filter(has_text="drafts of 2010")).to_have_count(2)
    expect(lab.hook("crossed-unit").first).to_contain_text("GET")
    for size in SIZES:
        lab.page.set_viewport_size(size)
        assert overflow(lab.page) == [], size
    assert violations(lab.page) == []
    lab.hook("own-accept").fill(accept_of(key))
    lab.hook("run").click()
    expect(lab.hook("accept-mark")).to_contain_text("The same", timeout=WITHIN_MS)
