"""The capture's file in Wireshark's own reader: nothing looks lost or wrong to it, and all bytes come out.

What tshark remarks on a real capture by tcpdump, it may remark here: that a connection is closed, or reset.
"""

import random
import re
import time

import pytest

from pushdemo.lab.capture import Capture
from pushdemo.lab.relay import Conditions
from tests.lab.conftest import Read
from tests.support.until import until
from tests.unit.lab.bench import bench

CLIENT, RELAY = ("127.0.0.1", 50_001), ("127.0.0.1", 8_001)
CLIENT_6, RELAY_6 = ("2001:db8::7", 50_002), ("2001:db8::1", 8_001)
MS_1970 = 1_763_791_234_567.0

CLOSING = {"This frame initiates the connection closing", "This frame undergoes the connection closing"}
RESET = {"Connection reset (RST)"}
REUSED = {"A new tcp session is started with the same ports as an earlier session in this trace"}
AS_HTTP = ("-d", "tcp.port==8001,http")

GET = b"GET /api/time HTTP/1.1\r\nHost: 127.0.0.1:8001\r\n\r\n"
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"now":1763791234'
# RFC 6455 sections 1.2 and 5.7
HANDSHAKE = (
    b"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
MASKED_HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
HELLO = bytes.fromhex("810548656c6c6f")


def capture(most_bytes: int = 2 << 20) -> Capture:
    return Capture((100.0, MS_1970), most_bytes=most_bytes)


def opened(most_bytes: int = 2 << 20) -> Capture:
    some = capture(most_bytes)
    some.opened(1, CLIENT, RELAY, 101.0)
    return some


def close(some: Capture, at: float, number: int = 1) -> None:
    """Close a connection in peace, the client first."""
    some.ended(number, True, at)
    some.ended(number, False, at)
    some.closed(number, at)


def look(tshark: Read, some: Capture, streams: int = 1) -> tuple[set[str], list[tuple[bytes, bytes]]]:
    """Return what tshark remarks, and of each stream what was sent to the server and to the client."""
    follow = [argument for stream in range(streams) for argument in ("-z", f"follow,tcp,raw,{stream}")]
    printed = tshark(some, "-q", "-z", "expert,note", *follow)
    remarks = set(re.findall(r"^ +\d+ +\S+ +\S+  (.+)$", printed, re.MULTILINE))
    assert bool(remarks) == ("Frequency" in printed), printed
    ways = {}
    for block in printed.split("Filter: tcp.stream eq ")[1:]:
        up, down = re.findall(r"^[0-9a-f]+$", block, re.MULTILINE), re.findall(r"^\t([0-9a-f]+)$", block, re.MULTILINE)
        stream, *up = up  # the number of the stream, which follows the words
        ways[int(stream)] = bytes.fromhex("".join(up)), bytes.fromhex("".join(down))
    return remarks, [ways[stream] for stream in range(streams)]


def fields(tshark: Read, some: Capture, *names: str, shown: str = "frame") -> list[list[str]]:
    """Return fields of the packets that have them."""
    asked = [argument for name in names for argument in ("-e", name)]
    return [line.split("\t") for line in tshark(some, *AS_HTTP, "-Y", shown, "-T", "fields", *asked).splitlines()]


def test_http_opens_as_a_real_capture_does_and_each_direction_comes_out_byte_for_byte(tshark: Read) -> None:
    some = opened()
    for turn in range(3):
        some.passed(1, True, GET, 102.0 + turn, 102.25 + turn)
        some.passed(1, False, OK, 102.5 + turn, 102.75 + turn)
    close(some, 106.0)
    assert look(tshark, some) == (CLOSING, [(GET * 3, OK * 3)])


@pytest.mark.long
def test_http_is_read_as_http_at_the_times_when_the_client_saw_it(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, GET, 102.0, 102.25)
    some.passed(1, False, OK, 102.5, 102.75)
    names = ("frame.time_epoch", "ip.src", "tcp.srcport", "http.request.method", "http.response.code", "tcp.len")
    assert fields(tshark, some, *names, shown="http") == [
        ["1763791236.567000000", "127.0.0.1", "50001", "GET", "", "48"],
        ["1763791237.317000000", "127.0.0.1", "8001", "", "200", "88"],
    ]


@pytest.mark.long
def test_a_websocket_is_read_as_a_websocket(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, HANDSHAKE, 102.0, 102.0)
    some.passed(1, False, SWITCHING, 103.0, 103.0)
    some.passed(1, True, MASKED_HELLO, 104.0, 104.0)
    some.passed(1, False, HELLO, 105.0, 105.0)
    found = fields(tshark, some, "tcp.srcport", "websocket.opcode", "websocket.payload_length", shown="websocket")
    assert found == [["50001", "1", "5"], ["8001", "1", "5"]]
    assert look(tshark, some) == (set(), [(HANDSHAKE + MASKED_HELLO, SWITCHING + HELLO)])


@pytest.mark.long
def test_a_connection_over_ipv6_has_nothing_that_looks_wrong(tshark: Read) -> None:
    some = capture()
    some.opened(1, CLIENT_6, RELAY_6, 101.0)
    some.passed(1, True, GET, 102.0, 102.0)
    some.passed(1, False, random.Random(6).randbytes(10_001), 103.0, 103.0)
    close(some, 104.0)
    assert look(tshark, some) == (CLOSING, [(GET, random.Random(6).randbytes(10_001))])
    assert fields(tshark, some, "ipv6.src", "ipv6.dst", shown="http.request") == [["2001:db8::7", "2001:db8::1"]]


@pytest.mark.long
@pytest.mark.parametrize("to_server", [True, False])
def test_much_in_one_direction_fills_no_window_and_loses_nothing(tshark: Read, to_server: bool) -> None:
    data = random.Random(200).randbytes(200_000)
    some = opened()
    some.passed(1, to_server, data, 102.0, 102.0)
    close(some, 103.0)
    ways = (data, b"") if to_server else (b"", data)
    assert look(tshark, some) == (CLOSING, [ways])


@pytest.mark.long
def test_an_open_connection_has_no_end(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, GET, 102.0, 102.0)
    assert look(tshark, some) == (set(), [(GET, b"")])


@pytest.mark.long
def test_a_reset_is_seen_as_one(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, GET, 102.0, 102.0)
    some.reset(1, 103.0)
    some.closed(1, 103.0)
    assert look(tshark, some) == (RESET, [(GET, b"")])


@pytest.mark.long
def test_after_a_half_close_the_other_direction_goes_on(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, GET, 102.0, 102.0)
    some.ended(1, True, 103.0)
    for second in range(5):
        some.passed(1, False, OK, 104.0 + second, 104.0 + second)
    some.ended(1, False, 110.0)
    some.closed(1, 110.0)
    assert look(tshark, some) == (CLOSING, [(GET, OK * 5)])


@pytest.mark.long
def test_the_ring_ran_over_and_what_is_left_is_whole(tshark: Read) -> None:
    random_bytes = random.Random(7).randbytes
    pieces = [random_bytes(700) for _ in range(40)]
    some = opened(most_bytes=7_000)
    for second, piece in enumerate(pieces):
        some.passed(1, second % 2 == 0, piece, 102.0 + second, 102.0 + second)
    close(some, 150.0)
    assert look(tshark, some) == (CLOSING, [(b"".join(pieces[30::2]), b"".join(pieces[31::2]))])
    (comment,) = fields(tshark, some, "frame.number", "frame.comment", shown="frame.comment")
    assert comment[0] == "1"
    assert comment[1].endswith(": 10,500 bytes to the server and 10,500 to the client are missing before it.")


@pytest.mark.long
def test_a_port_that_comes_again_is_another_connection(tshark: Read) -> None:
    some = opened()
    some.passed(1, True, b"first", 102.0, 102.0)
    close(some, 103.0)
    some.opened(2, CLIENT, RELAY, 104.0)
    some.passed(2, True, b"second", 105.0, 105.0)
    close(some, 106.0, number=2)
    remarks, ways = look(tshark, some, streams=2)
    assert remarks - CLOSING <= REUSED
    assert ways == [(b"first", b""), (b"second", b"")]


@pytest.mark.long
def test_many_connections_at_once_keep_their_bytes_and_the_order_of_time(tshark: Read) -> None:
    draw = random.Random(12)
    some = capture()
    sent = [[b"", b""] for _ in range(12)]
    for number in range(12):
        client, relay = (CLIENT_6, RELAY_6) if number % 3 == 0 else (CLIENT, RELAY)
        some.opened(number + 1, (client[0], 50_100 + number), relay, 101.0 + number / 1_000)
    for turn in range(300):
        number, down = draw.randrange(12), draw.randrange(2)
        data = draw.randbytes(draw.choice((1, 2, 700, 1_460, 1_461, 5_000)))
        at = 102.0 + turn / 1_000
        some.passed(
            number + 1, not down, data, at - 0.25, at
        )  # a client's bytes stand far before what passed with them
        sent[number][down] += data
    for number in range(12):
        close(some, 103.0, number + 1)
    remarks, ways = look(tshark, some, streams=12)
    assert remarks == CLOSING
    assert ways == [(up, down) for up, down in sent]
    times = [float(time) for (time,) in fields(tshark, some, "frame.time_epoch")]
    assert times == sorted(times)


@pytest.mark.long
def test_remarks_are_comments_on_packets(tshark: Read) -> None:
    some = opened()
    some.told(1, "an answer is held back", 102.0)
    some.told(1, "für immer", 102.5)
    some.passed(1, True, GET, 103.0, 103.0)
    assert fields(tshark, some, "frame.comment", shown="http") == [["an answer is held back,für immer"]]


@pytest.mark.long
def test_tcpdump_reads_it_and_finds_all_checksums_right(tcpdump: Read) -> None:
    draw = random.Random(3)
    some = opened()
    some.opened(2, CLIENT_6, RELAY_6, 101.0)
    for second in range(100):
        data = draw.randbytes(draw.randrange(1, 3_000))
        some.passed(second % 2 + 1, draw.random() < 0.5, data, 102.0 + second, 102.0 + second)
    printed = tcpdump(some, "-n", "-vv")
    assert printed.count("(correct)") == printed.count("Flags [") > 300
    assert "bad cksum" not in printed  # of IP


@pytest.mark.long
async def test_what_crossed_a_relay_opens_as_a_real_capture_does(tshark: Read) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + random.Random(5).randbytes(500_000)
    some = Capture((time.monotonic(), time.time_ns() / 1_000_000))
    async with bench(Conditions(delay_ms=10, jitter_ms=5)) as lab:
        lab.relay.watcher = some
        for _ in range(2):
            client, server = await lab.both()
            client.send(GET)
            await server.receive(len(GET))
            server.send(answer)
            await client.receive(len(answer))
            client.writer.write_eof()
            assert await server.reader.read() == b""
            server.writer.close()
            assert await client.reader.read() == b""
        await until(lambda: not lab.relay.connections, "both connections are gone")
    assert look(tshark, some, streams=2) == (CLOSING, [(GET, answer)] * 2)
    ends = fields(tshark, some, "tcp.srcport", "tcp.dstport", shown="http.request")
    assert ends == [[str(some.connections[number].client[1]), str(lab.relay.port)] for number in (1, 2)]
