"""POST /api/v1/ask over real HTTP."""

import asyncio
import hashlib
import json
import threading
import time
from typing import Any

import httpx
import pytest

from bot.answering import replies
from bot.service.api.ask import with_heartbeats
from bot.service.service import Service
from tests.service.api.conftest import Scripted

ASK = "/api/v1/ask"
EVENTS = {"Accept": "text/event-stream"}
QUESTION = {"question": "浇灌树木由谁负责？", "conversation": "conversation-1"}
DOCUMENT = {
    "id": "plan",
    "title": "种树行动方案",
    "doc_number": None,
    "level": "规范性文件",
    "state": "现行",
    "kind": "original",
    "url": None,
}


def cited(number: int, quote: str, start: int, end: int) -> dict[str, Any]:
    return {
        "number": number,
        "document": DOCUMENT,
        "ref": "二、2.",
        "path": ["二、重点任务", "2.浇灌树木"],
        "quote": quote,
        "span": [start, end],
        "flags": [],
        "units": ["市水务局"],
        "href": f"/chat/documents/plan#{start}-{end}",
    }


def events(text: str) -> list[tuple[str, Any]]:
    found = [block.split("\n", 1) for block in text.split("\n\n") if block and not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in found]


def problem(status: int, title: str, detail: str, path: str = ASK) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": path}


def test_a_reply_is_whole(client: httpx.Client) -> None:
    reply = client.post(ASK, json=QUESTION)
    said = reply.json()
    assert said.pop("timings_ms").keys() == {"understand", "search", "answer", "total"}
    assert len(id_ := said.pop("id")) == 26
    text = "每年浇水10次以上。[1]\n责任单位：市水务局[2]"
    assert said == {
        "conversation": "conversation-1",
        "status": "answered",
        "mode": "quoted",
        "sentences": [
            {"text": "每年浇水10次以上。", "origin": "quote", "label": "政策原文", "citations": [1]},
            {"text": "责任单位：市水务局", "origin": "units", "label": "", "citations": [2]},
        ],
        "citations": [cited(1, "每年浇水10次以上。", 96, 106), cited(2, "（责任单位：市水务局）", 106, 117)],
        "text": text,
        "understood": [],
        "card": None,
        "suggestions": ["市水务局负责哪些任务？", "“培育树苗”有哪些内容？"],
        "handoff": None,
        "notice": "本服务为人工智能生成内容，仅供参考，以政策原文为准",
        "aigc": {
            "Label": "1",
            "ContentProducer": "某市某局",
            "ProduceID": id_,
            "ReservedCode1": hashlib.sha256(text.encode()).hexdigest(),
            "ContentPropagator": "某市某局",
            "PropagateID": id_,
            "ReservedCode2": "",
        },
    }
    assert (reply.headers["content-type"], reply.headers["cache-control"]) == ("application/json", "no-store")


def test_a_stream_tells_sentences_then_citations_then_the_same_reply(client: httpx.Client) -> None:
    whole = client.post(ASK, json=QUESTION).json()
    reply = client.post(ASK, json=QUESTION, headers=EVENTS)
    told = events(reply.text)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert [name for name, _ in told] == ["sentence", "sentence", "citations", "done"]
    assert [data for _, data in told[:2]] == whole["sentences"]
    assert told[2][1] == whole["citations"]
    for reply_ in (whole, told[3][1]):
        assert reply_["aigc"]["ProduceID"] == reply_["aigc"]["PropagateID"] == reply_["id"]
        for changing in ("id", "aigc"):
            del reply_[changing]
    assert told[3][1] == whole


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"question": ""}, replies.EMPTY),
        ({"question": " \u200b\u202e\U000e0041 "}, replies.EMPTY),
        ({"question": "字" * 301}, "问题请控制在300字以内（现有301字），可拆成几个问题分别提问。"),
        ({}, "请求中的 question 没有填写，请对照接口说明改正后重试。"),
        ([], "请求中的 请求内容 不合要求，请对照接口说明改正后重试。"),
        ({"question": 7}, "请求中的 question 不合要求，请对照接口说明改正后重试。"),
        ({"question": "树", "history": [["问", "答"]] * 7}, "请求中的 history 不能超过6项，请对照接口说明改正后重试。"),
        ({"question": "树", "history": [["问"]]}, "请求中的 history.0.1 没有填写，请对照接口说明改正后重试。"),
        ({"question": "树", "conversation": "七"}, "请求中的 conversation 格式不对，请对照接口说明改正后重试。"),
    ],
)
def test_what_cannot_be_asked_is_one_chinese_sentence(
    client: httpx.Client, body: Any, told: str, headers: dict[str, str]
) -> None:
    reply = client.post(ASK, json=body, headers=headers)
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")
    assert reply.json() == problem(422, "请求不合要求", told)


def test_invisible_characters_do_not_count_and_are_not_asked(client: httpx.Client) -> None:
    asked = "银\u200b杏\u2060由哪个单位管理？" + "\u200f" * 300
    assert client.post(ASK, json={"question": asked}).json()["status"] == "answered"


def test_other_faults_are_problems_too(client: httpx.Client) -> None:
    broken = client.post(ASK, content=b'{"question', headers={"Content-Type": "application/json"})
    assert broken.json() == problem(400, "请求无法读取", "请求内容不是有效的JSON，请检查后重试。")
    wrong = client.get(ASK)
    told = "这个地址不支持所用的请求方法，请对照接口说明检查。"
    assert (wrong.headers["allow"], wrong.json()) == ("POST", problem(405, "方法不对", told))
    nowhere = client.get("/api/v1/nowhere")
    told = "没有这个地址，请对照接口说明检查。"
    assert nowhere.json() == problem(404, "没有找到", told, "/api/v1/nowhere")


def test_no_reply_sets_a_cookie(client: httpx.Client) -> None:
    sent = [client.post(ASK, json=QUESTION), client.get("/api/v1/documents"), client.get("/nowhere")]
    assert [reply.headers.get("set-cookie") for reply in sent] == [None] * 3


def test_a_conversation_gets_a_token_that_cannot_be_guessed(client: httpx.Client) -> None:
    tokens = {client.post(ASK, json={"question": "银杏归谁管？"}).json()["conversation"] for _ in range(3)}
    assert [len(token) for token in tokens] == [22] * 3


def test_an_answer_that_was_sent_is_on_record(client: httpx.Client) -> None:
    sent = [client.post(ASK, json=QUESTION).json()["id"], events(client.post(ASK, json=QUESTION, headers=EVENTS).text)]
    ids = [sent[0], sent[1][-1][1]["id"]]
    told = [client.post("/api/v1/feedback", json={"answer": id_, "verdict": "up"}).status_code for id_ in ids]
    assert told == [200, 200]
    assert client.delete("/api/v1/conversations/conversation-1").json() == {"deleted": 2}


def test_without_its_record_no_answer_is_sent(service: Service, client: httpx.Client) -> None:
    service.records.close()
    told = problem(503, "暂时不能服务", "这次问答没有记录成功，请稍后再试。")
    reply = client.post(ASK, json=QUESTION)
    assert (reply.status_code, reply.headers["retry-after"], reply.json()) == (503, "5", told)
    assert events(client.post(ASK, json=QUESTION, headers=EVENTS).text)[-1] == ("error", told)


class TestWhileAnswersAreMade:
    """With an answer that comes when the test lets it."""

    @pytest.fixture
    def go_on(self) -> threading.Semaphore:
        return threading.Semaphore(0)

    @pytest.fixture
    def current(self, go_on: threading.Semaphore) -> Scripted:
        return Scripted(wait=lambda: go_on.acquire(timeout=10))

    def test_each_sentence_comes_as_soon_as_it_is_there(self, client: httpx.Client, go_on: threading.Semaphore) -> None:
        with client.stream("POST", ASK, json={"question": "树？"}, headers=EVENTS) as reply:
            lines = reply.iter_lines()
            go_on.release()  # the first alone: the second has not been written yet
            assert [next(lines), json.loads(next(lines).removeprefix("data: "))["text"]] == [
                "event: sentence",
                "第一句。",
            ]
            go_on.release()
            rest = [line for line in lines if line.startswith("event")]
        assert rest == ["event: sentence", "event: citations", "event: done"]

    def test_the_server_stays_awake_meanwhile(self, client: httpx.Client, go_on: threading.Semaphore) -> None:
        with client.stream("POST", ASK, json={"question": "树？"}, headers=EVENTS) as reply:
            assert client.get("/healthz").json() == {"status": "ok"}  # the stream cannot have ended: it waits for us
            go_on.release(2)
            assert reply.read()

    def test_several_streams_at_once_do_not_mix(self, client: httpx.Client, go_on: threading.Semaphore) -> None:
        texts: dict[int, str] = {}

        def ask(number: int) -> None:
            texts[number] = client.post(ASK, json={"question": f"第{number}问"}, headers=EVENTS).text

        askers = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for asker in askers:
            asker.start()
        go_on.release(12)
        for asker in askers:
            asker.join(10)
        suggested = {number: events(text)[-1][1]["suggestions"] for number, text in texts.items()}
        assert suggested == {number: [f"第{number}问还有呢？"] for number in range(6)}

    @pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
    def test_a_client_that_leaves_gives_its_thread_back(
        self, client: httpx.Client, current: Any, go_on: threading.Semaphore, headers: dict[str, str]
    ) -> None:
        with (
            pytest.raises(httpx.ReadTimeout),
            client.stream("POST", ASK, json={"question": "树？"}, headers=headers, timeout=0.3) as reply,
        ):
            reply.read()
        time.sleep(0.1)
        go_on.release(2)
        deadline = time.monotonic() + 20
        while not current.left and time.monotonic() < deadline:
            time.sleep(0.01)
        assert current.left == 1

    def test_a_repeated_question_is_answered_once_an_index(
        self, client: httpx.Client, current: Any, go_on: threading.Semaphore
    ) -> None:
        go_on.release(99)
        ids = {client.post(ASK, json={"question": "树？"}).json()["id"] for _ in range(3)}
        assert (len(ids), len(current.asked)) == (3, 1)
        current.generation = "000002"
        client.post(ASK, json={"question": "树？"})
        client.post(ASK, json={"question": "树？", "history": [["问", "答"]]})
        turns = [asked["history"] for asked in current.asked]
        assert turns == [[], [], [["问", "答"]]]

    def test_a_fault_is_not_remembered(self, client: httpx.Client, current: Any, go_on: threading.Semaphore) -> None:
        go_on.release(99)
        current.status = "error_internal"
        assert [client.post(ASK, json={"question": "树？"}).json()["status"] for _ in range(2)] == [
            "error_internal"
        ] * 2
        assert len(current.asked) == 2


def test_a_silent_stream_is_kept_open_by_comments() -> None:
    async def slow() -> Any:
        yield b"a"
        await asyncio.sleep(0.25)
        yield b"b"

    async def read() -> list[bytes]:
        return [part async for part in with_heartbeats(slow(), 0.1)]

    assert asyncio.run(read()) == [b"a", b": ping\n\n", b": ping\n\n", b"b"]
