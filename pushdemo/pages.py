"""The pages and their files, and the transports' own source, so that a page can show the code it runs by."""

import inspect
import re
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
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
    "/compare": "compare.html",
    "/labs": "labs.html",
    "/join": "join.html",
    "/class": "class.html",
    "/class/projector": "projector.html",
}
LAB = "/labs/{number}"
"""An experiment: one page makes them all. (Starlette's own convertor fails at a number of thousands of digits.)"""
LAB_NAME = "lab.html"
LABS = range(1, 13)
"""The experiments there are: see static/js/labs/catalogue.js."""
SHEET = "/labs/{number}/sheet"
"""An experiment on paper, made by one page for all."""
SHEETS = "/labs/all/sheet"
"""All of them at once: as deep as the others, for the page names its files from where it is."""
SHEETS_SHORT = "/labs/sheet"
SHEET_NAME = "sheet.html"
FRAMING = ("/compare", "/join", "/class", LAB)
"""Those that show what runs at the port of a lab session."""
FRAME = "/frame"
"""A technique at work: a page at the main port shows it within itself, at the port of a lab session."""
FRAME_NAME = "frame.html"
ELSEWHERE = "/labs/whose-page/elsewhere"
"""A page of another origin, as which it is shown at the port of a lab session: see whose_page.py."""
ELSEWHERE_NAME = "elsewhere.html"
POLICY = "img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'"
Headers = Callable[[Request], dict[str, str]]
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
        *(Route(path, _page(directory / name, _headers_at(path)), methods=["GET"]) for path, name in PAGES.items()),
        Route(SHEETS, _page(directory / SHEET_NAME, page_headers), methods=["GET"]),
        Route(SHEETS_SHORT, _to_all_sheets, methods=["GET"]),
        Route(LAB, _of_lab(directory / LAB_NAME, LAB), methods=["GET"]),
        Route(SHEET, _of_lab(directory / SHEET_NAME, SHEET), methods=["GET"]),
        Route(FRAME, _page(directory / FRAME_NAME, _frame_headers), methods=["GET"]),
        Route(ELSEWHERE, _page(directory / ELSEWHERE_NAME, _frame_headers), methods=["GET"]),
        Mount("/static", _Files(directory=directory)),
        Route("/api/source/{technique}", source, methods=["GET"]),
    ]


def _page(file: Path, headers: Headers) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        return FileResponse(file, headers=headers(request))

    return page


def _of_lab(file: Path, path: str) -> Callable[[Request], Awaitable[Response]]:
    page = _page(file, _headers_at(path))

    async def lab(request: Request) -> Response:
        if request.path_params["number"] not in map(str, LABS):
            raise HTTPException(404, f"Expected an experiment from {LABS[0]} to {LABS[-1]}.")
        return await page(request)

    return lab


async def _to_all_sheets(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"all/sheet{query}", headers=NO_CACHE)


def _headers_at(path: str) -> Headers:
    return _framing_headers if path in FRAMING else page_headers


def page_headers(request: Request, *, frames: str = "", ancestors: str = "'none'") -> dict[str, str]:
    """Return the header fields of a page of ours: its policy lets in nothing from elsewhere.

    Args:
        request: the one for the page.
        frames: which pages it may show within itself; without any, its own origin's.
        ancestors: which pages may show it within themselves.
    """
    host = request.headers["host"]  # checked by admission.py; old browsers do not take 'self' to mean ws: as well
    places = f"'self' ws://{host} wss://{host}{_main_places(request)}"
    frame_src = f"frame-src {frames}; " if frames else ""
    policy = f"default-src 'self'; connect-src {places}; {frame_src}{POLICY}; frame-ancestors {ancestors}"
    return NO_CACHE | {"Content-Security-Policy": policy}


def _framing_headers(request: Request) -> dict[str, str]:
    """Return those of a page that shows techniques at the ports of lab sessions."""
    return page_headers(request, frames=f"http://{_name(request)}:*")


def _frame_headers(request: Request) -> dict[str, str]:
    """Return those of such a page: only the main port's page may show it, and none where it is not at a lab port.

    It may ask the main port; what it then gets to read is between the server and the browser.
    """
    main = _main_port(request)
    return page_headers(request, ancestors="'none'" if main is None else f"http://{_name(request)}:{main}")


def _main_places(request: Request) -> str:
    """Return the places where a page at a lab port commands its session: at the server's main port."""
    main, name = _main_port(request), _name(request)
    return "" if main is None else f" http://{name}:{main} ws://{name}:{main}"


def _main_port(request: Request) -> int | None:
    """Return the server's main port if the request came through a lab port."""
    main = own_address(request.scope)
    return None if standing_of(request.scope) is None or main is None else main[1]


def _name(request: Request) -> str:
    """Return the name by which the browser knows this machine."""
    return re.sub(r":[0-9]+$", "", request.headers["host"])


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
