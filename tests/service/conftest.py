"""A tiny document and an answer from it, for the tests of the pages."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.documents.structure import parse
from bot.types import Answer, Citation, Document, Outline, Query, Sentence, Span

TEXT = """某市扶持示范产业办法
一、总体要求
坚持稳中求进。
二、重点任务
（一）育企行动
1.培育好企业。每年培育10家。（责任单位：甲局）放宽A<B的限制。（责任单位：乙局、丙局）
2.办好大赛。每年一届。
（二）开放行动
扩大合作。
"""


@pytest.fixture
def outline() -> Outline:
    return parse(Document("demo", "某市扶持示范产业办法", TEXT, issuer="某市<政府>"))


@pytest.fixture
def cite(outline: Outline) -> Any:
    """cite(1, "每年培育10家。") is a citation of these words."""

    def citation(number: int, quote: str) -> Citation:
        span = Span(TEXT.index(quote), TEXT.index(quote) + len(quote))
        clause = next(clause for clause in outline.clauses if clause.span.start <= span.start < clause.span.end)
        segment = next(segment for segment in clause.segments if segment.span.start <= span.start < segment.span.end)
        return Citation(number, clause, quote, span, segment)

    return citation


@pytest.fixture
def answer(cite: Any) -> Answer:
    quote, units = cite(1, "放宽A<B的限制。"), cite(2, "（责任单位：乙局、丙局）")
    return Answer(
        Query("放宽什么，归谁管", "放宽什么，归谁管", ()),
        "answered",
        (Sentence(quote.quote, (1,)), Sentence("责任单位：乙局、丙局", (2,), "units")),
        (quote, units),
    )


class Pipeline:
    """Gives the same answer to every question and remembers what it was asked; an exception is raised instead."""

    mode = "quoted"

    def __init__(self, outline: Outline, answer: Answer | Exception) -> None:
        self.store = SimpleNamespace(outlines=(outline,), glossaries=())
        self.answer = answer
        self.asked: list[Any] = []

    def stream(self, given: Any) -> Iterator[Answer]:
        self.asked.append(given)
        if isinstance(self.answer, Exception):
            raise self.answer
        yield self.answer


@pytest.fixture
def pipeline(outline: Outline, answer: Answer) -> Pipeline:
    return Pipeline(outline, answer)
