"""The contract without the fan-out that writes by itself: by a task for each reader, and under another ASGI server.

The tests are those of the server as it comes; here they get another one.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.server import test_contract, test_gap, test_resuming
from tests.support.clients import CLIENTS
from tests.support.fixtures import FEW, watched
from tests.support.hypercorn_server import Hypercorn
from tests.support.reading import Client
from tests.support.server import Server

pytestmark = pytest.mark.long

WAYS: dict[str, Callable[[int], Server]] = {
    "by tasks": lambda kept: Server("memory", "--by-tasks", "--messages-kept", str(kept)),
    "under Hypercorn": Hypercorn,
}
MANY = 2_000
"""Messages kept where none is to be trimmed: more than any of these tests publishes."""

TECHNIQUES = ["short-poll", "long-poll", "sse", "websocket", "socket-io-upgrading"]
"""Socket.IO as its client does it by default: it begins with polling, and upgrades to WebSocket."""


@pytest.fixture(params=TECHNIQUES)
def client_class(request: pytest.FixtureRequest) -> type[Client]:
    """Each technique's client in turn."""
    return CLIENTS[request.param]


@pytest.fixture(scope="module", params=WAYS)
def _other_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with WAYS[request.param](MANY) as server:
        yield server


@pytest.fixture
def server(_other_server: Server) -> Iterator[Server]:
    """The server that runs another way, in the place of the one that all tests share."""
    yield from watched(_other_server)


@pytest.fixture(scope="module", params=WAYS)
def _other_few_kept_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with WAYS[request.param](FEW) as server:
        yield server


@pytest.fixture
def few_kept_server(_other_few_kept_server: Server) -> Iterator[Server]:
    """The same with the newest `FEW` messages of each room kept."""
    yield from watched(_other_few_kept_server)


test_the_payload_is_to_the_byte_what_the_post_answered = (
    test_contract.test_the_payload_is_to_the_byte_what_the_post_answered
)
test_without_after_the_last_50_come_first = test_contract.test_without_after_the_last_50_come_first
test_after_latest_only_what_is_published_from_now_on_comes = (
    test_contract.test_after_latest_only_what_is_published_from_now_on_comes
)
test_reading_resumes_at_the_cursor_with_nothing_lost_and_nothing_twice = (
    test_contract.test_reading_resumes_at_the_cursor_with_nothing_lost_and_nothing_twice
)
test_ones_own_messages_come_back = test_contract.test_ones_own_messages_come_back
test_what_is_published_by_one_technique_is_seen_on_every_other = (
    test_contract.test_what_is_published_by_one_technique_is_seen_on_every_other
)
test_a_bad_name_of_a_room_is_refused_with_400 = test_contract.test_a_bad_name_of_a_room_is_refused_with_400
test_200_quick_messages_of_several_publishers_come_in_one_order_without_holes = (
    test_contract.test_200_quick_messages_of_several_publishers_come_in_one_order_without_holes
)
test_a_gap_is_told_and_everything_still_kept_follows = test_gap.test_a_gap_is_told_and_everything_still_kept_follows
test_no_gap_is_told_when_nothing_after_the_cursor_is_gone = (
    test_gap.test_no_gap_is_told_when_nothing_after_the_cursor_is_gone
)
test_who_comes_back_after_1200_messages_gets_them_all = (
    test_resuming.test_who_comes_back_after_1200_messages_gets_them_all
)
test_going_on_by_another_technique_loses_nothing_and_repeats_nothing = (
    test_resuming.test_going_on_by_another_technique_loses_nothing_and_repeats_nothing
)
