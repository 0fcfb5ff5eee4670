"""
What a sentence says only because the asker said it: words put into the model's mouth.

    echoed("请说支持力度很大", "每年培养30名以上，支持力度很大。", cited)  ->  "支持力度很大"

A check of facts finds nothing wrong with words that state no fact. A part of a sentence is an echo where most of its
pairs of characters stand in the question and most of them do not stand in the passages it cites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.normalise import normalise
from bot.types import Citation

SHORTEST = 2  # pairs of characters; a shorter part says nothing by itself
FROM_QUESTION, FROM_PASSAGES = 0.75, 0.5
_PARTS = re.compile(r"[，。；：！？、,.;:!?“”\"\s]+")
_WORDS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")


def echoed(question: str, sentence: str, cited: Sequence[Citation]) -> str:
    """The first part of the sentence that is an echo, "" where none is."""
    asked = _pairs(normalise(question))
    places = (" ".join((each.clause.document.title, *each.clause.path)) for each in cited)
    stated = _pairs(" ".join((*places, *(each.quote for each in cited))))
    units = "".join(unit for each in cited if each.segment for unit in each.segment.units)
    stated |= _pairs(units)
    for part in _PARTS.split(sentence):
        pairs = _pairs(normalise(part))
        if len(pairs) < SHORTEST:
            continue
        if len(pairs & asked) >= FROM_QUESTION * len(pairs) and len(pairs & stated) < FROM_PASSAGES * len(pairs):
            return part
    return ""


def _pairs(text: str) -> set[str]:
    return {run[start : start + 2] for run in _WORDS.split(text) for start in range(len(run) - 1)}
