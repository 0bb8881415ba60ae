"""What processes use, as the system tells it: CPU time and memory. What it does not tell is None."""

import time
from pathlib import Path

import psutil

NS_PER_S = 1_000_000_000


def cpu_s(process: int) -> float | None:
    """Return the CPU seconds that a process has used; on Linux to the nanosecond, elsewhere by the system's tick."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / NS_PER_S
    except (OSError, IndexError, ValueError):
        pass
    try:
        times = psutil.Process(process).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


def memory_kib(process: int) -> float | None:
    """Return a process's memory: PSS, where pages shared with others count in part, or else RSS."""
    try:
        memory = psutil.Process(process).memory_full_info()
    except psutil.Error:
        return None
    return float(getattr(memory, "pss", 0) or memory.rss) / 1024


def own_cpu_s() -> float:
    """Return the CPU seconds that this process has used."""
    return time.process_time()


def machine_busy_s() -> float:
    """Return the CPU seconds that the whole machine has spent on anything, all cores together."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # guest time stands in user time already
    return float(sum(times) - idle - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0))
