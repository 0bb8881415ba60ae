"""One direction of a connection, from the bytes that come to the units they make."""

from collections.abc import Callable, Iterable
from typing import Protocol

from pushdemo.wire.dissectors.event_stream import Block, EventStream
from pushdemo.wire.dissectors.exchanges import LONGEST_PART, PAGE, Exchange, Message, coloured, is_event_stream
from pushdemo.wire.dissectors.fields import CUT_OFF, Account, Content, Direction, Field, Kind, Unit, UnitKind, not_read
from pushdemo.wire.dissectors.http1 import Body, Head, HeadFinder, Sized, body_of, read_head
from pushdemo.wire.dissectors.websocket import FrameReader

LONGEST_WAIT = 65_536
"""Bytes that wait for the answer to an upgrade."""
LOST = Kind("lost to view", "Bytes that crossed the connection and were not kept.", "none")


class Parties(Protocol):
    """What one direction asks of the conversation, which knows both."""

    def add(self, unit: Unit) -> None: ...
    def number(self) -> int: ...
    def number_of(self, exchange: Exchange) -> int | None: ...
    def ask(self, head: Head) -> Exchange: ...
    def answered(self, *, is_final: bool) -> Exchange: ...
    def switch(self, exchange: Exchange, head: Head) -> None: ...
    def tunnel(self) -> None: ...
    def release(self, exchange: Exchange | None) -> None: ...
    @property
    def is_full(self) -> bool: ...
    @property
    def is_deaf(self) -> bool: ...


class OneWay:
    """One direction: a step reads what it can of the bytes that wait, and returns whether there may be more to do."""

    def __init__(self, conversation: Parties, direction: Direction) -> None:
        self._conversation = conversation
        self._direction: Direction = direction
        self._waiting = bytearray()
        self._fed = 0
        self._shown = 0
        self._exchange = Exchange()  # the last
        self._message: Message | None = None
        self._stream: EventStream | None = None
        self._stream_body: Body = Sized(0)
        self._frames: FrameReader | None = None
        self._finder = HeadFinder(direction)
        self._step: Callable[[], bool] = self._read_head
        self._flush: Callable[[int, bool], None] = self._flush_head
        self._why = ""
        self.is_lost = False

    @property
    def waiting(self) -> int:
        """How many bytes have come and have not been shown."""
        return self._fed - self._shown

    def feed(self, data: bytes) -> None:
        """Read what comes."""
        self._fed += len(data)
        self._waiting += data
        self._run()

    def _run(self) -> None:
        while self._step():
            pass

    def end(self) -> None:
        """Show what waits."""
        self._give_up("expected nothing after the end of this direction", cut=len(self._waiting), ended=True)

    def skip(self, count: int) -> None:
        """Show what waits, and bytes that nobody has."""
        if count > 0:
            self._fed += count
            why = "expected no gap; bytes before these were lost to view"
            self._give_up(why, cut=len(self._waiting), lost=count)

    def lose(self, why: str) -> None:
        """Understand nothing more."""
        self._give_up(why)

    def _give_up(self, why: str, *, cut: int = 0, ended: bool = False, lost: int = 0) -> None:
        """Show what waits, and so many bytes behind it; then so many that nobody has; and understand nothing more."""
        if not self.is_lost:
            self._flush(cut, ended)
            del self._waiting[:cut]
            self.is_lost = True
            self._why = why
            self._step = self._read_nothing
        if lost:
            self._show("unknown", (Field(LOST, lost, Account.UNKNOWN, f"{lost:,} bytes"),), "lost to view")
        self._run()
        if self._direction == "down":
            self._conversation.release(None)

    def _show(
        self,
        kind: UnitKind,
        fields: tuple[Field, ...],
        label: str,
        *,
        content: Content | None = None,
        status: int | None = None,
        empty: bool = False,
        whole: bool = True,
    ) -> None:
        """Show a unit of this exchange."""
        if not fields:
            return
        exchange = self._exchange
        answers = None
        if kind == "request":
            number = self._conversation.number_of(exchange) or self._conversation.number()
        else:
            answers = self._conversation.number_of(exchange)
            number = self._conversation.number()
        unit = Unit(
            number,
            self._direction,
            kind,
            self._shown,
            fields,
            label,
            exchange.technique,
            answers,
            status,
            content.messages if content else (),
            empty or (content is not None and content.empty),
            whole,
        )
        self._shown += unit.size
        self._conversation.add(unit)

    # --- heads ---

    def _read_head(self) -> bool:
        found = self._finder.find(self._waiting) if self._waiting else None
        if found is None:
            return False
        if self._direction == "up" and self._conversation.is_full:
            found = "expected an answer first; too many requests wait for theirs"
        if isinstance(found, str):
            self.lose(found)
            return False
        head = read_head(bytes(self._waiting[:found]))
        del self._waiting[:found]
        self._finder = HeadFinder(self._direction)
        if self._direction == "up":
            self._exchange = self._conversation.ask(head)
        else:
            self._exchange = self._conversation.answered(is_final=head.status >= 200 or head.status == 101)
        self._begin(head)
        return True

    def _begin(self, head: Head) -> None:
        """Go on to the body, or to whatever follows this head."""
        exchange = self._exchange
        body = body_of(head, exchange.method)
        is_tunnel = exchange.method == "CONNECT" and 200 <= head.status < 300
        is_stream = is_event_stream(head)
        kept = None if isinstance(body, str) or body.ended or is_tunnel or is_stream else body
        self._message = Message(exchange, head, kept)
        self._step, self._flush = self._read_body, self._flush_body
        if isinstance(body, str):
            self._show_message()
            self.lose(body)
        elif head.status == 101:
            self._show_message()
            self._conversation.switch(exchange, head)
        elif is_tunnel:
            self._show_message()
            self._conversation.tunnel()
        elif is_stream and not body.ended:
            self._show_message()
            self._stream, self._stream_body = EventStream(), body
            self._step, self._flush = self._read_events, self._flush_events
        if head.status >= 200 and exchange.upgrades:
            self._conversation.release(exchange)

    def _flush_head(self, cut: int, ended: bool) -> None:
        if not cut:
            return
        head = read_head(bytes(self._waiting[:cut]))
        is_up = self._direction == "up"
        self._exchange = Exchange(head) if is_up else self._conversation.answered(is_final=False)
        fields = self._exchange.accounted(head.fields, (), whole=False)
        status = head.status or None
        self._show("request" if is_up else "response", fields, "a head that is cut off", status=status, whole=False)

    # --- bodies ---

    def _read_body(self) -> bool:
        message = self._message
        assert message is not None
        if message.body is None or message.body.ended:
            self._show_message()
            self._end_message()
            return True
        if message.is_full:
            self._show_message(last=False)
        piece = message.body.take(self._waiting, LONGEST_PART - message.size)
        if isinstance(piece, str):
            self.lose(piece)
        elif piece is not None:
            message.add(piece)
            return True
        return False

    def _end_message(self) -> None:
        is_held = self._direction == "up" and self._exchange.upgrades
        self._message = None
        self._step = self._hold if is_held else self._read_head
        self._flush = self._flush_held if is_held else self._flush_head

    def _flush_body(self, cut: int, ended: bool) -> None:
        message = self._message
        if message is None or message.is_over:
            return
        message.cut(cut)
        self._show_message(whole=ended and message.ends_with_connection)

    def _show_message(self, *, last: bool = True, whole: bool = True) -> None:
        message = self._message
        assert message is not None
        kind: UnitKind = "body" if message.is_shown else "request" if message.is_request else "response"
        fields, content = message.take(last=last, whole=whole)
        label = f"more of the body{content and content.label and f', {content.label}'}"
        status = message.head.status or None
        if kind != "body":
            label = message.label(content)
        self._show(kind, fields, label, content=content, status=status, empty=status == 304, whole=whole)

    # --- event streams ---

    def _read_events(self) -> bool:
        assert self._stream is not None
        if self._stream_body.ended:
            self._show_blocks(self._stream.end())
            self._end_message()
            return True
        piece = self._stream_body.take(self._waiting, max(1, self._stream.room))
        if isinstance(piece, str):
            self.lose(piece)
        elif piece is not None:
            self._show_blocks(self._stream.feed(piece, at_chunk_end=self._stream_body.at_chunk_end))
            return True
        return False

    def _flush_events(self, cut: int, ended: bool) -> None:
        assert self._stream is not None
        self._show_blocks(self._stream.end(cut))

    def _show_blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            fields = self._exchange.accounted((), block.fields)
            content = Content((), "", block.messages)
            self._show(block.kind, fields, block.label, content=content, whole=block.whole)

    # --- what follows an upgrade ---

    def _hold(self) -> bool:
        """Keep what the client sends behind a request for a WebSocket, until that is answered."""
        if self._conversation.is_deaf:
            self.lose("expected the answer to the upgrade first, which was not understood")
        elif len(self._waiting) > LONGEST_WAIT:
            self.lose(f"expected the answer to the upgrade first; more than {LONGEST_WAIT:,} bytes came")
        return False

    def _flush_held(self, cut: int, ended: bool) -> None:
        if cut:
            field = not_read(bytes(self._waiting[:cut]), "expected the answer to the upgrade first")
            self._show("unknown", (field,), "not understood", whole=False)

    def release(self, exchange: Exchange | None) -> None:
        """Read on behind a request for a WebSocket, which was refused; None: its answer will not be understood."""
        if self._step != self._hold:
            return
        if exchange is None:
            self._run()
        elif exchange is self._exchange:
            self._step, self._flush = self._read_head, self._flush_head
            self._run()

    def switch(self, exchange: Exchange, frames: FrameReader) -> None:
        """Read frames from now on."""
        if self._direction == "up" and self._step != self._hold:
            self.lose("expected the end of the request before 101; it has not come")
            return
        self._exchange = exchange
        self._frames = frames
        self._step, self._flush = self._read_frames, self._flush_frames
        self._run()

    def _read_frames(self) -> bool:
        assert self._frames is not None
        data = bytes(self._waiting)
        self._waiting.clear()
        for frame in self._frames.feed(data):
            kind: UnitKind = "unknown" if {field.account for field in frame.fields} == {Account.UNKNOWN} else "frame"
            content = Content((), "", frame.messages)
            self._show(kind, self._of_frame(frame.fields), frame.label, content=content)
        return False

    def _flush_frames(self, cut: int, ended: bool) -> None:
        assert self._frames is not None
        rest = len(self._frames.rest)
        if rest:
            field = Field(CUT_OFF, rest, Account.FRAMING)
            self._show("frame", self._of_frame((field,)), "a frame that is cut off", whole=False)

    def _of_frame(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return coloured(fields, Account.PAGE) if self._exchange.technique == PAGE else fields

    # --- what is not understood ---

    def _read_nothing(self) -> bool:
        if self._waiting:
            field = not_read(bytes(self._waiting), self._why)
            self._waiting.clear()
            self._show("unknown", (field,), "not understood")
        return False
