"""
Questions as the model of `bot.answering.answerable` sees them, with what it said and what would have been right.

    "先投后股最多能投多少万"  ->  Sample(observations={"held": 0.71, …}, likely=0.08, answerable=False)

Only questions that reach the model give samples: orders to the system, matters out of scope and answers from the
document's structure are settled before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.answering import answerable, refuse, statute, structure
from bot.answering.evidence import Evidence, of_best_paper
from bot.answering.pipeline import Pipeline
from bot.types import Query, Turn
from eval.generate import Asked


@dataclass(frozen=True)
class Sample:
    """
    What the model saw of a question, its probability, and whether that would have been right.

    elsewhere: whether another paper than the main one would answer, for which another threshold holds.
    """

    id: str
    observations: dict[str, float]
    likely: float
    answerable: bool
    elsewhere: bool = False

    @classmethod
    def of(cls, id_: str, query: Query, evidence: list[Evidence], pipeline: Pipeline, right: bool) -> Sample:
        store = pipeline.store
        likely = answerable.probability(query, evidence, store)
        return cls(id_, answerable.observe(query, evidence, store), likely, right, not answerable.of_main(evidence))


def reaching(pipeline: Pipeline, question: Asked, parts: int | None = None) -> Iterator[tuple[Query, list[Evidence]]]:
    """Of the first `parts` of a question, all by default, those that reach the model, with their evidence."""
    for part in parts_searched(pipeline, question, parts):
        if evidence := of_best_paper(pipeline.evidence(part, pipeline.candidates(part))):
            yield part, evidence


def parts_searched(pipeline: Pipeline, question: Asked, parts: int | None = None) -> Iterator[Query]:
    """Of the first `parts` of a question, all by default, those that evidence is looked for."""
    query = pipeline.understand(question.question, tuple(Turn(*turn) for turn in question.history))
    if refuse.before_search(query):
        return
    for part in pipeline.understand.parts(query)[:parts]:
        outlines = structure.outlines_for(part, pipeline.store)
        if (
            structure.draft(part, pipeline.store, outlines)
            or "promise" in part.asks
            or not part.terms
            or part.scope.sides
            or part.scope.missing
        ):
            continue
        if part.scope.named and (statute.in_force(part, outlines) or statute.no_such_article(part, outlines)):
            continue
        yield part


def as_json(samples: Iterable[Sample]) -> dict[str, Any]:
    """What a result keeps: the threshold in force and, sorted so that nothing leads back to an id, the samples."""
    pairs = sorted([round(sample.likely, 3), sample.answerable] for sample in samples)
    return {"threshold": answerable.threshold(), "samples": pairs}
