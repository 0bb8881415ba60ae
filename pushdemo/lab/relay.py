"""A relay for TCP that is a worse network: it delays, limits, stalls and cuts what passes, each technique alike.

It stands between the clients and the server, needs no root, knows nothing of what passes and nothing else of this
project. Developer tools throttle a fetch but not the frames of a WebSocket; here both wait the same.

Each direction of a connection is a line (delay_line.py). Bytes leave into it one after another, as fast as the
bandwidth lets them, and come out `delay_ms` and up to `jitter_ms` later, always in order. What a line may hold is
bounded; above that the relay reads no further and TCP holds the sender back. An end (FIN) is passed on behind the
bytes before it; a reset (RST), or a server that cannot be reached, is passed on at once as a reset.

It can be watched (`Watcher`), and a box may stand between it and the server that changes what passes (middlebox.py).

What a relay in user space cannot do:

- It cannot delay the TCP handshake, which the kernel completes by itself. Instead the first bytes of a client wait
  until a round trip (twice the delay) after it connected, as they would have had to.
- It cannot lose a packet or an ACK. Loss shows as a stall, and a peer that vanished still acknowledges, because its
  kernel, or ours, does.
- So it cannot bring back what vanished: its kernel has acknowledged those bytes, nobody will send them again, and the
  streams would go on with a hole in them. The outage that TCP survives, by sending again, is a stall.
- It cannot refuse a connection: it accepts and resets.

Timers of event loops count milliseconds, so bytes never come out early, and some tenths of a millisecond late.
Measured in one run on two cores (Python 3.11, uvloop; 200 bytes sent back and forth): without delay the relay adds
0.02 ms there and back (p50) and takes 5 microseconds of CPU per message, 200 connections at once; with 50 ms an echo
takes 100.8 ms (p50; p99 101.1), and a message 17 microseconds. A watcher or a middlebox takes 2 to 3 more.

Try it, with `pushdemo` on port 8000:

    python -m pushdemo.lab.relay --to 127.0.0.1:8000 --port 8001 --delay-ms 50
    curl -w '%{time_total}' http://127.0.0.1:8001/api/time
"""

import asyncio
import math
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Self

from pushdemo.lab.connection import Address, Clock, Connection, Side, SystemClock, Traffic, Watcher
from pushdemo.lab.delay_line import UNHINDERED, Conditions
from pushdemo.lab.middlebox import BoxMaker

__all__ = ["UNHINDERED", "Clock", "Conditions", "Connection", "Relay", "Side", "Traffic", "Watcher"]

CLOSED_KEPT = 10_000
"""Of so many closed connections, the latest, the counts stay known one by one; the totals are of all."""

BACKLOG = 4_096
"""How many connections may wait to be accepted: a whole class, or benchmark, that connects at once."""

STALL_S = 3_600.0
"""The longest stall."""
REFUSAL_S = 3_600.0
"""The longest time of refusing."""


class Relay:
    """Listens, and passes each connection on to `to` under `conditions`.

    These may be set while it runs: `to` and `box` for connections that come, `conditions` for bytes that come from then
    on.

    Args:
        to: host and port of the server.
        conditions: of the network.
        host: where to listen.
        port: where to listen; 0 takes a free one, to be read from `port` once the relay is started.
        seed: of the jitter, which each connection draws by its number.
        clock: where the time comes from.
        watcher: is told of all that passes.
        box: makes the middlebox of a connection.
        most_connections: which may be open at a time; who comes besides is reset. None for as many as come.
        most_held_bytes: what all lines may hold together, shared out evenly among those that are open, and about what
            is read at a time for each besides; None for what the conditions let each line hold.
        dialed: is called with the relay's own address on each connection that it made to the server, before the server
            can see a byte of it; `Watcher.closed` tells when it is gone.

    Attributes:
        stalled_until, refusing_until: by the relay's clock.
        vanished: whether the network is gone.
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
        watcher: Watcher | None = None,
        box: BoxMaker | None = None,
        most_connections: int | None = None,
        most_held_bytes: int | None = None,
        dialed: Callable[[Address, Connection], None] | None = None,
    ) -> None:
        self.to = to
        self.conditions = conditions
        self.host = host
        self.port = port
        self.seed = seed
        self.clock = clock or SystemClock()
        self.watcher = watcher
        self.box = box
        self.most_connections = most_connections
        self.most_held_bytes = most_held_bytes
        self.dialed = dialed
        self.stalled_until = -math.inf
        self.refusing_until = -math.inf
        self.vanished = False
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
        if self.host == "::" and socket.has_dualstack_ipv6():  # IPv4 too, which event loops rule out
            both = socket.create_server((self.host, self.port), family=socket.AF_INET6, dualstack_ipv6=True)
            self._listener = await loop.create_server(self._accept, sock=both, backlog=BACKLOG)
        else:
            self._listener = await loop.create_server(self._accept, self.host, self.port, backlog=BACKLOG)
        self.port = self._listener.sockets[0].getsockname()[1]

    def leave_off(self) -> None:
        """Listen no more; connections that are open go on."""
        if self._listener is not None:
            self._listener.close()

    async def close(self) -> None:
        """Listen no more, and cut all connections."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        listener.close()
        self.cut()  # before cancelling, which closes in peace what is just being connected
        for task in self._connecting:
            task.cancel()
        await asyncio.gather(*self._connecting, return_exceptions=True)
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
        """Connect a client that was accepted to the server, unless the network does not let it."""
        self.connections[connection.number] = connection
        self._all_gone.clear()
        if self._listener is None:
            connection.reset()
        elif self.most_connections is not None and len(self.connections) > self.most_connections:
            connection.tell(f"refused: {self.most_connections} connections are open already")
            connection.reset()
        elif self.vanished:
            connection.vanish()
        elif self.clock.monotonic() < self.refusing_until:
            connection.tell("refused")
            connection.reset()
        else:
            task = asyncio.get_running_loop().create_task(self._connect(connection))
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    async def _connect(self, connection: Connection) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: connection.server, *self.to)
        except OSError:
            connection.unreachable()
        except asyncio.CancelledError:
            connection.server.connection_lost(None)  # uvloop does not say so of what it was just connecting
            raise

    def forget(self, connection: Connection) -> None:
        """Keep only the counts of a connection that is gone."""
        if self.connections.pop(connection.number, None) is None:
            return
        traffic = connection.traffic
        self._closed_kept.append(traffic)
        self._closed_bytes[0] += traffic.bytes_to_server
        self._closed_bytes[1] += traffic.bytes_to_client
        if self.watcher is not None:
            self.watcher.closed(connection.number, self.clock.monotonic())
        if not self.connections:
            self._all_gone.set()

    def cut(self) -> int:
        """Reset all connections on both sides, and return how many; what is under way is gone."""
        return _reset(self.connections.values())

    def cut_vanished(self) -> int:
        """Reset those that had vanished, and would stay dead, and return how many; all others go on."""
        return _reset(connection for connection in self.connections.values() if connection.vanished)

    def stall(self, seconds: float) -> None:
        """Let nothing pass, on any connection, for so many seconds from now; then all goes on, and nothing is lost.

        Raises:
            ValueError: `seconds` is not from 0 to an hour.
        """
        _check("a stall", seconds, STALL_S)
        now = self.clock.monotonic()
        more = now + seconds - max(now, self.stalled_until)
        if more <= 0:
            return
        self.stalled_until = now + seconds
        for connection in self.connections.values():
            connection.freeze(now, more)

    def vanish(self) -> int:
        """Let the network be gone: nothing passes on any connection, and nobody is told. Return how many are open.

        Both sockets of each are read further, and what comes is thrown away. Where one side closes or resets, the other
        keeps its connection, as beside a peer without power, until `cut` or `close`. Who connects now finds a peer that
        accepts and never answers.
        """
        self.vanished = True
        for connection in self.connections.values():
            connection.vanish()
        return len(self.connections)

    def come_back(self) -> None:
        """Let pass what connects from now on; connections that had vanished stay dead (see above)."""
        self.vanished = False

    def refuse(self, seconds: float) -> None:
        """Reset at once each connection that comes within so many seconds from now; those that are open go on.

        Raises:
            ValueError: `seconds` is not from 0 to an hour.
        """
        _check("refusing", seconds, REFUSAL_S)
        self.refusing_until = max(self.refusing_until, self.clock.monotonic() + seconds)

    @property
    def line_bytes(self) -> int:
        """How much one direction of one connection may hold."""
        by_conditions = self.conditions.line_bytes
        if self.most_held_bytes is None:
            return by_conditions
        return min(by_conditions, self.most_held_bytes // (2 * max(1, len(self.connections))))

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


def _reset(connections: Iterable[Connection]) -> int:
    chosen = list(connections)  # each that is reset is forgotten
    for connection in chosen:
        connection.reset()
    return len(chosen)


def _check(what: str, seconds: float, most: float) -> None:
    if not 0 <= seconds <= most:  # which NaN is not either
        raise ValueError(f"{what} is from 0 to {most:,.0f} seconds; this came: {seconds}")


if __name__ == "__main__":
    from pushdemo.lab.program import main

    sys.exit(main())
