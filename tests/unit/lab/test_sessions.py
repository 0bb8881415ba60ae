"""Lab sessions on a clock that the test winds: their ports, who watches, and what they end with."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pushdemo.lab import sessions
from pushdemo.lab.faults import Fault
from pushdemo.lab.network import Network
from pushdemo.lab.sessions import MOST_SESSIONS, MOST_WATCHERS, Lab, Session
from pushdemo.problems import Problem
from pushdemo.settings import Settings
from tests.support.fake_clock import FakeClock
from tests.support.until import until

NOBODY = ("127.0.0.1", 9)
GRACE_S = 30.0


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def lab(clock: FakeClock) -> AsyncIterator[Lab]:
    """A lab that takes any ports; no server is behind it."""
    lab = Lab(Settings(lab_ports="0", lab_grace_s=GRACE_S), clock)
    yield lab
    await lab.close()


@pytest.fixture
async def session(lab: Lab) -> Session:
    session, _ = await lab.open(NOBODY)
    return session


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.transport.abort()
    return True


def is_there(lab: Lab, session: Session) -> bool:
    try:
        return lab.find(session.id) is session
    except Problem as problem:
        assert problem.status == 404
        return False


async def test_a_session_that_nobody_comes_to_watch_ends(lab: Lab, session: Session, clock: FakeClock) -> None:
    clock.advance(GRACE_S - 0.1)
    assert is_there(lab, session)
    assert await listens(session.port)
    clock.advance(0.1)
    await until(lambda: not is_there(lab, session), "it is gone")
    await lab.close()
    assert not await listens(session.port)


async def test_a_page_that_is_loaded_again_finds_its_session(lab: Lab, session: Session, clock: FakeClock) -> None:
    with session.watched():
        clock.advance(GRACE_S * 10)
        assert is_there(lab, session)
    clock.advance(GRACE_S - 0.1)
    with session.watched():
        clock.advance(GRACE_S * 10)
        assert is_there(lab, session)
    clock.advance(GRACE_S)
    await until(lambda: not is_there(lab, session), "it is gone")


async def test_two_may_watch_and_the_last_to_go_counts(lab: Lab, session: Session, clock: FakeClock) -> None:
    with session.watched():
        with session.watched():
            pass
        clock.advance(GRACE_S * 2)
        assert is_there(lab, session)


async def test_not_more_than_so_many_may_watch(session: Session) -> None:
    async def watch_all(left: int) -> None:
        with session.watched():
            if left:
                await watch_all(left - 1)

    await watch_all(MOST_WATCHERS - 1)
    with pytest.raises(Problem, match="8 pages watch this lab session already"):
        await watch_all(MOST_WATCHERS)


async def test_the_end_wakes_who_watches(lab: Lab, session: Session) -> None:
    with session.watched() as news:
        await lab.end(session)
        assert news.is_set()
        assert not session.is_open


async def test_a_closed_pages_port_rests_the_longest(clock: FakeClock) -> None:
    ports = [0, 0, 0]
    lab = Lab(Settings(lab_ports="none"), clock)
    lab._ports = [await port_that_is_free() for _ in ports]
    first, _ = await lab.open(NOBODY)
    await lab.end(first)
    second, _ = await lab.open(NOBODY)
    third, _ = await lab.open(NOBODY)
    fourth, _ = await lab.open(NOBODY)
    assert [second.port, third.port, fourth.port] == [*lab._ports[1:], lab._ports[0]]
    with pytest.raises(Problem, match=r"^No lab port is free .*: 3 sessions have one\.$"):
        await lab.open(NOBODY)
    await lab.close()


async def test_sessions_that_are_opened_at_once_do_not_take_the_same_port(clock: FakeClock) -> None:
    lab = Lab(Settings(lab_ports="none"), clock)
    lab._ports = [await port_that_is_free(), await port_that_is_free()]
    opened = await asyncio.gather(*(lab.open(NOBODY) for _ in range(3)), return_exceptions=True)
    opened_ones = [each[0] for each in opened if not isinstance(each, BaseException)]
    assert sorted(session.port for session in opened_ones) == sorted(lab._ports)
    for session in opened_ones:
        await lab.end(session)
    assert (await lab.open(NOBODY))[1] == []  # none is taken for another program's
    await lab.close()


async def test_there_are_not_more_sessions_than_so_many_at_once(lab: Lab) -> None:
    opened = await asyncio.gather(*(lab.open(NOBODY) for _ in range(MOST_SESSIONS + 2)), return_exceptions=True)
    problems = [each for each in opened if isinstance(each, BaseException)]
    assert len(problems) == 2
    assert all(isinstance(problem, Problem) and problem.status == 503 for problem in problems)


async def port_that_is_free() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_a_server_that_stops_opens_no_more(lab: Lab) -> None:
    lab.stop()
    with pytest.raises(Problem, match=r"^The server is stopping\.$"):
        await lab.open(NOBODY)


async def test_a_server_that_stops_listens_no_more_and_lets_arrive_what_is_on_its_way(lab: Lab) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.write(b"first"), "127.0.0.1", 0)
    async with server:
        session, _ = await lab.open(server.sockets[0].getsockname())
        reader, writer = await asyncio.open_connection("127.0.0.1", session.port)
        assert await reader.readexactly(5) == b"first"
        lab.stop()
        await asyncio.sleep(0)
        assert not await listens(session.port)
        writer.write(b"x")
        await until(lambda: session.capture.bytes_up == 1, "what is open goes on")
        await lab.close()
        assert not session.relay.connections
        writer.transport.abort()


async def test_ids_are_not_to_be_guessed(lab: Lab) -> None:
    ids = [(await lab.open(NOBODY))[0].id for _ in range(5)]
    assert len(set(ids)) == 5
    assert min(map(len, ids)) >= 22  # 16 bytes


# --- the network ---


async def test_a_change_of_the_network_leaves_the_rest_as_it_was(session: Session) -> None:
    session.set_network(Network().changed(b'{"delay_ms": 100, "seed": 7}').changed(b'{"bandwidth_kbit": 64}'))
    assert session.network == Network(delay_ms=100, seed=7, bandwidth_kbit=64)
    assert (session.relay.conditions.delay_ms, session.relay.conditions.bandwidth_kbit) == (100, 64)
    assert session.relay.seed == 7
    session.set_network(session.network.changed(b'{"bandwidth_kbit": null}'))
    assert session.relay.conditions.bandwidth_kbit is None


FAULTS = [
    ({"fault": "cut"}, "Cut: 0 connections broken off by RST."),
    ({"fault": "vanish"}, "Vanished: nothing passes any more on 0 connections, and nobody is told."),
    ({"fault": "come_back"}, "Back: new connections pass; those that vanished stay dead."),
    ({"fault": "stall", "seconds": 2.5}, "Stalled: nothing passes for 2.5 s, then all goes on."),
    ({"fault": "refuse", "seconds": 3}, "Refusing: new connections are reset for 3 s."),
]


@pytest.mark.parametrize(("given", "words"), FAULTS)
async def test_a_fault_is_done_told_and_remarked(session: Session, given: dict[str, Any], words: str) -> None:
    with session.watched() as news:
        assert session.break_by(Fault(**given)) == words
        assert news.is_set()
    [remark] = session.view.remarks
    assert (remark.connection, remark.text) == (None, words)


async def test_the_relay_is_as_the_fault_says(session: Session, clock: FakeClock) -> None:
    relay = session.relay
    for given, _ in FAULTS:
        session.break_by(Fault(**given))
    now = clock.monotonic()
    assert (relay.vanished, relay.stalled_until - now, relay.refusing_until - now) == (False, 2.5, 3)
    session.break_by(Fault("vanish"))
    assert relay.vanished


async def test_a_cache_keeps_its_store_while_only_the_line_changes(session: Session) -> None:
    session.set_network(Network(cache_s=10))
    box = session.relay.box
    session.set_network(Network(cache_s=10, delay_ms=5))
    assert session.relay.box is box is not None
    session.set_network(Network(delay_ms=5))
    assert session.relay.box is None


async def test_who_sends_much_at_once_is_looked_at_a_little_at_a_time(
    session: Session, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LOOK_FOR_S", 0)
    session.capture.opened(1, NOBODY, NOBODY, 0)
    for _ in range(5):
        session.capture.passed(1, True, b"GET / HTTP/1.1\r\n\r\n", 0, 0)
    clock.advance(sessions.LOOK_EVERY_S)
    assert session.view.units_so_far < 5
    told = []
    with session.watched() as news:
        while session.view.units_so_far < 5:
            news.clear()
            clock.advance(sessions.LOOK_AGAIN_S)
            told.append(news.is_set())
    assert all(told)
    assert len(told) > 3
    session.capture.passed(1, True, b"GET / HTTP/1.1\r\n\r\n", 0, 0)
    clock.advance(1)
    assert session.view.units_so_far == 6


async def test_a_page_may_ask_for_its_own_session_and_for_one_that_has_ended(lab: Lab, session: Session) -> None:
    other, _ = await lab.open(NOBODY)
    assert lab.owns(session.id, session.port)
    assert not lab.owns(session.id, other.port)
    await lab.end(session)
    assert lab.owns(session.id, other.port)
    with pytest.raises(Problem, match="There is no such lab session"):
        lab.find(session.id)
