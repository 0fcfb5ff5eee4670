"""
The chat completions of OpenAI's interface, so that existing clients can ask.

    OpenAI(base_url="http://host:7860/v1", api_key="-").chat.completions.create(
        model="policy-quoted", messages=[{"role": "user", "content": "瞪羚归谁管？"}])
        ->  ….choices[0].message.content == "培育…。[1]\\n责任单位：…[2]\\n\\n来源：\\n[1] 《…》…"

Whoever only shows `content` shows the sources and the notice too, and what cannot be asked is told there as well. What
a system message orders has no effect: an answer is made from the papers, and nothing else.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.responses import Response
from ulid import ULID

from bot.service.api.answers import Question
from bot.service.api.ask import EventStream, json_response, new_conversation, recorded, unless_gone
from bot.service.api.problems import RefusedError, documented, problem_of
from bot.service.api.replies import CitationReply, Label, sources
from bot.service.api.requests import MAX_TURNS, ChatRequest, Message, QuestionText, TurnText
from bot.service.problem import openai_error
from bot.service.words import AI_NOTICE, SERVICE_NAME
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH
from bot.types import Answer, Mode

if TYPE_CHECKING:
    from bot.service.service import Service

ROUTE = "/v1/chat/completions"
SINCE = 1767225600  # 2026-01-01; the interface wants a time
MODELS: dict[str, Mode] = {"policy-quoted": "quoted", "policy-generated": "generated"}
SOURCES = "\n\n来源：\n"
NO_MODEL = "没有这个模型，可用的见 /v1/models。"

CHUNKS = {"itemSchema": {"type": "object", "properties": {"data": {"type": "string"}}, "required": ["data"]}}

_QUESTION: TypeAdapter[str] = TypeAdapter(QuestionText)
_TURN: TypeAdapter[str] = TypeAdapter(TurnText)


class ModelReply(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: int = SINCE
    owned_by: str = SERVICE_NAME


class ModelsReply(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelReply]


class MessageReply(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    index: int = 0
    message: MessageReply
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageReply(BaseModel):
    """大模型所用的词元；摘引模式不用大模型，为0。"""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatReply(BaseModel):
    """OpenAI 的格式，另加 citations 和 aigc。"""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: UsageReply
    citations: list[CitationReply]
    aigc: Label


def chat_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["OpenAI 兼容"])

    def modes() -> list[str]:
        return [name for name, mode in MODELS.items() if mode in ("quoted", service.pipeline.mode)]

    @router.get("/v1/models", summary="可用的模型", responses={200: {"model": ModelsReply}, **documented()})
    async def models() -> Response:
        return json_response(ModelsReply(data=[ModelReply(id=name) for name in modes()]))

    @router.get(
        "/v1/models/{model}",
        summary="一个模型",
        responses={200: {"model": ModelReply}, **documented(404, 422)},
    )
    async def model(model: str) -> Response:
        if model not in modes():
            raise RefusedError(404, NO_MODEL)
        return json_response(ModelReply(id=model))

    @router.post(
        ROUTE,
        summary="提问（OpenAI 聊天补全）",
        responses={
            200: {"model": ChatReply, "content": {"text/event-stream": CHUNKS}},
            **documented(400, 404, 408, 413, 422),
        },
    )
    async def complete(request: Request, asked: ChatRequest) -> Response:
        if asked.model not in modes():
            raise RefusedError(404, NO_MODEL)
        question = question_of(asked.messages, MODELS[asked.model])
        if asked.stream:
            with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
            return EventStream(_chunks(service, question, asked.model, with_usage))
        answered = await unless_gone(request, service.answers.whole(question))
        reply = await recorded(service, question, answered, new_conversation(), ROUTE)
        answer = answered.answer
        message = MessageReply(content=answer.text + closing(answer))
        return json_response(
            ChatReply.model_construct(
                id=f"chatcmpl-{reply.id}",
                created=int(time.time()),
                model=asked.model,
                choices=[Choice(message=message)],
                usage=_usage(answer),
                citations=reply.citations,
                aigc=reply.aigc,
            )
        )

    return router


def question_of(messages: Sequence[Message], mode: Mode | None = None) -> Question:
    """The last question of the user, and the exchanges before it as history."""
    exchanges: list[tuple[str, str]] = []
    asked = ""
    for message in messages:
        if message.role == "user":
            asked = message.words
        elif message.role == "assistant" and asked:
            exchanges.append((asked, message.words.partition(SOURCES)[0].removesuffix(AI_NOTICE)))
    if messages[-1].role == "assistant" and exchanges:  # to be answered again
        asked, _ = exchanges.pop()
    return checked(asked, exchanges, mode)


def checked(text: str, turns: Sequence[tuple[str, str]] = (), mode: Mode | None = None) -> Question:
    """A question as /api/v1/ask takes it, of the last turns; its fault is the sentence that is said there."""
    history = tuple((_TURN.validate_python(asked), _TURN.validate_python(said)) for asked, said in turns[-MAX_TURNS:])
    try:
        return Question(_QUESTION.validate_python(text), history, mode)
    except ValidationError as error:
        return Question(text[:MAXIMUM_QUESTION_LENGTH], (), mode, str(error.errors()[0]["msg"]))


def closing(answer: Answer) -> str:
    """What stands below the text: the sources, where there are any, and the notice."""
    return (SOURCES + sources(answer.citations) if answer.citations else "") + f"\n\n{AI_NOTICE}"


async def _chunks(service: Service, question: Question, model: str, with_usage: bool) -> AsyncGenerator[bytes]:
    id_ = str(ULID())
    head = {"id": f"chatcmpl-{id_}", "object": "chat.completion.chunk", "created": int(time.time()), "model": model}

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _data({**head, "choices": [choice], **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        shown = 0
        async with aclosing(service.answers.stream(question)) as growing:
            async for answered in growing:
                for sentence in answered.answer.sentences[shown:]:
                    yield chunk({"content": ("\n" if shown else "") + sentence.marked})
                    shown += 1
        answer = answered.answer
        reply = await recorded(service, question, answered, new_conversation(), ROUTE, id_)
        yield chunk({"content": closing(answer)})
        cited = [citation.model_dump() for citation in reply.citations]
        yield chunk({}, "stop", citations=cited, aigc=reply.aigc.model_dump())
        if with_usage:
            yield _data({**head, "choices": [], "usage": _usage(answer).model_dump()})
        yield b"data: [DONE]\n\n"
    except Exception as error:
        told = problem_of(error, ROUTE)
        yield _data({"error": openai_error(told.status, told.detail)})


def _data(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _usage(answer: Answer) -> UsageReply:
    used = answer.usage
    sent, received = (used.input_tokens, used.output_tokens) if used else (0, 0)
    return UsageReply(prompt_tokens=sent, completion_tokens=received, total_tokens=sent + received)
