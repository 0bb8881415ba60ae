"""Five updates to one browser, counted as an article did, and with what it left out.

An article on aquil.io polled, held, streamed and framed five updates, one a second, and compared the bytes of the
responses. The requests cost more: with a browser's headers it takes 430 bytes to ask for an answer of 158.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets.in_turn import Wanted, measure_in_turn
from benchmarks.presets.preset import Preset
from benchmarks.report import Axis, Bar, BarChart, BarGroup, Key, Paragraph, Part, Picture, Section
from benchmarks.report.groups import name_of
from benchmarks.report.wording import percent, whole
from benchmarks.results import Beside, Run
from benchmarks.session import Session


class Counts(NamedTuple):
    """What five updates took: requests, the bytes of all responses, and those of the heads of all requests."""

    exchanges: int
    response_bytes: int
    request_bytes: int


PUBLISHED = {
    "short-poll": Counts(15, 2_370, 6_450),
    "long-poll": Counts(5, 790, 2_140),
    "sse": Counts(1, 452, 450),
    "websocket": Counts(1, 129, 594),
}
"""Recomputed from the article's HAR files. WebSocket's response is the handshake alone: HAR leaves frames out."""

EXCHANGES = {
    "short-poll": "Our polling begins before the first update and ends after the last.",
    "long-poll": "Our first poll asks where the feed is and our last is still held at the end: two more than updates.",
    "sse": "One request opens the stream.",
    "websocket": "One request opens the connection.",
    "socket-io": "The article has no Socket.IO: Engine.IO's handshake, CONNECT, its answer, and the upgrade.",
}
RESPONSES = {
    "short-poll": (
        "Their body has 50 bytes; ours has as much text, and id, room, sender and time around it in each of the five "
        "messages. An empty answer is a head and a cursor. No TLS here: our bytes are above it, as a HAR file's are."
    ),
    "long-poll": "Messages as above.",
    "sse": "Messages as above, and each carries its id once more, as the last event ID.",
    "websocket": "Messages as above. Theirs is the handshake alone, without frames; ours has both.",
    "socket-io": "Messages as above, with the event's name around each, and the opening handshake.",
}
REQUESTS = {
    "short-poll": "The article left them out. Both carry a browser's headers; a referrer is not among ours.",
    "long-poll": "Left out as well.",
    "sse": "Left out as well; after it the client says nothing more.",
    "websocket": "Left out as well; a handshake has a key and a version besides.",
    "socket-io": "Four requests, one of them with a body, and the frames of probe, upgrade and join.",
}

ONE_CLIENT = (
    "This is about bytes. One client that polls every 250 ms meets a message every second at one and the same phase, "
    "so the latency of short polling in the rest of this report is that phase's, and not T / 2."
)


def counts_of(run: Run) -> Counts:
    """Return a run as the article counted, with all that was sent: but for heads, readers send only handshakes."""
    return Counts(run.requests, run.bytes_received, run.bytes_sent)


def beside(technique: str, ours: Counts | None) -> list[Beside]:
    """Return published and ours of a technique."""
    theirs = PUBLISHED.get(technique)
    rows: tuple[tuple[str, str, Callable[[Counts], int], str], ...] = (
        ("exchanges", "", lambda counts: counts.exchanges, EXCHANGES[technique]),
        ("bytes of responses", "bytes", lambda counts: counts.response_bytes, RESPONSES[technique]),
        ("bytes of requests", "bytes", lambda counts: counts.request_bytes, REQUESTS[technique]),
    )
    return [
        Beside(
            f"{name_of(technique)}: {what}",
            unit,
            get(theirs) if theirs else None,
            get(ours) if ours else None,
            reason,
        )
        for what, unit, get, reason in rows
    ]


def left_out(found: Sequence[tuple[str, Counts]]) -> Section:
    """Return what the article counted and what it left out, drawn."""
    groups = [BarGroup(name_of(technique), _bars(technique, ours), technique) for technique, ours in found]
    told = [
        f"{name_of(technique)} {whole(ours.response_bytes)} of responses and {whole(ours.request_bytes)} of requests"
        for technique, ours in found
    ]
    chart = BarChart(
        label=f"Bytes for five updates, ours: {'; '.join(told)}.",
        x=Axis("bytes for five updates to one client"),
        groups=groups,
        keys=(Key("responses", None, "fill-payload"), Key("requests: left out", None, "fill-http_headers")),
    )
    caption = "The published responses of WebSocket are its handshake alone, without the frames."
    said = Paragraph(_share_left_out(dict(found)))
    return Section("What was left out", [said, Picture(chart, caption=caption), Paragraph(ONE_CLIENT)])


def _share_left_out(ours: dict[str, Counts]) -> str:
    theirs = PUBLISHED["short-poll"]
    text = (
        "The article counted the bytes of responses. Of all bytes of its short polling they are "
        f"{_share_of_responses(theirs)}: what a client sends to ask costs more than what it gets."
    )
    mine = ours.get("short-poll")
    return f"{text} Here they are {_share_of_responses(mine)}." if mine else text


def _share_of_responses(counts: Counts) -> str:
    return percent(counts.response_bytes / (counts.response_bytes + counts.request_bytes))


def _bars(technique: str, ours: Counts) -> list[Bar]:
    theirs = PUBLISHED.get(technique)
    return [_bar(name, counts) for name, counts in (("published", theirs), ("ours", ours)) if counts is not None]


def _bar(name: str, counts: Counts) -> Bar:
    parts = [
        Part(counts.response_bytes, "fill-payload", f"{name}, responses: {whole(counts.response_bytes)} bytes"),
        Part(counts.request_bytes, "fill-http_headers", f"{name}, requests: {whole(counts.request_bytes)} bytes"),
    ]
    return Bar(name, parts, f"{whole(counts.response_bytes)} + {whole(counts.request_bytes)}")


async def measure(session: Session) -> list[Section]:
    """Measure each technique once."""
    techniques = session.plan.techniques
    measured = await measure_in_turn(session, [Wanted(session.plan, technique) for technique in techniques])
    counts = [counts_of(each.run) if each else None for each in measured]
    pairs = list(zip(techniques, counts, strict=True))
    session.results.beside = [row for technique, ours in pairs for row in beside(technique, ours)]
    found = [(technique, ours) for technique, ours in pairs if ours is not None]
    return [left_out(found)] if found else []


PRESET = Preset(
    name="aquilio",
    about="What five updates cost one browser: requests, bytes of responses, and the bytes of requests besides.",
    source=(
        "A. Abril, A comparison between WebSockets, server-sent events, and polling, aquil.io (2017): five updates, "
        "one a second, by TLS, each of 50 bytes, a poll every 250 ms; recomputed from its HAR files"
    ),
    plan=Plan(
        clients=1,
        rate=1,
        duration_s=5,
        poll_interval_s=0.25,
        text_bytes=50,
        techniques=TECHNIQUES,
        browser_headers=True,
    ),
    measure=measure,
)
