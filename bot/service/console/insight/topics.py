"""
Questions that are about the same thing, brought together and named.

    topics([("瞪羚有补贴吗", 3), ("瞪羚企业补多少钱", 2), ("食堂几点开门", 1)], embed)
        ->  (Topic(words=("瞪羚", "补贴"), questions=("瞪羚有补贴吗", "瞪羚企业补多少钱"), asked=5), Topic(…))

The vectors are the index's own, so what is one topic here is near to each other in a search too. Two groups are joined
as long as their questions are on average more similar than SIMILAR (average linkage). A topic is named by its most
telling words: in many of its questions, in few of the others', rare in everyday Chinese (class-based TF-IDF,
Grootendorst 2022, with jieba's frequencies beside it).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.index.embed import Vectors
from bot.retrieval.terms import stop_words
from bot.text.segment import Segmenter

Embed = Callable[[Sequence[str]], Vectors]

SIMILAR = 0.5  # mean cosine similarity within a topic; eval/LOG.md has the groups it makes of the practice set
MOST = 1000  # different questions: the time and the memory grow with their square; 0.2 seconds and 12 MB
WORDS = 3  # in a name
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions about one thing, the most typical first; asked: how often all together."""

    words: tuple[str, ...]
    questions: tuple[str, ...]
    asked: int

    @property
    def name(self) -> str:
        return "、".join(self.words) or self.questions[0]


def topics(asked: Sequence[tuple[str, int]], embed: Embed, segmenter: Segmenter) -> tuple[Topic, ...]:
    """
    Of questions and how often each was asked; the most asked topic first. The index's segmenter knows its names.

    Only the MOST most asked questions are grouped; the others are left out.
    """
    times: Counter[str] = Counter()
    for question, often in asked:
        times[question] += often
    kept = sorted(times, key=lambda question: (-times[question], question))[:MOST]
    vectors = embed(kept) if kept else np.zeros((0, 1), np.float32)
    groups = _groups(vectors, kept)
    named = _names([[kept[place] for place in group] for group in groups], segmenter)
    made = [
        Topic(
            words,
            tuple(kept[place] for place in _typical(group, vectors, [times[kept[p]] for p in group])),
            sum(times[kept[place]] for place in group),
        )
        for group, words in zip(groups, named, strict=True)
    ]
    return tuple(sorted(made, key=lambda topic: (-topic.asked, topic.questions)))


def _groups(vectors: Vectors, questions: Sequence[str]) -> list[list[int]]:
    """Places of the questions of each group. A question of which the model knows no word is a group of its own."""
    from scipy.cluster.hierarchy import fcluster, linkage

    known = [place for place in range(len(questions)) if vectors[place].any()]
    unknown = [[place] for place in range(len(questions)) if not vectors[place].any()]
    if len(known) < 2:
        return [*([known] if known else []), *unknown]
    rows = vectors[known]
    distances = np.clip(1 - rows @ rows.T, 0, None)[np.triu_indices(len(known), 1)]  # of unit vectors, by cosine
    tree = linkage(distances, method="average")
    numbers = fcluster(tree, 1 - SIMILAR, criterion="distance")
    grouped: dict[int, list[int]] = {}
    for place, number in zip(known, numbers, strict=True):
        grouped.setdefault(int(number), []).append(place)
    return [*grouped.values(), *unknown]


def _typical(group: Sequence[int], vectors: Vectors, times: Sequence[int]) -> list[int]:
    """The group's places, the nearest to its middle first; a question asked often draws the middle to itself."""
    rows = vectors[list(group)]
    near = rows @ (np.asarray(times, np.float32) @ rows)
    return [group[place] for place in np.argsort(-near, kind="stable")]


def _names(groups: Sequence[Sequence[str]], segmenter: Segmenter) -> list[tuple[str, ...]]:
    """The most telling words of each group."""
    counted = [Counter(word for question in group for word in _words(question, segmenter)) for group in groups]
    everywhere: Counter[str] = sum(counted, Counter())
    mean = sum(everywhere.values()) / max(1, len(groups))

    def telling(word: str, times: int) -> float:
        return times * math.log(1 + mean / everywhere[word]) * segmenter.rarity(word)

    names = []
    for group, words in zip(groups, counted, strict=True):
        # A word that few of a large group have does not name it.
        common = [word for word in words if words[word] * 4 >= len(group)]
        ranked = sorted(common, key=lambda word: (-telling(word, words[word]), word))
        names.append(tuple(ranked[:WORDS]))
    return names


def _words(question: str, segmenter: Segmenter) -> set[str]:
    """What it is about: no words that ask, no single characters, no marks."""
    names = (word for word in segmenter.words(question) if len(word) > 1 and _LETTERS.search(word))
    return {word for word in names if word.lower() not in stop_words() and not segmenter.is_function(word)}
