"""Span questions before the refusal model: right is a clause of the right paper that holds a gold."""

from __future__ import annotations

from bot.answering.pipeline import Pipeline
from eval.spans.questions import SpanQuestion
from eval.spans.samples import samples


def test_right_is_the_right_clause_of_the_right_paper(plan: Pipeline) -> None:
    (document,) = {outline.document.id for outline in plan.store.outlines}
    asked = [
        SpanQuestion(id_, "技术经纪人每年培养多少名？", paper, (gold,))
        for id_, paper, gold in (("a", document, "30 名"), ("b", document, "300名"), ("c", "trees", "30名"))
    ]
    right = {sample.id: sample.answerable for sample in samples(plan, asked)}
    assert right == {"a": True, "b": False, "c": False}
