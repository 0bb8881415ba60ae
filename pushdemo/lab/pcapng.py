"""A capture as a pcapng file, which Wireshark, tshark and tcpdump open.

The payload, its times and the remarks are as they crossed the relay. The packets around them are made up, because a
relay passes bytes and sees no packets: they are those that tcpdump would have seen at the client, had no packet been
lost. A client's bytes stand where they came to the relay, the server's where they were handed on to the client.

What is made up, connection by connection:

- the handshake, at the moment when the relay accepted the client;
- segments of at most `MSS_BYTES`, of which the last of what passed together has PSH, and an ACK for each, at once;
- raw sequence numbers begin at the number of the connection times 2 to the power of 20, and count all bytes, so that
  connections from the same port have others, and a byte has the same in every file;
- FIN stands where the relay passed it on, RST as if the relay had sent it, whoever did;
- where the beginning is no longer kept, the handshake stands just before the first byte that is, and a comment on its
  first packet says how much is missing.

A remark is a comment on the next packet of its connection or, where none follows, on what passed last.

The format is draft-ietf-opsawg-pcapng; packets are IP without a link layer (LINKTYPE_RAW): RFC 791, 8200 and 9293.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple

from pushdemo import __version__
from pushdemo.lab.capture import Capture, Kept, Record
from pushdemo.lab.connection import Address

MEDIA_TYPE = "application/x-pcapng"

PIECE_BYTES = 64 << 10
"""Blocks are handed out together until they are so many bytes."""

MSS_BYTES = {4: 1_460, 6: 1_440}
"""What a packet of 1,500 bytes carries over IPv4 and over IPv6, RFC 9293 section 3.7.1."""

APPLICATION = f"pushdemo {__version__}"
INTERFACE = "pushdemo lab"
ABOUT = (
    "What crossed a relay of pushdemo, as seen at the client. Payload and times are as they crossed it, a client's "
    "bytes when they came to the relay and the server's when they were handed on; the IP and TCP headers are made up."
)

SECTION_HEADER, INTERFACE_DESCRIPTION, ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
END_OF_OPTIONS, COMMENT, APPLICATION_NAME, INTERFACE_NAME, TIME_RESOLUTION = 0, 1, 4, 2, 9
BYTE_ORDER, VERSION, LENGTH_NOT_SAID = 0x1A2B3C4D, (1, 0), -1
LINKTYPE_RAW = 101
MICROSECONDS = 6
"""10 to the power of minus this: a double of milliseconds since 1970 holds no more."""

NO_ADDRESS = {4: "0.0.0.0", 6: "::"}
"""Of a client that was gone before the relay could ask for its address."""

HAVE_PACKETS = {"opened", "data", "ended", "reset"}

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, TTL, DO_NOT_FRAGMENT, WINDOW = 6, 64, 0x4000, 65_535
SACK_PERMITTED = b"\x01\x01\x04\x02"  # two of padding before it


def write(capture: Capture) -> Iterator[bytes]:
    """Return the file, in pieces; what is told to `capture` meanwhile is not in it.

    What is kept is looked up before this returns, so that another thread may take the pieces.
    """
    seen = {number: _Seen(number, each.client, each.relay, each.kept) for number, each in capture.connections.items()}
    records = sorted(capture.since(0).records, key=_seen_at)  # where they are equal, as they were told
    return _pieces(_blocks(seen, records, capture.wall_ms))


class _Seen(NamedTuple):
    """What is to be known of a connection."""

    number: int
    client: Address
    relay: Address
    kept: Kept


def _seen_at(record: Record) -> float:
    """Return when a wire before the client carried it."""
    return record.came_at if record.to_server else record.at


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for block in blocks:
        waiting.append(block)
        size += len(block)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _blocks(seen: dict[int, _Seen], records: list[Record], wall_ms: Callable[[float], float]) -> Iterator[bytes]:
    yield _section_header()
    yield _interface_description()
    remarks = _remarks(records)
    conversations: dict[int, _Conversation] = {}
    for place, record in enumerate(records):
        if record.what not in HAVE_PACKETS:
            continue
        comments = remarks.get(place, [])
        conversation = conversations.get(record.number)
        if conversation is None:
            conversation = conversations[record.number] = _Conversation(seen[record.number])
            comments = _missing(seen[record.number].kept) + comments
        time = round(wall_ms(_seen_at(record)) * 1_000)
        for packet in conversation.packets(record):
            yield _enhanced_packet(packet, time, comments)
            comments = []


def _missing(kept: Kept) -> list[str]:
    if kept.opening:
        return []
    handshake = "The beginning of this connection is no longer kept, and this handshake stands in for it"
    return [f"{handshake}: {kept.up:,} bytes to the server and {kept.down:,} to the client are missing before it."]


def _remarks(records: list[Record]) -> dict[int, list[str]]:
    """Return the remarks by the place of the record whose first packet has them as comments."""
    remarks: dict[int, list[str]] = {}
    waiting: dict[int, list[Record]] = {}
    last: dict[int, int] = {}
    for place, record in enumerate(records):
        if record.what == "told":
            waiting.setdefault(record.number, []).append(record)
        elif record.what in HAVE_PACKETS:
            last[record.number] = place
            if told := waiting.pop(record.number, None):
                remarks[place] = [each.data.decode() for each in told]
    for number, told in waiting.items():
        if number in last:
            before = _seen_at(records[last[number]])
            late = [f"{each.data.decode()} (told {each.at - before:.3f} s after this packet)" for each in told]
            remarks.setdefault(last[number], []).extend(late)
    return remarks


class _Host:
    """One end of a conversation, and what it has sent so far."""

    __slots__ = ("address", "packets", "port", "sequence")

    def __init__(self, address: Address, sequence: int, version: int) -> None:
        host, self.port = address
        self.address = ip_address(host or NO_ADDRESS[version]).packed
        self.sequence = sequence  # the next
        self.packets = 0


class _Conversation:
    """The packets of one connection."""

    def __init__(self, seen: _Seen) -> None:
        first = seen.number << 20
        self._version = 6 if ":" in seen.client[0] + seen.relay[0] else 4
        self._client = _Host(seen.client, first + seen.kept.up, self._version)
        self._relay = _Host(seen.relay, first + seen.kept.down, self._version)
        self._mss_bytes = MSS_BYTES[self._version]
        self._begun = False
        # What the checksum of TCP has of the IP header, but for the length: RFC 9293 section 3.1, RFC 8200 section 8.1.
        self._pseudo_sum = _sum(self._client.address + self._relay.address) + TCP

    def packets(self, record: Record) -> Iterator[bytes]:
        """Yield what a record is, and before the first of them the handshake."""
        if not self._begun:
            self._begun = True
            yield from self._handshake()
        sender, receiver = (self._client, self._relay) if record.to_server else (self._relay, self._client)
        if record.what == "data":
            last = len(record.data) - self._mss_bytes
            for start in range(0, len(record.data), self._mss_bytes):
                flags = ACK if start < last else PSH | ACK
                yield self._packet(sender, receiver, flags, record.data[start : start + self._mss_bytes])
                yield self._packet(receiver, sender, ACK)
        elif record.what == "ended":
            yield self._packet(sender, receiver, FIN | ACK)
            yield self._packet(receiver, sender, ACK)
        elif record.what == "reset":
            yield self._packet(sender, receiver, RST | ACK)

    def _handshake(self) -> Iterator[bytes]:
        options = struct.pack(">BBH", 2, 4, self._mss_bytes) + SACK_PERMITTED
        yield self._packet(self._client, self._relay, SYN, options=options)
        yield self._packet(self._relay, self._client, SYN | ACK, options=options)
        yield self._packet(self._client, self._relay, ACK)

    def _packet(self, sender: _Host, receiver: _Host, flags: int, data: bytes = b"", options: bytes = b"") -> bytes:
        header = struct.pack(
            ">HHIIBBHHH",
            sender.port,
            receiver.port,
            sender.sequence & 0xFFFF_FFFF,
            receiver.sequence & 0xFFFF_FFFF if flags & ACK else 0,
            (20 + len(options)) // 4 << 4,
            flags,
            WINDOW,
            0,
            0,
        )
        size = len(header) + len(options) + len(data)
        checksum = -(self._pseudo_sum + size + _sum(header) + _sum(options) + _sum(data)) % 0xFFFF
        sender.sequence += len(data) + bool(flags & (SYN | FIN))  # each of which takes a number as a byte does
        ip = self._ip_header(sender, receiver, size)
        return b"".join((ip, header[:16], checksum.to_bytes(2), header[18:], options, data))

    def _ip_header(self, sender: _Host, receiver: _Host, size: int) -> bytes:
        if self._version == 6:
            return struct.pack(">IHBB16s16s", 6 << 28, size, TCP, TTL, sender.address, receiver.address)
        sender.packets += 1
        header = struct.pack(
            ">BBHHHBBH4s4s",
            4 << 4 | 5,
            0,
            20 + size,
            sender.packets & 0xFFFF,
            DO_NOT_FRAGMENT,
            TTL,
            TCP,
            0,
            sender.address,
            receiver.address,
        )
        return header[:10] + (-_sum(header) % 0xFFFF).to_bytes(2) + header[12:]


def _sum(data: bytes) -> int:
    """Return a number that is, modulo 0xFFFF, the sum of the 16-bit words of `data`, as RFC 1071 adds them.

    Because 2 to the power of 16 is 1 modulo 0xFFFF, the number that all bytes together are is that, too.
    """
    return int.from_bytes(data + bytes(len(data) % 2)) % 0xFFFF


def _section_header() -> bytes:
    body = struct.pack("<IHHq", BYTE_ORDER, *VERSION, LENGTH_NOT_SAID)
    return _block(SECTION_HEADER, body, [(COMMENT, ABOUT.encode()), (APPLICATION_NAME, APPLICATION.encode())])


def _interface_description() -> bytes:
    body = struct.pack("<HHI", LINKTYPE_RAW, 0, 0)  # no limit to a packet's size
    return _block(
        INTERFACE_DESCRIPTION, body, [(INTERFACE_NAME, INTERFACE.encode()), (TIME_RESOLUTION, bytes([MICROSECONDS]))]
    )


def _enhanced_packet(packet: bytes, time: int, comments: list[str]) -> bytes:
    """Return the block of a packet; `time` is in microseconds since 1970."""
    body = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFF_FFFF, len(packet), len(packet)) + _padded(packet)
    return _block(ENHANCED_PACKET, body, [(COMMENT, each.encode()) for each in comments])


def _block(kind: int, body: bytes, options: list[tuple[int, bytes]]) -> bytes:
    parts = [body]
    if options:
        parts += [struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options]
        parts.append(struct.pack("<HH", END_OF_OPTIONS, 0))
    length = 12 + sum(map(len, parts))
    return b"".join((struct.pack("<II", kind, length), *parts, struct.pack("<I", length)))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
