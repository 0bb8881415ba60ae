"""This machine on the network: its addresses, how to write them, and how many connections it may hold."""

import io
import re
import socket
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import ifaddr
import segno

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
USUAL_OPEN_FILES = (65_536, 10_240)

DOCKER = "a bridge of docker, not the Wi-Fi"
MACHINES = "a bridge of virtual machines, not the Wi-Fi"
VPN = "a VPN, which phones are not in"
QR_INK = "#000"
UNCONNECTED = "no network has given this adapter an address"
ODD_ADAPTERS = (
    (re.compile(r"docker|br-|veth(?!ernet)|podman|cni", re.IGNORECASE), DOCKER),
    (re.compile(r"virbr|vmnet|vbox|lxc|lxd|vnic|bridge[0-9]", re.IGNORECASE), MACHINES),
    (re.compile(r"(v|Hyper-V Virtual )Ethernet|VirtualBox|VMware", re.IGNORECASE), MACHINES),
    (re.compile(r"u?tun|tap|wg|zt|ppp|ipsec|nordlynx", re.IGNORECASE), VPN),
    (re.compile(r".*(tailscale|wireguard|zerotier|openvpn|wintun|vpn)", re.IGNORECASE), VPN),
)
"""How the names of adapters begin, on Linux, macOS and Windows, by which no phone in the room reaches this machine."""


class Way(NamedTuple):
    """One address by which others may reach this machine.

    Attributes:
        address: of IPv4.
        adapter: its name, as the system's own settings show it.
        hint: why phones may not reach it; empty where nothing speaks against it.
    """

    address: str
    adapter: str
    hint: str

    def __str__(self) -> str:
        told = ": ".join(filter(None, (self.adapter, self.hint)))
        return f"{self.address} ({told})" if told else self.address


def ways() -> list[Way]:
    """Return the ways by which others may reach this machine, the most likely first.

    That is the one the system sends from to a distant address, unless it is a VPN or a bridge; these come last.
    """
    usual = _usual_address()
    found = {way.address: way for way in _ways_of_adapters()}
    for address in (usual, *(() if found else _addresses_of_name())):
        if address is not None:
            found.setdefault(address, Way(address, "", _hint(address)))
    possible = [way for way in found.values() if not way.address.startswith("127.")]
    return sorted(possible, key=lambda way: (way.hint == UNCONNECTED, way.hint != "", way.address != usual))


def lan_addresses() -> list[str]:
    """Return the IPv4 addresses by which others may reach this machine, the most likely first."""
    return [way.address for way in ways()]


def _usual_address() -> str | None:
    """Return the address that the system sends from to a distant one; nothing is sent to find out."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation, which nobody has
        address: str = probe.getsockname()[0]
        return address
    return None


def _ways_of_adapters() -> list[Way]:
    """Return the addresses of all adapters; none where the system does not say."""
    with suppress(OSError):
        return [
            Way(str(ip.ip), ip.nice_name, _hint(str(ip.ip), adapter.name, adapter.nice_name, ip.nice_name))
            for adapter in ifaddr.get_adapters()
            for ip in adapter.ips
            if ip.is_IPv4
        ]
    return []


def _addresses_of_name() -> list[str]:
    """Return the addresses that this machine's own name stands for."""
    with suppress(OSError):
        return socket.gethostbyname_ex(socket.gethostname())[2]
    return []


def _hint(address: str, *names: str) -> str:
    """Return why phones may not reach an address, by the names of its adapter: Windows has a short one and a long."""
    for begins, hint in ODD_ADAPTERS:
        if any(begins.match(name) for name in names):
            return hint
    return UNCONNECTED if address.startswith("169.254.") else ""  # RFC 3927: chosen by the machine itself


def addresses(host: str) -> list[str]:
    """Return what to open in a browser for a server that listens on `host`."""
    return [LOOPBACK, *lan_addresses()] if host in EVERYWHERE else [host]


def url(address: str, port: int) -> str:
    """Return the address of the index page."""
    return f"http://[{address}]:{port}/" if ":" in address else f"http://{address}:{port}/"


def qr_code(text: str) -> str:
    """Return `text` as a QR code made of block characters."""
    out = io.StringIO()
    segno.make(text, micro=False).terminal(out, compact=True)
    return f"{text}\n{out.getvalue()}"


@lru_cache(maxsize=8)
def qr_drawing(text: str) -> bytes:
    """Return `text` as a QR code in SVG: in the colour of the text around it, with the quiet zone that readers need."""
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="svg", xmldecl=False, dark=QR_INK, light=None, border=4, omitsize=True)
    return out.getvalue().replace(f'stroke="{QR_INK}"'.encode(), b'stroke="currentColor"')


def raise_open_files_limit() -> None:
    """Allow this process as many open files, and so connections, as the system lets it (not on Windows).

    Where the hard limit itself is refused, as on macOS, where it says infinity, the largest usual number is taken.
    """
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft in (hard, resource.RLIM_INFINITY):
        return
    for limit in (hard, *(usual for usual in USUAL_OPEN_FILES if usual > soft)):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            return
