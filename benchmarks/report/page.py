"""The whole report: one page that needs nothing else, no network, no server and no script."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import TECHNIQUES
from benchmarks.report.arrivals import first_seconds
from benchmarks.report.blocks import Block, Conclusions, Paragraph, Section, render
from benchmarks.report.crossovers import crossovers
from benchmarks.report.distribution import distribution
from benchmarks.report.fan_out import fan_out
from benchmarks.report.fan_out_method import fan_out_method
from benchmarks.report.groups import Group, grouped, in_detail, point_in_words, points_of
from benchmarks.report.head import head, what_was_measured
from benchmarks.report.markup import Element, document, element
from benchmarks.report.method import method
from benchmarks.report.rates import rates
from benchmarks.report.sentences import conclusions
from benchmarks.report.sweeps import sweeps
from benchmarks.report.tables import figures_table, ledger_table, sending_table
from benchmarks.report.traffic import traffic
from benchmarks.results import FANOUT, Results
from benchmarks.samples import Samples

STYLE = Path(__file__).with_name("report.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The page needs no more than this, and says so itself."""


def build(results: Results, samples: dict[int, Samples], extra: Sequence[Section] = ()) -> str:
    """Return the report as HTML.

    Args:
        results: what was measured.
        samples: every delivery, by the index of the run in `results.runs`; runs without are not drawn.
        extra: sections of a preset, which follow the conclusions.
    """
    title = "Benchmark report" if results.kind == "run" else f"Benchmark report: {results.kind}"
    sections = report_sections(results, samples, extra)
    anchors = unique_anchors(sections)
    body = [
        element("a", "To the report", href="#report", class_="skip"),
        _site_header(sections, anchors),
        element(
            "main",
            element("div", element("h1", title), element("p", what_was_measured(results)), class_="opening"),
            [_section(section, anchor) for section, anchor in zip(sections, anchors, strict=True)],
            id="report",
        ),
        _patterns(),
    ]
    head_elements = [
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href="data:,"),
        element("style", STYLE.read_text(encoding="utf-8")),
    ]
    return document(f"{title} - pushdemo", "en", head_elements, body)


def report_sections(results: Results, samples: dict[int, Samples], extra: Sequence[Section]) -> list[Section]:
    """Return the sections in their order; those that have nothing to show are not there."""
    if results.kind == FANOUT:
        return [head(results), *extra, fan_out(results), fan_out_method()]
    groups = grouped(results)
    chosen = in_detail(groups, results.settings)
    conditions = head(results)
    if not chosen:
        return [conditions, *extra, method(results.settings)]
    found = [conditions, _conclusions(groups, chosen), *extra, *sweeps(groups, results.sweep)]
    found.append(_figures(groups, chosen))
    found.append(distribution(chosen, samples))
    found.append(traffic(chosen))
    by_rate = rates(chosen)
    if by_rate:
        found.append(by_rate)
    found.append(first_seconds(chosen, samples))
    found.append(Section("Ledger", [ledger_table(groups)]))
    found.append(method(results.settings))
    return found


def _conclusions(groups: Sequence[Group], chosen: Sequence[Group]) -> Section:
    blocks: list[Block] = []
    if len(points_of(groups)) > 1:
        where = point_in_words(chosen[0].point)
        blocks.append(Paragraph(f"These sentences, and all that is not about the sweep itself, are about {where}."))
    blocks.append(Conclusions([*conclusions(chosen), *crossovers(chosen)]))
    return Section("Conclusions", blocks)


def _figures(groups: Sequence[Group], chosen: Sequence[Group]) -> Section:
    blocks: list[Block] = [figures_table(chosen)]
    sending = sending_table(chosen)
    if sending:
        blocks.append(sending)
    return Section("Figures", blocks)


def unique_anchors(sections: Sequence[Section]) -> list[str]:
    """Return an id for each section; the second of a name has a number."""
    anchors: list[str] = []
    for section in sections:
        anchor, number = section.anchor, 2
        while anchor in anchors or anchor == "report":
            anchor, number = f"{section.anchor}-{number}", number + 1
        anchors.append(anchor)
    return anchors


def _site_header(sections: Sequence[Section], anchors: Sequence[str]) -> Element:
    stripes = [
        element("rect", x=3.6 * number, y=0, width=3.6, height=18, class_="fill-payload", data_technique=technique)
        for number, technique in enumerate(TECHNIQUES)
    ]
    links = [
        element("li", element("a", section.title, href=f"#{anchor}"))
        for section, anchor in zip(sections, anchors, strict=True)
    ]
    return element(
        "header",
        element("div", element("svg", stripes, viewBox="0 0 18 18", aria_hidden="true"), "pushdemo", class_="brand"),
        element("nav", element("ul", links), aria_label="Sections"),
        class_="site",
    )


def _section(section: Section, anchor: str) -> Element:
    heading = f"{anchor}-heading"
    return element(
        "section",
        element("h2", section.title, id=heading),
        [render(block) for block in section.blocks],
        id=anchor,
        aria_labelledby=heading,
    )


def _patterns() -> Element:
    """Return the patterns that fills refer to, in a drawing that is not seen."""
    hatch = element("path", d="M-1 1l2 -2M0 6l6 -6M5 7l2 -2", class_="pattern-line")
    dots = element("circle", cx=2.5, cy=2.5, r=1.3, class_="pattern-dot")
    lines = element("path", d="M0 2h4", class_="pattern-faint")
    return element(
        "svg",
        element(
            "defs",
            element("pattern", hatch, id="hatch", width=6, height=6, patternUnits="userSpaceOnUse"),
            element("pattern", dots, id="dots", width=5, height=5, patternUnits="userSpaceOnUse"),
            element("pattern", lines, id="lines", width=4, height=4, patternUnits="userSpaceOnUse"),
        ),
        width="0",
        height="0",
        aria_hidden="true",
        class_="defs",
    )
