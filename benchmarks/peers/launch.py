"""Becomes another program: `launch.py CORE PROGRAM ARGUMENT…`, confined to a CPU core unless CORE is `-`.

On Linux the program is ended when whoever launched it is killed, so that no server is left to disturb later
measurements (prctl(2), PR_SET_PDEATHSIG). Threads and children inherit the core.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(core: str, *command: str) -> None:
    """Become `command`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if core != "-":
            os.sched_setaffinity(0, {int(core)})
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(*sys.argv[1:])
