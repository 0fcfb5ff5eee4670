"""
Why a clause was found or not, and used or not: one question, the product's own search, laid open.

    trace(pipeline, "瞪羚企业归哪个局", As())
        ->  Trace(answer=…, found=(Found(place=1, clause=三、(三)8., dense_rank=1, …, outcome="引用[1]"), …), …)

With other settings (`As`) the same functions are called another way, so that two can be set side by side. The answer is
what the product would say to what was found so.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from bot.answering import refuse
from bot.answering.compose import compose
from bot.answering.explain import explained
from bot.answering.pipeline import CANDIDATES, LEXICAL, PRIMARY, Pipeline, search_text
from bot.index.store import Scored
from bot.retrieval.hybrid import DENSE_CANDIDATES, LEXICAL_CANDIDATES, Ranking, fuse, near_in_text, with_neighbours
from bot.types import KIND_LABELS, Answer, Clause, Hit, Query

Way = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True, slots=True)
class As:
    """
    How to search. way: by both, by vectors alone, by words alone; rerank: where a reranker is set; scoped: leave out
    papers that do not apply; document: search this one alone, "" for all. As() is how the product does it.
    """

    way: Way = "hybrid"
    rerank: bool = True
    scoped: bool = True
    document: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """
    One chunk. place: in the final order, from 1; score: in it, 0 to 1; similarity: cosine; bm25: the share of what the
    question could score at most; reranked: its place after the reranker, None where there was none. Ranks are None
    where that side missed it. outcome: what became of it, in words.
    """

    place: int
    clause: Clause
    text: str
    score: float
    dense_rank: int | None
    similarity: float | None
    lexical_rank: int | None
    bm25: float | None
    fused: int
    reranked: int | None
    flags: tuple[str, ...]
    outcome: str
    used: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What was understood, found and answered. total: chunks found by either side; milliseconds: for the search."""

    query: Query
    answer: Answer
    found: tuple[Found, ...]
    total: int
    milliseconds: float


def trace(pipeline: Pipeline, question: str, wanted: As, top: int = 30) -> Trace:
    """The first `top` chunks, and beyond them those that are cited. Raises what the store raises."""
    query = pipeline.understand(question)
    started = time.perf_counter()
    text, store = search_text(query), pipeline.store
    documents = _documents(query, wanted)
    nothing = Scored([], [])
    dense = store.nearest(text, DENSE_CANDIDATES, documents) if wanted.way != "lexical" else nothing
    lexical = store.matching(text, LEXICAL_CANDIDATES, documents) if wanted.way != "dense" else nothing
    beside = partial(near_in_text, store.chunks)
    found = with_neighbours(fuse(dense, lexical, store.document_of, store.chunk_counts), dense, beside)
    ranks = ({place: rank for rank, place in enumerate(side.places, 1)} for side in (dense, lexical))
    fused = Ranking(store.chunks, *found, *ranks).hits(range(len(found.places)))
    reranker = pipeline.retriever.reranker if wanted.rerank else None
    ordered = reranker.rerank(query.understood, fused) if reranker else fused
    spent = 1000 * (time.perf_counter() - started)
    admitted = [hit for hit in ordered if not wanted.scoped or query.scope.admits(hit.chunk.clause.document.id)]
    candidates = _candidates(admitted)
    answer = _answer(pipeline, question, query, candidates, wanted)
    similarities, scores = (
        {store.chunks[place].id: score for place, score in zip(side.places, side.scores, strict=True)}
        for side in (dense, lexical)
    )
    before = {hit.chunk.id: place for place, hit in enumerate(fused, 1)}
    among = {hit.chunk.id for hit in candidates}
    allowed = {hit.chunk.id for hit in admitted}

    def row(place: int, hit: Hit) -> Found:
        id_, document = hit.chunk.id, hit.chunk.clause.document
        flags = pipeline.flagger.flags(document)
        cited = _cited(answer, hit)
        return Found(
            place,
            hit.chunk.clause,
            hit.chunk.text,
            hit.score,
            hit.dense_rank,
            similarities.get(id_),
            hit.lexical_rank,
            scores.get(id_),
            before[id_],
            place if reranker else None,
            tuple(flags),
            _outcome(query, hit, cited, id_ in among, id_ in allowed, flags),
            bool(cited),
        )

    rows = [row(place, hit) for place, hit in enumerate(ordered, 1) if place <= top or _cited(answer, hit)]
    return Trace(query, answer, tuple(rows), len(ordered), spent)


def _documents(query: Query, wanted: As) -> Collection[str] | None:
    if wanted.document:
        return {wanted.document}
    return query.scope.named or None if wanted.scoped else None


def _candidates(hits: Sequence[Hit]) -> list[Hit]:
    """As Pipeline.candidates: the best, those with the best BM25 scores, the best of main papers."""
    primary = [hit.chunk.id for hit in hits if hit.chunk.clause.document.primary][:PRIMARY]
    taken = {hit.chunk.id for hit in hits if (hit.lexical_rank or LEXICAL + 1) <= LEXICAL} | set(primary)
    return [hit for place, hit in enumerate(hits) if place < CANDIDATES or hit.chunk.id in taken]


def _answer(pipeline: Pipeline, question: str, query: Query, candidates: Sequence[Hit], wanted: As) -> Answer:
    """What the product says; with other settings, what it would say to these candidates, as one question."""
    if wanted == As():
        return pipeline.quote(question)
    draft = refuse.before_search(query) or explained(pipeline.draft(query, candidates), pipeline.store)
    return compose(query, [draft], candidates, {})


def _cited(answer: Answer, hit: Hit) -> tuple[int, ...]:
    """The numbers of the citations that stand in this chunk."""
    span, document = hit.chunk.span, hit.chunk.clause.document.id
    return tuple(
        citation.number
        for citation in answer.citations
        if citation.clause.document.id == document and citation.span.start < span.end and span.start < citation.span.end
    )


def _outcome(query: Query, hit: Hit, cited: Sequence[int], among: bool, allowed: bool, flags: Sequence[str]) -> str:
    document = hit.chunk.clause.document
    if cited:
        return "引用" + "".join(f"[{number}]" for number in cited)
    if not allowed:
        if query.scope.named:
            return "未采用：问题点名了别的文件"
        why = "、".join(flag for flag in flags if flag not in KIND_LABELS.values()) or (
            f"适用于{document.place}" if document.place else "已有更新的版本，或者不适用于本地"
        )
        return f"未采用：文件不适用（{why}）"
    if among:
        return "进入候选，没有用来作答"
    return f"未进候选：不在前{CANDIDATES}位，字面也不在前{LEXICAL}位"


def known_documents(pipeline: Pipeline) -> Mapping[str, str]:
    """Title -> id, of what can be searched."""
    return {outline.document.title: outline.document.id for outline in pipeline.store.outlines}
