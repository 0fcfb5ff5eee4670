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
from fastapi.responses import JSONResponse, Response, StreamingResponse

from bot.service.ask import Pipeline, Reply, Suggest, replies_to

MOST_BODY = 128 * 1024  # bytes of a question and six turns before it
TOGETHER = 40  # answers at once; of a model's most of the time is waiting
TOO_LARGE = "对话太长，请清空对话后再提问。"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold the sentences back


def chat_routes(
    pipeline: Pipeline, suggest: Suggest | None = None, is_staff: Callable[[Request], bool] = lambda _: False
) -> APIRouter:
    """`is_staff` tells whether a request comes from someone who has signed in."""
    router = APIRouter(prefix="/chat")
    threads = CapacityLimiter(TOGETHER)

    @router.post("/ask")
    async def ask(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return JSONResponse({"detail": TOO_LARGE}, 413)
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            asked = None  # gets the reply of a malformed request
        replies = replies_to(pipeline, asked, suggest, is_staff(request))
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


async def _body(request: Request) -> bytes | None:
    """None where it is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            return None
    return bytes(body)
