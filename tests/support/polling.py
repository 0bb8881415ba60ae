"""Clients of short polling and long polling."""

import asyncio

import httpx
import msgspec

from tests.support.reading import Client, check

SHORT_POLL_INTERVAL_S = 0.02


class Poll(msgspec.Struct):
    """The body of a poll's answer; the messages as the bytes they came in."""

    cursor: str
    messages: list[msgspec.Raw]
    gap: bool = False
    more: bool = False


def place_before(answer: Poll) -> str:
    """Return the cursor after which the answer's messages stand."""
    if not answer.messages:
        return answer.cursor
    epoch, _, number = answer.cursor.rpartition("-")
    return f"{epoch}-{int(number) - len(answer.messages)}"


class _PollingClient(Client):
    """Asks, and asks again with the cursor of the answer."""

    interval_s: float

    async def connect(self) -> None:
        self._after = self.cursor
        if self.cursor == "latest":
            await self.poll()
        self.read_in_background()

    async def receive(self) -> None:
        while True:
            more = await self.poll()
            if not more:
                await asyncio.sleep(self.interval_s)

    async def poll(self) -> bool:
        """Ask once, put in what came, and return whether there is more."""
        try:
            response = await self.http.get(f"{self.path}/{self.technique}", params=self.query())
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from error
        answer = msgspec.json.decode(check(response, 200).content, type=Poll)
        if answer.gap:
            self.put_gap(place_before(answer))
        for message in answer.messages:
            self.put_message(bytes(message))
        self.put_place(answer.cursor)
        self._after = answer.cursor
        return answer.more

    def query(self) -> dict[str, str]:
        """Return the poll's parameters."""
        return {} if self._after is None else {"after": self._after}


class ShortPoll(_PollingClient):
    technique = "short-poll"
    interval_s = SHORT_POLL_INTERVAL_S


class LongPoll(_PollingClient):
    technique = "long-poll"
    interval_s = 0
    timeout_s = 25

    def query(self) -> dict[str, str]:
        return super().query() | {"timeout": str(self.timeout_s)}
