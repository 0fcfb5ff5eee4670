"""What nginx does with what it is given, by the configuration that docs/deployment gives away."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from tests.deployment.programs import HANG, free_port, nginx
from tests.service.serving import served

pytestmark = pytest.mark.slow

STREAMS = ("/api/v1/ask", "/chat/ask", "/v1/chat/completions", "/mcp")


@pytest.fixture
def read_first() -> threading.Event:
    """Set when a client has the first event of a stream."""
    return threading.Event()


@pytest.fixture
def proxied(tmp_path: Path, read_first: threading.Event) -> Iterator[str]:
    """nginx before an application that tells who asks, and streams; the second machine is never there."""

    async def seen(request: Request) -> JSONResponse:
        return JSONResponse({"forwarded": request.headers["x-forwarded-for"], "host": request.headers["host"]})

    async def stream(_: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            yield "event: sentence\ndata: 一\n\n"
            if await asyncio.to_thread(read_first.wait, HANG):
                yield "event: done\ndata: 二\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    routes = [Route(path, stream, methods=["POST"]) for path in STREAMS]
    app = Starlette(routes=[*routes, Route("/api/v1/documents", seen), Route("/{path:path}", seen, methods=["POST"])])
    with (
        served(app) as address,
        nginx(tmp_path / "nginx", [int(address.rpartition(":")[2]), free_port()]) as url,
    ):
        yield url


@pytest.mark.parametrize("path", STREAMS)
def test_a_sentence_is_there_before_the_next_one_is_written(proxied: str, read_first: threading.Event, path: str):
    with httpx.stream("POST", f"{proxied}{path}", json={}, timeout=HANG) as reply:
        lines = (line for line in reply.iter_lines() if line)
        first = [next(lines), next(lines)]
        read_first.set()
        assert [*first, *lines] == ["event: sentence", "data: 一", "event: done", "data: 二"]


def test_what_a_client_says_of_its_address_is_dropped(proxied: str):
    forged = {"X-Forwarded-For": "198.51.100.7", "Host": "policy.example"}
    seen = httpx.get(f"{proxied}/api/v1/documents", headers=forged).json()
    assert seen == {"forwarded": "127.0.0.1", "host": "policy.example"}


def test_a_machine_that_is_not_there_costs_no_request_not_even_one_that_must_not_be_sent_twice(proxied: str):
    statuses = Counter(httpx.post(f"{proxied}/api/v1/complaints", json={}).status_code for _ in range(20))
    assert statuses == {200: 20}


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/api/v1/feedback", 300_000, 413), ("/staff/file", 300_000, 200)]
)
def test_only_those_who_add_documents_may_send_much(proxied: str, path: str, size: int, status: int):
    assert httpx.post(f"{proxied}{path}", content=b"x" * size).status_code == status
