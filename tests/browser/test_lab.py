"""A technique's page in the lab: its bytes add up for everybody who counts them, and its network breaks as it says."""

import re
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.chat_page import ChatPage, page_address
from tests.support.outside import publish
from tests.support.server import Server, free_ports
from tests.support.sniffer import Sniffer, sniffing
from tests.support.some import some_now
from tests.support.visits import SERVER_AWAY, Visits

WITHIN_S = 20
BROKEN = re.compile(f"{SERVER_AWAY.pattern}|/api/lab/sessions/.* status of 404")


class LabPage(ChatPage):
    """A technique's page at the port of a lab session."""

    def counted(self) -> dict[str, int]:
        """Return what the relay counted, as the page shows it."""
        row = self.hook("totals").locator("tr[data-sum=counted]")
        return {way: int(re.sub(r"\D", "", row.locator(f"td.{way}").inner_text())) for way in ("up", "down")}

    def set(self, setting: str, value: str) -> None:
        """Set something of the network."""
        self.hook(f"lab-{setting}").fill(value)
        self.hook(f"lab-{setting}").press("Tab")
        expect(self.hook("lab-said")).to_have_text("The network is set.")

    def strike(self, fault: str, said: str | re.Pattern[str]) -> None:
        """Press a fault's button."""
        self.hook(f"lab-{fault}").click()
        expect(self.hook("lab-said")).to_have_text(said)


def open_in_lab(visits: Visits, server: Server, technique: str, room: str, *, breaks: bool = False) -> LabPage:
    """Go into the lab by the door on the page, as a reader would; `breaks`: to break connections there."""
    person = visits.person(allowed=BROKEN if breaks else None)
    page = visits.open(server.base, technique, room, person=person).page
    page.get_by_test_id("lab-open").click()
    return arrived(page, technique)


def arrived(page: Page, technique: str) -> LabPage:
    expect(page.get_by_test_id("lab-state")).to_contain_text("all that crosses it is this session's")
    lab = LabPage(page, technique)
    lab.becomes("open")
    return lab


@pytest.fixture(params=some_now("sse"))
def technique(request: pytest.FixtureRequest) -> str:
    """Each of the five techniques; four of them in make test-long."""
    name: str = request.param
    return name


def test_the_page_goes_on_in_the_lab_and_shows_the_bytes_of_a_message(
    visits: Visits, server: Server, technique: str, room: str
) -> None:
    lab = open_in_lab(visits, server, technique, room)
    assert lab.page.url.startswith("http://127.0.0.1:")
    assert "lab=" not in lab.page.url
    expect(lab.hook("name-input")).to_have_value("Li Na")
    expect(lab.hook("room-link")).to_have_attribute("href", page_address(server.base, technique, room))
    lab.write("Is room 205 free?")
    lab.has("Is room 205 free?")
    lab.rises_above("wire-down", 100)
    expect(lab.hook("totals-verdict")).to_have_attribute("data-adds-up", "true")
    lab.hook("units").get_by_text(re.compile("message .*-1")).first.click()
    expect(lab.hook("unit-view")).to_contain_text("Is room 205 free?")


@pytest.mark.long
@pytest.mark.parametrize("technique", ["short-poll", "long-poll", "sse", "websocket", "socket-io"])
def test_page_relay_and_tshark_count_the_same_bytes(
    visits: Visits, server: Server, technique: str, room: str, tmp_path: Path
) -> None:
    session = httpx.post(f"{server.base}/api/lab/sessions").raise_for_status().json()
    with sniffing(session["port"], tmp_path / "all.pcap") as sniffer:
        page = visits.person().new_page()
        base = f"http://127.0.0.1:{session['port']}"
        fragment = f"#lab={session['id']}&main={server.port}&name=%22Li+Na%22"
        page.goto(page_address(base, technique, room) + fragment)
        lab = arrived(page, technique)
        for number in range(5):
            publish(server, room, f"from outside {number}")
            lab.write(f"from the page {number}")
            lab.has(f"from outside {number}")
            lab.has(f"from the page {number}")
        lab.page.get_by_role("button", name="Disconnect").click()
        lab.becomes("closed")
        agree(lab, sniffer)


def agree(lab: LabPage, sniffer: Sniffer) -> None:
    """Wait until the page shows what tshark counts, to the byte, and that its accounts add up to it."""
    deadline = time.monotonic() + WITHIN_S
    while (shown := lab.counted()) != (counted := sniffer.payload()) or not adds_up(lab):
        assert time.monotonic() < deadline, f"the page shows {shown}, tshark counts {counted}"
        lab.page.wait_for_timeout(50)
    assert min(counted.values()) > 1_000


def adds_up(lab: LabPage) -> bool:
    return lab.hook("totals-verdict").get_attribute("data-adds-up") == "true"


@pytest.mark.long
def test_socket_io_falls_back_where_upgrade_is_taken_out(visits: Visits, server: Server, room: str) -> None:
    lab = open_in_lab(visits, server, "socket-io", room, breaks=True)
    lab.hook("lab-strip_upgrade-on").check()
    expect(lab.hook("lab-said")).to_have_text("The network is set.")
    lab.strike("cut", re.compile(r"^Cut: \d+ connections? broken off by RST\.$"))
    lab.becomes("open")
    lab.write("by polling")
    lab.has("by polling")
    expect(lab.hook("units").get_by_text("POST").first).to_be_visible()


@pytest.mark.long
def test_the_delay_that_is_set_is_the_delay_of_the_messages(visits: Visits, server: Server, room: str) -> None:
    lab = open_in_lab(visits, server, "websocket", room)
    lab.set("delay_ms", "200")
    for number in range(5):
        publish(server, room, f"late {number}")
        lab.has(f"late {number}")
    delay = float(re.sub(r"[^0-9.]", "", lab.hook("meter-delay").inner_text()))
    assert 195 <= delay < 400


@pytest.mark.long
def test_a_vanished_network_is_repaired_from_the_page(visits: Visits, server: Server, room: str) -> None:
    lab = open_in_lab(visits, server, "long-poll", room, breaks=True)
    lab.strike("vanish", re.compile(r"^Vanished: nothing passes any more on \d+ connections?, and nobody is told\.$"))
    publish(server, room, "nobody hears this")
    lab.strike("vanish", "Back: new connections pass; those that vanished stay dead.")
    expect(lab.hook("messages")).not_to_contain_text("nobody hears this")
    lab.strike("cut", re.compile("^Cut: "))  # else the browser would try its dead connections, one after the other
    lab.has("nobody hears this")


@pytest.mark.long
def test_a_session_that_ended_is_told_and_left(visits: Visits, server: Server, room: str) -> None:
    lab = open_in_lab(visits, server, "short-poll", room, breaks=True)
    session = lab.hook("lab-json").get_attribute("href")
    assert session is not None
    httpx.delete(session.removesuffix("/capture.json")).raise_for_status()
    expect(lab.hook("lab-state")).to_contain_text("This lab session has ended")
    lab.hook("lab-leave").click()
    lab.page.wait_for_url(f"{server.base}/short-polling?*")
    ChatPage(lab.page, "short-poll").becomes("open")


@pytest.mark.long
def test_a_server_that_went_away_is_told_and_when_it_is_back_that_the_session_has_ended(
    visits: Visits, room: str
) -> None:
    port = free_ports(1)
    with Server("memory", "--port", str(port)) as server:
        lab = open_in_lab(visits, server, "websocket", room, breaks=True)
    expect(lab.hook("lab-state")).to_contain_text("cannot be reached")
    lab.hook("lab-cut").click()
    expect(lab.hook("lab-said")).to_have_text("The server cannot be reached at its main port.")
    with Server("memory", "--port", str(port)):
        expect(lab.hook("lab-state")).to_contain_text("This lab session has ended")
        lab.page.close()


@pytest.mark.long
def test_a_page_that_is_loaded_again_finds_its_session(visits: Visits, server: Server, room: str) -> None:
    lab = open_in_lab(visits, server, "sse", room)
    lab.set("delay_ms", "20")
    lab.page.reload()
    again = arrived(lab.page, "sse")
    expect(again.hook("lab-delay_ms")).to_have_value("20")
