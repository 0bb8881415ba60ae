"""A technique's page in a real browser, in the words of a test; it holds on to the page's data-testid alone."""

import re

from playwright.sync_api import Locator, Page, expect

PAGES = {
    "short-poll": "short-polling",
    "long-poll": "long-polling",
    "sse": "sse",
    "websocket": "websocket",
    "socket-io": "socket-io",
}
TECHNIQUES = tuple(PAGES)
ARRIVED = "received"
UNDER_WAY = re.compile("pending|failed|sent")

expect.set_options(timeout=15_000)


def page_address(base: str, technique: str, room: str) -> str:
    """Return the address of a technique's page with the room in it."""
    return f"{base}/{PAGES[technique]}?room={room}"


class ChatPage:
    """A technique's page.

    Args:
        page: the tab it is in.
        technique: whose page it is.
    """

    def __init__(self, page: Page, technique: str) -> None:
        self.page = page
        self.technique = technique
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        expect(page.locator("body")).to_have_attribute("data-technique", technique)

    def hook(self, testid: str) -> Locator:
        """Return the element that carries this data-testid."""
        return self.page.get_by_test_id(testid)

    def introduce(self, name: str) -> None:
        """Choose a name."""
        self.hook("name-input").fill(name)
        self.hook("name-save").click()

    def becomes(self, state: str | re.Pattern[str]) -> None:
        """Wait until the connection is in this state."""
        expect(self.hook("status")).to_have_attribute("data-state", state)

    @property
    def state(self) -> str | None:
        """The state of the connection."""
        return self.hook("status").get_attribute("data-state")

    # --- the conversation

    @property
    def messages(self) -> Locator:
        """All messages, in any state, in the order shown."""
        return self.hook("messages").locator("[data-state]")

    def message(self, text: str) -> Locator:
        """Return the message with exactly this text."""
        exactly = self.page.get_by_text(text, exact=True)
        return self.messages.filter(has=exactly)

    def texts(self) -> list[str]:
        """Return the texts of all messages shown."""
        return self.messages.locator(".text").all_inner_texts()

    def write(self, text: str) -> None:
        """Type a message and send it."""
        self.hook("compose-text").fill(text)
        self.hook("compose-send").click()

    def shows(self, texts: list[str]) -> None:
        """Wait until exactly these messages are there, in this order, all of them from the feed."""
        expect(self.messages.locator(".text")).to_have_text(texts)
        expect(self.hook("messages").locator("[data-state='received']")).to_have_count(len(texts))

    def has(self, text: str, state: str | re.Pattern[str] = ARRIVED) -> Locator:
        """Wait until there is exactly one message with this text, in this state, and return it."""
        message = self.message(text)
        expect(message).to_have_count(1)
        expect(message).to_have_attribute("data-state", state)
        return message

    # --- the instruments

    def figure(self, meter: str) -> int:
        """Return what a meter of counts or bytes shows."""
        digits = re.sub(r"[^0-9]", "", self.hook(f"meter-{meter}").inner_text())
        assert digits, f"meter-{meter} shows {self.hook(f'meter-{meter}').inner_text()!r}, not a number"
        return int(digits)

    def rises_above(self, meter: str, figure: int) -> None:
        """Wait until a meter shows more than `figure`."""
        self.page.wait_for_function(
            """([testid, least]) => {
                const text = document.querySelector(`[data-testid="${testid}"]`).textContent;
                return Number(text.replace(/[^0-9]/g, "")) > least;
            }""",
            arg=[f"meter-{meter}", figure],
        )

    def go_on_by(self, technique: str) -> "ChatPage":
        """Go on by another technique."""
        self.hook(f"continue-by-{technique}").click()
        self.page.wait_for_url(f"**/{PAGES[technique]}?*")
        return ChatPage(self.page, technique)
