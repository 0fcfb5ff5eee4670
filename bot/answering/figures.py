"""
The figures of a sentence and what each counts.

    "打造30个左右应用场景和20个左右标志性产品"  ->  30个左右: 应用场景和, 20个左右: 标志性产品
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.evidence import Evidence, match
from bot.retrieval.terms import is_figure
from bot.text.normalise import comparable
from bot.types import Query, Term

MEASURES = "个家项名条种类支所座位人批处张款"
COUNTED = re.compile(
    rf"(?:不少于|不低于|至少|超过)?(?<![\d.])(?P<number>\d+)(?P<measure>[{MEASURES}])(?:左右|以上|以下|以内)?"
)
PART = re.compile(r"[^,。;]+")
ASKED = re.compile(rf"(?:多少|(?<!哪)几)(?P<measure>[{MEASURES}])?")
TELLING = 0.25  # weight of a word that says what is counted
LOOKED_AT = 8  # sentences, the best ones
NAMED = 0.6  # how far a word has to be met to name what is counted
MOSTLY = 0.5  # share of those words that a figure elsewhere has to count


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its measure, as said, and what it counts: 20, 个, 20个左右, 标志性产品."""

    number: str
    measure: str
    said: str
    counts: str


def figures(text: str) -> Iterator[Figure]:
    """The figures of a sentence: what stands behind each, up to the next, or before it where nothing does."""
    for part in PART.finditer(text):
        found = list(COUNTED.finditer(part[0]))
        for place, each in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(part[0])
            start = found[place - 1].end() if place else 0
            behind, before = part[0][each.end() : end], part[0][start : each.start()]
            yield Figure(each["number"], each["measure"], each[0], behind if len(behind) > 1 else before)


def subject(query: Query) -> list[Term]:
    """The words that say what is counted."""
    return [term for term in query.terms if not is_figure(term) and term.weight >= TELLING]


def shared(words: Sequence[Term], counts: str) -> float:
    """The weight of the words that name what a figure counts."""
    return sum(term.weight for term in words if match(term, counts) >= NAMED)


def figure_first(query: Query, evidence: list[Evidence]) -> list[Evidence]:
    """
    The evidence with the sentence first that counts what is asked for, where the best one counts nothing of it.

    专业园区建几个: 规划建设4个左右专业园区 rather than what is said of parks without a figure.
    """
    asked = ASKED.search(query.understood)
    words = subject(query)
    if not asked or "count" not in query.asks or query.asks & {"money", "list", "unit"} or not words:
        return evidence

    def worth(item: Evidence) -> float:
        alike = (each for each in figures(comparable(item.text)) if asked["measure"] in (None, each.measure))
        return max((shared(words, each.counts) for each in alike), default=0.0)

    best = max(evidence[:LOOKED_AT], key=worth, default=None)
    if best is None or worth(evidence[0]) or worth(best) < MOSTLY * sum(word.weight for word in words):
        return evidence
    return [best, *(item for item in evidence if item is not best)]
