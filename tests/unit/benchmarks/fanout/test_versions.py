"""What programs say of their version."""

from pathlib import Path

import pytest

from benchmarks.fanout import versions as module
from benchmarks.fanout.versions import versions
from benchmarks.peers import nchan


def program(path: Path, line: str) -> str:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def test_programs_tell_their_version_to_stdout_or_stderr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node, nginx = program(tmp_path / "node", "echo v24.1.0"), program(tmp_path / "nginx", "echo nginx/1.22.1 >&2")
    monkeypatch.setattr(module, "find_node", lambda: node)
    monkeypatch.setattr(nchan, "find_nginx", lambda: nginx)
    assert versions(["pushdemo", "node", "nchan"]) == {"node": "24.1.0", "nginx": "1.22.1"}
    assert versions(["pushdemo", "floor"]) == {}


def test_a_program_that_says_nothing_or_is_not_there_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_node", lambda: str(tmp_path / "nowhere"))
    monkeypatch.setattr(nchan, "find_nginx", lambda: None)
    assert versions(["node", "nchan"]) == {"node": None, "nginx": None}
