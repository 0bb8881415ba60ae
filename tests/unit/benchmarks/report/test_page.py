"""The page: one file, whole, well-formed, that needs no script, no style of an element, and no network."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from benchmarks.plan import Plan
from benchmarks.report import (
    Axis,
    Bar,
    BarChart,
    BarGroup,
    LineChart,
    Noted,
    Paragraph,
    Part,
    Picture,
    Pictures,
    Section,
    Table,
    build,
    series_with_dots,
)
from benchmarks.report.markup import VOID
from benchmarks.report.page import unique_anchors
from benchmarks.results import Results
from benchmarks.samples import Samples
from tests.unit.benchmarks.made_up import changed, made_up, only
from tests.unit.benchmarks.report.test_sentences import nothing_measured

QUICK = Plan(clients=10, duration_s=4)


class Page(HTMLParser):
    """Reads a page strictly: every element ends where it should."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all_of(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute)) is not None]


Found = tuple[Results, dict[int, Samples]]


def whole() -> Found:
    return made_up(QUICK)


def swept() -> Found:
    return made_up(msgspec.structs.replace(QUICK, repeat=2), sweep={"rate": [1, 10]})


def interrupted() -> Found:
    results, samples = whole()
    return msgspec.structs.replace(only(results, ["short-poll"]), interrupted=True), {0: samples[0]}


def without_runs() -> Found:
    return only(whole()[0], []), {}


def without_figures() -> Found:
    return nothing_measured(), {}


KINDS = [whole, swept, interrupted, without_runs, without_figures]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_well_formed_and_needs_nothing(kind: object) -> None:
    assert callable(kind)
    page = Page(build(*kind()))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe"}
    assert page.all_of("style") == []
    assert page.all_of("src") == []
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(href.startswith("#") or href == "data:," for href in page.all_of("href"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_within_the_page_leads_somewhere(kind: object) -> None:
    assert callable(kind)
    text = build(*kind())
    page = Page(text)
    ids = page.all_of("id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in page.all_of("href") if href != "data:,"} <= set(ids)
    assert set(page.all_of("aria-labelledby")) <= set(ids)
    assert set(re.findall(r"url\(#([a-z]+)\)", text)) <= set(ids)


def test_every_drawing_says_what_it_shows() -> None:
    page = Page(build(*whole()))
    drawings = [attributes for tag, attributes in page.elements if tag == "svg" and "aria-hidden" not in attributes]
    assert len(drawings) > 10
    assert all(each["role"] == "img" and each["aria-label"] for each in drawings)


def test_the_page_allows_itself_no_more_than_its_style() -> None:
    policy = "default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;; img-src data:"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in build(*whole())


def test_what_comes_from_outside_is_escaped() -> None:
    results, samples = whole()
    results = changed(results, 0, warnings=["<script>alert(1)</script>"])
    results.metadata["<b>"] = "<i>"
    text = build(results, samples)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;b&gt;" in text


def test_sections_stand_in_their_order() -> None:
    text = build(*whole(), extra=[Section("Published", [Paragraph("Theirs.")])])
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", text)
    assert headings == [
        "Conditions",
        "Conclusions",
        "Published",
        "Figures",
        "Latency",
        "Requests and bytes",
        "At other rates",
        "The first seconds",
        "Ledger",
        "How it was measured",
    ]


def test_a_sweep_has_its_section_and_says_what_the_others_are_about() -> None:
    text = build(*made_up(msgspec.structs.replace(QUICK, rate=10), sweep={"rate": [1, 10]}))
    assert ">Sweep: rate</h2>" in text
    assert "are about 10 messages per second." in text


def test_without_runs_there_are_conditions_and_the_method() -> None:
    text = build(*without_runs())
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", text) == ["Conditions", "How it was measured"]
    assert "No run was finished" in text


def test_a_preset_names_the_report() -> None:
    results, samples = whole()
    text = build(msgspec.structs.replace(results, kind="kaazing"), samples)
    assert "<title>Benchmark report: kaazing - pushdemo</title>" in text


def test_presets_may_add_sections_of_every_kind_of_block() -> None:
    lines = LineChart("lines", Axis("x"), Axis("y"), [series_with_dots("ours", [(1, 2), (2, 3)], "sse", "", "")])
    bars = BarChart("bars", Axis("bytes"), [BarGroup("theirs", [Bar("", [Part(1, "fill-framing", "one")], "1")])])
    long = "A reason that takes a whole sentence to tell."
    table = Table("Table", ["", "ours", "why"], [["row", Noted("1", "0 to 2"), long], "over", ["other", None, ""]])
    section = Section(
        "Extra, of its own!", [Paragraph("Text"), table, Picture(lines, "Lines"), Pictures([Picture(bars)], columns=2)]
    )
    text = build(*whole(), extra=[section])
    Page(text)
    assert '<section id="extra-of-its-own"' in text
    assert "<td>1<small>0 to 2</small></td>" in text
    assert f'<td class="words">{long}</td>' in text
    assert '<th scope="rowgroup" colspan="3"><span>over</span></th>' in text
    assert "<td>n/a</td>" in text


def test_figures_are_not_parted_from_their_units() -> None:
    text = build(*whole(), extra=[Section("Units", [Paragraph("After 5 ms 44 % of 3 messages, 7 B.")])])
    assert "After 5\u00a0ms 44\u00a0% of 3 messages, 7\u00a0B." in text


def test_sections_of_one_name_have_ids_of_their_own() -> None:
    sections = [Section("A", []), Section("A", []), Section("Report", []), Section("?", [])]
    assert unique_anchors(sections) == ["a", "a-2", "report-2", "section"]


def test_wide_drawings_are_there_for_phones_too() -> None:
    page = Page(build(*whole()))
    classes = page.all_of("class")
    assert classes.count("wide") == classes.count("narrow") > 0


def test_a_report_is_the_same_for_the_same_results() -> None:
    assert build(*whole()) == build(*whole())
