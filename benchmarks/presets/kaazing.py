"""The table that made WebSocket famous, with our bytes in it.

Lubbers and Greco let a page ask a thousand, ten thousand and a hundred thousand times a second for twenty characters,
and set the 871 bytes of a poll's headers beside the 2 bytes of a frame. Megabits are theirs: divided by 2^20, and of
headers alone. 871 counts characters; with the line ends that HTTP sends the same headers are 909 bytes. The 2 bytes are
those of a draft: RFC 6455 costs 2 towards the client and 6 towards the server.
"""

from msgspec.structs import replace

from benchmarks.plan import Plan
from benchmarks.presets.preset import Preset
from benchmarks.report import Section
from benchmarks.results import Beside, Run
from benchmarks.session import Session

PUBLISHED_POLL_BYTES = 871
PUBLISHED_FRAME_BYTES = 2
CLIENTS = (1_000, 10_000, 100_000)
PUBLISHED_MEGABITS = {"short-poll": (6.6, 66.0, 665.0), "websocket": (0.015, 0.153, 1.526)}
BITS_PER_MEGABIT = 1 << 20
MESSAGES_PER_S = 1


def megabits(overhead_bytes: float, clients: int) -> float:
    """Return the overhead of `clients` that get a message a second each, in the article's megabits per second."""
    return overhead_bytes * 8 * clients * MESSAGES_PER_S / BITS_PER_MEGABIT


def poll_bytes(run: Run) -> float | None:
    """Return the bytes of a poll's request and response heads."""
    heads = run.accounts.sent.http_headers + run.accounts.received.http_headers
    return heads / run.requests if run.requests else None


def frame_bytes(run: Run) -> float | None:
    """Return the bytes that a message's frame has besides its payload."""
    return run.accounts.received.framing / run.received if run.received else None


async def measure(session: Session) -> list[Section]:
    """Measure a poll with a browser's headers, one without, and a frame."""
    found: list[Beside] = []
    browser = await session.measure(session.plan, "short-poll", point={"browser_headers": 1})
    plain = await session.measure(_plain(session.plan), "short-poll", point={"browser_headers": 0})
    socket = await session.measure(session.plan, "websocket", point={"browser_headers": 1})
    poll, bare = (poll_bytes(each.run) if each else None for each in (browser, plain))
    frame = frame_bytes(socket.run) if socket else None
    found += [
        Beside(
            "headers of one poll, request and response",
            "bytes",
            PUBLISHED_POLL_BYTES,
            poll,
            "Theirs are of a page of 2010, with a cookie and a referrer, counted without line ends (909 with them). "
            "Ours are Chromium's without cookies, and our answer has four fields.",
        ),
        Beside(
            "the same, with the fields that HTTP needs alone",
            "bytes",
            None,
            bare,
            "Most of a poll's headers are the browser's, not the technique's.",
        ),
        Beside(
            "framing of one message to the client",
            "bytes",
            PUBLISHED_FRAME_BYTES,
            frame,
            "A draft's frame had 2 bytes for any length; RFC 6455 has 2 below 126 bytes of payload and 4 from there "
            "on.",
        ),
    ]
    for technique, overhead, what in (("short-poll", poll, "polling"), ("websocket", frame, "WebSocket")):
        for clients, published in zip(CLIENTS, PUBLISHED_MEGABITS[technique], strict=True):
            ours = None if overhead is None else megabits(overhead, clients)
            reason = "The same arithmetic with our bytes: overhead x 8 x clients / 2^20 each second."
            found.append(Beside(f"{what}, {clients:,} clients", "Mbit/s of 2^20", published, ours, reason))
    session.results.beside = found
    return []


def _plain(plan: Plan) -> Plan:
    return replace(plan, browser_headers=False)


PRESET = Preset(
    name="kaazing",
    about="What a message a second costs in headers, by polling and by WebSocket, for a thousand clients and more.",
    source=(
        "P. Lubbers and F. Greco, HTML5 Web Sockets: A Quantum Leap in Scalability for the Web (2010); recomputed: "
        "871 bytes x 8 x 1,000 / 2^20 = 6.6"
    ),
    plan=Plan(
        clients=50,
        rate=1,
        duration_s=10,
        poll_interval_s=1,
        text_bytes=20,
        techniques=("short-poll", "websocket"),
        browser_headers=True,
    ),
    measure=measure,
)
