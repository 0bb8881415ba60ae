"""The laboratory mounted under /push in somebody else's application: `python -m tests.support.mounted`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
feed = Feed(MemoryLog(SystemClock(), messages_kept=1_000, max_rooms=100))


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Hold the feed open: a mounted application's own lifespan is not run."""
    async with feed:
        yield


async def home(request: Request) -> PlainTextResponse:
    """Answer at /, which is not the laboratory's."""
    return PlainTextResponse("somebody else's home page")


app = Starlette(routes=[Route("/", home), Mount(PREFIX, create_app(feed))], lifespan=lifespan)


def main() -> None:
    """Serve on a port that the system chooses, and print the address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
