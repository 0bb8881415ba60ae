"""The reading clients of all techniques, by name."""

from benchmarks.load.client import Client
from benchmarks.load.polling import LongPoll, ShortPoll
from benchmarks.load.socket_io import SocketIo
from benchmarks.load.sse import Sse
from benchmarks.load.websocket import WebSocket

CLIENTS: dict[str, type[Client]] = {each.technique: each for each in (ShortPoll, LongPoll, Sse, WebSocket, SocketIo)}
