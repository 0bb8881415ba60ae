"""An account to be robbed of, for the experiment "whose page is this": cross-site WebSocket hijacking.

A browser lets any page open a WebSocket to any server, and sends that server's cookies along (RFC 6455 section 10.2).
`Origin` says whose page it was; if the server does not look, the page speaks for its visitor. Here somebody signs in to
a demonstration account, by a cookie as strict as cookies can be, and a page of another origin, which is another port of
this same host, opens the account's WebSocket. SameSite does not stop it, for a site has no port (RFC 6265bis section
5.2). There are two doors to the same account: at one the application's own check of Origin (admission.py) is on, as
everywhere else; at the other, and only there, it is off.

The same account can be had by plain HTTP, to compare: there the browser keeps the answer to a GET from the script of
another origin's page (CORS), and the check of Origin refuses its POST.

Nothing of value is behind them: a name, a number that was drawn by lot, and bookings that nobody keeps.
"""

import asyncio
import secrets
from contextlib import suppress
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.status import WS_1008_POLICY_VIOLATION, WS_1012_SERVICE_RESTART, WS_1013_TRY_AGAIN_LATER
from starlette.websockets import WebSocket, WebSocketDisconnect

from pushdemo.exchange import first_done, json_answer, read_json_body, upgrade_required
from pushdemo.feed import Feed
from pushdemo.problems import Problem
from pushdemo.settings import Settings

PATH = "/api/labs/whose-page"
CHECKED = f"{PATH}/account"
UNCHECKED = f"{CHECKED}/unchecked"
BOOKINGS = f"{PATH}/bookings"
COOKIE = "pushdemo-demo-account"
MOST_ACCOUNTS = 1_000
MOST_CONNECTIONS = 500
BOOKINGS_KEPT = 20
"""And as many origins that asked."""
MOST_CHARACTERS = 1_000

encode = msgspec.json.Encoder().encode


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs in; there is no password, for the cookie is what this is about."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What a page asks of the account."""

    book: Annotated[str, Meta(min_length=1, max_length=40)]


class Account:
    """One demonstration account, kept as long as there is room for it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pin = f"{secrets.randbelow(10_000):04}"
        self.bookings: list[dict[str, str | None]] = []
        self.asked: list[str | None] = []
        """The Origin of each GET that was answered with the account, whether or not a script came to see that."""
        self.watchers: set[asyncio.Event] = set()

    def book(self, what: str, origin: str | None) -> None:
        """Book something for whose account it is, whoever asked."""
        self.bookings = [*self.bookings, {"what": what, "origin": origin}][-BOOKINGS_KEPT:]
        self._tell_watchers()

    def answer_get(self, origin: str | None) -> dict[str, Any]:
        """Return what a GET is answered with, and note whose page asked."""
        self.asked = [*self.asked, origin][-BOOKINGS_KEPT:]
        self._tell_watchers()
        return self.told()

    def _tell_watchers(self) -> None:
        for news in self.watchers:
            news.set()

    def told(self) -> dict[str, Any]:
        """Return what a page sees that is let in."""
        return {"name": self.name, "pin": self.pin, "bookings": self.bookings, "asked": self.asked}


def routes(feed: Feed, settings: Settings) -> list[BaseRoute]:
    """Return the routes of the experiment; `feed` is asked only whether the server runs."""
    answers = _Answers(feed, settings)
    return [
        Route(f"{PATH}/sign-in", answers.sign_in, methods=["POST"]),
        Route(BOOKINGS, answers.look, methods=["GET"]),
        Route(BOOKINGS, answers.book, methods=["POST"]),
        WebSocketRoute(CHECKED, answers.account),
        WebSocketRoute(UNCHECKED, answers.account),
        Route(CHECKED, upgrade_required, methods=["GET"]),
        Route(UNCHECKED, upgrade_required, methods=["GET"]),
    ]


class _Answers:
    def __init__(self, feed: Feed, settings: Settings) -> None:
        self._feed = feed
        self._settings = settings
        self._accounts: dict[str, Account] = {}
        self._open = 0
        self._stopping = asyncio.Event()
        feed.when_stopping(self._stopping.set)

    async def sign_in(self, request: Request) -> Response:
        """Make an account and give the browser the cookie for it."""
        try:
            name = msgspec.json.decode(await read_json_body(request, self._settings), type=SignIn).name
        except msgspec.ValidationError as error:
            raise Problem(422, f"Expected an object with name, of 1 to 64 characters: {error}.") from None
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Problem(400, f"Expected a JSON object: {error}.") from None
        token = secrets.token_urlsafe(16)
        account = self._accounts[token] = Account(name)
        while len(self._accounts) > MOST_ACCOUNTS:
            del self._accounts[next(iter(self._accounts))]
        answer = json_answer(account.told(), 201)
        path = request.scope.get("root_path", "") + PATH
        answer.set_cookie(COOKIE, token, path=path, httponly=True, samesite="strict")
        return answer

    async def look(self, request: Request) -> Response:
        """Answer with the account to whoever has its cookie."""
        return json_answer(self._of(request).answer_get(request.headers.get("origin")))

    async def book(self, request: Request) -> Response:
        """Book something; a page of another origin has been refused before (admission.py)."""
        account = self._of(request)
        try:
            wish = msgspec.json.decode(await read_json_body(request, self._settings), type=Wish)
        except msgspec.ValidationError as error:
            raise Problem(422, f"Expected an object with book, of 1 to 40 characters: {error}.") from None
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Problem(400, f"Expected a JSON object: {error}.") from None
        account.book(wish.book, request.headers.get("origin"))
        return json_answer(account.told(), 201)

    def _of(self, request: Request) -> Account:
        account = self._accounts.get(request.cookies.get(COOKIE, ""))
        if account is None:
            raise Problem(403, f"Expected the cookie that POST {PATH}/sign-in gives.")
        return account

    async def account(self, socket: WebSocket) -> None:
        """Tell the account's state to whoever has its cookie, and do what they ask."""
        await socket.accept()
        if self._open >= MOST_CONNECTIONS:
            await _close(socket, WS_1013_TRY_AGAIN_LATER)
            return
        self._open += 1
        try:
            await _close(socket, await self._serve(socket))
        except (WebSocketDisconnect, TimeoutError):
            pass
        finally:
            self._open -= 1

    async def _serve(self, socket: WebSocket) -> int:
        account = self._accounts.get(socket.cookies.get(COOKIE, ""))
        if account is None:
            await self._say(socket, {"signed_in": False})
            return WS_1008_POLICY_VIOLATION
        news = asyncio.Event()
        account.watchers.add(news)
        try:
            return await first_done(self._tell(socket, account, news), self._hear(socket, account), self._stopped())
        finally:
            account.watchers.discard(news)

    async def _tell(self, socket: WebSocket, account: Account, news: asyncio.Event) -> int:
        origin = socket.headers.get("origin")
        checked = not socket.url.path.endswith("/unchecked")
        while True:
            news.clear()
            await self._say(socket, {"signed_in": True, "origin": origin, "checked": checked} | account.told())
            await news.wait()

    async def _hear(self, socket: WebSocket, account: Account) -> int:
        while True:
            event = await socket.receive()
            if event["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(event.get("code", 1005))
            text = event.get("text") or ""
            try:
                if len(text) > MOST_CHARACTERS:
                    raise msgspec.ValidationError
                account.book(msgspec.json.decode(text, type=Wish).book, socket.headers.get("origin"))
            except (msgspec.DecodeError, UnicodeError):
                return WS_1008_POLICY_VIOLATION

    async def _stopped(self) -> int:
        await self._stopping.wait()
        return WS_1012_SERVICE_RESTART

    async def _say(self, socket: WebSocket, content: dict[str, Any]) -> None:
        async with asyncio.timeout(self._settings.slow_reader_s):
            await socket.send_text(encode(content).decode())


async def _close(socket: WebSocket, code: int) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code)
