"""An application that is there later than the rest."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.service.later import FAILED, Later


def served(create: Callable[[], FastAPI]) -> FastAPI:
    later = Later(create)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with later.running():
            yield

    app = FastAPI(lifespan=lifespan)
    app.get("/soon")(lambda: "soon")
    app.router.routes.append(later)
    return app


def test_its_requests_wait_for_it_and_others_do_not() -> None:
    let_go, told = threading.Event(), []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        told.append("started")
        yield
        told.append("ended")

    def create() -> FastAPI:
        assert let_go.wait(20)
        app = FastAPI(lifespan=lifespan)
        app.get("/page")(lambda: "page")
        return app

    with TestClient(served(create)) as client:
        assert client.get("/soon").json() == "soon"
        threading.Timer(0.1, let_go.set).start()
        assert client.get("/page").json() == "page"
        assert told == ["started"]
    assert told == ["started", "ended"]


def test_one_that_cannot_be_created_says_so_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def create() -> FastAPI:
        raise ImportError("no such page")

    with TestClient(served(create)) as client:
        reply = client.get("/page")
        assert (reply.status_code, reply.text) == (503, FAILED)
        assert client.get("/soon").json() == "soon"
    assert [record.message for record in caplog.records if record.name == "bot.service.later"] == [
        "the page was not started"
    ]
