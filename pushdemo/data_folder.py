"""The folder that the system has for this user's data of pushdemo: the messages, and the last benchmark's report."""

from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Return the folder; it may not be there yet."""
    return Path(platformdirs.user_data_dir("pushdemo", appauthor=False))
