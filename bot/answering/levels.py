"""
The same matter ruled at several levels: each with its level and date, the more local and newer first, never merged.

    "职务成果转让，完成人最少分多少"
        ->  青岛市 · 地方性法规《…》（2011年7月29日）：…  山东省 · 地方性法规《…》：…  国家 · 法律《…》：…
"""

from collections.abc import Sequence
from datetime import date

from bot.answering.evidence import Evidence, by_paper, states
from bot.answering.statute import is_article
from bot.retrieval.scope import local
from bot.types import Document, Query

# What an article of another level must reach of the best one's score and of its share of the question's wording.
AS_GOOD, SAYS_AS_MUCH = 0.88, 0.8
RULED = frozenset({"count", "money", "date", "penalty", "procedure"})  # what levels set differently


def papers_of_levels(query: Query, evidence: Sequence[Evidence], home: str) -> list[list[Evidence]]:
    """
    The evidence of each paper whose best article answers about as well as the best of all, one paper a level.

    Only the best paper where the question names papers, asks for nothing that levels set, or no other comes near.
    """
    best = evidence[0]
    papers = by_paper(evidence)
    chosen = [papers.pop(best.clause.document.id)]
    asked = query.asks & RULED
    if query.scope.named or not asked or not is_article(best.clause):
        return chosen
    for items in papers.values():
        level = _level(items[0].clause.document)
        if level not in {_level(own[0].clause.document) for own in chosen} and _as_good(query, items[0], best):
            chosen.append(items)
    return sorted(chosen, key=lambda items: _rank(items[0].clause.document, home), reverse=True)


def _as_good(query: Query, item: Evidence, best: Evidence) -> bool:
    stated = all(states(ask, item.text) for ask in query.asks & RULED)
    near = item.score >= AS_GOOD * best.score and item.wording >= SAYS_AS_MUCH * best.wording
    return is_article(item.clause) and stated and near


def _level(document: Document) -> tuple[str, str]:
    return document.place, document.level or ""


def _rank(document: Document, home: str) -> tuple[int, date]:
    return local(document, home), document.issued_on or date.min
