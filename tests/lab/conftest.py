"""Programs that read captures."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pushdemo.lab import pcapng
from pushdemo.lab.capture import Capture
from tests.support.chromium import do_without

Read = Callable[..., str]
"""`read(capture, "-q", ...)` gives the program a capture's file, and returns what it prints."""

SAID_TO_ROOT = 'Running as user "root" and group "root". This could be dangerous.'


@pytest.fixture
def tshark(tmp_path: Path) -> Read:
    """Wireshark without a window; it may not complain of the file, and has nobody's settings."""

    def read(capture: Capture, *arguments: str) -> str:
        checked = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE")
        printed, complaints = run("tshark", written(capture, tmp_path), *checked, *arguments)
        assert complaints.replace(SAID_TO_ROOT, "").strip() == ""
        return printed

    return read


@pytest.fixture
def tcpdump(tmp_path: Path) -> Read:
    """The plain tool."""
    return lambda capture, *arguments: run("tcpdump", written(capture, tmp_path), *arguments)[0]


def written(capture: Capture, folder: Path) -> Path:
    path = folder / "capture.pcapng"
    path.write_bytes(b"".join(pcapng.write(capture)))
    return path


def run(program: str, file: Path, *arguments: str) -> tuple[str, str]:
    """Let it read a file, and return what it prints and what it complains of."""
    path = shutil.which(program)
    if path is None:
        do_without(program, f"install the package {program}")
    environment = {"HOME": str(file.parent), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    command = [path, "-r", str(file), *arguments]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=30, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()
