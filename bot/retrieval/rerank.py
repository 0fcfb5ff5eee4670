"""
Read question and passage together and put the best passages first: a CrossEncoder, off unless BOT_RERANKER names one.

    Reranker.load("BAAI/bge-reranker-v2-m3").rerank("瞪羚归谁管", hits)  ->  the same hits in a better order

Read by sentence-transformers, imported only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bot.errors import ModelError, first_line
from bot.index.transformer import load_model, with_tokenizer
from bot.types import Hit

SETTING = "BOT_RERANKER"
RERANKED = 30  # hits that are read again; each costs a pass through the model


class Reranker:
    """One CrossEncoder with one score a pair."""

    def __init__(self, name: str, model: Any) -> None:
        self._name = name
        self._model = model  # sentence_transformers.CrossEncoder

    @classmethod
    def load(cls, name: str) -> Reranker:
        """A folder or a name on Hugging Face. Raises ModelError, one Chinese sentence."""

        def read(local: bool) -> Any:
            from sentence_transformers import CrossEncoder

            return CrossEncoder(name, local_files_only=local)

        model = load_model(name, SETTING, "重排模型", read)
        if not _can_rank(model):
            raise ModelError(
                f"{name} 不是重排模型（要的是每对文字只给一个分数的 CrossEncoder）；"
                f"请改正 {SETTING}，例如 BAAI/bge-reranker-v2-m3。"
            )
        with_tokenizer(name, SETTING, model)
        return cls(name, model)

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """
        The first RERANKED hits by the model's score, then the others in their old order. Raises ModelError.

        Ranks stay; the scores of the list are dealt out anew, highest first, since what follows compares them.
        """
        read, rest = hits[:RERANKED], hits[RERANKED:]
        if len(read) < 2:
            return list(hits)
        pairs = [(question, f"{hit.chunk.context} {hit.chunk.text}") for hit in read]
        try:
            scores = np.nan_to_num(np.asarray(self._model.predict(pairs, show_progress_bar=False), np.float32))
        except (RuntimeError, MemoryError) as error:
            raise ModelError(f"重排模型 {self._name} 算不出分数（{first_line(error)}），请去掉 {SETTING}。") from error
        order = np.argsort(-scores, kind="stable")
        dealt = sorted((hit.score for hit in read), reverse=True)
        return [replace(read[place], score=score) for place, score in zip(order, dealt, strict=True)] + list(rest)


def _can_rank(model: Any) -> bool:
    """Whether the weights hold a head with one score; where they hold none, a random one would be put on in silence."""
    made_for = getattr(model.config, "architectures", None) or ()
    return model.num_labels == 1 and any(
        name.endswith(("ForSequenceClassification", "ForCausalLM")) for name in made_for
    )
