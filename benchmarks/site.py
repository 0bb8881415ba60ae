"""What is measured: a pushdemo of our own, fresh for each technique, or one elsewhere; perhaps behind a relay."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks import meters
from benchmarks.load.connection import Address, Connection, dial
from benchmarks.load.tally import Tally
from benchmarks.plan import Plan

SERVER_READY = "Ctrl-C stops it"
SERVER_AT = "pushdemo is at http://"
RELAY_AT = "relay is at "
START_WITHIN_S = 20.0
STOP_WITHIN_S = 10.0
COMPLAINTS_KEPT = 20
REACH_WITHIN_S = 10.0
USUAL_MAX_CONNECTIONS = 20_000


class SiteError(Exception):
    """There is nothing to measure; one sentence says why."""


class Process:
    """A program of ours that runs beside us and says on which address it listens."""

    def __init__(self, child: asyncio.subprocess.Process, address: Address) -> None:
        self._child = child
        self.address = address
        self.id = child.pid
        self._complaints: deque[str] = deque(maxlen=COMPLAINTS_KEPT)
        assert child.stdout is not None
        assert child.stderr is not None
        self._reading = [
            asyncio.create_task(self._read_on(child.stdout, deque(maxlen=0))),
            asyncio.create_task(self._read_on(child.stderr, self._complaints)),
        ]

    @classmethod
    async def start(cls, *arguments: str, at: str, ready: str) -> "Process":
        """Run `python -m` with `arguments`, and wait until it has printed its address and that it is ready.

        Raises:
            SiteError: it did not start.
        """
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUSHDEMO_")}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=inherited,
            start_new_session=True,  # Ctrl-C is ours to hear: we stop it when all is measured
        )
        assert child.stdout is not None
        assert child.stderr is not None
        found: Address | None = None
        try:
            async with asyncio.timeout(START_WITHIN_S):
                async for line in child.stdout:
                    text = line.decode().strip()
                    if text.startswith(at):
                        found = parse_address(text.removeprefix(at))
                    if text.startswith(ready) and found is not None:
                        return cls(child, found)
                complaint = (await child.stderr.read()).decode().strip()
        except TimeoutError:
            complaint = f"it was not ready within {START_WITHIN_S:g} s"
        except BaseException:  # Ctrl-C among them: nobody else knows of it yet
            _kill(child)
            raise
        _kill(child)
        await child.wait()
        raise SiteError(f"{arguments[0]} did not start: {complaint}")

    async def _read_on(self, stream: asyncio.StreamReader, kept: deque[str]) -> None:
        """Take what it prints further, so that it never waits for us."""
        while line := await stream.readline():
            kept.append(line.decode(errors="replace").strip())

    @property
    def end(self) -> str | None:
        """How it ended, or None while it runs."""
        code = self._child.returncode
        if code is None:
            return None
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return f"{how}; it said: {self._complaints[-1]}" if self._complaints else how

    async def command(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self._child.stdin is not None
        self._child.stdin.write(f"{line}\n".encode())
        await self._child.stdin.drain()

    def kill(self) -> None:
        """Kill it at once."""
        self._child.kill()

    async def stop(self) -> None:
        """Stop it, and wait until it is gone."""
        if self._child.returncode is None:
            self._child.send_signal(signal.SIGINT)
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await self._child.wait()
        except TimeoutError:
            pass
        finally:
            _kill(self._child)
        await self._child.wait()
        await asyncio.gather(*self._reading, return_exceptions=True)


def _kill(child: asyncio.subprocess.Process) -> None:
    """Kill it, if it still runs."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()


class Usage(NamedTuple):
    """What the server, the relay and the whole machine had used at a moment, in CPU seconds; None: not known."""

    at_s: float
    server_s: float | None
    relay_s: float | None
    machine_s: float


@dataclass
class Site:
    """A pushdemo and the ways to it: `direct` for who publishes, `reading` for who reads, perhaps by the relay."""

    direct: Address
    reading: Address
    server: Process | None = None
    relay: Process | None = None

    @property
    def ended(self) -> str | None:
        """Say which of our processes ended, and how; None while they run."""
        for name, process in (("server", self.server), ("relay", self.relay)):
            if process is not None and process.end is not None:
                return f"The {name} ended during the run, {process.end}."
        return None

    def usage(self) -> Usage:
        """Return what has been used until now."""
        return Usage(
            time.monotonic(),
            meters.cpu_s(self.server.id) if self.server else None,
            meters.cpu_s(self.relay.id) if self.relay else None,
            meters.machine_busy_s(),
        )

    def memory_kib(self) -> float | None:
        """Return the server's memory."""
        return meters.memory_kib(self.server.id) if self.server else None


def parse_address(netloc: str) -> Address:
    """Return the address that `host:port` names.

    Raises:
        SiteError: it names none.
    """
    try:
        parts = urlsplit(f"//{netloc.rstrip('/')}")
        if parts.hostname is None:
            raise ValueError("no host")
        return Address(parts.hostname, parts.port or 80, parts.netloc.encode())
    except ValueError as error:
        raise SiteError(f"not an address: {netloc!r} ({error})") from None


def parse_url(url: str) -> Address:
    """Return the address of a pushdemo elsewhere.

    Raises:
        SiteError: it is not `http://host:port`.
    """
    scheme, separator, rest = url.partition("://")
    if scheme != "http" or not separator or "/" in rest.rstrip("/"):
        raise SiteError(f"--url is http://HOST:PORT, without a path; this came: {url}")
    return parse_address(rest)


async def reach(address: Address) -> Address:
    """Return the address, if somebody listens there.

    Raises:
        SiteError: nobody does.
    """
    try:
        async with asyncio.timeout(REACH_WITHIN_S):
            await dial(address, connection := Connection(Tally(), lambda data: None, lambda: None))
    except TimeoutError:
        raise SiteError(f"nobody answers at {address.name.decode()} within {REACH_WITHIN_S:g} s") from None
    except OSError as error:
        raise SiteError(f"nobody answers at {address.name.decode()}: {error}") from None
    connection.close()
    return address


@contextlib.asynccontextmanager
async def open_site(plan: Plan) -> AsyncIterator[Site]:
    """Give a site for one technique's run, and take it down afterwards.

    Raises:
        SiteError: the server or the relay does not start.
    """
    async with contextlib.AsyncExitStack() as stack:
        server = None
        if plan.url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pushdemo-benchmark-"))
            server = await Process.start(*_server_arguments(plan, folder), at=SERVER_AT, ready=SERVER_READY)
            stack.push_async_callback(server.stop)
        direct = server.address if server else await reach(parse_url(plan.url or ""))
        site = Site(direct, direct, server)
        if plan.delay_ms or plan.bandwidth_kbit is not None:
            site.relay = await Process.start(*_relay_arguments(plan, direct), at=RELAY_AT, ready=RELAY_AT)
            stack.push_async_callback(site.relay.stop)
            # Host names the server, which would refuse another port's name
            site.reading = site.relay.address._replace(name=direct.name)
        yield site


def _server_arguments(plan: Plan, folder: str) -> list[str]:
    log = "memory" if plan.log == "memory" else f"sqlite:{folder}/feed.sqlite"
    most = max(USUAL_MAX_CONNECTIONS, 2 * plan.clients)
    arguments = ["pushdemo", "--port", "0", "--log", log, "--publish-rate", "0", "--max-connections", str(most)]
    return [*arguments, "--deflate"] if plan.deflate else arguments


def _relay_arguments(plan: Plan, to: Address) -> list[str]:
    host = f"[{to.host}]" if ":" in to.host else to.host
    arguments = ["pushdemo.lab.relay", "--to", f"{host}:{to.port}", "--port", "0", "--seed", str(plan.seed)]
    arguments += ["--delay-ms", str(plan.delay_ms), "--commands"]
    if plan.bandwidth_kbit is not None:
        arguments += ["--bandwidth-kbit", str(plan.bandwidth_kbit)]
    return arguments
