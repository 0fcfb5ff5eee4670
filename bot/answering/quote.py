"""
Evidence -> the few sentences to quote: the shortest that answers what was asked.

    asks {"count"}  ->  one sentence;  a bare topic ("类脑智能")  ->  the whole clause
"""

import re
from collections.abc import Collection, Iterable, Sequence

from bot.answering.draft import Pick
from bot.answering.evidence import QUANTITY, STATES, Evidence, body_sentences
from bot.documents.structure import HEAD
from bot.text.normalise import comparable
from bot.types import Clause, Query, Span

SHORT_ASKS = frozenset({"unit", "count", "date", "money", "place", "contact"})
SEVERAL = re.compile(r"[和与跟同、]|分别|各|一样|不同|以及|还有|都")  # more than one thing may be asked about
SMALL_SHARE = 0.25
CLOSE = 0.8  # a neighbour of the best sentence must reach this share of its score
LISTED = 0.6  # a sentence of the same clause, where a list is asked for, this share
FAR = 0.45  # and a sentence that adds something new, this share
EACH = 2  # sentences of each clause, where several are named
SHORT, LONG = 2, 4  # sentences at most
FEW_WORDS = 2
GAIN = 0.12  # a sentence from elsewhere must add this share of the question's weight


def choose(query: Query, evidence: Sequence[Evidence]) -> tuple[Pick, ...]:
    """The picks for a question that the evidence answers; `evidence` is best first and not empty."""
    best = evidence[0]
    if _names_clause(query, best):
        return whole([best.clause])
    if query.asks >= {"count", "list"} and len(query.terms) <= FEW_WORDS:
        return _figures_of(best.clause) or (Pick.of(best),)
    if "belongs" in query.asks:
        return (*_label(best.clause), Pick.of(best))
    titles = {item.clause.title for item in evidence} & {term.text for term in query.terms}
    if len(titles) > 1 and not query.asks & SHORT_ASKS:
        return _of_each(titles, evidence)
    if "unit" in query.asks and not SEVERAL.search(query.understood):
        return (Pick.of(best),)  # another sentence has another bracket
    short = bool(query.asks & SHORT_ASKS) and not query.asks & {"list", "support"}
    limit = SHORT if short else LONG
    chosen = [best]
    covered = set(best.own)
    weights = {term.text: term.weight for term in query.terms}
    total = sum(weights.values()) or 1.0
    for item in evidence[1:]:  # first what adds something new, wherever it stands
        gain = sum(weights[word] for word in item.own - covered) / total
        if (
            len(chosen) < limit
            and not _is_title_block(item.clause)
            and gain >= GAIN
            and item.score >= FAR * best.score
            and _states_what_is_asked(query, item)
        ):
            chosen.append(item)
            covered |= item.own
    for item in evidence[1:]:  # then the best sentence's neighbours, if they answer nearly as well
        same_segment = item.segment is best.segment and item.score >= CLOSE * best.score
        listed = "list" in query.asks and item.clause is best.clause and item.score >= LISTED * best.score
        if len(chosen) < limit and (same_segment or listed) and not short and item not in chosen:
            chosen.append(item)
    return tuple(Pick.of(item) for item in chosen)


def _of_each(titles: Collection[str], evidence: Sequence[Evidence]) -> tuple[Pick, ...]:
    """The best sentences of every clause whose title the question names: 太赫兹和深海开发都搞什么."""
    order = dict.fromkeys(item.clause.title for item in evidence if item.clause.title in titles)
    clauses = ([item for item in evidence if item.clause.title == title] for title in order)
    return tuple(Pick.of(item) for items in clauses for item in items[:EACH])


def _is_title_block(clause: Clause) -> bool:
    """What stands above a document's first heading; it only adds to an answer where a document has no headings."""
    return clause.ref == HEAD and len(clause.text) < SMALL_SHARE * len(clause.document.text)


def _states_what_is_asked(query: Query, item: Evidence) -> bool:
    wanted = query.asks & STATES.keys()
    return not wanted or any(STATES[ask].search(comparable(item.text)) for ask in wanted)


def _names_clause(query: Query, best: Evidence) -> bool:
    """Whether the question names the clause and nothing in particular inside it."""
    title = comparable(best.clause.title)
    words = [comparable(term.text) for term in query.terms]
    return bool(words) and all(word in title for word in words) and not query.asks & SHORT_ASKS


def wants_units(query: Query) -> bool:
    """Whether the responsible units belong in the answer: asked for, or needed to act on it."""
    return bool(query.asks & {"unit", "support", "procedure"})


def other_units(said: Sequence[str], picks: Sequence[Pick]) -> list[str]:
    """Units the asker names that no bracket of the quoted clauses names, where those clauses name any."""
    responsible = {unit for pick in picks if isinstance(pick.clause, Clause) for unit in pick.clause.units}
    return [unit for unit in said if unit not in responsible] if responsible else []


def whole(clauses: Iterable[Clause]) -> tuple[Pick, ...]:
    """Every sentence of the clauses."""
    return tuple(
        Pick(clause, span, segment)
        for clause in clauses
        for segment in clause.segments
        for span in body_sentences(clause, segment)
    )


def _figures_of(clause: Clause) -> tuple[Pick, ...]:
    """Every sentence of the clause that states a quantity."""
    return tuple(pick for pick in whole([clause]) if QUANTITY.search(comparable(pick.text)))


def _label(clause: Clause) -> tuple[Pick, ...]:
    """The item's own heading, which says what the sentence belongs to: "7.先进半导体材料。"."""
    first = clause.segments[0]
    body = body_sentences(clause, first)
    label = Span(first.span.start, body[0].start)
    return (Pick(clause, label, first),) if label.of(clause.document.text).strip() else ()
