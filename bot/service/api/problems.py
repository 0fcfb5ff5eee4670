"""
Every ending of the HTTP interface that is not a reply, as a problem with one Chinese sentence (see service.problem).

    {"question": ""}  ->  422 {"title": "请求不合要求", "status": 422, "detail": "请输入您的问题…", …}
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from bot.answering import replies
from bot.errors import BotError, RecordsError
from bot.service.api.replies import Problem
from bot.service.problem import MEDIA_TYPE, problem_json

RETRY_AFTER = "5"  # seconds
CLIENT_LEFT = 499  # as nginx calls it; nobody receives it

TITLES: Mapping[int, str] = {
    400: "请求无法读取",
    404: "没有找到",
    405: "方法不对",
    408: "发送超时",
    413: "内容过长",
    422: "请求不合要求",
    429: "过于频繁",
    500: "服务出错",
    503: "暂时不能服务",
}
DETAILS: Mapping[int, str] = {
    404: "没有这个地址，请对照接口说明检查。",
    405: "这个地址不支持所用的请求方法，请对照接口说明检查。",
}
UNREADABLE = "请求内容不是有效的JSON，请检查后重试。"
UNRECORDED = "这次问答没有记录成功，请稍后再试。"
# What pydantic says, in Chinese; {limit} is its own figure.
WRONG: Mapping[str, str] = {
    "missing": "没有填写",
    "string_too_long": "不能超过{limit}个字",
    "string_too_short": "没有填写",
    "string_pattern_mismatch": "格式不对",
    "too_long": "不能超过{limit}项",
    "too_short": "没有填写",
    "literal_error": "只能取接口说明列出的值",
    "enum": "只能取接口说明列出的值",
}
SAID_BY_US = ("question_empty", "question_too_long")

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that is not met; `detail` is its Chinese sentence."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem(status: int, detail: str, path: str) -> Problem:
    return Problem(title=TITLES.get(status, "请求未能完成"), status=status, detail=detail, instance=path)


def problem_of(error: BaseException, path: str) -> Problem:
    """What to tell of any fault; one that nobody foresaw goes to the log."""
    if isinstance(error, RefusedError):
        return problem(error.status, error.detail, path)
    if isinstance(error, RecordsError):
        log.error("%s", error)
        return problem(503, UNRECORDED, path)
    if isinstance(error, BotError):
        log.error("%s", error)
        return problem(503, replies.INTERNAL, path)
    log.error("a request failed", exc_info=error)
    return problem(500, replies.INTERNAL, path)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of these, and of those that any request may get."""
    said: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*statuses, 429, 500, 503}):
        said[status] = {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": REFERENCE}}}
        if status in (429, 503):
            said[status]["headers"] = {"Retry-After": {"description": "多少秒后再试", "schema": {"type": "integer"}}}
        if status == 429:
            said[status]["headers"] |= {
                name: {"description": text, "schema": {"type": "integer"}}
                for name, text in {
                    "RateLimit-Limit": "每分钟的次数",
                    "RateLimit-Remaining": "还剩的次数",
                    "RateLimit-Reset": "多少秒后恢复",
                }.items()
            }
    return said


REFERENCE = {"$ref": "#/components/schemas/Problem"}


def handle_faults(api: FastAPI) -> None:
    """Let every fault of this application end as a problem."""

    async def refused(request: Request, error: Exception) -> Response:
        headers = dict(error.headers) if isinstance(error, RefusedError) else {}
        return _response(problem_of(error, request.url.path), headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        status = 400 if first["type"] == "json_invalid" else 422
        return _response(problem(status, _sentence(first), request.url.path))

    async def by_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        detail = UNREADABLE if error.status_code == 400 else DETAILS.get(error.status_code, replies.INTERNAL)
        return _response(problem(error.status_code, detail, request.url.path), error.headers or {})

    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=CLIENT_LEFT)

    api.add_exception_handler(RequestValidationError, invalid)
    api.add_exception_handler(HTTPException, by_framework)
    api.add_exception_handler(ClientDisconnect, left)
    api.add_exception_handler(RefusedError, refused)
    api.add_exception_handler(BotError, refused)
    api.add_exception_handler(Exception, refused)


def _response(told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if told.status == 503:
        headers.setdefault("Retry-After", RETRY_AFTER)
    body = problem_json(told.status, told.title, told.detail, told.instance)
    return Response(body, told.status, headers, MEDIA_TYPE)


def _sentence(error: Mapping[str, Any]) -> str:
    """One sentence for what pydantic found first: where, and what."""
    if error["type"] == "json_invalid":
        return UNREADABLE
    if error["type"] in SAID_BY_US:
        return str(error["msg"])
    where = ".".join(str(part) for part in error["loc"][1:]) or "请求内容"
    limits = error.get("ctx") or {}
    limit = limits.get("max_length", limits.get("min_length", ""))
    return f"请求中的 {where} {WRONG.get(error['type'], '不合要求').format(limit=limit)}，请对照接口说明改正后重试。"
