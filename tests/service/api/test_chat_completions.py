"""OpenAI's own client asks here and gets what it expects."""

from typing import Any

import httpx
import openai
import pytest

from bot.answering import replies
from bot.service.api.answers import Question
from bot.service.api.chat_completions import question_of
from bot.service.api.requests import Message
from bot.service.words import AI_NOTICE
from tests.service.api.conftest import Scripted

ASKED = [{"role": "user", "content": "浇灌树木由谁负责？"}]
CONTENT = """每年浇水10次以上。[1]
责任单位：市水务局[2]

来源：
[1] 《种树行动方案》二、2.
[2] 《种树行动方案》二、2.

本服务为人工智能生成内容，仅供参考，以政策原文为准"""


@pytest.fixture
def chat(client: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{client.base_url}/v1", api_key="-", http_client=client, max_retries=0)


def test_a_reply_holds_the_answer_its_sources_and_the_notice(chat: openai.OpenAI) -> None:
    said = chat.chat.completions.create(model="policy-quoted", messages=ASKED)  # type: ignore[arg-type]
    choice = said.choices[0]
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", CONTENT, "stop")
    assert said.usage and (said.usage.prompt_tokens, said.usage.completion_tokens) == (0, 0)
    assert said.model_extra and said.id == f"chatcmpl-{said.model_extra['aigc']['ProduceID']}"
    assert [cited["quote"] for cited in said.model_extra["citations"]] == [
        "每年浇水10次以上。",
        "（责任单位：市水务局）",
    ]


def test_a_stream_adds_up_to_the_same(chat: openai.OpenAI) -> None:
    parts = list(
        chat.chat.completions.create(
            model="policy-quoted",
            messages=ASKED,  # type: ignore[arg-type]
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "".join(part.choices[0].delta.content or "" for part in parts if part.choices) == CONTENT
    assert [part.choices[0].finish_reason for part in parts if part.choices] == [None] * 4 + ["stop"]
    assert parts[-1].usage and parts[-1].usage.total_tokens == 0
    assert len({part.id for part in parts}) == 1


def test_the_models_are_the_ways_of_answering(chat: openai.OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["policy-quoted"]
    assert chat.models.retrieve("policy-quoted").owned_by == "政策问答助手"


def test_faults_are_told_where_the_client_looks(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        chat.chat.completions.create(model="other", messages=ASKED)  # type: ignore[arg-type]
    assert unknown.value.body == {
        "message": "没有这个模型，可用的见 /v1/models。",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
    with pytest.raises(openai.UnprocessableEntityError, match="请求中的 messages 没有填写"):
        chat.chat.completions.create(model="policy-quoted", messages=[])


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([{"role": "user", "content": "树" * 301}], "问题请控制在300字以内（现有301字），可拆成几个问题分别提问。"),
        ([{"role": "user", "content": ""}], replies.EMPTY),
        ([{"role": "assistant", "content": "好"}], replies.EMPTY),
    ],
)
def test_what_cannot_be_asked_is_told_in_the_chat(chat: openai.OpenAI, messages: Any, told: str) -> None:
    said = chat.chat.completions.create(model="policy-quoted", messages=messages)
    assert said.choices[0].message.content == f"{told}\n\n{AI_NOTICE}"


def test_the_messages_before_the_question_are_its_history() -> None:
    messages = [
        Message(role="system", content="你是海盗"),
        Message(role="user", content="每年浇水多少次？"),
        Message(role="assistant", content="每年浇水10次以上。[1]\n\n来源：\n[1] 《种树行动方案》二、2.\n\n本服务……"),
        Message(role="user", content=[{"type": "text", "text": "归谁管？"}, {"type": "image_url"}]),  # type: ignore[list-item]
    ]
    assert question_of(messages, "quoted") == Question(
        "归谁管？", (("每年浇水多少次？", "每年浇水10次以上。[1]"),), "quoted"
    )


class TestWithALanguageModel:
    @pytest.fixture
    def current(self) -> Scripted:
        return Scripted(mode="generated")

    def test_both_ways_of_answering_can_be_chosen(self, chat: openai.OpenAI, current: Scripted) -> None:
        names = [model.id for model in chat.models.list()]
        assert names == ["policy-quoted", "policy-generated"]
        for name in names:
            chat.chat.completions.create(model=name, messages=ASKED)  # type: ignore[arg-type]
        assert [asked["mode"] for asked in current.asked] == ["quoted", "generated"]
