"""The page /report: what the last benchmark found.

The benchmark (`python -m benchmarks`) writes a report that is whole in one file, and leaves a copy in the data folder.
Here the file is read at each request, so that a new report is there at the next reload, and given as it is.

Who can write that file does not speak for this server: the report's policy lets it draw and nothing else. No script
runs, nothing is fetched, and `sandbox` gives it an origin of its own. That needs no flags: links within the page and
to other pages, folded parts and the browser's own printing work without any (tried in Chromium). What does not work is
a link that opens a new window, a download, and printing by script.

Where there is no report yet, a page says how to make one, with status 404: a browser shows the page of a 404 as any
other, and a program sees that what it got is not a report.

Beside it, `/api/measured` tells the results of the last run of all techniques, as `docs/results.md` describes them:
what each technique costs on this machine. Where nothing was measured yet it has no content.
"""

import stat
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from pushdemo.data_folder import data_folder
from pushdemo.exchange import NO_STORE
from pushdemo.pages import NO_CACHE, page_headers, static_directory
from pushdemo.problems import Problem

PATH = "/report"
NAME = "report.html"
"""The name of the report in the data folder, and of the page in static/ that says that there is none."""
MEASURED_PATH = "/api/measured"
MEASURED_NAME = "results.json"
"""The name of the results, which lie beside the report."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)


def routes(report: Path | None = None) -> list[BaseRoute]:
    """Return the routes of the report, which is at `report` or where the benchmark leaves it, and of the results."""
    file = report or data_folder() / NAME
    none_yet = static_directory() / NAME

    async def page(request: Request) -> Response:
        try:
            content = await run_in_threadpool(_read, file, "the report")
        except FileNotFoundError:
            return FileResponse(none_yet, 404, page_headers(request))
        except OSError as error:
            raise Problem(503, f"The report cannot be read: {error.strerror}.") from None
        return HTMLResponse(content, headers=NO_CACHE | {"Content-Security-Policy": POLICY})

    async def measured(request: Request) -> Response:
        try:
            content = await run_in_threadpool(_read, file.with_name(MEASURED_NAME), "the results")
        except FileNotFoundError:
            return Response(status_code=204, headers=NO_STORE)
        except OSError as error:
            raise Problem(503, f"The results cannot be read: {error.strerror}.") from None
        return Response(content, headers=NO_STORE, media_type="application/json")

    return [Route(PATH, page, methods=["GET"]), Route(MEASURED_PATH, measured, methods=["GET"])]


def _read(file: Path, what: str) -> bytes:
    """Return a whole file at once: it may be written anew at any moment, and be longer or shorter then.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read.
        Problem: 503, it is a folder or a device; a pipe would be waited for.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise Problem(503, f"What is in the place of {what} is not a file.")
    return file.read_bytes()
