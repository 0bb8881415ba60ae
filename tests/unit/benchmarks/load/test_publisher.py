"""Publishing by POST: what is kept of each message, and on which connections they go."""

import asyncio
from collections.abc import Callable

import pytest

from benchmarks.load.arrivals import now_ns
from benchmarks.load.publisher import NOT_YET, Poster, Published, draft, publish
from benchmarks.load.tally import Tally
from tests.support.until import until
from tests.unit.benchmarks.load.fake_transport import TARGET, Dialled, FakeTransport, check_sums, dialled_by_loop
from tests.unit.benchmarks.load.server_bytes import answer

MS = 1_000_000
CREATED = b"201 Created"
BODY = draft(0, 12, 1)
HEAD = (
    b"POST /api/rooms/room/messages HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
)


def created(number: int = 1) -> bytes:
    return answer(b'{"id":"k3f9-%d","sent_at":1763791234567}' % number, CREATED)


def drafts(published: Published) -> list[bytes]:
    return [draft(number, 12, 1) for number in range(len(published.intended_ns))]


def poster() -> Poster:
    return Poster(TARGET, Tally())


@pytest.fixture
async def dialled(monkeypatch: pytest.MonkeyPatch) -> Dialled:
    return dialled_by_loop(monkeypatch)


async def written(dialled: Dialled, connections: int, requests: int = 1) -> FakeTransport:
    """Wait until so many connections were made, and on the newest so many messages were posted; return it."""
    await until(
        lambda: len(dialled.transports) == connections and dialled.written.count(b"POST ") == requests, "it is posted"
    )
    return dialled.newest


# --- the record ---


def test_of_what_is_published_nothing_has_happened_at_first() -> None:
    published = Published.of(1_000, [0, 5, 10])
    assert list(published.intended_ns) == [1_000, 1_005, 1_010]
    columns = (published.sent_ns, published.acknowledged_ns, published.sent_at_ms, published.feed_numbers)
    assert all(list(column) == [NOT_YET] * 3 for column in columns)
    assert (published.sent, published.acknowledged, published.lateness_ms()) == (0, set(), [])


def test_lateness_is_told_of_what_was_sent() -> None:
    published = Published.of(0, [0, 5 * MS, 10 * MS])
    published.sent_ns[0], published.sent_ns[2] = MS // 4, 12 * MS
    published.acknowledged_ns[2] = 13 * MS
    assert published.sent == 2
    assert published.lateness_ms() == [0.25, 2.0]
    assert published.acknowledged == {2}


# --- one message ---


async def test_a_post_is_payload_under_a_head_and_its_answer_framing_under_a_head(dialled: Dialled) -> None:
    sending = poster()
    posted = asyncio.create_task(sending.post(BODY))
    transport = await written(dialled, 1)
    assert transport.written == HEAD + BODY
    transport.receive(created())
    found = await posted
    assert found is not None
    assert (found.status, found.body) == (201, b'{"id":"k3f9-1","sent_at":1763791234567}')
    tally = sending.tally
    assert (tally.sent.payload, tally.sent.http_headers) == (len(BODY), len(HEAD))
    assert (tally.received.framing, tally.received.http_headers) == (len(found.body), found.head_bytes)
    sending.close()
    check_sums(tally)


async def test_connections_are_kept_and_as_many_as_are_under_way_at_once(dialled: Dialled) -> None:
    sending = poster()
    first = asyncio.create_task(sending.post(BODY))
    await written(dialled, 1)
    second = asyncio.create_task(sending.post(BODY))
    await written(dialled, 2)
    for transport in dialled.transports:
        transport.receive(created())
    await first
    await second
    third = asyncio.create_task(sending.post(BODY))
    await written(dialled, 2, requests=2)
    dialled.newest.receive(created())
    assert await third is not None
    sending.close()
    check_sums(sending.tally)
    assert sending.tally.connections_opened == 2


async def test_connections_may_be_made_beforehand(dialled: Dialled) -> None:
    sending = poster()
    await sending.open(3)
    assert len(dialled.transports) == 3
    posted = asyncio.create_task(sending.post(BODY))
    await until(lambda: any(transport.written for transport in dialled.transports), "it is posted")
    [transport] = [transport for transport in dialled.transports if transport.written]
    transport.receive(created())
    assert await posted is not None
    sending.close()
    assert all(transport.is_aborted for transport in dialled.transports)
    check_sums(sending.tally)


@pytest.mark.parametrize("end", [FakeTransport.cut, FakeTransport.end])
async def test_a_kept_connection_that_ended_meanwhile_is_passed_over(
    dialled: Dialled, end: Callable[[FakeTransport], None]
) -> None:
    sending = poster()
    await sending.open(1)
    first = asyncio.create_task(sending.post(BODY))
    await written(dialled, 1)
    dialled.newest.receive(created())
    await first
    end(dialled.newest)
    second = asyncio.create_task(sending.post(BODY))
    await written(dialled, 2)
    dialled.newest.receive(created(2))
    assert await second is not None
    sending.close()
    check_sums(sending.tally)


async def test_a_kept_connection_that_ends_as_it_is_used_is_replaced_once(dialled: Dialled) -> None:
    sending = poster()
    await sending.open(1)
    posted = asyncio.create_task(sending.post(BODY))
    await written(dialled, 1)
    dialled.newest.cut()
    await written(dialled, 2)
    dialled.newest.receive(created()[:-1])
    dialled.newest.cut()
    assert await posted is None
    sending.close()
    check_sums(sending.tally)


async def test_where_nobody_is_there_nothing_is_posted(dialled: Dialled) -> None:
    dialled.is_closed = True
    sending = poster()
    assert await sending.post(BODY) is None
    assert sending.tally == Tally()


async def test_a_connection_that_is_lost_as_it_is_made_is_none(
    dialled: Dialled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def made_and_cut(make: object, host: str, port: int) -> None:
        await dialled.create_connection(make, host, port)  # type: ignore[arg-type]
        dialled.newest.cut()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", made_and_cut)
    sending = poster()
    assert await sending.post(BODY) is None
    assert dialled.written == b""
    check_sums(sending.tally)


@pytest.mark.parametrize("text", [b"no HTTP\r\n\r\n", created() + created(2), b"\xff"])
async def test_an_answer_that_cannot_be_read_is_none(dialled: Dialled, text: bytes) -> None:
    sending = poster()
    posted = asyncio.create_task(sending.post(BODY))
    (await written(dialled, 1)).receive(text)
    assert await posted is None
    sending.close()
    check_sums(sending.tally)


async def test_bytes_on_an_idle_connection_end_it_and_harm_nobody(dialled: Dialled) -> None:
    sending = poster()
    await sending.open(2)
    posted = asyncio.create_task(sending.post(BODY))
    transport = await written(dialled, 2)
    transport.receive(created())
    await posted
    for each in dialled.transports:
        each.receive(answer(b"", b"408 Request Timeout"))
        assert each.is_aborted
    sending.close()
    await asyncio.sleep(0)
    check_sums(sending.tally)


async def test_an_answer_to_a_post_that_was_given_up_harms_nobody(dialled: Dialled) -> None:
    sending = poster()
    posted = asyncio.create_task(sending.post(BODY))
    transport = await written(dialled, 1)
    posted.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posted
    transport.receive(created())
    sending.close()


# --- all of them ---


async def test_each_message_is_sent_at_its_time_and_what_is_answered_is_noted(dialled: Dialled) -> None:
    published = Published.of(now_ns(), [0, MS, 2 * MS])
    sending = poster()
    publishing = asyncio.create_task(publish(sending, published, drafts(published), asyncio.Event()))
    await written(dialled, 3)
    answers = [created(8), answer(b'{"title":"too fast"}', b"429 Too Many Requests"), answer(b"[]", CREATED)]
    for transport, text in zip(dialled.transports, answers, strict=True):
        transport.receive(text)
    await publishing
    assert all(sent >= due for sent, due in zip(published.sent_ns, published.intended_ns, strict=True))
    assert published.acknowledged == {0, 2}
    assert list(published.feed_numbers) == [8, NOT_YET, NOT_YET]
    assert list(published.sent_at_ms) == [1_763_791_234_567, NOT_YET, NOT_YET]
    assert published.refusals == [
        '429: {"title":"too fast"}',
        "201, but not with the message: Expected `object`, got `array`",
    ]
    for number, transport in enumerate(dialled.transports):
        assert transport.written.endswith(draft(number, 12, 1))
    sending.close()
    check_sums(sending.tally)


async def test_what_is_not_answered_is_noted(dialled: Dialled) -> None:
    published = Published.of(0, [0])
    sending = poster()
    publishing = asyncio.create_task(publish(sending, published, drafts(published), asyncio.Event()))
    (await written(dialled, 1)).cut()
    await publishing
    assert (published.sent, published.acknowledged, published.refusals) == (1, set(), ["not answered"])
    check_sums(sending.tally)


async def test_interrupted_it_sends_no_more_and_waits_for_the_answers(dialled: Dialled) -> None:
    published = Published.of(now_ns(), [0, 3_600_000 * MS])
    interrupted = asyncio.Event()
    sending = poster()
    publishing = asyncio.create_task(publish(sending, published, drafts(published), interrupted))
    transport = await written(dialled, 1)
    interrupted.set()
    await asyncio.sleep(0)
    transport.receive(created())
    await publishing
    assert (published.sent, published.acknowledged) == (1, {0})
    sending.close()
