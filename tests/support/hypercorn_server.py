"""The application under Hypercorn, which is not uvicorn: what it does by ASGI alone."""

import sys

from pushdemo.server import listen
from tests.support.server import Server

HOST = "127.0.0.1"


class Hypercorn(Server):
    """A running Hypercorn with `create_app` in it, and the messages in memory.

    Args:
        messages_kept: of each room.
    """

    def __init__(self, messages_kept: int) -> None:
        factory = f"pushdemo.app:create_app(settings=Settings(publish_rate=0, messages_kept={messages_kept}))"
        with listen(HOST, 0) as listener:
            listener.listen()  # who comes before it has started waits, and need not ask again
            self.port = listener.getsockname()[1]
            bind = f"fd://{listener.fileno()}"
            # Without workers it is one process, which is all that a feed in memory can have.
            options = ["--bind", bind, "--workers", "0", "--log-level", "WARNING"]
            self._start([sys.executable, "-m", "hypercorn", *options, factory], {}, (listener.fileno(),))
        self.base = f"http://{HOST}:{self.port}"
