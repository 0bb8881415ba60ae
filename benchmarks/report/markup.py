"""HTML and SVG as a tree of elements: text and attributes are escaped because there is no other way to write them.

The page is served under `default-src 'none'; style-src 'unsafe-inline'`, and is opened from files: it may hold no
script, no event handler and no `style` attribute. An element that would break this cannot be made.
"""

import html
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

VOID = frozenset({"br", "col", "hr", "link", "meta"})
FORBIDDEN = frozenset({"script", "iframe", "object", "embed"})


@dataclass(frozen=True, slots=True)
class Element:
    """A name, attributes and children."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element | str", ...] = ()

    def __str__(self) -> str:
        return "".join(_pieces(self))


Node = Element | str
Attribute = str | float | bool | None


def element(name: str, /, *children: Node | Iterable[Node] | None, **attributes: Attribute) -> Element:
    """Make an element.

    Args:
        name: of HTML or SVG.
        children: elements and texts, or lists of them; None is left out.
        attributes: `class_` is class, `aria_label` is aria-label; numbers are written short; None and False are left
            out, True stands without a value.

    Raises:
        ValueError: it would run a script, load a document, or carry a style of its own.
    """
    if name in FORBIDDEN:
        raise ValueError(f"the page has no <{name}>")
    pairs = []
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if attribute == "style" or attribute.startswith("on"):
            raise ValueError(f"an element of the page has no attribute {attribute}: use a class")
        if value is not None and value is not False:
            pairs.append((attribute, _value(value)))
    return Element(name, tuple(pairs), tuple(_flat(children)))


def short(number: float) -> str:
    """Write a coordinate with a tenth at most: `12.04` is 12, `12.06` is 12.1.

    Raises:
        ValueError: it is not finite, and would spoil the drawing.
    """
    if not math.isfinite(number):
        raise ValueError(f"a coordinate is a finite number; this came: {number}")
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def document(title: str, language: str, head: Iterable[Node], body: Iterable[Node]) -> str:
    """Return a whole page."""
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("title", title),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            head,
        ),
        element("body", body),
        lang=language,
    )
    return f"<!doctype html>\n{page}\n"


def _value(value: str | float | bool) -> str:
    if value is True:
        return ""
    return value if isinstance(value, str) else short(value)


def _flat(children: Iterable[Node | Iterable[Node] | None]) -> Iterator[Node]:
    for child in children:
        if isinstance(child, str | Element):
            yield child
        elif child is not None:
            yield from child


def _pieces(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield html.escape(node, quote=False)
        return
    yield f"<{node.name}"
    for key, value in node.attributes:
        yield f' {key}="{html.escape(value)}"' if value else f' {key}=""'
    yield ">"
    if node.name in VOID:
        return
    if node.name == "style":
        yield _raw(node)
    else:
        for child in node.children:
            yield from _pieces(child)
    yield f"</{node.name}>"


def _raw(node: Element) -> str:
    """Return the text of a style element, which HTML reads without unescaping."""
    text = "".join(str(child) if isinstance(child, str) else "" for child in node.children)
    if "</" in text:
        raise ValueError("a style element ends at the first </")
    return text
