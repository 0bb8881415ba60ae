"""The file for Wireshark, block by block and packet by packet; tests/lab shows it to tshark."""

import struct
from typing import NamedTuple

import pytest

from pushdemo import __version__
from pushdemo.lab import pcapng
from pushdemo.lab.capture import Capture

CLIENT, RELAY = ("127.0.0.1", 50_001), ("127.0.0.1", 8_001)
CLIENT_6, RELAY_6 = ("2001:db8::7", 50_002), ("2001:db8::1", 8_001)
MS_1970 = 1_763_791_234_567.0
FIRST = 1 << 20  # where the sequence numbers of connection 1 begin
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

SYN_4 = bytes.fromhex(
    "45000030 00014000 40063cc5 7f000001 7f000001"  # IPv4: 48 bytes, number 1, DF, TTL 64, TCP
    "c3511f41 00100000 00000000 7002ffff a27a0000"  # TCP: ports, first number 2**20, 28 bytes, SYN, window
    "020405b4 01010402"  # MSS 1,460, padding, SACK permitted
)
DATA_6 = bytes.fromhex(
    "60000000 00170640 20010db8 00000000 00000000 00000007 20010db8 00000000 00000000 00000001"
    "c3521f41 00100001 00100001 5018ffff ad370000"  # PSH and ACK, 20 bytes
    "616263"
)


class Block(NamedTuple):
    kind: int
    body: bytes


class Packet(NamedTuple):
    """What is looked at of a packet; `sequence` and `acknowledged` count from `FIRST`."""

    client: bool
    flags: int
    sequence: int
    acknowledged: int
    data: bytes
    microseconds: int
    comments: list[str]


def opened() -> Capture:
    """Connection 1 was opened one second after `MS_1970`."""
    some = Capture((100.0, MS_1970))
    some.opened(1, CLIENT, RELAY, 101.0)
    return some


def blocks(capture: Capture) -> list[Block]:
    """Take the file apart, and check what each block says of its own length."""
    data = b"".join(pcapng.write(capture))
    found = []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0
        assert data[length - 4 : length] == struct.pack("<I", length)
        found.append(Block(kind, data[8 : length - 4]))
        data = data[length:]
    return found


def options(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        code, length = struct.unpack_from("<HH", data)
        found.append((code, data[4 : 4 + length]))
        data = data[4 + (length + 3) // 4 * 4 :]
    assert not found or found.pop() == (0, b"")
    return found


def raw_packets(capture: Capture) -> list[bytes]:
    return [block.body[20 : 20 + struct.unpack_from("<I", block.body, 12)[0]] for block in blocks(capture)[2:]]


def packets(capture: Capture) -> list[Packet]:
    """Return the packets of IPv4."""
    found = []
    for kind, body in blocks(capture)[2:]:
        interface, high, low, kept_size, size = struct.unpack_from("<IIIII", body)
        assert (kind, interface, kept_size) == (6, 0, size)
        raw = body[20 : 20 + size]
        port, _, sequence, acknowledged, offset, flags = struct.unpack_from(">HHIIBB", raw, 20)
        comments = [value.decode() for code, value in options(body[20 + (size + 3) // 4 * 4 :]) if code == 1]
        client = port != RELAY[1]
        data = raw[20 + (offset >> 4) * 4 :]
        base = FIRST if flags & ACK else 0
        microseconds = (high << 32 | low) - round(MS_1970 * 1_000)
        found.append(Packet(client, flags, sequence - FIRST, acknowledged - base, data, microseconds, comments))
    return found


def after_the_handshake(capture: Capture) -> list[tuple[bool, int, int, int, bytes]]:
    return [packet[:5] for packet in packets(capture)[3:]]


def test_the_section_says_what_is_true_in_it_and_what_is_made_up() -> None:
    kind, body = blocks(Capture((100.0, MS_1970)))[0]
    assert kind == 0x0A0D0D0A
    assert body[:16] == bytes.fromhex("4d3c2b1a 0100 0000 ffffffffffffffff")
    (comment_code, comment), (application_code, application) = options(body[16:])
    assert (comment_code, application_code) == (1, 4)
    assert b"the IP and TCP headers are made up" in comment
    assert application.decode() == f"pushdemo {__version__}"


def test_the_interface_has_ip_packets_without_a_link_layer_and_times_in_microseconds() -> None:
    kind, body = blocks(Capture((100.0, MS_1970)))[1]
    assert (kind, body[:8]) == (1, bytes.fromhex("6500 0000 00000000"))
    assert options(body[8:]) == [(2, b"pushdemo lab"), (9, b"\x06")]


def test_an_empty_capture_has_no_packets() -> None:
    assert packets(Capture((100.0, MS_1970))) == []


def test_a_connection_is_opened_by_a_handshake_when_it_was_accepted() -> None:
    assert packets(opened()) == [
        Packet(True, SYN, 0, 0, b"", 1_000_000, []),
        Packet(False, SYN | ACK, 0, 1, b"", 1_000_000, []),
        Packet(True, ACK, 1, 1, b"", 1_000_000, []),
    ]


def test_a_packet_of_ipv4_is_right_to_the_bit() -> None:
    assert raw_packets(opened())[0] == SYN_4


def test_a_packet_of_ipv6_is_right_to_the_bit() -> None:
    some = Capture((100.0, MS_1970))
    some.opened(1, CLIENT_6, RELAY_6, 101.0)
    some.passed(1, True, b"abc", 102.0, 102.0)
    assert raw_packets(some)[3] == DATA_6


def test_the_packets_of_each_host_are_counted() -> None:
    some = opened()
    some.passed(1, False, b"abc", 102.0, 102.0)
    assert [int.from_bytes(raw[4:6]) for raw in raw_packets(some)] == [1, 1, 2, 2, 3]


def test_bytes_are_acknowledged_at_once() -> None:
    some = opened()
    some.passed(1, True, b"ask", 102.0, 102.0)
    some.passed(1, False, b"answer", 103.0, 103.0)
    assert after_the_handshake(some) == [
        (True, PSH | ACK, 1, 1, b"ask"),
        (False, ACK, 1, 4, b""),
        (False, PSH | ACK, 1, 4, b"answer"),
        (True, ACK, 4, 7, b""),
    ]


@pytest.mark.parametrize(
    ("size", "sizes"), [(1_460, [1_460]), (1_461, [1_460, 1]), (2_920, [1_460, 1_460]), (3_000, [1_460, 1_460, 80])]
)
def test_what_is_larger_than_a_packet_is_cut_and_the_last_has_push(size: int, sizes: list[int]) -> None:
    some = opened()
    some.passed(1, False, bytes(size), 102.0, 102.0)
    sent = [packet for packet in packets(some) if packet.data]
    assert [len(packet.data) for packet in sent] == sizes
    assert [packet.flags for packet in sent] == [ACK] * (len(sizes) - 1) + [PSH | ACK]
    assert [packet.sequence for packet in sent] == [1 + 1_460 * place for place in range(len(sizes))]


def test_a_clients_bytes_stand_where_they_came_and_the_servers_where_they_were_handed_on() -> None:
    some = opened()
    some.passed(1, False, b"first", 102.0, 103.0)
    some.passed(1, True, b"sent before it came", 102.5, 104.0)
    times = {packet.data: packet.microseconds for packet in packets(some) if packet.data}
    assert times == {b"sent before it came": 2_500_000, b"first": 3_000_000}
    assert [packet.data for packet in packets(some) if packet.data] == [b"sent before it came", b"first"]


def test_connections_stand_in_the_order_of_time() -> None:
    some = opened()
    some.opened(2, ("127.0.0.1", 50_002), RELAY, 102.0)
    some.passed(2, True, b"b", 102.5, 103.5)
    some.passed(1, True, b"a", 102.25, 104.0)
    times = [packet.microseconds for packet in packets(some)]
    assert times == sorted(times)
    assert [packet.data for packet in packets(some) if packet.data] == [b"a", b"b"]


def test_both_ends_are_passed_on_and_acknowledged() -> None:
    some = opened()
    some.ended(1, True, 102.0)
    some.passed(1, False, b"more", 103.0, 103.0)
    some.ended(1, False, 104.0)
    some.closed(1, 104.0)
    assert after_the_handshake(some) == [
        (True, FIN | ACK, 1, 1, b""),
        (False, ACK, 1, 2, b""),
        (False, PSH | ACK, 1, 2, b"more"),
        (True, ACK, 2, 5, b""),
        (False, FIN | ACK, 5, 2, b""),
        (True, ACK, 2, 6, b""),
    ]


def test_a_reset_is_one_packet() -> None:
    some = opened()
    some.passed(1, True, b"ask", 102.0, 102.0)
    some.reset(1, 103.0)
    some.closed(1, 103.0)
    assert after_the_handshake(some)[2:] == [(False, RST | ACK, 1, 4, b"")]


def test_remarks_are_comments_on_the_next_packet_of_their_connection() -> None:
    some = opened()
    some.opened(2, ("127.0.0.1", 50_002), RELAY, 102.0)
    some.told(1, "an answer is held back", 103.0)
    some.told(1, "für immer", 103.5)
    some.passed(2, True, b"other", 104.0, 104.0)
    some.passed(1, False, bytes(2_000), 105.0, 105.0)
    commented = [packet for packet in packets(some) if packet.comments]
    assert [packet.comments for packet in commented] == [["an answer is held back", "für immer"]]
    assert (len(commented[0].data), commented[0].microseconds) == (1_460, 5_000_000)


def test_a_remark_that_no_packet_follows_is_a_comment_on_what_passed_last() -> None:
    some = opened()
    some.passed(1, True, b"ask", 102.0, 102.0)
    some.told(1, "the answer is gone", 104.5)
    some.closed(1, 105.0)
    assert [(packet.data, packet.comments) for packet in packets(some) if packet.comments] == [
        (b"ask", ["the answer is gone (told 2.500 s after this packet)"])
    ]


def test_a_connection_whose_beginning_is_gone_begins_before_its_first_kept_byte_and_says_what_is_missing() -> None:
    some = Capture((100.0, MS_1970), most_bytes=1_004)
    some.opened(1, CLIENT, RELAY, 101.0)
    some.passed(1, True, bytes(1_000), 102.0, 102.0)
    some.passed(1, False, b"gone", 103.0, 103.0)
    some.passed(1, False, bytes(1_000), 104.0, 104.0)
    some.passed(1, True, b"kept", 105.0, 105.0)
    missing = (
        "The beginning of this connection is no longer kept, and this handshake stands in for it: "
        "1,000 bytes to the server and 4 to the client are missing before it."
    )
    assert packets(some) == [
        Packet(True, SYN, 1_000, 0, b"", 4_000_000, [missing]),
        Packet(False, SYN | ACK, 4, 1_001, b"", 4_000_000, []),
        Packet(True, ACK, 1_001, 5, b"", 4_000_000, []),
        Packet(False, PSH | ACK, 5, 1_001, bytes(1_000), 4_000_000, []),
        Packet(True, ACK, 1_001, 1_005, b"", 4_000_000, []),
        Packet(True, PSH | ACK, 1_001, 1_005, b"kept", 5_000_000, []),
        Packet(False, ACK, 1_005, 1_005, b"", 5_000_000, []),
    ]


def test_a_connection_of_which_only_the_closing_is_kept_has_no_packets() -> None:
    some = Capture((100.0, MS_1970), most_records=2)
    some.opened(1, CLIENT, RELAY, 101.0)
    some.told(1, "too late for a packet", 102.0)
    some.closed(1, 102.0)
    assert packets(some) == []


@pytest.mark.parametrize(
    ("relay", "version", "source"), [(RELAY, 4, slice(12, 16)), (RELAY_6, 6, slice(8, 24))], ids=["IPv4", "IPv6"]
)
def test_a_client_that_was_gone_at_once_has_the_address_of_nobody(
    relay: tuple[str, int], version: int, source: slice
) -> None:
    some = Capture((100.0, MS_1970))
    some.opened(1, ("", 0), relay, 101.0)
    some.reset(1, 101.0)
    first = raw_packets(some)[0]
    assert first[0] >> 4 == version
    assert not any(first[source])


def test_sequence_numbers_go_on_from_0_when_they_are_used_up() -> None:
    some = Capture((100.0, MS_1970))
    some.opened(4_096, CLIENT, RELAY, 101.0)  # 4,096 times 2**20 is 2**32
    assert [packet.sequence + FIRST for packet in packets(some)] == [0, 0, 1]


def test_what_is_told_while_the_file_is_taken_is_not_in_it() -> None:
    some = Capture((100.0, MS_1970), most_records=3)
    some.opened(1, CLIENT, RELAY, 101.0)
    some.passed(1, True, b"ask", 102.0, 102.0)
    before = b"".join(pcapng.write(some))
    pieces = pcapng.write(some)
    for _ in range(3):
        some.passed(1, True, b"more", 103.0, 103.0)
    assert b"".join(pieces) == before


def test_a_long_capture_comes_in_pieces() -> None:
    some = opened()
    for _ in range(4):
        some.passed(1, True, bytes(100_000), 102.0, 102.0)
    sizes = [len(piece) for piece in pcapng.write(some)]
    assert len(sizes) == 7
    assert all(65_536 <= size < 65_536 + 1_600 for size in sizes[:-1])
