"""`pushdemo class`, up to where it would begin to serve."""

import socket
from typing import Any

import pytest

from pushdemo import cli, cli_class
from pushdemo.classroom.options import ClassOptions
from pushdemo.network import DOCKER, Way
from pushdemo.problems import Problem
from tests.unit.test_cli import Served, refused, run, served

__all__ = ["served"]

WIFI = Way("192.0.2.1", "wlan0", "")
BRIDGE = Way("192.0.2.2", "docker0", DOCKER)
LIKE_WIFI = Way("192.0.2.11", "eth0", "")


def begun(served: Served) -> ClassOptions:
    """Return the options of the class that was begun."""
    assert served.times == 1
    options: ClassOptions = served.app.state.classroom.options
    return options


def the_machine_has(monkeypatch: pytest.MonkeyPatch, *ways: Way, terminal: bool = False) -> None:
    monkeypatch.setattr(cli.network, "ways", lambda: list(ways))
    monkeypatch.setattr(cli_class, "_is_terminal", lambda: terminal)


@pytest.mark.parametrize("arguments", [("class",), ("serve", "--class"), ("--class",)])
def test_a_class_listens_on_all_addresses_and_tells_everybody_where_to_go(
    served: Served, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments, "--port", "0", "--log", "memory", "--title", " Push ")
    assert result.exit_code == 0, result.stderr
    options = begun(served)
    assert served.settings.host == "0.0.0.0"
    assert (options.address, options.title, options.simulate) == ("192.0.2.1", "Push", 0)
    base, here = f"http://192.0.2.1:{options.port}/", f"http://127.0.0.1:{options.port}/"
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"pushdemo is at {here}", f"pushdemo is at {base}"]
    assert f"students join at {base}join" in lines
    assert "█" in result.stdout
    assert lines[-5:] == [
        f"the teacher's link, for nobody else: {base}class#teacher={options.token}",
        f"               or on this machine: {here}class#teacher={options.token}",
        f"the projector shows {base}class/projector",
        "messages are kept: in memory, gone when it stops",
        "Ctrl-C stops it",
    ]
    assert served.opening == served.app.state.classroom.open


def test_every_class_has_another_token_that_nobody_guesses(served: Served) -> None:
    tokens = set()
    for _ in range(3):
        run("class", "--port", "0", "--log", "memory")
        tokens.add(served.app.state.classroom.options.token)
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {22}  # 128 bits


def test_without_it_no_class_is_on(served: Served) -> None:
    run("--port", "0", "--log", "memory")
    assert served.app.state.classroom is None
    assert served.opening is None


def test_a_class_may_listen_on_one_address_alone(served: Served) -> None:
    result = run("class", "--host", "127.0.0.1", "--port", "0", "--log", "memory")
    assert (served.settings.host, begun(served).address) == ("127.0.0.1", "127.0.0.1")
    assert result.stdout.count("pushdemo is at") == 1
    assert "or on this machine" not in result.stdout


def test_serve_with_a_class_keeps_the_host_that_was_given(served: Served) -> None:
    run("serve", "--class", "--host", "127.0.0.1", "--port", "0", "--log", "memory")
    assert served.settings.host == "127.0.0.1"
    run("--port", "0", "--log", "memory", PUSHDEMO_CLASS="1")
    assert served.settings.host == "0.0.0.0"
    assert served.app.state.classroom is not None


# --- by which address ---


def test_of_several_addresses_the_most_likely_is_taken_and_the_others_are_named(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_machine_has(monkeypatch, LIKE_WIFI, WIFI, BRIDGE)
    result = run("class", "--port", "0", "--log", "memory")
    assert begun(served).address == "192.0.2.11"
    others = "192.0.2.1 (wlan0); 192.0.2.2 (docker0: a bridge of docker, not the Wi-Fi)"
    assert f"other addresses, to choose with --address: {others}\n" in result.stdout


@pytest.mark.parametrize(("typed", "address"), [("2\n", "192.0.2.2"), ("\n", "192.0.2.1"), ("9\nx\n2\n", "192.0.2.2")])
def test_at_a_terminal_a_person_chooses(
    served: Served, monkeypatch: pytest.MonkeyPatch, typed: str, address: str
) -> None:
    the_machine_has(monkeypatch, WIFI, BRIDGE, terminal=True)
    result = run("class", "--port", "0", "--log", "memory", typed=typed)
    assert begun(served).address == address
    assert "  1  192.0.2.1 (wlan0)\n  2  192.0.2.2 (docker0: a bridge of docker, not the Wi-Fi)\n" in result.stdout


def test_one_address_is_not_asked_about(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    the_machine_has(monkeypatch, WIFI, terminal=True)
    result = run("class", "--port", "0", "--log", "memory")
    assert begun(served).address == "192.0.2.1"
    assert "By which address" not in result.stdout
    assert "other addresses" not in result.stdout


def test_without_a_network_it_says_so(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    the_machine_has(monkeypatch)
    result = run("class", "--port", "0", "--log", "memory")
    assert begun(served).address == "127.0.0.1"
    assert "This machine is in no network: phones cannot reach it." in result.stdout


@pytest.mark.parametrize(
    ("given", "base", "host"),
    [
        ("192.0.2.9", "http://192.0.2.9:{port}/", "192.0.2.9"),
        ("laptop.local", "http://laptop.local:{port}/", "laptop.local"),
        ("fd00::1", "http://[fd00::1]:{port}/", "fd00::1"),
        ("https://Demo.example/push", "https://Demo.example/push/", "demo.example"),
        ("http://demo.example:81/", "http://demo.example:81/", "demo.example"),
    ],
)
def test_an_address_that_is_given_is_taken_and_let_in_as_host(served: Served, given: str, base: str, host: str) -> None:
    result = run("class", "--port", "0", "--log", "memory", "--address", given)
    assert result.exit_code == 0, result.stderr
    options = begun(served)
    assert options.base == base.format(port=options.port)
    assert f"students join at {options.base}join" in result.stdout
    assert served.settings.allow_host == (host,)


# --- refused in one sentence ---


ADDRESS = "pushdemo: --address is such as 192.168.1.5 or http://demo.example/push, not {!a}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--lab-ports", "none"),
            "pushdemo: a class begins with 5 groups, and each has a lab port of its own; --lab-ports none has none\n",
        ),
        (
            ("--lab-ports", "8001-8004"),
            "pushdemo: a class begins with 5 groups, and each has a lab port of its own; --lab-ports 8001-8004 has 4\n",
        ),
        (("--address", ""), ADDRESS.format("")),
        (("--address", "192.0.2.1:8000"), ADDRESS.format("192.0.2.1:8000")),
        (("--address", "ftp://demo.example"), ADDRESS.format("ftp://demo.example")),
        (("--address", "http://"), ADDRESS.format("http://")),
        (("--address", "http://[::1"), ADDRESS.format("http://[::1")),
        (("--address", "http://a:99999/"), ADDRESS.format("http://a:99999/")),
        (("--address", "a b"), ADDRESS.format("a b")),
        (("--title", "x" * 81), "pushdemo: --title has at most 80 characters; this one has 81\n"),
    ],
)
def test_a_class_that_cannot_be_is_refused_in_one_sentence(
    served: Served, arguments: tuple[str, ...], sentence: str
) -> None:
    assert refused("class", "--log", "memory", "--port", "0", *arguments) == sentence
    assert served.times == 0


def test_so_many_phones_cannot_be_simulated(served: Served) -> None:
    sentence = refused("class", "--log", "memory", "--simulate", "2001")
    assert "Invalid value for '--simulate': 2001 is not in the range 0<=x<=2000." in sentence
    assert served.times == 0


@pytest.mark.parametrize(("flag", "value"), [("address", "192.0.2.1"), ("title", "Push"), ("simulate", "5")])
def test_what_is_of_a_class_is_refused_without_one(served: Served, flag: str, value: str) -> None:
    sentence = f"pushdemo: --{flag} is of a class; begin one with `pushdemo class`, or add --class\n"
    assert refused("--log", "memory", "--port", "0", f"--{flag}", value) == sentence
    assert served.times == 0


def test_when_no_port_is_free_for_the_groups_it_ends_with_a_sentence(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(app: Any, feed: Any, listener: socket.socket, *_: Any, **__: Any) -> None:
        listener.close()
        raise Problem(503, "No lab port is free.")

    monkeypatch.setattr(cli, "serve", fails)
    assert refused("class", "--log", "memory", "--port", "0") == "pushdemo: No lab port is free.\n"
