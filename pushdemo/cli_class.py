"""What `pushdemo class` asks and prints: by which address the phones come, the teacher's link, the projector's."""

import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from pushdemo import network
from pushdemo.classroom.classroom import MOST_SIMULATED
from pushdemo.classroom.groups import AT_FIRST
from pushdemo.classroom.options import ClassOptions
from pushdemo.settings import HOST_NAME, Settings, parse_ports

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_TITLE = 80


def class_options(command: Command) -> Command:
    """Give `command` the options that a class has beside those of the server."""
    options = (
        click.option(
            "--address",
            envvar="PUSHDEMO_ADDRESS",
            help="by which the phones reach this machine, or a whole one such as http://demo.example/push"
            "  [default: the most likely; asked where there are several]",
        ),
        click.option("--title", envvar="PUSHDEMO_TITLE", help="of the class, shown on its pages"),
        click.option(
            "--simulate",
            type=click.IntRange(0, MOST_SIMULATED),
            envvar="PUSHDEMO_SIMULATE",
            help="so many phones that nobody holds take part from the beginning  [default: 0]",
        ),
        click.option(
            "--record",
            type=click.Path(dir_okay=False, path_type=Path),
            envvar="PUSHDEMO_RECORD",
            help="write the class down into this new file, to be played again",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def check_no_class(**given: Any) -> None:
    """Refuse what belongs to a class where none is wanted.

    Raises:
        ValueError: with the first that was given.
    """
    for name, value in given.items():
        if value is not None:
            raise ValueError(f"--{name} is of a class; begin one with `pushdemo class`, or add --class")


def settings_for_class(settings: Settings, address: str | None, title: str | None) -> Settings:
    """Return the settings with the name in `address` let in; a browser sends it as Host.

    Raises:
        ValueError: the address is none, there are no ports for the groups, or the title is too long.
    """
    if title is not None and len(title) > MOST_TITLE:
        raise ValueError(f"--title has at most {MOST_TITLE} characters; this one has {len(title):,}")
    ports = parse_ports(settings.lab_ports)
    if 0 not in ports and len(ports) < AT_FIRST:
        raise ValueError(
            f"a class begins with {AT_FIRST} groups, and each has a lab port of its own; "
            f"--lab-ports {settings.lab_ports} has {len(ports) or 'none'}"
        )
    if address is None:
        return settings
    try:
        parts = urlsplit(address if "://" in address else f"//[{address}]" if ":" in address else f"//{address}")
        name = parts.hostname or ""
        is_whole = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        name, is_whole = "", False
    if HOST_NAME.fullmatch(name) is None or not (is_whole or name == address.lower()):
        raise ValueError(f"--address is such as 192.168.1.5 or http://demo.example/push, not {address!a}")
    return replace(settings, allow_host=(*settings.allow_host, name))


def make_options(
    settings: Settings,
    port: int,
    address: str | None,
    title: str | None,
    simulate: int | None,
    record: Path | None = None,
) -> ClassOptions:
    """Return what to make the class of; asks by which address the phones come where only a person can know."""
    if address is None:
        address = _choose(network.ways()) if settings.host in network.EVERYWHERE else settings.host
    token = secrets.token_urlsafe(16)
    return ClassOptions(
        address=address, port=port, token=token, title=(title or "").strip(), simulate=simulate or 0, record=record
    )


def _choose(ways: list[network.Way]) -> str:
    """Return the address of one of the ways; where there is a terminal and a choice, a person makes it."""
    if not ways:
        return network.LOOPBACK
    if len(ways) == 1 or not _is_terminal():
        return ways[0].address
    click.echo("By which address do the students' phones reach this machine?")
    for number, way in enumerate(ways, 1):
        click.echo(f"  {number}  {way}")
    number = click.prompt("Its number", type=click.IntRange(1, len(ways)), default=1)
    return ways[number - 1].address


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def tell(options: ClassOptions, settings: Settings, where: str) -> None:
    """Print where everybody goes, and where the messages are kept.

    Args:
        options: of the class.
        settings: of the server.
        where: the messages are kept, in words.
    """
    everywhere = settings.host in network.EVERYWHERE
    here = network.url(network.LOOPBACK if everywhere else settings.host, options.port)
    for base in dict.fromkeys((here, options.base)):
        click.echo(f"pushdemo is at {base}")
    if everywhere and "://" not in options.address:
        _tell_of_other_ways(options)
    click.echo(f"\nstudents join at {network.qr_code(options.join_address)}")
    click.echo(f"the teacher's link, for nobody else: {options.base}class#teacher={options.token}")
    if here != options.base:
        click.echo(f"               or on this machine: {here}class#teacher={options.token}")
    click.echo(f"the projector shows {options.base}class/projector")
    click.echo(f"messages are kept: {where}")
    click.echo("Ctrl-C stops it")
    sys.stdout.flush()


def _tell_of_other_ways(options: ClassOptions) -> None:
    others = [way for way in network.ways() if way.address != options.address]
    if options.address == network.LOOPBACK:
        click.echo("This machine is in no network: phones cannot reach it.")
    elif others:
        click.echo(f"other addresses, to choose with --address: {'; '.join(map(str, others))}")
