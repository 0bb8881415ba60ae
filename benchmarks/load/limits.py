"""How many connections this process may have open."""

import contextlib


def raise_open_files_limit() -> None:
    """Raise the limit of open files as far as the system lets it; without effect on Windows."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
