"""Where the page asks: a line for each reply as it comes, and what only staff are sent."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.answering import replies
from bot.errors import RecordsError
from bot.service.ask import MAX_TURN, MAX_TURNS
from bot.service.chat import _lines, chat_routes
from bot.service.limits.middleware import MOST_PAGE_BODY
from bot.service.staff import Staff
from bot.types import Answer, Removed, Usage, Wrong

PASSWORD = "种树2025"


@pytest.fixture
def client(pipeline: Any, tmp_path: Any) -> TestClient:
    staff = Staff(PASSWORD, [tmp_path], tmp_path, pipeline)
    app = FastAPI()
    app.include_router(chat_routes(pipeline, is_staff=staff.knows))
    app.include_router(staff.router)
    return TestClient(app)


def asked(client: TestClient, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    reply = client.post("/chat/ask", json={"question": "放宽什么"}, headers=headers)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    return [json.loads(line) for line in reply.text.splitlines()]


def test_a_question_gets_a_line_for_each_reply(client: TestClient, pipeline: Any, answer: Answer) -> None:
    growing = replace(answer, mode="generated", sentences=answer.sentences[:1])
    pipeline.stream = lambda _: iter((growing, replace(answer, usage=Usage("m"))))
    assert [(line["is_whole"], line["text"]) for line in asked(client)] == [
        (False, "【政策原文】放宽A<B的限制。[1]"),
        (True, "放宽A<B的限制。[1]\n责任单位：乙局、丙局[2]"),
    ]


def test_only_who_has_signed_in_is_sent_what_was_taken_out(client: TestClient, pipeline: Any, answer: Answer) -> None:
    pipeline.answer = replace(answer, removed=(Removed("每年培育99家。", (Wrong("figure", "99家", "10家"),)),))
    token = client.post("/staff/login", json={"password": PASSWORD}).json()["token"]
    tried = [None, {"Authorization": "Bearer falsch"}, {"Authorization": f"Basic {token}"}]
    assert ["99" in str(asked(client, headers)) for headers in tried] == [False] * 3
    assert "数字与原文不符：写作“99家”，原文作“10家”" in str(asked(client, {"Authorization": f"Bearer {token}"}))


@pytest.mark.parametrize("body", [b"", b"[[[", b"null", b'{"question": 1}', b"\xff"])
def test_what_is_no_question_gets_a_sentence(client: TestClient, body: bytes) -> None:
    reply = client.post("/chat/ask", content=body)
    assert (reply.status_code, reply.json()["text"]) == (200, replies.INTERNAL)


def test_the_longest_conversation_is_let_through() -> None:
    history = [["问" * MAX_TURN, "答" * MAX_TURN]] * MAX_TURNS
    assert len(json.dumps(history, ensure_ascii=False).encode()) < MOST_PAGE_BODY


def test_a_whole_answer_is_recorded_before_it_is_sent(pipeline: Any, answer: Answer) -> None:
    recorded: list[tuple[str, str]] = []
    whole = replace(answer, usage=Usage("m"))
    pipeline.stream = lambda _: iter((replace(answer, mode="generated"), whole))
    app = FastAPI()
    app.include_router(chat_routes(pipeline, record=lambda asked, told: recorded.append((asked, told.text))))
    assert [line["is_whole"] for line in asked(TestClient(app))] == [False, True]
    assert recorded == [("放宽什么", whole.text)]


def test_an_answer_that_cannot_be_recorded_is_not_sent(pipeline: Any) -> None:
    def record(_question: str, _answer: Answer) -> None:
        raise RecordsError("记录写不过来，请稍后再试。")

    app = FastAPI()
    app.include_router(chat_routes(pipeline, record=record))
    assert [line["text"] for line in asked(TestClient(app))] == [replies.INTERNAL]


def test_who_leaves_ends_the_answer() -> None:
    ended, left = threading.Event(), threading.Event()

    def replies() -> Iterator[Any]:
        try:
            yield {"text": "一"}
            assert left.wait(10)
            yield {"text": "二"}
        finally:
            ended.set()

    async def read_one_and_leave() -> None:
        lines = _lines(replies(), anyio.CapacityLimiter(1))
        assert json.loads(await anext(lines)) == {"text": "一"}
        with anyio.move_on_after(0.1):
            await anext(lines)
        left.set()

    anyio.run(read_one_and_leave)
    assert ended.wait(10)
