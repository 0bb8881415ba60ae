"""People at the pages: each has a browser context of their own, and a witness who writes down what no page may do."""

import re
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

from tests.support.chat_page import ChatPage, page_address

SERVER_AWAY = re.compile(r"net::ERR_(CONNECTION_|EMPTY_RESPONSE|INCOMPLETE|NETWORK)|WebSocket connection to ")
"""What Chromium itself writes to the console while nobody answers at the server's port."""


class Visits:
    """The visits of one test.

    Args:
        browser: shared by all tests.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def person(self, *, allowed: re.Pattern[str] | None = None, **options: Any) -> BrowserContext:
        """Return a browser context with nothing remembered.

        Args:
            allowed: what the console may say here all the same.
            options: Playwright's for a context, such as `viewport`.
        """
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        Witness(self.complaints, allowed).watch(context)
        return context

    def open(
        self,
        base: str,
        technique: str,
        room: str,
        *,
        name: str = "Li Na",
        person: BrowserContext | None = None,
        **options: Any,
    ) -> ChatPage:
        """Open a technique's page, as `name`, and wait until it is connected."""
        page = (person or self.person(**options)).new_page()
        page.goto(page_address(base, technique, room))
        chat = ChatPage(page, technique)
        if chat.hook("name-input").input_value() == "":
            chat.introduce(name)
        chat.becomes("open")
        return chat

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for context in self._contexts:
            context.close()


class Witness:
    """Writes down errors on the console (there go broken content policies, too) and requests to other hosts."""

    def __init__(self, complaints: list[str], allowed: re.Pattern[str] | None) -> None:
        self._complaints = complaints
        self._allowed = allowed
        self._host: str | None = None

    def watch(self, context: BrowserContext) -> None:
        """Watch all pages that will be opened."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        complaint = f"{message.type} at {message.location['url']}: {message.text}"
        if message.type in ("error", "warning") and not (self._allowed and self._allowed.search(complaint)):
            self._complaints.append(complaint)

    def _error(self, error: WebError) -> None:
        self._complaints.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, url: str) -> None:
        place = urlsplit(url)
        if place.scheme in ("data", "blob", "about"):
            return
        self._host = self._host or place.hostname
        if place.hostname != self._host:  # another port of it may be a lab session's
            self._complaints.append(f"request to another host than {self._host}: {url}")
