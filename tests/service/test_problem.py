"""One form for every fault."""

import json

from bot.service.problem import problem_json

FAULT = {"type": "about:blank", "title": "提问过于频繁", "status": 429, "detail": "请12秒后再问。"}


def test_a_fault_says_what_happened_and_where() -> None:
    told = json.loads(problem_json(429, "提问过于频繁", "请12秒后再问。", "/api/v1/ask"))
    assert told == FAULT | {"instance": "/api/v1/ask"}


def test_a_client_of_openai_finds_the_sentence_where_it_looks() -> None:
    path = "/v1/chat/completions"
    error = {"message": "请12秒后再问。", "type": "rate_limit_error", "param": None, "code": None}
    told = json.loads(problem_json(429, "提问过于频繁", "请12秒后再问。", path))
    assert told == FAULT | {"instance": path, "error": error}


def test_half_a_character_in_a_path_breaks_nothing() -> None:
    assert json.loads(problem_json(404, "没有找到", "没有这个地址。", "/\ud800"))["instance"] == "/?"
