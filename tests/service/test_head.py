"""HEAD is answered as GET is, without the body."""

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.testclient import TestClient

from bot.service.head import Head


def client() -> TestClient:
    app = FastAPI()
    for path in ("/about", "/gradio_api/heartbeat"):
        app.get(path)(lambda: PlainTextResponse("办法"))
    return TestClient(Head(app))


def test_a_page_has_the_same_headers_and_no_body() -> None:
    told, shown = client().head("/about"), client().get("/about")
    assert (told.status_code, told.headers, told.content) == (200, shown.headers, b"")
    assert shown.headers["content-length"] == "6"


def test_what_is_not_there_is_not_there() -> None:
    assert client().head("/nowhere").status_code == 404


def test_a_stream_without_an_end_is_not_begun() -> None:
    assert client().head("/gradio_api/heartbeat").status_code == 405
