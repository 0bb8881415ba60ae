"""uvicorn, set up for push: what its defaults are not made for is set here, or changed in a subclass.

Relied upon in uvicorn 0.54 and covered by tests: `Server.shutdown` and `Server.capture_signals` may be overridden.
(protocols/ has its protocol classes.)
"""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from sse_starlette.sse import AppStatus
from starlette.types import ASGIApp
from uvicorn.server import HANDLED_SIGNALS

from pushdemo.collecting import Collector
from pushdemo.feed import Feed
from pushdemo.protocols.http import PushHttpProtocol
from pushdemo.protocols.websocket import PushWebSocketProtocol
from pushdemo.settings import Settings


class ListenError(Exception):
    """The address cannot be listened on; one sentence says why."""


class PushServer(uvicorn.Server):
    """uvicorn's server, which lets the readers go before it waits for them to leave."""

    def __init__(self, config: uvicorn.Config, feed: Feed, started: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._feed = feed
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._feed.stop()
        await asyncio.sleep(0)  # streams and held polls end by themselves, with a last chunk or an answer
        timer = asyncio.get_running_loop().call_later(self._feed.settings.shutdown_s / 2, self._abort_the_rest)
        await super().shutdown(sockets)
        timer.cancel()

    def _abort_the_rest(self) -> None:
        """End the connections that are left: their clients take nothing, or say nothing further."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal as uvicorn does, but do not raise it again at the end: the log is closed after that."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def listen(host: str, port: int, send_buffer_kib: int = 64) -> socket.socket:
    """Return a socket bound to `host` and `port`; port 0 takes a free one.

    Args:
        host: address or name.
        port: of TCP.
        send_buffer_kib: of each connection; without a limit Linux lets it grow to megabytes.

    Raises:
        ListenError: the port is taken, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if host == "::":  # IPv4 too, also where the system would not do so by itself
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if hasattr(socket, "SO_REUSEPORT"):  # not Windows, where SO_REUSEADDR would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ListenError(f"Cannot listen on {host} port {port}: {error.strerror or error}.") from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_kib * 1024)  # connections inherit it
    listener.set_inheritable(True)
    return listener


def configure(app: ASGIApp, settings: Settings, collector: Collector) -> uvicorn.Config:
    """Return uvicorn's configuration for `app`; `collector` is told of connections that end."""
    of_protocols = {
        "collector": collector,
        "slow_reader_s": settings.slow_reader_s,
        "by_tasks": settings.by_tasks,
        "poll_messages": settings.poll_messages,
    }
    return uvicorn.Config(
        app,
        http=type("Http", (PushHttpProtocol,), of_protocols),
        ws=type("WebSocket", (PushWebSocketProtocol,), of_protocols),
        ws_max_size=settings.body_bytes,
        ws_ping_interval=settings.ws_ping_interval_s,
        ws_ping_timeout=settings.ws_ping_timeout_s,
        ws_per_message_deflate=settings.deflate,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=settings.shutdown_s,
        backlog=4_096,
        access_log=False,
        log_level="error",  # its warnings are of what clients sent, and anyone could fill the log with them
        server_header=False,
        proxy_headers=bool(settings.trusted_proxy),  # uvicorn's default trusts whoever speaks from 127.0.0.1
        forwarded_allow_ips=list(settings.trusted_proxy),
    )


def serve(
    app: ASGIApp,
    feed: Feed,
    listener: socket.socket,
    started: Callable[[], None] = lambda: None,
    opening: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve `app` on `listener` until SIGINT or SIGTERM.

    Args:
        app: the application.
        feed: is open meanwhile.
        listener: is bound.
        started: is called when it serves.
        opening: is awaited before; what it raises is raised here, and is no failed startup of the application.

    Raises:
        LogError: the feed's log cannot be opened.
    """
    AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]  # we end the streams ourselves, at once and with a last chunk
    collector = Collector()
    server = PushServer(configure(app, feed.settings, collector), feed, started)

    async def run() -> None:
        async with feed:
            if opening is not None:
                await opening()
            await server.serve(sockets=[listener])

    with collector.at_work(), asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(run())
