"""Tables: every figure, n/a where nothing was measured, ranges where runs were repeated."""

import msgspec

from benchmarks.plan import Plan
from benchmarks.report.blocks import Noted
from benchmarks.report.groups import grouped
from benchmarks.report.tables import figures_table, ledger_table, sending_table, sweep_table
from benchmarks.results import Latency
from tests.unit.benchmarks.made_up import changed, made_up
from tests.unit.benchmarks.report.reading import column
from tests.unit.benchmarks.report.test_sentences import nothing_measured

QUICK = Plan(clients=10, duration_s=4)


def test_the_table_of_figures_has_a_column_for_each_technique() -> None:
    results, _ = made_up(QUICK)
    table = figures_table(grouped(results))
    assert list(table.head) == ["", "Short polling", "Long polling", "SSE", "WebSocket", "Socket.IO"]
    assert column(table, "SSE")["theory holds"] == "yes"
    assert column(table, "SSE")["deliveries"] == Noted("80", "")


def test_what_was_not_measured_is_not_available() -> None:
    table = figures_table(grouped(nothing_measured()))
    cells = column(table, "SSE")
    for name in ("mean, ms", "mean, by theory, ms", "server CPU, µs", "TCP and IP, estimated, B", "received, B"):
        assert cells[name] == Noted("n/a", "")
    assert cells["theory holds"] is None


def test_repeated_runs_show_the_median_and_the_range() -> None:
    results, _ = made_up(msgspec.structs.replace(QUICK, repeat=3))
    for index, value in enumerate((4.0, 5.0, 9.0)):
        results = changed(results, index, server_kib_per_client=value)
    theory = msgspec.structs.replace(results.runs[0].theory, holds=False)
    table = figures_table(grouped(changed(results, 0, theory=theory)))
    assert table.caption == "Figures of each technique: median of 3 runs, and the least and the most"
    assert column(table, "Short polling")["server memory per client, KiB"] == Noted("5.00", "4.00 to 9.00")
    assert column(table, "Short polling")["theory holds"] == "2 of 3"


def test_the_servers_clock_is_shown_where_it_was_read() -> None:
    results, _ = made_up(QUICK)
    assert "mean, by the server's clock, ms" not in column(figures_table(grouped(results)), "SSE")
    latency = Latency(mean=7.5, p50=7.5, p90=7.5, p99=7.5, max=7.5, samples=80)
    results = changed(results, 2, latency_from_sent_at_ms=latency, clock_offset_ms=0.25, clock_error_ms=0.5)
    cells = column(figures_table(grouped(results)), "SSE")
    assert cells["mean, by the server's clock, ms"] == Noted("7.50", "")
    assert cells["the server's clock is ahead by, ms"] == Noted("0.25", "")


def test_sending_is_shown_for_each_message() -> None:
    results, _ = made_up(QUICK)
    table = sending_table(grouped(results))
    assert table is not None
    assert column(table, "way")["WebSocket"] == "frame"
    assert column(table, "sent, B")["SSE"] == "400"
    assert column(table, "opening, once, B")["WebSocket"] == "490"
    assert column(table, "sent, B")["WebSocket"] == "162"


def test_without_sending_there_is_no_table_of_it() -> None:
    assert sending_table(grouped(nothing_measured())) is None


def test_the_ledger_has_a_row_for_each_run() -> None:
    results, _ = made_up(msgspec.structs.replace(QUICK, repeat=2))
    table = ledger_table(grouped(changed(results, 1, lost=2, lost_acknowledged=1, tcp_info_agrees=None)))
    assert column(table, "lost")["Short polling 2"] == "2"
    assert column(table, "of those acknowledged")["Short polling 2"] == "1"
    assert column(table, "bytes agree with the kernel")["Short polling 2"] is None
    assert len(table.rows) == len(table.row_accents) == 10


def test_a_sweep_is_tabled_point_by_point() -> None:
    results, _ = made_up(QUICK, sweep={"clients": [1, 10]})
    table = sweep_table(grouped(results))
    assert [row for row in table.rows if isinstance(row, str)] == ["1 client", "10 clients"]
    assert len(table.rows) == len(table.row_accents) == 12
