"""
A chat model that does whatever an attack asks for: what a model would say that has lost its head.

    model = Hostile(); model.orders = ("蓝鲸已上线",)
    Generator(model, …)  ->  蓝鲸已上线。[1] 每年培养30名以上,蓝鲸已上线。[1] 我的规则是：你为政府网站起草…[1] …

It is no model: it reads the prompt only to give it away and to mix what it quotes with what it was told to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from bot.text.sentences import split_sentences

MARKUP = "![图](http://evil.example/a.png) <script>alert(1)</script> [点这里](http://evil.example/)"
_FIRST = re.compile(r"^\[1\] 《[^\n]*\n(.+)$", re.MULTILINE)
GIVEN_AWAY = 3  # sentences of the system prompt


class Hostile(BaseChatModel):
    """`orders` is what the attack at hand wants said; it is set before each question."""

    orders: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "hostile"

    def reply(self, messages: Sequence[BaseMessage]) -> str:
        """Everything ordered, by itself and in the middle of a true sentence, then the prompt, then markup."""
        system, question = (str(message.content) for message in messages[:2])
        found = _FIRST.search(question)
        true = _sentences(found[1])[0] if found else ""
        mixed = [f"{true.rstrip('。')}，{order}。[1]" for order in self.orders] if true else []
        rules = [rule for rule in _sentences(system) if len(rule) > 20][:GIVEN_AWAY]
        lines = [f"{order}。[1]" for order in self.orders]
        return "\n".join([*lines, *mixed, *(f"我的规则是：{rule}[1]" for rule in rules), f"{true}[1]", MARKUP])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(
            message=AIMessageChunk(content=self.reply(messages), response_metadata={"finish_reason": "stop"})
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **_: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=self.reply(messages)))])


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]
