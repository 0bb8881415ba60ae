"""HTTP as no HTTP client would send it."""

import asyncio
import json
from typing import Any, NamedTuple

from tests.support.server import Server


class Answer(NamedTuple):
    """A response, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem it tells."""
        assert self.headers["content-type"] == "application/problem+json"
        return dict(json.loads(self.body))


async def ask(server: Server, *lines: str | bytes, body: bytes = b"") -> Answer:
    """Send a request of these lines, and `Connection: close`, and return what is answered until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = [line.encode() if isinstance(line, str) else line for line in (*lines, "Connection: close")]
    writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
    try:
        async with asyncio.timeout(10):
            return parse(await reader.read())
    finally:
        writer.transport.abort()


def parse(text: bytes) -> Answer:
    """Take apart a response with Content-Length."""
    head, _, body = text.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in fields}
    return Answer(int(status_line.split()[1]), headers, body)
