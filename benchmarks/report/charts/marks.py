"""What charts are put together from: text, the shapes that tell techniques apart without colour, and legends."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.plan import TECHNIQUES
from benchmarks.report.markup import Element, Node, element

TYPE_SIZE = 12.5
"""Of text in charts, in units of the drawing; report.css says the same."""

_EM_PER_CHARACTER = 0.6
"""Width of a character of a wide system font, as a part of the type size: room for text is reckoned with it."""

EACH_TECHNIQUE = "fill-payload"
"""A fill that has the colour of the technique: in a legend without a technique it is shown in all their colours."""

LEGEND_LINE = 20.0
_KEY_WIDTH = 30.0
_BETWEEN_KEYS = 18.0


def width_of(text: str, size: float = TYPE_SIZE) -> float:
    """Return about how wide a text will be."""
    return len(text) * size * _EM_PER_CHARACTER


def text(words: str, x: float, y: float, class_: str = "tick", anchor: str = "start") -> Element:
    """Return a text whose baseline is at `y`; `anchor` is start, middle or end."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=None if anchor == "start" else anchor)


def title(words: str) -> Element:
    """Return what a browser shows while the pointer rests on the element around it."""
    return element("title", words)


def drawing(label: str, width: float, height: float, children: Sequence[Node], class_: str = "chart") -> Element:
    """Return the svg element, which reads as one picture that shows what `label` says."""
    box = f"0 0 {round(width)} {round(height)}"
    return element("svg", children, viewBox=box, role="img", aria_label=label, class_=class_)


def path_through(points: Sequence[tuple[float, float]]) -> str:
    """Return the data of a path from point to point, rounded to a tenth."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def marker(accent: str | None, x: float, y: float, words: str | None = None, size: float = 4.0) -> Element:
    """Return a mark at a point, in the shape and colour of its technique, which tells `words` to the pointer."""
    shape = TECHNIQUES.index(accent) if accent in TECHNIQUES else len(TECHNIQUES)
    inside = [title(words)] if words else []
    if shape == 0:
        return element("circle", inside, cx=x, cy=y, r=size, class_="marker", data_technique=accent)
    path = _SHAPES[shape](x, y, size)
    return element("path", inside, d=path, class_="marker", data_technique=accent)


def _square(x: float, y: float, size: float) -> str:
    side = size * 0.9
    return f"M{x - side:.1f} {y - side:.1f}h{2 * side:.1f}v{2 * side:.1f}h{-2 * side:.1f}Z"


def _triangle(x: float, y: float, size: float) -> str:
    return f"M{x:.1f} {y - 1.25 * size:.1f}L{x + 1.2 * size:.1f} {y + 0.9 * size:.1f}H{x - 1.2 * size:.1f}Z"


def _diamond(x: float, y: float, size: float) -> str:
    half = 1.3 * size
    return f"M{x:.1f} {y - half:.1f}L{x + half:.1f} {y:.1f}L{x:.1f} {y + half:.1f}L{x - half:.1f} {y:.1f}Z"


def _plus(x: float, y: float, size: float) -> str:
    arm, thin = 1.3 * size, 0.5 * size
    return (
        f"M{x - thin:.1f} {y - arm:.1f}h{2 * thin:.1f}V{y - thin:.1f}H{x + arm:.1f}v{2 * thin:.1f}H{x + thin:.1f}"
        f"V{y + arm:.1f}h{-2 * thin:.1f}V{y + thin:.1f}H{x - arm:.1f}v{-2 * thin:.1f}H{x - thin:.1f}Z"
    )


def _tick(x: float, y: float, size: float) -> str:
    return f"M{x - size / 2:.1f} {y - size:.1f}h{size:.1f}v{2 * size:.1f}h{-size:.1f}Z"


_SHAPES = {1: _square, 2: _triangle, 3: _diamond, 4: _plus, 5: _tick}


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend: its technique, and how it is drawn.

    `line` with a mark, `curve` without, `mark` without a line, `dashed`, or the class of a fill.
    """

    name: str
    accent: str | None = None
    kind: str = "line"


def legend(keys: Sequence[Key], x: float, y: float, width: float) -> tuple[list[Node], float]:
    """Draw a legend in as many lines as it needs.

    Returns:
        The elements, and the height they take.
    """
    drawn: list[Node] = []
    at_x, at_y = x, y
    for key in keys:
        room = _KEY_WIDTH + width_of(key.name)
        if at_x > x and at_x + room > x + width:
            at_x, at_y = x, at_y + LEGEND_LINE
        drawn += _key(key, at_x, at_y)
        at_x += room + _BETWEEN_KEYS
    return drawn, at_y - y + LEGEND_LINE if keys else 0.0


def _key(key: Key, x: float, y: float) -> list[Node]:
    words = text(key.name, x + _KEY_WIDTH - 4, y + 12, "legend")
    middle = y + 8
    if key.kind == "mark":
        return [marker(key.accent, x + 11, middle), words]
    if key.kind in ("line", "curve"):
        line = element("line", x1=x, y1=middle, x2=x + 22, y2=middle, class_="line", data_technique=key.accent)
        return [line, words] if key.kind == "curve" else [line, marker(key.accent, x + 11, middle), words]
    if key.kind == "dashed":
        return [element("line", x1=x, y1=middle, x2=x + 22, y2=middle, class_="theory"), words]
    accents = [key.accent] if key.accent or key.kind != EACH_TECHNIQUE else TECHNIQUES
    width = 22 / len(accents)
    fills = [
        element("rect", x=x + place * width, y=y + 2, width=width, height=12, class_=key.kind, data_technique=accent)
        for place, accent in enumerate(accents)
    ]
    return [*fills, words]
