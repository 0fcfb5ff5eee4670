"""
A figure or a year that the question takes for granted and the text states otherwise -> the true sentence, and a note.

    "标志性产品要做50个吧"  and  "打造30个左右应用场景和20个左右标志性产品"
        ->  原文写的是20个左右，不是50个：打造30个左右应用场景和20个左右标志性产品。[1]

Only what is counted alike and called alike is set against the question; all else is left to the other answers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import FOUND, Evidence, match
from bot.answering.years import year_line, year_set
from bot.retrieval.terms import is_figure
from bot.text.normalise import comparable
from bot.types import Query, Term

LOOKED_AT = 8  # sentences, the best ones
TELLING = 0.25  # weight of a word that says what is counted
MEASURES = "个家项名条种类支所座位人批处张款"
SAID = re.compile(rf"(?<![\d.第])(?P<number>\d+)(?P<measure>[{MEASURES}])")
COUNTED = re.compile(
    rf"(?:不少于|不低于|至少|超过)?(?<![\d.])(?P<number>\d+)(?P<measure>[{MEASURES}])(?P<about>左右|以上|以下|以内)?"
)
PART = re.compile(r"[^,。;]+")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")
CLAIM = re.compile(r"[吧嘛]|不是说|对不对|没错|是不是|既然|怎么(?:才|就|那么|可能)|(?:才|就)这么|[吗么]\??$")


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of a sentence with what it counts: 20个左右, of 标志性产品."""

    number: str
    measure: str
    said: str
    counts: str


def draft(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The correction of a wrong figure or year, or None; `evidence` is best first."""
    claims = CLAIM.search(query.understood) or (not query.asks and query.understood.endswith("?"))
    if not claims or query.asks & {"count", "money", "own"}:  # 我们有50人 is no claim about the text
        return None
    return wrong_figure(query, evidence) or wrong_year(query, evidence)


def wrong_figure(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """Where one figure is claimed and the sentences count the same thing with another."""
    claimed = list(SAID.finditer(query.understood))
    if len(claimed) != 1:
        return None
    number, measure = claimed[0]["number"], claimed[0]["measure"]
    subject = [term for term in query.terms if not is_figure(term) and term.weight >= TELLING]
    found = [
        (_shared(subject, stated.counts), -rank, item, stated)
        for rank, item in enumerate(evidence[:LOOKED_AT])
        for stated in figures(comparable(item.text))
        if stated.measure == measure
    ]
    named = [each for each in found if each[0]]
    if not named or any(stated.number == number for *_, stated in named):
        return None
    _, _, item, stated = max(named, key=lambda each: each[:2])
    said = replies.OTHER_FIGURE.format(stated=stated.said, said=f"{number}{measure}")
    return Draft(query, "answered", (Pick.of(item),), (said,), evidence=tuple(evidence))


def figures(text: str) -> Iterator[Stated]:
    """The figures of a sentence: what stands behind each, up to the next, or before it where nothing does."""
    for part in PART.finditer(text):
        found = list(COUNTED.finditer(part[0]))
        for place, each in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(part[0])
            start = found[place - 1].end() if place else 0
            behind = part[0][each.end() : end]
            yield Stated(
                each["number"], each["measure"], each[0], behind if len(behind) > 1 else part[0][start : each.start()]
            )


def _shared(subject: Sequence[Term], counts: str) -> float:
    """The weight of the words that name what is counted."""
    return sum(term.weight for term in subject if match(term, counts) >= FOUND)


def wrong_year(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """Where another year is claimed for what a paragraph sets for one: 到2027年，…。打造30个左右应用场景。"""
    claimed = set(YEAR.findall(query.understood))
    figured = (item for item in evidence if any(is_figure(term) and term.text in item.own for term in query.terms))
    best = next(figured, None)
    above = year_line(best, evidence) if best else None
    if len(claimed) != 1 or best is None or above is None:
        return None
    if claimed & set(YEAR.findall(comparable(best.clause.text))):
        return None
    said = replies.OTHER_FIGURE.format(stated=f"{year_set(above.text)}年", said=f"{claimed.pop()}年")
    return Draft(query, "answered", (Pick.of(above), Pick.of(best)), (said,), evidence=tuple(evidence))
