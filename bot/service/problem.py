"""
Every fault of the HTTP interface in one form, application/problem+json (RFC 9457), whoever tells it.

    problem_json(429, "提问过于频繁", "请12秒后再问。", "/api/v1/ask")
        ->  {"type": "about:blank", "title": "提问过于频繁", "status": 429, "detail": "请12秒后再问。", "instance": …}

Below /v1/ the same sentence stands once more where OpenAI's clients look for it: {"error": {"message": …}}.
"""

from __future__ import annotations

import json
from typing import Any

MEDIA_TYPE = "application/problem+json"
OPENAI = "/v1/"  # paths of OpenAI's interface
TOO_MANY = 429


def problem_json(status: int, title: str, detail: str, path: str) -> bytes:
    """The body of a reply; `detail` is one Chinese sentence."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if path.startswith(OPENAI):
        content["error"] = openai_error(status, detail)
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def openai_error(status: int, detail: str) -> dict[str, Any]:
    """As OpenAI's interface tells of a fault."""
    kind = "server_error" if status >= 500 else "rate_limit_error" if status == TOO_MANY else "invalid_request_error"
    return {"message": detail, "type": kind, "param": None, "code": None}
