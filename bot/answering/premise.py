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
from bot.types import Query, Term

SAID = re.compile(rf"(?<![\d.第前后头])(?P<number>\d+)(?P<measure>[{MEASURES}])")
SOME = 0.3  # of the weight of what a figure counts; 要建 and the like are among its words
NEAR = 0.75  # of the best sentence's score: where nothing is claimed, another sentence may be meant
NAMED = 0.1  # weight of a word that may name what is counted
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")
CLAIM = re.compile(r"[吧嘛]|不是说|对不对|没错|是不是|既然|怎么(?:才|就|那么|可能)|(?:才|就)这么|[吗么]\??$")


def draft(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The correction of a wrong figure or year, or None; `evidence` is best first."""
    claims = CLAIM.search(query.understood) or (not query.asks and query.understood.endswith("?"))
    if not claims and not query.asks & {"money", "own", "promise"}:
        return wrong_figure(query, evidence, named=_counted(query))
    # 我们有50人 is no claim about the text; who asks how many claims no number, unless one is said: 30个是指标吧.
    asks_number = "count" in query.asks and not SAID.search(query.understood)
    if not claims or asks_number or query.asks & {"money", "own"}:
        return None
    return wrong_figure(query, evidence) or wrong_year(query, evidence)


def _counted(query: Query) -> list[Term]:
    """The words of the question that its figure counts: 专业园区 in 建10个专业园区,分布在哪."""
    counted = " ".join(figure.counts for figure in figures(comparable(query.understood)))
    words = (term for term in query.terms if not is_figure(term) and term.weight >= NAMED)
    return [term for term in words if comparable(term.text) in counted]


def wrong_figure(query: Query, evidence: Sequence[Evidence], named: Sequence[Term] | None = None) -> Draft | None:
    """
    Where one figure is claimed and the sentences count the same thing with another.

    Where nothing but the figure itself claims anything, the words it counts (`named`) have to be counted there.
    """
    claimed = {(said["number"], said["measure"]) for said in SAID.finditer(query.understood)}
    if len(claimed) != 1:
        return None
    [(number, measure)] = claimed
    words = subject(query) if named is None else list(named)
    least = 0.0 if named is None else SOME * sum(word.weight for word in words)
    found = [
        (shared(words, stated.counts), -rank, item, stated)
        for rank, item in enumerate(evidence[:LOOKED_AT])
        if named is None or item.score >= NEAR * evidence[0].score
        for stated in figures(comparable(item.text))
        if stated.measure == measure
    ]
    alike = [each for each in found if each[0] and each[0] >= least]
    if not alike or any(stated.number == number for *_, stated in alike):
        return None
    _, _, item, stated = max(alike, key=lambda each: each[:2])
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
