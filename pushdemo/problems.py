"""What went wrong, told the same way on every technique: RFC 9457 problem details.

A `Problem` is raised anywhere below the transports and knows no web framework. Over HTTP it becomes a response
with `application/problem+json`; over WebSocket and Socket.IO the same object travels inside a message.
"""

from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal, with an HTTP status and a sentence that says what was expected and what came.

    Args:
        status: HTTP status code, 400 to 599.
        detail: one sentence for the person who sent the request.
        retry_after_s: whole seconds after which the same request may succeed (429 and 503).
        headers: further header fields for the answer over HTTP.
    """

    def __init__(
        self, status: int, detail: str, *, retry_after_s: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after_s = retry_after_s
        self._headers = headers or {}

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP header fields that belong to this refusal."""
        retry = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        return self._headers | retry

    def details(self) -> dict[str, Any]:
        """Return the problem details object of RFC 9457 section 3.1."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        } | ({} if self.retry_after_s is None else {"retry_after": self.retry_after_s})


def shown(value: object) -> str:
    """Return `value` as it may stand in a sentence: quoted, on one line, 40 characters at most."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
