"""The application as a client sees it, without a browser."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.answering import replies
from bot.service.words import AI_NOTICE, NOTICE

pytestmark = pytest.mark.slow  # importing Gradio


@pytest.fixture
def client(pipeline: Any) -> TestClient:
    from bot.service.server import create_app

    return TestClient(create_app(pipeline))


def call(client: TestClient, function: str, data: Any) -> Any:
    part = next(
        part for part in client.get("/config").json()["components"] if function in part["props"].get("server_fns", [])
    )
    body = {"session_hash": "s", "component_id": part["id"], "fn_name": function, "data": data}
    return client.post("/gradio_api/component_server/", json=body).json()


def test_the_page_is_chinese_and_names_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    assert re.findall(r'<html\s+lang="(.+?)"', page) == ["zh-CN"]
    assert re.findall(r'(?:src|href|content)="(?:https?:)?//[^"]+"', page) == []
    assert "googleapis" not in page and "@import" not in client.get("/theme.css").text


@pytest.mark.parametrize(("mode", "notice"), [("quoted", NOTICE), ("generated", AI_NOTICE)])
def test_where_a_model_is_set_the_page_says_so(pipeline: Any, mode: str, notice: str) -> None:
    from bot.service.server import create_app

    pipeline.mode = mode
    page = TestClient(create_app(pipeline)).get("/").text
    assert [words in page for words in (NOTICE, AI_NOTICE)] == [words == notice for words in (NOTICE, AI_NOTICE)]
    assert ("AI生成" in page) == (mode == "generated")


def test_a_document_and_its_outline_are_read_by_id(client: TestClient) -> None:
    assert call(client, "read_document", "demo").startswith('<article class="document" data-document="demo">')
    assert call(client, "read_details", "demo").startswith('<dl class="particulars">')
    assert call(client, "read_document", "none") is None
    assert call(client, "read_details", ["demo"]) is None


def test_a_choice_of_the_form_is_matched_through_gradio(client: TestClient) -> None:
    said = call(client, "match_policy", {"track": "", "stage": "", "needs": ["国际合作"]})
    assert (said["text"], said["html"].startswith('<article class="answer card"')) == (replies.NO_MEASURE, True)
