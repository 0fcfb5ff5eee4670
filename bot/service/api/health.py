"""
What machines ask: is the process alive, can it answer, what are its figures.

    GET /readyz  ->  {"status": "ready", "generation": "000007", "documents": 52, "mode": "quoted", "stopped": false}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from bot.service.api.ask import NOT_KEPT, json_response
from bot.service.api.metrics import CONTENT_TYPE
from bot.service.api.problems import documented
from bot.types import Mode

if TYPE_CHECKING:
    from bot.service.service import Service

NOBODY = "-"  # no complaint has this number


class Alive(BaseModel):
    status: str = "ok"


class Ready(BaseModel):
    """可以回答问题。stopped 为真时，是有意停用，提问得到503和说明。"""

    status: str = "ready"
    generation: str
    documents: int
    mode: Mode
    stopped: bool


def health_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["运行"])

    @router.get("/healthz", summary="进程是否在运行", responses={200: {"model": Alive}, **documented()})
    async def alive() -> Response:
        return json_response(Alive())

    @router.get("/readyz", summary="能否回答问题", responses={200: {"model": Ready}, **documented()})
    def ready() -> Response:
        """索引已打开并试答过一次（没试完时等它），记录库能读写；否则503。"""
        service.records.ticket(NOBODY)  # through the thread that writes: raises RecordsError where it cannot
        pipeline = service.pipeline
        pipeline.warm()
        return json_response(
            Ready(
                generation=pipeline.generation,
                documents=len(pipeline.store.documents),
                mode=pipeline.mode,
                stopped=service.records.stopped is not None,
            )
        )

    @router.get(
        "/metrics",
        summary="Prometheus 指标",
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **documented()},
        response_class=Response,
    )
    def metrics() -> Response:
        return Response(service.metrics.text(), headers=NOT_KEPT | {"Content-Type": CONTENT_TYPE})

    return router
