"""Elements are escaped, short, and cannot break the page's policy."""

import pytest

from benchmarks.report.markup import document, element, short


def test_text_and_attributes_are_escaped() -> None:
    made = element("p", 'a < b & "c"', title='<"&>')
    assert str(made) == '<p title="&lt;&quot;&amp;&gt;">a &lt; b &amp; "c"</p>'


def test_names_of_attributes_are_those_of_html() -> None:
    made = element("svg", aria_label="x", class_="chart", viewBox="0 0 1 1", data_technique="sse")
    assert str(made) == '<svg aria-label="x" class="chart" viewBox="0 0 1 1" data-technique="sse"></svg>'


def test_an_attribute_may_be_called_name() -> None:
    assert str(element("meta", name="viewport")) == '<meta name="viewport">'


def test_none_and_false_are_left_out_and_true_has_no_value() -> None:
    assert str(element("p", None, hidden=True, id=None, inert=False)) == '<p hidden=""></p>'


def test_children_may_come_in_lists() -> None:
    assert str(element("ul", [element("li", "a"), element("li", "b")], "c")) == "<ul><li>a</li><li>b</li>c</ul>"


def test_void_elements_have_no_end() -> None:
    assert str(element("br")) == "<br>"


@pytest.mark.parametrize("name", ["script", "iframe", "object", "embed"])
def test_an_element_that_would_run_something_cannot_be_made(name: str) -> None:
    with pytest.raises(ValueError, match=f"the page has no <{name}>"):
        element(name)


@pytest.mark.parametrize("attribute", ["style", "onclick", "onload"])
def test_a_style_or_a_handler_cannot_be_written(attribute: str) -> None:
    with pytest.raises(ValueError, match=f"no attribute {attribute}: use a class"):
        element("p", **{attribute: "x"})


def test_a_style_element_is_not_escaped_for_html_does_not_unescape_it() -> None:
    assert str(element("style", "a > b { }")) == "<style>a > b { }</style>"


def test_a_style_element_cannot_end_before_its_end() -> None:
    with pytest.raises(ValueError, match="ends at the first </"):
        str(element("style", "</style><p>"))


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (-0.04, "0"), (12.04, "12"), (12.06, "12.1"), (-3.25, "-3.2"), (1e6, "1000000")]
)
def test_coordinates_are_short(number: float, text: str) -> None:
    assert short(number) == text


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_coordinate_that_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="a coordinate is a finite number"):
        short(number)


def test_a_document_says_its_title_language_and_encoding() -> None:
    page = document("A & B", "en", [], ["text"])
    assert page.startswith('<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>A &amp; B</title>')
    assert page.endswith("<body>text</body></html>\n")
