"""The archive of `make bundle`: unpacked elsewhere, it installs without a network and serves."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.server import READY, ROOT, STARTED

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
NOWHERE = "http://127.0.0.1:9"
"""Discard: nobody answers there."""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the archive, made anew, holds."""
    made = subprocess.run(
        [sys.executable, "scripts/bundle/make.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    archive = ROOT / made.stdout.partition(":")[0]
    folder = tmp_path_factory.mktemp("elsewhere")
    zipfile.ZipFile(archive).extractall(folder)
    (tree,) = folder.iterdir()
    return tree


def offline(home: Path) -> dict[str, str]:
    """Return an environment in which nothing of another site can be reached by pip or npm, nor anything of ours."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | proxies | {"HOME": str(home), "PIP_INDEX_URL": NOWHERE, "NO_PROXY": "127.0.0.1"}


@contextmanager
def started(tree: Path, *words: str) -> Iterator[str]:
    """Run start.py until Ctrl-C, and give the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "start.py", *words],
        cwd=tree,
        env=offline(tree.parent),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process:
        try:
            printed = list(iter(process.stdout.readline, READY))
            (address,) = (line.removeprefix(STARTED).strip() for line in printed if line.startswith(STARTED))
            yield address
        finally:
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all that run in it
        assert process.wait(10) == 0


def test_it_installs_and_serves_all_pages_without_a_network(unpacked: Path) -> None:
    with started(unpacked, "serve", "--port", "0", "--log", "memory", "--lab-ports", "none") as base:
        assert httpx.get(base).status_code == 200
        for file in ("js/page.js", "lang/zh.json", "vendor/uPlot.min.css", "vendor/socket.io.esm.min.js"):
            assert httpx.get(f"{base}static/{file}").status_code == 200, file


def test_the_benchmark_runs_from_it(unpacked: Path) -> None:
    words = [sys.executable, "start.py", "benchmarks", "--help"]
    run = subprocess.run(words, cwd=unpacked, env=offline(unpacked.parent), capture_output=True, text=True, check=True)
    assert "Measure requests, latency and bandwidth" in run.stdout


def test_it_says_for_which_machine_it_is(unpacked: Path, tmp_path: Path) -> None:
    for name in ("start.py", "MADE-FOR"):
        (tmp_path / name).write_text((unpacked / name).read_text())
    (tmp_path / "MADE-FOR").write_text("python3.9-win-amd64\n")
    run = subprocess.run([sys.executable, "start.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("This archive is for python3.9-win-amd64; this is python3.")
