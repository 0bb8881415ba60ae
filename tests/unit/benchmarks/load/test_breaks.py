"""What a client notes of a connection that breaks, and with which cursor it comes back."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from benchmarks.load.client import FIRST_BACKOFF_S, Notes
from benchmarks.load.clients import CLIENTS
from benchmarks.load.connection import Connection
from benchmarks.load.polling import LongPoll, ShortPoll
from benchmarks.load.tally import Tally
from benchmarks.plan import TECHNIQUES
from tests.support.until import until
from tests.unit.benchmarks.load.fake_transport import (
    TARGET,
    Dialled,
    arrivals,
    check_sums,
    client,
    come_back,
    dialled_by_loop,
)
from tests.unit.benchmarks.load.server_bytes import JOINED, OPENING_BLOCKS, PAYLOAD, SSE_HEAD, chunk, frame, polled


def long_polling() -> tuple[LongPoll, Dialled]:
    """Return a client that has its place in the feed and waits for a message."""
    reader, dialled = client("long-poll")
    assert isinstance(reader, LongPoll)
    dialled.receive(polled(cursor=b"k3f9-0"))
    return reader, dialled


def short_polling() -> tuple[ShortPoll, Dialled]:
    """Return a client that has its place in the feed and lets time pass."""
    reader, dialled = client("short-poll")
    assert isinstance(reader, ShortPoll)
    dialled.receive(polled(cursor=b"k3f9-0"))
    return reader, dialled


def breaks(reader: LongPoll | ShortPoll) -> list[int]:
    """Return whose connections broke; each came back later than it was lost."""
    assert all(lost_ns <= back_ns for _, lost_ns, back_ns in reader.notes.breaks)
    return [number for number, _, _ in reader.notes.breaks]


async def test_a_long_poll_that_is_cut_while_it_is_held_is_a_break_and_is_sent_again_at_once_with_its_cursor() -> None:
    reader, dialled = long_polling()
    dialled.newest.cut()
    assert breaks(reader) == []  # it is not back yet
    assert (reader.is_ready, reader.cursor) == (False, "k3f9-0")
    assert b"after=k3f9-0 " in dialled.transports[1].written
    dialled.receive(polled(PAYLOAD))
    assert (reader.is_ready, reader.cursor) == (True, "k3f9-1")
    assert breaks(reader) == [7]
    reader.stop()
    check_sums(reader.tally)


async def test_a_long_poll_that_is_cut_on_its_first_connection_waits_before_it_comes_back() -> None:
    reader, dialled = long_polling()
    dialled.newest.cut()
    dialled.newest.cut()
    assert len(dialled.transports) == 2
    come_back(reader)
    assert b"after=k3f9-0 " in dialled.transports[2].written
    reader.stop()


async def test_a_long_poll_that_is_cut_in_the_middle_of_its_answer_waits_before_it_comes_back() -> None:
    reader, dialled = long_polling()
    dialled.receive(polled(PAYLOAD)[:-1])
    dialled.newest.cut()
    assert arrivals(reader) == []
    assert len(dialled.transports) == 1
    come_back(reader)
    dialled.receive(polled(PAYLOAD))
    assert arrivals(reader) == [(7, 3)]
    reader.stop()
    check_sums(reader.tally)


async def test_a_short_polling_client_does_not_notice_a_cut_between_two_polls() -> None:
    reader, dialled = short_polling()
    dialled.newest.cut()
    assert reader.is_ready
    assert len(dialled.transports) == 1
    reader.poll()
    assert b"after=k3f9-0 " in dialled.transports[1].written
    dialled.receive(polled(PAYLOAD))
    assert reader.cursor == "k3f9-1"
    assert breaks(reader) == []
    reader.stop()
    check_sums(reader.tally)


async def test_a_short_poll_that_is_cut_under_way_is_a_break_and_is_sent_again_at_once() -> None:
    reader, dialled = short_polling()
    reader.poll()
    dialled.newest.cut()
    assert b"after=k3f9-0 " in dialled.transports[1].written
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert breaks(reader) == [7]
    reader.stop()


async def test_a_short_poll_that_is_cut_on_its_first_connection_is_left_to_the_next() -> None:
    reader, dialled = short_polling()
    dialled.newest.cut()
    reader.poll()
    dialled.newest.cut()
    assert len(dialled.transports) == 2
    assert breaks(reader) == []
    reader.poll()
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert breaks(reader) == [7]
    reader.stop()


@pytest.mark.parametrize(
    ("technique", "where"), [("sse", b"Last-Event-ID: k3f9-0\r\n"), ("websocket", b"after=k3f9-0 ")]
)
async def test_streams_come_back_with_their_cursor(technique: str, where: bytes) -> None:
    reader, dialled = client(technique)

    def join() -> None:
        opening = SSE_HEAD + chunk(OPENING_BLOCKS) if technique == "sse" else dialled.accept() + frame(JOINED)
        dialled.receive(opening)

    join()
    assert (reader.is_ready, reader.cursor) == (True, "k3f9-0")
    assert where not in dialled.written
    dialled.newest.cut()
    assert (reader.is_ready, reader.cursor) == (False, "k3f9-0")
    come_back(reader)
    assert where in dialled.transports[1].written
    join()
    assert [number for number, _, _ in reader.notes.breaks] == [7]
    assert reader.notes.refusals == []
    reader.stop()
    check_sums(reader.tally)


async def test_a_stream_that_ends_in_its_regular_way_is_a_break_and_no_refusal() -> None:
    reader, dialled = client("sse")
    dialled.receive(SSE_HEAD + chunk(OPENING_BLOCKS) + b"0\r\n\r\n")
    assert dialled.newest.is_aborted  # the server may keep the connection, but has nothing more to say on it
    assert reader.notes.refusals == []
    come_back(reader)
    assert b"Last-Event-ID: k3f9-0\r\n" in dialled.written
    reader.stop()
    check_sums(reader.tally)


async def test_what_breaks_after_the_end_is_no_break() -> None:
    reader, dialled = long_polling()
    reader.stop()
    await asyncio.sleep(0)  # the transport tells that it is closed
    dialled.newest.cut()
    assert breaks(reader) == []
    assert len(dialled.transports) == 1
    assert reader.tally.connections_lost == 0


@pytest.mark.parametrize("technique", ["long-poll", "sse", "websocket", "socket-io"])
async def test_where_nobody_is_there_it_tries_again_and_notes_no_refusal(
    technique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled = dialled_by_loop(monkeypatch)
    dialled.is_closed = True
    reader = CLIENTS[technique](7, TARGET, Notes())
    reader.start()
    await until(lambda: reader._timer, "it waits to try again")
    assert (reader.is_ready, reader.notes.refusals, reader.tally) == (False, [], Tally())
    dialled.is_closed = False
    come_back(reader)
    await until(lambda: dialled.transports, "it connects")
    assert dialled.written.startswith(b"GET ")
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_a_connection_that_is_lost_as_it_is_made_is_broken_once(
    technique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled = dialled_by_loop(monkeypatch)
    reader = CLIENTS[technique](7, TARGET, Notes())

    async def made_and_cut(make: Callable[[], Connection], host: str, port: int) -> None:
        await dialled.create_connection(make, host, port)
        dialled.newest.cut()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", made_and_cut)
    reader.start()
    await until(lambda: dialled.transports, "it connects")
    assert reader._backoff_s == (FIRST_BACKOFF_S if technique == "short-poll" else 2 * FIRST_BACKOFF_S)
    assert reader._timer is not None
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_a_connection_that_is_made_after_the_end_is_closed_and_nothing_is_asked_on_it(
    technique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled = dialled_by_loop(monkeypatch)
    reader = CLIENTS[technique](7, TARGET, Notes())
    may_connect = asyncio.Event()

    async def made_later(make: Callable[[], Connection], host: str, port: int) -> None:
        with suppress(asyncio.CancelledError):  # as a loop may have made it by the time it is told not to
            await may_connect.wait()
        await dialled.create_connection(make, host, port)

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", made_later)
    reader.start()
    await asyncio.sleep(0)
    reader.stop()
    await until(lambda: dialled.transports, "it connects")
    assert (dialled.written, dialled.newest.is_aborted) == (b"", True)
    assert reader.tally == Tally(connections_opened=1, kernel_unknown=1)
