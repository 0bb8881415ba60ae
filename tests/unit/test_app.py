"""The application whole, by Starlette's TestClient; alone, and mounted in another."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from pushdemo import report_page
from pushdemo.app import create_app
from pushdemo.pages import PAGES
from tests.unit.asgi import ask, http_scope
from tests.unit.samples import feed_of

BASE = "http://127.0.0.1:8000"
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder with a report in it, instead of the user's."""
    (tmp_path / report_page.NAME).write_text("<!doctype html><title>Report</title>")
    monkeypatch.setattr(report_page, "data_folder", lambda: tmp_path)


def client_of(app: Starlette) -> TestClient:
    return TestClient(app, base_url=BASE)


@pytest.fixture
def alone() -> Iterator[TestClient]:
    with client_of(create_app()) as client:
        yield client


@pytest.fixture
def mounted() -> Iterator[TestClient]:
    """The application as the README says to mount it."""
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, str(README), "exec"), names)
    with client_of(names["app"]) as client:
        yield client


@pytest.fixture(params=["alone", "mounted"])
def client(request: pytest.FixtureRequest) -> TestClient:
    """The application alone, or below /push in another; paths are relative to it."""
    client: TestClient = request.getfixturevalue(request.param)
    if request.param == "mounted":
        client.base_url = client.base_url.join("/push/")
    return client


def say(client: TestClient, text: str = "hi", **more: str) -> Any:
    return client.post("api/rooms/lobby/messages", json={"sender": "li", "text": text} | more)


def test_what_is_published_is_polled(client: TestClient) -> None:
    published = say(client, client_message_id="c-1")
    assert published.status_code == 201
    assert published.headers["cache-control"] == "no-store"
    poll = client.get("api/rooms/lobby/short-poll")
    assert poll.content == b'{"cursor":"%s","messages":[%s]}' % (published.json()["id"].encode(), published.content)
    assert poll.headers["etag"] == f'"{published.json()["id"]}"'


def test_the_same_again_is_200_with_the_first_and_another_text_is_409(client: TestClient) -> None:
    first = say(client, client_message_id="c-1")
    again = say(client, client_message_id="c-1")
    assert (again.status_code, again.content) == (200, first.content)
    other = say(client, "ho", client_message_id="c-1")
    assert (other.status_code, other.headers["content-type"]) == (409, "application/problem+json")


def test_nothing_new_is_304_for_who_has_it(client: TestClient) -> None:
    say(client)
    tag = client.get("api/rooms/lobby/short-poll").headers["etag"]
    path = "api/rooms/lobby/short-poll?after=latest"
    for fields in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": fields})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_gap_is_told_though_the_tag_matches(client: TestClient) -> None:
    say(client)
    tag = client.get("api/rooms/lobby/short-poll").headers["etag"]
    answer = client.get("api/rooms/lobby/short-poll?after=other-1", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["gap"]) == (200, True)


def test_a_websocket_hears_what_is_posted_and_can_publish(client: TestClient) -> None:
    root = "/push" if "push" in str(client.base_url) else ""
    with client.websocket_connect(f"ws://127.0.0.1:8000{root}/api/rooms/lobby/ws", ["pushdemo.v1"]) as socket:
        assert socket.accepted_subprotocol == "pushdemo.v1"
        assert socket.receive_json()["control"] == "joined"
        published = say(client)
        assert socket.receive_text() == published.text
        socket.send_text('{"sender":"mo","text":"ho","client_message_id":"c-1"}')
        heard = [socket.receive_json(), socket.receive_json()]
    (ack,) = [each for each in heard if "control" in each]
    (message,) = [each for each in heard if "control" not in each]
    assert ack == {"control": "ack", "id": message["id"], "client_message_id": "c-1"}
    assert (message["sender"], message["text"]) == ("mo", "ho")


def test_socket_io_answers_a_polling_handshake_and_connects(client: TestClient) -> None:
    path = "socket.io/?EIO=4&transport=polling"
    handshake = client.get(path)
    assert handshake.status_code == 200
    session = msgspec.json.decode(handshake.text.removeprefix("0"))
    assert session["upgrades"] == ["websocket"]
    assert (session["pingInterval"], session["pingTimeout"]) == (25_000, 20_000)
    path += f"&sid={session['sid']}"
    assert client.post(path, content=b"40").text == "OK"
    assert client.get(path).text.startswith('40{"sid":')


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_and_all_it_asks_for_are_there(client: TestClient, path: str) -> None:
    page = client.get(path.lstrip("/"))
    assert page.status_code == 200
    asked_for = re.findall(r'(?:href|src)="([^"#][^"]*)"', page.text)
    assert asked_for
    for reference in asked_for:
        url = urljoin(str(page.url), reference)
        assert url.startswith(str(client.base_url)), f"{reference} leads out of the application"
        assert client.get(url).status_code == 200, reference


def test_the_mounted_application_can_be_asked_for_without_the_last_slash(mounted: TestClient) -> None:
    answer = mounted.get("/push")
    assert (answer.status_code, answer.url.path) == (200, "/push/")


def test_a_path_that_is_not_here_is_a_problem(client: TestClient) -> None:
    answer = client.get("nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"].startswith("There is nothing at /")
    assert client.get("api/rooms/lobby/short-poll/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "api/rooms/lobby/messages", {"POST"}),
        ("DELETE", "api/rooms/lobby/messages", {"POST"}),
        ("POST", "api/rooms/lobby/short-poll", {"GET", "HEAD"}),
        ("POST", "api/rooms/lobby/long-poll", {"GET", "HEAD"}),
        ("POST", "api/rooms/lobby/sse", {"GET", "HEAD"}),
        ("PUT", "api/rooms", {"GET", "HEAD"}),
        ("POST", "sse", {"GET", "HEAD"}),
        ("POST", "report", {"GET", "HEAD"}),
        ("OPTIONS", "api/time", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_405_and_says_the_right_ones(
    client: TestClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert set(answer.headers["allow"].split(", ")) == allowed
    assert f"{method} is not a method of /" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["api/time", "api/rooms", "healthz", "metrics", "sse", "report", "api/rooms/lobby/short-poll"]
)
def test_head_gives_the_head_only(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["api/time", "api/rooms", "healthz", "metrics", "api/openapi.yaml", "nowhere"])
def test_answers_are_not_to_be_stored(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_a_post_of_a_foreign_page_is_refused_and_nothing_is_published(client: TestClient) -> None:
    answer = client.post(
        "api/rooms/lobby/messages", json={"sender": "li", "text": "hi"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    assert client.get("api/rooms").json()["rooms"] == []


async def test_a_feed_that_is_open_already_is_left_open_by_the_applications_lifespan() -> None:
    async with feed_of() as feed:
        app = create_app(feed)
        async with app.router.lifespan_context(app):
            assert feed.is_open
        assert feed.is_open
    feed = feed_of()
    app = create_app(feed)
    async with app.router.lifespan_context(app):
        assert feed.is_open
    assert not feed.is_open


async def test_a_mounted_application_whose_feed_nobody_opened_says_so() -> None:
    outer = Starlette(routes=[Mount("/push", create_app(feed_of()))])
    exchange = await ask(outer, http_scope("GET", "/push/api/rooms/lobby/short-poll"))
    assert exchange.status == 503
    assert msgspec.json.decode(exchange.content)["detail"] == "The server is stopping, or its feed was never opened."


async def test_two_applications_over_one_feed_share_their_rooms() -> None:
    async with feed_of() as feed:

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            yield

        outer = Starlette(routes=[Mount("/a", create_app(feed)), Mount("/b", create_app(feed))], lifespan=lifespan)
        scope = http_scope("POST", "/a/api/rooms/lobby/messages", [("Content-Type", "application/json")])
        published = await ask(outer, scope, b'{"sender":"li","text":"hi"}')
        assert published.status == 201
        poll = await ask(outer, http_scope("GET", "/b/api/rooms/lobby/short-poll"))
        assert published.content in poll.content


async def test_a_failure_of_ours_is_a_problem_too_and_tells_nothing_of_the_inside() -> None:
    async with feed_of() as feed:

        async def fail() -> None:
            raise RuntimeError("the inside")

        app = create_app(feed)
        feed.rooms = fail  # type: ignore[method-assign,assignment]
        with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
            answer = client.get("/api/rooms")
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert answer.json()["detail"] == "The server failed at this request; its log says why."
        assert "inside" not in answer.text
