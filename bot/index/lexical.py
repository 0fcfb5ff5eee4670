"""
The lexical half of a generation: terms counted, BM25 weighed, both written.

    write_lexical(folder, contents, chunks, previous, progress)  ->  folder/vocab.index.json, terms.npy, …

Terms of chunks that did not change are taken over; a chunk is cut anew where a lexicon word in it came or went.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.index.bm25 import LexicalIndex, TermCounts
from bot.index.contents import Contents, Previous, Progress
from bot.index.counting import count_terms
from bot.text.segment import Segmenter, fold, pieces
from bot.types import Chunk

# What a word without Chinese characters (AI, 8+X) can stand in: folding a text to full width brings no letter about.
_SPELLED = re.compile(r"[^\u4e00-\u9fff\s，。；：、（）“”《》]")


def write_lexical(
    folder: Path, contents: Contents, chunks: Sequence[Chunk], previous: Previous | None, progress: Progress
) -> None:
    """The counts are let go of before the vectors are made: of 243,000 chunks they take 300 MB."""
    counts = _count_terms(contents, chunks, previous, progress)
    LexicalIndex.build(counts).save(folder)
    counts.save(folder)


def _count_terms(
    contents: Contents, chunks: Sequence[Chunk], previous: Previous | None, progress: Progress
) -> TermCounts:
    """The term counts of all chunks, in order. Only chunks that are new or cut differently now are segmented."""
    places = _unchanged(contents, chunks, previous)
    fresh = [place for place in range(len(chunks)) if place not in places]
    counts = count_terms(
        [chunks[place] for place in fresh],
        Segmenter(contents.lexicon),
        lambda done: progress("切分词语", done, len(fresh)),
    )
    progress("切分词语", len(fresh), len(fresh))
    if not previous:
        return counts
    places |= {place: len(previous.counts) + number for number, place in enumerate(fresh)}
    return (previous.counts + counts).take(np.array([places[place] for place in range(len(chunks))]))


def _unchanged(contents: Contents, chunks: Sequence[Chunk], previous: Previous | None) -> dict[int, int]:
    """Place of a chunk -> its place in the previous generation, for those that hold the same words cut the same way."""
    if not previous:
        return {}
    before = {key: place for place, key in enumerate(previous.contents.keys)}
    kept = {place: before[key] for place, key in enumerate(contents.keys) if key in before}
    differing = {fold(word) for word in set(contents.lexicon) ^ set(previous.contents.lexicon)}
    spelled = {word for word in differing if not pieces(word)}
    suspects = _with_pieces(previous.counts, differing - spelled)
    raw = {place: f"{chunks[place].context}\n{chunks[place].text}" for place in kept}
    doubtful = [place for place, old in kept.items() if suspects[old] or (spelled and _SPELLED.search(raw[place]))]
    texts = [fold(raw[place]) for place in doubtful]
    recut = {doubtful[number] for number in _holding(texts, differing)}
    return {place: old for place, old in kept.items() if place not in recut}


def _with_pieces(counts: TermCounts, words: set[str]) -> NDArray[np.bool_]:
    """Whether each chunk can hold any of the words: it has the rarest of a word's characters and pairs."""
    numbers = {term: number for number, term in enumerate(counts.vocabulary)}
    occurrences = np.bincount(counts.terms, minlength=len(numbers))
    telling = np.zeros(len(numbers), np.bool_)
    for word in words:
        found = [numbers.get(piece) for piece in pieces(word)]
        if None not in found:
            telling[min(found, key=occurrences.__getitem__)] = True
    places = np.searchsorted(counts.offsets, np.flatnonzero(telling[counts.terms]), side="right") - 1
    held = np.zeros(len(counts), np.bool_)
    held[places] = True
    return held


def _holding(texts: Sequence[str], words: set[str]) -> set[int]:
    """The places of the texts that hold any of the words; one long text is searched, 10,000 short ones are slow."""
    joined = "\0".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    found: set[int] = set()
    for word in words:
        position = joined.find(word)
        while position >= 0:
            place = bisect_right(ends, position)
            found.add(place)
            position = joined.find(word, ends[place])
    return found
