"""The head of the report: what was measured, where, when and with what; and what speaks against it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from benchmarks.plan import Plan
from benchmarks.report import fan_out
from benchmarks.report.blocks import Block, Facts, Paragraph, Section
from benchmarks.report.groups import in_a_sentence
from benchmarks.report.wording import counted, listed, number, plain
from benchmarks.results import FANOUT, Results

LABELS = {
    "created": "measured",
    "software": "versions",
    "load_before": "load average before",
}
PHRASES = {
    "cpu": "{}",
    "cores": "{} cores",
    "memory_gib": "{} GiB",
    "system": "{}",
    "python": "Python {}",
    "event_loop": "event loop {}",
    "name": "{}",
    "resolution_ns": "resolution {} ns",
}
"""How the known parts of the metadata are said; of others their name comes first."""

FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

EMULATED = (
    "It cannot delay a TCP handshake: the first bytes of a connection wait one round trip more instead. Nor can it "
    "drop or delay single packets or acknowledgements."
)
"""What a relay in user space can not do."""


def what_was_measured(results: Results) -> str:
    """Say in one sentence what was measured; of an option that was swept, all its values."""
    plan = results.settings
    if results.kind == FANOUT:
        return fan_out.what_was_measured(results)

    def told(option: str, one: str, many: str) -> str:
        values = results.sweep.get(option, [getattr(plan, option)])
        return f"{listed([plain(value) for value in values])} {one if list(values) == [1] else many}"

    techniques = [in_a_sentence(technique) for technique in plan.techniques]
    if "short-poll" in plan.techniques:
        techniques[plan.techniques.index("short-poll")] += f" every {told('poll_interval_s', 's', 's')}"
    text = f"{told('clients', 'client', 'clients')} read a feed "
    if plan.rate or "rate" in results.sweep:
        text += (
            f"of {told('rate', 'message', 'messages')} per second, {told('text_bytes', 'byte', 'bytes')} of text each,"
        )
    else:
        text += "in which there were no messages,"
    text += f" for {plain(plan.duration_s)} s, by {listed(techniques)}"
    if plan.delay_ms or "delay_ms" in results.sweep:
        text += f", with {told('delay_ms', 'ms', 'ms')} of delay each way"
    return f"{text}."


def _rate(rate: float) -> str:
    return "no messages" if rate == 0 else f"{counted(rate, 'message')} per second"


def head(results: Results) -> Section:
    """Return the section with what the report stands on."""
    blocks: list[Block] = [*_cautions(results)]
    emulated = _emulated(results)
    if emulated:
        blocks.append(Paragraph(emulated))
    is_fan_out = results.kind == FANOUT
    settings = fan_out.settings_in_words(results) if is_fan_out else settings_in_words(results.settings)
    blocks.append(Facts(settings, columns=3))
    blocks.append(Facts(metadata_in_words(results.metadata), columns=2))
    return Section("Conditions", blocks)


def _cautions(results: Results) -> Iterator[Paragraph]:
    if results.interrupted:
        text = "The measurement was interrupted: what is shown was measured until then, the rest was not."
        yield Paragraph(text, caution=True)
    if not results.runs and not results.fanout:
        yield Paragraph("No run was finished, so there are no figures.", caution=True)
    for text in (*results.failures, *gathered_warnings(results)):
        yield Paragraph(text, caution=True)


def gathered_warnings(results: Results) -> list[str]:
    """Return each kind of warning once, with the techniques whose runs have it.

    Warnings that differ in their figures alone are of one kind: the worst, with the greatest figure, stands for it.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for run in results.runs:
        for warning in run.warnings:
            found.setdefault(FIGURE.sub("#", warning), []).append((run.technique, warning))
    return [_gathered(told) for told in found.values()]


def _gathered(told: Sequence[tuple[str, str]]) -> str:
    names = listed([in_a_sentence(technique) for technique in dict.fromkeys(technique for technique, _ in told)])
    names = names[0].upper() + names[1:]
    texts = [text for _, text in told]
    if len(set(texts)) > 1:
        return f"{names} ({len(told)} runs; the worst of them): {max(texts, key=_first_figure)}"
    return f"{names} ({len(told)} runs): {texts[0]}" if len(told) > 1 else f"{names}: {texts[0]}"


def _first_figure(text: str) -> float:
    found = FIGURE.search(text)
    return float(found[0].replace(",", "")) if found else 0.0


def _emulated(results: Results) -> str:
    plan = results.settings
    delays = results.sweep.get("delay_ms", [plan.delay_ms])
    parts = []
    if any(delays):
        parts.append(f"a delay of {listed([plain(delay) for delay in delays])} ms each way")
    if plan.bandwidth_kbit is not None:
        parts.append(f"a bandwidth of {number(plan.bandwidth_kbit)} kbit/s each way and connection")
    if not parts:
        return ""
    what = " and ".join(parts)
    return f"The network is emulated: {what}, by a relay in user space between clients and server. {EMULATED}"


def settings_in_words(plan: Plan) -> list[tuple[str, str]]:
    """Return every setting with its unit."""
    bandwidth = (
        "as the machine gives" if plan.bandwidth_kbit is None else f"{number(plan.bandwidth_kbit)} kbit/s each way"
    )
    return [
        ("Clients", f"{counted(plan.clients, 'reader')} in {counted(plan.processes, 'process', 'processes')}"),
        ("Rate", f"{_rate(plan.rate)}, {plan.arrivals}" if plan.rate else _rate(plan.rate)),
        ("Publishing lasts" if plan.rate else "Silence lasts", f"{number(plan.duration_s)} s"),
        ("Text", f"{counted(plan.text_bytes, 'byte')}"),
        ("Poll interval", f"{number(plan.poll_interval_s)} s"),
        ("Delay", f"{number(plan.delay_ms)} ms each way"),
        ("Bandwidth", bandwidth),
        ("Compression", "permessage-deflate" if plan.deflate else "off"),
        ("Headers of requests", "as a browser's" if plan.browser_headers else "what HTTP needs"),
        ("Log", plan.log),
        ("Repeated", counted(plan.repeat, "time")),
        ("Seed", str(plan.seed)),
        ("Server", plan.url or "a fresh one for each technique"),
    ]


def metadata_in_words(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of machine, versions, clock and time."""
    return [(_label(key), _value(value)) for key, value in metadata.items() if value not in (None, "", {}, [])]


def _label(key: str) -> str:
    words = LABELS.get(key) or key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _value(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(_named(key, each) for key, each in value.items() if each is not None)
        case list() | tuple():
            return ", ".join(_value(each) for each in value)
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return plain(value)
        case str() if TIME.match(value):
            return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M:%S %Z").strip()
        case _:
            return str(value)


def _named(key: str, value: Any) -> str:
    return PHRASES.get(key, f"{key.replace('_', ' ')} {{}}").format(_value(value))
