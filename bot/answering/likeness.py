"""
How like a question texts are, word by word and as a whole, by the vectors of the static model that the product ships.

    Likeness(embedder).to("老板欠薪")  ->  asked;  asked.nearest(["用人单位拖欠工资", "征收土地"])  ->  [0.63, 0.21]

People and statutes use different words for the same thing. The nearest word of a text stands for each of the question's
(late interaction: Khattab and Zaharia 2020, ColBERT); a word counts as much as its vector is long.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.index.embed import Embedder, StaticEmbedder, Vectors, load_embedder
from bot.settings import OWN_EMBEDDING

REMEMBERED = 32_768  # texts whose words are kept at hand
WHOLE = 8_192  # texts whose vectors are, some 16 MB


class Likeness:
    """Safe to share between threads."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self.embedder = embedder
        self.words = lru_cache(REMEMBERED)(lambda text: np.unique(embedder.words(text)))
        self.whole = lru_cache(WHOLE)(lambda text: embedder.embed([text])[0])

    @classmethod
    def beside(cls, embedder: Embedder) -> Likeness:
        """With `embedder` where it is a static one, else with the model the product ships. Raises ModelError."""
        return cls(embedder if isinstance(embedder, StaticEmbedder) else load_embedder(Path(OWN_EMBEDDING)))

    def to(self, question: str) -> AskedWords:
        """What texts are compared with."""
        return AskedWords(self, question)


class AskedWords:
    """A question's words as vectors."""

    def __init__(self, likeness: Likeness, question: str) -> None:
        self._likeness = likeness
        embedder = likeness.embedder
        rows = embedder.rows(np.unique(embedder.words(question)))
        lengths = _lengths(rows)
        self._units = rows / lengths[:, None]
        self._shares = lengths / lengths.sum()
        self._whole = np.array(embedder.embed_query(question), dtype=np.float32)

    def nearest(self, texts: Sequence[str]) -> list[float]:
        """For each text, 0 to 1: the mean, over the question's words, of the similarity of the text's nearest word."""
        words = [self._likeness.words(text) for text in texts]
        known = [place for place, own in enumerate(words) if len(own)]
        alike = [0.0] * len(texts)
        if known and len(self._units):
            used, places = np.unique(np.concatenate([words[place] for place in known]), return_inverse=True)
            rows = self._likeness.embedder.rows(used)
            similarities = np.clip(rows @ self._units.T / _lengths(rows)[:, None], 0.0, 1.0)
            starts = np.cumsum([0, *(len(words[place]) for place in known[:-1])])
            best = np.maximum.reduceat(similarities[places], starts)
            for place, value in zip(known, best @ self._shares, strict=True):
                alike[place] = float(value)
        return alike

    def whole(self, text: str) -> float:
        """Cosine similarity of the question and the text, -1 to 1; 0 where nothing of one is known."""
        return float(self._whole @ self._likeness.whole(text))


def _lengths(rows: Vectors) -> Vectors:
    """Of each row; no less than next to nothing, so that a row of zeros can be divided by it."""
    lengths: Vectors = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.maximum(lengths, np.float32(1e-9))
