"""This machine on the network: its addresses, how to write them, and how many connections it may hold."""

import io
import socket
from contextlib import suppress

import segno

LOOPBACK = "127.0.0.1"
USUAL_OPEN_FILES = (65_536, 10_240)


def lan_addresses() -> list[str]:
    """Return the IPv4 addresses by which others may reach this machine, the most likely first.

    The first is the one the system would send from to a distant address (nothing is sent to find out); the rest are
    those its own name stands for.
    """
    found: list[str] = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation, which nobody has
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def addresses(host: str) -> list[str]:
    """Return what to open in a browser for a server that listens on `host`."""
    return [LOOPBACK, *lan_addresses()] if host in ("0.0.0.0", "::") else [host]


def url(address: str, port: int) -> str:
    """Return the address of the index page."""
    return f"http://[{address}]:{port}/" if ":" in address else f"http://{address}:{port}/"


def qr_code(text: str) -> str:
    """Return `text` as a QR code made of block characters."""
    out = io.StringIO()
    segno.make(text, micro=False).terminal(out, compact=True)
    return f"{text}\n{out.getvalue()}"


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
