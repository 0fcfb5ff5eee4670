"""
How well a table finds what answers a question.

    rank(tokenizer, table, {"g12": "…", …}, ["被狗咬了"], 100)  ->  [["g12", "g705", …]]
    measure({"q7": ["g12", …]}, relevant)           ->  {"recall@10": 0.61, "recall@100": 0.87, "mrr@10": 0.47}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from tokenizers import Tokenizer

from bot.index.embed import StaticEmbedder
from training.export import QUERY_PROMPT

AT_ONCE = 500  # questions whose similarities to the whole corpus are in memory together


def rank(
    tokenizer: Tokenizer, table: np.ndarray, corpus: Mapping[str, str], questions: Sequence[str], depth: int
) -> list[list[str]]:
    """The `depth` nearest ids of the corpus for each question, by cosine similarity."""
    embedder = StaticEmbedder(tokenizer, table, fingerprint="", query_prompt=QUERY_PROMPT)
    ids = np.array(list(corpus))
    passages = embedder.embed(list(corpus.values()))
    found: list[list[str]] = []
    for start in range(0, len(questions), AT_ONCE):
        distances = -(embedder.embed_queries(questions[start : start + AT_ONCE]) @ passages.T)
        nearest = np.argpartition(distances, min(depth, len(ids)) - 1, axis=1)[:, :depth]
        order = np.argsort(np.take_along_axis(distances, nearest, axis=1), axis=1)
        found += ids[np.take_along_axis(nearest, order, axis=1)].tolist()
    return found


def measure(ranked: Mapping[str, Sequence[str]], relevant: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Means over the questions in `ranked`, recall being the share of a question's articles found (BEIR)."""

    def recall(query: str, depth: int) -> float:
        return len(relevant[query].intersection(ranked[query][:depth])) / len(relevant[query])

    def reciprocal(query: str) -> float:
        return next((1 / place for place, found in enumerate(ranked[query][:10], 1) if found in relevant[query]), 0.0)

    return {
        "recall@10": float(np.mean([recall(query, 10) for query in ranked])),
        "recall@100": float(np.mean([recall(query, 100) for query in ranked])),
        "mrr@10": float(np.mean([reciprocal(query) for query in ranked])),
    }
