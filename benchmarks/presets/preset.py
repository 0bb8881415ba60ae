"""What a preset is: a published figure or a known effect, measured again here, and set beside what was said of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.plan import Plan
from benchmarks.report.blocks import Block, Paragraph, Section, Table
from benchmarks.report.wording import number
from benchmarks.results import Beside
from benchmarks.session import Session


@dataclass(frozen=True)
class Preset:
    """One preset.

    Args:
        name: as it is called on the command line.
        about: what it shows, in one line.
        source: where the published figures come from, as it may stand in a list of references; or the model's.
        plan: the settings its runs have in common.
        measure: does the runs by `session.measure`, adds to `session.results.beside`, and returns what to show beside
            the figures that every report has. It must bear runs that come back as None (they failed, or Ctrl-C came).
    """

    name: str
    about: str
    source: str
    plan: Plan
    measure: Callable[[Session], Awaitable[list[Section]]]


def beside_section(preset: Preset, rows: Sequence[Beside]) -> Section:
    """Return published and ours, row by row, with the reasons."""
    blocks: list[Block] = [Paragraph(preset.about), Paragraph(f"Source: {preset.source}")]
    if rows:
        blocks.append(
            Table(
                "Published beside ours",
                ("", "unit", "published", "ours", "why they differ"),
                [(row.what, row.unit, number(row.published), number(row.ours), row.reason) for row in rows],
            )
        )
    else:
        blocks.append(Paragraph("Nothing was measured.", caution=True))
    return Section("Published beside ours", blocks)
