"""What gets through the gate, and what is told to what does not."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from bot.service.limits import Limits
from bot.service.limits import middleware as middleware_module
from bot.service.records import Records
from bot.settings import Settings

Call = Callable[[httpx.AsyncClient], Awaitable[Any]]
ASK = "/api/v1/ask"


@pytest.fixture
def records() -> Iterator[Records]:
    opened = Records.open("sqlite://")
    yield opened
    opened.close()


class Service:
    """An application behind the gate whose answers wait until they are let go."""

    def __init__(self, records: Records, **chosen: Any) -> None:
        self.let_go = asyncio.Event()
        self.thread_let_go = threading.Event()
        self.asked: list[str] = []
        routes = [
            Route(ASK, self._ask, methods=["POST"]),
            Route("/mcp", self._ask, methods=["POST"]),
            Route("/thread", self._thread, methods=["POST"]),
            Route("/api/v1/documents/{id}", self._document),
            Route("/about", self._document),
            Route("/healthz", self._document),
        ]
        self.gate = Limits(Starlette(routes=routes), records, Settings(**chosen))

    async def _ask(self, request: Request) -> Any:
        given = await request.json()
        self.asked.append(given.get("question"))
        if given.get("wait"):
            await self.let_go.wait()
        if given.get("thread"):
            await to_thread.run_sync(self.thread_let_go.wait)
        if given.get("stream"):
            return StreamingResponse(self._sentences(), media_type="text/event-stream")
        return JSONResponse({"text": given.get("question")})

    async def _sentences(self) -> Any:
        yield "event: sentence\n\n"
        await self.let_go.wait()
        yield "event: done\n\n"

    async def _thread(self, _: Request) -> Any:
        return JSONResponse({})

    async def _document(self, _: Request) -> Any:
        return JSONResponse({})

    def client(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.gate, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://service")


async def ask(client: httpx.AsyncClient, question: str = "归谁管", **more: Any) -> httpx.Response:
    return await client.post(ASK, json={"question": question, **more})


def test_a_question_gets_through_with_what_is_left_of_the_limit(records: Records) -> None:
    async def run() -> httpx.Response:
        return await ask(Service(records).client(), conversation="c1")

    reply = asyncio.run(run())
    assert (reply.status_code, reply.json()) == (200, {"text": "归谁管"})
    assert [reply.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Policy")] == ["15", "14", "15;w=60"]


@pytest.mark.parametrize(("limit", "conversation"), [(15, "c1"), (60, None)])
def test_one_question_too_many_is_told_when_to_come_again(
    records: Records, limit: int, conversation: str | None
) -> None:
    async def run() -> list[httpx.Response]:
        client = Service(records).client()
        return [await ask(client, conversation=conversation) for _ in range(limit + 1)]

    *met, refused = asyncio.run(run())
    assert [reply.status_code for reply in met] == [200] * limit
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.headers["RateLimit-Remaining"], refused.headers["RateLimit-Reset"]) == ("0", str(wait))
    assert refused.json() == {
        "type": "about:blank",
        "title": "提问过于频繁",
        "status": 429,
        "detail": f"提问过于频繁，请{wait}秒后再试。",
        "instance": ASK,
    }


def test_another_address_and_other_pages_are_not_touched_by_one_that_asks_too_much(records: Records) -> None:
    async def run() -> list[int]:
        service = Service(records, address_limit=3)
        for _ in range(100):
            await ask(service.client())
        assert len(service.asked) == 3
        replies = [await ask(service.client("203.0.113.8")), await service.client().get("/about")]
        return [reply.status_code for reply in replies]

    assert asyncio.run(run()) == [200, 200]


def test_addresses_of_one_customer_count_as_one(records: Records) -> None:
    async def run() -> list[int]:
        service = Service(records, address_limit=2)
        return [(await ask(service.client(f"2001:db8:1:2::{number}"))).status_code for number in range(1, 4)]

    assert asyncio.run(run()) == [200, 200, 429]


def test_requests_of_any_kind_have_a_limit_too(records: Records) -> None:
    async def run() -> list[int]:
        client = Service(records, request_limit=2).client()
        return [(await client.get("/about")).status_code for _ in range(3)]

    assert asyncio.run(run()) == [200, 200, 429]


def test_a_tool_call_is_a_question_and_the_other_messages_of_mcp_are_not(records: Records) -> None:
    async def run() -> list[int]:
        client = Service(records, address_limit=1).client()
        methods = ["initialize", "tools/list", "tools/call", "tools/call", "tools/list"]
        return [(await client.post("/mcp", json={"method": method})).status_code for method in methods]

    assert asyncio.run(run()) == [200, 200, 200, 429, 200]


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large_never_reaches_the_application(records: Records, declared: bool) -> None:
    async def parts() -> Any:
        for _ in range(40):
            yield b"x" * 1024

    async def run() -> tuple[httpx.Response, list[str]]:
        service = Service(records)
        content = b"x" * 40 * 1024 if declared else parts()
        return await service.client().post(ASK, content=content), service.asked

    reply, asked = asyncio.run(run())
    assert (reply.status_code, reply.json()["detail"], asked) == (
        413,
        "请求内容不能超过32KB，请减少历史对话后重试。",
        [],
    )


def test_a_body_that_never_ends_is_not_waited_for(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware_module, "SENT_WITHIN", 0.05)

    async def run() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            if sent is not None:
                await asyncio.sleep(60)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": ASK, "headers": [], "client": ("203.0.113.7", 1)}
        await Service(records).gate(scope, receive, send)
        return sent

    start, body = asyncio.run(run())
    assert (start["status"], json.loads(body["body"])["title"]) == (408, "发送超时")


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again(records: Records) -> None:
    async def run() -> tuple[httpx.Response, list[int]]:
        service = Service(records, queue=10, address_limit=100)
        waiting = [asyncio.create_task(ask(service.client(), wait=True)) for _ in range(10)]
        while service.gate.busy < 10:
            await asyncio.sleep(0)
        refused = await ask(service.client("203.0.113.8"))
        service.let_go.set()
        return refused, [(await task).status_code for task in waiting]

    refused, met = asyncio.run(run())
    assert (refused.status_code, refused.json()["title"]) == (503, "服务繁忙")
    assert refused.headers["Retry-After"] == "2"
    assert met == [200] * 10


def test_a_conversation_has_one_question_at_a_time(records: Records) -> None:
    async def run() -> list[int]:
        service = Service(records)
        first = asyncio.create_task(ask(service.client(), conversation="c1", wait=True))
        while not service.asked:
            await asyncio.sleep(0)
        second = await ask(service.client(), conversation="c1")
        other = await ask(service.client(), conversation="c2")
        service.let_go.set()
        replies = [await first, second, other, await ask(service.client(), conversation="c1")]
        return [reply.status_code for reply in replies]

    assert asyncio.run(run()) == [200, 429, 200, 200]


def test_the_next_question_may_be_asked_as_soon_as_the_last_byte_is_sent(records: Records) -> None:
    async def run() -> list[int]:
        service = Service(records)
        body = json.dumps({"question": "归谁管", "conversation": "c1"}).encode()
        statuses: list[int] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                statuses.append((await ask(service.client(), conversation="c1")).status_code)
                statuses.append((await ask(service.client(), conversation="c1")).status_code)

        scope = {"type": "http", "method": "POST", "path": ASK, "headers": [], "client": ("203.0.113.7", 1)}
        await service.gate(scope, receive, send)
        return [*statuses, (await ask(service.client(), conversation="c1")).status_code]

    assert asyncio.run(run()) == [200, 200, 200]


def test_whoever_has_read_the_last_event_asks_again_before_the_stream_has_ended(records: Records) -> None:
    async def run() -> tuple[int, int]:
        service = Service(records)
        first = asyncio.create_task(ask(service.client(), conversation="c1", stream=True))
        while not service.asked:
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.05, service.let_go.set)
        second = await ask(service.client(), conversation="c1")
        return (await first).status_code, second.status_code

    assert asyncio.run(run()) == (200, 200)


def test_an_early_end_does_not_free_the_conversation_of_the_question_after_it(records: Records) -> None:
    async def run() -> list[int]:
        service = Service(records)
        statuses: list[int] = []
        body = json.dumps({"question": "归谁管", "conversation": "c1"}).encode()
        later: list[asyncio.Task[httpx.Response]] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                later.append(asyncio.create_task(ask(service.client(), conversation="c1", wait=True)))
                while len(service.asked) < 2:
                    await asyncio.sleep(0)

        scope = {"type": "http", "method": "POST", "path": ASK, "headers": [], "client": ("203.0.113.7", 1)}
        await service.gate(scope, receive, send)
        statuses.append((await ask(service.client(), conversation="c1")).status_code)
        service.let_go.set()
        return [*statuses, (await later[0]).status_code]

    assert asyncio.run(run()) == [429, 200]


def test_a_full_queue_refuses_before_anything_is_read_or_counted(records: Records) -> None:
    async def run() -> tuple[int, int]:
        service = Service(records, queue=1, address_limit=100)
        first = asyncio.create_task(ask(service.client(), wait=True))
        while not service.gate.busy:
            await asyncio.sleep(0)
        statuses: list[int] = []

        async def receive() -> Any:
            raise AssertionError("the body is read")

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        async def take(*_: Any, **__: Any) -> Any:
            raise AssertionError("it is counted")

        service.gate._rates.take = take  # type: ignore[method-assign]
        scope = {"type": "http", "method": "POST", "path": ASK, "headers": [], "client": ("203.0.113.7", 1)}
        await service.gate(scope, receive, send)
        service.let_go.set()
        return statuses[0], (await first).status_code

    assert asyncio.run(run()) == (503, 200)


def test_an_answer_that_takes_too_long_is_told_and_keeps_its_turn_until_its_thread_ends(records: Records) -> None:
    async def run() -> tuple[httpx.Response, int, int]:
        service = Service(records, timeout=0.1)
        reply = await ask(service.client(), thread=True)
        held = service.gate.busy
        service.thread_let_go.set()
        while service.gate.busy:
            await asyncio.sleep(0.01)
        return reply, held, service.gate.busy

    reply, held, left = asyncio.run(asyncio.wait_for(run(), 20))
    assert (reply.status_code, reply.json()["title"], held, left) == (503, "回答超时", 1, 0)


def test_a_stream_is_ended_at_the_time_out(records: Records) -> None:
    async def run() -> httpx.Response:
        return await ask(Service(records, timeout=0.1).client(), stream=True)

    reply = asyncio.run(asyncio.wait_for(run(), 20))
    assert (reply.status_code, reply.text) == (200, "event: sentence\n\n")


def test_waiting_for_a_turn_ends_at_the_time_out(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware_module, "TOGETHER", 1)

    async def run() -> list[int]:
        service = Service(records, timeout=0.1)
        tasks = [asyncio.create_task(ask(service.client(), thread=True)) for _ in range(2)]
        replies = [await task for task in tasks]
        service.thread_let_go.set()
        return [reply.status_code for reply in replies]

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [503, 503]


def test_a_stopped_service_says_so_to_programs_and_to_people(records: Records) -> None:
    async def run() -> list[httpx.Response]:
        client = Service(records).client()
        records.stop("演练", "zhang")
        replies = [await ask(client), await client.get("/chat", headers={"Accept": "text/html"})]
        replies += [await client.get(path) for path in ("/about", "/healthz")]
        records.resume("演练结束", "zhang")
        return [*replies, await ask(client)]

    program, person, about, health, again = asyncio.run(run())
    assert (program.status_code, program.json()["title"]) == (503, "服务暂停")
    assert (person.status_code, person.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "<h1>服务暂停</h1>" in person.text
    assert "12345" in person.text
    assert [about.status_code, health.status_code, again.status_code] == [200, 200, 200]
    assert program.headers["Retry-After"] == person.headers["Retry-After"] == "300"


def test_the_access_log_names_routes_not_paths_and_leaves_health_out(records: Records) -> None:
    async def run() -> None:
        client = Service(records).client()
        for path in ("/api/v1/documents/plan?q=13800001111", "/nowhere/13800001111", "/healthz"):
            await client.get(path)
        await ask(client, "我的手机13800001111")

    asyncio.run(run())
    found = records._do(lambda link: link.exec_driver_sql("SELECT route, status FROM access ORDER BY id").fetchall())
    assert [tuple(row) for row in found] == [("/api/v1/documents/{id}", 200), ("-", 404), (ASK, 200)]
