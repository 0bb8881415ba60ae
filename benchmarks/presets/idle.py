"""What silence costs: many clients, and not one message.

Most of the time nothing happens. Short polling goes on asking; a long poll is answered empty when its time is up, and
asked again; streams send heartbeats, so that no proxy in between takes them for dead. Each technique is watched for a
whole number of its own intervals and half a second: four comments, three pings. How a count becomes a figure per hour
stands in silence.py.

The server's CPU is small, and most of it is what the server uses for itself. So one more run, of a single client,
measures that, to be taken off.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from benchmarks.models import LONG_POLL_TIMEOUT_S
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets.preset import Preset
from benchmarks.presets.silence import (
    ENGINE_IO_PING,
    HEARTBEATS,
    PING,
    SECONDS_PER_HOUR,
    Silence,
    cpu_ms_per_hour,
    predicted_requests,
    silence_of,
)
from benchmarks.presets.verdict import in_words, verdict
from benchmarks.report import Axis, Bar, BarChart, BarGroup, Key, Paragraph, Part, Picture, Section, Table
from benchmarks.report.blocks import Block, Cell
from benchmarks.report.groups import in_a_sentence, name_of
from benchmarks.report.traffic import ACCOUNTS
from benchmarks.report.wording import number, whole
from benchmarks.results import Beside, Run
from benchmarks.session import Session

INTERVALS_S = {name: beats[0].interval_s for name, beats in HEARTBEATS.items()} | {"long-poll": LONG_POLL_TIMEOUT_S}
MARGIN_S = 0.5
SHORT_POLL_S = 30.0
"""Of short polling as many intervals are enough as fit in this."""
LONE = "sse"
"""What the single client reads by."""
LONE_S = 30.0

MANY = 10_000
PUBLISHED_SOCKET_KB = 10.9
BYTES_PER_KIB, BYTES_PER_KB = 1_024, 1_000


def watched_s(technique: str, most_s: float) -> float:
    """Return how long to watch: the whole intervals that fit in `most_s`, and a little; where none fits, all of it."""
    if technique not in INTERVALS_S:
        return min(most_s, SHORT_POLL_S)
    interval_s = INTERVALS_S[technique]
    return most_s // interval_s * interval_s + MARGIN_S if most_s >= interval_s else most_s


def plan_of(technique: str, plan: Plan) -> Plan:
    """Return the settings of a technique's run."""
    return replace(plan, duration_s=watched_s(technique, plan.duration_s))


async def measure(session: Session) -> list[Section]:
    """Watch each technique, and at last a server with one client."""
    plan = session.plan
    session.progress.begin("Measuring", len(TECHNIQUES) + 1)
    runs: dict[str, Run] = {}
    for technique in TECHNIQUES:
        point = {"clients": float(plan.clients)}
        measured = await session.measure(plan_of(technique, plan), technique, point=point)
        if measured is not None:
            runs[technique] = measured.run
    alone = replace(plan, clients=1, duration_s=min(plan.duration_s, LONE_S))
    lone = await session.measure(alone, LONE, point={"clients": 1.0})
    if lone is not None:
        lone.run.server_kib_per_client = None  # of a single one it would be chance
    found = {name: each for name, run in runs.items() if (each := silence_of(run, plan.poll_interval_s))}
    session.results.beside = beside(found, plan)
    return [section(list(found.values()), lone.run if lone else None, plan)] if found else []


# --- published beside ours ---


def beside(found: Mapping[str, Silence], plan: Plan) -> list[Beside]:
    """Return what the intervals predict beside what was counted, for each client and hour."""
    rows = [_requests(name, found.get(name), plan.poll_interval_s) for name in ("short-poll", "long-poll")]
    for name in TECHNIQUES:
        rows += [_bytes(name, way, found.get(name)) for way in ("received", "sent")]
    return [*rows, _memory(found.get("websocket"))]


def _requests(technique: str, silence: Silence | None, poll_interval_s: float) -> Beside:
    gap_ms = silence.run.theory.gap_ms if silence else 0.0
    predicted = predicted_requests(technique, poll_interval_s, gap_ms)
    ours = silence.requests if silence else None
    every = f"{number(poll_interval_s)} s" if technique == "short-poll" else f"{number(LONG_POLL_TIMEOUT_S)} s, and G"
    reason = f"One every {every}. {in_words(ours, predicted, verdict(ours, predicted))}"
    return Beside(f"{in_a_sentence(technique)}, requests", "per client and hour", predicted, ours, reason)


def _bytes(technique: str, way: str, silence: Silence | None) -> Beside:
    what = f"{in_a_sentence(technique)}, {way}"
    ours = None if silence is None else silence.received_bytes if way == "received" else silence.sent_bytes
    unit = "bytes per client and hour"
    if technique not in HEARTBEATS:
        reason = "Not predicted: heads are as long as client and server make them; a browser's are longer than ours."
        if ours is not None and silence is not None and silence.requests:
            reason = f"{number(ours / silence.requests)} bytes a poll. {reason}"
        return Beside(what, unit, None, ours, reason)
    pieces = [(each, each.received if way == "received" else each.sent) for each in HEARTBEATS[technique]]
    predicted = sum(each.each_hour * piece.size for each, piece in pieces)
    told = [f"{number(each.each_hour)} x {piece.size} bytes, {piece.what}" for each, piece in pieces]
    reason = f"{'; '.join(told)}."
    if predicted:
        reason += f" {in_words(ours, predicted, verdict(ours, predicted))}"
    return Beside(what, unit, predicted, ours, reason)


def _memory(silence: Silence | None) -> Beside:
    kib = silence.run.server_kib_per_client if silence else None
    reason = (
        "Centrifugo's figure for an idle WebSocket, in the process, of a server in Go that was tuned for it. Neither "
        "counts what the kernel keeps, by theirs some 4 KB."
    )
    ours = None if kib is None else kib * BYTES_PER_KIB / BYTES_PER_KB
    return Beside("WebSocket, the server's memory", "KB per client", PUBLISHED_SOCKET_KB, ours, reason)


# --- the section ---


def section(found: Sequence[Silence], lone: Run | None, plan: Plan) -> Section:
    """Return the section on silence."""
    text = (
        f"{whole(plan.clients)} clients read a room in which nothing is said, each technique for a whole number of its "
        f"intervals: polls every {number(plan.poll_interval_s)} s, long polls that are held for "
        f"{number(LONG_POLL_TIMEOUT_S)} s, comments every {number(INTERVALS_S['sse'])} s, WebSocket's pings every "
        f"{number(PING.interval_s)} s. Socket.IO has those and Engine.IO's, every {number(ENGINE_IO_PING.interval_s)} "
        "s. The opening is told apart from the silence. Watching takes a little longer than the intervals do, so that "
        "figures of an hour are a percent or two low, and those of Socket.IO, whose two rhythms do not end together, "
        "some more."
    )
    not_counted = (
        "TCP and IP are not in these bytes: a heartbeat travels in a segment of its own and is acknowledged by "
        "another, 52 bytes each, several times what the heartbeat is."
    )
    streams = [each for each in found if each.run.technique != "short-poll"]
    blocks: list[Block] = [Paragraph(text), _table(found, lone), Paragraph(not_counted)]
    if len(found) < len(TECHNIQUES):
        blocks.insert(0, Paragraph("What was not watched for a whole interval of its own is left out.", caution=True))
    if lone is not None and lone.server_cpu_s is not None and lone.seconds:
        own_s = lone.server_cpu_s / lone.seconds * SECONDS_PER_HOUR
        blocks.append(
            Paragraph(
                f"For a single client the server uses {number(own_s)} s of CPU an hour, nearly all of it for itself; "
                "that is taken off what it uses for many. Where nothing is left that could be told from it, the CPU is "
                "n/a."
            )
        )
    blocks.append(_picture(found, "Bytes of silence, by account"))
    if streams and len(streams) < len(found):
        blocks.append(_picture(streams, "The same without short polling"))
    return Section("What silence costs", blocks)


Column = tuple[str, Callable[[Silence], str | None]]


def _table(found: Sequence[Silence], lone: Run | None) -> Table:
    columns: list[Column] = [
        ("requests", lambda each: whole(each.requests) if each.requests else "none"),
        ("received, B", lambda each: whole(each.received_bytes)),
        ("sent, B", lambda each: whole(each.sent_bytes)),
        (f"{whole(MANY)} clients, kbit/s", lambda each: number(each.total * MANY * 8 / SECONDS_PER_HOUR / 1_000)),
        ("server CPU, ms", lambda each: number(cpu_ms_per_hour(each.run, lone))),
        ("memory, KiB", lambda each: number(each.run.server_kib_per_client)),
        ("opening, received, B", lambda each: whole(each.opening_received)),
        ("opening, sent, B", lambda each: whole(each.opening_sent)),
        ("opening, in minutes of silence", lambda each: number(each.opening_in_minutes)),
    ]
    rows: list[list[Cell]] = [[name_of(each.run.technique), *(get(each) for _, get in columns)] for each in found]
    caption = "For each client and hour of silence; memory for each client; the opening of a connection, once"
    accents = [each.run.technique for each in found]
    return Table(caption, ["", *(head for head, _ in columns)], rows, row_accents=accents)


def _picture(found: Sequence[Silence], title: str) -> Picture:
    groups = [
        BarGroup(
            name_of(each.run.technique),
            [_bar("received", each.received), _bar("sent", each.sent)],
            each.run.technique,
        )
        for each in found
    ]
    told = [f"{group.name} {' and '.join(f'{bar.words} {bar.name}' for bar in group.bars)}" for group in groups]
    accounts = [name for name in ACCOUNTS if any(each.sent.get(name) or each.received.get(name) for each in found)]
    chart = BarChart(
        label=f"Bytes for each client and hour of silence: {'; '.join(told)}.",
        x=Axis("bytes for each client and hour"),
        groups=groups,
        keys=[Key(ACCOUNTS[name], None, f"fill-{name}") for name in accounts],
    )
    return Picture(chart, title)


def _bar(name: str, silence: Mapping[str, float]) -> Bar:
    parts = [
        Part(value, f"fill-{account}", f"{name}, {ACCOUNTS[account]}: {whole(value)} bytes")
        for account, value in silence.items()
    ]
    return Bar(name, parts, whole(sum(silence.values())))


PRESET = Preset(
    name="idle",
    about="What silence costs: polls that find nothing, heartbeats, memory, while no message comes at all.",
    source=(
        "what is published is what the intervals predict (pushdemo/settings.py), with the bytes of RFC 6455 section "
        "5.2, of Engine.IO's ping and of an event stream's comment; and Centrifugo's figure for an idle WebSocket."
    ),
    plan=Plan(clients=200, rate=0, duration_s=60.0, techniques=TECHNIQUES),
    measure=measure,
)
