"""What the server tells of itself: time, rooms, health, metrics and its description."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Mount, Route, WebSocketRoute

from pushdemo import __version__
from pushdemo.app import create_app
from pushdemo.feed import TECHNIQUES, Feed
from pushdemo.problems import Problem
from pushdemo.settings import Settings
from tests.support.fake_clock import FakeClock
from tests.unit.asgi import ask, http_scope
from tests.unit.samples import draft, feed_of, publish


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    async with feed_of(FakeClock(wall_ms=1_763_791_234_567.125)) as feed:
        yield feed


async def told(feed: Feed, path: str) -> Any:
    exchange = await ask(create_app(feed), http_scope("GET", path))
    assert (exchange.status, exchange.field("content-type")) == (200, "application/json")
    return msgspec.json.decode(exchange.content)


async def test_the_time_is_the_servers_in_milliseconds_and_parts_of_them(feed: Feed) -> None:
    assert await told(feed, "/api/time") == {"now": 1_763_791_234_567.125}


async def test_rooms_are_told_with_counts_and_who_reads_them(feed: Feed) -> None:
    await publish(feed, 3, "b")
    await publish(feed, 1, "a")
    async with feed.follow("b", None, "sse"):
        nobody = dict.fromkeys(TECHNIQUES, 0)
        assert await told(feed, "/api/rooms") == {
            "rooms": [
                {"name": "a", "messages": 1, "subscribers": nobody},
                {"name": "b", "messages": 3, "subscribers": nobody | {"sse": 1}},
            ],
            "class": None,
        }


async def test_it_is_healthy_while_the_feed_is_open_and_503_otherwise() -> None:
    feed = feed_of()
    app, scope = create_app(feed), http_scope("GET", "/healthz")
    assert (await ask(app, scope)).status == 503
    async with feed:
        exchange = await ask(app, scope)
        assert (exchange.status, exchange.content) == (200, b'{"status":"ok"}')
    closed = await ask(app, scope)
    assert (closed.status, closed.field("content-type")) == (503, "application/problem+json")


async def test_metrics_are_read_by_prometheus_own_parser_and_count_what_happened(feed: Feed) -> None:
    await publish(feed, 3)
    with pytest.raises(Problem):
        await feed.publish("lobby", draft(""))
    await feed.after("lobby", None)
    async with feed.follow("lobby", "latest", "websocket"):
        exchange = await ask(create_app(feed), http_scope("GET", "/metrics"))
    assert (exchange.field("content-type") or "").startswith("text/plain; version=")
    families = list(text_string_to_metric_families(exchange.content.decode()))
    assert {family.name: family.type for family in families} == {
        "pushdemo_published": "counter",
        "pushdemo_refused": "counter",
        "pushdemo_delivered": "counter",
        "pushdemo_subscribers": "gauge",
    }
    samples = {(each.name, each.labels.get("technique")): each.value for family in families for each in family.samples}
    assert samples[("pushdemo_published_total", None)] == 3
    assert samples[("pushdemo_refused_total", None)] == 1
    for technique in TECHNIQUES:
        assert samples[("pushdemo_delivered_total", technique)] == (3 if technique == "short-poll" else 0)
        assert samples[("pushdemo_subscribers", technique)] == (1 if technique == "websocket" else 0)


async def test_two_applications_in_one_process_count_for_themselves(feed: Feed) -> None:
    await publish(feed, 1)
    async with feed_of() as other:
        exchange = await ask(create_app(other), http_scope("GET", "/metrics"))
    assert b"pushdemo_published_total 0.0" in exchange.content


# --- the description ---


async def described(feed: Feed) -> Any:
    exchange = await ask(create_app(feed), http_scope("GET", "/api/openapi.yaml"))
    assert (exchange.status, exchange.field("content-type")) == (200, "application/yaml")
    return yaml.safe_load(exchange.content)


def routes_of(feed: Feed) -> dict[str, set[str]]:
    """Return the paths of the application with their methods, as the description names them."""
    found: dict[str, set[str]] = {}
    for route in create_app(feed).routes:
        if isinstance(route, Route):
            path = route.path.replace(":int}", "}")
            found[path] = found.get(path, set()) | {method.lower() for method in route.methods or ()} - {"head"}
        elif isinstance(route, WebSocketRoute):
            found[route.path] = {"get"}
        else:
            assert isinstance(route, Mount)
            if route.path != "/static":  # the pages' own files
                found[f"{route.path}/"] = {"get", "post"}
    return found


async def test_the_description_lists_every_route_of_the_application_and_no_other(feed: Feed) -> None:
    paths = (await described(feed))["paths"]
    verbs = {"get", "post", "put", "delete", "patch", "options", "head"}
    assert {path: set(item) & verbs for path, item in paths.items()} == routes_of(feed)


async def test_the_description_is_of_this_version(feed: Feed) -> None:
    description = await described(feed)
    assert description["openapi"] == "3.1.0"
    assert description["info"]["version"] == __version__


async def test_every_reference_within_the_description_leads_somewhere(feed: Feed) -> None:
    description = await described(feed)

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    assert references(description)
    for reference in references(description):
        node = description
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


async def test_the_description_gives_the_limits_of_the_default_settings(feed: Feed) -> None:
    text = Path(__file__).parents[2].joinpath("pushdemo/openapi.yaml").read_text()
    settings = Settings()
    assert f"maximum: {settings.long_poll_max_timeout_s}, default: {settings.long_poll_timeout_s}" in text
    schemas = (await described(feed))["components"]["schemas"]
    properties = schemas["Draft"]["properties"]
    assert properties["sender"]["maxLength"] == settings.sender_characters
    assert properties["text"]["maxLength"] == settings.text_characters
    assert properties["client_message_id"]["maxLength"] == 64
