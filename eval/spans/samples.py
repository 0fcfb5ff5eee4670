"""
Span questions as the model of `bot.answering.answerable` sees them.

    SpanQuestion("q1", "银杏归谁管？", "trees", ("市园林局",))  ->  Sample("q1", likely=0.93, answerable=True, …)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.answering.pipeline import Pipeline
from eval.metrics import fold
from eval.samples import Sample, reaching
from eval.spans.questions import SpanQuestion


def samples(pipeline: Pipeline, questions: Iterable[SpanQuestion]) -> Iterator[Sample]:
    """The first part of each question, if it reaches the model; right is a clause that holds a gold span."""
    for question in questions:
        for part, evidence in reaching(pipeline, question, 1):
            clause = evidence[0].clause
            held = any(fold(gold) in fold(clause.text) for gold in question.golds)
            right = held and clause.document.id == question.document
            yield Sample.of(question.id, part, evidence, pipeline, right)
