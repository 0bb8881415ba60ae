"""What talking costs: a message to the server by POST, and in a frame on a connection that is there already.

Short polling, long polling and server-sent events bring messages to the client; what the client says goes by POST, the
same for all three. A WebSocket and a Socket.IO session carry it on the connection they have.
"""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.accounts import NAMES, Accounts
from benchmarks.plan import Plan
from benchmarks.presets.in_turn import Wanted, changed, measure_in_turn
from benchmarks.presets.preset import Preset
from benchmarks.report import Axis, Bar, BarChart, BarGroup, Key, Noted, Paragraph, Part, Picture, Section, Table
from benchmarks.report.traffic import ACCOUNTS
from benchmarks.report.wording import counted, ms, number, whole
from benchmarks.results import Beside, Sending
from benchmarks.session import Session

SHORT_BYTES, LONG_BYTES = 20, 1_000
"""Of text: a word of chat, and a paragraph."""

PUBLISHED_FRAME_BYTES = (2, 14)
PUBLISHED_HEADER_BYTES = (500, 800)


class Way(NamedTuple):
    """How a message gets to the server."""

    name: str
    technique: str
    browser_headers: bool = False


POST = Way("POST", "sse")
BROWSERS_POST = Way("Browser's POST", "sse", browser_headers=True)
WEBSOCKET = Way("WebSocket", "websocket")
SOCKET_IO = Way("Socket.IO", "socket-io")
WAYS = (POST, BROWSERS_POST, WEBSOCKET, SOCKET_IO)


class Sent(NamedTuple):
    """What sending by a way came to, with a text of so many bytes."""

    way: Way
    text_bytes: int
    sending: Sending


def per_message(accounts: Accounts, messages: int) -> Accounts | None:
    """Return what each message took, in bytes rounded; the handshake is paid for once, and is left out."""
    if not messages:
        return None
    return Accounts(
        *(
            0 if name == "handshake" else round(value / messages)
            for name, value in zip(NAMES, accounts.values(), strict=True)
        )
    )


def opening_bytes(sending: Sending) -> int:
    """Return the bytes both ways that are paid for once."""
    return sending.accounts.sent.handshake + sending.accounts.received.handshake


def header_bytes(sending: Sending) -> float | None:
    """Return the bytes of the heads of request and response, for each message."""
    total = sending.accounts.sent.http_headers + sending.accounts.received.http_headers
    return total / sending.messages if sending.messages else None


def frame_bytes(sending: Sending) -> float | None:
    """Return the bytes of what wraps a message on its way to the server."""
    return sending.accounts.sent.framing / sending.messages if sending.messages else None


def beside(found: Sequence[Sent]) -> list[Beside]:
    """Return both ends of the published ranges, each beside what comes nearest to it."""
    by = {(each.way, each.text_bytes): each.sending for each in found}
    short, long = by.get((WEBSOCKET, SHORT_BYTES)), by.get((WEBSOCKET, LONG_BYTES))
    plain, browsers = by.get((POST, SHORT_BYTES)), by.get((BROWSERS_POST, SHORT_BYTES))
    return [
        Beside(
            f"frame of a message to the server, {SHORT_BYTES} bytes of text; published: at least",
            "bytes",
            PUBLISHED_FRAME_BYTES[0],
            frame_bytes(short) if short else None,
            "2 is a frame to the client, below 126 bytes. To the server it is masked, which takes 4 more (RFC 6455 "
            "section 5.3).",
        ),
        Beside(
            f"the same, {whole(LONG_BYTES)} bytes of text; published: at most",
            "bytes",
            PUBLISHED_FRAME_BYTES[1],
            frame_bytes(long) if long else None,
            "14 is for 65,536 bytes and more: 2, 8 of length, and the mask. From 126 bytes on the length takes 2.",
        ),
        Beside(
            "heads of a POST and its answer, with what HTTP needs; published: at least",
            "bytes",
            PUBLISHED_HEADER_BYTES[0],
            header_bytes(plain) if plain else None,
            "A request line, Host, a type and a length; an answer with few fields. A program may be so brief.",
        ),
        Beside(
            "the same, with a browser's; published: at most",
            "bytes",
            PUBLISHED_HEADER_BYTES[1],
            header_bytes(browsers) if browsers else None,
            "Chromium's fields, without cookies and referrer, which most sites add to them.",
        ),
    ]


def cost_table(found: Sequence[Sent]) -> Table:
    """Return what each way costs, for each length of text."""
    head = ("", "sent, B", "received, B", "p50, ms", "99 % within, ms", "server CPU, µs", "once, to open, B")
    rows: list[Sequence[str | Noted | None] | str] = []
    accents: list[str | None] = []
    for text_bytes in dict.fromkeys(each.text_bytes for each in found):
        rows.append(counted(text_bytes, "byte of text", "bytes of text"))
        accents.append(None)
        for each in found:
            if each.text_bytes == text_bytes:
                rows.append(_row(each))
                accents.append(each.way.technique)
    caption = "One message from a client: bytes and CPU of each, and what the connection took before the first"
    return Table(caption, head, rows, row_accents=accents)


def _row(each: Sent) -> list[str | Noted | None]:
    sending = each.sending
    sent, received = (
        per_message(accounts, sending.messages) for accounts in (sending.accounts.sent, sending.accounts.received)
    )
    return [
        each.way.name,
        whole(sent.total) if sent else None,
        whole(received.total) if received else None,
        ms(sending.latency_ms.p50),
        ms(sending.latency_ms.p99),
        number(sending.server_cpu_us_per_message),
        whole(opening_bytes(sending)),
    ]


def bytes_picture(found: Sequence[Sent], text_bytes: int) -> Picture:
    """Return the bytes of a message by account, way beside way."""
    groups = [
        BarGroup(each.way.name, [bar for bar in _bars(each.sending) if bar], each.way.technique)
        for each in found
        if each.text_bytes == text_bytes
    ]
    told = [f"{group.name} {' and '.join(f'{bar.words} {bar.name}' for bar in group.bars)}" for group in groups]
    size = counted(text_bytes, "byte of text", "bytes of text")
    chart = BarChart(
        label=f"Bytes of one message to the server, {size}: {'; '.join(told)}.",
        x=Axis("bytes of one message"),
        groups=groups,
        keys=[Key(ACCOUNTS[name], None, f"fill-{name}") for name in ("payload", "http_headers", "framing")],
    )
    return Picture(
        chart, f"A message of {size}", "A POST has the colour of SSE, one of the three techniques that need it."
    )


def _bars(sending: Sending) -> list[Bar | None]:
    return [
        _bar("sent", per_message(sending.accounts.sent, sending.messages)),
        _bar("received", per_message(sending.accounts.received, sending.messages)),
    ]


def _bar(name: str, accounts: Accounts | None) -> Bar | None:
    if accounts is None:
        return None
    parts = [
        Part(value, f"fill-{account}", f"{name}, {ACCOUNTS[account]}: {whole(value)} bytes")
        for account, value in zip(NAMES, accounts.values(), strict=True)
        if value
    ]
    return Bar(name, parts, whole(accounts.total))


SAME_POST = (
    "Short polling, long polling and server-sent events send by the same POST, which was measured once for all three. "
    "Bytes are above TCP: by the source's figures IP, TCP and TLS add 60 to 100 to each message, whatever carries it."
)
COMES_BACK = (
    "Received is the acknowledgement, and for a WebSocket its own message too: it is always a reader. The answer to a "
    "POST, and Socket.IO's acknowledgement, bring the message back as the server keeps it. There is no network between "
    "here; over one, a POST on a kept connection and a frame both take one round trip, so what they differ in is bytes."
)
READING = (
    "One client read for a second beside each of these: what the rest of this report says of reading rests on little."
)


def section(found: Sequence[Sent]) -> Section:
    """Return what talking costs, as a table and drawn."""
    pictures = [bytes_picture(found, size) for size in dict.fromkeys(each.text_bytes for each in found)]
    paragraphs = [Paragraph(text) for text in (SAME_POST, COMES_BACK, READING)]
    return Section("What talking costs", [paragraphs[0], cost_table(found), *pictures, *paragraphs[1:]])


async def measure(session: Session) -> list[Section]:
    """Measure each way with a short and a long text."""
    cases = [(way, text_bytes) for text_bytes in (SHORT_BYTES, LONG_BYTES) for way in WAYS]
    wanted = [
        Wanted(changed(session.plan, text_bytes=size, browser_headers=way.browser_headers), way.technique)
        for way, size in cases
    ]
    measured = await measure_in_turn(session, wanted)
    found = [
        Sent(way, size, each.run.sending)
        for (way, size), each in zip(cases, measured, strict=True)
        if each is not None and each.run.sending is not None
    ]
    session.results.beside = beside(found)
    return [section(found)] if found else []


PRESET = Preset(
    name="upstream",
    about="What it costs to talk: a message to the server by POST, and in a frame by WebSocket and Socket.IO.",
    source=(
        "I. Grigorik, High Performance Browser Networking (2013): a WebSocket adds 2 to 14 bytes to a message, HTTP/1 "
        "500 to 800"
    ),
    plan=Plan(
        clients=1,
        rate=5,
        duration_s=1,
        text_bytes=SHORT_BYTES,
        techniques=("sse", "websocket", "socket-io"),
    ),
    measure=measure,
)
