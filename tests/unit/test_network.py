"""This machine on the network."""

import resource
import socket
import sys
from typing import Any

import ifaddr
import pytest

from pushdemo import network


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("localhost", "http://localhost:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("2001:db8::1", "http://[2001:db8::1]:8000/"),
    ],
)
def test_an_address_is_written_as_a_browser_takes_it(address: str, url: str) -> None:
    assert network.url(address, 8000) == url


def test_a_server_on_one_address_is_at_that_address() -> None:
    assert network.addresses("127.0.0.1") == ["127.0.0.1"]
    assert network.addresses("192.0.2.1") == ["192.0.2.1"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_on_all_addresses_is_at_loopback_and_in_the_lan(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "lan_addresses", lambda: ["192.0.2.1", "192.0.2.2"])
    assert network.addresses(host) == ["127.0.0.1", "192.0.2.1", "192.0.2.2"]


Adapters = list[tuple[str, str, list[str]]]


def the_system_says(
    monkeypatch: pytest.MonkeyPatch,
    sends_from: str | None,
    adapters: Adapters | None,
    name_stands_for: list[str] | None = None,
) -> None:
    """Let the system answer what the test says; None is an error.

    An adapter has a short name, a long one (they differ on Windows), and addresses.
    """

    class Probe:
        def __init__(self, *_: Any) -> None:
            pass

        def __enter__(self) -> "Probe":
            return self

        def __exit__(self, *_: Any) -> None:
            pass

        def connect(self, address: tuple[str, int]) -> None:
            assert address == ("192.0.2.1", 9)
            if sends_from is None:
                raise OSError(101, "Network is unreachable")

        def getsockname(self) -> tuple[str | None, int]:
            return (sends_from, 40_000)

    def by_name(name: str) -> tuple[str, list[str], list[str]]:
        if name_stands_for is None:
            raise socket.gaierror(-2, "Name or service not known")
        return name, [], name_stands_for

    def get_adapters() -> list[ifaddr.Adapter]:
        if adapters is None:
            raise OSError(1, "Operation not permitted")
        return [
            ifaddr.Adapter(
                long,
                long,
                [ifaddr.IP(each, 24, short) for each in addresses] + [ifaddr.IP(("fe80::1", 0, 2), 64, short)],
            )
            for short, long, addresses in adapters
        ]

    monkeypatch.setattr(network.socket, "socket", Probe)
    monkeypatch.setattr(network.socket, "gethostbyname_ex", by_name)
    monkeypatch.setattr(network.ifaddr, "get_adapters", get_adapters)


def linux(*adapters: tuple[str, str]) -> Adapters:
    """Return adapters with one name and one address each."""
    return [(name, name, [address]) for name, address in (("lo", "127.0.0.1"), *adapters)]


@pytest.mark.parametrize(
    ("sends_from", "adapters", "name_stands_for", "found"),
    [
        ("192.0.2.1", linux(("eth0", "192.0.2.2"), ("wlan0", "192.0.2.1")), None, ["192.0.2.1", "192.0.2.2"]),
        (None, linux(("eth0", "192.0.2.2")), None, ["192.0.2.2"]),
        ("192.0.2.1", None, None, ["192.0.2.1"]),
        ("192.0.2.1", None, ["127.0.1.1", "192.0.2.2", "192.0.2.1"], ["192.0.2.1", "192.0.2.2"]),
        (None, None, ["192.0.2.2"], ["192.0.2.2"]),
        (None, None, None, []),
        ("127.0.0.1", linux(), ["127.0.0.1"], []),
    ],
)
def test_lan_addresses_are_found_whatever_the_system_can_say(
    monkeypatch: pytest.MonkeyPatch,
    sends_from: str | None,
    adapters: Adapters | None,
    name_stands_for: list[str] | None,
    found: list[str],
) -> None:
    the_system_says(monkeypatch, sends_from, adapters, name_stands_for)
    assert network.lan_addresses() == found


def test_the_usual_way_comes_first_and_bridges_and_vpns_last(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters = linux(
        ("docker0", "172.17.0.1"), ("eth1", "169.254.7.7"), ("eth0", "10.0.0.5"), ("wlp2s0", "192.168.1.5")
    )
    the_system_says(monkeypatch, "192.168.1.5", adapters)
    assert list(map(str, network.ways())) == [
        "192.168.1.5 (wlp2s0)",
        "10.0.0.5 (eth0)",
        "172.17.0.1 (docker0: a bridge of docker, not the Wi-Fi)",
        "169.254.7.7 (eth1: no network has given this adapter an address)",
    ]


def test_a_vpn_is_not_first_though_the_system_sends_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    the_system_says(monkeypatch, "10.8.0.2", linux(("tun0", "10.8.0.2"), ("wlan0", "192.168.1.5")))
    assert network.lan_addresses() == ["192.168.1.5", "10.8.0.2"]


@pytest.mark.parametrize(
    ("hint", "names"),
    [
        (network.DOCKER, ["docker0", "docker_gwbridge", "br-1a2b3c4d5e6f", "veth12ab34"]),
        (network.MACHINES, ["virbr0", "vmnet8", "vboxnet0", "bridge100", "vEthernet (WSL)", "VirtualBox Host-Only"]),
        (network.MACHINES, ["Hyper-V Virtual Ethernet Adapter", "VMware Virtual Ethernet Adapter for VMnet1"]),
        (network.VPN, ["tun0", "tap0", "utun3", "wg0", "tailscale0", "Tailscale", "ztabcdef12", "ppp0", "ipsec0"]),
        (network.VPN, ["TAP-Windows Adapter V9", "WireGuard Tunnel", "OpenVPN Data Channel Offload", "My VPN"]),
        ("", ["eth0", "en0", "wlan0", "wlp2s0", "enp3s0", "br0", "Wi-Fi", "Ethernet", "以太网", "WLAN"]),
        ("", ["Microsoft Wi-Fi Direct Virtual Adapter", "Intel(R) Wi-Fi 6 AX201 160MHz", "ap0", "bnep0"]),
    ],
)
def test_adapters_that_no_phone_reaches_are_known_by_their_names(
    monkeypatch: pytest.MonkeyPatch, hint: str, names: list[str]
) -> None:
    for name in names:
        for short, long in ((name, name), (name, "{0F3C}"), ("Ethernet 2", name)):
            the_system_says(monkeypatch, None, [(short, long, ["192.0.2.2"])])
            assert network.ways() == [network.Way("192.0.2.2", short, hint)], name


def test_a_qr_code_stands_below_its_text() -> None:
    first, *code = network.qr_code("http://192.0.2.1:8000/").splitlines()
    assert first == "http://192.0.2.1:8000/"
    assert len(code) > 10
    assert {len(line) for line in code if line} == {max(map(len, code))}
    assert any(block in "".join(code) for block in "▄▀█")


def test_a_qr_code_is_drawn_in_the_colour_of_the_text_around_it() -> None:
    drawing = network.qr_drawing("http://192.0.2.1:8000/join").decode()
    assert drawing.startswith("<svg ")
    assert drawing.count("currentColor") == 1
    assert "#" not in drawing
    assert 'width="' not in drawing, "it is as large as the page wants it"


INFINITY = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("before", "most", "asked_for"),
    [
        ((1_024, 524_288), 524_288, [524_288]),
        ((256, INFINITY), 100_000, [INFINITY, 65_536]),
        ((256, INFINITY), 20_000, [INFINITY, 65_536, 10_240]),
        ((256, INFINITY), 256, [INFINITY, 65_536, 10_240]),
        ((50_000, INFINITY), 50_000, [INFINITY, 65_536]),  # never lowered
        ((100_000, INFINITY), 100_000, [INFINITY]),
        ((4_096, 4_096), 4_096, []),
        ((INFINITY, INFINITY), 100_000, []),
    ],
)
def test_the_open_files_limit_is_raised_as_far_as_the_system_lets_it(
    monkeypatch: pytest.MonkeyPatch, before: tuple[int, int], most: int, asked_for: list[int]
) -> None:
    asked: list[int] = []

    def setrlimit(which: int, limits: tuple[int, int]) -> None:
        assert which == resource.RLIMIT_NOFILE
        assert limits[1] == before[1]
        asked.append(limits[0])
        if limits[0] == INFINITY or limits[0] > most:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda which: before)
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    network.raise_open_files_limit()
    assert asked == asked_for


def test_where_there_are_no_such_limits_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    network.raise_open_files_limit()
