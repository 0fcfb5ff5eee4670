"""
What a reader may say of the service, and have deleted: feedback, complaints, one's own conversation.

    POST /api/v1/complaints {"text": "答错了"}  ->  201 {"ticket": "TS20261123-9F2C51D0A7", "due": "2026-12-08T…Z", …}

No login and no cookie: a ticket's number, or a conversation's, is all that is needed and all that gives access.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from bot.service.api.ask import json_response
from bot.service.api.problems import RefusedError, documented
from bot.service.api.replies import FeedbackReply, ForgottenReply, TicketReply
from bot.service.api.requests import CONVERSATION, ComplaintRequest, FeedbackRequest
from bot.service.records import Ticket

if TYPE_CHECKING:
    from bot.service.service import Service

NO_ANSWER = "没有这条回答的记录，可能已过保存期，或已应要求删除。"
NO_TICKET = "没有这个受理编号，请核对后重试。"


def desk_routes(service: Service) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["评价与投诉"])
    records, metrics = service.records, service.metrics

    @router.post(
        "/feedback",
        summary="评价一条回答",
        responses={200: {"model": FeedbackReply}, **documented(400, 404, 408, 413, 422)},
    )
    def feedback(given: FeedbackRequest) -> Response:
        if not records.feedback(given.answer, given.verdict, given.comment):
            raise RefusedError(404, NO_ANSWER)
        metrics.feedback.labels(given.verdict).inc()
        return json_response(FeedbackReply())

    @router.post(
        "/complaints",
        summary="投诉举报",
        status_code=201,
        responses={201: {"model": TicketReply}, **documented(400, 408, 413, 422)},
    )
    def complain(given: ComplaintRequest) -> Response:
        ticket = records.complain(given.text, given.contact)
        metrics.complaints.inc()
        return json_response(_reply(ticket), 201)

    @router.get(
        "/complaints/{ticket}",
        summary="查询投诉举报的处理情况",
        responses={200: {"model": TicketReply}, **documented(404, 422)},
    )
    def complaint(ticket: Annotated[str, Path(description="受理编号", max_length=64)]) -> Response:
        found = records.ticket(ticket)
        if found is None:
            raise RefusedError(404, NO_TICKET)
        return json_response(_reply(found))

    @router.delete(
        "/conversations/{conversation}",
        summary="删除一次会话的问答记录",
        responses={200: {"model": ForgottenReply}, **documented(422)},
    )
    def forget(conversation: Annotated[str, Path(pattern=CONVERSATION, description="会话编号")]) -> Response:
        return json_response(ForgottenReply(deleted=records.forget(conversation)))

    return router


def _reply(ticket: Ticket) -> TicketReply:
    due = ticket.due.replace(tzinfo=UTC)
    return TicketReply(ticket=ticket.number, due=due, state=ticket.state, reply=ticket.reply)
