"""The console reached through a worker that does not have it."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.service.forward import CLIENT, Desk, ForwardConsole
from tests.service.serving import served


async def told(request: Request) -> Response:
    body = (await request.body()).decode()
    assert request.client
    seen = {
        "path": request.scope["raw_path"].decode(),
        "query": request.url.query,
        "client": request.client.host,
        "host": request.headers["host"],
        "cookie": request.headers.get("cookie"),
        "body": body,
    }
    response = JSONResponse(seen, 201)
    response.set_cookie("one", "1", path="/console")
    response.set_cookie("two", "2", path="/console")
    return response


async def stream(_: Request) -> Response:
    return StreamingResponse(iter(["event: a\n\n", "event: b\n\n"]), media_type="text/event-stream")


async def never(*_: object) -> None:
    raise AssertionError("what comes over the socket goes past the gate")


def test_everything_goes_to_worker_0_and_comes_back_as_it_is(tmp_path: Path) -> None:
    inside = Starlette(routes=[Route("/console/stream", stream), Route("/console/{rest:path}", told, methods=["POST"])])
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "desk.sock"))
    listener.listen()
    outside = FastAPI(openapi_url=None)
    outside.include_router(ForwardConsole(tmp_path / "desk.sock").router)
    port = socket.create_server(("127.0.0.1", 0))
    with (
        served(Desk(never, inside), listener),
        served(outside, port) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        reply = client.post("/console/a%2Fb?x=1", content="信", headers={"Cookie": "c=1", CLIENT: "6.6.6.6"})
        events = client.get("/console/stream").text
    assert (reply.status_code, reply.headers.get_list("set-cookie")) == (
        201,
        ["one=1; Path=/console; SameSite=lax", "two=2; Path=/console; SameSite=lax"],
    )
    assert reply.json() == {
        "path": "/console/a%2Fb",
        "query": "x=1",
        "client": "127.0.0.1",
        "host": address.removeprefix("http://"),
        "cookie": "c=1",
        "body": "信",
    }
    assert events == "event: a\n\nevent: b\n\n"
