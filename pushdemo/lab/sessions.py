"""Lab sessions: each is a TCP port that leads through a relay of its own to the application.

A browser shares its connections to a host and port among all its tabs, so a port is what tells one page's traffic from
another's: all that crosses a session's port is the session's. The page is opened there, and is of the port's own
origin; what it commands goes to the server's main port, for a network that has vanished cannot carry its own repair.

A session lives as long as somebody watches it, and `lab_grace_s` longer: a page that is loaded again finds it still
there. Who knows its id may command it; ids cannot be guessed.
"""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from pushdemo.clock import Clock, Timer
from pushdemo.lab.capture import Capture, Record
from pushdemo.lab.faults import Fault
from pushdemo.lab.middleboxes import boxes
from pushdemo.lab.network import Network
from pushdemo.lab.peers import Address, Peers, Standing
from pushdemo.lab.relay import Connection, Relay
from pushdemo.lab.view import View
from pushdemo.problems import Problem
from pushdemo.settings import Settings, parse_ports

LOOK_EVERY_S = 0.1
"""How often what has crossed is taken apart and told: ten times a second looks like at once."""
LOOK_FOR_S = 0.01
"""How long at a time, for everybody else in the process waits meanwhile;"""
LOOK_AGAIN_S = 0.04
"""and how much later what is left has its turn, times the sessions that wait for theirs."""
MOST_SESSIONS = 63
"""Where the ports are not a range but any that is free."""
MOST_WATCHERS = 8
MOST_CONNECTIONS = 300
"""On a session's port at a time: a browser opens 6 for HTTP and up to 255 WebSockets to one host."""
MOST_HELD_BYTES = 16 << 20
"""Under way on them, whatever delay or stall holds it: a page's own connections need some KiB."""
TAKEN_S = 60.0
"""A port that another program has is tried again after so long."""


class Session:
    """One port, and what is known of its traffic.

    Args:
        lab: of which it is one.
        to: where the application listens.
        port: to listen on; 0 takes a free one.
        most_connections: on the port at a time.
    """

    def __init__(self, lab: "Lab", to: Address, port: int, most_connections: int = MOST_CONNECTIONS) -> None:
        self.id = secrets.token_urlsafe(16)
        self.network = Network()
        self.is_open = True
        self._lab = lab
        self._clock = lab.clock
        self.capture = Capture(
            (self._clock.monotonic(), self._clock.wall_ms()),
            most_bytes=lab.settings.lab_capture_kib * 1_024,
            stirred=self._stirred,
        )
        self.view = View(self.capture.wall_ms)
        self.relay = Relay(
            to,
            host=lab.settings.host,
            port=port,
            clock=self._clock,
            watcher=self.capture,
            most_connections=most_connections,
            most_held_bytes=MOST_HELD_BYTES,
            dialed=self._dialed,
        )
        self._standing: dict[int, tuple[Address, Standing]] = {}
        self._seen = 0  # records of the capture
        self._looking: Iterator[None] | None = None
        self._watchers: set[asyncio.Event] = set()
        self._kept = False
        self._look: Timer | None = None
        self._grace: Timer | None = None

    async def start(self) -> None:
        """Listen, and wait for somebody to watch.

        Raises:
            OSError: the port is another's.
        """
        await self.relay.start()
        self._await_watcher()

    @property
    def port(self) -> int:
        """The TCP port that it listens on."""
        return self.relay.port

    async def close(self) -> None:
        """Listen no more, cut all connections, and let those who watch go."""
        if not self.is_open:
            return
        self.is_open = False
        self._lab.behind.discard(self)
        for timer in (self._look, self._grace):
            if timer is not None:
                timer.cancel()
        self.tell_all()
        await self.relay.close()

    # --- the network ---

    def set_network(self, network: Network) -> None:
        """Have bytes that come from now on pass as `network` lets them; its middleboxes, for new connections."""
        if network.proxies != self.network.proxies:  # else a cache would lose what it has stored
            self.relay.box = boxes(network)
        self.network = network
        self.relay.conditions = network.conditions
        self.relay.seed = network.seed
        self.tell_all()

    def break_by(self, fault: Fault) -> str:
        """Do one thing to the network at once, and return what was done, in words."""
        done = fault.strike(self.relay)
        self.view.remark(done, self._clock.monotonic())
        self.tell_all()
        return done

    def _dialed(self, own: Address, connection: Connection) -> None:
        standing = Standing(connection.client_address, connection.relay_address, self.id)
        self._standing[connection.number] = (own, standing)
        self._lab.peers.note(own, standing)

    # --- what has crossed ---

    def _stirred(self, record: Record) -> None:
        if record.what == "closed" and record.number in self._standing:
            self._lab.peers.forget(*self._standing.pop(record.number))
        if self._look is None and self.is_open:
            self._look = self._clock.call_later(LOOK_EVERY_S, self._look_and_tell)

    def _look_and_tell(self) -> None:
        self._look = None
        if self._look_at_most(LOOK_FOR_S):
            self._lab.behind.discard(self)
        else:
            self._lab.behind.add(self)
            self._look = self._clock.call_later(LOOK_AGAIN_S * len(self._lab.behind), self._look_and_tell)
        self.tell_all()

    def _look_at_most(self, seconds: float) -> bool:
        """Take apart what has crossed since the last look; return whether that was all of it."""
        until = self._clock.monotonic() + seconds
        while self._looking is not None or self._seen < self.capture.seen:
            if self._looking is None:
                self._looking = self.view.take(self.capture, self._seen)
                self._seen = self.capture.seen
            for _ in self._looking:
                if self._clock.monotonic() >= until:
                    return False
            self._looking = None
        return True

    # --- who watches ---

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """Keep the session for somebody who watches; the event is set whenever there is something to tell.

        Raises:
            Problem: 503, too many do.
        """
        if len(self._watchers) >= MOST_WATCHERS:
            raise Problem(503, f"{MOST_WATCHERS} pages watch this lab session already.")
        news = asyncio.Event()
        self._watchers.add(news)
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        try:
            yield news
        finally:
            self._watchers.discard(news)
            if not self._watchers and self.is_open:
                self._await_watcher()

    def keep(self) -> None:
        """Keep the session, watched or not, until it is ended."""
        self._kept = True
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _await_watcher(self) -> None:
        if self._kept:
            return
        self._grace = self._clock.call_later(self._lab.settings.lab_grace_s, lambda: self._lab.end_soon(self))

    def tell_all(self) -> None:
        """Have all who watch look for what there is to tell."""
        for news in self._watchers:
            news.set()


class Lab:
    """All lab sessions of a server.

    Args:
        settings: `lab_ports`, `lab_grace_s`, `lab_capture_kib`, and the host to listen on.
        clock: of the relays and of the sessions' ends.
        peers: is told for whom the relays' connections are made.
    """

    def __init__(self, settings: Settings, clock: Clock, peers: Peers | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.peers = peers or Peers(clock)
        self.is_open = True
        self._sessions: dict[str, Session] = {}
        self._starting: set[Session] = set()
        self.behind: set[Session] = set()  # those that have not taken apart all that crossed
        self._ports = list(parse_ports(settings.lab_ports))
        self._next = 0
        self._taken_until: dict[int, float] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def open(self, to: Address, most_connections: int = MOST_CONNECTIONS) -> tuple[Session, list[int]]:
        """Open a session on the next port that is free; return it, and the ports that other programs have.

        Args:
            to: where the application listens.
            most_connections: on the session's port at a time.

        Raises:
            Problem: 503, there is none, or the server is stopping.
        """
        passed_over: list[int] = []
        for port in self._free_ports():
            session = Session(self, to, port, most_connections)
            self._starting.add(session)
            try:
                await session.start()
            except OSError:
                passed_over.append(port)
                self._taken_until[port] = self.clock.monotonic() + TAKEN_S
                continue
            finally:
                self._starting.discard(session)
            if not self.is_open:
                await session.close()
                break
            self._sessions[session.id] = session
            return session, passed_over
        raise Problem(503, self._why_none(), retry_after_s=30)

    def _free_ports(self) -> Iterator[int]:
        """Yield the ports to try, beginning after the one that was taken last: a closed page's port rests longest."""
        if not self.is_open:
            return
        if self._ports == [0]:
            yield from [0] if len(self._sessions) + len(self._starting) < MOST_SESSIONS else []
            return
        now = self.clock.monotonic()
        for _ in self._ports:
            port = self._ports[self._next % len(self._ports)]
            self._next += 1
            used = {session.port for session in (*self._sessions.values(), *self._starting)}  # others begin meanwhile
            if port not in used and self._taken_until.get(port, now) <= now:
                yield port

    def _why_none(self) -> str:
        if not self.is_open:
            return "The server is stopping."
        if not self._ports:
            return "This server has no lab ports (--lab-ports)."
        return f"No lab port is free (--lab-ports {self.settings.lab_ports}): {len(self._sessions)} sessions have one."

    def find(self, session_id: str) -> Session:
        """Return a session.

        Raises:
            Problem: 404, there is none of that id.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise Problem(404, "There is no such lab session; it ends when its page has been gone for some time.")
        return session

    def owns(self, session_id: str, port: int) -> bool:
        """Return whether the page at that port may command that session: its own, or one that is no longer there."""
        session = self._sessions.get(session_id)
        return session is None or session.port == port

    async def end(self, session: Session) -> None:
        """End a session; its port is free again."""
        self._sessions.pop(session.id, None)
        await session.close()

    def end_soon(self, session: Session) -> None:
        """End a session, from where nothing can be waited for."""
        task = asyncio.get_running_loop().create_task(self.end(session))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def stop(self) -> None:
        """Open no more sessions and connections, and let those go who watch.

        What is on its way to the pages may still arrive. Where nobody will call `close`, because another application
        has mounted this one, no port stays open.
        """
        self.is_open = False
        for session in self._sessions.values():
            session.relay.leave_off()
            session.tell_all()

    async def close(self) -> None:
        """End all sessions."""
        self.stop()
        for session in list(self._sessions.values()):
            await self.end(session)
        await asyncio.gather(*self._ending)
