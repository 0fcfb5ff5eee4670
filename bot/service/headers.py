"""
What every response tells the browser: what the page may load, who may frame it, who may read it.

    Headers(app, settings())
    GET /chat                        ->  Content-Security-Policy: default-src 'none'; …; frame-ancestors 'self' https://www.example.gov.cn
    Origin: https://elsewhere.test   ->  no Access-Control-… header at all; a POST from there is answered 403

It stands outside of everything else, so that refusals carry the same headers. The lists are exact: an origin is on them
as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from starlette.datastructures import Headers as Given
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.limits.problems import Problem

PAGES = (
    "/chat",
    "/about",
    "/complaints",
    "/console/sign-in",
    "/privacy",
)  # our own: no inline script, no inline style, nothing from elsewhere
FRAMED = "/chat"  # the only one that other sites show
EMBEDDED = ("/widget.js",)  # what other sites load
OWN_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {ancestors}"
)
# Gradio's page needs inline script and style; it still gets nothing from another host, and nobody frames it.
GRADIO_PAGE = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
NOT_A_PAGE = "default-src 'none'; frame-ancestors 'none'"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}
ELSEWHERE = "这个来源的网页不能直接调用本服务，请联系服务单位登记后使用。"


class Lists(Protocol):
    """What is needed of bot.settings.Settings."""

    @property
    def origins(self) -> tuple[str, ...]: ...
    @property
    def ancestors(self) -> tuple[str, ...]: ...


class Headers:
    """The outermost application. `origins` may call the interface from their pages, `ancestors` may frame /chat."""

    def __init__(self, app: ASGIApp, settings: Lists) -> None:
        self._app, self._origins = _without_sharing(app), frozenset(settings.origins)
        self._ancestors = settings.ancestors
        self._shared = CORSMiddleware(
            self._app,
            allow_origins=settings.origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Content-Type", "Accept", "Authorization"),
            expose_headers=("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Given(scope=scope)
        listed = given.get("origin") in self._origins

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._tell(MutableHeaders(scope=message), scope["path"], listed)
            await send(message)

        if _from_elsewhere(scope["method"], given) and not listed:
            await Problem(403, "来源不允许", ELSEWHERE).send(told, scope["path"])
            return
        await (self._shared if listed else self._app)(scope, receive, told)

    def _tell(self, headers: MutableHeaders, path: str, listed: bool) -> None:
        for name, value in EVERYWHERE.items():
            headers[name] = value
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if listed or path in EMBEDDED else "same-origin"
        if _below(path, PAGES):
            framed = path == FRAMED
            headers["Content-Security-Policy"] = OWN_PAGE.format(
                ancestors=" ".join(("'self'", *(self._ancestors if framed else ())))
            )
            if not (framed and self._ancestors):  # it knows no lists
                headers["X-Frame-Options"] = "SAMEORIGIN"
        elif headers.get("content-type", "").startswith("text/html"):
            headers["Content-Security-Policy"] = GRADIO_PAGE
            headers["X-Frame-Options"] = "SAMEORIGIN"
        elif "json" in headers.get("content-type", ""):
            headers["Content-Security-Policy"] = NOT_A_PAGE


def _without_sharing(app: ASGIApp) -> ASGIApp:
    """`app` without the word it has in who may read: Gradio echoes any Origin, with credentials."""

    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [each for each in message["headers"] if not each[0].lower().startswith(b"access-control-")]
                message = {**message, "headers": kept}
            await send(message)

        await app(scope, receive, told)

    return silent


def _from_elsewhere(method: str, given: Given) -> bool:
    """
    Whether the browser says that a page of another origin is behind a request that does something.

    The browser sets Sec-Fetch-Site itself, so this holds behind any proxy, whatever it makes of Host. Over plain HTTP
    it sends none, except to the same machine; there the preflight, which nobody allows, stops JSON all the same.
    """
    does = method not in ("GET", "HEAD", "OPTIONS")
    return does and given.get("sec-fetch-site") in ("cross-site", "same-site") and "origin" in given


def _below(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
