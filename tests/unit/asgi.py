"""An ASGI client without a server: one request or handshake, driven by the test event by event."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp

from tests.support.fake_clock import until

HOST = "127.0.0.1:8000"
Fields = Iterable[tuple[str, str]]


def http_scope(
    method: str, path: str, fields: Fields = (), *, host: str | None = HOST, root: str = ""
) -> dict[str, Any]:
    """Return the scope of a request as a server would make it."""
    path, _, query = path.partition("?")
    named = [*([] if host is None else [("host", host)]), *fields]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": root + path,
        "raw_path": (root + path).encode(),
        "query_string": query.encode(),
        "root_path": root,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in named],
        "client": ("192.0.2.7", 40_000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


def websocket_scope(path: str, fields: Fields = (), *, host: str | None = HOST, **more: Any) -> dict[str, Any]:
    """Return the scope of a WebSocket handshake."""
    scope = http_scope("GET", path, fields, host=host) | {"type": "websocket", "scheme": "ws", "subprotocols": []}
    del scope["method"]
    scope["extensions"] = {"websocket.http.response": {}}
    return scope | more


class Exchange:
    """One call of an application.

    `hear` gives it an event; `sent` is what it sent so far. It goes on until it returns or `leave` was called.
    """

    def __init__(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        self.sent: list[dict[str, Any]] = []
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.task = asyncio.create_task(app(scope, self._events.get, self._send))  # type: ignore[arg-type]

    async def _send(self, event: Any) -> None:
        self.sent.append(event)

    def hear(self, event: dict[str, Any]) -> None:
        """Give the application an event."""
        self._events.put_nowait(event)

    def body(self, data: bytes = b"", *, more: bool = False) -> None:
        """Give the application a part of the body; the last unless there is `more`."""
        self.hear({"type": "http.request", "body": data, "more_body": more})

    def leave(self) -> None:
        """Close the connection as the client."""
        self.hear({"type": "http.disconnect"})

    async def until_sent(self, count: int) -> None:
        """Wait until the application has sent so many events."""
        await until(lambda: len(self.sent) >= count)

    async def end(self) -> "Exchange":
        """Wait until the application returns."""
        async with asyncio.timeout(5):
            await self.task
        return self

    @property
    def status(self) -> int:
        """The status of the response; that of a denied handshake too."""
        status: int = self.sent[0]["status"]
        return status

    def field(self, name: str) -> str | None:
        """Return a header field of the response."""
        found = [value.decode() for key, value in self.sent[0]["headers"] if key.decode().lower() == name.lower()]
        assert len(found) <= 1
        return found[0] if found else None

    @property
    def content(self) -> bytes:
        """The body sent so far."""
        return b"".join(event.get("body", b"") for event in self.sent[1:])


async def ask(app: ASGIApp, scope: dict[str, Any], body: bytes = b"") -> Exchange:
    """Make one request to its end."""
    exchange = Exchange(app, scope)
    exchange.body(body)
    return await exchange.end()
