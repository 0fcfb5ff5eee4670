"""
The console's door: its Gradio page behind a look at the session cookie.

    GET /console/ without a session, a browser   ->  303 /console/sign-in
    POST /console/gradio_api/… without one       ->  401 {"detail": "登录已经过期，请重新登录。"}

Gradio asks who is there on some of its routes only, so all of them are looked at here, before it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import FastAPI, Request
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from bot.service.console.console import COOKIE, SIGN_IN_FIRST, Console
from bot.service.console.sign_in import SIGN_IN, from_elsewhere

if TYPE_CHECKING:
    import gradio

PATH = "/console"
FOUND_OUT = "console.person"  # in the scope: who the door let in
STATIC = Path(__file__).parent / "static"
NOT_KEPT = {"Cache-Control": "no-store"}
ELSEWHERE = "这个来源的网页不能操作帮助台。"


class Door(BaseRoute):
    """Takes every path of the console; hands it to `mounted` where the session holds, with who it is in the scope."""

    def __init__(self, console: Console, mounted: BaseRoute) -> None:
        self._console, self._mounted = console, mounted

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        taken = scope["type"] == "http" and (scope["path"] == PATH or scope["path"].startswith(f"{PATH}/"))
        return (Match.FULL if taken else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = HTTPConnection(scope)
        if from_elsewhere(scope["method"], asked):
            await JSONResponse({"detail": ELSEWHERE}, 403, NOT_KEPT)(scope, receive, send)
            return
        token = asked.cookies.get(COOKIE, "")
        person = await to_thread.run_sync(self._console.staff.session, token)
        if person is None:
            page = scope["method"] == "GET" and "text/html" in asked.headers.get("accept", "")
            refused = RedirectResponse(SIGN_IN, 303, NOT_KEPT) if page else _not_signed_in()
            await refused(scope, receive, send)
        elif scope["path"] == PATH:
            await RedirectResponse(f"{PATH}/", 303, NOT_KEPT)(scope, receive, send)
        else:
            _, inside = self._mounted.matches(scope)
            await self._mounted.handle({**scope, **inside, FOUND_OUT: person.name}, receive, send)


def mount_console(app: FastAPI, console: Console, **look: Any) -> gradio.Blocks:
    """Make the page and mount it in `app`, behind its Door; `look` goes to Gradio as it is."""
    import gradio

    from bot.service.console.page import create_page

    blocks = create_page(console)
    gradio.mount_gradio_app(
        app,
        blocks,
        path=PATH,
        auth_dependency=_let_in,
        css_paths=STATIC / "console.css",
        **look,
    )
    app.router.routes.append(Door(console, app.router.routes.pop()))
    return blocks


def _let_in(request: Request) -> str | None:
    name = request.scope.get(FOUND_OUT)
    return name if isinstance(name, str) else None


def _not_signed_in() -> JSONResponse:
    return JSONResponse({"detail": SIGN_IN_FIRST}, 401, NOT_KEPT)
