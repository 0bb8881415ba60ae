"""The report of a fan-out, its tables on the terminal, its CSV, and two of them side by side."""

import csv
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from rich.console import Console

from benchmarks import cli, csv_file, results, samples
from benchmarks.compare import differences
from benchmarks.report import build
from benchmarks.report.blocks import Conclusions, Section, Table
from benchmarks.report.fan_out import fan_out, fan_out_comparison
from benchmarks.results import FanoutRun
from benchmarks.section_text import show_section
from tests.unit.benchmarks.fanout import made_up
from tests.unit.benchmarks.fanout.made_up import run
from tests.unit.benchmarks.report.reading import cautions, column, paragraphs, pictures
from tests.unit.benchmarks.test_docs import named_in

COSTS = {"pushdemo": (5.0, 1.5), "floor": (4.0, 3.0), "node": (10.0, 9.0), "nchan": (4.0, 6.0)}


def everything() -> list[FanoutRun]:
    return [
        run(peer, technique, under_way, repeat=repeat, server_cpu_us_per_delivery=cost * (1 + repeat / 10))
        for repeat in range(2)
        for technique in ("sse", "websocket", "long-poll")
        for peer, costs in COSTS.items()
        for under_way, cost in zip((1, 4), costs, strict=True)
    ]


def table(section: Section, caption: str) -> Table:
    (found,) = [block for block in section.blocks if isinstance(block, Table) and block.caption.startswith(caption)]
    return found


def sentences(section: Section) -> list[str]:
    return [each.text for block in section.blocks if isinstance(block, Conclusions) for each in block.sentences]


def cells(found: Table, head: str) -> dict[str, object]:
    return {name: getattr(cell, "text", cell) for name, cell in column(found, head).items()}


def test_a_row_for_each_server_and_columns_for_each_number_under_way() -> None:
    section = fan_out(made_up.results(*everything()))
    costs = table(section, "SSE: server CPU per delivery, with 1 and 4 under way; median of 2")
    assert cells(costs, "µs at 1") == {"pushdemo": "5.25", "floor": "4.20", "node": "10.5", "nchan": "4.20"}
    assert cells(costs, "floors at 4") == {"pushdemo": "0.50", "floor": "1.00", "node": "3.00", "nchan": "2.00"}
    rest = table(section, "SSE: latency")
    assert cells(rest, "p99 at 4, ms")["pushdemo"] == "12.5"
    assert cells(rest, "deliveries/s at 4")["pushdemo"] == "50,000"
    assert cells(rest, "KiB per idle reader")["pushdemo"] == "7.50"
    assert (
        cells(table(section, "Long polling: server CPU per delivery, in times of that of node"), "at 1")["pushdemo"]
        == "0.50"
    )
    assert len(pictures(list(section.blocks))) == 3


def test_what_was_seen_is_said_from_the_figures() -> None:
    said = sentences(fan_out(made_up.results(*everything())))
    assert said[0] == "pushdemo needs 1.25 floors with 1 under way and 0.50 with 4."
    assert said[1] == "Beside node: less CPU with 1 and 4 under way (0.50 and 0.17 times)."
    assert said[2] == ("Beside nchan: more CPU with 1 under way (1.25 times); less with 4 under way (0.25 times).")
    assert "Of 4,800,000 deliveries that were measured none was lost, none came twice and all came in order." in said
    assert said[-1] == "It needed 4.50 to 4.50 µs of CPU per delivery itself."


def test_what_went_wrong_is_said() -> None:
    said = sentences(fan_out(made_up.results(run(lost=3, doubled=1, generator_cpu_share=0.95))))
    assert "pushdemo by SSE, 1 under way: 3 lost, 1 twice, 0 out of order." in said
    assert "In 1 measurement of 1 it used 90 % of its core or more" in said[-1]


def test_without_the_floor_or_pushdemo_there_is_a_report_all_the_same() -> None:
    for runs in ([run()], [run("node"), run("nchan", server_cpu_us_per_delivery=None)]):
        found = made_up.results(*runs, notes=["floor was not measured: it is not installed."])
        section = fan_out(found)
        assert "floor was not measured: it is not installed." in paragraphs(section)
        assert list(table(section, "SSE: server CPU").head) == ["", "µs at 1"]
        assert "One floor is" not in build(found, {})
    assert cells(table(section, "SSE: server CPU"), "µs at 1")["nchan"] is None


def test_where_nothing_was_measured_nothing_is_claimed() -> None:
    found = made_up.results(interrupted=True)
    assert cautions(fan_out(found)) == ["Nothing was measured."]
    assert "No run was finished, so there are no figures." in build(found, {})


def test_the_report_tells_of_the_closed_loop_and_of_nothing_that_was_not_measured() -> None:
    page = build(made_up.results(*everything()), {})
    assert "Closed loop" in page
    assert "1 or 4 broadcasts of messages with 100 bytes of text are under way at a time" in page
    for absent in ("Open model", "Short polling", "Theory", "Poll interval"):
        assert absent not in page


@pytest.mark.parametrize("repeats", [1, 2])
def test_on_the_terminal_it_stays_within_120_columns(repeats: int) -> None:
    names = ["pushdemo", "pushdemo-sqlite", "pushdemo-by-tasks", "floor", "node", "nchan"]
    runs = [
        run(name, technique, under_way, repeat=repeat, server_cpu_us_per_delivery=123.4 + repeat)
        for repeat in range(repeats)
        for technique in ("websocket", "long-poll")
        for name in names
        for under_way in (1, 4, 16)
    ]
    console = Console(width=120, highlight=False, record=True)
    show_section(fan_out(made_up.results(*runs)), console)
    said = console.export_text()
    assert max(map(len, said.splitlines())) <= 120
    assert "pushdemo needs" in said
    assert said.count("pushdemo-by-tasks") >= 6


def test_the_table_for_spreadsheets_has_the_fields_of_a_fan_out(tmp_path: Path) -> None:
    csv_file.write(made_up.results(run(), run("floor")), tmp_path / "results.csv")
    with (tmp_path / "results.csv").open() as file:
        first, second = csv.DictReader(file)
    assert (first["run"], first["peer"], first["latency_ms.p99"]) == ("0", "pushdemo", "12.5")
    assert (second["run"], second["peer"], second["deliveries"]) == ("1", "floor", "100000")


def test_every_field_is_described_in_its_order() -> None:
    assert named_in("FanoutRun: one server that fans out, once") == list(FanoutRun.__struct_fields__)


def written(folder: Path, *runs: FanoutRun) -> str:
    folder.mkdir()
    results.write(made_up.results(*runs), folder / "results.json")
    samples.write([], folder / "samples.csv.gz")
    return str(folder)


def test_a_report_is_drawn_again_from_what_was_written(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", *everything())
    assert CliRunner().invoke(cli.main, ["report", folder]).exit_code == 0
    assert (tmp_path / "a" / "report.html").read_text() == build(made_up.results(*everything()), {})


def test_two_are_compared_server_by_server(tmp_path: Path) -> None:
    a = written(tmp_path / "a", run(), run("floor", server_cpu_us_per_delivery=2.5))
    b = written(tmp_path / "b", run(server_cpu_us_per_delivery=2.5))
    result = CliRunner().invoke(cli.main, ["compare", a, b])
    assert result.exit_code == 0
    assert "0.50" in result.output
    one, other = (results.read(Path(folder) / "results.json") for folder in (a, b))
    (compared,) = fan_out_comparison(one, other).blocks
    assert isinstance(compared, Table)
    assert list(compared.rows[0]) == [
        "SSE",
        "pushdemo",
        "1",
        "5.00",
        "2.50",
        "0.50",
        "2.00",
        None,
        None,
        *["12.5"] * 2,
        "1.00",
    ]


def test_a_fan_out_is_not_compared_with_runs() -> None:
    fanned_out = made_up.results(run())
    reasons = differences(fanned_out, msgspec.structs.replace(fanned_out, kind="run"))
    assert reasons == ['A and B differ in kind: "fanout" against "run".']
