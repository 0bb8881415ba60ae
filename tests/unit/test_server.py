"""How uvicorn is set up, as far as that shows without a server."""

import errno
import gc
import os
import socket
from typing import Any

import pytest

from pushdemo.collecting import Collector
from pushdemo.line import Ending
from pushdemo.protocols.connection import PushConnection
from pushdemo.protocols.websocket import PushWebSocketProtocol
from pushdemo.server import ListenError, PushServer, configure, listen, serve
from pushdemo.settings import Settings
from tests.unit.samples import feed_of

COLLECTOR = Collector()


async def app(*_: Any) -> None:
    raise AssertionError


def configured(**settings: Any) -> Any:
    return configure(app, Settings(**settings), COLLECTOR)


def test_while_it_serves_the_collector_passes_over_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    put_aside: list[int] = []

    async def serve_nobody(*_: Any, **__: Any) -> None:
        put_aside.append(gc.get_freeze_count())

    monkeypatch.setattr(PushServer, "serve", serve_nobody)
    with listen("127.0.0.1", 0) as listener:
        serve(app, feed_of(), listener)
    assert put_aside > [0]
    assert gc.get_freeze_count() == 0


def test_the_collector_hears_of_each_connection_that_ends() -> None:
    class Ended:
        def connection_lost(self, error: Exception | None) -> None:
            pass

    class Connection(PushConnection, Ended):
        collector = Collector()

        def end(self, ending: Ending) -> None:
            raise AssertionError

    for _ in range(3):
        Connection().connection_lost(None)
    assert Connection.collector._left == 3
    config = configured()
    assert config.http.collector is config.ws.collector is COLLECTOR


def test_a_port_of_0_takes_a_free_one_and_two_servers_get_two() -> None:
    with listen("127.0.0.1", 0) as first, listen("127.0.0.1", 0) as second:
        ports = {first.getsockname()[1], second.getsockname()[1]}
    assert len(ports - {0}) == 2


def test_a_port_that_is_taken_is_refused_with_the_reason() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ListenError) as error:
            listen("127.0.0.1", port)
    assert str(error.value) == f"Cannot listen on 127.0.0.1 port {port}: {os.strerror(errno.EADDRINUSE)}."


def test_a_name_that_nobody_has_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(ListenError, match=r"^Cannot listen on nobody\.invalid port 0: Name or service not known\.$"):
        listen("nobody.invalid", 0)


def test_nobodys_forwarded_headers_count_unless_a_proxy_is_trusted() -> None:
    assert configured().proxy_headers is False
    trusting = configured(trusted_proxy=("192.0.2.1",))
    assert trusting.proxy_headers is True
    assert trusting.forwarded_allow_ips == ["192.0.2.1"]


def test_the_settings_reach_uvicorn() -> None:
    config = configured(
        body_bytes=1_000,
        ws_ping_interval_s=3.5,
        ws_ping_timeout_s=4.5,
        keep_alive_s=7,
        shutdown_s=2,
        deflate=True,
    )
    assert issubclass(config.ws, PushWebSocketProtocol)
    assert config.ws_max_size == 1_000
    assert (config.ws_ping_interval, config.ws_ping_timeout) == (3.5, 4.5)
    assert (config.timeout_keep_alive, config.timeout_graceful_shutdown) == (7, 2)
    assert config.ws_per_message_deflate is True
    assert configured().ws_per_message_deflate is False
