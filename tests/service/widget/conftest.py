"""The public view as it is served: limits, headers and all, over the real plan; and a site of another origin."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from bot.answering.pipeline import Pipeline, reopen
from bot.service.api import create_api
from bot.service.api.application import Paths
from bot.service.current import Current
from bot.service.headers import Headers
from bot.service.limits import Limits
from bot.service.records import Records
from bot.service.service import Service
from bot.service.widget import widget_routes
from bot.service.widget.demo.__main__ import create_demo
from bot.settings import Settings
from tests.service.serving import served


def public(service: Service) -> ASGIApp:
    """What `serve` puts together, without the Gradio page."""
    api = create_api(service)
    app = FastAPI(openapi_url=None, lifespan=lambda _: api.router.lifespan_context(api))
    app.router.routes.append(Paths(api))
    app.include_router(widget_routes(service))
    return Headers(Limits(app, service.records, service.settings), service.settings)


@dataclass(frozen=True)
class Site:
    """The service, a site that is on its list, and one that is not; every origin differs from every other."""

    server: str
    host: str
    stranger: str
    records: Records


@pytest.fixture(scope="module")
def site(plan_store_folder: Path, plan: Pipeline) -> Iterator[Site]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [listener.getsockname()[1] for listener in listeners]
    server, host, stranger = (f"http://{name}:{port}" for name, port in zip(NAMES, ports, strict=True))
    settings: Any = Settings(
        frame_ancestors=host, conversation_limit=1000, address_limit=1000, request_limit=100_000, contact="某局 0532-1"
    )
    records = Records.open("sqlite://")
    current = Current(plan_store_folder, plan, reopen)
    service = Service.of(current, records, settings)
    sites = with_plain_pages(create_demo(server), server, host, stranger)
    with served(public(service), listeners[0]), served(sites, listeners[1]), served(sites, listeners[2]):
        yield Site(server, host, stranger, records)
    service.close()
    records.close()


def with_plain_pages(demo: FastAPI, server: str, host: str, stranger: str) -> FastAPI:
    """/plain, and /bare with the widget, the chat in a frame of its own and a strange frame; neither has a policy."""
    bare = (
        f'<script src="{server}/widget.js" defer></script><policy-chat server="{server}"></policy-chat>'
        f'<iframe src="{server}/chat?origin={host}"></iframe><iframe src="{stranger}/plain"></iframe>'
    )
    demo.get("/bare")(lambda: HTMLResponse(bare))
    demo.get("/plain")(lambda: HTMLResponse("<p>plain</p>"))
    return demo


NAMES = ("127.0.0.1", "localhost", "localhost")
