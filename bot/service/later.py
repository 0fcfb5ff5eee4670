"""
An application that takes seconds to import, put on the web while the rest already answers: requests to it wait.

    Later(create)  ->  a route that takes every path nothing before it has taken; create() runs in a thread
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

FAILED = "网页没能启动，请稍后再试，或者联系管理员查看日志。"

log = logging.getLogger(__name__)


class Later(BaseRoute):
    """Hands requests to what `create` returns as soon as it is there; 503 where it could not be created."""

    def __init__(self, create: Callable[[], FastAPI]) -> None:
        self._create = create
        self._decided, self._ending = asyncio.Event(), asyncio.Event()
        self._app: FastAPI | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Create the application beside what is done within, and end it after that."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._ending.set()
            if not self._app:  # not there yet, and not waited for
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        """One task from start to end: what a lifespan enters it must also leave in the same task."""
        try:
            app = await asyncio.to_thread(self._create)
            async with app.router.lifespan_context(app):
                self._app = app
                self._decided.set()
                await self._ending.wait()
        except Exception:
            log.exception("the page was not started")
            self._decided.set()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._decided.wait()
        await (self._app or PlainTextResponse(FAILED, 503))(scope, receive, send)
