"""What a delivered message costs in requests and bytes, and what the bytes are for."""

from collections.abc import Sequence

from benchmarks.accounts import NAMES, Accounts
from benchmarks.report.blocks import Block, Paragraph, Picture, Section
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.bars import Bar, BarChart, Part
from benchmarks.report.charts.bars import Group as Bars
from benchmarks.report.charts.marks import Key
from benchmarks.report.figures import requests_per_delivery
from benchmarks.report.groups import Group
from benchmarks.report.wording import measured, whole
from benchmarks.results import Run

ACCOUNTS = {
    "payload": "payload",
    "http_headers": "HTTP headers",
    "framing": "framing",
    "handshake": "handshake",
    "heartbeat": "heartbeat",
}
TCP_IP = "TCP and IP, estimated"
KEYS = [Key(words, None, f"fill-{name}") for name, words in ACCOUNTS.items()] + [Key(TCP_IP, None, "fill-tcp_ip")]


def traffic(groups: Sequence[Group]) -> Section:
    """Return the section on requests and bytes."""
    delivered = [group for group in groups if group.runs[0].received]
    if not delivered:
        return Section(
            "Requests and bytes", [Paragraph("Nothing was delivered, so nothing can be shared among deliveries.")]
        )
    blocks: list[Block] = [_bytes_picture(delivered), _requests_picture(delivered)]
    return Section("Requests and bytes", blocks)


def _bytes_picture(groups: Sequence[Group]) -> Picture:
    bars = [Bars(group.name, _directions(group.runs[0]), group.technique) for group in groups]
    told = [
        f"{group.name} {' and '.join(f'{bar.words} {bar.name}' for bar in _directions(group.runs[0]))}"
        for group in groups
    ]
    chart = BarChart(
        label=f"Bytes for each delivered message, by account: {'; '.join(told)}.",
        x=Axis("bytes for each delivered message"),
        groups=bars,
        keys=KEYS,
    )
    caption = (
        "From connect to the last delivery, all clients, counted at the socket. Payload has the technique's colour. "
        "After the plus sign: what TCP and IP add, estimated from the segments that the kernel counted, 52 bytes each."
    )
    return Picture(chart, "Bytes for each delivered message", caption)


def _directions(run: Run) -> list[Bar]:
    estimate = run.tcp_ip_estimate
    return [
        _bar("received", run.accounts.received, estimate.received if estimate else None, run.received),
        _bar("sent", run.accounts.sent, estimate.sent if estimate else None, run.received),
    ]


def _bar(name: str, accounts: Accounts, tcp_ip: int | None, received: int) -> Bar:
    parts = [
        Part(value / received, f"fill-{account}", f"{name}, {ACCOUNTS[account]}: {measured(value / received)} bytes")
        for account, value in zip(NAMES, accounts.values(), strict=True)
    ]
    words = whole(accounts.total / received)
    if tcp_ip is not None:
        parts.append(Part(tcp_ip / received, "fill-tcp_ip", f"{name}, {TCP_IP}: {measured(tcp_ip / received)} bytes"))
        words += f" + {whole(tcp_ip / received)}"
    return Bar(name, parts, words)


def _requests_picture(groups: Sequence[Group]) -> Picture:
    shares = [(group, requests_per_delivery(group.runs[0]) or 0.0) for group in groups]
    chart = BarChart(
        label="Requests for each delivered message: "
        + "; ".join(f"{group.name} {measured(share)}" for group, share in shares)
        + ".",
        x=Axis("requests for each delivered message"),
        groups=[Bars(group.name, [_requests_bar(group.runs[0], share)], group.technique) for group, share in shares],
        keys=[
            Key("brought a message, or opened a stream", None, "fill-payload"),
            Key("answered empty", None, "fill-empty"),
        ],
    )
    return Picture(chart, "Requests for each delivered message")


def _requests_bar(run: Run, share: float) -> Bar:
    empty = run.empty_answers / run.received
    parts = [
        Part(max(share - empty, 0.0), "fill-payload", f"with a message: {measured(share - empty)}"),
        Part(empty, "fill-empty", f"answered empty: {measured(empty)}"),
    ]
    return Bar("", parts, measured(share))
