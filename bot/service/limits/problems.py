"""
A refusal as application/problem+json (RFC 9457), or as a page for a person who opened an address.

    Problem(429, "提问过于频繁", "请12秒后再问。", {"Retry-After": "12"})
        ->  {"type": "about:blank", "title": "提问过于频繁", "status": 429, "detail": "请12秒后再问。", …}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from starlette.types import Send

from bot.service.problem import MEDIA_TYPE, problem_json
from bot.service.words import SERVICE_NAME

PAGE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {service}</title></head>
<body><main><h1>{title}</h1><p>{detail}</p></main></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not met: HTTP status, a short name, one sentence with what to do, headers."""

    status: int
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, send: Send, path: str, as_page: bool = False) -> None:
        if as_page:
            body = PAGE.format(title=escape(self.title), detail=escape(self.detail), service=SERVICE_NAME).encode()
            kind = "text/html; charset=utf-8"
        else:
            body, kind = problem_json(self.status, self.title, self.detail, path), MEDIA_TYPE
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store", **self.headers}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def stopped() -> Problem:
    return Problem(
        503,
        "服务暂停",
        "智能问答服务正在维护，暂不能提问，请稍后再来。急需办理的，请拨打12345政务服务便民热线咨询。",
        {"Retry-After": "300"},
    )


def busy() -> Problem:
    return Problem(503, "服务繁忙", "当前提问的人较多，请稍后再试。", {"Retry-After": "2"})


def too_slow() -> Problem:
    return Problem(
        503, "回答超时", "这个问题没有在规定时间内答完，请稍后再试，或者把问题写得更具体一些。", {"Retry-After": "10"}
    )


def too_large(limit: int) -> Problem:
    return Problem(
        413, "内容过长", f"请求内容不能超过{limit // 1024}KB，请减少历史对话后重试。", {"Connection": "close"}
    )


def too_slowly_sent() -> Problem:
    return Problem(408, "发送超时", "请求没有在规定时间内发完，请检查网络后重试。", {"Connection": "close"})


def pending() -> Problem:
    return Problem(429, "上一个问题还在回答", "请等上一个问题答完再问。", {"Retry-After": "1"})


def too_many(what: str, wait: int) -> Problem:
    return Problem(429, f"{what}过于频繁", f"{what}过于频繁，请{wait}秒后再试。", {"Retry-After": str(wait)})
