"""docs/benchmark.md names every option with its default, and every preset."""

import re
from pathlib import Path

import click
import pytest

from benchmarks import cli
from benchmarks.presets import PRESETS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "benchmark.md").read_text()
OPTIONS = [option for option in cli.run_command.params if isinstance(option, click.Option)]
TOLD_OTHERWISE = {"--techniques": "all five", "--out": "by date"}


def in_words(option: click.Option) -> str:
    if option.is_flag:
        return "off"
    value = option.default if isinstance(option.default, int | float | str) else None
    return "none" if value is None else f"{value:g}" if isinstance(value, int | float) else value


def rows(first: str) -> list[list[str]]:
    """Return the rows of the guide's tables whose first cell is `first`."""
    lines = [line for line in GUIDE.splitlines() if line.startswith(f"| `{first}` |")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.opts[0])
def test_every_option_stands_in_the_guide_with_its_default(option: click.Option) -> None:
    [[_, default, what]] = rows(option.opts[0])
    assert default == TOLD_OTHERWISE.get(option.opts[0], in_words(option))
    assert what


def test_the_guide_names_no_option_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `(--[a-z-]+)` \|", GUIDE, re.MULTILINE))
    assert named == {option.opts[0] for option in OPTIONS}


def test_the_guide_names_every_preset_and_no_other() -> None:
    named = set(re.findall(r"^\| `([a-z0-9]+)` \| ", GUIDE, re.MULTILINE))
    assert named == set(PRESETS)
