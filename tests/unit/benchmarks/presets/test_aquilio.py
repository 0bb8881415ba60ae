"""Five updates to one client: counted as the article did, and with what it left out."""

from benchmarks.accounts import Accounts, BothWays
from benchmarks.plan import TECHNIQUES, Plan
from benchmarks.presets import aquilio
from benchmarks.presets.aquilio import PUBLISHED, Counts, beside, counts_of, left_out
from benchmarks.report import BarChart, Paragraph, Picture
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import run
from tests.unit.benchmarks.presets.fake_session import FakeSession, interrupted


def answer(plan: Plan, technique: str) -> Measured:
    """Return a run of six requests of 500 bytes with answers of 200."""
    accounts = BothWays(Accounts(http_headers=3_000), Accounts(payload=600, http_headers=600))
    made = run(technique, clients=1, requests=6, bytes_sent=3_000, bytes_received=1_200, accounts=accounts)
    return Measured(made, Samples(1))


def test_the_published_short_and_long_polls_have_158_bytes_each() -> None:
    for technique in ("short-poll", "long-poll"):
        assert PUBLISHED[technique].response_bytes == 158 * PUBLISHED[technique].exchanges


def test_responses_and_requests_are_counted_apart() -> None:
    assert counts_of(answer(Plan(), "sse").run) == Counts(6, 1_200, 3_000)


def test_published_stands_beside_ours() -> None:
    rows = beside("long-poll", Counts(7, 1_800, 3_400))
    assert [(row.what, row.unit, row.published, row.ours) for row in rows] == [
        ("Long polling: exchanges", "", 5, 7),
        ("Long polling: bytes of responses", "bytes", 790, 1_800),
        ("Long polling: bytes of requests", "bytes", 2_140, 3_400),
    ]


def test_socket_io_was_not_published() -> None:
    assert [(row.published, row.ours) for row in beside("socket-io", Counts(4, 5, 6))] == [
        (None, 4),
        (None, 5),
        (None, 6),
    ]


def test_what_was_left_out_is_said_and_drawn() -> None:
    paragraph, picture, _ = left_out([("short-poll", Counts(6, 1_200, 3_600)), ("socket-io", Counts(4, 1, 2))]).blocks
    assert isinstance(paragraph, Paragraph)
    assert "they are 27 %" in paragraph.text  # 2,370 of 8,820
    assert paragraph.text.endswith("Here they are 25 %.")
    assert isinstance(picture, Picture)
    assert isinstance(picture.chart, BarChart)
    assert [[(bar.name, bar.words) for bar in group.bars] for group in picture.chart.groups] == [
        [("published", "2,370 + 6,450"), ("ours", "1,200 + 3,600")],
        [("ours", "1 + 2")],
    ]


def test_without_short_polling_only_the_articles_share_is_said() -> None:
    paragraph, *_ = left_out([("sse", Counts(1, 2, 3))]).blocks
    assert isinstance(paragraph, Paragraph)
    assert "Here" not in paragraph.text


async def test_every_technique_is_measured_once() -> None:
    session = FakeSession(aquilio.PRESET.plan, answer)
    sections = await aquilio.PRESET.measure(session)
    assert [asked.technique for asked in session.asked] == list(TECHNIQUES)
    assert len(session.results.beside) == 3 * len(TECHNIQUES)
    assert [section.title for section in sections] == ["What was left out"]


async def test_what_was_interrupted_leaves_the_published_figures_alone() -> None:
    session = FakeSession(aquilio.PRESET.plan, interrupted)
    assert await aquilio.PRESET.measure(session) == []
    assert {row.ours for row in session.results.beside} == {None}
    assert session.results.beside[0].published == 15
