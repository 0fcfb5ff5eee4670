"""
All routes of the HTTP interface as one application, which the service puts before its pages.

    create_api(service)  ->  FastAPI; takes(path) tells which paths are its own

It is an application of its own so that its faults, its description and its 404s are its own too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service.api.ask import ask_routes
from bot.service.api.chat_completions import chat_routes
from bot.service.api.desk import desk_routes
from bot.service.api.documents import documents_routes
from bot.service.api.health import health_routes
from bot.service.api.mcp_server import McpServer
from bot.service.api.problems import handle_faults
from bot.service.api.replies import Problem
from bot.service.words import SERVICE_NAME

if TYPE_CHECKING:
    from bot.service.service import Service

OPENAPI = "/api/v1/openapi.json"
PREFIXES = ("/api/v1", "/v1", "/mcp", "/healthz", "/readyz", "/metrics")
DESCRIPTION = (
    "提问、查阅收录的文件和条款、评价、投诉举报。出错时一律答复 application/problem+json，detail 是一句话的说明。"
    "不使用Cookie；对话由客户端保存，随问题带上。"
)


def create_api(service: Service) -> FastAPI:
    """The application; its lifespan must be run by who serves it."""
    mcp = McpServer(service)
    api = FastAPI(
        title=SERVICE_NAME, version="1", docs_url=None, redoc_url=None, openapi_url=OPENAPI, lifespan=mcp.running
    )
    handle_faults(api)
    for routes in (ask_routes, documents_routes, desk_routes, chat_routes, health_routes):
        api.include_router(routes(service))
    api.router.routes.extend(mcp.app.routes)
    api.openapi = lambda: _described(api)  # type: ignore[method-assign]
    return api


class Paths(BaseRoute):
    """Hands every path under PREFIXES to `app` as it is; a Mount would cut the path and could have only one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        taken = scope["type"] == "http" and any(
            scope["path"] == prefix or scope["path"].startswith(f"{prefix}/") for prefix in PREFIXES
        )
        return (Match.FULL if taken else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _described(api: FastAPI) -> dict[str, Any]:
    """FastAPI's description, with problems in place of its own 422."""
    if api.openapi_schema is None:
        schema = get_openapi(title=api.title, version=api.version, description=DESCRIPTION, routes=api.routes)
        schemas = schema["components"]["schemas"]
        for own in ("HTTPValidationError", "ValidationError"):
            schemas.pop(own, None)
        schemas["Problem"] = Problem.model_json_schema()
        api.openapi_schema = schema
    return api.openapi_schema
