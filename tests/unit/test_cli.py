"""The command line, up to where it would begin to serve."""

import errno
import os
import socket
from dataclasses import fields
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from click.testing import CliRunner, Result

from pushdemo import __version__, cli
from pushdemo.log.memory import MemoryLog
from pushdemo.log.sqlite import SqliteLog
from pushdemo.network import Way
from pushdemo.settings import Settings
from tests.unit.asgi import ask, http_scope


class Served:
    """What `serve` was called with, instead of serving."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.log: Any = None
        self.app: Any = None
        self.times = 0
        self.opening: Any = None

    def __call__(self, app: Any, feed: Any, listener: socket.socket, started: Any, opening: Any = None) -> None:
        self.settings, self.log, self.app = feed.settings, feed._log, app
        self.times += 1
        self.opening = opening
        started()
        listener.close()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Served:
    served = Served()
    monkeypatch.setattr(cli, "serve", served)
    monkeypatch.setattr(cli.network, "raise_open_files_limit", lambda: None)
    monkeypatch.setattr(cli.network, "ways", lambda: [Way("192.0.2.1", "wlan0", "")])
    monkeypatch.delenv("PUSHDEMO_REPORT", raising=False)
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "data"))
    for each in fields(Settings):
        monkeypatch.delenv(f"PUSHDEMO_{each.name.upper()}", raising=False)
    return served


def run(*arguments: str, typed: str = "", **environment: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, input=typed, env=environment)


def refused(*arguments: str, **environment: str) -> str:
    result = run(*arguments, **environment)
    assert result.exit_code != 0
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("arguments", [(), ("serve",)])
def test_without_a_subcommand_it_serves(served: Served, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--port", "0", "--log", "memory")
    assert (result.exit_code, served.times) == (0, 1)
    assert served.settings == Settings(port=0)


def test_it_says_where_to_go_and_where_messages_are_kept(served: Served) -> None:
    lines = run("--port", "0", "--log", "memory").stdout.splitlines()
    assert lines[0].startswith("pushdemo is at http://127.0.0.1:")
    assert int(lines[0].rpartition(":")[2].rstrip("/")) > 0
    assert lines[1:] == ["messages are kept: in memory, gone when it stops", "Ctrl-C stops it"]


def test_in_the_lan_it_listens_on_all_addresses_and_shows_a_code(served: Served) -> None:
    result = run("--port", "0", "--log", "memory", "--lan")
    assert served.settings.host == "0.0.0.0"
    assert "pushdemo is at http://127.0.0.1:" in result.stdout
    assert "pushdemo is at http://192.0.2.1:" in result.stdout
    assert "█" in result.stdout


GIVEN: dict[str, tuple[list[str], Any]] = {
    each.name: (
        (["a.example", "b.example"], ("a.example", "b.example"))
        if isinstance(each.default, tuple)
        else ([], True)
        if isinstance(each.default, bool)
        else (["localhost"], "localhost")
        if isinstance(each.default, str)
        else (["0"], 0)
        if each.name == "port"
        else (["26"], 26)  # the longest time for a poll must not be below the usual one
        if each.name == "long_poll_max_timeout_s"
        else (["7"], 7)
    )
    for each in fields(Settings)
}
GIVEN["trusted_proxy"] = (["10.0.0.1", "10.0.0.0/8"], ("10.0.0.1", "10.0.0.0/8"))
GIVEN["lab_ports"] = (["9001-9010"], "9001-9010")
GIVEN["allow_origin"] = (["http://a.example", "http://b.example"], ("http://a.example", "http://b.example"))


@pytest.mark.parametrize("name", GIVEN)
def test_every_setting_has_a_flag(served: Served, name: str) -> None:
    texts, value = GIVEN[name]
    flag = f"--{name.replace('_', '-')}"
    arguments = [part for text in texts for part in (flag, text)] or [flag]
    result = run("--port", "0", "--log", "memory", *arguments)
    assert result.exit_code == 0, result.stderr
    assert getattr(served.settings, name) == value


@pytest.mark.parametrize("name", GIVEN)
def test_every_setting_can_be_given_in_the_environment(served: Served, name: str) -> None:
    texts, value = GIVEN[name]
    variable = {f"PUSHDEMO_{name.upper()}": " ".join(texts) or "1"}
    port = () if name == "port" else ("--port", "0")
    result = run(*port, "--log", "memory", **variable)
    assert result.exit_code == 0, result.stderr
    assert getattr(served.settings, name) == value


def test_help_explains_every_setting_with_its_unit(served: Served) -> None:
    text = " ".join(run("serve", "--help").stdout.split())
    for each in fields(Settings):
        assert f"--{each.name.replace('_', '-')} " in text
        assert each.metadata["reason"].split()[0] in text
    for flag in ("--log", "--report", "--workers", "--lan", "--class", "--address", "--title", "--simulate"):
        assert flag in text
    assert served.times == 0


def test_it_tells_its_version(served: Served) -> None:
    assert run("--version").stdout == f"pushdemo {__version__}\n"
    assert {"serve", "class"} < set(run("--help").stdout.split())
    assert served.times == 0


# --- where messages are kept ---


def test_messages_are_kept_in_the_users_data_folder(served: Served, tmp_path: Path) -> None:
    result = run("--port", "0")
    assert isinstance(served.log, SqliteLog)
    assert served.log.path == tmp_path / "data" / "feed.sqlite"
    assert f"messages are kept: {tmp_path}/data/feed.sqlite" in result.stdout


def test_or_in_the_file_given_or_in_memory(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--port", "0", "--log", f"sqlite:{tmp_path}/x.sqlite")
    assert served.log.path == tmp_path / "x.sqlite"
    monkeypatch.setenv("HOME", str(tmp_path))
    run("--port", "0", PUSHDEMO_LOG="sqlite:~/y.sqlite")
    assert served.log.path == tmp_path / "y.sqlite"
    run("--port", "0", "--log", "memory", "--messages-kept", "7", "--max-rooms", "8")
    assert isinstance(served.log, MemoryLog)
    assert (served.log._messages_kept, served.log._max_rooms) == (7, 8)


# --- where the last benchmark's report is ---


async def test_the_report_is_in_the_users_data_folder(served: Served, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "report.html").write_text("the last report")
    run("--port", "0", "--log", "memory")
    assert await report(served) == "the last report"


async def test_or_in_the_file_given(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.html").write_text("another report")
    run("--port", "0", "--log", "memory", "--report", str(tmp_path / "x.html"))
    assert await report(served) == "another report"
    monkeypatch.setenv("HOME", str(tmp_path))
    run("--port", "0", "--log", "memory", PUSHDEMO_REPORT="~/x.html")
    assert await report(served) == "another report"


async def report(served: Served) -> str:
    answer = await ask(served.app, http_scope("GET", "/report"))
    assert answer.status == 200
    return answer.content.decode()


# --- refused in one sentence ---


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--log", "postgres://x"), "pushdemo: --log is sqlite:PATH or memory, not 'postgres://x'\n"),
        (("--log", "sqlite:"), "pushdemo: --log is sqlite:PATH or memory, not 'sqlite:'\n"),
        (
            ("--log", "sqlite::memory:"),
            "pushdemo: --log memory keeps the messages in memory; this came: 'sqlite::memory:'\n",
        ),
        (
            ("--log", "sqlite:~nosuch/x"),
            "pushdemo: --log names the folder of a user who is not known here: 'sqlite:~nosuch/x'\n",
        ),
        (("--log", ""), "pushdemo: --log is sqlite:PATH or memory, not ''\n"),
        (("--report", ""), "pushdemo: --report is the path of a file, not ''\n"),
        (
            ("--report", "~nosuch/x"),
            "pushdemo: --report names the folder of a user who is not known here: '~nosuch/x'\n",
        ),
        (("--messages-kept", "0"), "pushdemo: messages_kept must be at least 1 messages per room, not 0\n"),
        (("--port", "70000"), "pushdemo: port must be at most 65535, not 70000\n"),
        (
            ("--allow-origin", "a.example"),
            "pushdemo: an origin is http(s)://name[:port], without a path; this came: 'a.example'\n",
        ),
        (
            ("--workers", "2"),
            "pushdemo: --workers is 1: 2 would need a log that processes can share, which this version does not have\n",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_sentence(
    served: Served, arguments: tuple[str, ...], sentence: str
) -> None:
    assert refused("--log", "memory", "--port", "0", *arguments) == sentence
    assert served.times == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "http"), "Error: Invalid value for '--port': 'http' is not a valid integer."),
        (("--prot", "1"), "Error: No such option '--prot'"),
        (("--slow-reader-s", "soon"), "Error: Invalid value for '--slow-reader-s': 'soon' is not a valid float."),
        (("serve", "now"), "Error: Got unexpected extra argument (now)"),
    ],
)
def test_a_flag_it_cannot_read_is_named(served: Served, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*arguments)
    assert served.times == 0


def test_a_port_that_is_taken_is_refused_in_one_sentence(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = f"pushdemo: Cannot listen on 127.0.0.1 port {port}: {os.strerror(errno.EADDRINUSE)}.\n"
        assert refused("--log", "memory", "--port", str(port)) == sentence


def test_an_address_of_another_machine_is_refused_in_one_sentence(served: Served) -> None:
    sentence = refused("--log", "memory", "--host", "192.0.2.99", "--port", "0")
    assert sentence == f"pushdemo: Cannot listen on 192.0.2.99 port 0: {os.strerror(errno.EADDRNOTAVAIL)}.\n"
