"""
BM25 over the terms of every chunk, memory-mapped.

    LexicalIndex.build(TermCounts.of([["瞪羚", "企业"], ["中试", "平台"]])).search({"瞪羚": 1.0}, k=5)  ->  [(0, 0.47)]

Chunks are numbered by their place in the index. bm25s keeps and sums the weights. We work them out from term counts
stored beside them, so that adding a document needs neither the segmenter nor a loop in Python over all the others.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Chosen on the 1,235 STARD training questions; see docs/decisions.
K1, B = 1.2, 0.9
METHOD = "lucene"  # no score for terms that are absent, so that only matching chunks are touched

TERMS, COUNTS, OFFSETS, VOCABULARY = "terms.npy", "counts.npy", "offsets.npy", "vocab.index.json"


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term stands in each chunk, as sparse rows: chunk i has terms[offsets[i]:offsets[i + 1]]."""

    vocabulary: tuple[str, ...]
    offsets: NDArray[np.int64]  # [chunks + 1]
    terms: NDArray[np.int32]  # places in the vocabulary
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, chunks: Iterable[Iterable[str]]) -> TermCounts:
        """Count the terms of each chunk."""
        vocabulary: dict[str, int] = {}
        terms, counts = array("i"), array("i")  # a quarter of what lists take
        offsets = [0]
        for chunk in chunks:
            counted = Counter(chunk)
            terms.extend(vocabulary.setdefault(term, len(vocabulary)) for term in counted)
            counts.extend(counted.values())
            offsets.append(len(terms))
        return cls(tuple(vocabulary), np.array(offsets), np.asarray(terms, np.int32), np.asarray(counts, np.int32))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __add__(self, other: TermCounts) -> TermCounts:
        """The chunks of both, one after the other."""
        places = {term: place for place, term in enumerate(self.vocabulary)}
        moved = np.array([places.setdefault(term, len(places)) for term in other.vocabulary], np.int32)
        return TermCounts(
            tuple(places),
            np.concatenate([self.offsets, other.offsets[1:] + self.offsets[-1]]),
            np.concatenate([self.terms, moved[other.terms]]),
            np.concatenate([self.counts, other.counts]),
        )

    def take(self, chunks: NDArray[np.int64]) -> TermCounts:
        """The chunks at these places, in this order, and no term that none of them has."""
        starts, lengths = self.offsets[chunks], np.diff(self.offsets)[chunks]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
        terms = self.terms[places]
        used = np.bincount(terms, minlength=len(self.vocabulary)) > 0
        renumbered = np.cumsum(used, dtype=np.int32) - 1
        return TermCounts(tuple(compress(self.vocabulary, used)), offsets, renumbered[terms], self.counts[places])

    def save(self, folder: Path) -> None:
        """Everything but the vocabulary, which is the index's own."""
        np.save(folder / TERMS, self.terms)
        np.save(folder / COUNTS, self.counts)
        np.save(folder / OFFSETS, self.offsets)

    @classmethod
    def load(cls, folder: Path) -> TermCounts:
        """Raises OSError or ValueError for missing or broken files."""
        vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        arrays = [np.load(folder / name, mmap_mode="r") for name in (OFFSETS, TERMS, COUNTS)]
        return cls(tuple(vocabulary), *arrays)


class LexicalIndex:
    """The BM25 weight of every term in every chunk. Safe to share between threads."""

    def __init__(self, weights: Any) -> None:
        self._weights = weights  # bm25s.BM25
        # The same memory as plain arrays: to take a slice of a memmap takes ten times as long.
        self._starts, self._chunks = np.asarray(weights.scores["indptr"]), np.asarray(weights.scores["indices"])
        weights.scores |= {name: np.asarray(weights.scores[name]) for name in ("data", "indices", "indptr")}

    @classmethod
    def build(cls, counts: TermCounts) -> LexicalIndex:
        import bm25s

        weights = bm25s.BM25(k1=K1, b=B, method=METHOD)
        weights.scores = _weigh(counts)
        weights.vocab_dict = {term: place for place, term in enumerate(counts.vocabulary)}
        weights.nonoccurrence_array = None  # METHOD has none
        return cls(weights)

    def save(self, folder: Path) -> None:
        self._weights.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Memory-mapped: only the weights of the terms asked for are read. Raises OSError or ValueError."""
        import bm25s

        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False))

    def __len__(self) -> int:
        return int(self._weights.scores["num_docs"])

    def search(self, weights: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """(chunk, score) of the best `k` chunks with any of the terms, best first."""
        terms_by_weight: dict[float, list[int]] = {}
        for term, weight in weights.items():
            if (place := self._weights.vocab_dict.get(term)) is not None:
                terms_by_weight.setdefault(weight, []).append(place)
        scores = np.zeros(len(self), np.float32)
        for weight, terms in terms_by_weight.items():
            scores += np.float32(weight) * self._weights.get_scores_from_ids(terms)
        found = np.flatnonzero(scores > 0)
        if len(found) > k:
            found = found[np.argpartition(-scores[found], k - 1)[:k]] if k > 0 else found[:0]
        best = found[np.lexsort((found, -scores[found]))]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))

    def ceiling(self, weights: Mapping[str, float]) -> float:
        """What a chunk made of nothing but these terms would score: their weighted idf added up, unknown ones too."""
        number = len(self)
        return sum(
            weight * math.log(1 + (number - (found := len(self.chunks_with(term))) + 0.5) / (found + 0.5))
            for term, weight in weights.items()
        )

    def chunks_with(self, term: str) -> NDArray[np.int32]:
        """The chunks that have `term`, in order."""
        place = self._weights.vocab_dict.get(term)
        start, end = (0, 0) if place is None else self._starts[place : place + 2].tolist()
        chunks: NDArray[np.int32] = self._chunks[start:end]
        return chunks


def _weigh(counts: TermCounts) -> dict[str, Any]:
    """
    Lucene's BM25, Σ idf · tf / (tf + k1 · (1 - b + b · length / mean length)), as bm25s stores it: one run a term.

    idf = ln(1 + (N - n + 0.5) / (n + 0.5)), N chunks of which n have the term.
    Source: Kamphuis et al. (2020), "Which BM25 do you mean?"
    """
    from scipy.sparse import csr_array, get_index_dtype

    shape = (len(counts), len(counts.vocabulary))
    offsets = counts.offsets.astype(get_index_dtype(maxval=int(counts.offsets[-1])))
    lengths = csr_array((counts.counts, counts.terms, offsets), shape).sum(axis=1)
    occurrences = np.bincount(counts.terms, minlength=len(counts.vocabulary))
    idf = np.log(1 + (len(counts) - occurrences + 0.5) / (occurrences + 0.5)).astype(np.float32)
    mean = lengths.sum() / max(len(lengths), 1) or 1
    saturation = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    # In place: of 243,000 chunks every such array takes 120 MB.
    data = counts.counts.astype(np.float32)
    data /= np.repeat(saturation, np.diff(counts.offsets)) + data
    data *= idf[counts.terms]
    by_term = csr_array((data, counts.terms, offsets), shape).tocsc()
    return {
        "data": by_term.data,
        "indices": by_term.indices,
        "indptr": by_term.indptr.astype(np.int64),
        "num_docs": len(counts),
    }
