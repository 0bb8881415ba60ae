"""Who may come in: the checks of Host and Origin, and the CORS answers, for every request of the application.

- **Host** must be a loopback name, the address the connection came to, or an allowed name. A page of another site
  whose name was made to point at this machine (DNS rebinding) carries that name in Host, and is refused here.
- **Origin** is sent by browsers with every POST and every WebSocket handshake; on a WebSocket nothing else stops a
  foreign page from speaking for its visitor (cross-site WebSocket hijacking), for browsers apply no same-origin
  policy there. Absent is allowed (not a browser), `null` is refused, else it must equal Host or an allowed origin.
- **Lab pages** are of another port of this same host. Each may command its own lab session, and nothing else.
- **CORS** (WHATWG Fetch): allowed origins may read the answers; the others' browsers keep them from their scripts.
"""

import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pushdemo.exchange import refuse
from pushdemo.problems import Problem, shown
from pushdemo.settings import Settings

HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?")
ORIGIN = re.compile(rf"(?P<scheme>https?)://{HOST.pattern}")
DEFAULT_PORTS = {"http": "80", "https": "443"}
LAB_SESSION = re.compile(r"/api/lab/sessions/(?P<id>[A-Za-z0-9_-]{1,64})(/.*)?")
READING_METHODS = {"GET", "HEAD", "OPTIONS"}


def parse_origin(text: str) -> str:
    """Return an origin in its one spelling, `scheme://name:port`.

    Raises:
        ValueError: it is not an http or https origin.
    """
    match = ORIGIN.fullmatch(text.lower())
    if match is None:
        raise ValueError(f"an origin is http(s)://name[:port], without a path; this came: {shown(text)}")
    return f"{match['scheme']}://{match['name']}:{match['port'] or DEFAULT_PORTS[match['scheme']]}"


class Admission:
    """ASGI middleware that lets in what may come in, and answers the rest with a problem.

    Args:
        app: what is behind it.
        settings: `host`, `allow_host`, `allow_origin`.
        origin_paths: paths, with all below them, where GET needs a right Origin too.
        owns: whether the page at that port may command that lab session, by its id.
        unchecked: paths of WebSockets that any page may open, to show what comes of it.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        origin_paths: tuple[str, ...] = (),
        owns: Callable[[str, int], bool] = lambda session, port: False,
        unchecked: tuple[str, ...] = (),
    ) -> None:
        self.app = app
        self._owns = owns
        self._hosts = {name.lower() for name in (settings.host, *settings.allow_host)}
        self._origins = {parse_origin(origin) for origin in settings.allow_origin}
        self._origin_paths = origin_paths
        self._unchecked = unchecked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            host = self._check_host(headers, scope)
            lab_page = self._lab_page(headers, host, scope)
            allowed = lab_page or self._allowed_cross_origin(headers)
            if _needs_origin(scope, self._origin_paths) and not lab_page and not self._is_unchecked(scope):
                self._check_origin(headers, host)
            if _is_preflight(scope, headers) and not allowed:
                raise Problem(403, f"The origin {shown(headers['origin'])} is not allowed here (--allow-origin).")
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        if allowed is None:
            await self.app(scope, receive, send)
        elif _is_preflight(scope, headers):
            await _answer_preflight(headers, allowed)(scope, receive, send)
        else:
            await self.app(scope, receive, _with_cors(send, allowed))

    def _check_host(self, headers: Headers, scope: Scope) -> str:
        """Return the Host as `name[:port]`, in lower case.

        Raises:
            Problem: 400, there is not exactly one well-formed Host; 403, it is not one of ours.
        """
        values = headers.getlist("host")
        match = HOST.fullmatch(values[0].lower()) if len(values) == 1 else None
        if match is None:
            raise Problem(400, f"Expected one Host header field; this came: {shown(', '.join(values))}.")
        name = _plain(match["name"].strip("[]"))
        server = scope.get("server")
        if name in self._hosts or _is_loopback(name) or (server is not None and name == _plain(server[0])):
            return match[0]
        raise Problem(403, f"{shown(match['name'])} is not a name of this server (--allow-host adds one).")

    def _check_origin(self, headers: Headers, host: str) -> None:
        """Refuse a page of another site.

        Raises:
            Problem: 403.
        """
        values = headers.getlist("origin")
        if not values:
            return
        try:
            origin = parse_origin(values[0]) if len(values) == 1 else None
        except ValueError:
            origin = None
        if origin is None or (origin not in self._origins and origin != _own_origin(origin, host)):
            raise Problem(
                403,
                f"Expected an Origin that equals Host ({host}) or is allowed; this came: {shown(', '.join(values))}.",
            )

    def _is_unchecked(self, scope: Scope) -> bool:
        """Return whether this is a WebSocket where the check is left out on purpose."""
        return scope["type"] == "websocket" and _own_path(scope) in self._unchecked

    def _lab_page(self, headers: Headers, host: str, scope: Scope) -> str | None:
        """Return the Origin as it came if it is that of the lab session that is asked for."""
        asked = LAB_SESSION.fullmatch(_own_path(scope))
        values = headers.getlist("origin")
        if asked is None or len(values) != 1:
            return None
        origin, name = ORIGIN.fullmatch(values[0].lower()), HOST.fullmatch(host)
        if origin is None or name is None or origin["name"] != name["name"]:
            return None
        port = int(origin["port"] or DEFAULT_PORTS[origin["scheme"]])
        return values[0] if self._owns(asked["id"], port) else None

    def _allowed_cross_origin(self, headers: Headers) -> str | None:
        """Return the Origin as it came if it is one of `--allow-origin`."""
        origin = headers.get("origin")
        try:
            return origin if origin is not None and parse_origin(origin) in self._origins else None
        except ValueError:
            return None


def _plain(name: str) -> str:
    """Return an address in its one spelling; one of IPv4 that came to an IPv6 socket, as IPv4."""
    try:
        address = ip_address(name)
    except ValueError:
        return name
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _own_origin(origin: str, host: str) -> str:
    """Return the origin that a page of `host` has under the scheme of `origin`."""
    return parse_origin(f"{origin.partition(':')[0]}://{host}")


def _needs_origin(scope: Scope, origin_paths: tuple[str, ...]) -> bool:
    if scope["type"] == "websocket":
        return True
    path = _own_path(scope)
    return scope["method"] not in READING_METHODS or any(f"{path}/".startswith(f"{below}/") for below in origin_paths)


def _own_path(scope: Scope) -> str:
    """Return the path within the application, wherever that is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and "origin" in headers
        and "access-control-request-method" in headers
    )


def _answer_preflight(headers: Headers, origin: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, HEAD, POST",
            "Access-Control-Allow-Headers": headers.get("access-control-request-headers", "Content-Type"),
            "Access-Control-Max-Age": "600",
            "Cache-Control": "no-store",
            "Vary": "Origin",
        },
    )


def _with_cors(send: Send, origin: str) -> Send:
    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            headers.add_vary_header("Origin")
        await send(message)

    return send_with_cors
