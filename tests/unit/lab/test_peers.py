"""For whom a connection from within was made, and that no header can say otherwise."""

from typing import Any

from starlette.types import Receive, Scope, Send

from pushdemo.exchange import TRANSPORT_EXTENSION
from pushdemo.lab.peers import REMEMBERED_S, Peers, Standing
from pushdemo.real_peer import RealPeer, own_address, standing_of
from tests.support.fake_clock import FakeClock
from tests.unit.asgi import http_scope

RELAY = ("127.0.0.1", 50_000)
STUDENT = Standing(("192.0.2.9", 40_000), ("192.0.2.1", 8001), "session")


class Transport:
    """A transport that knows its two addresses."""

    def __init__(self, peer: tuple[str, int], own: tuple[str, int] = ("127.0.0.1", 8000)) -> None:
        self._known = {"peername": peer, "sockname": own}

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return self._known[name]


def test_a_connection_that_is_gone_takes_only_its_own_note_along() -> None:
    clock = FakeClock()
    peers = Peers(clock)
    another = STUDENT._replace(session="another")
    peers.note(RELAY, STUDENT)
    peers.forget(RELAY, STUDENT)
    peers.note(RELAY, another)  # the system gave the port again before the first was forgotten
    clock.advance(REMEMBERED_S)
    assert peers.behind(RELAY) == another
    peers.forget(RELAY, another)
    clock.advance(REMEMBERED_S)
    assert (peers.behind(RELAY), len(peers)) == (None, 0)


def test_what_was_sent_just_before_the_connection_went_is_its_peers_still() -> None:
    clock = FakeClock()
    peers = Peers(clock)
    peers.note(RELAY, STUDENT)
    peers.forget(RELAY, STUDENT)
    clock.advance(REMEMBERED_S - 0.1)
    assert peers.behind(RELAY) == STUDENT


async def seen_by_the_application(peers: Peers, **more: Any) -> Scope:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    await RealPeer(app, peers)(http_scope("GET", "/") | more, None, None)  # type: ignore[arg-type]
    return seen[0]


async def test_the_application_sees_the_peer_that_the_relay_stands_for() -> None:
    peers = Peers(FakeClock())
    peers.note(RELAY, STUDENT)
    scope = await seen_by_the_application(peers, client=RELAY, server=("127.0.0.1", 8000))
    assert (scope["client"], scope["server"], standing_of(scope)) == (STUDENT.client, STUDENT.reached, STUDENT)
    assert own_address(scope) == ("127.0.0.1", 8000)


async def test_the_transports_own_address_counts_and_not_what_a_proxys_header_made_of_it() -> None:
    peers = Peers(FakeClock())
    peers.note(RELAY, STUDENT)
    extensions = {TRANSPORT_EXTENSION: {"transport": Transport(RELAY)}}
    scope = await seen_by_the_application(peers, client=("203.0.113.5", 0), extensions=extensions)
    assert scope["client"] == STUDENT.client
    assert own_address(scope) == ("127.0.0.1", 8000)


async def test_who_stands_for_itself_is_left_as_it_is() -> None:
    peers = Peers(FakeClock())
    peers.note(RELAY, STUDENT)
    scope = await seen_by_the_application(peers, client=("127.0.0.1", 50_001))
    assert (scope["client"], standing_of(scope)) == (("127.0.0.1", 50_001), None)


async def test_a_server_without_an_address_has_none() -> None:
    assert own_address(http_scope("GET", "/") | {"server": None}) is None
    assert own_address(http_scope("GET", "/") | {"server": ("/run/app.sock", None)}) is None
