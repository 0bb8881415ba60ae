"""How it was measured, in plain words: the same for every run, except for what its settings change."""

from benchmarks.plan import Plan
from benchmarks.report.blocks import Block, Facts, Paragraph, Section
from benchmarks.report.wording import number

LATENCY = (
    "From the time a message was meant to be published to its arrival at a client. A publisher that is held up is late "
    "against its schedule, so a stall is charged to every message that was due meanwhile. The latency from the moment "
    "of really sending stands beside it."
)
OPEN_MODEL = (
    "All publishing times are known before the run begins and wait for nobody: a slow server does not slow down the "
    "load that would show it to be slow."
)
DELIVERY = (
    "One message to one client. What never came is counted as lost, and has no latency. What was not measured is n/a, "
    "never 0."
)
PERCENTILE = (
    "By nearest rank, over all samples: 99 % within 5 ms means that of 100 deliveries 99 took 5 ms at most. It is "
    "always a value that was measured."
)
CLOCK = "Publishing and receiving are timed by one monotonic clock on one machine; two clocks are never compared."
CLOCK_OF_SERVER = " What the server's own clock says is shown too, corrected by the offset that was measured."
BYTES = (
    "Counted at the sockets of the reading clients, headers included, from connect to the last delivery; publishing "
    "is not among them. There is no TLS."
)
PHASES = (
    "Client k of N begins k T / N after the first and asks every T = {interval} s from there. Clients that start "
    "together would all see the publisher at one and the same phase."
)
THEORY = (
    "Of d, the way from the publisher by the server to a client, and G, the gap between two long polls, both measured "
    "on the idle server; and of S, in which the server serves all readers of one message, from its CPU per delivery. "
    "Short polling: T / 2 + d. Long polling: d + S / 2, and more for what comes in a gap. Streams: d + S / 2. It "
    "holds if the measured mean is within 10 %, 2 ms or two standard errors of it, whichever is most, or anywhere "
    "within S."
)
RAW_DATA = (
    "Beside this file lie results.json with every figure of every run, its settings and the machine, results.csv with "
    "the figures as a table, and samples.csv.gz with every single delivery that was expected: when it was meant to be "
    "sent, was sent and was received."
)

PAYLOAD = "The messages themselves, as JSON; compressed, if they crossed the network so."
HTTP_HEADERS = "Request and response heads: paid for with each poll and each POST, and once by an event stream."
FRAMING = (
    "What wraps a message: the envelope of a poll's answer, chunk sizes, SSE fields, WebSocket frame headers and "
    "masks, Engine.IO and Socket.IO packet heads, acknowledgements."
)
HANDSHAKE = (
    "What is exchanged before the first message can come: the upgrade, the opening of Engine.IO and Socket.IO, the "
    "join, the cursor and reconnection time that a stream begins with."
)
HEARTBEAT = "Comments, pings and pongs, with their framing."
TCP_IP = (
    "Not counted but estimated from the segments that the kernel counted: 20 bytes of IP, 20 of TCP and 12 of time "
    "stamps each. On loopback segments may be larger than on a network, so there are fewer of them."
)

ACCOUNTS = [
    ("Payload", PAYLOAD),
    ("HTTP headers", HTTP_HEADERS),
    ("Framing", FRAMING),
    ("Handshake", HANDSHAKE),
    ("Heartbeat", HEARTBEAT),
    ("TCP and IP", TCP_IP),
]


def method(plan: Plan) -> Section:
    """Return the section that defines what the figures mean."""
    definitions = [
        ("Latency", LATENCY),
        ("Open model", OPEN_MODEL),
        ("Delivery", DELIVERY),
        ("Percentile", PERCENTILE),
        ("Clock", CLOCK + (CLOCK_OF_SERVER if plan.url else "")),
        ("Bytes", BYTES),
        ("Short polling", PHASES.format(interval=number(plan.poll_interval_s))),
        ("Theory", THEORY),
    ]
    blocks: list[Block] = [
        Facts(definitions),
        Paragraph(
            "Bytes are told apart by what they are for. The accounts of a direction add up to its bytes exactly."
        ),
        Facts(ACCOUNTS),
        Paragraph(RAW_DATA),
    ]
    return Section("How it was measured", blocks)
