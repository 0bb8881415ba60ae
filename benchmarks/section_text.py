"""A section of the report on the terminal: its words and tables; what is drawn is in the report alone."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from benchmarks.report.blocks import Cell, Conclusions, Facts, Noted, Paragraph, Section, Table
from benchmarks.report.wording import NOT_AVAILABLE


def show_section(section: Section, console: Console) -> None:
    """Print a section."""
    console.print()
    console.print(section.title, style="bold", markup=False)
    for block in section.blocks:
        match block:
            case Paragraph():
                console.print(block.text, markup=False)
            case Conclusions():
                for sentence in block.sentences:
                    console.print(f"{sentence.topic}: {sentence.text}", markup=False)
            case Facts():
                for name, value in block.pairs:
                    console.print(f"{name}: {value}", markup=False)
            case Table():
                console.print(_table(block))
            case _:
                pass  # a picture


def _table(block: Table) -> RichTable:
    table = RichTable(title=escape(block.caption), title_justify="left", show_edge=False, pad_edge=False)
    rows = [row for row in block.rows if not isinstance(row, str)]
    is_number = [_is_number(column) for column in zip(*rows, strict=True)]
    for name, right in zip(block.head, is_number or [False] * len(block.head), strict=True):
        table.add_column(escape(name), justify="right" if right else "left", overflow="fold")
    for row in block.rows:
        if isinstance(row, str):
            table.add_row(escape(row), *[""] * (len(block.head) - 1))
        else:
            table.add_row(*(escape(_text(cell)) for cell in row))
    return table


def _text(cell: Cell) -> str:
    if cell is None:
        return NOT_AVAILABLE
    return f"{cell.text} ({cell.note})" if isinstance(cell, Noted) else cell


def _is_number(column: tuple[Cell, ...]) -> bool:
    """Return whether a column holds figures, which stand at the right."""
    texts = [_text(cell) for cell in column]
    return all(text == NOT_AVAILABLE or text[:1].isdigit() or text[:2].strip("-").isdigit() for text in texts)
