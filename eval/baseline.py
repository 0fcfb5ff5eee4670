"""
The tutorial recipe, for comparison: fixed 500-character chunks, BM25 over jieba words, show the best chunk.

    "海上综合试验场归谁管？"  ->  500 characters around 三、(一)3., citing each clause they touch

The recipe knows no clauses; the clause that holds most of the question's words is cited first, which is kind to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import jieba

from bot.documents.corpus import read_corpus
from bot.types import Clause, Outline, Span
from eval.questions import Question
from eval.rows import Cited, Row

CHUNK = 500  # characters


@dataclass(frozen=True, slots=True)
class _Window:
    outline: Outline
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.outline.document.text)


class Baseline:
    """Callable: a question in, an OUT row out. It never asks what came before and hardly ever refuses."""

    def __init__(self, outlines: Sequence[Outline], size: int = CHUNK) -> None:
        jieba.setLogLevel("ERROR")
        self._windows = [
            _Window(outline, Span(start, min(start + size, len(outline.document.text))))
            for outline in outlines
            for start in range(0, len(outline.document.text), size)
        ]
        self._index = bm25s.BM25()
        self._index.index([words(window.text) for window in self._windows], show_progress=False)

    @classmethod
    def from_corpus(cls, paths: Sequence[Path]) -> Baseline:
        return cls([outline for outline in read_corpus(paths).outlines if not outline.document.is_glossary])

    def __call__(self, question: Question) -> Row:
        asked = words(question.question)
        scores = self._index.get_scores(asked)
        best = int(scores.argmax())
        found = bool(scores[best] > 0)
        citations = _cite(self._windows[best], asked) if found else []
        markers = "".join(f"[{citation['number']}]" for citation in citations)
        return {
            "id": question.id,
            "question": question.question,
            "status": "answered" if found else "unanswerable_not_in_corpus",
            "answer": self._windows[best].text + markers if found else "没有找到。",
            "citations": citations,
            "timings_ms": {},
        }


def _cite(window: _Window, asked: Sequence[str]) -> list[Cited]:
    parts = [(clause, part) for clause in window.outline.clauses if (part := _overlap(clause, window.span))]
    text = window.outline.document.text
    parts.sort(key=lambda pair: -sum(word in pair[1].of(text) for word in set(asked)))
    return [
        {
            "number": number,
            "document": window.outline.document.id,
            "title": window.outline.document.title,
            "ref": clause.ref,
            "text": clause.text,
            "quote": part.of(text),
            "start": part.start,
            "end": part.end,
            "units": [],
        }
        for number, (clause, part) in enumerate(parts, start=1)
    ]


def _overlap(clause: Clause, span: Span) -> Span | None:
    start, end = max(clause.span.start, span.start), min(clause.span.end, span.end)
    return Span(start, end) if start < end else None


def words(text: str) -> list[str]:
    """What BM25 counts: jieba's words, punctuation left out."""
    return [word for word in jieba.lcut(text) if word.isalnum()]
