"""The command line: `pushdemo [serve]` and `pushdemo class`."""

import sys
from collections.abc import Callable
from dataclasses import Field, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from pushdemo import __version__, cli_class, network
from pushdemo.admission import parse_origin
from pushdemo.app import create_app
from pushdemo.classroom.recording import RecordingError
from pushdemo.clock import SystemClock
from pushdemo.data_folder import data_folder
from pushdemo.feed import Feed
from pushdemo.log import LogError, MessageLog
from pushdemo.log.memory import MemoryLog
from pushdemo.log.sqlite import SqliteLog
from pushdemo.problems import Problem
from pushdemo.server import ListenError, listen, serve
from pushdemo.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

EVERYWHERE = "0.0.0.0"


class _ServeByDefault(click.Group):
    """Without a subcommand it serves: `pushdemo --port 0` is `pushdemo serve --port 0`."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        own = {"--help", "--version"}
        if not arguments or (arguments[0] not in self.commands and arguments[0] not in own):
            arguments = ["serve", *arguments]
        return super().parse_args(context, arguments)


@click.group(
    cls=_ServeByDefault,
    epilog="`pushdemo serve --help` and `pushdemo class --help` list the options.",
    context_settings={"auto_envvar_prefix": "PUSHDEMO", "show_default": True},
)
@click.version_option(__version__, message="pushdemo %(version)s")
def main() -> None:
    """A laboratory for server push: one chat feed through five techniques. Without a command it serves."""


def _server_options(host: str, why_there: str) -> Callable[[Command], Command]:
    """Return what gives a command an option for each field of `Settings`, and the others that serving takes.

    Args:
        host: where the command listens if not told otherwise.
        why_there: the reason.
    """

    def add(command: Command) -> Command:
        for option in reversed(OTHER_OPTIONS):
            command = option(command)
        for each in reversed(fields(Settings)):
            told = (host, why_there) if each.name == "host" else (each.default, each.metadata["reason"])
            command = _option(each, *told)(command)
        return command

    return add


def _option(each: "Field[Any]", default: Any, reason: str) -> Callable[[Command], Command]:
    flag = f"--{each.name.replace('_', '-')}"
    explained = f"{each.metadata['unit']}: {reason}"
    envvar = f"PUSHDEMO_{each.name.upper()}"
    if isinstance(default, bool):
        return click.option(flag, is_flag=True, default=default, envvar=envvar, help=explained)
    if isinstance(default, tuple):
        return click.option(flag, multiple=True, envvar=envvar, help=f"{explained} (may be given several times)")
    return click.option(flag, type=type(default), default=default, envvar=envvar, help=explained)


OTHER_OPTIONS = (
    click.option(
        "--log",
        "log_url",
        envvar="PUSHDEMO_LOG",
        help="sqlite:PATH or memory  [default: a file in your data folder]",
    ),
    click.option(
        "--report",
        envvar="PUSHDEMO_REPORT",
        help="file that /report shows  [default: where the benchmark leaves it, in your data folder]",
    ),
    click.option(
        "--workers",
        type=int,
        default=1,
        envvar="PUSHDEMO_WORKERS",
        help="processes; more than one need a shared log",
    ),
    click.option(
        "--lan",
        is_flag=True,
        envvar="PUSHDEMO_LAN",
        help="open to the network: bind all addresses, show a QR code",
    ),
)


@main.command("serve")
@_server_options(Settings().host, next(each for each in fields(Settings) if each.name == "host").metadata["reason"])
@click.option("--class", "with_class", is_flag=True, envvar="PUSHDEMO_CLASS", help="the same as `pushdemo class`")
@cli_class.class_options
@click.pass_context
def serve_command(context: click.Context, /, with_class: bool, **values: Any) -> None:
    """Serve the laboratory until Ctrl-C."""
    if with_class and context.get_parameter_source("host") is ParameterSource.DEFAULT:
        values["host"] = EVERYWHERE
    _end_with_a_sentence(partial(_serve, with_class, **values))


@main.command("class")
@_server_options(EVERYWHERE, "all of this machine's, for the students' phones")
@cli_class.class_options
def class_command(**values: Any) -> None:
    """Serve a class until Ctrl-C: students join with their phones, a teacher commands, a projector shows."""
    _end_with_a_sentence(partial(_serve, True, **values))


def _end_with_a_sentence(serve_so: Callable[[], None]) -> None:
    """Serve, and where that cannot be, say why in one sentence."""
    try:
        serve_so()
    except (ValueError, ListenError, LogError, RecordingError, FileNotFoundError, Problem) as error:
        click.echo(f"pushdemo: {error}", err=True)
        sys.exit(1)


def _serve(
    with_class: bool,
    log_url: str | None,
    report: str | None,
    workers: int,
    lan: bool,
    address: str | None,
    title: str | None,
    simulate: int | None,
    record: Path | None,
    **values: Any,
) -> None:
    if lan and values["host"] not in (Settings().host, EVERYWHERE):
        raise ValueError(f"--lan listens on all addresses; leave --host {values['host']} or --lan out")
    if lan:
        values["host"] = EVERYWHERE
    for origin in values["allow_origin"]:
        parse_origin(origin)
    settings = Settings(**values)
    if workers != 1:
        raise ValueError(
            f"--workers is 1: {workers} would need a log that processes can share, which this version does not have"
        )
    if with_class:
        settings = cli_class.settings_for_class(settings, address, title)
    else:
        cli_class.check_no_class(address=address, title=title, simulate=simulate, record=record)
    report_file = None if report is None else _path("--report", report)
    clock = SystemClock()
    log, where = _open_log(log_url, settings, clock)
    network.raise_open_files_limit()
    listener = listen(settings.host, settings.port, settings.send_buffer_kib)
    port = listener.getsockname()[1]
    feed = Feed(log, settings, clock)
    if not with_class:
        app = create_app(feed, settings, report_file)
        serve(app, feed, listener, started=lambda: _tell(settings, port, where, lan))
        return
    options = cli_class.make_options(settings, port, address, title, simulate, record)
    app = create_app(feed, settings, report_file, options)
    started = partial(cli_class.tell, options, settings, where)
    serve(app, feed, listener, started, opening=app.state.classroom.open)


def _open_log(url: str | None, settings: Settings, clock: SystemClock) -> tuple[MessageLog, str]:
    """Return the log that `url` names, and how to say where it is.

    Raises:
        ValueError: it names none.
    """
    limits = {"messages_kept": settings.messages_kept, "max_rooms": settings.max_rooms}
    if url == "memory":
        return MemoryLog(clock, **limits), "in memory, gone when it stops"
    if url is None:
        path = data_folder() / "feed.sqlite"
    elif url.startswith("sqlite:") and url != "sqlite:":
        path = _path("--log", url, "sqlite:")
        if str(path) == ":memory:":
            raise ValueError(f"--log memory keeps the messages in memory; this came: {url!r}")
    else:
        raise ValueError(f"--log is sqlite:PATH or memory, not {url!r}")
    return SqliteLog(path, clock, **limits), str(path)


def _path(flag: str, given: str, prefix: str = "") -> Path:
    """Return the path that was given with a flag.

    Raises:
        ValueError: there is none in it, or it begins with ~ and a name that is no user's.
    """
    path = given.removeprefix(prefix)
    if path == "":
        raise ValueError(f"{flag} is the path of a file, not {given!r}")
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ValueError(f"{flag} names the folder of a user who is not known here: {given!r}") from None


def _tell(settings: Settings, port: int, where: str, lan: bool) -> None:
    """Print where to go, and where the messages are kept."""
    for address in network.addresses(settings.host):
        click.echo(f"pushdemo is at {network.url(address, port)}")
    if lan:
        for address in network.lan_addresses():
            click.echo(network.qr_code(network.url(address, port)))
    click.echo(f"messages are kept: {where}")
    click.echo("Ctrl-C stops it")
    sys.stdout.flush()
