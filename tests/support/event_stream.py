"""A client of Server-Sent Events."""

import asyncio

import httpx
import msgspec

from tests.support.reading import Client, Received, check, http_client


class Sse(Client):
    technique = "sse"

    async def connect(self) -> None:
        query = {} if self.cursor is None else {"after": self.cursor}
        request = self.http.build_request("GET", f"{self.path}/sse", params=query)
        response = await self.http.send(request, stream=True)
        if response.status_code != 200:
            await response.aread()
            check(response, 200)
        self._response = response
        self._opened = asyncio.Event()
        self.read_in_background()
        await self._opened.wait()

    async def receive(self) -> None:
        text = b""
        try:
            async for chunk in self._response.aiter_bytes():
                *blocks, text = (text + chunk).split(b"\n\n")
                for block in blocks:
                    self._receive_block(block)
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from error
        finally:
            self._opened.set()

    def _receive_block(self, block: bytes) -> None:
        lines = (line.partition(b": ") for line in block.split(b"\n"))
        fields = {name.decode(): value for name, _, value in lines}
        event_id = fields.get("id", b"").decode()
        if fields.get("event") == b"gap":
            cursor = msgspec.json.decode(fields["data"])["cursor"]
            assert cursor == event_id
            self.put_gap(cursor)
        elif "data" in fields:
            self.put_message(fields["data"])
        elif event_id:
            self.put_place(event_id)
            self._opened.set()

    async def close(self) -> None:
        await self._response.aclose()


async def read_all(base: str, room: str) -> list[Received]:
    """Return everything kept of a room from which nothing was trimmed."""
    async with http_client(base) as http:
        newest = (await http.get(f"/api/rooms/{room}/short-poll", params={"after": "latest"})).json()["cursor"]
    epoch, _, number = newest.partition("-")
    async with Sse(base, room, f"{epoch}-0") as client:
        return await client.take(int(number))
