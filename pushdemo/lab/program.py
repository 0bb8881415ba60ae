"""The relay as a program: its options, and the commands that it takes from standard input."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, Never

from pushdemo.lab.delay_line import Conditions
from pushdemo.lab.relay import Relay

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
