"""nginx with nchan, the server in C: its configuration is written into a temporary folder, with all that it keeps."""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from string import Template

from benchmarks.peers.process import START_WITHIN_S, PeerError, Process, running

TEMPLATE = Path(__file__).with_name("nchan.conf.template")
MODULE = "ngx_nchan_module.so"
MODULE_FOLDERS = (
    "/usr/lib/nginx/modules",
    "/usr/lib64/nginx/modules",
    "/usr/share/nginx/modules",
    "/etc/nginx/modules",
)
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin"
"""Where nginx is, and which an ordinary user's PATH does not name on Debian."""
CONNECTIONS = 16_384
BACKLOG = 4_096
PROBE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
PROBE_AGAIN_S = 0.01


def find_nginx() -> str | None:
    """Return the path of nginx."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_FOLDERS}")


def find_module() -> str | None:
    """Return the path of nchan's module."""
    files = (Path(folder) / MODULE for folder in MODULE_FOLDERS)
    return next((str(file) for file in files if file.is_file()), None)


def missing() -> str | None:
    """Say what is not installed and how to get it; None: nothing is missing."""
    if find_nginx() is None:
        return "nginx is not installed: apt-get install nginx libnginx-mod-nchan"
    if find_module() is None:
        return "nginx's module nchan is not installed: apt-get install libnginx-mod-nchan"
    return None


def configuration(folder: Path, module: str, port: int) -> str:
    """Return the configuration of an nginx that listens on a port of 127.0.0.1 and keeps its files in `folder`."""
    import resource  # only where there is one: not on Windows

    _, open_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Template(TEMPLATE.read_text()).substitute(
        folder=folder,
        module=module,
        address=f"127.0.0.1:{port}",
        # nobody else's worker could enter the folder
        user="user root;" if os.geteuid() == 0 else "",
        open_files=2 * CONNECTIONS if open_files == resource.RLIM_INFINITY else min(open_files, 2 * CONNECTIONS),
        connections=CONNECTIONS,
    )


@contextlib.asynccontextmanager
async def run_nginx(core: int | None) -> AsyncIterator[tuple[int, Process]]:
    """Run nginx on a free port, for the length of the context.

    The port is bound here and handed over, as service managers do it (nginx takes the listening sockets that the
    variable NGINX names): it is free for certain, and early connections wait.

    Raises:
        PeerError: it does not start.
    """
    nginx, module = find_nginx(), find_module()
    if nginx is None or module is None:
        raise PeerError(missing() or "")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pushdemo-nchan-")))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=BACKLOG))
        port: int = listening.getsockname()[1]
        file = folder / "nginx.conf"
        file.write_text(configuration(folder, module, port))
        descriptor = listening.fileno()
        async with running(
            "nginx",
            [nginx, "-p", str(folder), "-e", "stderr", "-c", str(file)],
            core=core,
            variables={"NGINX": f"{descriptor};"},
            pass_fds=(descriptor,),
        ) as process:
            listening.close()  # were nginx to end, nobody would listen
            await _answers(port, process)
            yield port, process


async def _answers(port: int, process: Process) -> None:
    """Wait until its worker has answered a request."""
    try:
        async with asyncio.timeout(START_WITHIN_S):
            while not await _probe(port):
                if process.exit_code is not None:
                    raise await process.failure()
                await asyncio.sleep(PROBE_AGAIN_S)
    except TimeoutError:
        raise PeerError(f"nginx did not start: it was not ready within {START_WITHIN_S:g} s") from None


async def _probe(port: int) -> bool:
    """Return whether a request is answered."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(PROBE)
        answer = await reader.read()
    except OSError:
        return False
    writer.close()
    return answer.startswith(b"HTTP/1.1 ")
