"""The public pages over HTTP, without script."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.answering.pipeline import Pipeline, reopen
from bot.service.current import Current
from bot.service.records import Records
from bot.service.service import Service
from bot.service.widget.pages import STATIC, moment
from bot.service.words import AI_NOTICE
from bot.settings import Settings
from tests.service.widget.conftest import public


@pytest.fixture
def service(plan_store_folder: Path, plan: Pipeline) -> Iterator[Service]:
    records = Records.open("sqlite://")
    made = Service.of(Current(plan_store_folder, plan, reopen), records, Settings(frame_ancestors="https://a.test"))
    yield made
    made.close()
    records.close()


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(public(service)) as opened:
        yield opened


def shown(html: str) -> str:
    """The words of a page, the cells of a table and of a list apart."""
    apart = re.sub(r"</(?:dt|dd|td|th)>", " ", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", apart)))


def field(html: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def test_a_question_sent_by_the_form_is_answered_and_recorded(client: TestClient, service: Service) -> None:
    html = client.post("/chat", data={"question": "技术经纪人每年培养多少名？"}).text
    assert "政策原文 每年培养技术经纪人30名以上[1]" in shown(html)
    assert re.search(r'href="/chat/documents/action-plan\?quote=\d+-\d+#quote"', html)
    assert AI_NOTICE in html
    assert service.records.forget(field(html, "conversation")) == 1


def test_the_form_carries_the_conversation(client: TestClient) -> None:
    first = client.post("/chat", data={"question": "技术经纪人每年培养多少名？"}).text
    kept = {name: field(first, name) for name in ("history", "conversation")}
    assert "责任单位：市科技局" in shown(client.post("/chat", data={"question": "归谁管？", **kept}).text)


def test_what_cannot_be_asked_is_told_beside_the_field_and_kept_in_it(client: TestClient) -> None:
    reply = client.post("/chat", data={"question": "<b>" * 101})
    assert reply.status_code == 422
    assert "问题请控制在300字以内（现有303字）" in shown(reply.text)
    assert f">{'&lt;b&gt;' * 101}</textarea>" in reply.text
    assert client.post("/chat", data={"question": "", "history": "{"}).status_code == 422


def test_a_broken_history_is_told_as_a_fault_of_the_question(client: TestClient) -> None:
    for history in ("[[1]]", '"x"', "[" * 5000):
        reply = client.post("/chat", data={"question": "技术经纪人归谁管？", "history": history})
        assert reply.status_code in (200, 422), history


def test_a_document_has_its_quoted_words_marked(client: TestClient, plan: Pipeline) -> None:
    text = next(each.document.text for each in plan.store.outlines if each.document.id == "action-plan")
    start = text.index("每年培养技术经纪人30名以上")
    html = client.get(f"/chat/documents/action-plan?quote={start}-{start + 14}").text
    assert '<mark id="quote" tabindex="-1">每年培养技术经纪人30名以上</mark>' in html
    for wrong in ("", "9-3", "0-99999999", "x", "1-2-3"):
        assert "<mark" not in client.get("/chat/documents/action-plan", params={"quote": wrong}).text


def test_what_is_not_there_is_a_page_that_says_so(client: TestClient) -> None:
    for path in ("/chat/documents/none", "/chat/documents/..%2F..%2Fetc", "/widget/none.js", "/widget/..%2Fpages.py"):
        assert client.get(path).status_code == 404, path


def test_a_complaint_gets_a_ticket_and_a_day(client: TestClient, service: Service) -> None:
    html = client.post("/complaints", data={"text": "答错了", "contact": "0532-1"}).text
    number = re.search(r"TS\d{8}-[0-9A-F]{10}", html)
    assert number and re.search(r"我们将在\d{4}年\d+月\d+日前答复", shown(html))
    assert "状态：受理中" in shown(client.get("/complaints", params={"ticket": number[0]}).text)
    service.records.close_complaint(number[0], "已改正。")
    assert "答复：已改正。" in shown(client.get("/complaints", params={"ticket": number[0]}).text)


def test_an_empty_complaint_or_an_unknown_ticket_is_told(client: TestClient) -> None:
    empty, unknown = client.post("/complaints", data={"text": " "}), client.get("/complaints?ticket=TS-<1>")
    assert (empty.status_code, unknown.status_code) == (422, 404)
    assert 'aria-invalid="true"' in empty.text and "没有查到这个受理编号" in unknown.text


def test_the_service_tells_its_model_its_corpus_and_its_limits(client: TestClient, service: Service) -> None:
    told = shown(client.get("/about").text)
    for words in (
        "使用的大模型 未使用",
        "大模型备案号 不涉及",
        "政策原文",
        "AI生成",
        "人工审定",
        "12345",
        "不超过300字",
    ):
        assert words in told, words
    for outline in (*service.pipeline.store.outlines, *service.pipeline.store.glossaries):
        assert outline.document.title in told and outline.document.sha256[:8] in told


def test_a_model_and_its_filing_number_are_told(plan_store_folder: Path, plan: Pipeline) -> None:
    class Generating(Current):
        mode: Any = "generated"

    settings = Settings(llm_model="qwen-plus", model_filing="某备2025-01", contact="某局")
    records = Records.open("sqlite://")
    service = Service.of(Generating(plan_store_folder, plan, reopen), records, settings)
    with TestClient(public(service)) as client:
        told, private = shown(client.get("/about").text), shown(client.get("/privacy").text)
    with TestClient(public(replace(service, settings=Settings(llm_model="qwen-plus")))) as client:
        unfiled = shown(client.get("/about").text)
    service.close()
    records.close()
    assert "使用的大模型 qwen-plus 大模型备案号 某备2025-01 联系方式 某局" in told
    assert "会发送给本服务接入的大模型" in private
    assert "尚未填写，须由部署单位在正式提供服务前填写" in unfiled


def test_records_can_be_deleted_on_the_privacy_page(client: TestClient) -> None:
    conversation = field(client.post("/chat", data={"question": "技术经纪人归谁管？"}).text, "conversation")
    assert "已删除1条问答记录" in shown(client.post("/privacy", data={"conversation": conversation}).text)
    assert "没有查到" in shown(client.post("/privacy", data={"conversation": conversation}).text)
    assert client.post("/privacy", data={"conversation": "不是"}).status_code == 422


def test_how_long_records_are_kept_is_as_set(client: TestClient) -> None:
    told = shown(client.get("/privacy").text)
    assert "期限：90日" in told and "期限：184日" in told


def test_files_are_kept_by_browsers_until_they_change(client: TestClient) -> None:
    page = client.get("/chat").text
    for path in re.findall(r'(?:href|src)="(/widget/[^"]+)"', page):
        assert "immutable" in client.get(path).headers["cache-control"]
    assert client.get("/widget/chat.js?v=old").headers["cache-control"] == "public, max-age=3600"
    assert client.get("/widget.js").content == (STATIC / "widget.js").read_bytes()


def test_the_page_lists_the_sites_that_may_speak_to_it(client: TestClient) -> None:
    found = re.search(r'data-hosts="([^"]*)"', client.get("/chat").text)
    assert found and json.loads(unescape(found[1])) == ["https://a.test"]


def test_no_page_sets_a_cookie_or_names_another_host(client: TestClient) -> None:
    for path in ("/chat", "/about", "/complaints", "/privacy"):
        reply = client.get(path)
        assert "set-cookie" not in reply.headers
        assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', reply.text), path


def test_days_are_days_in_china() -> None:
    assert moment(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "2026年11月24日"
    assert moment(datetime(2026, 11, 23, 15, 0)) == "2026年11月23日"
