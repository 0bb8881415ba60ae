"""`python -m benchmarks fanout` as a program, against real servers."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from benchmarks import cli
from benchmarks.peers import nchan
from benchmarks.peers.peer import PEERS
from tests.support.server import ROOT, environment

pytestmark = pytest.mark.long

SMALL = ("fanout", "--clients", "20", "--duration", "0.3", "--repeat", "1", "--quiet")


def fanned_out(tmp_path: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *SMALL, "--out", str(tmp_path / "out"), *arguments],
        check=False,
        cwd=ROOT,
        env=environment(PUSHDEMO_REPORT=str(tmp_path / "last" / "report.html")),
        capture_output=True,
        text=True,
        timeout=55,
    )
    return done, json.loads((tmp_path / "out" / "results.json").read_text())


def check(run: dict[str, Any]) -> None:
    assert (run["lost"], run["doubled"], run["reordered"]) == (0, 0, 0)
    assert run["deliveries"] == run["latency_ms"]["samples"] > 20
    assert 0 < run["latency_ms"]["p50"] <= run["latency_ms"]["p99"] <= run["latency_ms"]["max"] < 2_000
    assert 0 < run["server_cpu_us_per_delivery"] < 10_000
    assert 0 < run["generator_cpu_us_per_delivery"] < 10_000
    # what was under way when it began and when it ended
    assert abs(run["messages"] * 20 - run["deliveries"]) <= 2 * 20 * run["under_way"]


@pytest.mark.parametrize("peers", ["pushdemo,floor", "pushdemo-sqlite"])
def test_every_delivery_arrives_by_every_technique_and_everything_is_written(tmp_path: Path, peers: str) -> None:
    done, results = fanned_out(tmp_path, "--peers", peers, "--under-way", "1,4")
    assert (done.returncode, done.stderr) == (0, "")
    assert (results["kind"], results["runs"], results["failures"]) == ("fanout", [], [])
    found = [(run["technique"], run["peer"], run["under_way"]) for run in results["fanout"]]
    assert found == [
        (technique, peer, under_way)
        for technique in ("sse", "websocket", "socket-io", "long-poll")
        for peer in peers.split(",")
        if technique in PEERS[peer].techniques
        for under_way in (1, 4)
    ]
    for run in results["fanout"]:
        check(run)
    for label in ("SSE", "WebSocket", "Socket.IO", "Long polling", "KiB per idle reader"):
        assert label in done.stdout
    report = (tmp_path / "out" / "report.html").read_text()
    assert "Fan-out" in report
    assert report == (tmp_path / "last" / "report.html").read_text()


@pytest.mark.parametrize("peer", ["node", "nchan", "pushdemo-by-tasks"])
def test_the_others_deliver_everything_too(tmp_path: Path, peer: str) -> None:
    if missing := PEERS[peer].missing():
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    done, results = fanned_out(tmp_path, "--peers", peer, "--under-way", "4")
    assert (done.returncode, done.stderr, results["failures"]) == (0, "", [])
    assert {run["technique"] for run in results["fanout"]} == set(PEERS[peer].techniques) - {"short-poll"}
    for run in results["fanout"]:
        check(run)


NO_NGINX = "nchan was not measured: nginx is not installed: apt-get install nginx libnginx-mod-nchan."


@pytest.mark.parametrize(
    ("named", "exit_code", "told_in"),
    [
        pytest.param((), 0, "notes", id="passed over"),
        pytest.param(("--peers", "floor,nchan"), 1, "failures", id="a failure where it was named"),
    ],
)
def test_what_is_not_installed_is_told_and_the_others_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], exit_code: int, told_in: str
) -> None:
    monkeypatch.setenv("PUSHDEMO_REPORT", str(tmp_path / "last.html"))
    monkeypatch.setattr(nchan, "SYSTEM_FOLDERS", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    arguments = [*SMALL, "--techniques", "sse", "--under-way", "1", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(cli.main, [*arguments, *named])
    assert result.exit_code == exit_code
    assert NO_NGINX in " ".join(result.output.split())
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    measured = {run["peer"] for run in results["fanout"]}
    assert "floor" in measured
    assert "nchan" not in measured
    assert NO_NGINX in results[told_in]
    assert NO_NGINX in (tmp_path / "out" / "report.html").read_text()


def test_ctrl_c_writes_what_there_is_and_says_so(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *SMALL, "--duration", "40", "--out", str(tmp_path), "--peers", "floor"],
        cwd=ROOT,
        env=environment(PUSHDEMO_REPORT=str(tmp_path / "last.html")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            wait_for_the_floor(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Interrupted: this is what was measured until then." in said
    assert "Traceback" not in said
    assert json.loads((tmp_path / "results.json").read_text())["interrupted"] is True


def wait_for_the_floor(process: int) -> None:
    """Wait until the benchmark has started a server; by then it listens for Ctrl-C."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(psutil.Error):  # it asks git for the commit before, which has ended by now
            if any("benchmarks.peers.floor" in each.cmdline() for each in psutil.Process(process).children()):
                return
    raise AssertionError("it started no server")
