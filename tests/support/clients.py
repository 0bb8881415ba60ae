"""The reading clients of all techniques, by name."""

from tests.support.event_stream import Sse
from tests.support.polling import LongPoll, ShortPoll
from tests.support.reading import Client
from tests.support.socket_io import SocketIoPolling, SocketIoUpgrading, SocketIoWebSocket
from tests.support.web_socket import WebSocket

CLIENTS: dict[str, type[Client]] = {
    "short-poll": ShortPoll,
    "long-poll": LongPoll,
    "sse": Sse,
    "websocket": WebSocket,
    "socket-io-polling": SocketIoPolling,
    "socket-io-websocket": SocketIoWebSocket,
    "socket-io-upgrading": SocketIoUpgrading,
}
