"""The laboratory mounted under /push in somebody else's application: `python -m tests.support.mounted REPORT`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from pushdemo.app import create_app
from pushdemo.clock import SystemClock
from pushdemo.feed import Feed
from pushdemo.log.memory import MemoryLog
from pushdemo.server import listen

PREFIX = "/push"


async def home(request: Request) -> PlainTextResponse:
    """Answer at /, which is not the laboratory's."""
    return PlainTextResponse("somebody else's home page")


def application(report: Path) -> Starlette:
    """Return the other application; the laboratory in it looks for the last benchmark's report at `report`."""
    feed = Feed(MemoryLog(SystemClock(), messages_kept=1_000, max_rooms=100))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with feed:  # a mounted application's own lifespan is not run
            yield

    laboratory = Mount(PREFIX, create_app(feed, report=report))
    return Starlette(routes=[Route("/", home), laboratory], lifespan=lifespan)


def main() -> None:
    """Serve on a port that the system chooses, and print the address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(application(Path(sys.argv[1])), log_level="warning", timeout_graceful_shutdown=1)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
