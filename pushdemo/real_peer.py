"""ASGI middleware that puts the real peer's address in place of the relay's.

Behind a lab session's relay every connection comes from this machine. `Peers` knows for whom each was made, by the
address of the TCP connection itself. That address is taken from the transport, where the server gives it: a trusted
proxy's X-Forwarded-For may have changed `scope["client"]` before, and whoever speaks through a relay could forge one.
"""

from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from pushdemo.exchange import TRANSPORT_EXTENSION
from pushdemo.lab.peers import Address, Peers, Standing

LAB_EXTENSION = "pushdemo.lab"
"""Under this name among the scope's extensions stands the `Standing` of a connection that was made for somebody."""
MAIN_EXTENSION = "pushdemo.main"
"""And under this one where it came to, which the scope's `server` says no longer."""


class RealPeer:
    """Sets `client` and `server` of the scope to those of the connection that the relay stands for."""

    def __init__(self, app: ASGIApp, peers: Peers) -> None:
        self.app = app
        self._peers = peers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and len(self._peers):
            standing = self._peers.behind(_address(scope, "peername", "client"))
            if standing is not None:
                scope = _standing_for(scope, standing)
        await self.app(scope, receive, send)


def _standing_for(scope: Scope, standing: Standing) -> Scope:
    extensions = {
        **scope.get("extensions", {}),
        LAB_EXTENSION: standing,
        MAIN_EXTENSION: _address(scope, "sockname", "server"),
    }
    return {**scope, "client": standing.client, "server": standing.reached, "extensions": extensions}


def own_address(scope: Scope) -> Address | None:
    """Return where the server listens by which the request came, as one can connect to it from here."""
    known: Address | None = scope.get("extensions", {}).get(MAIN_EXTENSION)
    host, port = known or _address(scope, "sockname", "server")
    return (host, port) if host and port else None


def standing_of(scope: Scope) -> Standing | None:
    """Return for whom the connection was made, if it came through a lab port; one that is made by hand did not."""
    standing: Standing | None = scope.get("extensions", {}).get(LAB_EXTENSION)
    return standing if standing is not None and standing.session is not None else None


def _address(scope: Scope, of_transport: str, of_scope: str) -> Address:
    extension = scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
    address: Any = extension["transport"].get_extra_info(of_transport) if extension else scope.get(of_scope)
    return (address[0], address[1]) if isinstance(address, tuple | list) and len(address) >= 2 else ("", 0)
