"""
Tables as files, for those who may see them: GET /console/export/complaints.xlsx.

A link, not an event of Gradio's: nothing is written to a folder where anyone else could ask for it. Each page adds its
own with `exported`; who asks is checked here and every export is in the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from bot.errors import BotError
from bot.service.console.complaints import EVERY, HEADERS, Complaints
from bot.service.console.console import COOKIE, SIGN_IN_FIRST, Console
from bot.service.console.staff import Role
from bot.service.console.tables import CSV, XLSX, Cell, Table, as_csv, as_xlsx

PREFIX = "/console/export"
NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Export:
    """A table that can be taken away, and the least role that may."""

    name: str
    title: str
    role: Role
    headers: tuple[str, ...]
    rows: Callable[[Console], Iterable[Sequence[Cell]]]


def _complaints(console: Console) -> Iterable[Sequence[Cell]]:
    return (case.row for case in Complaints(console.service.records).list(EVERY, most=None))


def _audit(console: Console) -> Iterable[Sequence[Cell]]:
    from bot.service.console.pages.audit import row

    return (row(entry) for entry in console.audit.latest(most=1_000_000))


EXPORTS = (
    Export("complaints", "投诉举报", "editor", HEADERS, _complaints),
    Export("audit", "操作记录", "administrator", ("时间", "人员", "操作", "对象", "详情"), _audit),
)


def export_routes(console: Console) -> APIRouter:
    """The routes; they come before the Door and look at the session themselves."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    known = {f"{export.name}.{kind}": (export, kind) for export in EXPORTS for kind in ("csv", "xlsx")}

    @router.get("/{file}")
    async def export(file: str, request: Request) -> Response:
        return await to_thread.run_sync(_exported, console, known.get(file), request.cookies.get(COOKIE, ""))

    return router


def links_html(name: str) -> str:
    """The links to an export, for its page."""
    return (
        f'<p class="exports">导出：<a href="{PREFIX}/{name}.xlsx" download>XLSX</a> '
        f'<a href="{PREFIX}/{name}.csv" download>CSV</a></p>'
    )


def _exported(console: Console, found: tuple[Export, str] | None, token: str) -> Response:
    person = console.staff.session(token)
    if person is None:
        return JSONResponse({"detail": SIGN_IN_FIRST}, 401, NOT_KEPT)
    if found is None:
        return JSONResponse({"detail": "没有这个导出。"}, 404, NOT_KEPT)
    export, kind = found
    if not person.may(export.role):
        return JSONResponse({"detail": "您的角色不能导出这张表。"}, 403, NOT_KEPT)
    try:
        rows = list(export.rows(console))
        console.audit.note(person.name, "导出", export.title, rows=len(rows), kind=kind)
    except BotError as error:
        return JSONResponse({"detail": str(error)}, 503, NOT_KEPT)
    table = Table(export.title, export.headers, rows)
    body = as_csv(table) if kind == "csv" else as_xlsx([table])
    name = quote(f"{export.title}.{kind}")
    headers = NOT_KEPT | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(body, 200, headers, CSV if kind == "csv" else XLSX)
