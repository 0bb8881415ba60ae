"""When the polling clients ask, on which connection, and what they make of the answers."""

import asyncio

import pytest

from benchmarks.load.client import Target
from benchmarks.load.http import BROWSER_FIELDS
from benchmarks.load.polling import LongPoll, ShortPoll
from tests.unit.benchmarks.load.fake_transport import TARGET, Dialled, arrivals, check_sums, client, come_back
from tests.unit.benchmarks.load.server_bytes import PAYLOAD, SECOND, answer, envelope, polled

FULL = answer(b'{"title":"full"}', b"503 Service Unavailable", b"retry-after: 1\r\n")
NOT_KEPT = b"Connection: close\r\n"


def short_polling() -> tuple[ShortPoll, Dialled]:
    reader, dialled = client("short-poll")
    assert isinstance(reader, ShortPoll)
    return reader, dialled


def long_polling(target: Target = TARGET) -> tuple[LongPoll, Dialled]:
    reader, dialled = client("long-poll", target)
    assert isinstance(reader, LongPoll)
    return reader, dialled


def asked(dialled: Dialled) -> int:
    """Return how many polls were written since this was last called."""
    return sum(transport.take().count(b"GET ") for transport in dialled.transports)


@pytest.mark.parametrize(
    ("technique", "resource"),
    [
        ("short-poll", b"/api/rooms/room/short-poll?after=latest"),
        ("long-poll", b"/api/rooms/room/long-poll?timeout=25&after=latest"),
    ],
)
@pytest.mark.parametrize("extra_fields", ["", "X-One: 1\r\n", BROWSER_FIELDS])
async def test_the_first_poll_asks_for_the_cursor_of_now(technique: str, resource: bytes, extra_fields: str) -> None:
    reader, dialled = client(technique, Target(TARGET.address, "room", extra_fields=extra_fields))
    head = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: */*\r\n%b\r\n" % (resource, extra_fields.encode())
    assert dialled.written == head
    assert reader.tally.sent.http_headers == len(head)
    assert reader.tally.requests == 1
    reader.stop()
    check_sums(reader.tally)


async def test_a_long_poll_follows_its_answer_at_once_with_the_new_cursor() -> None:
    reader, dialled = long_polling()
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert asked(dialled) == 2
    dialled.receive(polled(PAYLOAD, SECOND, cursor=b"k3f9-2"))
    assert b"after=k3f9-2 " in dialled.written
    assert asked(dialled) == 1
    assert len(dialled.transports) == 1
    assert arrivals(reader) == [(7, 3), (7, 4)]
    assert (reader.tally.requests, reader.tally.empty_answers) == (3, 1)
    reader.stop()


async def test_a_poll_goes_on_from_the_cursor_of_the_answer_not_of_its_last_message() -> None:
    reader, _dialled = long_polling()
    _dialled.receive(polled(PAYLOAD, cursor=b"k3f9-7"))
    assert reader.cursor == "k3f9-7"
    reader.stop()


async def test_a_short_poll_waits_for_its_time_unless_there_is_more() -> None:
    reader, dialled = short_polling()
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert asked(dialled) == 1
    assert reader.is_idle
    reader.poll()
    dialled.receive(polled(PAYLOAD, more=True))
    assert asked(dialled) == 2
    dialled.receive(polled(SECOND, cursor=b"k3f9-2"))
    assert asked(dialled) == 0
    assert arrivals(reader) == [(7, 3), (7, 4)]
    reader.stop()
    check_sums(reader.tally)


async def test_a_poll_that_is_due_while_one_is_under_way_follows_it_at_once_and_only_once() -> None:
    reader, dialled = short_polling()
    reader._poll_when_due()
    reader._poll_when_due()
    assert asked(dialled) == 1
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert asked(dialled) == 1
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert asked(dialled) == 0
    reader.stop()


async def test_a_poll_that_was_overdue_is_not_made_up_for_after_a_refusal() -> None:
    reader, dialled = short_polling()
    reader._poll_when_due()
    dialled.receive(FULL)
    reader._poll_when_due()
    assert asked(dialled) == 2
    dialled.receive(polled(cursor=b"k3f9-0"))
    assert asked(dialled) == 0
    reader.stop()


async def test_short_polls_keep_to_times_that_do_not_depend_on_the_answers() -> None:
    reader, _ = short_polling()
    first_s = reader._due_s
    for _ in range(3):
        reader._poll_when_due()
    assert reader._due_s - first_s == pytest.approx(3 * TARGET.poll_interval_s)
    reader.finish()
    assert reader._timer is not None
    assert reader._timer.cancelled()
    reader.stop()


async def test_a_refused_poll_is_noted_and_asked_again_on_the_same_connection_after_a_while() -> None:
    reader, dialled = long_polling()
    dialled.receive(polled(cursor=b"k3f9-0"))
    dialled.receive(FULL)
    assert reader.notes.refusals == ['503: {"title":"full"}']
    assert not reader.is_ready
    assert asked(dialled) == 2
    come_back(reader)
    assert b"after=k3f9-0 " in dialled.written
    dialled.receive(polled(PAYLOAD))
    assert arrivals(reader) == [(7, 3)]
    assert len(reader.notes.breaks) == 1
    assert len(dialled.transports) == 1
    assert reader.tally.received.framing == 2 * len(envelope()) + len(b'{"title":"full"}')
    reader.stop()
    check_sums(reader.tally)


async def test_a_refusal_is_noted_with_its_first_200_bytes_whatever_they_are() -> None:
    reader, dialled = long_polling()
    dialled.receive(answer(b"\xff" * 300, b"404 Not Found"))
    assert reader.notes.refusals == ["404: " + "\N{REPLACEMENT CHARACTER}" * 200]
    reader.stop()
    check_sums(reader.tally)


@pytest.mark.parametrize("technique", ["short-poll", "long-poll"])
async def test_where_the_server_does_not_keep_a_connection_each_poll_has_its_own(technique: str) -> None:
    reader, dialled = client(technique)
    dialled.receive(answer(envelope(cursor=b"k3f9-0"), fields=NOT_KEPT))
    assert dialled.transports[0].is_aborted
    if isinstance(reader, ShortPoll):
        reader.poll()
    assert len(dialled.transports) == 2
    dialled.receive(answer(envelope(PAYLOAD), fields=NOT_KEPT))
    assert arrivals(reader) == [(7, 3)]
    assert (reader.notes.breaks, reader.notes.refusals, reader.tally.connections_lost) == ([], [], 0)
    reader.stop()
    await asyncio.sleep(0)
    check_sums(reader.tally)


async def test_a_server_that_speaks_http_1_0_does_not_keep_connections() -> None:
    reader, dialled = long_polling()
    dialled.receive(polled(cursor=b"k3f9-0").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert len(dialled.transports) == 2
    reader.stop()
    check_sums(reader.tally)


async def test_the_coding_of_a_chunked_answer_counts_as_head() -> None:
    reader, dialled = short_polling()
    body = envelope(PAYLOAD)
    text = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    dialled.receive(text)
    received = reader.tally.received
    assert (received.payload, received.framing) == (len(PAYLOAD), len(envelope()))
    assert received.http_headers == len(text) - len(body)
    reader.stop()
    check_sums(reader.tally)


async def test_a_reused_connection_that_is_lost_with_the_poll_on_it_is_replaced_once() -> None:
    reader, dialled = long_polling()
    dialled.receive(polled(cursor=b"k3f9-0"))
    dialled.newest.end()
    assert len(dialled.transports) == 2
    dialled.newest.end()
    assert len(dialled.transports) == 2
    assert reader._backoff_s == 1.0
    reader.stop()
    check_sums(reader.tally)


async def test_an_answer_that_comes_whole_with_the_end_of_the_run_is_still_read() -> None:
    reader, dialled = short_polling()
    reader.finish()
    dialled.receive(polled(PAYLOAD))
    assert arrivals(reader) == [(7, 3)]
    assert reader.is_idle
    reader.stop()
    check_sums(reader.tally)
