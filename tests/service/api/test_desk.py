"""Feedback, complaints and forgetting over real HTTP."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from bot.service.service import Service

COMPLAINTS = "/api/v1/complaints"


def test_a_complaint_gets_a_ticket_that_tells_what_became_of_it(service: Service, client: httpx.Client) -> None:
    taken = client.post(COMPLAINTS, json={"text": "引用的条款不对", "contact": "张某"})
    ticket = taken.json()
    assert (taken.status_code, ticket["state"], ticket["reply"]) == (201, "受理中", "")
    assert re.fullmatch(r"TS\d{8}-[0-9A-F]{10}", ticket["ticket"])
    until = datetime.fromisoformat(ticket["due"]) - datetime.now(UTC)
    assert timedelta(days=14) < until <= timedelta(days=15)
    assert client.get(f"{COMPLAINTS}/{ticket['ticket']}").json() == ticket
    service.records.close_complaint(ticket["ticket"], "已改正。")
    assert client.get(f"{COMPLAINTS}/{ticket['ticket']}").json() == ticket | {"state": "已办结", "reply": "已改正。"}


def test_an_unknown_ticket_and_an_empty_complaint_are_told(client: httpx.Client) -> None:
    unknown = client.get(f"{COMPLAINTS}/TS20260101-0000000000").json()
    assert (unknown["status"], unknown["detail"]) == (404, "没有这个受理编号，请核对后重试。")
    empty = client.post(COMPLAINTS, json={"text": " \u200b "}).json()
    assert (empty["status"], empty["detail"]) == (422, "请求中的 text 没有填写，请对照接口说明改正后重试。")


def test_feedback_is_taken_for_an_answer_that_was_given(client: httpx.Client) -> None:
    id_ = client.post("/api/v1/ask", json={"question": "每年浇水多少次？"}).json()["id"]
    given = {"answer": id_, "verdict": "down", "comment": "没说由谁浇"}
    assert client.post("/api/v1/feedback", json=given).json() == {"recorded": True}
    unknown = client.post("/api/v1/feedback", json=given | {"answer": "01J"})
    told = "没有这条回答的记录，可能已过保存期，或已应要求删除。"
    assert (unknown.status_code, unknown.json()["detail"]) == (404, told)
    wrong = client.post("/api/v1/feedback", json=given | {"verdict": "so so"})
    told = "请求中的 verdict 只能取接口说明列出的值，请对照接口说明改正后重试。"
    assert (wrong.status_code, wrong.json()["detail"]) == (422, told)


def test_a_conversation_is_forgotten_once(client: httpx.Client) -> None:
    client.post("/api/v1/ask", json={"question": "每年浇水多少次？", "conversation": "conversation-7"})
    forgotten = [client.delete("/api/v1/conversations/conversation-7").json() for _ in range(2)]
    assert forgotten == [{"deleted": 1}, {"deleted": 0}]
