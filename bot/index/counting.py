"""
Count the terms of chunks, thousands at a time.

    count_terms([Chunk("瞪羚归市科技局", …), …], segmenter)  ->  TermCounts(("瞪", "科技局", "_瞪羚", …), …)

The same as counting `Segmenter.search_terms` of title, path and text of each chunk (a test holds them to it). Python
finds the words only: numpy counts characters and pairs, and what recurs, titles and headings, is counted once.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.index.bm25 import TermCounts
from bot.text.segment import CHINESE, Segmenter, fold
from bot.types import Chunk

BLOCK = 4096  # chunks at once: bounds the memory, costs no speed

Vocabulary = defaultdict[str, int]  # term -> its number, given when it is first asked for


def count_terms(
    chunks: Sequence[Chunk], segmenter: Segmenter, progress: Callable[[int], None] = lambda _: None
) -> TermCounts:
    """The terms of title, path and text of every chunk; `progress` is called with how many chunks are counted."""
    if len(chunks) > BLOCK:  # for a few it is quicker to look for the words that stand in them
        segmenter.take_in_lexicon()
    vocabulary: Vocabulary = defaultdict(count().__next__)
    headings = dict.fromkeys(chain.from_iterable(map(_headings, chunks)))
    places = {heading: place for place, heading in enumerate(headings)}
    counted = _count(list(headings), segmenter, vocabulary)
    terms, counts = array("i"), array("i")
    lengths: list[NDArray[np.int64]] = []
    for start in range(0, len(chunks), BLOCK):
        progress(start)
        block = chunks[start : start + BLOCK]
        texts = _count([chunk.text for chunk in block], segmenter, vocabulary)
        counted.resize(len(headings), len(vocabulary))
        rows = (
            texts
            + _rows([[places[heading] for heading in _headings(chunk)] for chunk in block], len(headings)) @ counted
        )
        terms.frombytes(rows.indices.astype(np.int32).tobytes())
        counts.frombytes(rows.data.astype(np.int32).tobytes())
        lengths.append(np.diff(rows.indptr))
    offsets = np.cumsum(np.concatenate([[0], *lengths]))
    return TermCounts(tuple(vocabulary), offsets, np.asarray(terms, np.int32), np.asarray(counts, np.int32))


def _headings(chunk: Chunk) -> tuple[str, ...]:
    """What is counted with a chunk's own text."""
    return (chunk.clause.document.title, *chunk.clause.path)


def _count(texts: Sequence[str], segmenter: Segmenter, vocabulary: Vocabulary) -> Any:
    """How often each text has each term: a sparse array [texts, vocabulary]."""
    folded = [fold(text) for text in texts]
    words, ends = array("i"), [0]
    for terms in segmenter.terms_of_all(folded):
        words.extend(map(vocabulary.__getitem__, terms))
        ends.append(len(words))
    rows, pieces = _pieces(folded, vocabulary)
    return _sparse(
        np.concatenate([np.repeat(np.arange(len(texts)), np.diff(ends)), rows]),
        np.concatenate([np.asarray(words, np.int32), pieces]),
        (len(texts), len(vocabulary)),
    )


def _pieces(folded: Sequence[str], vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """What `pieces` gives, as (text, term) of every single one."""
    joined = "".join(f"{text}\n" for text in folded)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    texts = np.repeat(np.arange(len(folded)), [len(text) + 1 for text in folded])
    chinese = (codes >= ord(CHINESE[0])) & (codes <= ord(CHINESE[1]))
    single, pair = np.flatnonzero(chinese), np.flatnonzero(chinese[:-1] & chinese[1:])
    distinct, places = np.unique(
        np.concatenate([codes[single], codes[pair] << 16 | codes[pair + 1]]), return_inverse=True
    )
    terms = np.array([vocabulary[_term(piece)] for piece in distinct.tolist()], np.int32)
    return texts[np.concatenate([single, pair])], terms[places]


def _term(piece: int) -> str:
    """One character, or two with the first in the upper half."""
    first, second = divmod(piece, 1 << 16)
    return f"_{chr(first)}{chr(second)}" if first else f"_{chr(second)}"


def _rows(places: Sequence[Sequence[int]], width: int) -> Any:
    """A sparse array [len(places), width] that has 1 at these places of each row, 2 where one is named twice …"""
    rows = np.repeat(np.arange(len(places)), [len(row) for row in places])
    return _sparse(rows, np.fromiter(chain.from_iterable(places), np.int64), (len(places), width))


def _sparse(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> Any:
    from scipy.sparse import coo_array

    return coo_array((np.ones(len(rows), np.int32), (rows, columns)), shape).tocsr()
