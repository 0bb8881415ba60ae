"""What the server tells of itself: its time, its rooms, its health, its metrics and its own description."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pushdemo.exchange import NO_STORE, json_answer
from pushdemo.feed import Feed
from pushdemo.problems import Problem

DESCRIPTION = Path(__file__).with_name("openapi.yaml")
TOLD_OF_CLASS = ("title", "address", "state")
"""Beside the rooms, so that the overview can lead to it."""


def routes(feed: Feed, class_info: Callable[[], dict[str, Any]] | None = None) -> list[BaseRoute]:
    """Return the routes that tell of the server behind `feed`.

    Args:
        feed: whose counts are told.
        class_info: tells what everybody may know of the class that is on, if there is one.
    """
    registry = CollectorRegistry()
    registry.register(FeedMetrics(feed))

    async def time(request: Request) -> Response:
        return json_answer({"now": feed.clock.wall_ms()})

    async def rooms(request: Request) -> Response:
        of_class = None if class_info is None else class_info()
        told = of_class and {name: of_class[name] for name in TOLD_OF_CLASS}
        return json_answer({"rooms": [room._asdict() for room in await feed.rooms()], "class": told})

    async def health(request: Request) -> Response:
        if not feed.is_open:
            raise Problem(503, "The feed is not open.")
        return json_answer({"status": "ok"})

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(registry), headers=NO_STORE | {"Content-Type": CONTENT_TYPE_LATEST})

    async def description(request: Request) -> Response:
        return Response(DESCRIPTION.read_bytes(), headers=NO_STORE, media_type="application/yaml")

    return [
        Route("/api/time", time, methods=["GET"]),
        Route("/api/rooms", rooms, methods=["GET"]),
        Route("/api/openapi.yaml", description, methods=["GET"]),
        Route("/healthz", health, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


class FeedMetrics(Collector):
    """The feed's counts for Prometheus, read when they are asked for."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("pushdemo_published", "Messages kept", self._feed.published)
        yield CounterMetricFamily("pushdemo_refused", "Publishes refused", self._feed.refused)
        delivered = CounterMetricFamily("pushdemo_delivered", "Messages handed to readers", labels=["technique"])
        for technique, count in self._feed.delivered.items():
            delivered.add_metric([technique], count)
        yield delivered
        subscribers = GaugeMetricFamily("pushdemo_subscribers", "Readers connected", labels=["technique"])
        for technique, count in self._feed.subscribers().items():
            subscribers.add_metric([technique], count)
        yield subscribers
