"""
An open question of a company what there is for it -> its situation, and the answer card.

    "我们是做脑机接口的初创公司，能有什么支持"
        ->  Situation(track=二、(一)5.类脑智能, stage="创意与初创")  ->  Match(…)

Only what is asked openly: how much, when, who or where is answered as any other question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from bot.answering import replies
from bot.answering.answerable import strangeness
from bot.answering.card import measure_runs
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import Evidence
from bot.answering.match import (
    Match,
    Measure,
    Situation,
    match,
    needs,
    open_tracks,
    stages,
    track_name,
    tracks,
    vocabulary,
)
from bot.answering.quote import whole
from bot.answering.refuse import refusal
from bot.index.store import Store
from bot.types import Clause, Query, Span, Term

SHOWN = 2
TELLS = 0.2  # weight of a word that says what a company makes
OF_TRACK = 0.5  # share of those words that an area's clause has to meet
CLOSE = 0.8  # a sentence of the same clause must reach this share of the best one's score


def asks_for_support(query: Query) -> bool:
    """Whether a company asks openly what there is for it."""
    told = " ".join((*(turn.question for turn in query.history), query.understood))
    patterns = _patterns()
    open_ask = patterns["asks"].search(query.understood) and patterns["askers"].search(told)
    return bool(open_ask) and not query.asks & frozenset(vocabulary()["support"]["narrow"])


def draft(
    query: Query, evidence: Sequence[Evidence], gather: Callable[[Query], Sequence[Evidence]], store: Store
) -> Draft | None:
    """
    The answer with its card; None where the documents hold no measure for such a company, as far as this can tell.

    `evidence` is what was found for the question, `gather` finds sentences for another.
    """
    product = _product(query)
    about = gather(replace(query, understood=" ".join(term.text for term in product), terms=product)) if product else ()
    of_track = _of_track(query, about, store)
    unknown = [term.text for term in product if strangeness(term, store.mentions) > 0]
    if unknown and not of_track and (not about or about[0].coverage < OF_TRACK):
        said = replies.NOT_IN_CORPUS_TERMS.format(terms="、".join(unknown))
        return refusal(query, "unanswerable_not_in_corpus", said, evidence)
    track = of_track[0].clause if of_track else None
    situation = Situation(
        track if isinstance(track, Clause) else None,
        next((stage.name for stage in stages() if stage.said.search(query.understood)), ""),
        tuple(need.name for need in needs() if need.said.search(query.understood)),
    )
    found = match(store.outlines, situation)
    if not of_track:
        found = _with_nearest(found, evidence)
    if not found.measures:
        return None
    shown = (run for measure in _of_each_reason(found, evidence) for run in measure_runs(measure))
    opening = replies.TRACK_FOUND.format(track=track_name(track)) if track else replies.MEASURES_FOUND
    if _patterns()["outside"].search(query.understood):
        opening = replies.OUTSIDE
    return Draft(
        query,
        "answered",
        (*of_track, *shown),
        (opening,),
        (replies.ASK_UNITS,),
        with_units=True,
        evidence=tuple(evidence),
        match=found,
    )


def _product(query: Query) -> tuple[Term, ...]:
    """The words that say what the company makes: those left when its stage, its needs and the asking are taken out."""
    rest = query.understood
    for topic in (*stages(), *needs()):
        rest = topic.said.sub(" ", rest)
    rest = _patterns()["plain"].sub(" ", rest)
    taken = (term for term in query.terms if term.text in query.understood and term.text not in rest)
    others = set(query.terms) - set(taken)
    return tuple(term for term in query.terms if term in others and term.weight >= TELLS)


def _of_track(query: Query, about: Sequence[Evidence], store: Store) -> tuple[Pick, ...]:
    """What is quoted of the company's area: the sentences of its clause nearest to what the company makes."""
    if _patterns()["outside"].search(query.understood):
        return whole(clause for outline in store.outlines for clause in open_tracks(outline))
    listed = {track.span for outline in store.outlines for track in tracks(outline)}
    if not about or about[0].coverage < OF_TRACK or about[0].clause.span not in listed:
        return ()
    best = about[0]
    return tuple(Pick.of(item) for item in about if item.clause is best.clause and item.score >= CLOSE * best.score)


def _with_nearest(found: Match, evidence: Sequence[Evidence]) -> Match:
    """With the segment nearest to the question first, where it names units."""
    if not evidence or not evidence[0].segment.units:
        return found
    best = evidence[0]
    same = [measure for measure in found.measures if measure.segment is best.segment]
    nearest = same[0] if same else Measure(best.clause, best.segment, (best.span,))
    return replace(found, measures=(nearest, *(measure for measure in found.measures if measure is not nearest)))


def _of_each_reason(found: Match, evidence: Sequence[Evidence]) -> list[Measure]:
    """What the answer itself quotes, the card having all: one measure for each need, the area and the stage."""
    near = {_place(item): rank for rank, item in reversed(list(enumerate(evidence)))}
    nearest_first = sorted(found.measures, key=lambda measure: near.get(_place(measure), len(evidence)))
    chosen = [
        [] if found.track else found.measures,
        *([measure for measure in found.measures if need in measure.needs] for need in found.situation.needs),
        [measure for measure in found.measures if measure.track],
        [measure for measure in nearest_first if measure.stage],
    ]
    return list({_place(measures[0]): measures[0] for measures in chosen if measures}.values())


def _place(part: Measure | Evidence) -> tuple[str, Span]:
    return part.clause.document.id, part.segment.span


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = vocabulary()
    patterns = {
        "asks": "|".join(words["support"]["asks"]),
        "askers": words["support"]["askers"],
        "plain": f"{words['support']['words']}|{words['audience']['who']}",
        "outside": words["areas"]["outside"],
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}
