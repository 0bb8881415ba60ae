"""What a message to the server costs."""

import msgspec

from benchmarks.accounts import Accounts, BothWays
from benchmarks.plan import Plan
from benchmarks.presets import upstream
from benchmarks.presets.upstream import (
    BROWSERS_POST,
    LONG_BYTES,
    POST,
    SHORT_BYTES,
    WAYS,
    WEBSOCKET,
    Sent,
    beside,
    bytes_picture,
    cost_table,
    frame_bytes,
    header_bytes,
    opening_bytes,
    per_message,
)
from benchmarks.report import BarChart
from benchmarks.results import Sending
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import SENDING, run
from tests.unit.benchmarks.presets.fake_session import FakeSession, interrupted

FRAMES = msgspec.structs.replace(
    SENDING,
    way="frame",
    messages=10,
    accounts=BothWays(
        Accounts(payload=700, framing=60, handshake=200), Accounts(payload=1_500, framing=680, handshake=250)
    ),
)
NOTHING = msgspec.structs.replace(SENDING, messages=0)


def test_each_message_takes_its_share_of_all_but_the_handshake() -> None:
    assert per_message(FRAMES.accounts.sent, 10) == Accounts(payload=70, framing=6)
    assert per_message(FRAMES.accounts.received, 10) == Accounts(payload=150, framing=68)
    assert opening_bytes(FRAMES) == 450


def test_headers_are_those_of_request_and_answer() -> None:
    assert header_bytes(SENDING) == (15_000 + 7_000) / 50
    assert frame_bytes(FRAMES) == 6


def test_nothing_sent_costs_nothing_that_could_be_told() -> None:
    assert per_message(NOTHING.accounts.sent, 0) is None
    assert header_bytes(NOTHING) is None
    assert frame_bytes(NOTHING) is None


def test_both_ends_of_the_published_ranges_stand_beside_what_is_nearest() -> None:
    found = [
        Sent(POST, SHORT_BYTES, SENDING),
        Sent(BROWSERS_POST, SHORT_BYTES, SENDING),
        Sent(WEBSOCKET, SHORT_BYTES, FRAMES),
    ]
    assert [(row.published, row.ours) for row in beside(found)] == [(2, 6), (14, None), (500, 440), (800, 440)]


def test_the_table_has_a_part_for_each_length_of_text() -> None:
    table = cost_table([Sent(POST, SHORT_BYTES, SENDING), Sent(WEBSOCKET, LONG_BYTES, FRAMES)])
    assert table.rows == [
        "20 bytes of text",
        ["POST", "400", "300", "2.25", "7.75", "321", "0"],
        "1,000 bytes of text",
        ["WebSocket", "76", "218", "2.25", "7.75", "321", "450"],
    ]
    assert table.row_accents == [None, "sse", None, "websocket"]


def test_the_picture_has_a_bar_for_each_direction_unless_nothing_was_sent() -> None:
    found = [Sent(POST, SHORT_BYTES, NOTHING), Sent(WEBSOCKET, SHORT_BYTES, FRAMES), Sent(POST, LONG_BYTES, SENDING)]
    chart = bytes_picture(found, SHORT_BYTES).chart
    assert isinstance(chart, BarChart)
    assert [(group.name, [(bar.name, bar.words) for bar in group.bars]) for group in chart.groups] == [
        ("POST", []),
        ("WebSocket", [("sent", "76"), ("received", "218")]),
    ]


def answer(plan: Plan, technique: str) -> Measured:
    """Return a run with a sender."""
    sending: Sending = FRAMES if technique == "websocket" else SENDING
    return Measured(run(technique, clients=1, sending=sending), Samples(1))


async def test_each_way_is_measured_with_a_short_and_a_long_text() -> None:
    session = FakeSession(upstream.PRESET.plan, answer)
    [section] = await upstream.PRESET.measure(session)
    assert [(asked.technique, asked.plan.text_bytes, asked.plan.browser_headers) for asked in session.asked] == [
        (way.technique, size, way.browser_headers) for size in (SHORT_BYTES, LONG_BYTES) for way in WAYS
    ]
    assert section.title == "What talking costs"
    assert all(row.ours is not None for row in session.results.beside)


async def test_what_was_interrupted_leaves_the_published_figures_alone() -> None:
    session = FakeSession(upstream.PRESET.plan, interrupted)
    assert await upstream.PRESET.measure(session) == []
    assert [(row.published, row.ours) for row in session.results.beside] == [
        (2, None),
        (14, None),
        (500, None),
        (800, None),
    ]


async def test_a_run_whose_sender_could_not_connect_is_left_out() -> None:
    session = FakeSession(upstream.PRESET.plan, lambda plan, technique: Measured(run(technique), Samples(1)))
    assert await upstream.PRESET.measure(session) == []
