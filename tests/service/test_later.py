"""An application that is there later than the rest."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.service import later as module
from bot.service.later import FAILED, QUIET, Later


def served(create: Callable[[], FastAPI], quiet: Callable[[], bool] = lambda: True) -> FastAPI:
    later = Later(create, quiet)

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


def test_it_is_created_in_a_quiet_moment_though_nobody_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.001)
    created = threading.Event()
    with TestClient(served(lambda: created.set() or FastAPI())):
        assert created.wait(20)


def test_while_there_is_other_work_it_is_created_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.001)
    created, looked = threading.Event(), threading.Semaphore(0)

    def create() -> FastAPI:
        created.set()
        app = FastAPI()
        app.get("/page")(lambda: "page")
        return app

    with TestClient(served(create, lambda: looked.release() or False)) as client:
        for _ in range(3 * QUIET):
            assert looked.acquire(timeout=20)
        assert not created.is_set()
        assert client.get("/page").json() == "page"


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
