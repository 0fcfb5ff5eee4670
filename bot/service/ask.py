"""
One question from a page to the pipeline and back: replies that grow while a model writes, the last of them whole.

    {"question": "瞪羚归哪个局？", "history": []}  ->  …, {"status": "answered", "html": "<article …>", "text": "…[1]"}

The conversation is held by the page and sent along, so the server keeps nothing about anyone. A fault becomes one
Chinese sentence; its cause goes to the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypedDict

from pydantic import BaseModel, ConfigDict

from bot.answering import replies
from bot.answering.compose import failed
from bot.service.answer_html import answer_html
from bot.settings import settings
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH
from bot.types import Answer, Mode, Outline, Query, Sentence, Status

MAX_TURNS = 6  # earlier exchanges a follow-up may lean on
MAX_TURN = 2000  # characters of an earlier question or answer

log = logging.getLogger(__name__)


class Store(Protocol):
    """What the pages need of an index: the documents it was built from."""

    @property
    def outlines(self) -> tuple[Outline, ...]: ...

    @property
    def glossaries(self) -> tuple[Outline, ...]: ...


class Pipeline(Protocol):
    """What the pages need of the answering pipeline, a LangChain Runnable."""

    @property
    def store(self) -> Store: ...

    @property
    def mode(self) -> Mode: ...

    def stream(self, input: dict[str, Any]) -> Iterator[Answer]: ...  # noqa: A002  (LangChain's name)


class AskRequest(BaseModel):
    """What a page sends: the question and the conversation so far, oldest first."""

    model_config = ConfigDict(hide_input_in_errors=True)  # nobody's words in the log

    question: str
    history: list[tuple[str, str]] = []

    def for_pipeline(self) -> dict[str, Any]:
        turns = [[question[:MAX_TURN], answer[:MAX_TURN]] for question, answer in self.history[-MAX_TURNS:]]
        return {"question": self.question, "history": turns}


class Reply(TypedDict):
    """What a page gets: the rendered answer, its text, and what goes into the next question's history."""

    status: Status
    html: str
    text: str
    history: str  # what the next question may lean on: of a generated answer the quotes it was made from
    suggestions: list[str]  # what one might ask next
    is_whole: bool  # False: more of it will come


Suggest = Callable[[Answer], Sequence[str]]
Record = Callable[[str, Answer], None]  # keeps a question's whole answer before it is sent


def replies_to(
    pipeline: Pipeline,
    request: object,
    suggest: Suggest | None = None,
    for_staff: bool = False,
    record: Record | None = None,
) -> Iterator[Reply]:
    """
    Answer what a page sent; every ending is a whole reply, and every answer has been recorded before.

    for_staff: the whole one shows what the check took out of a model's reply.
    """
    try:
        asked = AskRequest.model_validate(request)
        length = len(asked.question.strip())
        if length > MAXIMUM_QUESTION_LENGTH:  # before any work is done: understanding takes time with every character
            yield _reply(_too_long(length))
            return
        for answer in pipeline.stream(asked.for_pipeline()):
            if record and answer.is_whole:
                record(asked.question, answer)
            yield _reply(answer, suggest(answer) if suggest and answer.is_whole else (), for_staff)
    except Exception as error:
        log.error("没能回答：%s：%s", type(error).__name__, error, exc_info=settings().debug)
        yield _reply(failed(""))


def _too_long(length: int) -> Answer:
    sentence = replies.TOO_LONG.format(limit=MAXIMUM_QUESTION_LENGTH, length=length)
    return Answer(Query("", "", ()), "error_invalid_question", (Sentence(sentence, origin="note"),))


def _reply(answer: Answer, suggestions: Sequence[str] = (), for_staff: bool = False) -> Reply:
    return {
        "status": answer.status,
        "html": answer_html(answer, for_staff),
        "text": "\n".join(answer.lines),
        "history": (answer.quoted or answer).text,
        "suggestions": list(suggestions),
        "is_whole": answer.is_whole,
    }
