"""
Send what staff do to the one process that knows them: a login and an uploaded paper live in the memory of worker 0.

    worker 1: POST /staff/login  ->  over a Unix socket  ->  worker 0  ->  {"token": "…"}

Only this machine's workers can open the socket, so what it says of the client is believed.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CLIENT = "x-forwarded-client"  # the client's address, from worker to worker
PATIENCE = 300.0  # seconds: reading a heavy document takes minutes
KEPT = frozenset({"authorization", "content-length", "content-type", "x-file-name"})


class Forward:
    """The staff routes of a worker that is not worker 0; in place of `bot.service.staff.Staff`."""

    def __init__(self, desk: Path) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(desk)), base_url="http://worker", timeout=PATIENCE
        )
        self.router = APIRouter(prefix="/staff")
        self.router.add_api_route("/{rest:path}", self._forward, methods=["GET", "POST", "DELETE"])

    def knows(self, request: Request) -> bool:  # noqa: ARG002
        """Nobody: who has signed in is known to worker 0 alone, so what the check took out is shown there only."""
        return False

    def close(self) -> None:
        """Nothing is kept here."""

    async def _forward(self, request: Request) -> Response:
        headers = {name: value for name, value in request.headers.items() if name in KEPT}
        headers[CLIENT] = request.client.host if request.client else ""
        try:
            reply = await self._client.request(
                request.method, request.url.path, headers=headers, content=request.stream()
            )
        except httpx.HTTPError:
            return JSONResponse({"text": "服务正在重新启动，请稍后重新登录。"}, 503)
        kept = {name: reply.headers[name] for name in ("content-type", "cache-control") if name in reply.headers}
        return Response(reply.content, reply.status_code, kept)


class Desk:
    """In worker 0: what comes over the Unix socket has been through another worker's gate and goes past ours."""

    def __init__(self, gate: ASGIApp, app: ASGIApp) -> None:
        self._gate, self._app = gate, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _over_unix_socket(scope):
            client = dict(scope["headers"]).get(CLIENT.encode(), b"").decode()
            await self._app({**scope, "client": (client, 0)}, receive, send)
        else:
            await self._gate(scope, receive, send)


def _over_unix_socket(scope: Scope) -> bool:
    server = scope.get("server")
    return server is not None and server[1] is None
