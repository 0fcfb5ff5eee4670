"""
What is particular to statutes: an article is read as a whole, and says itself from when it is in force.

    "本条例何时施行"     ->  第四十五条　本条例自2018年1月1日起施行。
    "哪些情形不需同意"   ->  the article's opening with the whole list under it
"""

import re
from collections.abc import Iterator, Sequence

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import ARTICLE
from bot.answering.lines import Line, body_sentences
from bot.answering.reference import asked_articles
from bot.documents.flags import chinese_date
from bot.text.normalise import comparable
from bot.types import Clause, Document, Outline, Query

WHOLE = 250  # characters up to which an article, or the paragraph in question, is quoted whole
LISTED, SHORT_LIST = 500, 300  # characters of a list with what leads to it, where a list is asked for and where not
# 施行后由谁审 asks another thing.
_ASKED = re.compile(r"(?:施行|生效)(?!以?[前后来]|之[前后]|期间|细则)|实施(?:日期|时间)|废止")
_IN_FORCE = re.compile(r"起(?:施行|生效|实施|执行)|同时废止")
_ITEM = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
_BEFORE = re.compile(r"前[一二三]?款|上述|前述")  # a sentence that cannot be read without the paragraph before it
_LAST = 3  # articles at the end in which a statute says when it begins


def in_force(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """From when a statute is in force and what it replaces, in its own last articles."""
    if not _ASKED.search(query.understood):
        return None
    picks = tuple(
        Pick(clause, span, segment)
        for outline in outlines
        for clause in outline.clauses[-_LAST:]
        if is_article(clause)
        for segment in clause.segments
        for span in body_sentences(clause, segment)
        if _IN_FORCE.search(comparable(span.of(clause.document.text)))
    )
    return Draft(query, "answered", picks) if picks else None


def no_such_article(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """The reply to an article's number that the paper named does not have."""
    asked = asked_articles(query.understood)
    for outline in outlines:
        articles = [clause.ref for clause in outline.clauses if ARTICLE.fullmatch(clause.ref)]
        if asked and articles and not set(asked) & set(articles):
            reply = replies.NOT_IN_DIGEST if outline.document.kind == "digest" else replies.NO_SUCH_ARTICLE
            title, last = outline.document.title, articles[-1]
            said = reply.format(title=title, article=asked[0], last=last, count=len(articles))
            return Draft(query, "unanswerable_not_stated", opening=(said, replies.ASK_HOTLINE))
    return None


def stretch_of_article(place: int, lines: Sequence[Line], whole_list: bool) -> list[Line]:
    """
    The line at `place` of an article with what it cannot be read without: all of a short article; the opening of the
    list it stands in, and with `whole_list` the other items.
    """
    best = lines[place]
    article = [line for line in lines if line.clause is best.clause]
    if _length(article) <= WHOLE or (whole_list and _BEFORE.search(best.text) and _length(article) <= LISTED):
        return article
    at = article.index(best)
    opening = best if best.leads else next((line for line in reversed(article[:at]) if line.leads), None)
    if opening is not None and (best is opening or best.lead == comparable(opening.text)):
        items = list(_items(article[article.index(opening) + 1 :], opening))
        if _length([opening, *items]) <= (LISTED if whole_list or best.leads else SHORT_LIST):
            return [opening, *items]
        return [opening] if best is opening else [opening, best]
    paragraph = [line for line in article if line.segment is best.segment]
    return paragraph if _length(paragraph) <= WHOLE else [best]


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _items(lines: Sequence[Line], opening: Line) -> Iterator[Line]:
    for line in lines:
        if line.lead != comparable(opening.text) and not _ITEM.match(line.text.strip()):
            return
        yield line


def is_article(clause: object) -> bool:
    return isinstance(clause, Clause) and ARTICLE.match(clause.ref) is not None


def label(document: Document) -> str:
    """What a reader needs to weigh a paper against another: "山东省 · 地方性法规《…条例》（2017年12月1日）"."""
    place = document.place or ("国家" if document.level in ("法律", "行政法规", "部门规章") else "")
    kind = " · ".join(part for part in (place, document.level or "") if part)
    dated = f"（{chinese_date(document.issued_on)}）" if document.issued_on else ""
    return f"{kind}《{document.title}》{dated}："
