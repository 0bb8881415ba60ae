"""The pages and their files, and the transports' own source, so that a page can show the code it runs by."""

import inspect
import re
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from pushdemo.feed import TECHNIQUES
from pushdemo.real_peer import own_address, standing_of

PAGES = {
    "/": "index.html",
    "/short-polling": "short-polling.html",
    "/long-polling": "long-polling.html",
    "/sse": "sse.html",
    "/websocket": "websocket.html",
    "/socket-io": "socket-io.html",
    "/handshake": "handshake.html",
}
POLICY = "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
NO_CACHE = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
"""Kept by the browser, but asked for again each time: a changed file is seen at the next reload."""


def static_directory() -> Path:
    """Return where the pages' files are: in the installed package, or beside it in a checkout.

    Raises:
        FileNotFoundError: in neither.
    """
    package = Path(__file__).parent
    for place in (package / "static", package.parent / "static"):
        if (place / "js").is_dir():
            return place
    raise FileNotFoundError("the folder static/ is neither in the package nor beside it; install pushdemo again")


def routes() -> list[BaseRoute]:
    """Return the routes of the pages, of their files and of the transports' source."""
    directory = static_directory()
    return [
        *(Route(path, _page(directory / name), methods=["GET"]) for path, name in PAGES.items()),
        Mount("/static", _Files(directory=directory)),
        Route("/api/source/{technique}", source, methods=["GET"]),
    ]


def _page(file: Path) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        return FileResponse(file, headers=page_headers(request))

    return page


def page_headers(request: Request) -> dict[str, str]:
    """Return the header fields of a page of ours: its policy lets in nothing from elsewhere."""
    host = request.headers["host"]  # checked by admission.py; old browsers do not take 'self' to mean ws: as well
    places = f"'self' ws://{host} wss://{host}{_main_places(request)}"
    policy = f"default-src 'self'; connect-src {places}; {POLICY}"
    return NO_CACHE | {"Content-Security-Policy": policy}


def _main_places(request: Request) -> str:
    """Return the places where a page at a lab port commands its session: at the server's main port."""
    main = own_address(request.scope)
    if standing_of(request.scope) is None or main is None:
        return ""
    name = re.sub(r":[0-9]+$", "", request.headers["host"])
    return f" http://{name}:{main[1]} ws://{name}:{main[1]}"


async def source(request: Request) -> Response:
    """Answer with the Python source of a technique's transport, as it runs here."""
    technique = request.path_params["technique"]
    if technique not in TECHNIQUES:
        raise HTTPException(404, f"Expected one of {', '.join(TECHNIQUES)}.")
    module = import_module(f"pushdemo.transports.{technique.replace('-', '_')}")
    return PlainTextResponse(inspect.getsource(module), headers=NO_CACHE)


class _Files(StaticFiles):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        await super().__call__(scope, receive, send)

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(NO_CACHE)
        return response
