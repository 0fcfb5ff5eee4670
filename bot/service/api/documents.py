"""
GET /api/v1/documents…: the collected papers, their clauses and the words at a place.

    GET /api/v1/documents/action-plan/clauses/3853-3914  ->  {"document": {…}, "quote": "培育…。", "clauses": [{…}], …}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from bot.documents.flags import Flagger
from bot.service.api.ask import json_response
from bot.service.api.problems import RefusedError, documented
from bot.service.api.replies import (
    ClausesReply,
    DocumentsReply,
    OutlineReply,
    PlaceReply,
    SuggestionsReply,
    cited_document,
    clause_reply,
    document_reply,
    outline_reply,
)
from bot.types import Outline, Span

if TYPE_CHECKING:
    from bot.service.service import Service

NO_DOCUMENT = "没有收录这份文件，编号见 /api/v1/documents。"
NO_PLACE = "文件中没有这个位置，起止位置以条款和引用的span为准。"
LAST = 100_000_000  # no document is longer

Id = Annotated[str, Path(description="文件编号", max_length=200)]
Offset = Annotated[int, Path(ge=0, le=LAST, description="在文件全文中的位置，以字计")]


def documents_routes(service: Service) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["文件"])

    def every() -> dict[str, Outline]:
        store = service.pipeline.store
        return {outline.document.id: outline for outline in (*store.outlines, *store.glossaries)}

    def flagger() -> Flagger:
        return Flagger(service.pipeline.store.documents)

    def outline_of(identifier: str) -> Outline:
        outline = every().get(identifier)
        if outline is None:
            raise RefusedError(404, NO_DOCUMENT)
        return outline

    @router.get("/documents", summary="收录的文件", responses={200: {"model": DocumentsReply}, **documented()})
    def documents() -> Response:
        known = flagger()
        return json_response(DocumentsReply(documents=[document_reply(each, known) for each in every().values()]))

    @router.get(
        "/documents/{identifier}",
        summary="一份文件的目录和全文",
        responses={200: {"model": OutlineReply}, **documented(404, 422)},
    )
    def document(identifier: Id) -> Response:
        return json_response(outline_reply(outline_of(identifier), flagger()))

    @router.get(
        "/documents/{identifier}/clauses",
        summary="一份文件的条款",
        responses={200: {"model": ClausesReply}, **documented(404, 422)},
    )
    def clauses(identifier: Id) -> Response:
        outline = outline_of(identifier)
        found = [clause_reply(clause) for clause in outline.clauses]
        return json_response(ClausesReply(document=cited_document(outline.document), clauses=found))

    @router.get(
        "/documents/{identifier}/clauses/{start}-{end}",
        summary="文件中的一段文字和它所在的条款",
        responses={200: {"model": PlaceReply}, **documented(404, 422)},
    )
    def place(identifier: Id, start: Offset, end: Offset) -> Response:
        outline = outline_of(identifier)
        if not start < end <= len(outline.document.text):
            raise RefusedError(404, NO_PLACE)
        span = Span(start, end)
        held = [each for each in outline.clauses if each.span.start < end and start < each.span.end]
        reply = PlaceReply(
            document=cited_document(outline.document, start),
            quote=span.of(outline.document.text),
            span=(start, end),
            flags=list(flagger().flags(outline.document)),
            clauses=[clause_reply(clause) for clause in held],
        )
        return json_response(reply)

    @router.get("/suggestions", summary="可以先问的问题", responses={200: {"model": SuggestionsReply}, **documented()})
    def suggestions() -> Response:
        """没有提问时可以先问的问题，由收录文件的结构得来，每个都有答案。"""
        return json_response(SuggestionsReply(suggestions=list(service.pipeline.openings())))

    return router
