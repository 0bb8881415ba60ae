"""A relay for TCP that is a worse network: it delays, limits, stalls and cuts what passes, each technique alike.

It stands between the clients and the server, needs no root, knows nothing of what passes and nothing else of this
project. Developer tools throttle a fetch but not the frames of a WebSocket; here both wait the same.

Each direction of a connection is a line (delay_line.py). Bytes leave into it one after another, as fast as the
bandwidth lets them, and come out `delay_ms` and up to `jitter_ms` later, always in order. What a line may hold is
bounded; above that the relay reads no further and TCP holds the sender back. An end (FIN) is passed on behind the
bytes before it; a reset (RST), or a server that cannot be reached, is passed on at once as a reset.

What a relay in user space cannot do:

- It cannot delay the TCP handshake, which the kernel completes by itself. Instead the first bytes of a client wait
  until a round trip (twice the delay) after it connected, as they would have had to.
- It cannot lose a packet or an ACK. Loss shows as a stall, and a peer that vanished still acknowledges, because its
  kernel, or ours, does.
- It cannot refuse a connection: it accepts and resets.

Timers of event loops count milliseconds, so bytes never come out early, and some tenths of a millisecond late.
Measured in one run on two cores (Python 3.11, uvloop; 200 bytes sent back and forth): without delay the relay adds
0.02 ms there and back (p50) and takes 5 microseconds of CPU per message, 200 connections at once; with 50 ms an echo
takes 100.8 ms (p50; p99 101.1), and a message 17 microseconds.

Try it, with `pushdemo` on port 8000:

    python -m pushdemo.lab.relay --to 127.0.0.1:8000 --port 8001 --delay-ms 50
    curl -w '%{time_total}' http://127.0.0.1:8001/api/time
"""

import argparse
import asyncio
import contextlib
import json
import math
import os
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, Never, Self

from pushdemo.lab.connection import Clock, Connection, Side, SystemClock, Traffic
from pushdemo.lab.delay_line import UNHINDERED, Conditions

__all__ = ["UNHINDERED", "Clock", "Conditions", "Connection", "Relay", "Side", "Traffic"]

CLOSED_KEPT = 10_000
"""Of so many closed connections, the latest, the counts stay known one by one; the totals are of all."""

BACKLOG = 4_096
"""How many connections may wait to be accepted: a whole class, or benchmark, that connects at once."""

STALL_S = 3_600.0
"""The longest stall."""


class Relay:
    """Listens, and passes each connection on to `to` under `conditions`.

    Both may be set while it runs: `to` for connections that come, `conditions` for bytes that come from then on.

    Args:
        to: host and port of the server.
        conditions: of the network.
        host: where to listen.
        port: where to listen; 0 takes a free one, to be read from `port` once the relay is started.
        seed: of the jitter, which each connection draws by its number.
        clock: where the time comes from.
    """

    def __init__(
        self,
        to: tuple[str, int],
        conditions: Conditions = UNHINDERED,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 1,
        clock: Clock | None = None,
    ) -> None:
        self.to = to
        self.conditions = conditions
        self.host = host
        self.port = port
        self.seed = seed
        self.clock = clock or SystemClock()
        self.stalled_until = -math.inf
        self.opened = 0
        self.connections: dict[int, Connection] = {}
        self._closed_kept: deque[Traffic] = deque(maxlen=CLOSED_KEPT)
        self._closed_bytes = [0, 0]
        self._all_gone = asyncio.Event()
        self._all_gone.set()
        self._connecting: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address is taken, or not this machine's.
        """
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._accept, self.host, self.port, backlog=BACKLOG)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more, and cut all connections."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        listener.close()
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        self.cut()
        await self._all_gone.wait()
        await listener.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _accept(self) -> Side:
        self.opened += 1
        return Connection(self, self.opened).client

    def begin(self, connection: Connection) -> None:
        """Connect a client that was accepted to the server."""
        self.connections[connection.number] = connection
        self._all_gone.clear()
        if self._listener is None:
            connection.reset()
            return
        task = asyncio.get_running_loop().create_task(self._connect(connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, connection: Connection) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: connection.server, *self.to)
        except OSError:
            connection.reset()

    def forget(self, connection: Connection) -> None:
        """Keep only the counts of a connection that is gone."""
        if self.connections.pop(connection.number, None) is None:
            return
        traffic = connection.traffic
        self._closed_kept.append(traffic)
        self._closed_bytes[0] += traffic.bytes_to_server
        self._closed_bytes[1] += traffic.bytes_to_client
        if not self.connections:
            self._all_gone.set()

    def cut(self) -> int:
        """Reset all connections on both sides, and return how many; what is under way is gone."""
        cut = list(self.connections.values())
        for connection in cut:
            connection.reset()
        return len(cut)

    def stall(self, seconds: float) -> None:
        """Let nothing pass, on any connection, for so many seconds from now; then all goes on, and nothing is lost.

        Raises:
            ValueError: `seconds` is not from 0 to an hour.
        """
        if not 0 <= seconds <= STALL_S:
            raise ValueError(f"a stall is from 0 to {STALL_S:,.0f} seconds; this came: {seconds}")
        now = self.clock.monotonic()
        more = now + seconds - max(now, self.stalled_until)
        if more <= 0:
            return
        self.stalled_until = now + seconds
        for connection in self.connections.values():
            connection.freeze(now, more)

    @property
    def closed(self) -> int:
        """How many connections came and are gone."""
        return self.opened - len(self.connections)

    @property
    def bytes_to_server(self) -> int:
        """What all connections there were handed on to the server."""
        return self._closed_bytes[0] + sum(each.traffic.bytes_to_server for each in self.connections.values())

    @property
    def bytes_to_client(self) -> int:
        """What all connections there were handed on to their clients."""
        return self._closed_bytes[1] + sum(each.traffic.bytes_to_client for each in self.connections.values())

    def traffic(self) -> list[Traffic]:
        """Return the bytes of each connection: of all that are open, and the last that were closed."""
        return sorted([*self._closed_kept, *(each.traffic for each in self.connections.values())])

    def stats(self) -> dict[str, Any]:
        """Return all counts, as the program prints them."""
        return {
            "opened": self.opened,
            "closed": self.closed,
            "bytes_to_server": self.bytes_to_server,
            "bytes_to_client": self.bytes_to_client,
            "connections": [each._asdict() for each in self.traffic()],
        }


COMMANDS = "cut, stall SECONDS, set delay-ms|jitter-ms|bandwidth-kbit NUMBER, or stats"


def execute(relay: Relay, line: str) -> str | None:
    """Do what a line of text commands.

    Args:
        relay: a running relay.
        line: one of `COMMANDS`; `set bandwidth-kbit none` lifts that limit.

    Returns:
        The answer to `stats`, one line of JSON; nothing for the others.

    Raises:
        ValueError: there is no such command, or it cannot be done so; a sentence says why.
    """
    match line.split():
        case ["cut"]:
            relay.cut()
        case ["stall", seconds]:
            relay.stall(_number(seconds))
        case ["set", option, value] if (name := option.replace("-", "_")) in [each.name for each in fields(Conditions)]:
            number = None if (name, value) == ("bandwidth_kbit", "none") else _number(value)
            change: dict[str, Any] = {name: number}
            relay.conditions = replace(relay.conditions, **change)
        case ["stats"]:
            return json.dumps(relay.stats(), separators=(",", ":"))
        case _:
            raise ValueError(f"expected {COMMANDS}; this came: {line.strip()!r}")
    return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"expected a number; this came: {text!r}") from None


class _Parser(argparse.ArgumentParser):
    """Complains in one sentence."""

    def error(self, message: str) -> Never:
        self.exit(2, f"{message}\n")


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65_535:
        raise argparse.ArgumentTypeError(f"expected HOST:PORT; this came: {text!r}")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65,535; this came: {text!r}")
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m pushdemo.lab.relay",
        description="Pass TCP connections on as a worse network would: later, slower, with stalls and cuts.",
        epilog=f"With --commands, each line of standard input is a command: {COMMANDS}.",
    )
    option = parser.add_argument
    option("--to", type=_address, required=True, metavar="HOST:PORT", help="the server")
    option("--host", default="127.0.0.1", help="where to listen  [default: %(default)s]")
    option("--port", type=_port, default=0, metavar="NUMBER", help="where to listen; 0: any  [default: 0]")
    option("--delay-ms", type=float, default=0.0, metavar="NUMBER", help="each way  [default: 0]")
    option("--jitter-ms", type=float, default=0.0, metavar="NUMBER", help="added to it, from 0 to this  [default: 0]")
    option("--bandwidth-kbit", type=float, metavar="NUMBER", help="per second, way and connection  [default: no limit]")
    option("--seed", type=int, default=1, metavar="NUMBER", help="of the jitter  [default: 1]")
    option("--commands", action="store_true", help="take commands from standard input")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the relay as a program until SIGINT or SIGTERM, and return its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        conditions = Conditions(given.delay_ms, given.jitter_ms, given.bandwidth_kbit)
    except ValueError as error:
        parser.error(str(error))
    relay = Relay(given.to, conditions, host=given.host, port=given.port, seed=given.seed)
    _raise_open_files_limit()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_run(relay, given.commands))


def _reason(error: OSError) -> str:
    """Return the system's words for it; asyncio's own repeat the address."""
    if error.errno is None or isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    return os.strerror(error.errno)


async def _run(relay: Relay, commands: bool) -> int:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        await relay.start()
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {relay.host} port {relay.port}: {_reason(error)}.\n")
        return 1
    sys.stdout.write(f"relay is at {relay.host}:{relay.port}\n")
    sys.stdout.flush()
    if commands:
        # A thread, because not every loop can read a terminal, a pipe and a file.
        threading.Thread(target=_read_commands, args=(relay, loop), daemon=True).start()
    await stop.wait()
    await relay.close()
    return 0


def _read_commands(relay: Relay, loop: asyncio.AbstractEventLoop) -> None:
    # Not sys.stdin, whose lock the interpreter wants when it ends, while this waits for a line.
    with open(0, encoding="utf-8", errors="replace", closefd=False) as lines, contextlib.suppress(RuntimeError):
        for line in lines:
            loop.call_soon_threadsafe(_answer, relay, line)  # RuntimeError: the loop is closed


def _answer(relay: Relay, line: str) -> None:
    try:
        answer = execute(relay, line)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        return
    if answer is not None:
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's, where it is installed; with the standard library's the relay only takes more CPU."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _raise_open_files_limit() -> None:
    """Allow this process as many sockets as the system lets it; each connection takes two (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Where the hard limit says infinity, as on macOS, the system refuses it and takes a usual number.
        most = hard if hard != resource.RLIM_INFINITY else max(soft, 10_240)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    sys.exit(main())
