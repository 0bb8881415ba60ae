"""Versions of the servers that are no part of Python, for the conditions of a measurement."""

import re
import subprocess
from collections.abc import Iterable

from benchmarks.peers import nchan
from benchmarks.peers.peer import find_node

VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+")


def versions(peers: Iterable[str]) -> dict[str, str | None]:
    """Return the versions of the programs that these servers need, by the program's name; None: it does not tell."""
    found: dict[str, str | None] = {}
    if "node" in peers:
        found["node"] = _said(find_node(), "--version")
    if "nchan" in peers:
        found["nginx"] = _said(nchan.find_nginx(), "-v")
    return found


def _said(program: str | None, option: str) -> str | None:
    """Return the version in what a program says of itself, to stdout or stderr."""
    if program is None:
        return None
    try:
        done = subprocess.run([program, option], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    version = VERSION.search(done.stdout + done.stderr)
    return version[0] if version else None
