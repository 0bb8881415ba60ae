"""How it was measured, in plain words: the same for every run, except for what its settings change."""

from benchmarks.plan import Plan
from benchmarks.report.blocks import Block, Facts, Paragraph, Section
from benchmarks.report.wording import number

ACCOUNTS = [
    ("Payload", "The messages themselves, as JSON; compressed, if they crossed the network so."),
    (
        "HTTP headers",
        "Request and response heads: paid for with each poll and each POST, and once by an event stream.",
    ),
    (
        "Framing",
        "What wraps a message: the envelope of a poll's answer, chunk sizes, SSE fields, WebSocket frame headers and masks, "
        "Engine.IO and Socket.IO packet heads, acknowledgements.",
    ),
    (
        "Handshake",
        "What is exchanged before the first message can come: the upgrade, the opening of Engine.IO and Socket.IO, the join, "
        "the cursor and reconnection time that a stream begins with.",
    ),
    ("Heartbeat", "Comments, pings and pongs, with their framing."),
    (
        "TCP and IP",
        "Not counted but estimated, from the segments that the kernel counted: 20 bytes of IP, 20 of TCP and 12 of time stamps "
        "for each. On loopback segments are larger than on a real network, so there are fewer of them.",
    ),
]


def method(plan: Plan) -> Section:
    """Return the section that defines what the figures mean."""
    blocks: list[Block] = [
        Facts(_definitions(plan), columns=2),
        Paragraph(
            "Bytes are told apart by what they are for. The accounts of a direction add up to its bytes exactly:"
        ),
        Facts(ACCOUNTS, columns=2),
        Paragraph(
            "Raw data: results.json holds every figure of every run with settings and machine, results.csv the same as a "
            "table, samples.csv.gz every single delivery that was expected, with its intended, sent and received time. They lie "
            "beside this file."
        ),
    ]
    return Section("How it was measured", blocks)


def _definitions(plan: Plan) -> list[tuple[str, str]]:
    clock = "Publishing and receiving are timed by one monotonic clock on one machine; two clocks are never compared."
    if plan.url:
        clock += " What the server's own clock says is shown too, corrected by the offset that was measured."
    return [
        (
            "Latency",
            "From the time a message was meant to be published to its arrival at a client. A publisher that is held up is late "
            "against its schedule, so a stall is charged to every message that was due meanwhile. The latency from the moment of "
            "really sending stands beside it.",
        ),
        (
            "Open model",
            "All publishing times are known before the run begins and wait for nobody; a slow server does not slow down the "
            "load that would show it to be slow.",
        ),
        (
            "Delivery",
            "One message to one client. Everything is counted: what never came is lost, and has no latency. What was not "
            "measured is n/a, never 0.",
        ),
        (
            "Percentile",
            "By nearest rank, over all samples: 99 % within 5 ms means that of 100 deliveries 99 took 5 ms at most. It is always a "
            "value that was measured.",
        ),
        ("Clock", clock),
        (
            "Bytes",
            "Counted at the sockets of the reading clients, headers included, from connect to the last delivery; publishing is "
            "not among them. TLS is not in use.",
        ),
        (
            "Short polling",
            f"Client k of N begins k T / N after the first and asks every T = {number(plan.poll_interval_s)} s from there; "
            "clients that start together would all see the publisher at one and the same phase.",
        ),
        (
            "Theory",
            "From two delays measured on the idle server, the way there (d) and the gap between two long polls (G), and from how long "
            "the server takes to serve all readers of one message. Short polling: T / 2 + d. Long polling: d, and more for "
            "what comes in a gap. Streams: d. It holds if the measured mean is within 10 %, 2 ms or two standard errors.",
        ),
    ]
