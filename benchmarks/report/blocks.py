"""What a section of the report is made of. Presets make their own sections of the same blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report.charts import bars, lines, timeline
from benchmarks.report.markup import Element, Node, element
from benchmarks.report.sentences import Sentence
from benchmarks.report.wording import NOT_AVAILABLE

WIDTHS = {1: (920.0, 350.0), 2: (420.0, 350.0), 3: (340.0,)}
"""Widths of a drawing, by how many stand in a row. Two widths: it is made twice, so that type is neither tiny on a
phone nor huge on paper, and the style sheet shows one of them. Units are about pixels."""

LONG = 24
"""A cell with more characters is a sentence, not a figure."""

UNITS = re.compile(r"(?<=\d) (?=(?:ms|s|µs|B|KiB|kbit/s)\b|%)")
"""The space between a figure and its unit, at which no line ends."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text. A `caution` is set off from the rest."""

    text: str
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Conclusions:
    """Sentences, topic by topic."""

    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, side by side."""

    pairs: Sequence[tuple[str, str]]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell with a second line, such as the range of a median."""

    text: str
    note: str


Cell = str | Noted | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of a row is its heading, None is n/a, a row that is a text is a heading over the next.

    `row_accents` and `column_accents` are techniques, one for each row or each column, None for those without.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell] | str]
    row_accents: Sequence[str | None] = ()
    column_accents: Sequence[str | None] = ()


Chart = lines.LineChart | bars.BarChart | timeline.Timeline


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, its title and its caption. `accent` is the technique it is about."""

    chart: Chart
    title: str = ""
    caption: str = ""
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Small charts in rows of two or three."""

    pictures: Sequence[Picture]
    columns: int = 3


Block = Paragraph | Conclusions | Facts | Table | Picture | Pictures


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with a heading, which the table of contents leads to."""

    title: str
    blocks: Sequence[Block]

    @property
    def anchor(self) -> str:
        """The section's id: its title in lower case, with hyphens."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.title.lower()).split()
        return "-".join(words) or "section"


def render(block: Block) -> Element:
    """Return the element of a block."""
    match block:
        case Paragraph():
            return element("p", _kept_together(block.text), class_="caution" if block.caution else None)
        case Conclusions():
            return _conclusions(block)
        case Facts():
            return _facts(block)
        case Table():
            return _table(block)
        case Picture():
            return _picture(block, WIDTHS[1])
        case Pictures():
            pictures = [_picture(picture, WIDTHS[block.columns]) for picture in block.pictures]
            return element("div", pictures, class_=f"pictures in-rows-of-{block.columns}")


def draw(chart: Chart, width: float) -> Element:
    """Draw a chart of any kind."""
    match chart:
        case lines.LineChart():
            return lines.draw(chart, width)
        case bars.BarChart():
            return bars.draw(chart, width)
        case timeline.Timeline():
            return timeline.draw(chart, width)


def _kept_together(text: str) -> str:
    return UNITS.sub("\u00a0", text)


def _conclusions(block: Conclusions) -> Element:
    topics = list(dict.fromkeys(sentence.topic for sentence in block.sentences))
    return element(
        "dl",
        [
            element(
                "div",
                element("dt", topic),
                [
                    element("dd", _kept_together(sentence.text), class_="bad" if sentence.bad else None)
                    for sentence in block.sentences
                    if sentence.topic == topic
                ],
            )
            for topic in topics
        ],
        class_="conclusions",
    )


def _facts(block: Facts) -> Element:
    pairs = [element("div", element("dt", name), element("dd", _kept_together(value))) for name, value in block.pairs]
    return element("dl", pairs, class_=f"facts in-rows-of-{block.columns}")


def _table(block: Table) -> Element:
    accents = [*block.column_accents, *[None] * len(block.head)]
    words = _columns_of_words(block)
    head = [
        _heading(name, accent, place in words)
        for place, (name, accent) in enumerate(zip(block.head, accents, strict=False))
    ]
    row_accents = [*block.row_accents, *[None] * len(block.rows)]
    rows = [_row(row, len(block.head), words, accent) for row, accent in zip(block.rows, row_accents, strict=False)]
    # The caption stands outside, where it is not scrolled away with the table.
    table = element("table", element("thead", element("tr", head)), element("tbody", rows), aria_label=block.caption)
    scrolled = element("div", table, class_="scroll", tabindex="0", role="region", aria_label=block.caption)
    return element("div", element("p", block.caption, class_="caption"), scrolled, class_="table")


def _columns_of_words(block: Table) -> set[int]:
    """Return which columns hold sentences: they begin at the left and wrap, where figures do neither."""
    rows = [row for row in block.rows if not isinstance(row, str)]
    columns = enumerate(zip(*rows, strict=True))
    return {place for place, cells in columns if place and any(isinstance(c, str) and len(c) > LONG for c in cells)}


def _heading(name: str, accent: str | None, words: bool) -> Element:
    if not name:
        return element("td")
    span = element("span", name)
    return element("th", span, scope="col", data_technique=accent, class_="words" if words else None)


def _row(row: Sequence[Cell] | str, columns: int, words: set[int], accent: str | None) -> Element:
    if isinstance(row, str):
        return element("tr", element("th", element("span", row), scope="rowgroup", colspan=columns), class_="over")
    first, *rest = row
    cells: list[Node] = [element("th", element("span", _words(first)), scope="row", data_technique=accent)]
    cells += [
        element("td", _words(cell), class_="words" if place in words else None) for place, cell in enumerate(rest, 1)
    ]
    return element("tr", cells)


def _words(cell: Cell) -> list[Node]:
    if cell is None:
        return [NOT_AVAILABLE]
    if isinstance(cell, Noted):
        return [cell.text, element("small", cell.note)] if cell.note else [cell.text]
    return [cell]


def _picture(picture: Picture, widths: Sequence[float]) -> Element:
    drawings = [draw(picture.chart, width) for width in widths]
    if len(drawings) == 2:
        wide, narrow = drawings
        shown = [element("div", wide, class_="wide"), element("div", narrow, class_="narrow")]
    else:
        shown = drawings
    return element(
        "figure",
        element("h3", picture.title) if picture.title else None,
        shown,
        element("figcaption", _kept_together(picture.caption)) if picture.caption else None,
        data_technique=picture.accent,
    )
