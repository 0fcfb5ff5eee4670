"""
Send what staff do to the one process that knows them: a login and an uploaded paper live in the memory of worker 0.

    worker 1: POST /staff/login  ->  over a Unix socket  ->  worker 0  ->  {"token": "…"}
    worker 1: GET /console/      ->  the same way; what Gradio knows of an open page is in its memory too

Only this machine's workers can open the socket, so what it says of the client is believed.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.background import BackgroundTask
from starlette.types import ASGIApp, Receive, Scope, Send

CLIENT = "x-forwarded-client"  # the client's address, from worker to worker
SCHEME = "x-forwarded-scheme"  # http or https, as the first worker knows it
OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})
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


class ForwardConsole:
    """The console's routes of a worker that is not worker 0: everything goes there and comes back as it is."""

    def __init__(self, desk: Path) -> None:
        transport = httpx.AsyncHTTPTransport(uds=str(desk))
        timeout = httpx.Timeout(PATIENCE, read=None)  # an open page listens for as long as it is open
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout)
        self.router = APIRouter(include_in_schema=False)
        for path in ("/console", "/console/{rest:path}"):
            self.router.add_api_route(path, self._forward, methods=["GET", "HEAD", "POST", "PUT", "DELETE"])

    async def _forward(self, request: Request) -> Response:
        headers = [(name, value) for name, value in request.headers.items() if name not in OF_ONE_CONNECTION]
        headers = [each for each in headers if each[0] not in (CLIENT, SCHEME)]
        headers += [(CLIENT, request.client.host if request.client else ""), (SCHEME, request.url.scheme)]
        url = httpx.URL("http://worker", raw_path=request.scope["raw_path"] + _query(request))
        asked = self._client.build_request(request.method, url, headers=headers, content=request.stream())
        try:
            reply = await self._client.send(asked, stream=True)
        except httpx.HTTPError:
            return JSONResponse({"detail": "服务正在重新启动，请稍后再试。"}, 503)
        response = StreamingResponse(reply.aiter_raw(), reply.status_code, background=BackgroundTask(reply.aclose))
        response.raw_headers = [each for each in reply.headers.raw if each[0].decode().lower() not in OF_ONE_CONNECTION]
        return response


def _query(request: Request) -> bytes:
    query: bytes = request.scope["query_string"]
    return b"?" + query if query else b""


class Desk:
    """In worker 0: what comes over the Unix socket has been through another worker's gate and goes past ours."""

    def __init__(self, gate: ASGIApp, app: ASGIApp) -> None:
        self._gate, self._app = gate, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _over_unix_socket(scope):
            headers = dict(scope["headers"])
            client = headers.get(CLIENT.encode(), b"").decode()
            scheme = headers.get(SCHEME.encode(), b"http").decode()
            await self._app({**scope, "client": (client, 0), "scheme": scheme}, receive, send)
        else:
            await self._gate(scope, receive, send)


def _over_unix_socket(scope: Scope) -> bool:
    server = scope.get("server")
    return server is not None and server[1] is None
