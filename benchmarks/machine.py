"""Where and with what it was measured: the metadata of a result, without which its figures mean little."""

import datetime as dt
import platform
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.loop import loop_factory

LIBRARIES = ("starlette", "uvicorn", "sse-starlette", "python-socketio", "websockets", "httptools", "uvloop")
GIB = 1 << 30


def metadata() -> dict[str, Any]:
    """Return time, versions, machine and clock."""
    clock = time.get_clock_info("perf_counter")
    return {
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "pushdemo": _version("pushdemo"),
        "commit": _commit(),
        "machine": {
            "cpu": _cpu(),
            "cores": psutil.cpu_count() or 1,
            "memory_gib": round(psutil.virtual_memory().total / GIB, 1),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        },
        "software": {
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
            "event_loop": "asyncio" if loop_factory() is None else "uvloop",
        },
        "clock": {"name": "perf_counter", "resolution_ns": round(clock.resolution * 1e9)},
        "load_before": [round(load, 2) for load in psutil.getloadavg()],
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Return the commit of the checkout, with a plus where files were changed; None outside of one."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()


def _cpu() -> str:
    """Return the processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model")))
    return next(named, "") or platform.processor() or platform.machine()
