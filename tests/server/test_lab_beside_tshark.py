"""What tshark reads in a real capture of a session's connections is what the lab reads in them."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.lab import Lab
from tests.support.reading import Client
from tests.support.server import Server
from tests.support.sniffer import Sniffer, sniffing
from tests.support.until import until

pytestmark = pytest.mark.long

FRAME_HEADER = {"FIN, RSV, opcode", "MASK, payload length", "extended payload length", "masking key"}

Read = list[list[tuple[str, ...]]]
"""Of each direction of each connection, what went over it, in order."""


async def read_by_lab(lab: Lab) -> Read:
    """Return the requests, responses and frames as the lab reads them."""
    ways = defaultdict(list)
    for unit in lab.units:
        fields = (await lab.unit(unit))["fields"]
        way = ways[unit["connection"], unit["direction"]]
        match unit["kind"]:
            case "request":
                method, target = unit["label"].split()[0], await target_of(lab, unit, fields)
                way.append(("request", method, target))
            case "response" if unit["technique"] != "sse":  # tshark tells of a response when it has ended
                way.append(("response", str(unit["status"])))
            case "frame":
                opcode = next(bits["value"] for bits in fields[0]["bits"] if bits["name"] == "opcode")
                size = sum(field["length"] for field in fields if field["name"] not in FRAME_HEADER)
                way.append(("frame", opcode.partition(",")[0], str(size)))
    return sorted(way for way in ways.values() if way)


async def target_of(lab: Lab, unit: dict[str, object], fields: list[dict[str, object]]) -> str:
    """Return a request's target without the space that ends it."""
    [field] = [each for each in fields if each["name"] == "request target"]
    data = await lab.bytes_of(unit)
    start = int(str(field["offset"]))
    return data[start : start + int(str(field["length"]))].decode().strip()


def read_by_tshark(sniffer: Sniffer) -> Read:
    """Return the same as tshark reads it."""
    ways = defaultdict(list)
    http = ("http.request.method", "http.request.uri", "http.response.code")
    frames = ("websocket.opcode", "websocket.payload_length", "websocket.payload_length_ext_16")
    for row in sniffer.read("http || websocket", "tcp.stream", "tcp.dstport", *http, *frames):
        [stream], [to], methods, targets, codes, opcodes, sizes, longer = row
        way = ways[stream, int(to) == sniffer.port]
        way += [("request", method, target) for method, target in zip(methods, targets, strict=True)]
        way += [("response", code) for code in codes]
        extended = iter(longer)
        sizes = [next(extended) if size == "126" else size for size in sizes]
        way += [("frame", opcode, size) for opcode, size in zip(opcodes, sizes, strict=True)]
    return sorted(ways.values())


def agree(lab: Lab, sniffer: Sniffer) -> bool:
    """Return whether both have counted as much as the five texts have, and the same."""
    return lab.size["down"] > 3_427 and sniffer.payload() == lab.size == lab.accounted()


async def test_tshark_reads_the_same_requests_responses_and_frames(
    server: Server, room: str, client_class: type[Client], tmp_path: Path
) -> None:
    async with Lab.open(server) as lab:
        with sniffing(lab.state["port"], tmp_path / "all.pcap") as sniffer:
            async with client_class(lab.base, room) as client:
                sent = [await client.publish("li", "a" * size) for size in (1, 100, 126, 200, 3_000)]
                assert [message.id for message in await client.take(len(sent))] == sent
            await until(lambda: agree(lab, sniffer), "the lab and tshark have counted all")
            assert read_by_tshark(sniffer) == await read_by_lab(lab)
    assert len(lab.units) > 5
