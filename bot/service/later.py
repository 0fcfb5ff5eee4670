"""
An application that takes seconds to import, put on the web while the rest already answers: requests to it wait.

    Later(create, quiet)  ->  a route that takes every path nothing before it has taken; create() runs in a thread

It is created when someone asks for it, or else in a quiet moment: to import it takes as much as hundreds of answers,
and right after a restart there may be that many who wait for theirs.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

LOOK = 0.1  # seconds between two looks at whether all is quiet
QUIET = 10  # such looks in a row that make a quiet moment
FAILED = "网页没能启动，请稍后再试，或者联系管理员查看日志。"

log = logging.getLogger(__name__)


class Later(BaseRoute):
    """
    Hands requests to what `create` returns as soon as it is there; 503 where it could not be created.

    `quiet` tells whether there is nothing else to do.
    """

    def __init__(self, create: Callable[[], FastAPI], quiet: Callable[[], bool] = lambda: True) -> None:
        self._create, self._quiet = create, quiet
        self._asked, self._decided, self._ending = asyncio.Event(), asyncio.Event(), asyncio.Event()
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
            await self._quiet_moment()
            app = await asyncio.to_thread(self._create)
            gc.freeze()  # what is there now stays: to look through it again and again would hold up answers
            async with app.router.lifespan_context(app):
                self._app = app
                self._decided.set()
                await self._ending.wait()
        except Exception:
            log.exception("the page was not started")
            self._decided.set()

    async def _quiet_moment(self) -> None:
        looks = 0
        while looks < QUIET and not self._asked.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK)
            looks = looks + 1 if self._quiet() else 0

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._asked.set()
        await self._decided.wait()
        await (self._app or PlainTextResponse(FAILED, 503))(scope, receive, send)
