"""The command line: `python -m benchmarks [run]`, `compare`, `crowd`, `fanout`, `preset` and `report`."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from benchmarks import output, results, samples, table
from benchmarks.compare import comparison, differences
from benchmarks.crowd.phones import USER_AGENT, Phones
from benchmarks.crowd.program import MOST_CLIENTS, attend
from benchmarks.fanout.plan import FANNED_OUT, FanoutPlan
from benchmarks.fanout.turns import measure_all as measure_all_servers
from benchmarks.load.client import Target
from benchmarks.loop import run as run_loop
from benchmarks.peers.peer import PEERS
from benchmarks.plan import SWEPT, TECHNIQUES, WHOLE, Plan
from benchmarks.presets import PRESETS, beside_section
from benchmarks.progress import Bar, Silent
from benchmarks.report import Section, build
from benchmarks.report.fan_out import fan_out, fan_out_comparison
from benchmarks.results import FANOUT, Results
from benchmarks.section_text import show_section
from benchmarks.session import Session, measure_all, plan_at
from benchmarks.site import SiteError, parse_url
from pushdemo.network import raise_open_files_limit

DEFAULTS = Plan()
PIPE_WIDTH = 120
"""Columns of what is printed where there is no terminal to ask."""


class _RunByDefault(click.Group):
    """Without a subcommand it measures: `python -m benchmarks --clients 10` is `… run --clients 10`."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        if not arguments or (arguments[0] not in self.commands and arguments[0] != "--help"):
            arguments = ["run", *arguments]
        return super().parse_args(context, arguments)


@click.group(cls=_RunByDefault, epilog="`python -m benchmarks run --help` lists the options.")
def main() -> None:
    """Measure requests, latency and bandwidth of five ways of server push, on this machine."""


Command = Callable[..., Any]
Work = Callable[[Session], Coroutine[Any, Any, list[Section]]]


def output_options(command: Command) -> Command:
    """Add the options about where results go and what is printed."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="print results.json instead of the table"),
        click.option("--quiet", is_flag=True, help="no progress bar"),
        click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="folder of the results"),
        click.option("--seed", type=int, default=DEFAULTS.seed, show_default=True, help="of all that is random"),
    ):
        command = option(command)
    return command


@main.command("run", context_settings={"show_default": True})
@click.option("--clients", type=int, default=DEFAULTS.clients, help="how many read")
@click.option("--rate", type=float, default=DEFAULTS.rate, help="messages per second")
@click.option(
    "--arrivals", type=click.Choice(["periodic", "poisson"]), default=DEFAULTS.arrivals, help="when they come"
)
@click.option("--duration", "duration_s", type=float, default=DEFAULTS.duration_s, help="seconds of publishing")
@click.option("--text-bytes", type=int, default=DEFAULTS.text_bytes, help="of each message's text")
@click.option("--poll-interval", "poll_interval_s", type=float, default=DEFAULTS.poll_interval_s, help="seconds")
@click.option("--techniques", default=",".join(TECHNIQUES), help="which, with commas between")
@click.option("--delay-ms", type=float, default=DEFAULTS.delay_ms, help="each way, by a relay before the clients")
@click.option("--bandwidth-kbit", type=float, help="each way and connection, by the same relay")
@click.option("--deflate", is_flag=True, help="compress what WebSockets carry (permessage-deflate)")
@click.option("--browser-headers", is_flag=True, help="requests carry the headers that a browser's carry")
@click.option(
    "--log", type=click.Choice(["memory", "sqlite"]), default=DEFAULTS.log, help="where the server keeps messages"
)
@click.option("--processes", type=int, default=DEFAULTS.processes, help="of clients; the publisher is in one more")
@click.option("--repeat", type=int, default=DEFAULTS.repeat, help="how often all of it")
@click.option("--sweep", metavar="OPTION=VALUES", help="such as clients=10,100,1000: a curve over these values")
@click.option("--url", help="a pushdemo that runs elsewhere, http://HOST:PORT")
@output_options
def run_command(
    techniques: str, sweep: str | None, out: Path | None, quiet: bool, as_json: bool, **values: Any
) -> None:
    """Measure all techniques and write a report."""
    try:
        plan = Plan(techniques=tuple(techniques.split(",")), **values)
        swept = parse_sweep(sweep, plan) if sweep else {}
        if plan.url is not None:
            parse_url(plan.url)
    except (ValueError, SiteError) as error:
        raise click.UsageError(str(error)) from None

    async def work(session: Session) -> list[Section]:
        await measure_all(session, swept)
        return []

    _measure(plan, "run", work, out, quiet=quiet, as_json=as_json)


@main.command("preset", context_settings={"show_default": True})
@click.argument("name", type=click.Choice(list(PRESETS)))
@click.option("--duration", "duration_s", type=float, help="seconds of publishing in each run, instead of its own")
@output_options
def preset_command(
    name: str, duration_s: float | None, seed: int, out: Path | None, quiet: bool, as_json: bool
) -> None:
    """Set a published figure, or a known effect, beside what is measured here."""
    preset = PRESETS[name]
    plan = msgspec.structs.replace(preset.plan, seed=seed, **({"duration_s": duration_s} if duration_s else {}))
    try:
        plan.__post_init__()
    except ValueError as error:
        raise click.UsageError(str(error)) from None

    async def work(session: Session) -> list[Section]:
        try:
            sections = await preset.measure(session)
        finally:
            session.progress.end()
        return [beside_section(preset, session.results.beside), *sections]

    _measure(plan, name, work, out, quiet=quiet, as_json=as_json)


@main.command("fanout", context_settings={"show_default": True})
@click.option("--clients", type=int, default=1_000, help="how many read")
@click.option("--text-bytes", type=int, default=100, help="of each message's text")
@click.option("--under-way", default="1,4,16", help="broadcasts at a time, with commas between")
@click.option("--techniques", default=",".join(FANNED_OUT), help="which, with commas between")
@click.option("--peers", help=f"which servers, with commas between: {', '.join(PEERS)}; else all")
@click.option("--duration", "duration_s", type=float, default=2.0, help="seconds for each figure")
@click.option("--repeat", type=int, default=5, help="how often all of it, each time on fresh servers")
@output_options
def fanout_command(
    techniques: str, under_way: str, peers: str | None, out: Path | None, quiet: bool, as_json: bool, **values: Any
) -> None:
    """Measure what a message to many readers costs pushdemo, and other servers beside it."""
    try:
        plan = FanoutPlan.parse(techniques, under_way, peers, **values)
    except ValueError as error:
        raise click.UsageError(str(error)) from None

    async def work(session: Session) -> list[Section]:
        await measure_all_servers(session, plan)
        return []

    _measure(plan.settings, FANOUT, work, out, quiet=quiet, as_json=as_json)


@main.command("crowd", context_settings={"show_default": True})
@click.option("--url", required=True, help="of the server, http://HOST:PORT")
@click.option("--room", required=True, help="that they read, from now on")
@click.option("--clients", type=click.IntRange(0, MOST_CLIENTS), default=100, help="how many there are")
@click.option("--techniques", default=",".join(TECHNIQUES), help="over which they are spread, with commas between")
@click.option("--interval", type=click.FloatRange(0.05, 3600), default=2.0, help="of short polling, in seconds")
@click.option("--timeout", type=click.IntRange(1, 55), default=25, help="of long polling, in seconds")
def crowd_command(url: str, room: str, clients: int, techniques: str, interval: float, timeout: int) -> None:
    """Be many readers of a room, until stdin closes; commands are read from it, figures printed every second."""
    chosen = tuple(techniques.split(","))
    if unknown := set(chosen) - set(TECHNIQUES):
        raise click.UsageError(f"the techniques are {', '.join(TECHNIQUES)}; this came: {', '.join(sorted(unknown))}")
    try:
        address = parse_url(url)
    except SiteError as error:
        raise click.UsageError(str(error)) from None
    raise_open_files_limit()
    target = Target(address, room, interval, timeout, extra_fields=USER_AGENT)

    async def be_many() -> None:
        phones = Phones(target, chosen)
        phones.want(clients)
        await attend(phones)

    run_loop(be_many())


@main.command("compare")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
def compare_command(a: Path, b: Path) -> None:
    """Compare two results: files, or the folders they are in. Refuses those that are not comparable."""
    try:
        first, second = (results.read(path / output.RESULTS if path.is_dir() else path) for path in (a, b))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    reasons = differences(first, second)
    if reasons:
        raise click.ClickException("these results are not comparable:\n" + "\n".join(f"- {each}" for each in reasons))
    if first.kind == FANOUT:
        show_section(fan_out_comparison(first, second), _console())
    else:
        table.show_comparison(comparison(first, second), _console())


@main.command("report")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def report_command(folder: Path) -> None:
    """Write the report of a folder of results again."""
    try:
        found = results.read(folder / output.RESULTS)
        drawn = samples.read(folder / output.SAMPLES)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if found.kind in PRESETS:
        raise click.ClickException(f"the report of a preset has parts that {output.RESULTS} does not hold; it stays")
    (folder / output.REPORT).write_text(build(found, drawn), encoding="utf-8")
    click.echo(f"written: {folder / output.REPORT}")


def parse_sweep(text: str, plan: Plan) -> dict[str, list[float]]:
    """Read `clients=10,100,1000`.

    Raises:
        ValueError: the option cannot be swept, or a value is none of its values.
    """
    name, separator, values = text.partition("=")
    field = name.strip().replace("-", "_")
    if field not in SWEPT and f"{field}_s" in SWEPT:
        field = f"{field}_s"
    if field not in SWEPT or not separator:
        choice = ", ".join(each.removesuffix("_s").replace("_", "-") for each in SWEPT)
        raise ValueError(f"--sweep is OPTION=VALUES, where OPTION is one of {choice}; this came: {text}")
    try:
        found = [float(value) for value in values.split(",")]
    except ValueError:
        raise ValueError(f"--sweep takes numbers with commas between; this came: {values!r}") from None
    for value in found:
        if field in WHOLE and not value.is_integer():
            raise ValueError(f"--sweep takes whole numbers of {field}; this came: {value:g}")
        plan_at(plan, {field: value})
    return {field: found}


def _measure(
    plan: Plan,
    kind: str,
    work: Work,
    out: Path | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Do the work, show and write what came of it, and exit with 1 where it is not whole."""
    raise_open_files_limit()
    folder = out or output.default_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"the results cannot be written to {folder}: {error.strerror}") from None
    session = Session(plan, asyncio.Event(), Silent() if quiet or not sys.stderr.isatty() else Bar(), kind)
    try:
        sections = run_loop(_interruptible(session, work))
    except SiteError as error:
        with contextlib.suppress(OSError):
            folder.rmdir()  # unless something was in it before
        raise click.ClickException(str(error)) from None
    try:
        output.save(session, sections, folder)
    except OSError as error:
        raise click.ClickException(f"the results cannot be written to {folder}: {error.strerror}") from None
    if as_json:
        click.echo((folder / output.RESULTS).read_text(), nl=False)
    else:
        _show(session.results, sections)
    for failure in session.results.failures:
        click.echo(failure, err=True)
    if session.results.interrupted and (as_json or not session.results.runs):
        click.echo("Interrupted: this is what was measured until then.", err=True)
    click.echo(f"report: {folder / output.REPORT}", err=as_json)
    if session.results.failures or session.results.interrupted:
        sys.exit(1)


def _show(found: Results, sections: Sequence[Section]) -> None:
    console = _console()
    if found.runs:
        table.show(found, console)
    if found.kind == FANOUT:
        show_section(fan_out(found), console)
    for section in sections:
        show_section(section, console)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


async def _interruptible(session: Session, work: Work) -> list[Section]:
    """Do `work`; at the first Ctrl-C it ends early with what there is, at the second at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work(session))

    def interrupt() -> None:
        if session.interrupted.is_set():
            task.cancel()
        session.interrupted.set()

    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, interrupt)
    except (NotImplementedError, AttributeError):  # Windows
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(interrupt))
    try:
        return await task
    except asyncio.CancelledError:
        session.results.interrupted = True
        return []
