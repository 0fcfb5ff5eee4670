"""
A figure or a year that the question takes for granted and the text states otherwise -> the true sentence, and a note.

    "标志性产品要做50个吧"  and  "打造30个左右应用场景和20个左右标志性产品"
        ->  原文写的是20个左右，不是50个：打造30个左右应用场景和20个左右标志性产品。[1]

Only what is counted alike and called alike is set against the question; all else is left to the other answers.
"""

import re
from collections.abc import Sequence

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import Evidence
from bot.answering.figures import LOOKED_AT, MEASURES, figures, shared, subject
from bot.answering.years import year_line, year_set
from bot.retrieval.terms import is_figure
from bot.text.normalise import comparable
from bot.types import Query

SAID = re.compile(rf"(?<![\d.第])(?P<number>\d+)(?P<measure>[{MEASURES}])")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")
CLAIM = re.compile(r"[吧嘛]|不是说|对不对|没错|是不是|既然|怎么(?:才|就|那么|可能)|(?:才|就)这么|[吗么]\??$")


def draft(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The correction of a wrong figure or year, or None; `evidence` is best first."""
    claims = CLAIM.search(query.understood) or (not query.asks and query.understood.endswith("?"))
    # 我们有50人 is no claim about the text; who asks how many claims no number, unless one is said: 30个是指标吧.
    asks_number = "count" in query.asks and not SAID.search(query.understood)
    if not claims or asks_number or query.asks & {"money", "own"}:
        return None
    return wrong_figure(query, evidence) or wrong_year(query, evidence)


def wrong_figure(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """Where one figure is claimed and the sentences count the same thing with another."""
    claimed = list(SAID.finditer(query.understood))
    if len(claimed) != 1:
        return None
    number, measure = claimed[0]["number"], claimed[0]["measure"]
    words = subject(query)
    found = [
        (shared(words, stated.counts), -rank, item, stated)
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
