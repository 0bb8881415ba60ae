"""The middleboxes that know HTTP: on real sockets, before a server that a test plays, and by themselves."""

from collections.abc import Callable
from functools import partial

import pytest

from pushdemo.lab.middlebox import BoxMaker, Chain, Middlebox
from pushdemo.lab.middleboxes import boxes
from pushdemo.lab.middleboxes.buffering import Buffering, buffering
from pushdemo.lab.middleboxes.caching import MOST_BYTES, MOST_ENTRIES, Caching, Store, Stored, caching
from pushdemo.lab.middleboxes.idle_timeout import IdleTimeout, idle_timeout
from pushdemo.lab.middleboxes.strip_upgrade import StripUpgrade, strip_upgrade
from pushdemo.lab.network import Network
from tests.support.fake_clock import FakeClock, FakeTimer
from tests.support.until import until
from tests.unit.lab.bench import TICK, Seen, bench

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
GET = b"GET /poll HTTP/1.1\r\nHost: a\r\n\r\n"
CONDITIONAL = b'GET /poll HTTP/1.1\r\nHost: a\r\nIf-None-Match: "k3f9-1"\r\n\r\n'
ANSWER = b"HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\n{}"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENT = b"9\r\ndata: a\n\n\r\n"


class Recorded:
    """The ways of a box without a connection."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sent = self.received = b""
        self.remarks: list[str] = []
        self.ends: list[str] = []

    def to_server(self, data: bytes) -> None:
        self.sent += data

    def to_client(self, data: bytes) -> None:
        self.received += data

    def end_to_server(self) -> None:
        self.ends.append("server")

    def end_to_client(self) -> None:
        self.ends.append("client")

    def close(self) -> None:
        self.ends.append("both")

    def now(self) -> float:
        return self.clock.monotonic()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeTimer:
        return self.clock.call_later(delay_s, callback)

    def tell(self, text: str) -> None:
        self.remarks.append(text)


def on_the_table(make: BoxMaker) -> tuple[Middlebox, Recorded]:
    ways = Recorded()
    return make(ways), ways


# Without Upgrade.


async def test_a_websockets_opening_handshake_reaches_the_server_as_an_ordinary_get() -> None:
    async with bench(watcher=(seen := Seen()), box=strip_upgrade()) as b:
        client, server = await b.both()
        client.send(HANDSHAKE)
        expected = (
            b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert await server.receive(len(expected)) == expected
        assert seen.remarks == ["took Upgrade out of a request"]
        assert seen.passed_bytes(to_server=True) == HANDSHAKE  # which is what the client sent
        server.send(ANSWER)
        assert await client.receive(len(ANSWER)) == ANSWER
        client.send(GET)
        assert await server.receive(len(GET)) == GET


def test_where_connection_names_nothing_else_it_goes_too() -> None:
    box, ways = on_the_table(strip_upgrade())
    for byte in b"POST / HTTP/1.1\r\nconnection: UPGRADE\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nhi" + GET:
        box.from_client(bytes([byte]))
    assert ways.sent == b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nhi" + GET


def test_many_requests_pass_and_what_is_no_http_passes_unchanged_to_its_end() -> None:
    box, ways = on_the_table(strip_upgrade())
    for _ in range(200):
        box.from_client(GET)
        box.from_server(ANSWER)
    assert (ways.sent, ways.received, ways.remarks) == (200 * GET, 200 * ANSWER, [])
    box.from_client(HANDSHAKE)
    assert ways.remarks == ["took Upgrade out of a request"]
    ways.sent = b""
    box.from_client(HANDSHAKE[:20])
    box.client_ended()
    assert (ways.sent, ways.ends) == (HANDSHAKE[:20], ["server"])


# Buffering.


async def test_a_stream_is_held_back_until_the_buffer_is_full() -> None:
    seen = Seen()
    async with bench(watcher=seen, box=buffering(len(STREAM) + 3 * len(EVENT))) as b:
        client, server = await b.both()
        client.send(GET)
        await server.receive(len(GET))
        server.send(STREAM)
        await seen.until_told(f"held {len(STREAM)} bytes back")
        server.send(2 * EVENT)
        await until(lambda: seen.remarks[1:] == [f"held {len(STREAM) + 28} bytes back"], "they are held, too")
        assert seen.passed_bytes(to_server=False) == b""
        server.send(EVENT)
        assert await client.receive(len(STREAM) + 42) == STREAM + 3 * EVENT
        assert seen.remarks[2:] == [f"let go of {len(STREAM) + 42} bytes"]
        server.send(EVENT)
        await until(lambda: seen.remarks[3:] == ["held 14 bytes back"], "it is held anew")
        server.writer.write_eof()
        assert await client.reader.read() == EVENT


def test_a_response_that_ends_is_let_go_at_once_when_it_has_ended() -> None:
    box, ways = on_the_table(buffering(1 << 20))
    box.from_client(GET)
    box.from_server(ANSWER)
    assert (ways.sent, ways.received, ways.remarks) == (GET, ANSWER, [])
    box.from_client(GET)
    box.from_server(ANSWER[:-1])
    assert ways.received == ANSWER
    box.from_server(ANSWER[-1:])
    assert ways.received == 2 * ANSWER
    assert ways.remarks == [f"held {len(ANSWER) - 1} bytes back", f"let go of {len(ANSWER)} bytes"]


def test_a_tunnel_is_not_held_back() -> None:
    box, ways = on_the_table(buffering(1 << 20))
    switching = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    box.from_client(HANDSHAKE)
    box.from_server(switching)
    assert ways.received == switching
    box.from_server(b"\x81\x02hi")
    box.from_client(b"\x81\x82")
    assert (ways.received, ways.sent) == (switching + b"\x81\x02hi", HANDSHAKE + b"\x81\x82")
    assert ways.remarks == []


# An idle timeout.


async def test_a_connection_is_closed_when_nothing_has_passed_for_so_long_in_either_direction() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(clock=clock, watcher=seen, box=idle_timeout(60)) as b:
        client, server = await b.both()
        for sender, receiver in ((client, server), (server, client)):
            clock.advance(60 - TICK)
            sender.send(b"still here")
            assert await receiver.receive(10) == b"still here"
        clock.advance(60 - TICK)
        assert seen.remarks == []
        clock.advance(TICK)
        assert seen.remarks == ["idle for 60 s: closed"]
        assert await client.reader.read() == await server.reader.read() == b""
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert clock.pending == 0


async def test_no_timeout_is_left_of_a_connection_that_is_gone() -> None:
    clock = FakeClock()
    async with bench(clock=clock, box=idle_timeout(60)) as b:
        client, _ = await b.both()
        await until(lambda: clock.pending == 1, "it is accepted")
        client.reset()
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert clock.pending == 0


# A cache.


async def test_an_answer_is_given_again_from_the_store_to_every_connection_until_it_is_old() -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(clock=clock, watcher=seen, box=caching(10)) as b:
        client, server = await b.both()
        client.send(GET)
        await server.receive(len(GET))
        server.send(ANSWER)
        assert await client.receive(len(ANSWER)) == ANSWER
        clock.advance(9.5)
        other, others_server = await b.both()
        for request in (GET, CONDITIONAL):
            other.send(request)
            hit = ANSWER.replace(b"\r\n\r\n", b"\r\nAge: 9\r\nX-Cache: HIT\r\n\r\n")
            assert await other.receive(len(hit)) == hit
        assert seen.remarks == 2 * ["answered GET /poll from the store"]
        clock.advance(0.5)
        other.send(GET)
        assert await others_server.receive(len(GET)) == GET  # and nothing of the requests before


def asked_again(request: bytes, answer: bytes, then: bytes = b"") -> bool:
    """Whether the same request reaches the server once more after it was answered."""
    box, ways = on_the_table(caching())
    box.from_client(request)
    box.from_server(answer)
    box.from_client(then or request)
    assert ways.received.startswith(answer)
    return ways.sent == request + (then or request)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (GET.replace(b"GET", b"POST"), ANSWER),
        (GET.replace(b"Host", b"Range"), ANSWER),
        (GET, ANSWER.replace(b"200 OK", b"404 Not Found")),
        (GET, b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        (GET, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MOST_BYTES + bytes(MOST_BYTES)),
        (GET, STREAM + EVENT + b"0\r\n\r\n"),
        (GET, ANSWER.replace(b"Content-Length", b"X-Length")),
    ],
    ids=[
        "no GET",
        "of a part",
        "not found",
        "not modified",
        "too large",
        "an event stream",
        "ends with the connection",
    ],
)
def test_some_answers_are_not_stored(request_: bytes, answer: bytes) -> None:
    assert asked_again(request_, answer)


@pytest.mark.parametrize(
    ("answer", "then"),
    [
        (ANSWER, b""),
        (STREAM.replace(b"text/event-stream", b"application/json") + EVENT + b"0\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + ANSWER, b""),
        (ANSWER, CONDITIONAL),
    ],
    ids=["by its length", "in chunks", "behind an interim one", "for whoever asks with a condition"],
)
def test_whole_answers_are_stored_whatever_they_say_of_it(answer: bytes, then: bytes) -> None:
    assert not asked_again(GET, answer, then)


def test_an_answer_is_not_given_to_who_asks_another_host() -> None:
    assert asked_again(GET, ANSWER, GET.replace(b"Host: a", b"Host: evil.example"))


def test_a_condition_does_not_reach_the_server_so_that_there_is_something_to_store() -> None:
    box, ways = on_the_table(caching())
    box.from_client(CONDITIONAL)
    assert ways.sent == b"GET /poll HTTP/1.1\r\nHost: a\r\n\r\n"
    box.from_server(ANSWER)
    box.from_client(CONDITIONAL)
    assert ways.sent.count(b"GET") == 1
    assert ways.received.count(b"X-Cache: HIT") == 1


def test_an_answer_is_stored_when_it_is_complete() -> None:
    box, ways = on_the_table(caching())
    box.from_client(GET)
    for byte in ANSWER:
        box.from_server(bytes([byte]))
    box.from_client(GET)
    assert (ways.sent, ways.received.count(b"{}")) == (GET, 2)


def test_an_answer_from_the_store_overtakes_no_other() -> None:
    make = partial(Caching, store=Store(seconds=10))
    box, ways = on_the_table(make)
    box.from_client(GET)
    box.from_server(ANSWER)
    stream = GET.replace(b"poll", b"sse")
    box.from_client(stream)
    box.from_client(GET)
    assert ways.sent == GET + stream + GET
    box, ways = on_the_table(make)
    box.from_client(stream)
    box.from_server(STREAM + EVENT)
    box.from_client(GET)
    assert ways.sent == stream + GET
    assert ways.received == STREAM + EVENT


def test_when_the_store_is_full_the_oldest_answer_goes() -> None:
    store = Store(seconds=1_000)
    for number in range(MOST_ENTRIES):
        store.keep(b"%d" % number, Stored(number, b"", b""))
    store.keep(b"0", Stored(MOST_ENTRIES, b"", b""))
    store.keep(b"one too many", Stored(MOST_ENTRIES, b"", b""))
    kept = [number for number in range(MOST_ENTRIES) if store.find(b"%d" % number, MOST_ENTRIES)]
    assert kept == [0, *range(2, MOST_ENTRIES)]


def test_the_ends_pass_a_cache_with_what_is_left() -> None:
    box, ways = on_the_table(caching())
    box.from_client(GET[:10])
    box.client_ended()
    box.from_server(ANSWER[:10])
    box.server_ended()
    assert (ways.sent, ways.received, ways.ends) == (GET[:10], ANSWER[:10], ["server", "client"])


# As a network has them.


def test_a_networks_boxes_stand_in_a_row_the_load_balancer_next_to_the_client() -> None:
    assert boxes(Network()) is None
    make = boxes(Network(strip_upgrade=True, buffer_bytes=4_096, idle_timeout_s=60, cache_s=10))
    assert make is not None
    row = make(Recorded())
    assert isinstance(row, Chain)
    assert [type(box) for box in row.boxes] == [IdleTimeout, StripUpgrade, Buffering, Caching]
