"""docs/results.md names every field there is, under its heading, and none that is not there."""

import re
from pathlib import Path

import msgspec
import pytest

from benchmarks import samples
from benchmarks.accounts import Accounts
from benchmarks.plan import Plan
from benchmarks.results import SCHEMA, Estimate, Latency, Results, Run, Sending, Theory

PAGE = (Path(__file__).parents[3] / "docs" / "results.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Return what stands between a heading and the next."""
    (text,) = re.findall(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert isinstance(text, str)
    return text


def named_in(heading: str) -> list[str]:
    """Return the names in the first column of the heading's table, in their order."""
    cells = re.findall(r"^\| (`.*?) \|", section(heading), re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(.+?)`", cell)]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Results: the file", Results),
        ("Settings: what was asked for", Plan),
        ("Run: one technique, once", Run),
        ("Latency", Latency),
        ("Accounts: what the bytes were for", Accounts),
        ("Estimate: TCP and IP", Estimate),
        ("Theory: what the model says", Theory),
        ("Sending: one client that sends", Sending),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_field_is_described_in_its_order(heading: str, kind: type[msgspec.Struct]) -> None:
    assert named_in(heading) == list(kind.__struct_fields__)


def test_every_column_of_the_samples_is_described() -> None:
    assert tuple(named_in("samples.csv.gz")) == samples.COLUMNS


def test_the_page_describes_the_schema_that_is_written() -> None:
    assert f"**schema {SCHEMA}**" in PAGE
    assert f"| `schema` | | {SCHEMA} |" in PAGE
