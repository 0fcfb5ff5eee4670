"""
How well a table finds what answers a question.

    rank(tokenizer, table, retrieval, ["q7"], 100)  ->  {"q7": ["g12", "g705", …]}
    measure({"q7": ["g12", …]}, relevant)           ->  {"recall@10": 0.61, "recall@100": 0.87, "mrr@10": 0.47}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from tokenizers import Tokenizer

from bot.index.embed import StaticEmbedder
from training.data import Retrieval


def rank(
    tokenizer: Tokenizer, table: np.ndarray, retrieval: Retrieval, queries: Sequence[str], depth: int
) -> dict[str, list[str]]:
    """The `depth` nearest ids of the corpus for each question, by cosine similarity."""
    embedder = StaticEmbedder(tokenizer, table, fingerprint="")
    ids = np.array(list(retrieval.corpus))
    corpus = embedder.embed(list(retrieval.corpus.values()))
    similarities = embedder.embed([retrieval.queries[query] for query in queries]) @ corpus.T
    order = np.argsort(-similarities, axis=1)[:, :depth]
    return {query: ids[row].tolist() for query, row in zip(queries, order, strict=True)}


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
