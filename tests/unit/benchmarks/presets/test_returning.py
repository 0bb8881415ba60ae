"""How clients came back after a cut: from notes to figures, tables and curves."""

from benchmarks.plan import Plan
from benchmarks.presets.returning import (
    Return,
    at_share,
    back_table,
    first_after,
    outcome_table,
    pictures,
    return_of,
    section,
    steps_of,
)
from benchmarks.report import LineChart, Paragraph
from benchmarks.run import Measured
from benchmarks.samples import Samples
from tests.unit.benchmarks.literal import run

MS = 1_000_000
CUT_NS = 6_005 * MS
STREAM = Return("sse", 4, [100.0, 200.0, 300.0, 400.0], [100.0, 200.0, 300.0, 450.0], 460.0, 0, 0, 8, 4.0, 8)
POLLING = Return("short-poll", 4, [45.0], [40.0, 290.0, 540.0, 790.0], 1_040.0, 0, 0, 60, 59.0, 8)


def measured() -> Measured:
    """Return a run of three clients, of which one came back after 50 ms, one after 400, and one noticed nothing."""
    samples = Samples(3, [6_000 * MS, 6_250 * MS], [6_000 * MS, 6_250 * MS])
    samples.add(0, 0, CUT_NS - MS)
    for client, message, after_ms in ((0, 1, 260), (2, 0, 300), (2, 1, 301), (1, 0, 400)):
        samples.add(client, message, CUT_NS + after_ms * MS)
    breaks = [(0, CUT_NS, CUT_NS + 50 * MS), (1, CUT_NS + MS, CUT_NS + 400 * MS), (2, 17, 18)]
    return Measured(run("sse", clients=3), samples, breaks)


def test_times_count_from_the_cut_and_breaks_before_it_do_not_count() -> None:
    found = return_of(measured(), CUT_NS)
    assert found.back_ms == [50.0, 400.0]
    assert found.first_ms == [260.0, 300.0, 400.0]
    assert (found.clients, found.lost, found.requests, found.requests_without, found.connections) == (
        3,
        0,
        1_100,
        1_000.0,
        100,
    )
    assert found.longest_ms == 2_345.0


def test_the_first_message_after_the_cut_is_the_earliest_of_each_client() -> None:
    assert first_after(measured(), CUT_NS) == {
        0: CUT_NS + 260 * MS,
        1: CUT_NS + 400 * MS,
        2: CUT_NS + 300 * MS,
    }


def test_socket_io_needs_two_connections_without_a_cut_too() -> None:
    assert STREAM.connections_without == 4
    assert STREAM._replace(technique="socket-io").connections_without == 8


def test_nobody_who_came_back_is_no_share() -> None:
    assert at_share([], 50) is None
    assert at_share(STREAM.back_ms, 50) == 200.0


def test_the_curve_rises_with_each_client_and_ends_where_it_is() -> None:
    assert steps_of([100.0, 300.0], 4, 500.0) == [(0.0, 0.0), (100.0, 25.0), (300.0, 50.0), (500.0, 50.0)]
    assert steps_of([], 4, 500.0) == [(0.0, 0.0), (500.0, 0.0)]


def test_the_tables_say_who_noticed_and_what_it_took() -> None:
    assert back_table([STREAM, POLLING]).rows == [
        ("SSE", "4 of 4", "200.0", "400.0", "400.0", "200.0", "450.0", "450.0"),
        ("Short polling", "1 of 4", "45.0", "45.0", "45.0", "290.0", "790.0", "790.0"),
    ]
    assert outcome_table([STREAM]).rows == [("SSE", "0", "0", "460.0", "8", "4", "8", "4")]


def test_a_technique_whose_clients_noticed_nothing_has_no_curve_of_coming_back() -> None:
    again, first = pictures([STREAM, POLLING], Plan(delay_ms=10)).pictures
    assert isinstance(again.chart, LineChart)
    assert isinstance(first.chart, LineChart)
    assert [line.name for line in again.chart.series] == ["SSE"]
    assert again.caption == "Not drawn: short polling, where most clients noticed no break."
    assert again.chart.theory[0].points == [(0.0, 0.0), (40, 0.0), (540, 100.0)]
    assert [line.name for line in first.chart.series] == ["SSE", "Short polling"]


def test_that_nothing_was_lost_is_said_and_so_is_what_was() -> None:
    said = section([STREAM], Plan(delay_ms=10), 6.005).blocks[0]
    assert isinstance(said, Paragraph)
    assert said.text.startswith("After 6.005 s of publishing")
    assert said.text.endswith("nothing was lost: each client went on from its cursor.")
    assert not said.caution
    bad = section([STREAM._replace(lost=3)], Plan(delay_ms=10), 6.005).blocks[0]
    assert isinstance(bad, Paragraph)
    assert "3 deliveries were lost" in bad.text
    assert bad.caution
