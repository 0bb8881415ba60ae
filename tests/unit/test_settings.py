"""Every setting says its unit and its reason, and refuses what it cannot mean."""

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from pushdemo.settings import Settings, parse_ports

NUMBERS = [each.name for each in fields(Settings) if type(each.default) in (int, float)]
MAY_BE_ZERO = {"port", "publish_rate", "sender_rate"}


@pytest.mark.parametrize("each", fields(Settings), ids=lambda each: each.name)
def test_every_setting_has_a_unit_and_a_reason(each: Any) -> None:
    assert each.metadata["unit"].strip()
    assert len(each.metadata["reason"]) > 5


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("host", "127.0.0.1"),
        ("port", 8000),
        ("sender_characters", 64),
        ("text_characters", 4_000),
        ("body_bytes", 64 * 1024),
        ("max_rooms", 10_000),
        ("messages_kept", 100_000),
        ("max_connections", 20_000),
        ("publish_rate", 200),
        ("sender_rate", 10),
        ("sender_burst", 30),
        ("history_messages", 50),
        ("poll_messages", 500),
        ("long_poll_timeout_s", 25),
        ("long_poll_max_timeout_s", 55),
        ("deflate", False),
    ],
)
def test_the_defaults_are_the_contracts(name: str, default: object) -> None:
    assert getattr(Settings(), name) == default


@pytest.mark.parametrize("name", NUMBERS)
def test_a_negative_number_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be at least "):
        Settings(**{name: -1})


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in MAY_BE_ZERO])
def test_zero_is_refused_by_name_where_it_means_nothing(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be at least "):
        Settings(**{name: 0})


@pytest.mark.parametrize("name", sorted(MAY_BE_ZERO))
def test_zero_is_taken_where_it_has_a_meaning(name: str) -> None:
    assert getattr(Settings(**{name: 0}), name) == 0


@pytest.mark.parametrize("name", [each.name for each in fields(Settings) if isinstance(each.default, float)])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_length_of_time_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be "):
        Settings(**{name: value})


def test_the_unit_stands_in_the_refusal() -> None:
    with pytest.raises(ValueError, match=r"^keep_alive_s must be at least 1 seconds, not 0$"):
        Settings(keep_alive_s=0)


def test_a_port_above_the_highest_is_refused() -> None:
    assert Settings(send_buffer_kib=1_048_576).send_buffer_kib == 1_048_576
    with pytest.raises(ValueError, match=r"^send_buffer_kib must be at most 1048576, not 1048577$"):
        Settings(send_buffer_kib=1_048_577)
    assert Settings(port=65_535).port == 65_535
    with pytest.raises(ValueError, match=r"^port must be at most 65535, not 65536$"):
        Settings(port=65_536)


def test_a_poll_is_not_held_longer_by_default_than_it_may_be() -> None:
    with pytest.raises(ValueError, match=r"^long_poll_timeout_s must not be above long_poll_max_timeout_s$"):
        Settings(long_poll_timeout_s=56)


def test_settings_do_not_change_under_a_running_server() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", ["http://demo.example", "demo.example:8000", "", "a b", "[::1]"])
def test_an_allowed_host_is_a_name_alone(name: str) -> None:
    with pytest.raises(ValueError, match="^allow_host takes names such as demo"):
        Settings(allow_host=(name,))


@pytest.mark.parametrize("address", ["proxy", "*", "10.0.0.1:80", ""])
def test_a_trusted_proxy_is_an_address(address: str) -> None:
    with pytest.raises(ValueError, match="^trusted_proxy takes addresses such as 10"):
        Settings(trusted_proxy=(address,))


def test_hosts_and_proxies_that_can_be_are_taken() -> None:
    settings = Settings(allow_host=("demo.example", "192.0.2.1", "2001:db8::1"), trusted_proxy=("10.0.0.0/8", "::1"))
    assert len(settings.allow_host) == 3


@pytest.mark.parametrize(
    ("text", "ports"),
    [("8001-8063", range(8001, 8064)), ("8001", range(8001, 8002)), ("0", range(1)), ("none", range(0))],
)
def test_lab_ports_are_a_range_or_one_or_any_or_none(text: str, ports: range) -> None:
    assert parse_ports(text) == ports == parse_ports(Settings(lab_ports=text).lab_ports)


@pytest.mark.parametrize("text", ["", "8063-8001", "0-3", "65535-65536", "8001-", "8001,8002", "any", "-1"])
def test_what_is_no_range_of_ports_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^lab_ports are a range such as 8001-8063, one port, 0 for any, or none; not"):
        Settings(lab_ports=text)
