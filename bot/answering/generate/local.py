"""
Language models on this machine: a folder as transformers saves it, with a chat template.

    load(Path("models/Qwen3-4B"), 30.0).stream([("user", "你好")])

torch and transformers are imported here, and only where BOT_LLM_MODEL is a folder and BOT_LLM_URL is not set.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict

from bot.errors import ModelError, first_line

MOST_TOKENS = 1024
ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class LocalChatModel(BaseChatModel):
    """A causal language model and its tokenizer. One answer at a time."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    model: Any
    tokenizer: Any
    timeout: float  # seconds for one reply

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        pieces = [chunk.message for chunk in self._stream(messages, stop, run_manager, **kwargs)]
        whole = sum(pieces[1:], pieces[0])
        return ChatResult(generations=[ChatGeneration(message=whole)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        asked = self.tokenizer.apply_chat_template(
            [{"role": ROLES[message.type], "content": str(message.text)} for message in messages],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        ).to(self.model.device)
        streamer = TextIteratorStreamer(
            self.tokenizer, skip_prompt=True, timeout=self.timeout, skip_special_tokens=True
        )
        given_up = threading.Event()
        done: list[Any] = []

        def work() -> None:
            try:
                done.append(
                    self.model.generate(
                        input_ids=asked["input_ids"],
                        attention_mask=asked["attention_mask"],
                        streamer=streamer,
                        max_new_tokens=MOST_TOKENS,
                        max_time=self.timeout,
                        do_sample=False,
                        stopping_criteria=StoppingCriteriaList([lambda *_, **__: given_up.is_set()]),
                    )
                )
            except Exception as error:
                done.append(error)
                streamer.end()  # type: ignore[no-untyped-call]

        worker = threading.Thread(target=work, name="a local model", daemon=True)
        worker.start()
        try:
            for text in streamer:
                yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        finally:
            given_up.set()
        worker.join()
        yield ChatGenerationChunk(message=self._end(done[0], asked["input_ids"].shape[-1]))

    def _end(self, generated: Any, sent: int) -> AIMessageChunk:
        """The last piece: what it took, and whether the model had come to an end."""
        if isinstance(generated, Exception):
            raise generated
        received = int(generated.shape[-1]) - sent
        ends = self.model.generation_config.eos_token_id
        ended = int(generated[0, -1]) in (ends if isinstance(ends, list) else [ends])
        return AIMessageChunk(
            content="",
            response_metadata={"finish_reason": "stop" if ended else "length"},
            usage_metadata=UsageMetadata(input_tokens=sent, output_tokens=received, total_tokens=sent + received),
        )


def load(folder: Path, timeout: float) -> LocalChatModel:
    """Raises ModelError where there is no such model, or it cannot be used for conversations."""
    try:
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise ModelError('本地大模型要用 transformers，它没有安装；请运行 pip install -e ".[models]"。') from error
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype="auto", device_map="auto")
    except Exception as error:
        raise ModelError(f"载入不了大模型 {folder}（{first_line(error)}），请检查文件夹是否完整。") from error
    if not tokenizer.chat_template:
        raise ModelError(f"大模型 {folder} 没有对话模板，请换用对话（Instruct、Chat）版本。")
    return LocalChatModel(model=model, tokenizer=tokenizer, timeout=timeout)
