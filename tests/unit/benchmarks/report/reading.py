"""Helpers that look into drawings and pages."""

from collections.abc import Iterator

from benchmarks.report.blocks import Block, Paragraph, Picture, Pictures, Section, Table
from benchmarks.report.charts.lines import LineChart
from benchmarks.report.markup import Element


def walk(root: Element) -> Iterator[Element]:
    """Go through an element and all below it."""
    yield root
    for child in root.children:
        if isinstance(child, Element):
            yield from walk(child)


def attributes(element: Element) -> dict[str, str]:
    return dict(element.attributes)


def of_class(root: Element, *classes: str) -> list[Element]:
    """Return the elements that have one of the classes, in their order."""
    return [each for each in walk(root) if attributes(each).get("class") in classes]


def number(element: Element, attribute: str) -> float:
    return float(attributes(element)[attribute])


def words(element: Element) -> str:
    """Return all text in an element."""
    return "".join(child if isinstance(child, str) else words(child) for child in element.children)


def drawn_texts(root: Element) -> list[str]:
    """Return the texts that a drawing shows."""
    return [words(each) for each in walk(root) if each.name == "text"]


def titles(root: Element) -> list[str]:
    """Return what a drawing tells to the pointer."""
    return [words(each) for each in walk(root) if each.name == "title"]


def paragraphs(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def cautions(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph) and block.caution]


def pictures(blocks: list[Block] | tuple[Block, ...]) -> list[Picture]:
    found: list[Picture] = []
    for block in blocks:
        found += [block] if isinstance(block, Picture) else block.pictures if isinstance(block, Pictures) else []
    return found


def line_charts(section: Section) -> list[LineChart]:
    return [each.chart for each in pictures(list(section.blocks)) if isinstance(each.chart, LineChart)]


def column(table: Table, head: str) -> dict[str, object]:
    """Return the cells of a column by their rows' names."""
    place = list(table.head).index(head)
    return {str(row[0]): row[place] for row in table.rows if not isinstance(row, str)}
