"""
The routes of the public view.

    GET  /chat                            ->  the conversation; chat.js takes the form over where there is script
    POST /chat  question=瞪羚归谁管？       ->  the same page with the answer in it
    GET  /chat/documents/plan?quote=3-12  ->  the document with these characters marked
    POST /complaints  text=答错了          ->  a ticket and the day by which it is answered

Forms are read by hand: they are a few short fields, and the gate before us bounds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import FileResponse, HTMLResponse, Response

from bot.answering import replies
from bot.errors import BotError
from bot.service.api.answers import Question
from bot.service.api.ask import new_conversation, recorded
from bot.service.api.problems import problem_of
from bot.service.api.requests import CONVERSATION, MAX_CONTACT, MAX_TURNS, AskRequest, ComplaintRequest
from bot.service.records.store import COMPLAINT_DAYS
from bot.service.widget.pages import STATIC, asset, corpus_rows, document_page, page
from bot.types import Outline, Span

if TYPE_CHECKING:
    from bot.service.service import Service

NOT_KEPT = {"Cache-Control": "no-store"}
FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}
SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
TICKET = re.compile(r"[A-Za-z0-9-]{1,40}")
NO_DOCUMENT = "没有收录这份文件，或者它已从语料中撤下。"
NO_FILE = "没有这个文件。"
NO_TICKET = "没有查到这个受理编号，请核对后重试。"
NO_TEXT = "请写明投诉举报的内容，2000字以内。"
NO_CONVERSATION = "会话编号不对，请到问答页面的“更多”中查看后重新填写。"


def widget_routes(service: Service) -> APIRouter:
    """The public pages; each page is written anew, so that it is of the index and the settings as they are."""
    router = APIRouter(include_in_schema=False)
    assets = frozenset(path.name for path in STATIC.iterdir())

    def documents() -> dict[str, Outline]:
        store = service.pipeline.store
        return {outline.document.id: outline for outline in (*store.outlines, *store.glossaries)}

    @router.get("/widget.js")
    async def widget_js() -> Response:
        return FileResponse(STATIC / "widget.js", media_type="text/javascript; charset=utf-8", headers=FOR_AN_HOUR)

    @router.get("/widget/{name}")
    async def static(name: str, v: str = "") -> Response:
        if name not in assets:
            return _html(page("message.html", title="没有找到", text=NO_FILE), 404)
        return FileResponse(STATIC / name, headers=FOR_A_YEAR if asset(name).endswith(f"?v={v}") else FOR_AN_HOUR)

    @router.get("/chat")
    async def chat() -> Response:
        return _html(_chat(service))

    @router.post("/chat")
    async def asked(request: Request) -> Response:
        form = _form(await request.body())
        conversation = form.get("conversation") or new_conversation()
        sent = {"question": form.get("question", ""), "history": _turns(form), "conversation": conversation}
        try:
            asked = AskRequest.model_validate(sent)
        except ValidationError as error:
            detail = _sentence(error)
            return _html(_chat(service, typed=form.get("question", ""), detail=detail), 422)
        question = Question(asked.question, tuple(asked.history))
        try:
            answered = await service.answers.whole(question)
            reply = await recorded(service, question, answered, conversation, "/chat")
        except BotError as error:
            told = problem_of(error, "/chat")
            return _html(_chat(service, typed=asked.question, detail=told.detail), told.status)
        turns = [*asked.history, (asked.question, reply.text)][-MAX_TURNS:]
        return _html(_chat(service, asked=asked.question, reply=reply, history=json.dumps(turns, ensure_ascii=False)))

    @router.get("/chat/documents/{identifier}")
    async def document(identifier: str, quote: str = "") -> Response:
        every = documents()
        if (outline := every.get(identifier)) is None:
            return _html(page("message.html", title="没有找到", text=NO_DOCUMENT), 404)
        text = await service.answers.run(lambda: document_page(outline, every, _span(quote, outline)))
        return HTMLResponse(text)

    @router.get("/about")
    async def about() -> Response:
        settings, pipeline = service.settings, service.pipeline
        return _html(
            page(
                "about.html",
                settings=settings,
                model=settings.llm_model if pipeline.mode == "generated" else "",
                rows=corpus_rows(documents(), date.today()),
                generation=pipeline.generation,
                complaint_days=COMPLAINT_DAYS,
            )
        )

    @router.get("/privacy")
    async def privacy() -> Response:
        return _html(_privacy(service))

    @router.post("/privacy")
    async def forget(request: Request) -> Response:
        conversation = _form(await request.body()).get("conversation", "").strip()
        if not re.fullmatch(CONVERSATION, conversation):
            return _html(_privacy(service, detail=NO_CONVERSATION, typed=conversation), 422)
        deleted = await service.answers.run(lambda: service.records.forget(conversation))
        return _html(_privacy(service, deleted=deleted))

    @router.get("/complaints")
    async def complaints(ticket: str = "") -> Response:
        if not ticket:
            return _html(_complaints())
        number = ticket.strip()
        readable = TICKET.fullmatch(number)
        found = await service.answers.run(lambda: service.records.ticket(number)) if readable else None
        if found is None:
            return _html(_complaints(sought=number[:40], not_found=NO_TICKET), 404)
        return _html(_complaints(sought=number, found=found))

    @router.post("/complaints")
    async def complain(request: Request) -> Response:
        form = _form(await request.body())
        typed = {"text": form.get("text", ""), "contact": form.get("contact", "")[:MAX_CONTACT]}
        try:
            made = ComplaintRequest.model_validate(typed)
        except ValidationError:
            return _html(_complaints(**typed, detail=NO_TEXT), 422)
        try:
            ticket = await service.answers.run(lambda: service.records.complain(made.text, made.contact))
        except BotError as error:
            told = problem_of(error, "/complaints")
            return _html(_complaints(**typed, detail=told.detail), told.status)
        return _html(_complaints(ticket=ticket))

    return router


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, NOT_KEPT)


def _chat(service: Service, **values: object) -> str:
    empty = {"asked": "", "reply": None, "history": "[]", "typed": "", "detail": ""}
    return page("chat.html", hosts=json.dumps(service.settings.ancestors), **{**empty, **values})


def _privacy(service: Service, **values: object) -> str:
    empty = {"detail": "", "typed": "", "deleted": None}
    generated = service.pipeline.mode == "generated"
    return page("privacy.html", settings=service.settings, generated=generated, **{**empty, **values})


def _complaints(**values: object) -> str:
    empty = {"text": "", "contact": "", "detail": "", "ticket": None, "sought": "", "found": None, "not_found": ""}
    return page("complaints.html", days=COMPLAINT_DAYS, **{**empty, **values})


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form as browsers send it, each once."""
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[0].replace("\r\n", "\n") for name, values in found.items()}


def _turns(form: Mapping[str, str]) -> object:
    """The conversation that the page carries; whatever is wrong with it, the question stands alone."""
    try:
        return json.loads(form.get("history", "[]"))
    except (ValueError, RecursionError):
        return []


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return str(first["msg"]) if first["type"].startswith("question_") else replies.NO_WORDS


def _span(given: str, outline: Outline) -> Span | None:
    """The characters that ?quote=3-12 names; None where it names none of this document."""
    if not (found := SPAN.fullmatch(given)):
        return None
    span = Span(int(found[1]), int(found[2]))
    return span if 0 <= span.start < span.end <= len(outline.document.text) else None
