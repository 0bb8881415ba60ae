"""The client that sends: by POST, or by a frame on the connection it has, and what is acknowledged."""

import asyncio
import json

import pytest
from websockets.frames import CloseCode, Opcode

from benchmarks.load.arrivals import now_ns
from benchmarks.load.publisher import NOT_YET, Published
from benchmarks.load.sending import SENDERS, FrameSender, PostSender, SocketIoSender, WebSocketSender
from benchmarks.load.tally import Tally
from benchmarks.plan import TECHNIQUES
from tests.support.until import until
from tests.unit.benchmarks.load.fake_transport import TARGET, Dialled, check_sums, dialled_by_loop
from tests.unit.benchmarks.load.server_bytes import (
    CONNECTED,
    JOINED,
    OPEN,
    PAYLOAD,
    PROBED,
    answer,
    close_frame,
    frame,
    unmasked,
)

MS = 1_000_000
LATER = 3_600_000 * MS
UNREADABLE = "what the server sent cannot be read: "
FRAME_SENDERS = [WebSocketSender, SocketIoSender]


@pytest.fixture
async def dialled(monkeypatch: pytest.MonkeyPatch) -> Dialled:
    return dialled_by_loop(monkeypatch)


async def opened(sender: FrameSender, dialled: Dialled) -> None:
    """Say the server's part until messages may be sent."""
    opening = asyncio.create_task(sender.open())
    await until(lambda: dialled.transports, "it connects")
    if isinstance(sender, SocketIoSender):
        for body in (OPEN, b"ok", CONNECTED):
            dialled.receive(answer(body))
        await until(lambda: len(dialled.transports) == 2, "it upgrades")
        dialled.receive(dialled.accept() + frame(PROBED))
    else:
        dialled.receive(dialled.accept() + frame(JOINED))
    await opening
    dialled.newest.take()


async def sent(sender: FrameSender, dialled: Dialled, published: Published) -> list[bytes]:
    """Let the messages that are due go, and return them as they were written."""
    sending = asyncio.create_task(sender.send(published, asyncio.Event(), text_bytes=12, seed=1))
    sender.sending = sending  # type: ignore[attr-defined]
    await until(lambda: published.sent == len(published.sent_ns), "all are sent")
    return unmasked(dialled.newest.take())


def acknowledgement(sender: FrameSender, number: int) -> bytes:
    """Return what the server says of a message."""
    if isinstance(sender, WebSocketSender):
        return frame(b'{"control":"ack","id":"k3f9-%d","client_message_id":"%d"}' % (number + 1, number))
    return frame(b'43%d[{"id":"k3f9-%d"}]' % (number, number + 1))


async def finished(sender: FrameSender) -> None:
    await sender.sending  # type: ignore[attr-defined]
    check_sums(sender.tally)


def test_each_technique_sends_in_its_own_way() -> None:
    assert tuple(SENDERS) == TECHNIQUES
    ways = {technique: SENDERS[technique].way for technique in TECHNIQUES}
    assert [technique for technique, way in ways.items() if way == "frame"] == ["websocket", "socket-io"]


async def test_by_post_on_a_connection_that_was_made_before(dialled: Dialled) -> None:
    sender = PostSender(TARGET, Tally())
    await sender.open()
    assert len(dialled.transports) == 1
    published = Published.of(now_ns(), [0])
    sending = asyncio.create_task(sender.send(published, asyncio.Event(), text_bytes=12, seed=1))
    await until(lambda: dialled.written, "it is sent")
    assert dialled.written.endswith(b'\r\n\r\n{"sender":"bench-0","text":"00000000000 "}')
    dialled.receive(answer(b'{"id":"k3f9-1","sent_at":1}', b"201 Created"))
    await sending
    assert published.acknowledged == {0}
    assert dialled.newest.is_aborted
    check_sums(sender.tally)


async def test_a_websocket_sends_frames_and_counts_its_own_messages_as_payload_when_they_come_back(
    dialled: Dialled,
) -> None:
    sender = WebSocketSender(TARGET, Tally())
    await opened(sender, dialled)
    before = sender.tally.received.framing
    published = Published.of(now_ns(), [0, MS])
    texts = await sent(sender, dialled, published)
    assert [json.loads(text) for text in texts] == [
        {"text": f"0000000000{number} ", "sender": f"bench-{number}", "client_message_id": str(number)}
        for number in range(2)
    ]
    acks = [acknowledgement(sender, number) for number in (1, 0)]
    dialled.receive(frame(PAYLOAD) + acks[0] + frame(b"", Opcode.PING) + acks[1])
    await finished(sender)
    assert published.acknowledged == {0, 1}
    assert published.refusals == []
    tally = sender.tally
    assert (tally.sent.payload, tally.sent.framing) == (sum(map(len, texts)), 2 * 6)
    assert (tally.received.payload, tally.received.framing - before) == (len(PAYLOAD), 2 + sum(map(len, acks)))


async def test_socket_io_emits_and_is_acknowledged_with_the_message(dialled: Dialled) -> None:
    sender = SocketIoSender(TARGET, Tally())
    await opened(sender, dialled)
    published = Published.of(now_ns(), [0, MS])
    packets = await sent(sender, dialled, published)
    drafts = [b'{"room":"room","sender":"bench-%d","text":"0000000000%d "}' % (number, number) for number in range(2)]
    assert packets == [b'42%d["publish",%b]' % (number, text) for number, text in enumerate(drafts)]
    acks = acknowledgement(sender, 1) + frame(b"2") + frame(b"6") + acknowledgement(sender, 0)
    dialled.receive(acks)
    await finished(sender)
    assert published.acknowledged == {0, 1}
    tally = sender.tally
    assert (tally.sent.payload, tally.sent.framing) == (sum(map(len, drafts)), 2 * (6 + len(b'420["publish",]')))
    assert tally.received.framing == len(acks) - len(frame(b"2"))


@pytest.mark.parametrize("kind", FRAME_SENDERS)
async def test_what_the_server_does_not_take_is_noted(kind: type[FrameSender], dialled: Dialled) -> None:
    sender = kind(TARGET, Tally())
    await opened(sender, dialled)
    published = Published.of(now_ns(), [0, 0])
    await sent(sender, dialled, published)
    if kind is WebSocketSender:
        error = b'{"control":"error","problem":{"title":"No"},"client_message_id":"0"}'
        dialled.receive(frame(error))
    else:
        dialled.receive(frame(b'430[{"error":{"title":"No"}}]'))
    dialled.receive(acknowledgement(sender, 1))
    await finished(sender)
    assert published.acknowledged == {1}
    [refusal] = published.refusals
    assert "No" in refusal


@pytest.mark.parametrize("kind", FRAME_SENDERS)
@pytest.mark.parametrize("number", [2, 4_294_967_296, 0])
async def test_an_acknowledgement_of_nothing_ends_the_connection(
    kind: type[FrameSender], number: int, dialled: Dialled
) -> None:
    sender = kind(TARGET, Tally())
    await opened(sender, dialled)
    published = Published.of(now_ns(), [0, 0])
    await sent(sender, dialled, published)
    dialled.receive(acknowledgement(sender, 0) + acknowledgement(sender, number))
    await finished(sender)
    assert published.acknowledged == {0}
    assert published.refusals == [f"{UNREADABLE}an acknowledgement that nothing was left for: {number}"]


@pytest.mark.parametrize("kind", FRAME_SENDERS)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (frame(b'{"control":"ack"}'), UNREADABLE),
        (frame(b'{"control":"ack","client_message_id":"-1"}'), UNREADABLE),
        (frame(b'{"control"'), UNREADABLE),
        (b"\xff\xff", UNREADABLE + "not a WebSocket frame: "),
        (close_frame(CloseCode.TRY_AGAIN_LATER), "the server closed the WebSocket with 1013 (try again later)"),
        (close_frame(CloseCode.SERVICE_RESTART), "the connection was lost"),
        (b"", "the connection was lost"),
    ],
)
async def test_a_connection_that_ends_before_all_is_acknowledged_is_noted(
    kind: type[FrameSender], text: bytes, why: str, dialled: Dialled
) -> None:
    sender = kind(TARGET, Tally())
    await opened(sender, dialled)
    published = Published.of(now_ns(), [0, 0])
    await sent(sender, dialled, published)
    dialled.receive(acknowledgement(sender, 1))
    dialled.receive(text) if text else dialled.newest.cut()
    await finished(sender)
    assert published.acknowledged == {1}
    [refusal] = published.refusals
    assert refusal.startswith(why)


@pytest.mark.parametrize("kind", FRAME_SENDERS)
async def test_on_a_connection_that_is_gone_nothing_is_sent(kind: type[FrameSender], dialled: Dialled) -> None:
    sender = kind(TARGET, Tally())
    await opened(sender, dialled)
    dialled.newest.cut()
    published = Published.of(now_ns(), [0, 0])
    await sender.send(published, asyncio.Event(), text_bytes=12, seed=1)
    assert list(published.sent_ns) == [NOT_YET, NOT_YET]
    check_sums(sender.tally)


@pytest.mark.parametrize("kind", FRAME_SENDERS)
async def test_interrupted_it_waits_for_what_was_sent_alone(kind: type[FrameSender], dialled: Dialled) -> None:
    sender = kind(TARGET, Tally())
    await opened(sender, dialled)
    published = Published.of(now_ns(), [0, LATER])
    interrupted = asyncio.Event()
    sending = asyncio.create_task(sender.send(published, interrupted, text_bytes=12, seed=1))
    await until(lambda: published.sent == 1, "the first is sent")
    interrupted.set()
    dialled.receive(acknowledgement(sender, 0))
    await sending
    assert (published.sent, published.acknowledged, published.refusals) == (1, {0}, [])
    check_sums(sender.tally)


@pytest.mark.parametrize("kind", FRAME_SENDERS)
@pytest.mark.parametrize("text", [answer(b"no", b"403 Forbidden"), b"no HTTP\r\n\r\n"])
async def test_a_server_that_does_not_let_it_is_said(kind: type[FrameSender], text: bytes, dialled: Dialled) -> None:
    sender = kind(TARGET, Tally())
    opening = asyncio.create_task(sender.open())
    await until(lambda: dialled.transports, "it connects")
    dialled.receive(text)
    with pytest.raises(ConnectionError, match=r"403|HTTP"):
        await opening
    check_sums(sender.tally)


@pytest.mark.parametrize("kind", FRAME_SENDERS)
async def test_a_server_that_is_not_there_is_said(kind: type[FrameSender], dialled: Dialled) -> None:
    dialled.is_closed = True
    sender = kind(TARGET, Tally())
    with pytest.raises(ConnectionRefusedError):
        await sender.open()
    assert sender.tally == Tally()


async def test_a_server_that_goes_in_the_middle_of_the_upgrade_is_said(dialled: Dialled) -> None:
    sender = SocketIoSender(TARGET, Tally())
    opening = asyncio.create_task(sender.open())
    await until(lambda: dialled.transports, "it connects")
    for body in (OPEN, b"ok"):
        dialled.receive(answer(body))
    dialled.is_closed = True
    dialled.receive(answer(CONNECTED))
    with pytest.raises(ConnectionError, match="^nobody is there$"):
        await opening
    check_sums(sender.tally)
