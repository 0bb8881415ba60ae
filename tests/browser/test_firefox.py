"""A second browser: all five pages in Firefox."""

from collections.abc import Iterator

import pytest

from tests.support.bidi import Firefox, Tab, run_firefox
from tests.support.chat_page import page_address
from tests.support.outside import feed, publish
from tests.support.server import Server

STATE = "document.querySelector('[data-testid=status]')?.dataset.state"
RECEIVED = "[data-testid=messages] [data-state=received] .text"
TEXTS = f"[...document.querySelectorAll('{RECEIVED}')].map((each) => each.textContent)"


@pytest.fixture(scope="module")
def _firefox() -> Iterator[Firefox]:
    with run_firefox() as firefox:
        yield firefox


@pytest.fixture
def firefox(_firefox: Firefox) -> Iterator[Firefox]:
    """A Firefox that all tests here share; no page may write an error to its console."""
    _firefox.complaints.clear()
    yield _firefox
    assert _firefox.complaints == []


def _open(firefox: Firefox, url: str) -> Tab:
    tab = firefox.open(url)
    tab.until("document.documentElement.dataset.ready === 'true'")
    tab.until(f"{STATE} === 'open'")
    return tab


@pytest.mark.long
def test_each_page_hears_and_speaks_in_firefox(firefox: Firefox, server: Server, room: str, technique: str) -> None:
    publish(server, room, "before")
    tab = _open(firefox, page_address(server.base, technique, room))
    publish(server, room, "from outside")
    tab.until(f"({TEXTS}).includes('from outside')")
    if tab.evaluate("document.querySelector('[data-testid=name-input]').value") == "":
        tab.type("[data-testid=name-input]", "Li Na")
    tab.type("[data-testid=compose-text]", "typed in Firefox, 你好")
    tab.until(f"({TEXTS}).length === 3")
    assert tab.evaluate(TEXTS) == ["before", "from outside", "typed in Firefox, 你好"]
    assert [(each["sender"], each["text"]) for each in feed(server, room)][2:] == [("Li Na", "typed in Firefox, 你好")]
    tab.close()


@pytest.mark.long
def test_a_page_comes_back_live_from_firefoxs_history(
    firefox: Firefox, server: Server, room: str, technique: str
) -> None:
    publish(server, room, "before")
    tab = _open(firefox, page_address(server.base, technique, room))
    tab.go_to(f"{server.base}/?room={room}")
    publish(server, room, "while away")
    tab.evaluate("history.back()")
    tab.until(f"document.body?.dataset.technique === '{technique}' && {STATE} === 'open'")
    publish(server, room, "after coming back")
    tab.until(f"({TEXTS}).length === 3")
    assert tab.evaluate(TEXTS) == ["before", "while away", "after coming back"]
    tab.close()


@pytest.mark.long
def test_all_five_run_side_by_side_in_firefox(firefox: Firefox, server: Server, room: str) -> None:
    tab = firefox.open(f"{server.base}/compare")
    tab.until("document.documentElement.dataset.ready === 'true'")
    tab.evaluate(f"document.querySelector('[data-testid=set-room]').value = '{room}'")
    tab.evaluate("document.querySelector('[data-testid=start]').click()")
    samples = "[...document.querySelectorAll('[data-testid=cell-samples]')].map((each) => Number(each.textContent))"
    tab.until(f"Math.min(...{samples}) >= 3")
    tab.evaluate("document.querySelector('[data-testid=start]').click()")
    tab.until("document.querySelector('[data-testid=run-state]').textContent.startsWith('Stopped.')")
    assert tab.evaluate(samples) == [len(feed(server, room))] * 5
    tab.close()
