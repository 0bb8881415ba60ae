"""tcpdump on the loopback interface, and what tshark reads in its capture: somebody else's count of the same bytes."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.chromium import do_without

LISTENING = b"listening on "
CAPTURED_BYTES = 262_144
SEVERAL = "|"
"""Stands between the values of a field that a packet has several times."""


def program(name: str) -> str:
    """Return the path of a program that the tests need."""
    path = shutil.which(name)
    if path is None:
        do_without(name, f"install the package {name}")
    return path


class Sniffer:
    """A tcpdump that writes all packets of a port into a file."""

    def __init__(self, port: int, file: Path) -> None:
        self.port = port
        self.file = file
        command = [program("tcpdump"), "-i", "lo", "-U", "-s", str(CAPTURED_BYTES), "-w", str(file), f"tcp port {port}"]
        if os.geteuid() == 0:
            command[1:1] = ["-Z", "root"]  # else it becomes a user who may not write here
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        said = b""
        while LISTENING not in said:
            line = self._process.stderr.readline()
            if not line:
                do_without("permission to capture packets", f"run the tests as root: {said.decode().strip()}")
            said += line

    def read(self, display_filter: str, *fields: str) -> list[list[list[str]]]:
        """Return the packets that pass tshark's filter: of each, the values of each field, which may be several."""
        command = [program("tshark"), "-r", str(self.file), "-d", f"tcp.port=={self.port},http", "-Y", display_filter]
        command += [
            "-T",
            "fields",
            "-E",
            f"aggregator={SEVERAL}",
            *(part for field in fields for part in ("-e", field)),
        ]
        # It complains of a packet that is being written while it reads.
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        return [[value.split(SEVERAL) if value else [] for value in row] for row in rows]

    def payload(self) -> dict[str, int]:
        """Return the bytes of TCP payload, up to the port and down from it, as tshark counts them."""
        sums = {"up": 0, "down": 0}
        rows = self.read("tcp.len > 0 && !tcp.analysis.retransmission", "tcp.dstport", "tcp.len")
        for [destination], [size] in rows:
            sums["up" if int(destination) == self.port else "down"] += int(size)
        return sums

    def close(self) -> None:
        """Stop capturing."""
        assert self._process.stderr is not None
        self._process.terminate()
        self._process.wait(10)
        self._process.stderr.close()


@contextmanager
def sniffing(port: int, file: Path) -> Iterator[Sniffer]:
    """Capture what crosses a port of this machine."""
    sniffer = Sniffer(port, file)
    try:
        yield sniffer
    finally:
        sniffer.close()
