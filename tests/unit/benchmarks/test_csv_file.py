"""results.csv: the columns of the schema, and a row per run."""

import csv
from pathlib import Path

from benchmarks.csv_file import columns, write
from benchmarks.results import Run
from tests.unit.benchmarks.literal import SENDING, nothing_measured, results, run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_run_has_a_row_with_its_values_under_their_paths(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    write(results(run("sse"), run("long-poll", repeat=1, sending=SENDING)), path)
    sse, long_poll = rows_of(path)
    assert (sse["run"], sse["technique"], sse["repeat"]) == ("0", "sse", "0")
    assert (long_poll["run"], long_poll["technique"], long_poll["repeat"]) == ("1", "long-poll", "1")
    assert (sse["latency_ms.mean"], sse["latency_ms.samples"], sse["clients"]) == ("51.5", "2000", "100")
    assert (sse["accounts.received.payload"], sse["tcp_ip_estimate.sent"]) == ("408000", "104000")
    assert (long_poll["sending.way"], long_poll["sending.latency_ms.p99"]) == ("POST", "7.75")
    assert long_poll["sending.accounts.sent.http_headers"] == "15000"


def test_truth_is_written_as_in_json(tmp_path: Path) -> None:
    write(results(run(tcp_info_agrees=False)), tmp_path / "results.csv")
    (row,) = rows_of(tmp_path / "results.csv")
    assert (row["theory.holds"], row["tcp_info_agrees"]) == ("true", "false")


def test_what_was_not_measured_is_empty_and_not_0(tmp_path: Path) -> None:
    write(results(nothing_measured()), tmp_path / "results.csv")
    (row,) = rows_of(tmp_path / "results.csv")
    empty = {name for name, value in row.items() if value == ""}
    assert empty >= {
        "latency_ms.mean",
        "latency_from_sent_at_ms.mean",
        "tcp_ip_estimate.sent",
        "tcp_info_agrees",
        "server_kib_per_client",
        "theory.holds",
        "sending.messages",
    }
    assert (row["latency_ms.samples"], row["received"]) == ("0", "0")


def test_the_columns_do_not_depend_on_what_was_measured() -> None:
    assert columns(results(nothing_measured())) == columns(results(run(sending=SENDING))) == columns(results())


def test_what_was_swept_has_columns_of_its_own(tmp_path: Path) -> None:
    write(results(run(point={"rate": 2.0}), run(point={"rate": 4.0, "clients": 10.0})), tmp_path / "results.csv")
    rows = rows_of(tmp_path / "results.csv")
    assert [(row["point.rate"], row["point.clients"]) for row in rows] == [("2.0", ""), ("4.0", "10.0")]


def test_every_field_of_a_run_but_the_warnings_has_a_column() -> None:
    named = {name.split(".")[0] for name in columns(results(run(point={"rate": 1.0})))}
    assert named == {"run", *Run.__struct_fields__} - {"warnings"}
    assert len(columns(results())) == len(set(columns(results())))


def test_the_head_is_a_line_and_each_run_is_one(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    write(results(), path)
    assert path.read_bytes().count(b"\n") == 1
    write(results(run(technique='with, comma and "quotes"')), path)
    assert rows_of(path)[0]["technique"] == 'with, comma and "quotes"'
    assert path.read_bytes().startswith(b"run,technique,repeat,clients,seconds,published,")
