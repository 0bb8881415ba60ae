"""The house: who may import whom, how large a file may be, and what a lesson must say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pushdemo.feed import TECHNIQUES

ROOT = Path(__file__).parents[2]
TRANSPORTS = [technique.replace("-", "_") for technique in TECHNIQUES]
QUESTIONS = ["Who opens", "Who waits", "On the wire", "How it resumes", "What it costs"]


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def test_the_arrows_between_the_files_hold() -> None:
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    found = subprocess.run([*linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert re.search(r"Contracts: [1-9][0-9]* kept, 0 broken", found.stdout)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_transport_answers_the_five_questions_and_says_how_to_try_it(transport: str) -> None:
    text = docstring(ROOT / "pushdemo" / "transports" / f"{transport}.py")
    found = re.findall(r"^- \*\*(.+?)\*\*: ", text, re.MULTILINE)
    assert found == QUESTIONS
    assert re.search(r"^ {4}(curl|python|npx) ", text, re.MULTILINE), "no command line to try it with"


def test_every_transport_is_a_technique_of_the_feed_or_the_way_to_publish() -> None:
    files = {path.stem for path in (ROOT / "pushdemo" / "transports").glob("*.py")}
    assert files == {*TRANSPORTS, "publish", "__init__"}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_transport_has_a_twin_in_javascript(transport: str) -> None:
    twin = ROOT / "static" / "js" / "transports" / f"{transport.replace('_', '-')}.js"
    assert re.search(r"^export (async )?(function|const) connect\b", twin.read_text(), re.MULTILINE)


def test_every_module_says_what_it_is() -> None:
    modules = list((ROOT / "pushdemo").rglob("*.py"))
    assert [path.name for path in modules if not docstring(path)] == []
    assert len(modules) > 20


def test_no_python_file_is_too_long_to_be_read_in_one_go() -> None:
    folders = ("pushdemo", "tests", "benchmarks", "scripts")
    lengths = {path: path.read_text().count("\n") for folder in folders for path in (ROOT / folder).rglob("*.py")}
    assert lengths
    assert {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > 400} == {}
