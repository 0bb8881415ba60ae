"""What stands between the network and the server: how bytes, ends and back-pressure pass through a box."""

from typing import Any

import pytest

from pushdemo.lab import delay_line
from pushdemo.lab.middlebox import BoxMaker, Middlebox, Ways, chain
from pushdemo.lab.relay import Conditions
from tests.support.fake_clock import FakeClock
from tests.support.until import until
from tests.unit.lab.bench import DELAYED, MIB, TICK, Seen, bench, is_reset, slow_to_connect


class Marking(Middlebox):
    """Puts a mark behind what passes."""

    def __init__(self, ways: Ways, mark: bytes = b"+") -> None:
        super().__init__(ways)
        self._mark = mark

    def from_client(self, data: bytes) -> None:
        self.ways.to_server(data + self._mark)

    def from_server(self, data: bytes) -> None:
        self.ways.to_client(data + self._mark)


class Kept(Middlebox):
    """Is there for a test to ask, and notes what is left to it."""

    def __init__(self, ways: Ways) -> None:
        super().__init__(ways)
        self.notes: list[str] = []

    def from_client(self, data: bytes) -> None:
        self.notes.append(f"from client: {data.decode()}")

    def from_server(self, data: bytes) -> None:
        self.notes.append(f"from server: {data.decode()}")

    def gone(self) -> None:
        self.notes.append("gone")


class Keeping:
    """Makes boxes of a kind, and keeps them."""

    def __init__(self, make: type[Kept] = Kept) -> None:
        self.boxes: list[Kept] = []
        self._make = make

    def __call__(self, ways: Ways) -> Middlebox:
        self.boxes.append(self._make(ways))
        return self.boxes[-1]


@pytest.mark.parametrize("box", [Middlebox, chain(), chain(Middlebox, Middlebox)], ids=["one", "none", "two"])
async def test_the_box_that_changes_nothing_passes_bytes_and_ends_as_if_it_were_not_there(box: BoxMaker) -> None:
    seen, clock = Seen(), FakeClock()
    async with bench(DELAYED, clock, watcher=seen, box=box) as b:
        client, server = await b.both()
        clock.advance(1)
        client.send(b"request")
        await b.until_under_way(7, 0)
        clock.advance(0.25)
        assert await server.receive(7) == b"request"
        client.writer.write_eof()
        await until(lambda: b.relay.connections[1].client.line.next_due == 1.5, "the end is under way")
        clock.advance(0.25)
        assert await server.reader.read() == b""
        server.send(b"answer")
        server.writer.write_eof()
        await b.until_under_way(0, 6)
        await until(lambda: len(b.relay.connections[1].server.line._pieces) == 2, "the end is under way")
        clock.advance(0.25 - TICK)
        assert b.under_way() == (0, 6)
        clock.advance(TICK)
        assert await client.reader.read() == b"answer"
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert seen.notes[1:] == [
            ("passed", True, b"request", 1.0, 1.25),
            ("ended", True, 1.5),
            ("passed", False, b"answer", 1.5, 1.75),
            ("ended", False, 1.75),
            ("closed", 1.75),
        ]


async def test_who_watches_sees_the_clients_end_of_a_box() -> None:
    async with bench(watcher=(seen := Seen()), box=Marking) as b:
        client, server = await b.both()
        client.send(b"sent")
        assert await server.receive(5) == b"sent+"
        server.send(b"answered")
        assert await client.receive(9) == b"answered+"
        assert seen.passed_bytes(to_server=True) == b"sent"
        assert seen.passed_bytes(to_server=False) == b"answered+"
        assert (b.relay.bytes_to_server, b.relay.bytes_to_client) == (4, 9)


async def test_of_several_boxes_the_first_stands_next_to_the_client() -> None:
    marking = [lambda ways, mark=mark: Marking(ways, mark) for mark in (b"1", b"2", b"3")]
    async with bench(box=chain(*marking)) as b:
        client, server = await b.both()
        client.send(b"up")
        assert await server.receive(5) == b"up123"
        server.send(b"down")
        assert await client.receive(7) == b"down321"


async def test_a_box_stands_on_connections_that_come_from_then_on() -> None:
    async with bench() as b:
        old, old_server = await b.both()
        await until(lambda: b.relay.connections, "it is accepted")
        b.relay.box = Marking
        new, new_server = await b.both()
        for client, server, received in ((old, old_server, b"hi"), (new, new_server, b"hi+")):
            client.send(b"hi")
            assert await server.receive(len(received)) == received


class Echo(Middlebox):
    """Answers by itself."""

    def from_client(self, data: bytes) -> None:
        self.ways.to_client(data)


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> Conditions:
    """Conditions without a limit, under which a line holds little."""
    monkeypatch.setattr(delay_line, "LINE_BYTES", MIB // 16)
    return Conditions()


async def test_a_client_that_does_not_read_what_a_box_answers_is_not_read_either(short_lines: Conditions) -> None:
    async with bench(short_lines, box=Echo) as b:
        client = await b.connect()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        client.send(bytes(16 * MIB))
        await b.until_full()
        assert max(b.under_way()) <= MIB
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await client.receive(16 * MIB)) == 16 * MIB


async def test_a_client_that_does_not_read_holds_the_server_back_through_a_box(short_lines: Conditions) -> None:
    async with bench(short_lines, box=Middlebox) as b:
        client, server = await b.both()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        server.send(bytes(16 * MIB))
        relays_own = b.relay.connections[1].server
        await until(lambda: not relays_own.transport.is_reading(), "the line is full")
        assert b.under_way()[1] <= MIB
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await client.receive(16 * MIB)) == 16 * MIB


class Late(Kept):
    """Sends much when the server has ended."""

    def server_ended(self) -> None:
        self.notes.append("server ended")
        for _ in range(16):
            self.ways.to_client(bytes(MIB))
        self.ways.end_to_client()
        self.ways.end_to_client()
        self.ways.to_client(b"too late")


async def test_what_a_box_sends_when_the_server_has_ended_still_comes_before_the_end(short_lines: Conditions) -> None:
    late = Keeping(Late)
    async with bench(short_lines, box=late) as b:
        client, server = await b.both()
        server.writer.write_eof()
        assert len(await client.reader.read()) == 16 * MIB
        assert late.boxes[0].notes == ["server ended"]


async def test_a_box_may_close_both_ways_in_peace_and_nothing_more_reaches_it() -> None:
    keeping, clock = Keeping(), FakeClock()
    async with bench(DELAYED, clock, box=keeping) as b:
        client, server = await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        ways = keeping.boxes[0].ways
        ways.to_client(b"last words")
        ways.close()
        assert keeping.boxes[0].notes == ["gone"]
        assert await server.reader.read() == b""
        client.send(b"unheard")
        server.send(b"unheard")
        await b.until_under_way(7, 10)
        clock.advance(1)
        assert await client.reader.read() == b"last words"
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert keeping.boxes[0].notes == ["gone"]


async def test_a_box_may_close_before_the_server_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    keeping = Keeping()
    async with bench(box=keeping) as b:
        go = slow_to_connect(b, monkeypatch)
        client = await b.connect()
        await until(lambda: keeping.boxes, "it is accepted")
        keeping.boxes[0].ways.close()
        assert await client.reader.read() == b""
        await until(lambda: b.relay.closed == 1, "it is closed")
        go.set()
        await is_reset(await b.accept())


@pytest.mark.parametrize("how", ["cut", "vanish"])
async def test_a_box_is_told_once_that_its_connection_is_gone_and_can_do_nothing_more(how: str) -> None:
    keeping, clock = Keeping(), FakeClock()
    async with bench(clock=clock, box=chain(Middlebox, keeping)) as b:
        await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        box = keeping.boxes[0]
        getattr(b.relay, how)()
        assert box.notes == ["gone"]
        b.relay.cut()
        assert box.notes == ["gone"]
        for do in (box.ways.to_server, box.ways.to_client):
            do(b"nobody is there")
        for end in (box.ways.end_to_server, box.ways.end_to_client, box.ways.close):
            end()
        await until(lambda: b.relay.closed == 1, "it is closed")
        assert b.relay.bytes_to_server == b.relay.bytes_to_client == 0


async def test_a_box_may_end_one_way_and_the_other_goes_on() -> None:
    keeping = Keeping()
    async with bench(box=keeping) as b:
        client, server = await b.both()
        await until(lambda: b.relay.connections[1].server.connected, "it is connected")
        ways = keeping.boxes[0].ways
        ways.to_server(b"all")
        ways.end_to_server()
        ways.end_to_server()
        ways.to_server(b"too late")
        assert await server.reader.read() == b"all"
        server.send(b"heard")
        notes: list[Any] = keeping.boxes[0].notes
        await until(lambda: notes == ["from server: heard"], "the box has it")
        ways.to_client(b"passed on")
        assert await client.receive(9) == b"passed on"
