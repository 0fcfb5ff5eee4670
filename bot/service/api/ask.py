"""
POST /api/v1/ask: a question in, an answer out, at once as JSON or sentence by sentence as server-sent events.

    event: sentence
    data: {"text": "…。", "origin": "quote", "label": "政策原文", "citations": [1]}

    event: citations
    data: [{"number": 1, "document": {…}, "ref": "三、(三)8.", …}]

    event: done
    data: {"id": "01J…", "status": "answered", …}      the whole reply, as in JSON

A reply has been recorded before it is sent, so that every id anyone has seen can be found again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from ulid import ULID

from bot.service.api.answers import Answered, Question
from bot.service.api.problems import documented, problem_of
from bot.service.api.replies import AskReply, ask_reply, citation_reply, sentence_reply
from bot.service.api.requests import AskRequest
from bot.service.console.directory import Directory, needs_handoff

if TYPE_CHECKING:
    from bot.service.service import Service

ROUTE = "/api/v1/ask"
HEARTBEAT = 15.0  # seconds without a word after which a comment is sent, so that no proxy closes the connection
NOT_KEPT = {"Cache-Control": "no-store"}
STREAMED = NOT_KEPT | {"X-Accel-Buffering": "no"}  # nginx would hold the events back
# itemSchema is OpenAPI 3.2's word for the schema of one event.
EVENTS = {
    "itemSchema": {
        "type": "object",
        "properties": {
            "event": {"type": "string", "enum": ["sentence", "citations", "done", "error"]},
            "data": {"type": "string", "description": "JSON：SentenceReply、CitationReply的数组、AskReply或Problem。"},
        },
        "required": ["event", "data"],
    },
    "example": 'event: sentence\ndata: {"text": "…", "origin": "quote", "label": "政策原文", "citations": [1]}\n\n',
}

T = TypeVar("T")


def ask_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["问答"])

    @router.post(
        ROUTE,
        summary="提问",
        responses={
            200: {
                "model": AskReply,
                "description": "答复；无论是否找到答案。",
                "content": {"text/event-stream": EVENTS},
            },
            **documented(400, 408, 413, 422),
        },
    )
    async def ask(request: Request, asked: AskRequest) -> Response:
        """请求头 Accept: text/event-stream 时，以事件流逐句答复：sentence、citations、done，出错为 error。"""
        question = Question(asked.question, tuple(asked.history))
        conversation = asked.conversation or new_conversation()
        if "text/event-stream" in request.headers.get("accept", ""):
            return EventStream(_events(service, question, conversation))
        answered = await unless_gone(request, service.answers.whole(question))
        reply = await recorded(service, question, answered, conversation, ROUTE)
        return json_response(reply)

    return router


class EventStream(StreamingResponse):
    """Server-sent events, with heartbeats."""

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        super().__init__(with_heartbeats(events, HEARTBEAT), headers=STREAMED, media_type="text/event-stream")


def json_response(reply: BaseModel, status: int = 200) -> Response:
    """Of a model that needs no second check."""
    return Response(reply.model_dump_json(), status, NOT_KEPT, "application/json")


def event(name: str, data: BaseModel | list[Any]) -> bytes:
    shown = data.model_dump_json() if isinstance(data, BaseModel) else json.dumps(data, ensure_ascii=False)
    return format_sse_event(event=name, data_str=shown)


def new_conversation() -> str:
    return secrets.token_urlsafe(16)


async def recorded(
    service: Service, question: Question, answered: Answered, conversation: str, route: str, id_: str = ""
) -> AskReply:
    """The reply to a whole answer when it has been recorded; a new id where none is given. Raises RecordsError."""
    answer = answered.answer
    directory = Directory(service.records)
    handoff = await service.answers.run(lambda: directory.of(answer)) if needs_handoff(answer) else None
    reply = ask_reply(answered, id_ or str(ULID()), conversation, service.settings, handoff)
    await service.record(reply.id, conversation, question.text, answered, route)
    return reply


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; where the client leaves before, it is cancelled. Raises ClientDisconnect then."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        for task in (working, leaving):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def with_heartbeats(events: AsyncGenerator[bytes], every: float) -> AsyncIterator[bytes]:
    """The events, and a comment wherever none has come for so many seconds."""
    async with aclosing(events):
        following = asyncio.ensure_future(anext(events))
        try:
            while True:
                await asyncio.wait({following}, timeout=every)
                if not following.done():
                    yield KEEPALIVE_COMMENT
                    continue
                try:
                    yield following.result()
                except StopAsyncIteration:
                    return
                following = asyncio.ensure_future(anext(events))
        finally:
            if not following.done():
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following


async def _events(service: Service, question: Question, conversation: str) -> AsyncGenerator[bytes]:
    try:
        shown = 0
        async with aclosing(service.answers.stream(question)) as growing:
            async for answered in growing:
                answer = answered.answer
                cited = {citation.number: citation for citation in answer.citations}
                for sentence in answer.sentences[shown:]:
                    yield event("sentence", sentence_reply(sentence, cited))
                shown = len(answer.sentences)
        yield event("citations", [citation_reply(citation).model_dump() for citation in answer.citations])
        yield event("done", await recorded(service, question, answered, conversation, ROUTE))
    except Exception as error:
        yield event("error", problem_of(error, ROUTE))


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
