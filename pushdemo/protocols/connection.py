"""What both protocols' connections have: a reader they were handed over to, and no patience with who takes nothing."""

import asyncio
import socket
import struct
from abc import abstractmethod

from pushdemo.collecting import Collector
from pushdemo.line import Carried, Ending


class PushConnection:
    """What both have: a reader to whom the connection was handed over, and no patience with who takes nothing.

    A connection whose client takes nothing of what waits for it is broken off. What counts is progress: who takes a
    long answer slowly may go on taking it. A transport of ours that notices it first can say why (1013, the end of a
    stream), so where the application has the connection this waits longer.
    """

    PATIENCE = 1.5
    """In units of `slow_reader_s`."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    slow_reader_s: float
    by_tasks: bool
    collector: Collector
    _reader: Carried | None = None
    _waiting: asyncio.TimerHandle | None = None

    @property
    def takes_more(self) -> bool:
        """Whether what was written is on its way, and the connection is not ending."""
        return self._waiting is None and not self.transport.is_closing()

    def carry(self, reader: Carried) -> None:
        """Tell `reader` from now on what becomes of the connection."""
        self._reader = reader
        if self.transport.is_closing():
            reader.lost()
            return
        self.transport.set_write_buffer_limits(high=0)  # what the system does not take at once is too much

    @abstractmethod
    def end(self, ending: Ending) -> None:
        """End the connection as its protocol does."""

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]
        self._wait(self.transport.get_write_buffer_size())
        if self._reader is not None:
            self._reader.paused()

    def _wait(self, left_bytes: int) -> None:
        patience_s = self.slow_reader_s * (self.PATIENCE if self._reader is None else 1)
        self._waiting = self.loop.call_later(patience_s, self._look, left_bytes)

    def _look(self, left_bytes: int) -> None:
        now_left_bytes = self.transport.get_write_buffer_size()
        if now_left_bytes < left_bytes:
            self._wait(now_left_bytes)
        elif self._reader is not None:
            self.end(Ending.LATER)
        else:
            reset(self.transport)

    def resume_writing(self) -> None:
        self._wait_no_more()
        super().resume_writing()  # type: ignore[misc]
        if self._reader is not None:
            self._reader.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        self.collector.left()
        self._wait_no_more()
        super().connection_lost(exc)  # type: ignore[misc]
        if self._reader is not None:
            self._reader.lost()
            self._reader = None

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def reset(transport: asyncio.Transport) -> None:
    """Break off a connection by RST, so that the kernel too lets go of what it holds for the client."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
