"""pushdemo: one chat feed through short polling, long polling, Server-Sent Events, WebSocket and Socket.IO."""

__version__ = "0.1.0"
