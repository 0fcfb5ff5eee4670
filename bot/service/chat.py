"""
Where the page asks: a question in, a line of JSON for each reply out, sent while a model writes.

    POST chat/ask {"question": "瞪羚归哪个局？", "history": []}
        ->  {"is_whole": false, "html": "<article …>", …}⏎ {"is_whole": true, …}⏎

What the check took out of a model's reply is sent to staff alone: to whoever sends the token of a login. A reader who
leaves ends the answer at its next sentence.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from bot.service.api.answers import TOGETHER
from bot.service.ask import Pipeline, Record, Reply, Suggest, replies_to

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold the sentences back


def chat_routes(
    pipeline: Pipeline,
    suggest: Suggest | None = None,
    is_staff: Callable[[Request], bool] = lambda _: False,
    record: Record | None = None,
) -> APIRouter:
    """`is_staff` tells whether a request comes from someone who has signed in; `record` keeps whole answers."""
    router = APIRouter(prefix="/chat")
    threads = CapacityLimiter(TOGETHER[pipeline.mode])

    @router.post("/ask")
    async def ask(request: Request) -> Response:
        try:
            asked = json.loads(await request.body())  # no longer than bot.service.limits lets through
        except (ValueError, RecursionError):
            asked = None  # gets the reply of a malformed request
        replies = replies_to(pipeline, asked, suggest, is_staff(request), record)
        return StreamingResponse(_lines(replies, threads), headers=HEADERS, media_type="application/x-ndjson")

    return router


async def _lines(replies: Iterator[Reply], threads: CapacityLimiter) -> AsyncIterator[str]:
    """Each reply as soon as it is there; made by a thread, which nobody waits for once the reader has gone."""
    try:
        while reply := await to_thread.run_sync(next, replies, None, abandon_on_cancel=True, limiter=threads):
            yield json.dumps(reply, ensure_ascii=False) + "\n"
    finally:
        with suppress(ValueError):  # it is at work on the next one, and is closed when that is there
            replies.close()  # type: ignore[attr-defined]
