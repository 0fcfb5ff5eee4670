"""
HEAD for every page and every address of the interface that can be got, which FastAPI's routes do not take.

    HEAD /about  ->  200, the headers of GET /about, no body
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# These have streams without an end, which would never be done with a HEAD; Gradio takes HEAD itself where it can.
ENDLESS = ("/gradio_api/", "/mcp")


class Head:
    """ASGI: answers HEAD as GET and leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith(ENDLESS):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
