"""What pushdemo/protocols relies upon in uvicorn, by name: where it changed, this says so before anything hangs."""

import inspect
from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

RELIED_UPON: list[tuple[Any, str, tuple[str, ...]]] = [
    (HttpToolsProtocol, "on_message_begin", ("self.scope =",)),
    (HttpToolsProtocol, "on_headers_complete", ("self._start_asgi_task(self.cycle, app)", "self.pipeline.append")),
    (HttpToolsProtocol, "on_headers_complete", ("existing_cycle.response_complete",)),
    (HttpToolsProtocol, "_start_asgi_task", ("cycle.run_asgi(app)",)),
    (HttpToolsProtocol, "on_response_complete", ("self.pipeline", "self._start_asgi_task(cycle, app)")),
    (HttpToolsProtocol, "connection_lost", ("if self.cycle and not self.cycle.response_complete",)),
    (HttpToolsProtocol, "shutdown", ("self.cycle is None or self.cycle.response_complete",)),
    (HttpToolsProtocol, "timeout_keep_alive_handler", ("self.transport.close()",)),
    (RequestResponseCycle, "run_asgi", ("not self.response_started and not self.disconnected",)),
    (RequestResponseCycle, "run_asgi", ("not self.response_complete and not self.disconnected",)),
    (WebSocketsSansIOProtocol, "__init__", ("self.conn = ServerProtocol(", "ws_per_message_deflate", "self.tasks")),
    (WebSocketsSansIOProtocol, "send", ("self.writable.wait()", "self.close_sent")),
    (WebSocketsSansIOProtocol, "run_asgi", ("self.close_timer is None", "self.send_500_response()")),
    (WebSocketsSansIOProtocol, "send_receive_event_to_app", ("self.queue.put_nowait", "self.read_paused")),
    (WebSocketsSansIOProtocol, "receive", ("self.queue.get()", "self.transport.resume_reading()")),
    (WebSocketsSansIOProtocol, "shutdown", ("if self.close_sent",)),
    (WebSocketsSansIOProtocol, "handle_close", ("self.transport.close()",)),
    (WebSocketsSansIOProtocol, "keepalive_timeout", ("self.close_sent = True",)),
    (WebSocketsSansIOProtocol, "handle_parser_exception", ("self.close_sent = True",)),
]


@pytest.mark.parametrize(("kind", "method", "lines"), RELIED_UPON, ids=lambda each: getattr(each, "__name__", None))
def test_uvicorn_does_what_the_protocol_classes_rely_upon(kind: Any, method: str, lines: tuple[str, ...]) -> None:
    source = inspect.getsource(getattr(kind, method))
    for line in lines:
        assert line in source, f"uvicorn's {kind.__name__}.{method} has changed: look at pushdemo/protocols"
