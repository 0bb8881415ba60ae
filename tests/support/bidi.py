"""Firefox without a window, driven by WebDriver BiDi over its own WebSocket: no driver program in between.

Commands and events: W3C, "WebDriver BiDi". Firefox prints where it listens when started with --remote-debugging-port.
"""

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.chromium import do_without
from tests.support.until import WITHIN_S

NAMES = ("firefox-esr", "firefox")
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
QUIET = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Firefox:
    """A session with a running Firefox.

    Args:
        socket: connected to its /session.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; what is logged meanwhile is written down if it is an error.

        Raises:
            AssertionError: the command failed.
        """
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.complaints.append(message["params"]["text"])
            if message.get("id") == number:
                assert message["type"] == "success", f"{method}: {message}"
                result: dict[str, Any] = message["result"]
                return result

    def open(self, url: str) -> "Tab":
        """Open a tab at `url`."""
        tab = Tab(self, self.command("browsingContext.create", type="tab")["context"])
        tab.go_to(url)
        return tab


class Tab:
    """A tab of Firefox."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self._context = context

    def go_to(self, url: str) -> None:
        """Navigate, and wait until the page is loaded."""
        self._firefox.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return a JavaScript value, which must be one that JSON can hold."""
        result = self._firefox.command(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(JSON.stringify)",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"].get("value", "null"))

    def until(self, expression: str) -> Any:
        """Evaluate until the value is true, and return it."""
        deadline = time.monotonic() + WITHIN_S
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < deadline, f"{expression}: still {value!r} after {WITHIN_S} s"
        return value

    def type(self, selector: str, text: str) -> None:
        """Focus an element, type `text` key by key, and press Enter."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        keys = [{"type": kind, "value": key} for key in (*text, "\ue007") for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": keys}
        self._firefox.command("input.performActions", context=self._context, actions=[source])

    def close(self) -> None:
        """Close the tab."""
        self._firefox.command("browsingContext.close", context=self._context)


@contextmanager
def run_firefox() -> Iterator[Firefox]:
    """Run Firefox with a fresh profile and open a session."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        do_without("Firefox", "install the package firefox-esr")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        preferences = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in QUIET.items())
        Path(profile, "user.js").write_text(preferences)
        arguments = [path, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile]
        with subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            assert process.stderr is not None
            found = next(filter(None, map(LISTENING.search, process.stderr)), None)
            assert found is not None, "Firefox ended before it listened"
            try:
                with connect(f"{found[1]}/session", max_size=None) as socket:
                    yield Firefox(socket)
            finally:
                process.kill()
                process.stderr.close()
