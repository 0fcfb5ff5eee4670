"""
All figures that a paper sets, where its indicators are asked for as such.

    "量化指标列一下"        ->  every sentence that counts something
    "哪些指标是按年算的"    ->  those that count it a year: 每年培养技术经纪人30名以上
    "量化指标哪年完成"      ->  the sentence that sets the year for its paragraph: 到2027年，…
"""

import re
from collections.abc import Sequence

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import Evidence
from bot.answering.figures import figures
from bot.answering.quote import whole
from bot.answering.stated import asks_point
from bot.answering.years import year_line, year_set
from bot.retrieval.terms import is_figure
from bot.text.normalise import comparable
from bot.types import Outline, Query

INDICATORS = re.compile(
    r"指标|量化|数量目标|数字目标|目标数|(?:哪些|哪几个|所有|全部|都有什么).{0,4}数字|数字.{0,4}(?:哪些|列)"
)
WANTED = re.compile(r"列|汇总|梳理|所有|全部|拉[个张一]|[全都]给|单子|^(?:量化|数量|主要)?指标[?。]*$")
YEARLY = re.compile(r"按年|每年|年度|每一年|年年|逐年")
GENERAL = re.compile(r"单子|表格|指标|量化|数量|数字|目标|数值|按年|每年|年度|年|列|任务|要求|完成|全部|所有|方案|总体")
YEAR = re.compile(r"20\d\d(?=年)")
SENTENCE = re.compile(r"[^。\n]+")
TELLING = 0.15  # weight of a word that asks for the figures of something in particular
MOST = 12  # sentences


def draft(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """
    The sentences with figures of the first paper that has some, or the year they are set for; None where a subject is
    named.
    """
    dated = asks_point(query)
    if not dated and not query.asks & {"list"} and not WANTED.search(query.understood):
        return None
    named = [term for term in query.terms if term.weight > TELLING and not GENERAL.search(term.text)]
    if not INDICATORS.search(query.understood) or named:
        return None
    yearly = YEARLY.search(query.understood) is not None
    years = set(YEAR.findall(query.understood))
    for outline in outlines:
        if dated:
            lines = tuple(pick for pick in whole(outline.clauses) if year_set(pick.text))
            return Draft(query, "answered", lines) if lines else None
        picks = [pick for pick in whole(outline.clauses) if any(figures(comparable(pick.text)))]
        of_year = [pick for pick in picks if years & set(map(year_set, SENTENCE.findall(pick.clause.text)))]
        wanted = [pick for pick in of_year or picks if not yearly or "每年" in pick.text]
        if wanted:
            return Draft(query, "answered", tuple(wanted[:MOST]), (replies.INDICATORS,))
    return None


def dated(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """When figures that the question repeats are due: their sentences, and the line that sets the year for them."""
    repeated = {figure.number + figure.measure for figure in figures(comparable(query.understood))}
    if not repeated or not asks_point(query):
        return None
    stating = [
        item
        for item in evidence
        if repeated & {figure.number + figure.measure for figure in figures(comparable(item.text))}
        and any(term.text in item.own for term in query.terms if not is_figure(term))
    ]
    above = next(filter(None, (year_line(item, evidence) for item in stating)), None)
    if above is None:
        return None
    same = [item for item in stating if item.segment is above.segment and item is not above]
    return Draft(query, "answered", (Pick.of(above), *map(Pick.of, same)), evidence=tuple(evidence))
