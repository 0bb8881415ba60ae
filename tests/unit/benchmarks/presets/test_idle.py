"""The preset about silence: how long to watch, what the intervals predict, and what is said of made-up runs."""

import msgspec
import pytest

from benchmarks.accounts import Accounts, BothWays
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets.idle import PRESET, measure, plan_of, watched_s
from benchmarks.presets.silence import HEARTBEATS, OPENING_POLLS
from benchmarks.report import Section, Table, build
from benchmarks.results import Beside, Theory
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import judged, nothing_measured
from tests.unit.benchmarks.presets.fake_session import FakeSession, interrupted

HEAD_BYTES = 100


def accounts_of(technique: str, clients: int, seconds: float, requests: int) -> BothWays:
    """Make up what the intervals predict."""
    if technique in OPENING_POLLS:
        return BothWays(Accounts(http_headers=requests * HEAD_BYTES), Accounts(http_headers=requests * 2 * HEAD_BYTES))
    made = BothWays(Accounts(handshake=clients * 200), Accounts(handshake=clients * 300))
    for beat in HEARTBEATS[technique]:
        made.sent.heartbeat += round(clients * seconds / beat.interval_s * beat.sent.size)
        made.received.heartbeat += round(clients * seconds / beat.interval_s * beat.received.size)
    return made


def as_predicted(plan: Plan, technique: str) -> Measured:
    """Make up a run of silence in which all intervals were kept; a client takes 1 ms of CPU a second, the server 2."""
    seconds, clients = 3_600.0, plan.clients
    polls = {"short-poll": clients * (1 + 3_600), "long-poll": clients * (2 + 144)}
    requests = polls.get(technique, clients)
    run = msgspec.structs.replace(
        nothing_measured(technique),
        clients=clients,
        published=0,
        acknowledged=0,
        expected=0,
        lost=0,
        seconds=seconds,
        read_s=seconds + (plan.poll_interval_s if technique == "short-poll" else 0),
        requests=requests,
        empty_answers=polls.get(technique, 0),
        accounts=accounts_of(technique, clients, seconds, requests),
        server_cpu_s=seconds * (0.002 + 0.001 * clients),
        server_kib_per_client=12.5,
        theory=silent_theory(),
    )
    return Measured(run, Samples(clients))


def silent_theory() -> Theory:
    return msgspec.structs.replace(judged(None), latency_mean_ms=None, gap_ms=0.0)


def row(rows: list[Beside], what: str) -> Beside:
    (found,) = [each for each in rows if each.what == what]
    return found


def table_of(section: Section) -> Table:
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    return table


def runs_of(session: FakeSession) -> list[tuple[str, int]]:
    return [(asked.technique, asked.plan.clients) for asked in session.asked]


@pytest.mark.parametrize(
    ("technique", "most_s", "seconds"),
    [
        ("sse", 60, 60.5),
        ("sse", 50, 45.5),
        ("websocket", 60, 60.5),
        ("socket-io", 60, 60.5),
        ("long-poll", 60, 50.5),
        ("short-poll", 60, 30),
        ("short-poll", 5, 5),
        ("sse", 5, 5),
    ],
)
def test_a_technique_is_watched_for_whole_intervals(technique: str, most_s: float, seconds: float) -> None:
    assert watched_s(technique, most_s) == seconds


async def test_every_technique_is_watched_without_messages_and_a_single_client_too() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    await measure(session)
    clients = PRESET.plan.clients
    assert runs_of(session) == [*((technique, clients) for technique in TECHNIQUES), ("sse", 1)]
    assert {asked.plan.rate for asked in session.asked} == {0}
    assert [asked.point for asked in session.asked] == [{"clients": clients}] * 5 + [{"clients": 1}]
    assert session.results.runs[-1].server_kib_per_client is None


async def test_what_the_intervals_predict_is_what_was_counted() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    await measure(session)
    rows = session.results.beside
    for what, predicted in (
        ("short polling, requests", 3_600),
        ("long polling, requests", 144),
        ("SSE, received", 240 * 18),
        ("WebSocket, received", 180 * 6),
        ("WebSocket, sent", 180 * 10),
        ("Socket.IO, received", 180 * 6 + 144 * 3),
        ("Socket.IO, sent", 180 * 10 + 144 * 7),
    ):
        found = row(rows, what)
        assert found.published == pytest.approx(predicted)
        assert found.ours == pytest.approx(predicted)
        assert "Within 10 %: 0.0 % " in found.reason


async def test_of_the_heads_of_polls_nothing_is_predicted() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    await measure(session)
    found = row(session.results.beside, "short polling, received")
    assert found.published is None
    assert found.ours == pytest.approx(3_600 * 2 * HEAD_BYTES)
    assert found.reason.startswith("200 bytes a poll. ")


async def test_a_client_of_sse_says_nothing() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    await measure(session)
    found = row(session.results.beside, "SSE, sent")
    assert (found.published, found.ours) == (0, 0)
    assert "Not" not in found.reason


async def test_memory_is_told_in_the_unit_of_who_published_it() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    await measure(session)
    found = row(session.results.beside, "WebSocket, the server's memory")
    assert (found.published, found.ours) == (10.9, 12.8)


async def test_the_table_tells_the_opening_from_the_silence() -> None:
    session = FakeSession(PRESET.plan, as_predicted)
    (section,) = await measure(session)
    page = build(session.results, session.samples, [section])
    assert "What silence costs" in page
    assert "The same without short polling" in page
    assert "For a single client the server uses 10.8\u00a0s of CPU an hour" in page
    rows = {cells[0]: list(cells[1:]) for cells in table_of(section).rows}
    # 3,600 requests of 100 bytes, answers of 200; 10,000 clients: 1,080,000 x 10,000 x 8 / 3,600 bits a second
    assert rows["Short polling"][:4] == ["3,600", "720,000", "360,000", "24,000"]
    assert rows["Short polling"][4:] == ["3,600", "12.5", "200", "100", "0.017"]
    # 2,880 bytes; it is opened for as many bytes as 500 / 2,880 of an hour costs
    assert rows["WebSocket"] == ["none", "1,080", "1,800", "64", "3,600", "12.5", "300", "200", "10.4"]


async def test_interrupted_it_has_the_predictions_and_nothing_of_ours() -> None:
    session = FakeSession(PRESET.plan, interrupted)
    assert await measure(session) == []
    assert {each.ours for each in session.results.beside} == {None}
    assert row(session.results.beside, "SSE, received").published == 4_320
    assert row(session.results.beside, "long polling, requests").published == 144
    assert "Not measured." in row(session.results.beside, "SSE, received").reason


async def test_interrupted_before_the_single_client_it_tells_no_cpu() -> None:
    def without_lone(plan: Plan, technique: str) -> Measured | None:
        return as_predicted(plan, technique) if plan.clients > 1 and technique != "short-poll" else None

    session = FakeSession(PRESET.plan, without_lone)
    (section,) = await measure(session)
    table = table_of(section)
    assert [cells[0] for cells in table.rows] == ["Long polling", "SSE", "WebSocket", "Socket.IO"]
    assert {cells[5] for cells in table.rows} == {"n/a"}
    assert "For a single client" not in build(session.results, session.samples, [section])


async def test_what_was_watched_for_too_short_is_left_out_and_said_to_be() -> None:
    def for_a_moment(plan: Plan, technique: str) -> Measured:
        made = as_predicted(plan, technique)
        if technique != "short-poll":
            made.run.read_s = 14.0
        return made

    session = FakeSession(PRESET.plan, for_a_moment)
    (section,) = await measure(session)
    assert [cells[0] for cells in table_of(section).rows] == ["Short polling"]
    assert row(session.results.beside, "SSE, received").ours is None
    page = build(session.results, session.samples, [section])
    assert "What was not watched for a whole interval of its own is left out." in page
    assert "The same without short polling" not in page


def test_the_plans_are_plans() -> None:
    for technique in TECHNIQUES:
        plan_of(technique, PRESET.plan).__post_init__()
