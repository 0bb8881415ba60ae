"""The benchmark's report: `build(results, samples)` returns one HTML page, to be opened from a file, served or printed.

Charts are SVG in the page, drawn by pure functions, where the pages of the application draw on a canvas: a report is
printed and projected, so its charts have to be sharp at any size; it is opened years later from a file, so it should
run nothing; and it is served under a policy that allows no script. Values are told by `<title>` to the pointer, by
`aria-label` to who does not see the drawing, and they all stand in tables too.

Presets add sections made of the same blocks: `build(results, samples, extra=[Section("Published", [Paragraph(...)])])`.
"""

from benchmarks.report.blocks import Facts, Noted, Paragraph, Picture, Pictures, Section, Table
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.bars import Bar, BarChart, Part
from benchmarks.report.charts.bars import Group as BarGroup
from benchmarks.report.charts.lines import Dot, LineChart, Mark, Series, series_with_dots
from benchmarks.report.charts.marks import Key
from benchmarks.report.page import build

__all__ = [
    "Axis",
    "Bar",
    "BarChart",
    "BarGroup",
    "Dot",
    "Facts",
    "Key",
    "LineChart",
    "Mark",
    "Noted",
    "Paragraph",
    "Part",
    "Picture",
    "Pictures",
    "Section",
    "Series",
    "Table",
    "build",
    "series_with_dots",
]
