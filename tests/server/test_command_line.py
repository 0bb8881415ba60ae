"""The command line: what it prints, and the one sentence it says when something is wrong."""

import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from pushdemo.cli import main
from tests.support.reading import http_client
from tests.support.server import ROOT, Server, command, environment, run_pushdemo


def fails(*arguments: str, **variables: str) -> tuple[int, str]:
    """Run pushdemo, which must end by itself having printed nothing, and return its exit code and what it said."""
    done = subprocess.run(
        command(*arguments),
        check=False,
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def refuses(*arguments: str) -> tuple[int, str]:
    """Run the command in this process, for what it must find wrong before it serves."""
    result = CliRunner(env={"PUSHDEMO_PORT": None, "PUSHDEMO_LOG": None}).invoke(main, arguments)
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.exit_code, result.stderr


def test_port_0_is_printed_as_the_port_it_became(tmp_path: Path) -> None:
    with Server(f"sqlite:{tmp_path / 'feed.sqlite'}") as server:
        assert server.port > 0
        assert server.printed == (
            f"pushdemo is at http://127.0.0.1:{server.port}/\n"
            f"messages are kept: {tmp_path / 'feed.sqlite'}\n"
            "Ctrl-C stops it\n"
        )
        socket.create_connection(("127.0.0.1", server.port)).close()


def test_a_log_in_memory_is_said_to_be_gone_when_it_stops(server: Server) -> None:
    assert "messages are kept: in memory, gone when it stops\n" in server.printed


def test_serve_may_be_said(tmp_path: Path) -> None:
    with run_pushdemo("serve", "--port", "0", "--log", "memory") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("pushdemo is at http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


async def test_the_default_log_is_in_the_users_data_folder(tmp_path: Path) -> None:
    with run_pushdemo("--port", "0", XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path)) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    where = Path(printed[1].removeprefix("messages are kept: ").strip())
    assert where.is_relative_to(tmp_path)
    assert where.parts[-2:] == ("pushdemo", "feed.sqlite")
    assert where.is_file()


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = fails("--port", str(port), "--log", "memory")
    assert (code, said) == (1, f"pushdemo: Cannot listen on 127.0.0.1 port {port}: Address already in use.\n")


def test_an_address_of_another_machine() -> None:
    code, said = fails("--host", "192.0.2.1", "--port", "0", "--log", "memory")
    assert code == 1
    assert said == "pushdemo: Cannot listen on 192.0.2.1 port 0: Cannot assign requested address.\n"


def test_a_host_name_that_nobody_knows() -> None:
    code, said = fails("--host", "nobody.invalid", "--port", "0", "--log", "memory")
    assert code == 1
    assert re.fullmatch(r"pushdemo: Cannot listen on nobody\.invalid port 0: [^\n]+\.\n", said)


@pytest.mark.parametrize("url", ["redis", "sqlite:", "sqlite", "", "/tmp/feed.sqlite", "memory:"])
def test_a_log_it_does_not_have(url: str) -> None:
    code, said = refuses("--port", "0", "--log", url)
    assert (code, said) == (1, f"pushdemo: --log is sqlite:PATH or memory, not {url!r}\n")


def test_a_log_that_is_a_folder(tmp_path: Path) -> None:
    code, said = fails("--port", "0", "--log", f"sqlite:{tmp_path}")
    assert code == 1
    assert re.fullmatch(rf"pushdemo: Cannot open the log {re.escape(str(tmp_path))}: [^\n]+\.\n", said)
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes, which nobody may write over\n" * 100)
    before = path.read_bytes()
    code, said = fails("--port", "0", "--log", f"sqlite:{path}")
    assert (code, said) == (1, f"pushdemo: Cannot open the log {path}: file is not a database.\n")
    assert path.read_bytes() == before


def test_a_log_that_is_the_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    code, said = fails("--port", "0", "--log", f"sqlite:{path}")
    assert (code, said) == (1, f"pushdemo: {path} is the database of another program.\n")
    assert path.read_bytes() == before


def test_a_log_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = fails("--port", "0", "--log", f"sqlite:{tmp_path / 'file' / 'feed.sqlite'}")
    assert code == 1
    assert re.fullmatch(rf"pushdemo: Cannot make the folder {re.escape(str(tmp_path / 'file'))}: [^\n]+\.\n", said)


def test_a_log_where_nobody_may_write() -> None:
    folder = Path("/proc/pushdemo") if os.name == "posix" and Path("/proc").is_dir() else Path("/pushdemo")
    code, said = fails("--port", "0", "--log", f"sqlite:{folder / 'feed.sqlite'}")
    assert code == 1
    assert re.fullmatch(rf"pushdemo: Cannot make the folder {folder}: [^\n]+\.\n", said)


def test_a_log_that_another_server_has(tmp_path: Path) -> None:
    path = tmp_path / "feed.sqlite"
    with Server(f"sqlite:{path}"):
        code, said = fails("--port", "0", "--log", f"sqlite:{path}")
    assert code == 1
    assert said == f"pushdemo: Another pushdemo has {path} open; give this one another --log.\n"


BAD_SETTINGS = [
    ("--messages-kept", "0", "messages_kept must be at least 1 messages per room, not 0"),
    ("--max-rooms", "0", "max_rooms must be at least 1 rooms, not 0"),
    ("--port", "65536", "port must be at most 65535, not 65536"),
    ("--port", "-1", "port must be at least 0 TCP port, not -1"),
    ("--long-poll-timeout-s", "56", "long_poll_timeout_s must not be above long_poll_max_timeout_s"),
    ("--allow-origin", "https://a.example/path", "an origin is http(s)://name[:port], without a path; this came: "),
    ("--allow-origin", "*", "an origin is http(s)://name[:port], without a path; this came: "),
    ("--workers", "2", "--workers is 1: 2 would need a log that processes can share, which this version does not have"),
    ("--workers", "0", "--workers "),
]


@pytest.mark.parametrize(("flag", "value", "sentence"), BAD_SETTINGS)
def test_a_setting_out_of_its_range(flag: str, value: str, sentence: str) -> None:
    code, said = refuses(*(() if flag == "--port" else ("--port", "0")), "--log", "memory", flag, value)
    assert code == 1
    assert said.startswith(f"pushdemo: {sentence}")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--nonsense"], "Error: No such option '--nonsense'."),
        (["--port", "http"], "Error: Invalid value for '--port': 'http' is not a valid integer."),
        (["--port"], "Error: Option '--port' requires an argument."),
        (["--sse-heartbeat-s", "x"], "Error: Invalid value for '--sse-heartbeat-s': 'x' is not a valid float."),
        (["extra"], "Error: Got unexpected extra argument (extra)"),
    ],
)
def test_a_flag_it_cannot_read(arguments: list[str], sentence: str) -> None:
    code, said = refuses(*arguments)
    assert code == 2
    assert sentence in said


def test_the_port_may_come_from_the_environment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = fails("--log", "memory", PUSHDEMO_PORT=str(port))
    assert code == 1
    assert said.startswith(f"pushdemo: Cannot listen on 127.0.0.1 port {port}: ")


async def test_every_setting_may_come_from_the_environment() -> None:
    with Server("memory", PUSHDEMO_TEXT_CHARACTERS="3", PUSHDEMO_ALLOW_HOST="push.example") as server:
        async with http_client(server.base) as http:
            answer = await http.post("/api/rooms/r/messages", json={"sender": "li", "text": "four"})
            assert answer.json()["detail"] == "text has 1 to 3 characters; this one has 4."
            assert (await http.get("/healthz", headers={"Host": "push.example"})).status_code == 200


async def test_lan_binds_all_addresses_and_prints_them_with_a_qr_code() -> None:
    with Server("memory", "--lan") as server:
        lines = server.printed.splitlines()
        addresses = [line.removeprefix("pushdemo is at ") for line in lines if line.startswith("pushdemo is at ")]
        assert addresses[0] == f"http://127.0.0.1:{server.port}/"
        for address in addresses[1:]:
            async with http_client(address) as http:
                assert (await http.get("healthz")).json() == {"status": "ok"}
        codes = server.printed.count("\n" + addresses[-1] + "\n")
        assert codes == (1 if len(addresses) > 1 else 0)
        assert ("█" in server.printed or "▄" in server.printed) == (len(addresses) > 1)


def test_help_names_every_flag_with_its_unit_and_reason() -> None:
    done = subprocess.run(command("serve", "--help"), cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    for words in ("--log", "--lan", "--workers", "--publish-rate", "publishes per second and address"):
        assert words in done.stdout


def test_version() -> None:
    done = subprocess.run(command("--version"), cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    assert re.fullmatch(r"pushdemo \d+\.\d+\.\d+\n", done.stdout)


def test_all_who_may_are_let_in_when_the_limit_of_open_files_is_low() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, hard))
    try:
        server = Server()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with server:
        connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        connections[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connections[-1].settimeout(10)
        assert connections[-1].recv(100).startswith(b"HTTP/1.1 200 OK")
        for connection in connections:
            connection.close()
