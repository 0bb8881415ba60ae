"""`python -m benchmarks` as a program."""

import gzip
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from click.testing import CliRunner, Result

from benchmarks import cli, output
from benchmarks.accounts import NAMES
from benchmarks.plan import TECHNIQUES
from tests.support.server import ROOT, Server, environment

SMALL = ("--clients", "4", "--rate", "10", "--duration", "0.5", "--poll-interval", "0.2")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks", *arguments]


def bench(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        check=False,
        cwd=ROOT,
        env=environment(PUSHDEMO_REPORT=str(tmp_path / "last" / "report.html")),
        capture_output=True,
        text=True,
        timeout=50,
    )


def refused(*arguments: str) -> str:
    result: Result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


def test_it_measures_all_techniques_and_writes_everything(tmp_path: Path) -> None:
    done = bench(tmp_path, *SMALL, "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    for label in ("Short polling", "Long polling", "SSE", "WebSocket", "Socket.IO"):
        assert label in done.stdout
    assert f"report: {tmp_path / 'out' / 'report.html'}" in done.stdout
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert (results["schema"], results["kind"], results["interrupted"], results["failures"]) == (1, "run", False, [])
    assert [run["technique"] for run in results["runs"]] == list(TECHNIQUES)
    for run in results["runs"]:
        check_run(run)
    with gzip.open(tmp_path / "out" / "samples.csv.gz", "rt") as file:
        assert len(file.readlines()) == 1 + 5 * 4 * 5
    assert len((tmp_path / "out" / "results.csv").read_text().splitlines()) == 6
    report = (tmp_path / "out" / "report.html").read_text()
    assert report == (tmp_path / "last" / "report.html").read_text()
    assert (tmp_path / "out" / "results.json").read_text() == (tmp_path / "last" / "results.json").read_text()


def check_run(run: dict[str, Any]) -> None:
    assert run["expected"] == run["received"] == 20
    for direction in ("sent", "received"):
        accounts = run["accounts"][direction]
        assert set(accounts) == set(NAMES)
        assert sum(accounts.values()) == run[f"bytes_{direction}"]


@pytest.mark.long
def test_json_is_the_only_thing_printed(tmp_path: Path) -> None:
    done = bench(tmp_path, *SMALL, "--techniques", "sse", "--json", "--quiet", "--out", str(tmp_path / "out"))
    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "results.json").read_text())


@pytest.mark.long
def test_a_sweep_measures_every_point(tmp_path: Path) -> None:
    arguments = ("--techniques", "websocket", "--sweep", "clients=2,3", "--json", "--out", str(tmp_path / "out"))
    results = json.loads(bench(tmp_path, *SMALL, *arguments).stdout)
    assert results["sweep"] == {"clients": [2, 3]}
    assert [(run["point"], run["clients"], run["received"]) for run in results["runs"]] == [
        ({"clients": 2}, 2, 10),
        ({"clients": 3}, 3, 15),
    ]


def wait_until_it_publishes(process: int) -> None:
    """Wait until the server that the benchmark has started holds messages of the measured room."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        ports = [
            each.laddr.port
            for child in psutil.Process(process).children()
            for each in child.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN
        ]
        rooms = httpx.get(f"http://127.0.0.1:{ports[0]}/api/rooms", trust_env=False).json()["rooms"] if ports else []
        if any(room["messages"] and not room["name"].endswith("-warm-up") for room in rooms):
            return
    raise AssertionError("it published nothing")


def test_ctrl_c_writes_what_there_is_and_says_so(tmp_path: Path) -> None:
    arguments = ("--clients", "4", "--rate", "20", "--duration", "40", "--techniques", "sse,websocket")
    process = subprocess.Popen(
        command(*arguments, "--out", str(tmp_path / "out")),
        cwd=ROOT,
        env=environment(PUSHDEMO_REPORT=str(tmp_path / "last.html")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        wait_until_it_publishes(process.pid)
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Interrupted: this is what was measured until then." in printed
    assert "Traceback" not in said
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["interrupted"] is True
    assert [run["technique"] for run in results["runs"]] == ["sse"]
    assert results["runs"][0]["lost"] == 0


def test_a_server_elsewhere_is_measured_without_its_cpu(tmp_path: Path, server: Server) -> None:
    done = bench(tmp_path, *SMALL, "--techniques", "sse", "--url", server.base, "--out", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "n/a" in done.stdout
    [run] = json.loads((tmp_path / "out" / "results.json").read_text())["runs"]
    assert (run["lost"], run["server_cpu_us_per_delivery"], run["server_kib_per_client"]) == (0, None, None)


@pytest.mark.long
def test_results_of_different_settings_are_not_compared(tmp_path: Path) -> None:
    for name, clients in (("a", "2"), ("b", "3")):
        done = bench(tmp_path, "--techniques", "sse", *SMALL, "--clients", clients, "--out", str(tmp_path / name))
        assert done.returncode == 0
    said = refused("compare", str(tmp_path / "a"), str(tmp_path / "b"))
    assert "these results are not comparable" in said
    assert "clients" in said
    result = CliRunner().invoke(cli.main, ["compare", str(tmp_path / "a"), str(tmp_path / "a" / "results.json")])
    assert result.exit_code == 0
    assert "SSE" in result.output
    (tmp_path / "a" / "report.html").unlink()
    assert CliRunner().invoke(cli.main, ["report", str(tmp_path / "a")]).exit_code == 0
    assert (tmp_path / "a" / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--clients", "0"), "clients is from 1 to 100,000; this came: 0"),
        (("--clients", "many"), "'many' is not a valid integer"),
        (("--rate", "-1"), "rate is from 0 to 10,000; this came: -1.0"),
        (("--rate", "nan"), "rate is from 0 to 10,000; this came: nan"),
        (("--text-bytes", "5"), "text_bytes is from 12 to 4,000; this came: 5"),
        (("--techniques", "sse,telepathy"), "techniques are short-poll, long-poll"),
        (("--techniques", "sse,sse"), "techniques are named once each"),
        (("--sweep", "colour=1"), "--sweep is OPTION=VALUES, where OPTION is one of clients, rate, poll-interval"),
        (("--sweep", "clients"), "--sweep is OPTION=VALUES"),
        (("--sweep", "clients=1,two"), "--sweep takes numbers with commas between"),
        (("--sweep", "clients=1.5"), "clients"),
        (("--sweep", "clients=0"), "clients is from 1"),
        (("--url", "ftp://here"), "--url is http://HOST:PORT, without a path; this came: ftp://here"),
        (("--url", "http://here:port"), "not an address: 'here:port'"),
        (("--bandwidth-kbit", "0"), "bandwidth_kbit is from 1"),
        (("preset", "unknown"), "'unknown' is not one of"),
        (("compare", "nowhere", "nowhere"), "nowhere cannot be read"),
    ],
)
def test_a_bad_option_is_refused_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*arguments)


def test_a_server_that_is_away_fails_with_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    arguments = ("--techniques", "sse", "--url", "http://127.0.0.1:1", "--out", str(tmp_path / "out"))
    done = bench(tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: nobody answers at 127.0.0.1:1")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_noticed_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused("--out", str(tmp_path / "file" / "out"))
    assert f"the results cannot be written to {tmp_path / 'file' / 'out'}: Not a directory" in said


def test_without_a_part_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "psutil.py").write_text("raise ModuleNotFoundError(name='psutil')")
    path = environment(PYTHONPATH=str(tmp_path))
    done = subprocess.run(command("--help"), check=False, cwd=ROOT, env=path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The benchmark needs psutil: `make bench`, or .venv/bin/python after")
    assert done.stderr.endswith("or pip install -c constraints.txt -e '.[bench]'\n")


def test_a_report_is_put_in_its_place_whole(tmp_path: Path) -> None:
    place = tmp_path / "new" / "report.html"
    output.publish("one", place)
    output.publish("two", place)
    assert place.read_text() == "two"
    assert [path.name for path in place.parent.iterdir()] == ["report.html"]
