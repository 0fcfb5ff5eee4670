"""
The figures of this process, as Prometheus reads them.

    metrics.text()  ->  b'bot_answers_total{mode="quoted",status="answered"} 41.0\\n…'

Where the service runs in several processes (see bot.service.figures), each tells the figures of all, those of processes
that have died included; only what describes one process, its memory and the like, is not told then.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.figures import SHARED

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
PLAIN = ("/mcp",)  # routes that do not tell their pattern; any other path may be the client's own words
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Counters of one service; each has a registry of its own, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bot_requests",
            "Requests by route, method and HTTP status",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bot_request_seconds",
            "Seconds until the last byte of a reply",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "bot_answers", "Answers by outcome, mode and way in", ["status", "mode", "route"], registry=self.registry
        )
        self.kept = Counter(
            "bot_answer_cache", "Answers taken from those kept, or made", ["result"], registry=self.registry
        )
        self.working = Gauge(
            "bot_answers_running", "Answers being made", registry=self.registry, multiprocess_mode="livesum"
        )
        self.tokens = Counter("bot_model_tokens", "Tokens of the language model", ["direction"], registry=self.registry)
        self.feedback = Counter("bot_feedback", "What readers thought of answers", ["verdict"], registry=self.registry)
        self.complaints = Counter("bot_complaints", "Complaints taken", registry=self.registry)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        if not os.environ.get(SHARED):
            return generate_latest(self.registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)


class Measured:
    """ASGI: notes each HTTP request under the pattern of the route that took it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, now: Callable[[], float] = time.perf_counter) -> None:
        self._app, self._metrics, self._now = app, metrics, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 499, self._now()  # 499: the client left before a reply began

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "") or (scope["path"] if scope["path"] in PLAIN else "-")
            self._metrics.requests.labels(route, _known(scope["method"]), status).inc()
            self._metrics.seconds.labels(route).observe(self._now() - started)


def _known(method: str) -> str:
    """Methods are the client's words: those nobody knows are counted together."""
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
