"""On which event loops the tests of the lab run."""

import pytest


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Run on the event loop of the standard library and on uvloop, whose sockets and timers are others."""
    if request.param:
        pytest.importorskip("uvloop", reason="uvloop is not for Windows")
    return "asyncio", {"use_uvloop": request.param}
