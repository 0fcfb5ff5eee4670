"""A worker's task without an index: it says who it is, slowly where asked to, and counts as a question."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.errors import RecordsError
from bot.service.api.metrics import Measured, Metrics
from bot.service.figures import process_ended, shared_in
from bot.service.limits import Limits
from bot.service.limits.rates import Rates
from bot.service.process import Server
from bot.service.records import Records
from bot.settings import Settings


async def ask(request: Request) -> JSONResponse:
    given = await request.json()
    for _ in range(int(given.get("seconds", 0) * 20)):
        await to_thread.run_sync(time.sleep, 0.05)
    return JSONResponse({"worker": os.getpid()})


async def endless(_: Request) -> StreamingResponse:
    async def beats() -> object:
        while True:
            yield "\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(beats())


def working(
    ask: Callable[[Request], Awaitable[Response]], metrics: Metrics
) -> Callable[[Request], Awaitable[Response]]:
    async def asked(request: Request) -> Response:
        metrics.answers.labels("answered", "quoted", "/api/v1/ask").inc()
        with metrics.working.track_inprogress():
            return await ask(request)

    return asked


def answer(number: int, ready: Callable[[], None], listener: socket.socket, folder: Path, fails: bool) -> None:
    if fails and number == 1:
        raise RecordsError("没有磁盘了。")
    records = Records.open(f"sqlite:///{folder}/records.db", folder=folder)
    records.watch()
    metrics = Metrics()
    routes = [
        Route("/api/v1/ask", working(ask, metrics), methods=["POST"]),
        Route("/endless", endless),
        Route("/metrics", lambda _: Response(metrics.text())),
    ]
    gate = Limits(Starlette(routes=routes), records, Settings(), Rates(folder))
    config = uvicorn.Config(Measured(gate, metrics), log_level="warning", timeout_graceful_shutdown=30)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        Server(config, gate, ready).run([listener])
    except KeyboardInterrupt:
        pass
    finally:
        records.close()


if __name__ == "__main__":
    from bot.service.workers import run

    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        port = listening.getsockname()[1]
        given = (listening, Path(sys.argv[1]), "--fail" in sys.argv)
        (figures := Path(sys.argv[1]) / "figures").mkdir()
        with shared_in(figures):
            run(2, answer, given, lambda: print(port, flush=True), process_ended)
    print("ended", flush=True)
