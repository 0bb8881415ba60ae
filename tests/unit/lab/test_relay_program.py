"""The relay as a program: its command line, its commands, and how it ends."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pushdemo.lab import program as program_module
from pushdemo.lab.program import COMMANDS, execute, main
from pushdemo.lab.relay import Conditions, Relay
from tests.support.server import ROOT

LOOPBACK = "127.0.0.1"
STOP_WITHIN_S = 10
SERVER = "127.0.0.1:8000"


class Program:
    """`python -m pushdemo.lab.relay`, running."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pushdemo.lab.relay", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.printed = self.read_line()
        self.port = int(self.printed.rpartition(":")[2])

    def read_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def command(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def stats(self) -> dict[str, Any]:
        """Ask for the counts; what was commanded before is done when they come."""
        self.command("stats")
        stats: dict[str, Any] = json.loads(self.read_line())
        return stats

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it by a signal, and return its exit code and what it complained of."""
        self.process.send_signal(number)
        _, complaints = self.process.communicate(timeout=STOP_WITHIN_S)
        return self.process.returncode, complaints


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    program = Program(*arguments)
    try:
        yield program
    finally:
        program.process.kill()
        program.process.communicate()


@contextmanager
def echo_server() -> Iterator[int]:
    """A server that sends back what comes, on a port of its own."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=echo, args=(connection,), daemon=True).start()

    def echo(connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(65_536):
                    connection.sendall(data)
            except OSError:
                return  # reset

    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_it_says_where_it_is_passes_bytes_takes_commands_and_stops() -> None:
    with echo_server() as server, running("--to", f"{LOOPBACK}:{server}", "--commands") as program:
        assert program.printed == f"relay is at {LOOPBACK}:{program.port}\n"
        with socket.create_connection((LOOPBACK, program.port), timeout=10) as client:
            client.sendall(b"ping")
            assert client.recv(4, socket.MSG_WAITALL) == b"ping"
            counts = {"number": 1, "open": True, "bytes_to_server": 4, "bytes_to_client": 4}
            totals = {"opened": 1, "closed": 0, "bytes_to_server": 4, "bytes_to_client": 4}
            assert program.stats() == {**totals, "connections": [counts]}
            program.command("set delay-ms 10000")
            program.stats()
            client.sendall(b"never to arrive")
            program.command("cut")
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        assert program.stats()["bytes_to_server"] == 4
        program.command("nonsense")
        program.stats()
        assert program.stop() == (0, f"expected {COMMANDS}; this came: 'nonsense'\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_by_itself_at_a_signal_only_and_resets_its_clients(number: signal.Signals) -> None:
    with echo_server() as server, running("--to", f"{LOOPBACK}:{server}", "--commands", "--seed", "7") as program:
        assert program.process.stdin is not None
        program.process.stdin.close()
        with socket.create_connection((LOOPBACK, program.port), timeout=10) as client:
            client.sendall(b"still there")
            assert client.recv(11, socket.MSG_WAITALL) == b"still there"
            program.process.stdin = None
            assert program.stop(number) == (0, "")
            with pytest.raises(ConnectionResetError):
                client.recv(1)


def test_it_stops_cleanly_while_it_waits_for_a_command() -> None:
    with running("--to", SERVER, "--commands") as program:
        program.stats()
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(STOP_WITHIN_S) == 0


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "pushdemo.lab.relay", "--to", SERVER, "--port", f"{port}"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"Cannot listen on {LOOPBACK} port {port}: {os.strerror(errno.EADDRINUSE)}.\n"


def test_an_address_that_nobody_has_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nobody(*_: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(Relay, "start", nobody)
    monkeypatch.setattr(program_module, "_raise_open_files_limit", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(["--to", SERVER, "--host", "nobody.invalid"]) == 1
    assert capsys.readouterr() == ("", "Cannot listen on nobody.invalid port 0: Name or service not known.\n")


def test_it_runs_on_uvloop_where_there_is_one_and_else_on_the_standard_librarys_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not for Windows")
    assert program_module._loop_factory() is uvloop.new_event_loop
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert program_module._loop_factory() is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: --to"),
        (["--to", "8000"], "argument --to: expected HOST:PORT; this came: '8000'"),
        (["--to", "localhost:0"], "argument --to: expected HOST:PORT; this came: 'localhost:0'"),
        (["--to", "localhost:65536"], "argument --to: expected HOST:PORT; this came: 'localhost:65536'"),
        (["--to", SERVER, "--port", "http"], "argument --port: expected a number from 0 to 65,535; this came: 'http'"),
        (["--to", SERVER, "--delay-ms", "-1"], "delay_ms is from 0 to 10,000; this came: -1.0"),
        (["--to", SERVER, "--bandwidth-kbit", "0"], "bandwidth_kbit is from 1 to 10,000,000; this came: 0.0"),
        (["--to", SERVER, "--jitter-ms", "much"], "argument --jitter-ms: invalid float value: 'much'"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", f"{sentence}\n")


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert COMMANDS in " ".join(capsys.readouterr().out.split())


def relay() -> Relay:
    return Relay((LOOPBACK, 8000), Conditions(delay_ms=50))


@pytest.mark.parametrize(
    ("command", "conditions"),
    [
        ("set delay-ms 20", Conditions(delay_ms=20)),
        ("set jitter-ms 2.5\n", Conditions(delay_ms=50, jitter_ms=2.5)),
        ("  set bandwidth-kbit   1000", Conditions(delay_ms=50, bandwidth_kbit=1_000)),
    ],
)
def test_set_changes_one_of_the_conditions(command: str, conditions: Conditions) -> None:
    changed = relay()
    assert execute(changed, command) is None
    assert changed.conditions == conditions


def test_the_limit_of_the_bandwidth_can_be_lifted() -> None:
    narrow = Relay((LOOPBACK, 8000), Conditions(bandwidth_kbit=64))
    execute(narrow, "set bandwidth-kbit none")
    assert narrow.conditions == Conditions()


def test_a_stall_can_be_commanded() -> None:
    stalled = relay()
    execute(stalled, "stall 2.5")
    assert 2.4 < stalled.stalled_until - stalled.clock.monotonic() <= 2.5


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("", f"expected {COMMANDS}; this came: ''"),
        ("cut off", f"expected {COMMANDS}; this came: 'cut off'"),
        ("set colour 3", f"expected {COMMANDS}; this came: 'set colour 3'"),
        ("set delay-ms slow", "expected a number; this came: 'slow'"),
        ("set delay-ms none", "expected a number; this came: 'none'"),
        ("set delay-ms 10001", "delay_ms is from 0 to 10,000; this came: 10001.0"),
        ("stall -1", "a stall is from 0 to 3,600 seconds; this came: -1.0"),
    ],
)
def test_a_command_that_cannot_be_done_is_said_in_one_sentence_and_changes_nothing(command: str, sentence: str) -> None:
    unchanged = relay()
    with pytest.raises(ValueError) as error:
        execute(unchanged, command)
    assert str(error.value) == sentence
    assert unchanged.conditions == Conditions(delay_ms=50)
