"""A long poll that the server's connection holds, without a task: and when it comes again, without a request's way.

The first poll of a connection comes through everything: admission, routes, the transport. When there is nothing to
answer the endpoint hands it over and returns (`exchange.held`). The fan-out answers all held polls of a room with the
same bytes. The client then asks the same again, to the byte but for the number in its cursor, so what was checked
once need not be parsed and checked again: such a request is held at once. Any other goes the usual way.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from pushdemo.exchange import poll_answer, problem_answer
from pushdemo.following import Batch, Following
from pushdemo.line import Carried, Ending, Framing, Words
from pushdemo.messages import Cursor, Message
from pushdemo.problems import Problem

WORDS = Words(lambda message: message)
"""A poll's answer is made of whole messages, by its framing."""

NUMBER = re.compile(rb"0|[1-9][0-9]{0,17}")


def response_bytes(response: Response, server_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return what goes over the connection for a response with a body, as uvicorn writes it."""
    head = [name + b": " + value for name, value in (*server_headers, *response.raw_headers)]
    return STATUS_LINE[response.status_code] + b"\r\n".join([*head, b"", bytes(response.body)])


def poll_framing(most: int, on_wire: Callable[[Response], bytes]) -> Framing:
    """Return what makes an answer of new messages, at most so many."""

    def framing(messages: list[Message]) -> bytes:
        some = messages[:most]
        batch = Batch(Cursor.parse(some[-1].id), some, more=len(some) < len(messages))
        return on_wire(poll_answer(batch))

    return framing


def template(request: bytes | None, cursor: Cursor) -> tuple[bytes, bytes] | None:
    """Return what stands before and after the number of `cursor` in a whole GET request; None where that is unclear."""
    if request is None or not request.startswith(b"GET ") or request.find(b"\r\n\r\n") != len(request) - 4:
        return None
    line_end = request.index(b"\r\n")
    given = b"after=" + str(cursor).encode()
    start = request.find(given, 0, line_end)
    end = start + len(given)
    if (
        start < 0
        or request.count(b"after=", 0, line_end) != 1
        or request.count(b"%", 0, line_end)  # which may hide another
        or request[start - 1 : start] not in (b"?", b"&")
        or request[end : end + 1] not in (b" ", b"&")
    ):
        return None
    return request[: end - len(str(cursor.number))], request[end:]


class Holder(Protocol):
    """The connection, as far as its poll needs it."""

    loop: asyncio.AbstractEventLoop
    timeout_keep_alive: int

    @property
    def poll_framing(self) -> Framing:
        """Return what makes an answer of new messages; the same for all connections of the server."""

    def answer(self, response: bytes) -> None:
        """Write the answer to the poll, after which the next request may come."""

    def response_bytes(self, response: Response) -> bytes:
        """Return what goes over the connection for `response`."""

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection: it was not used for too long."""


class HeldPoll:
    """The poll of one connection: held, or answered and perhaps coming again.

    To the fan-out it is a `Line` whose transport is the poll itself: what is written to it is the answer.

    Args:
        holder: the connection.
        following: the reader.
        timeout_s: how long it is held.
        request: the request as it came, if it came whole.
    """

    __slots__ = ("_after", "_before", "_following", "_holder", "_over_at", "_task", "_timeout_s", "_timer", "is_held")

    takes_more = True

    def __init__(self, holder: Holder, following: Following, timeout_s: float, request: bytes | None) -> None:
        self._holder = holder
        self._following = following
        self._timeout_s = timeout_s
        self._before, self._after = template(request, following.cursor) or (b"", b"")
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        following.keep()
        self._hold()

    @property
    def transport(self) -> Any:
        """Return where the fan-out writes."""
        return self

    @property
    def framing(self) -> Framing:
        """Return what makes an answer of new messages."""
        return self._holder.poll_framing

    def carry(self, reader: Carried) -> None:
        """Do nothing: the connection tells the poll when it is lost."""

    # --- held ---

    def _hold(self) -> None:
        self.is_held = True
        self._over_at = self._holder.loop.time() + self._timeout_s
        self._look_by(self._over_at)
        if not self._following.join(self, WORDS):
            self._task = self._holder.loop.create_task(self._answer_what_is_there())

    def again(self, request: bytes) -> bool:
        """Hold the poll again that comes as `request`; False when it has to go the usual way."""
        number = request[len(self._before) : len(request) - len(self._after)]
        if (
            self.is_held
            or not self._before
            or not NUMBER.fullmatch(number)
            or not (request.startswith(self._before) and request.endswith(self._after))
        ):
            return False
        try:
            if not self._following.open_again(int(number)):
                return False
        except Problem:
            return False
        self._hold()
        return True

    def come_no_more(self) -> None:
        """Take no request for this poll again: something else was sent after it."""
        self._before = b""

    async def _answer_what_is_there(self) -> None:
        response: Response
        asked = self._following.subscriber
        try:
            response = poll_answer(await self._following.read_poll())
        except Problem as problem:
            response = problem_answer(problem)
        if self.is_held and self._following.subscriber is asked:
            self.write(self._holder.response_bytes(response))

    # --- answered ---

    def write(self, answer: bytes) -> None:
        """Answer; so does the fan-out."""
        self._following.close()
        self.is_held = False
        self._over_at = self._holder.loop.time() + self._holder.timeout_keep_alive
        self._look_by(self._over_at)
        self._holder.answer(answer)

    def end(self, ending: Ending) -> None:
        """Answer with nothing: time is up, or the server stops."""
        if self.is_held:
            self.write(self._holder.response_bytes(poll_answer(Batch(self._following.cursor, []))))

    def lost(self) -> None:
        """Forget it: the connection is gone, or says something else."""
        self.is_held = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._following.close()
        self._following.let_go()

    # --- one timer for both, which is seldom set: most polls are answered long before ---

    def _look_by(self, when: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._holder.loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        now = self._holder.loop.time()
        if now < self._over_at:
            self._look_by(min(self._over_at, now + self._holder.timeout_keep_alive))
        elif self.is_held:
            self.end(Ending.LATER)
        else:
            self._holder.timeout_keep_alive_handler()
