"""
Answers that a language model writes, each sentence checked against what it cites.

    open_generator(settings(), store.outlines)  ->  Generator

Nothing of this package, and no library it needs, is imported unless a model is set.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.answering.generate.generator import Generator, Prices
from bot.errors import ModelError
from bot.settings import Settings
from bot.types import Outline

__all__ = ("Generator", "Prices", "open_generator")


def open_generator(given: Settings, outlines: Iterable[Outline]) -> Generator:
    """
    The model that the settings name: an endpoint, or a folder of transformers.

    Raises ModelError where it cannot be used, PromptError where the prompts cannot be read.
    """
    from bot.answering.ground import Grounder

    prices = Prices(given.llm_input_price, given.llm_output_price)
    if given.llm_url:
        from bot.answering.generate.endpoint import connect

        chat = connect(
            given.llm_url, given.llm_model, given.llm_key.get_secret_value(), given.llm_timeout, given.llm_extra
        )
        return Generator(chat, given.llm_model, Grounder, given.llm_timeout, prices, outlines)
    folder = Path(given.llm_model)
    if not folder.is_dir():
        raise ModelError(f"BOT_LLM_MODEL={folder} 不是文件夹；请改正，或用 BOT_LLM_URL 写明大模型接口的网址。")
    from bot.answering.generate.local import load

    chat = load(folder, given.llm_timeout)
    # To read a long prompt takes such a model its time, and no other attempt would be faster.
    wait = given.llm_timeout
    return Generator(chat, folder.name, Grounder, wait, prices, outlines, silence=wait)
