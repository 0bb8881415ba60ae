"""The options of `fanout`, and the order in which servers are measured."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import cli
from benchmarks.fanout.plan import FanoutPlan, Step
from benchmarks.peers.peer import PEERS

SETTINGS: dict[str, float] = {"clients": 20, "text_bytes": 100, "duration_s": 0.3, "repeat": 2, "seed": 1}


def test_all_servers_come_before_another_technique_and_all_techniques_before_a_repeat() -> None:
    plan = FanoutPlan.parse("sse,socket-io", "1,4", "pushdemo,floor", **SETTINGS)
    assert plan.steps() == [
        Step(0, "sse", "pushdemo"),
        Step(0, "sse", "floor"),
        Step(0, "socket-io", "pushdemo"),
        Step(1, "sse", "pushdemo"),
        Step(1, "sse", "floor"),
        Step(1, "socket-io", "pushdemo"),
    ]
    assert plan.under_way == (1, 4)
    assert (plan.settings.clients, plan.settings.techniques) == (20, ("sse", "socket-io"))


def test_without_a_choice_all_servers_are_measured() -> None:
    assert FanoutPlan.parse("sse", "1", None, **SETTINGS).peers == tuple(PEERS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--clients", "0"), "--clients is from 1 to 10,000; this came: 0"),
        (("--clients", "20000"), "--clients is from 1 to 10,000; this came: 20,000"),
        (("--text-bytes", "5"), "text_bytes is from 12 to 4,000; this came: 5"),
        (("--duration", "0"), "duration_s is from 0.1"),
        (("--repeat", "0"), "repeat is from 1"),
        (("--under-way", "1,x"), "--under-way are whole numbers from 1 to 100; this came: 'x'"),
        (("--under-way", "0"), "--under-way are whole numbers from 1 to 100; this came: '0'"),
        (("--under-way", ""), "--under-way are whole numbers from 1 to 100; this came: ''"),
        (("--under-way", "4,4"), "--under-way are named once each; this came: 4, 4"),
        (
            ("--techniques", "short-poll"),
            "--techniques are of sse, websocket, socket-io, long-poll; this came: 'short-p",
        ),
        (("--techniques", "sse,sse"), "--techniques are named once each; this came: sse, sse"),
        (
            ("--peers", "apache"),
            "--peers are of pushdemo, pushdemo-sqlite, pushdemo-by-tasks, floor, node, nchan; this",
        ),
        (("--peers", "floor,floor"), "--peers are named once each; this came: floor, floor"),
        (("--peers", "floor", "--techniques", "socket-io"), "none of the servers floor knows socket-io"),
    ],
)
def test_a_bad_option_is_refused_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = CliRunner().invoke(cli.main, ["fanout", *arguments])
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_the_help_names_the_command() -> None:
    assert "fanout" in CliRunner().invoke(cli.main, ["--help"]).output


def test_the_guide_names_every_option_and_every_server() -> None:
    guide = (Path(__file__).parents[4] / "docs" / "benchmark.md").read_text()
    section = guide.partition("## What fan-out costs")[2].partition("\n## ")[0]
    for option in cli.fanout_command.params:
        assert f"`{option.opts[0]}`" in section
    for peer in PEERS:
        assert f"`{peer}`" in section
