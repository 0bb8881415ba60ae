"""What `python -m benchmarks crowd` does: obey stdin, tell stdout once a second, and end with its server.

It ends when stdin closes. So it cannot outlive the process that started it, however that one ends.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from benchmarks import meters
from benchmarks.crowd.phones import Phones

EVERY_S = 1.0
MOST_CLIENTS = 10_000
READ_BYTES = 65_536
STDIN = 0


class Command(msgspec.Struct, forbid_unknown_fields=True):
    """One line of stdin: any of these."""

    clients: Annotated[int, Meta(ge=0, le=MOST_CLIENTS)] | None = None
    room: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None
    zero: bool = False
    interval_s: Annotated[float, Meta(ge=0.05, le=3600)] | None = None


decode = msgspec.json.Decoder(Command).decode


def obey(phones: Phones, line: bytes) -> None:
    """Do what a line says.

    Raises:
        ValueError: it is no command; nothing is done.
    """
    command = decode(line)
    if command.interval_s is not None:
        phones.poll_every(command.interval_s)
    if command.room is not None:
        phones.go_to(command.room)
    if command.zero:
        phones.zero()
    if command.clients is not None:
        phones.want(command.clients)


async def attend(phones: Phones) -> None:
    """Have the phones, until stdin closes or a signal comes."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    _end_at_signals(loop, over)

    def take(line: bytes | None) -> None:
        if line is None:
            over.set()
            return
        try:
            obey(phones, line)
        except ValueError as error:
            print(f"not a command: {error}", file=sys.stderr, flush=True)

    threading.Thread(target=_read_lines, args=(loop, take), name="stdin", daemon=True).start()
    keeping = asyncio.create_task(phones.keep())
    telling = asyncio.create_task(_tell(phones, over))
    try:
        ends = [asyncio.create_task(over.wait()), keeping, telling]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in (keeping, telling):
            each.cancel()
        await asyncio.gather(keeping, telling, return_exceptions=True)
        phones.stop()


async def _tell(phones: Phones, over: asyncio.Event) -> None:
    """Print a line a second; where nobody takes them any more, it is over."""
    then, busy_s = time.perf_counter(), meters.own_cpu_s()
    while True:
        await asyncio.sleep(EVERY_S)
        now, now_busy_s = time.perf_counter(), meters.own_cpu_s()
        told: dict[str, Any] = phones.told() | {"cpu": round((now_busy_s - busy_s) / (now - then), 3)}
        then, busy_s = now, now_busy_s
        try:
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            over.set()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains as it ends
            return


def _read_lines(loop: asyncio.AbstractEventLoop, take: Callable[[bytes | None], None]) -> None:
    """Have each line of stdin taken, and None at its end; by the file's number, so that no lock is held."""
    rest = b""
    with suppress(RuntimeError):  # the loop is closed: nobody is there to hear it
        while True:
            try:
                data = os.read(STDIN, READ_BYTES)
            except OSError:
                data = b""
            if not data:
                loop.call_soon_threadsafe(take, None)
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if line.strip():
                    loop.call_soon_threadsafe(take, line)


def _end_at_signals(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, over.set)
    except (NotImplementedError, AttributeError):  # Windows
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(over.set))
